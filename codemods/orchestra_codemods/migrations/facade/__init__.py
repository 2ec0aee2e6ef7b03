"""Callers that go through the facade, where it is proven that they get what they got before."""

from orchestra_codemods.migrations.facade.redirect import Redirected, redirected
from orchestra_codemods.migrations.facade.unused import needless_imports

__all__ = ["Redirected", "needless_imports", "redirected"]

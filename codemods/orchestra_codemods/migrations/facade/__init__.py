"""Callers that go through the facade, where it is proven that they get what they got before."""

from orchestra_codemods.migrations.facade.redirect import Calls, Redirected, redirected
from orchestra_codemods.migrations.facade.unused import needless_imports

__all__ = ["Calls", "Redirected", "needless_imports", "redirected"]

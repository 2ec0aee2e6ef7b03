"""Callers that go through the facade, where it is proven that they get what they got before."""

from orchestra_codemods.migrations.facade.redirect import Calls, Redirected, redirected

__all__ = ["Calls", "Redirected", "redirected"]

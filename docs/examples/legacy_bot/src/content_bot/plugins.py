"""Commands that are named in the configuration."""

import importlib

from content_bot.config import load_settings

BUILT_IN = {
    "fallback": "content_bot.analysis.fallback_analysis_orchestrator:FallbackAnalysisOrchestrator",
    "trust": "content_bot.scoring.trust:TrustScoringOrchestrator",
}


def load_object(spec):
    """``package.module:name`` or ``package.module.name``."""
    module, colon, name = spec.partition(":")
    if not colon:
        module, _, name = spec.rpartition(".")
    return getattr(importlib.import_module(module), name)


def load_claims_module():
    return importlib.import_module("content_bot.analysis.claims")


def configured_commands(settings=None):
    settings = settings or load_settings()
    return {name: load_object(spec) for name, spec in settings.commands.items()}


def built_in(name):
    return load_object(BUILT_IN[name])()

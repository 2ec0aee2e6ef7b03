"""Alone."""

import json

from shop.words import clean

__all__ = ["AloneOrchestrator"]


class AloneOrchestrator:
    def run(self, text):
        return json.dumps(clean(text))

"""The file that stays at the old path and hands everything on."""

from __future__ import annotations

from collections.abc import Iterable

from orchestra_codemods.names import Importers, ModuleFacts
from orchestra_codemods.names.facts import BindingKind

_OWN = {"__all__", "__getattr__", "__dir__"}


def shim_text(old: str, new: str, facts: ModuleFacts, importers: Importers, remove_on: str) -> str:
    """Return the text of the old module, with ``\\n`` endings."""
    names = sorted(names_to_keep(facts, importers))
    listed = "".join(f"        {name} as {name},\n" for name in names)
    typed = f"if TYPE_CHECKING:\n    from {new} import (\n{listed}    )\n\n" if names else ""
    exports = facts.exports if facts.has_all else sorted(name for name in names if not name.startswith("_"))
    return (
        f'"""Moved to `{new}`.\n\nThis name hands everything on to it until {remove_on}.\n"""\n\n'
        "from __future__ import annotations\n"
        "\n"
        + ("from typing import TYPE_CHECKING\n\n" if names else "")
        + "from orchestra.moved import forward\n\n"
        + typed
        + _all(exports)
        + f'forward(\n    __name__,\n    "{new}",\n    was="{old}",\n    remove_on="{remove_on}",\n)\n'
    )


def names_to_keep(facts: ModuleFacts, importers: Importers) -> set[str]:
    """Return the names that the old module must go on to offer.

    These are those that it defines, those that it lists, and what others take from it, which may be a name
    that it imports itself.
    """
    taken = {site.name for site in importers.sites if site.name and site.name != "*"}
    return {*_defined(facts), *(facts.exports or ()), *taken} - _OWN


def _all(exports: Iterable[str] | None) -> str:
    listed = "".join(f'    "{name}",\n' for name in exports or ())
    return f"__all__ = [\n{listed}]\n\n" if listed else ""


def _defined(facts: ModuleFacts) -> Iterable[str]:
    return (
        binding.name
        for binding in facts.bindings
        if binding.scope == 0 and binding.kind is not BindingKind.IMPORT
    )

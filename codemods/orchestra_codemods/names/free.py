"""Which names a text takes from around it, by the scopes that Python itself makes of it."""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_GIVEN = frozenset(dir(builtins)) | {
    "__file__",
    "__name__",
    "__doc__",
    "__spec__",
    "__path__",
    "__package__",
    "__loader__",
    "__builtins__",
    "__annotations__",
    "__module__",
    "__qualname__",
    "__class__",
    "__dict__",
    "__debug__",
    "__cached__",
    "__conditional_annotations__",
    "__classdict__",
}


@dataclass(frozen=True, slots=True)
class Globals:
    """The global names of a text: read somewhere in it, bound in it, and bound in functions by `global`."""

    used: frozenset[str]
    bound: frozenset[str]
    rebound: frozenset[str]

    @property
    def wanted(self) -> frozenset[str]:
        """The names that the text does not define; what is around it may give some of Python's a meaning."""
        return self.used - self.bound

    @property
    def missing(self) -> frozenset[str]:
        """The names that neither the text nor Python itself defines."""
        return self.wanted - _GIVEN


def globals_of(text: str, path: str) -> Globals | None:
    """Return the global names of a text; None where it does not compile that far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            top = symtable.symtable(text, path, "exec")
        except (SyntaxError, ValueError, RecursionError):
            return None
    used: set[str] = set()
    bound: set[str] = set()
    rebound: set[str] = set()
    for table in _tables(top):
        for symbol in table.get_symbols():
            is_top = table is top
            name = symbol.get_name()
            is_set = symbol.is_assigned() or symbol.is_imported()
            if is_set and (is_top or symbol.is_declared_global()):
                bound.add(name)
            if is_set and not is_top and symbol.is_declared_global():
                rebound.add(name)
            if symbol.is_referenced() and (symbol.is_global() or (is_top and not symbol.is_assigned())):
                used.add(name)
    return Globals(frozenset(used), frozenset(bound), frozenset(rebound))


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)

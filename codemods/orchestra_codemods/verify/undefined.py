"""No file uses a name that nothing defines, unless it did before."""

from __future__ import annotations

import builtins
import symtable
import warnings
from collections.abc import Iterator

from orchestra_codemods.source import Source
from orchestra_codemods.verify.problem import Problem, Trial

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


def new_undefined_names(trial: Trial) -> Iterator[Problem]:
    """Yield the changes that would leave a use of a name without a definition in its file."""
    known: set[str] = set()
    for change in trial.python:
        if change.before is not None:
            known |= undefined_names(change.before)
    for change in trial.python:
        if change.after is not None:
            fresh = sorted(undefined_names(change.after) - known)
            if fresh:
                yield Problem(change, f"nothing would define {', '.join(fresh)}")


def undefined_names(source: Source) -> set[str]:
    """Return the names that a file uses and does not define; none where a star import may bring them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            top = symtable.symtable(source.text, source.path, "exec")
        except (SyntaxError, ValueError, RecursionError):
            return set()
    tables = list(_tables(top))
    if "import *" in source.text:
        return set()
    bound = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if (table is top or symbol.is_declared_global()) and (symbol.is_assigned() or symbol.is_imported())
    }
    used = {
        symbol.get_name()
        for table in tables
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or (table is top and not symbol.is_assigned()))
    }
    return used - bound - _GIVEN


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)

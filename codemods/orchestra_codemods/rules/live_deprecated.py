"""A module says that it is deprecated, is still imported, and has no record, or one whose date has passed.

Without a record nobody owns the removal and no date makes it happen; past its date the module is overdue and
people still depend on it. `orchestra deprecate mark` writes the record, `orchestra deprecate users` lists who
imports it.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.rules.unresolved_import import IMPORTS
from orchestra_codemods.syntax.deprecations import MARKED, deprecations
from orchestra_codemods.syntax.fact import Facts, Placed
from orchestra_codemods.syntax.places import absolute, module_of
from orchestra_codemods.unit import Case

CODE = "ORC401"
FACTS = (MARKED, IMPORTS)


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare marked modules with the records and with all imports."""
    marked = facts.of(MARKED)
    if not marked:
        return
    records = {record.path: record for record in deprecations(facts)}
    imported: dict[str, str] = {}
    for path, fact in facts.of(IMPORTS):
        dots = len(fact.name) - len(fact.name.lstrip("."))
        imported.setdefault(absolute(facts.config, path, dots, fact.name[dots:]), path)
    for path, fact in marked:
        user = imported.get(module_of(facts.config, path))
        record = records.get(path)
        if (
            user is None
            or user == path
            or (record is not None and (not record.remove_on or record.remove_on >= facts.today))
        ):
            continue
        why = f"its date, {record.remove_on}, has passed" if record else "it has no record"
        yield Placed(path, fact, f"this deprecated module is imported (by {user}, for one), and {why}")


_SHIM = '# file: src/old.py\nfrom orchestra.moved import forward\n\nforward(__name__, "new")\n# file: src/new.py\nA = 1\n'
_USER = "# file: src/main.py\nfrom old import A\n"
_RECORD = '# file: deprecations.toml\n[[module]]\nname = "old"\npath = "src/old.py"\nreplacement = "new"\nowner = "core"\nremove_on = %s\n'
CASES = (
    Case("no record", _SHIM + _USER),
    Case(
        "a shim as it is written",
        '# file: src/old.py\nfrom orchestra.moved import forward\n\nforward(\n    __name__,\n    "new",\n)\n'
        + _USER,
    ),
    Case(
        "alive, with a notice",
        "# file: src/old.py\nfrom orchestra.moved import leaving as _leaving\n\n_leaving(\n    __name__,\n)\nA = 1\n"
        + _USER,
    ),
    Case("past its date", _SHIM + _USER + _RECORD % "2026-01-31"),
    Case("marked in its docstring", '# file: src/old.py\n"""DEPRECATED: use new."""\nA = 1\n' + _USER),
)
CLEAN = (
    Case("recorded, before its date", _SHIM + _USER + _RECORD % "2027-01-31"),
    Case("nobody imports it", _SHIM),
    Case(
        "not deprecated, only about deprecation",
        '# file: src/old.py\n"""Finds what is DEPRECATED."""\nA = 1\n' + _USER,
    ),
)

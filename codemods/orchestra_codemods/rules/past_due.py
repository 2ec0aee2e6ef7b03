"""The date of a deprecation record has passed.

The module should be gone. `orchestra deprecate remove` removes it when nobody uses it any more, `orchestra
deprecate users` says who does, `orchestra deprecate extend` gives it another date, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.syntax.deprecations import PATH, deprecations, span_of
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC403"


def judge(facts: Facts) -> Iterator[Placed]:
    """Compare the dates with today; the day itself is not yet past."""
    for record in deprecations(facts):
        if (
            record.remove_on
            and record.remove_on < facts.today
            and (not record.path or record.path in facts.paths)
        ):
            fact = Fact(record.name or record.path, span_of(record))
            owner = f" ({record.owner})" if record.owner else ""
            yield Placed(PATH, fact, f"`{record.name}` was due on {record.remove_on}{owner}")


_RECORD = '# file: src/old.py\nA = 1\n# file: deprecations.toml\n[[module]]\nname = "old"\npath = "src/old.py"\nreplacement = "new"\nowner = "core"\nremove_on = %s\n'
CASES = (Case("last year", _RECORD % "2025-12-31"),)
CLEAN = (
    Case("today", _RECORD % "2026-11-22"),
    Case("next year", _RECORD % "2027-01-31"),
    Case("removed already", (_RECORD % "2025-12-31").replace("# file: src/old.py\nA = 1\n", "")),
)

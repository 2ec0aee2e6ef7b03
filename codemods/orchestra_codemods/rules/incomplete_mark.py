"""A deprecation record has no owner, no date, or no replacement.

Without an owner nobody is asked, without a date nothing happens, without a replacement people cannot move.
`orchestra deprecate mark` fills all three.
"""

from __future__ import annotations

from collections.abc import Iterator

from orchestra_codemods.syntax.deprecations import PATH, deprecations, span_of
from orchestra_codemods.syntax.fact import Fact, Facts, Placed
from orchestra_codemods.unit import Case

CODE = "ORC402"


def judge(facts: Facts) -> Iterator[Placed]:
    """Look at every record."""
    for record in deprecations(facts):
        missing = [
            what
            for what, value in (
                ("owner", record.owner),
                ("replacement", record.replacement),
                ("remove_on", record.remove_on),
            )
            if not value
        ]
        if missing:
            fact = Fact(record.name or record.path, span_of(record))
            yield Placed(
                PATH, fact, f"the record of `{record.name or record.path}` has no {' and no '.join(missing)}"
            )


_RECORD = '# file: deprecations.toml\n[[module]]\nname = "old"\npath = "src/old.py"\n%s'
CASES = (
    Case("neither owner nor date", _RECORD % 'replacement = "new"\n'),
    Case("no replacement", _RECORD % 'owner = "core"\nremove_on = 2027-01-31\n'),
)
CLEAN = (
    Case("complete", _RECORD % 'replacement = "new"\nowner = "core"\nremove_on = 2027-01-31\n'),
    Case("no records", "# file: src/main.py\nA = 1\n"),
)

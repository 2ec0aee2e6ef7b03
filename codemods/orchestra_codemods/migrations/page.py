"""The page about one migrated orchestrator, in the project's own documentation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.project import Project

_PAGE = """\
# {class_name}

`{module}`, line {line}, is now the orchestrator `{name}`{where}.

{why}

## Before and after

```python
{before}
```

```python
class {class_name}(BaseOrchestrator):
    def __init__(self, …):
        super().__init__(
            layer=OrchestrationLayer.{layer},
            name="{name}",
            orchestration_type=OrchestrationType.{type},
        )
```

Every public method keeps its name, signature and body, and is marked `@operation`:

{operations}

## Callers

{callers}

## Proof

Everything that was written compiles, its imports resolve, no module lost a public name, and a second run
changes nothing. In callers the syntax tree is what it was, with the old module's name replaced.

## How to take it back

`orchestra undo` restores every file of the run byte for byte.
"""


def page_path(name: str) -> str:
    """Return the path of the page of an orchestrator."""
    return f"docs/migrations/{name}.md"


def page_text(
    project: Project, place: Placement, target: LegacyOrchestrator, callers: Sequence[str], remove_on: date
) -> str:
    """Return the page: what it was, where it is and why, who uses it, how to take it back."""
    header = project.sources[place.path].text.splitlines()[target.line - 1].strip()
    return _PAGE.format(
        class_name=target.class_name,
        module=place.module,
        line=target.line,
        name=target.name,
        where=f" in `{place.new_module}`" if place.is_move else ", where it was",
        why=_why(place, target),
        before=header,
        layer=str(target.layer).upper(),
        type=str(target.type).upper(),
        operations="\n".join(
            f"- `{'async ' if one.is_async else ''}{one.name}`"
            for one in target.operations
            if one.kind == "method"
        ),
        callers=_callers(place, callers, remove_on),
    )


def _why(place: Placement, target: LegacyOrchestrator) -> str:
    lines = [f"Layer {target.layer}, type {target.type}.", *(f"- {reason}" for reason in target.reasons)]
    if place.why_here:
        lines += ["", f"The module stays where it is: {place.why_here}."]
    return "\n".join(lines)


def _callers(place: Placement, callers: Sequence[str], remove_on: date) -> str:
    if not place.is_move:
        return "Nobody has to change: the module is where it was."
    listed = "\n".join(f"- `{path}`" for path in callers) or "Nobody imports it."
    until = f"The old module hands everything on until {remove_on.isoformat()}"
    return f"{listed}\n\n{until}, and tells each line that still uses it."

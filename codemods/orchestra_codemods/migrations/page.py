"""The page about one migrated orchestrator, in the project's own documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Users:
    """The files of which the imports change, and how many calls in each go through the facade."""

    imports: tuple[str, ...]
    calls: Mapping[str, int]


_PAGE = """\
# {class_name}

`{module}`, line {line}, is now the orchestrator `{name}`{where}.

{why}

## Before and after

```python
{before}
```

```python
class {after}(BaseOrchestrator):
    def __init__(self, {parameters}):
        super().__init__(
            layer=OrchestrationLayer.{layer},
            name="{name}",
            orchestration_type=OrchestrationType.{type},
        )
```

{kept}:

{operations}

## Callers

{callers}

## Proof

Everything that was written compiles, its imports resolve, no module lost a public name, and a second run
changes nothing. In callers the syntax tree is what it was, with {replaced} replaced.

## How to take it back

`orchestra undo` restores every file of the run byte for byte.
"""


_MARKED = "Every public method keeps its name, signature and body, and is marked `@operation`"
_ADAPTED = "The class is as it was; each of its public methods is an operation of the adapter"


def page_path(name: str) -> str:
    """Return the path of the page of an orchestrator."""
    return f"docs/migrations/{name}.md"


def page_text(
    project: Project, place: Placement, target: LegacyOrchestrator, users: Users, remove_on: date
) -> str:
    """Return the page: what it was, where it is and why, who uses it, how to take it back."""
    header = project.sources[place.path].text.splitlines()[target.line - 1].strip()
    return _PAGE.format(
        class_name=target.class_name,
        module=place.module,
        line=target.line,
        name=target.name,
        where=_where(place),
        after=f"{target.class_name}Adapter" if place.is_adapter else target.class_name,
        parameters=f"adapted: {target.class_name}" if place.is_adapter else "…",
        kept=_ADAPTED if place.is_adapter else _MARKED,
        why=_why(place, target),
        before=header,
        layer=str(target.layer).upper(),
        type=str(target.type).upper(),
        operations="\n".join(
            f"- `{'async ' if one.is_async else ''}{one.name}`"
            for one in target.operations
            if one.kind == "method"
        ),
        callers="\n\n".join(_callers(place, users, remove_on)),
        replaced="the old module's name and these calls" if users.calls else "the old module's name",
    )


def _where(place: Placement) -> str:
    if place.is_adapter:
        return f", through the adapter in `{place.new_module}`"
    if place.taken_from is not None:
        return f", taken out of `{place.taken_from[1]}`"
    return f" in `{place.new_module}`" if place.is_move else ", where it was"


def _why(place: Placement, target: LegacyOrchestrator) -> str:
    lines = [f"Layer {target.layer}, type {target.type}.", *(f"- {reason}" for reason in target.reasons)]
    if place.why_here:
        lines += ["", f"The module stays where it is: {place.why_here}."]
    return "\n".join(lines)


def _callers(place: Placement, users: Users, remove_on: date) -> Iterator[str]:
    if place.is_adapter:
        yield "Nobody has to change: the class is what it was."
    elif place.is_move:
        yield "\n".join(f"- `{path}`" for path in users.imports) or "Nobody imports it."
        until = f"The old module hands everything on until {remove_on.isoformat()}"
        yield f"{until}, and tells each line that still uses it."
    elif place.taken_from is not None:
        yield f"Nobody has to change: `{place.taken_from[1]}` goes on offering it."
    elif not users.calls:
        yield "Nobody has to change: the module is where it was."
    if users.calls:
        yield "These await it through the facade:"
        yield "\n".join(f"- `{path}`: {count}" for path, count in sorted(users.calls.items()))

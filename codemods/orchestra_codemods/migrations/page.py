"""The page about one migrated orchestrator, in the project's own documentation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from orchestra_codemods.change import Change, Plan, Proof, Refusal
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.eager import Dependencies, Eager
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.project import Project


@dataclass(frozen=True, slots=True)
class Users:
    """The files of which the imports change, and how many calls in each go through the facade.

    ``left`` are places that stay as they are because nobody can prove that they may change, ``kept`` files
    that somebody decided to leave.
    """

    imports: tuple[str, ...]
    calls: Mapping[str, int]
    left: Sequence[Refusal] = ()
    kept: Sequence[str] = ()


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

{built}{left}## Proof

{proof}

## How to take it back

`orchestra history` names the run that wrote this page, and `orchestra undo RUN` restores every file of that
run byte for byte. A commit that `--commit` made is taken back by `git revert` as well.
"""


_MARKED = "Every public method keeps its name, signature and body, and is marked `@operation`"
_ADAPTED = "The class is as it was; each of its public methods is an operation of the adapter"


def page_path(name: str) -> str:
    """Return the path of the page of an orchestrator."""
    return f"docs/migrations/{name}.md"


def page_text(
    project: Project,
    place: Placement,
    target: LegacyOrchestrator,
    users: Users,
    remove_on: date,
    *,
    built: Sequence[str] = (),
) -> str:
    """Return the page: what it was, where it is and why, who uses it, how to take it back.

    ``built`` are the lines about what is built with it.
    """
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
        built="".join(f"{line}\n" for line in built),
        left="".join(f"{line}\n" for line in _left(users)),
        proof="It is not known yet.",
    )


def built_lines(needs: Iterable[Eager], dependencies: Dependencies) -> Iterator[str]:
    """Yield what a page says of the things that are imported and built with an orchestrator."""
    found = list(needs)
    if not found:
        return
    yield "## What is built with it\n"
    for one in found:
        if one.why:
            yield f"- `{one.name}`, line {one.line}, as before: {one.why}."
        elif dependencies == "lazy":
            yield f"- `{one.name}`, line {one.line}: now on first use, by `lazy(…)` as `{one.attribute}`."
        else:
            yield f"- `{one.name}`, line {one.line}, as before: `--lazy` would build it on first use."
    if any(one.why for one in found):
        yield ""
        yield 'What may come later can be declared by hand: `x = lazy("package.module:callable")`.'
    yield ""


def with_proof(plan: Plan, evidence: Iterable[str] = ()) -> Plan:
    """Return a plan whose pages say how much is proven about what they describe, and by what."""
    said = list(evidence)
    return replace(
        plan,
        changes=tuple(_proven(plan, change, said) if _is_page(change) else change for change in plan.changes),
    )


_LEVELS = {
    Proof.TESTED: "the project's own tests load it, and none is worse than before",
    Proof.IMPORTS: "it can be imported, alone in a process of its own",
    Proof.SAME_TREE: "its syntax tree is what it was but for the names and calls that are declared",
    Proof.COMPILES: "it compiles without a new warning, its imports resolve, no public name is lost",
    Proof.NONE: "no Python: settings can be read as before",
}
_SECTION = re.compile(r"(?<=\n## Proof\n\n).*?(?=\n\n## )", re.DOTALL)


def _is_page(change: Change) -> bool:
    return change.before is None and change.path.startswith("docs/migrations/")


def _proven(plan: Plan, page: Change, evidence: Iterable[str]) -> Change:
    mine = [one for one in plan.changes if set(one.units) & set(page.units) and not _is_page(one)]
    counts = Counter(one.proof for one in mine)
    rows = [f"| {counts[level]} | {_LEVELS[level]} |" for level in sorted(counts, reverse=True)]
    lines = ["| files | what is proven |", "|---|---|", *rows, "", "A second run changes nothing."]
    said = [f"- {line.strip()}" for line in evidence]
    text = "\n".join([*lines, *(["", *said] if said else [])])
    assert page.after is not None
    return replace(page, after=page.after.with_text(_SECTION.sub(lambda _: text, page.after.text)))


def _left(users: Users, most: int = 20) -> Iterator[str]:
    if not users.left and not users.kept:
        return
    yield "## What stays as it is\n"
    yield from (f"- `{path}`: it was decided so." for path in users.kept)
    for one in users.left[:most]:
        yield f"- `{one.path}`, line {one.span.line}: {one.why}."
    if len(users.left) > most:
        yield f"- {len(users.left) - most} more, which `orchestra migrate` listed."
    yield ""


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

"""Checks a project."""

from __future__ import annotations

from typing import Annotated, Literal

from orchestra_cli.options import AllowDirty, Diff, NoCache
from orchestra_cli.parameters import Argument, Option
from orchestra_cli.session import Session

LintFormat = Annotated[
    Literal["text", "concise", "json", "sarif", "github", "gitlab", "junit"],
    Option("--output-format", help="How the result is printed."),
]


def command(
    session: Session,
    paths: Annotated[
        list[str] | None,
        Argument(metavar="PATH", help="Files or folders; `-` reads a file from stdin. [default: all]"),
    ] = None,
    *,
    stdin_filename: Annotated[
        str | None, Option(metavar="FILE", help="With `-`: the file whose text comes from stdin.")
    ] = None,
    fix: Annotated[bool, Option("--fix", help="Mend what can be mended safely.")] = False,
    unsafe_fixes: Annotated[
        bool, Option("--unsafe-fixes", help="Mend also what a person should look at.")
    ] = False,
    select: Annotated[
        list[str] | None,
        Option(
            metavar="RULE", help="Only these rules, with commas between: ORC102, ORC1, dangling-task, ALL."
        ),
    ] = None,
    ignore: Annotated[list[str] | None, Option(metavar="RULE", help="Not these rules.")] = None,
    preview: Annotated[bool, Option("--preview", help="Also rules that are not precise enough yet.")] = False,
    baseline: Annotated[
        str | None,
        Option(metavar="FILE", help="Known findings. [default: lint-baseline.txt where it exists]"),
    ] = None,
    write_baseline: Annotated[
        bool, Option("--write-baseline", help="Take all that is found for known.")
    ] = False,
    base: Annotated[
        str | None, Option(metavar="REV", help="Report only what was added since this revision.")
    ] = None,
    jobs: Annotated[
        int, Option("--jobs", "-j", metavar="N", least=0, help="Processes; 0 for as many as pay.")
    ] = 0,
    ruff: Annotated[bool, Option(help="Merge in what ruff says of blocking calls.")] = True,
    syntax: Annotated[
        bool, Option("--syntax", help="Parse every file, also what no rule is concerned with.")
    ] = False,
    diff: Diff = False,
    allow_dirty: AllowDirty = False,
    no_cache: NoCache = False,
    output_format: LintFormat = "text",
) -> int:
    """Check a project by the lint rules.

    Tasks and their lifecycle, registration and shape of orchestrators, layers and imports, logging and
    parameters, deprecation. `orchestra explain RULE` says more of each. A comment `# orchestra:
    ignore[rule] reason` silences a line. Exit 1 when something was found.

        orchestra lint
        orchestra lint --fix
        orchestra lint --write-baseline
        orchestra lint --base main --output-format github
    """
    from orchestra_cli.checking.options import Options
    from orchestra_cli.checking.steps import run

    options = Options(
        paths=tuple(paths or ()),
        stdin_filename=stdin_filename,
        fix=fix or unsafe_fixes,
        unsafe_fixes=unsafe_fixes,
        select=_names(select),
        ignore=_names(ignore),
        preview=preview,
        baseline=baseline,
        write_baseline=write_baseline,
        base=base,
        jobs=jobs,
        ruff=ruff,
        syntax=syntax,
        diff=diff,
        allow_dirty=allow_dirty,
        no_cache=no_cache,
        output_format=output_format,
    )
    return run(session, options)


def _names(given: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for one in given or () for name in one.split(",") if name.strip())

"""The steps of `orchestra lint`: check, mend, write the baseline, report."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from orchestra_cli.checking.options import Options
from orchestra_cli.checking.request import Request, check, left_out, limited, named, with_text
from orchestra_cli.errors import InvalidValueError
from orchestra_cli.reports.findings import Findings
from orchestra_cli.session import Session
from orchestra_codemods.change import Change, Plan
from orchestra_codemods.lint.baseline import DEFAULT, written
from orchestra_codemods.lint.diagnostic import Diagnostic
from orchestra_codemods.lint.parsing import ALL, UNREAD
from orchestra_codemods.lint.selection import selected
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan
from orchestra_codemods.source import Source, SourceError, digest_of


def run(session: Session, options: Options) -> int:
    """Carry out one run, and return its exit code."""
    root, config = session.configured()
    rules = selected(
        options.select or config.lint_select, (*config.lint_ignore, *options.ignore), preview=options.preview
    )
    project, only = _project(root, scan(root, config), options)
    request = Request(
        rules=rules,
        paths=only,
        baseline=None if options.write_baseline else options.baseline,
        base=options.base,
        jobs=options.jobs,
        use_cache=not options.no_cache,
        use_ruff=options.ruff and not options.is_stdin,
        asked=only or frozenset() if options.is_stdin else named(root, project, options.paths),
        unread=ALL if options.syntax else UNREAD,
    )
    if options.fix:
        code = _mend(session, project, request, options)
        if code is not None:
            return code
        project = scan(root, config)
    if options.write_baseline:
        return _write_baseline(session, project, replace(request, jobs=options.jobs), options)
    for path in () if options.is_stdin else left_out(root, project, options.paths):
        session.narrate(f"{path} is left out: git ignores it, the settings exclude it, or it is no source")
    with session.progress("Checking"):
        checked = check(project, request)
    for note in checked.notes:
        session.narrate(note)
    report = Findings(checked, project)
    session.show(report, options.output_format)
    if options.is_plain:
        _tighten(session, project, options, checked.known)
    code = 1 if checked.new or checked.skipped else 0
    if not options.is_stdin and not checked.skipped and checked.is_lasting:
        session.remember(project, code)
    return code


def _project(root: Path, project: Project, options: Options) -> tuple[Project, frozenset[str] | None]:
    if not options.is_stdin:
        return project, limited(root, project, options.paths)
    if options.fix:
        raise InvalidValueError(
            "--fix cannot mend what comes from stdin", hint="Name the file instead of `-`."
        )
    name = options.stdin_filename or "stdin.py"
    full = (Path.cwd() / name).resolve()
    path = full.relative_to(root).as_posix() if full.is_relative_to(root) else full.name
    return with_text(project, path, sys.stdin.buffer.read()), frozenset({path})


def _mend(session: Session, project: Project, request: Request, options: Options) -> int | None:
    """Apply fixes, through the same way as everything else; None where the run goes on to report."""
    from orchestra_cli.reports.changes import ChangeReport
    from orchestra_cli.writing import Writing, carry_out, conclude

    proven = _proven(project, request, options)
    writing = Writing(diff=options.diff, allow_dirty=options.allow_dirty)
    outcome = carry_out(session, project.root, proven, writing, command="orchestra lint --fix")
    code = conclude(outcome, writing)
    if options.diff or code > 1:
        session.show(ChangeReport(command="lint", outcome=outcome, shows_diff=options.diff), "text")
        return code
    for refusal in proven.refusals:
        session.narrate(f"not mended: {refusal.path}:{refusal.span.line} {refusal.unit}: {refusal.why}")
    if proven.changes:
        files = len(proven.changes)
        session.narrate(f"mended {files} file{'' if files == 1 else 's'}; `orchestra undo` takes it back")
    return None


def _proven(project: Project, request: Request, options: Options) -> Plan:
    """Return what the fixes would change, proven; a plan without an end is not one of few passes here."""
    from orchestra_codemods.lint.fixing import fixers
    from orchestra_codemods.lint.leftovers import Leftovers
    from orchestra_codemods.lint.run import lint
    from orchestra_codemods.plan import PASSES, plan
    from orchestra_codemods.unit import Unit
    from orchestra_codemods.verify import verify

    found = [one.code for one in lint(project, request.rules, request.paths).open if one.fix is not None]
    units: list[Unit] = [*fixers(request.rules, found, request.paths, unsafe=options.unsafe_fixes)]
    units.append(Leftovers(project, careful=not options.unsafe_fixes))
    passes = PASSES + len(found)  # each pass mends one at least, however many stand in each other's way

    def replan(now: Project, without: frozenset[str]) -> Plan:
        left = [unit for unit in units if unit.slug not in without]
        return replace(plan(now, left, passes=passes), findings=())

    return verify(project, replan(project, frozenset()), replan)


def _write_baseline(session: Session, project: Project, request: Request, options: Options) -> int:
    checked = check(project, request)
    everything = (*checked.new, *checked.known)
    path = options.baseline or DEFAULT
    changed = _baseline_change(project, path, everything)
    _apply(session, project, [*changed, *_union(project, path)], "orchestra lint --write-baseline")
    count = len(everything)
    session.narrate(f"{path} knows {count} finding{'' if count == 1 else 's'}")
    return 0


def _tighten(session: Session, project: Project, options: Options, known: tuple[Diagnostic, ...]) -> None:
    """Take out of the baseline what is no longer found; a folder that cannot be written is left as it is."""
    from orchestra.errors import OrchestraError

    path = options.baseline or DEFAULT
    if not (project.root / path).is_file():
        return
    changes = _baseline_change(project, path, known)
    if not changes:
        return
    try:
        _apply(session, project, changes, "orchestra lint")
    except (OrchestraError, OSError) as error:
        session.detail(f"{path} could be smaller, but cannot be written: {error}")
        return
    session.detail(f"{path} was written anew: it knows {len(known)}")


def _baseline_change(project: Project, path: str, known: tuple[Diagnostic, ...]) -> list[Change]:
    text = written(known)
    if not (project.root / path).is_file():
        return [Change(None, Source.new(path, text), "the findings that are known")]
    before = _as_it_is(path, (project.root / path).read_bytes())
    after = Source.new(path, text, newline=before.newline)
    return [] if after.digest == before.digest else [Change(before, after, "the findings that are known")]


def _as_it_is(path: str, data: bytes) -> Source:
    """Return a file that may be damaged: any bytes are some text in Latin-1, and come back from it."""
    try:
        return Source.from_bytes(path, data)
    except SourceError:
        return Source(path, data.decode("latin-1"), digest_of(data), "latin-1")


def _union(project: Project, path: str) -> list[Change]:
    """Tell git to merge baselines as a union, where this is a git repository."""
    if not (project.root / ".git").exists():
        return []
    line, attributes = f"{path} merge=union", ".gitattributes"
    file = project.root / attributes
    if not file.is_file():
        return [Change(None, Source.new(attributes, f"{line}\n"), "baselines merge as a union")]
    before = Source.from_bytes(attributes, file.read_bytes())
    if line in before.text.splitlines():
        return []
    lead = "" if not before.text or before.text.endswith("\n") else "\n"
    return [Change(before, before.with_text(f"{before.text}{lead}{line}\n"), "baselines merge as a union")]


def _apply(session: Session, project: Project, changes: list[Change], command: str) -> None:
    from orchestra_cli.writing import Writing, carry_out, conclude

    writing = Writing(allow_dirty=True)
    conclude(carry_out(session, project.root, Plan(tuple(changes)), writing, command=command), writing)

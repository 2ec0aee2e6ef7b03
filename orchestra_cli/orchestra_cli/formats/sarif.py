"""For code scanning: SARIF 2.1.0 with rules, fingerprints, suppressions and fixes (OASIS standard)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestra_cli.reports.findings import Findings
    from orchestra_cli.terminal import Style
    from orchestra_codemods.change import Edit
    from orchestra_codemods.lint.diagnostic import Diagnostic
    from orchestra_codemods.lint.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Findings, style: Style) -> str:
    """Return the log; silenced findings are in it, with the reason of their comment."""
    from json import dumps

    from orchestra._version import __version__
    from orchestra_codemods.lint.rule import all_rules

    del style
    shown = sorted((*report.new, *report.checked.silenced), key=lambda one: one.order)
    by_code = {rule.code: rule for rule in all_rules()}
    codes = sorted({one.code for one in shown})
    driver = {
        "name": "orchestra",
        "version": __version__,
        "semanticVersion": _semantic(__version__),
        "rules": [_rule(code, by_code.get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the project."}}},
        "results": [_result(one, codes) for one in shown],
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _skipped(report)}],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _semantic(version: str) -> str:
    import re

    found = re.match(r"\d+\.\d+\.\d+", version)
    return found[0] if found else "0.0.0"


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code, "name": "ruff", "helpUri": "https://docs.astral.sh/ruff/rules/"}
    summary, _, rest = rule.documentation.strip().partition("\n")
    return {
        "id": code,
        "name": rule.slug,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": " ".join(rest.split())},
        "help": {"text": rule.documentation.strip()},
        "defaultConfiguration": {"enabled": rule.default == "on", "level": "warning"},
    }


def _result(one: Diagnostic, codes: list[str]) -> dict[str, Any]:
    location = {"uri": _uri(one.path), "uriBaseId": "ROOT"}
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": "warning",
        "message": {"text": one.message},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": _region(one)}}],
        "partialFingerprints": {"orchestra/v1": one.fingerprint},
    }
    if one.suppressed is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": one.suppressed}]
    if one.fix is not None:
        changes = [_change(path, edits) for path, edits in one.fix.by_path(one.path).items()]
        text = f"{one.fix.safety} fix: {report_name(one)}"
        result["fixes"] = [{"description": {"text": text}, "artifactChanges": changes}]
    return result


def _change(path: str, edits: tuple[Edit, ...]) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in edits
    ]
    return {"artifactLocation": {"uri": _uri(path), "uriBaseId": "ROOT"}, "replacements": replacements}


def report_name(one: Diagnostic) -> str:
    """Return the rule in words."""
    return one.rule.replace("-", " ")


def _region(one: Diagnostic) -> dict[str, int]:
    region = {"startLine": one.span.line, "startColumn": one.span.column + 1}
    if one.span.end_line >= one.span.line:
        region |= {"endLine": one.span.end_line, "endColumn": one.span.end_column + 1}
    return region


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def _skipped(report: Findings) -> list[dict[str, Any]]:
    return [
        {"level": "warning", "message": {"text": f"{one.path} was skipped: {one.why}"}}
        for one in report.checked.skipped
    ]

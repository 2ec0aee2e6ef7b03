"""The map of the legacy application is true: each shape stands where the map says."""

from __future__ import annotations

import ast
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"
MAP = APP / "SHAPES.md"
FATES = ("migrated", "rewritten", "kept", "refused: ", "reported: ")
LAYERS = ("domain", "application", "infrastructure")
NOT_THE_APPLICATION = {"vendor"}

# Every shape of legacy code that the application must have, in the order in which the map has them.
SHAPES = (
    "base-none",
    "base-mixin",
    "base-mixin-describe",
    "base-protocol",
    "base-third-party",
    "base-other-orchestrator",
    "required-arguments",
    "mixed-module",
    "name-plain-orchestrator",
    "name-plain-coordinator",
    "name-other-than-module",
    "name-twice-first",
    "name-twice-second",
    "several-in-module-first",
    "several-in-module-second",
    "shared-accessor-pipeline",
    "shared-accessor-channels",
    "shared-accessor-feedback",
    "shared-accessor-realtime",
    "shared-global-pipeline",
    "shared-global-feedback",
    "method-async-none",
    "method-async-result",
    "method-async-dict",
    "method-async-dataclass",
    "method-async-bool",
    "method-async-enum",
    "method-async-bare-t",
    "method-sync-only",
    "method-both-sync",
    "method-both-async",
    "method-async-generator",
    "method-static",
    "method-class",
    "method-property",
    "method-property-read-only",
    "method-twice-first",
    "method-twice-second",
    "parameter-name",
    "parameter-tenant",
    "parameter-tenant-id",
    "parameter-context",
    "parameter-operation",
    "parameter-args",
    "parameter-kwargs",
    "parameter-keyword-only",
    "parameter-positional-only",
    "parameter-positional-only-kwargs",
    "decorated-static-twice",
    "decorated-retry",
    "init-wrong-annotation",
    "task-in-init",
    "task-in-helper-of-init",
    "task-in-sync-start",
    "task-in-async-start",
    "task-list",
    "task-dict",
    "task-nested-closure",
    "task-loop-create-task",
    "task-ensure-future",
    "task-get-event-loop",
    "task-thread",
    "loop-while-true",
    "loop-while-running",
    "loop-while-event",
    "loop-async-for",
    "stop-none",
    "stop-flag",
    "stop-cancel",
    "stop-cancel-gather",
    "stop-event",
    "one-shot-gather",
    "one-shot-ensure-future",
    "dependency-module-import",
    "dependency-import-in-init",
    "dependency-import-in-init-try",
    "dependency-import-in-init-missing",
    "dependency-from-configuration",
    "dependency-required",
    "dependency-set-outside",
    "dependency-other-orchestrator",
    "accessor-get",
    "accessor-auto-create",
    "accessor-arguments",
    "accessor-async",
    "accessor-set",
    "accessor-reset",
    "accessor-double-checked",
    "accessor-lru-cache",
    "accessor-module-instance",
    "accessor-new",
    "accessor-init-global",
    "accessor-factory",
    "accessor-initialize",
    "accessor-decorator",
    "around-enum",
    "around-dataclass",
    "around-typevar",
    "around-constants",
    "around-metrics",
    "around-main-argparse",
    "around-dunder-main",
    "around-dunder-all",
    "around-dunder-file",
    "around-dunder-name",
    "around-stub",
    "lookalike-protocol",
    "lookalike-metrics",
    "lookalike-test-class",
    "lookalike-nested-dummy",
    "lookalike-agent-key",
    "lookalike-third-party",
    "lookalike-abc",
    "lookalike-metaclass",
    "lookalike-generated",
    "import-absolute",
    "import-in-function",
    "import-in-function-try",
    "import-relative",
    "import-relative-two-dots",
    "import-relative-module",
    "import-reexport",
    "import-through-reexport",
    "import-aliased",
    "import-aliased-script",
    "import-type-checking",
    "import-string-annotation",
    "import-top-try",
    "import-top-try-none",
    "import-top-try-if",
    "import-two-names-class",
    "import-two-names-module",
    "import-star",
    "import-module-dotted",
    "import-accessor-aliased",
    "construct-local",
    "construct-self",
    "construct-fixture",
    "construct-factory",
    "construct-or",
    "construct-lambda",
    "class-as-spec",
    "class-object-new",
    "class-depends",
    "class-depends-async",
    "class-depends-class",
    "class-static-call",
    "class-inspect-signature",
    "class-in-table",
    "call-positional",
    "call-keyword",
    "call-no-arguments",
    "call-mixed",
    "call-public-awaited",
    "call-on-the-one-instance",
    "call-public-sync",
    "call-private",
    "attribute-read",
    "attribute-read-private",
    "attribute-write",
    "awaited-discarded",
    "awaited-assigned",
    "awaited-returned",
    "awaited-used",
    "metrics-dict",
    "sync-of-sync",
    "sync-of-sync-caller",
    "exception-control-flow",
    "accessor-in-class-body",
    "unawaited-first",
    "unawaited-gathered",
    "task-of-method",
    "asyncio-run",
    "asyncio-run-elsewhere",
    "patch-inside-module",
    "patch-constant",
    "patch-class",
    "patch-method",
    "patch-importing-module",
    "patch-two-names",
    "patch-dict",
    "monkeypatch-string",
    "monkeypatch-global-list",
    "all-never-imported",
    "importlib-string",
    "dotted-in-code",
    "dotted-in-toml",
    "dotted-in-ini",
    "dotted-in-yaml",
    "dotted-entry-point",
    "dotted-script",
    "dotted-mypy",
    "path-coverage",
    "dotted-decorative",
    "pickle-old-path",
    "broken-missing-method",
    "broken-missing-sync-method",
    "broken-arity",
    "broken-arity-missing",
    "broken-keyword",
    "broken-await-sync",
    "broken-await-start",
    "broken-import-missing-module",
    "broken-import-missing-package",
    "broken-import-beyond-top",
    "broken-import-script",
    "broken-good-neighbour",
    "shadowed-module",
    "shadowing-package",
    "two-types-first",
    "two-types-second",
    "two-types-call",
    "duck-typing",
    "duck-typing-known",
    "docs-popular-readme",
    "docs-popular-reference",
    "docs-popular-runbook",
    "docs-popular-changelog",
    "docs-import-line",
    "docs-module-path",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One shape: ``text`` stands on line ``line`` of ``path``."""

    slug: str
    path: str
    line: int
    text: str
    fate: str

    def lines(self) -> list[str]:
        """Return the lines of the file that the row points into; none when it is gone."""
        file = APP / self.path
        return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []

    def is_stale(self) -> bool:
        found = self.lines()
        return not (0 < self.line <= len(found) and self.text in found[self.line - 1])

    def mend(self) -> str:
        """Say which lines hold the text now."""
        places = [f"{self.path}:{number}" for number, line in enumerate(self.lines(), 1) if self.text in line]
        return f"{self.slug}: {self.path}:{self.line} -> {' or '.join(places) or 'text is gone'}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A class that a scan considers."""

    name: str
    module: str
    layer: str
    fate: str


def cells_of(heading: str) -> Iterator[list[str]]:
    """Yield the rows of all tables of the map whose heading begins with this column."""
    inside = False
    for line in MAP.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            inside = False
        elif line.startswith(f"| {heading} |"):
            inside = True
        elif inside and not line.startswith("|--"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


def shapes() -> list[Row]:
    rows = []
    for slug, _shape, where, text, fate in cells_of("id"):
        path, _, line = where.rpartition(":")
        literal = text[3:-3] if text.startswith("``") else text[1:-1]
        rows.append(Row(slug, path, int(line), literal, fate))
    return rows


def candidates() -> list[Candidate]:
    return [Candidate(*cells) for cells in cells_of("class")]


def python_files() -> list[Path]:
    return sorted(file for file in APP.rglob("*.py") if "__pycache__" not in file.parts)


def module_of(file: Path) -> str:
    parts = list(file.relative_to(APP).with_suffix("").parts)
    if parts[0] == "src":
        del parts[0]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def parsed(file: Path) -> ast.Module:
    with tokenize.open(file) as source:
        return ast.parse(source.read(), str(file))


def test_every_text_stands_on_its_line() -> None:
    stale = [row.mend() for row in shapes() if row.is_stale()]
    assert not stale, "mend these rows of SHAPES.md:\n" + "\n".join(stale)


def test_no_text_is_so_short_that_it_proves_nothing() -> None:
    assert [row.slug for row in shapes() if len(row.text) < 8] == []


def test_every_shape_is_there_once() -> None:
    expected: Counter[str] = Counter(SHAPES)
    actual: Counter[str] = Counter(row.slug for row in shapes())
    assert {"missing": expected - actual, "surplus": actual - expected} == {"missing": {}, "surplus": {}}
    assert max(expected.values()) == 1


def test_every_fate_is_a_known_one() -> None:
    assert [row.slug for row in shapes() if not row.fate.startswith(FATES)] == []


def test_refused_classes_have_the_same_reason_in_both_tables() -> None:
    by_shape = {row.fate for row in shapes() if row.fate.startswith("refused: ")}
    by_class = {candidate.fate for candidate in candidates() if candidate.fate != "migrated"}
    assert by_shape == by_class


def test_every_class_with_a_telling_name_is_in_the_table() -> None:
    found = Counter(
        (node.name, module_of(file))
        for file in python_files()
        if file.relative_to(APP).parts[0] not in NOT_THE_APPLICATION
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Orchestrator", "Coordinator"))
    )
    assert found == Counter((candidate.name, candidate.module) for candidate in candidates())


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_classes_to_migrate(layer: str) -> None:
    names = [c.name for c in candidates() if c.layer == layer]
    assert len(names) >= 4
    assert all(c.fate == "migrated" for c in candidates() if c.layer == layer)


def test_a_class_is_migrated_into_a_layer_or_refused() -> None:
    for candidate in candidates():
        expected = LAYERS if candidate.fate == "migrated" else ("-",)
        assert candidate.layer in expected, candidate


def test_the_application_is_big_enough_and_every_file_compiles() -> None:
    for file in python_files():
        compile(parsed(file), str(file), "exec", dont_inherit=True)
    assert len([file for file in python_files() if file.is_relative_to(APP / "src")]) >= 40


def test_the_popular_class_is_named_in_many_documents() -> None:
    naming = [
        file.name
        for file in [APP / "README.md", *APP.glob("docs/*.md")]
        if "FallbackAnalysisOrchestrator" in file.read_text(encoding="utf-8")
    ]
    assert len(naming) >= 6

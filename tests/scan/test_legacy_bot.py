"""What the bundled legacy application's own map says about its classes and callers, the inventory finds."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from orchestra_codemods.config import Config
from orchestra_codemods.inventory import Inventory, LegacyOrchestrator, take
from orchestra_codemods.inventory.model import Caller, Form, Mention
from orchestra_codemods.scan import scan

BOT = Path(__file__).parents[2] / "docs" / "examples" / "legacy_bot"
_ROW = re.compile(r"^\| ([\w-]+) \| [^|]* \| (\S+):(\d+) \| .* \| ([^|]*) \|$")
_CLASS = re.compile(r"^\| (\w+) \| ([\w.]+) \| ([\w-]+) \| ([^|]*) \|$")
_SECTIONS = ("Callers: imports", "Callers: construction", "Callers: calls", "Strings", "Broken already")

NO_REFERENCE = {
    "import-relative-two-dots": "an import of the legacy module, not of it",
    "exception-control-flow": "the call stands elsewhere; this line only catches",
    "unawaited-gathered": "holds coroutines, the calls stand above",
    "all-never-imported": "names nothing; counted as a mention",
    "dotted-decorative": "resolves to nothing",
    "dotted-in-ini": "a logger's name; counted as a mention",
    "pickle-old-path": "bytes, not a string of this language",
    "broken-import-missing-module": "leads to no target",
    "broken-import-missing-package": "leads to no target",
    "broken-import-beyond-top": "leads to no target; counted as a mention",
    "broken-import-script": "leads to no target",
    "duck-typing": "of a parameter that may be anything",
}
FORMS = {
    "import-absolute": Form.IMPORT,
    "import-in-function": Form.IMPORT_IN_FUNCTION,
    "import-in-function-try": Form.IMPORT_GUARDED,
    "import-relative": Form.IMPORT_RELATIVE,
    "import-relative-module": Form.IMPORT_RELATIVE,
    "import-reexport": Form.REEXPORT,
    "import-through-reexport": Form.IMPORT,
    "import-aliased": Form.IMPORT_ALIASED,
    "import-aliased-script": Form.IMPORT_ALIASED,
    "import-type-checking": Form.IMPORT_TYPE_CHECKING,
    "import-string-annotation": Form.STRING_ANNOTATION,
    "import-top-try": Form.IMPORT_GUARDED,
    "import-top-try-if": Form.CLASS_AS_VALUE,
    "import-two-names-class": Form.IMPORT_ALIASED,
    "import-star": Form.IMPORT_STAR,
    "import-module-dotted": Form.CONSTRUCTION,
    "import-accessor-aliased": Form.IMPORT_ALIASED,
    "construct-local": Form.CONSTRUCTION,
    "construct-self": Form.CONSTRUCTION,
    "construct-fixture": Form.CONSTRUCTION,
    "construct-factory": Form.CONSTRUCTION,
    "construct-or": Form.CONSTRUCTION,
    "construct-lambda": Form.CONSTRUCTION,
    "class-as-spec": Form.CLASS_AS_VALUE,
    "class-object-new": Form.CLASS_AS_VALUE,
    "class-depends": Form.ACCESSOR_AS_VALUE,
    "class-depends-async": Form.ACCESSOR_AS_VALUE,
    "class-depends-class": Form.CLASS_AS_VALUE,
    "class-static-call": Form.STATIC_CALL,
    "class-inspect-signature": Form.CLASS_AS_VALUE,
    "class-in-table": Form.CLASS_AS_VALUE,
    "call-positional": Form.CALL_AWAITED,
    "call-keyword": Form.CALL_AWAITED,
    "call-no-arguments": Form.CALL_AWAITED,
    "call-mixed": Form.CALL_AWAITED,
    "call-public-awaited": Form.CALL_AWAITED,
    "call-public-sync": Form.CALL,
    "call-private": Form.PRIVATE_CALL,
    "attribute-read": Form.ATTRIBUTE_READ,
    "attribute-read-private": Form.ATTRIBUTE_READ,
    "attribute-write": Form.ATTRIBUTE_WRITE,
    "awaited-discarded": Form.CALL_AWAITED,
    "awaited-assigned": Form.CALL_AWAITED,
    "awaited-returned": Form.CALL_AWAITED,
    "awaited-used": Form.CALL_AWAITED,
    "accessor-in-class-body": Form.ACCESSOR_CALL,
    "unawaited-first": Form.CALL,
    "task-of-method": Form.CALL,
    "asyncio-run": Form.CALL,
    "asyncio-run-elsewhere": Form.CALL,
    "patch-inside-module": Form.PATCH_STRING,
    "patch-class": Form.PATCH_STRING,
    "patch-importing-module": Form.PATCH_STRING,
    "patch-two-names": Form.PATCH_STRING,
    "monkeypatch-string": Form.PATCH_STRING,
    "importlib-string": Form.STRING_REFERENCE,
    "dotted-in-code": Form.STRING_REFERENCE,
    "dotted-in-toml": Form.STRING_REFERENCE,
    "path-coverage": Form.STRING_REFERENCE,
    "duck-typing-known": Form.ATTRIBUTE_READ,
}


def rows(*sections: str) -> list[tuple[str, str, int, str]]:
    found, section = [], ""
    for line in (BOT / "SHAPES.md").read_text().splitlines():
        section = line[3:] if line.startswith("## ") else section
        match = _ROW.match(line)
        if match and section in sections:
            identity, path, number, fate = match.groups()
            found.append((identity, path, int(number), fate.strip()))
    return found


def classes() -> dict[tuple[str, str], tuple[str, str]]:
    table = (BOT / "SHAPES.md").read_text().partition("## The classes")[2]
    matches = filter(None, map(_CLASS.match, table.splitlines()))
    return {(row[2], row[1]): (row[3], row[4].strip()) for row in matches if row[1] != "class"}


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return take(scan(BOT, Config()))


@pytest.fixture(scope="module")
def by_class(inventory: Inventory) -> dict[str, LegacyOrchestrator]:
    return {f"{found.module}.{found.class_name}": found for found in inventory.orchestrators}


@pytest.fixture(scope="module")
def by_line(inventory: Inventory) -> dict[tuple[str, int], list[Caller]]:
    lines: dict[tuple[str, int], list[Caller]] = {}
    for found in inventory.orchestrators:
        for caller in found.callers:
            lines.setdefault((caller.path, caller.line), []).append(caller)
    return lines


def test_every_class_of_the_map_and_no_other_is_a_candidate(inventory: Inventory) -> None:
    assert {(found.module, found.class_name) for found in inventory.orchestrators} == set(classes())


def test_every_class_gets_the_layer_of_the_map(inventory: Inventory) -> None:
    mapped = {key: layer for key, (layer, _) in classes().items() if layer != "-"}
    found = {(each.module, each.class_name): str(each.layer) for each in inventory.orchestrators}
    assert {key: found[key] for key in mapped} == mapped


def test_exactly_the_look_alikes_are_refused_each_for_the_reason_of_the_map(inventory: Inventory) -> None:
    for found in inventory.orchestrators:
        _, fate = classes()[found.module, found.class_name]
        if fate == "migrated":
            assert found.refused is None, found.refused
        else:
            assert found.refused is not None, found.class_name
            assert found.refused.why.startswith(fate.removeprefix("refused: ")), found.refused
            assert found.refused.what_to_do


def test_names_are_unique_and_come_from_class_or_module(by_class: dict[str, LegacyOrchestrator]) -> None:
    names = {key: found.name for key, found in by_class.items()}
    assert len(set(names.values())) == len(names)
    assert names["content_bot.ingest.pipeline.Orchestrator"] == "pipeline"
    assert names["content_bot.routing.channels.Coordinator"] == "channels"
    assert names["content_bot.routing.content.ContentOrchestrator"] == "routing_content"
    assert names["bot_platform.content.ContentOrchestrator"] == "bot_platform_content"


@pytest.mark.parametrize(("identity", "path", "line", "fate"), rows(*_SECTIONS), ids=str)
def test_every_caller_of_the_map_is_found_in_its_form(
    identity: str, path: str, line: int, fate: str, by_line: dict[tuple[str, int], list[Caller]]
) -> None:
    found = by_line.get((path, line), [])
    if identity in NO_REFERENCE:
        assert found == [], NO_REFERENCE[identity]
        return
    assert found, "no reference was found there"
    expected = FORMS.get(identity)
    if expected is not None:
        assert expected in {caller.form for caller in found}
    reason = fate.removeprefix("reported: ")
    if fate.startswith("reported: ") and identity.endswith(
        ("method", "arity", "missing", "keyword", "sync", "call")
    ):
        assert any(reason in (caller.problem or "") for caller in found)
    if not fate.startswith("reported: "):
        assert [caller for caller in found if caller.problem] == []


TASKS = {
    "bot_platform.resilience.ResilienceOrchestrator": {("_health_loop", "__init__", "none")},
    "bot_platform.telemetry.TelemetryOrchestrator": {("_flush_loop", "start", "cancel")},
    "bot_platform.deployment.DeploymentOrchestrator": {("_probe", "start", "event")},
    "bot_platform.lifecycle.LifecycleCoordinator": {("_beat", "start", "flag")},
    "bot_platform.security.SecurityOrchestrator": {("_write_trail", "start_audit", "end-of-input")},
    "content_bot.monitoring.alerts.AlertCoordinator": {("_delivery_loop", "_setup", "cancel")},
    "content_bot.routing.channels.Coordinator": {("_work", "start", "end-of-input")},
    "content_bot.monitoring.realtime.RealTimeMonitoringOrchestrator": {
        ("_watch", "start", "cancel-and-gather"),
        ("beat", "start", "cancel-and-gather"),
    },
    "content_bot.feedback.unified_feedback.UnifiedFeedbackOrchestrator": {
        ("_processing_loop", "start", "event"),
        ("_consolidation_loop", "start", "event"),
        ("_health_loop", "start", "event"),
    },
}


def test_background_tasks_are_found_and_tasks_of_one_call_are_not(
    by_class: dict[str, LegacyOrchestrator],
) -> None:
    found = {
        key: {(task.method, task.created_in, task.stop) for task in each.background_tasks}
        for key, each in by_class.items()
        if each.background_tasks
    }
    assert found == TASKS


ACCESSORS = {
    "accessor-get": "get",
    "accessor-auto-create": "get",
    "accessor-arguments": "factory",
    "accessor-async": "get",
    "accessor-set": "set",
    "accessor-reset": "reset",
    "accessor-lru-cache": "cache",
    "accessor-module-instance": "instance",
    "accessor-new": "new-singleton",
    "accessor-factory": "factory",
    "accessor-initialize": "initialize",
}


def test_accessors_have_the_kinds_of_the_map(inventory: Inventory) -> None:
    kinds = {
        (accessor.path, accessor.name): accessor.kind
        for found in inventory.orchestrators
        for accessor in found.accessors
    }
    for identity, path, line, _ in rows("Classes: accessors"):
        if identity in ACCESSORS:
            text = (BOT / path).read_text().splitlines()[line - 1 :]
            name = re.search(r"(?:def )?(\w+)(?: =|\()", next(each for each in text if "@" not in each))
            assert name is not None
            assert kinds[path, name.group(1)] == ACCESSORS[identity], identity


def test_what_a_class_needs_is_known(by_class: dict[str, LegacyOrchestrator]) -> None:
    feedback = by_class["content_bot.feedback.unified_feedback.UnifiedFeedbackOrchestrator"]
    needs = {(each.name, each.how) for each in feedback.dependencies}
    assert {("AgentTrust", "eager-import"), ("ExperimentTracker", "eager-import")} <= needs
    assert {("CacheTuner", "eager-construction"), ("get_bandit", "eager-construction")} <= needs
    assert feedback.queues == ("_queues",)
    assert feedback.interactions == ("bandit_routing",)
    podcast = by_class["content_bot.workflows.podcast.PodcastWorkflowOrchestrator"]
    assert podcast.required_arguments == ("engine", "fallback")
    digest = by_class["content_bot.workflows.digest.WeeklyDigestOrchestrator"]
    assert digest.interactions == ("digest",)


def test_mentions_add_up_to_what_grep_finds(inventory: Inventory) -> None:
    words = {found.class_name for found in inventory.orchestrators if found.refused is None}
    files = sorted(scan(BOT, Config()).sources)
    grep = shutil.which("grep")
    assert grep is not None
    command = [grep, "-owE", "--no-filename", "|".join(sorted(words)), *files]
    done = subprocess.run(command, cwd=BOT, capture_output=True, text=True, check=True)
    assert inventory.mentions.total == len(done.stdout.splitlines())
    assert sum(inventory.mentions.by_category.values()) == inventory.mentions.total
    assert len(set(inventory.mentions.places)) == inventory.mentions.total


def test_mentions_that_a_person_must_look_at_are_those_of_the_map(inventory: Inventory) -> None:
    manual = [(each.path, each.line) for each in inventory.mentions.places if each.category is Mention.MANUAL]
    broken = {(path, line) for identity, path, line, _ in rows("Strings", "Broken already")}
    assert [place for place in manual if place in broken]
    assert {path for path, _ in manual} <= {path for path, _ in broken}
    assert all(each.why for each in inventory.mentions.places if each.category is Mention.MANUAL)


def test_nothing_in_it_is_a_problem(inventory: Inventory) -> None:
    assert inventory.problems == ()

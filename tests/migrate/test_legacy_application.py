"""The bundled legacy application: its own tests pass before and after, and taking it back leaves no trace."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from orchestra_codemods.apply import apply, undo
from orchestra_codemods.change import Applied, Plan, Proof
from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take
from orchestra_codemods.inventory.model import Form
from orchestra_codemods.inventory.refusals import is_test
from orchestra_codemods.migrations.orchestrator import MigrateOrchestrators
from orchestra_codemods.plan import plan
from orchestra_codemods.project import Project
from orchestra_codemods.scan import scan
from orchestra_codemods.verify import verify
from orchestra_templates.rendering import render_project

REPOSITORY = Path(__file__).parents[2]
APPLICATION = REPOSITORY / "docs" / "examples" / "legacy_bot"
CONFIG = Config(package="core.orchestration")
TELLS_EVERY_IMPORT = """
import importlib, os, sys, warnings
warnings.simplefilter("ignore")
for name in sys.stdin.read().split():
    if os.fork() == 0:
        try:
            importlib.import_module(name)
        except Exception as error:
            print(name, type(error).__name__, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the application and give it the package for orchestrators."""
    root = tmp_path_factory.mktemp("pristine") / "bot"
    shutil.copytree(APPLICATION, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path, text in render_project("content_bot.step_result").items():
        file = root / "src" / "core" / "orchestration" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (root / "src" / "core" / "__init__.py").touch()
    return root


@pytest.fixture(scope="module")
def before_tests(pristine: Path) -> dict[str, str]:
    """Run the application's tests before anything is migrated."""
    return outcomes(pristine)


@pytest.fixture
def application(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the prepared application, and keep journals out of the home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return shutil.copytree(pristine, tmp_path / "bot")


def migration(
    root: Path, *names: str, placement: str = "auto", callers: str = "imports"
) -> tuple[Project, Plan]:
    project = scan(root, CONFIG)
    unit = MigrateOrchestrators(
        names=names,
        placement=placement,  # type: ignore[arg-type]
        callers=callers,  # type: ignore[arg-type]
        owner="platform",
        remove_on=date(2027, 2, 20),
        take=take,
    )

    def replan(current: Project, without: frozenset[str]) -> Plan:
        return plan(current, [unit.leaving_out(without)])

    return project, verify(project, plan(project, [unit]), replan)


def run_in(root: Path, *command: str, **options: str) -> str:
    ours = ("PYTHON", "PYTEST", "COV_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": "src:.", **options}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def outcomes(root: Path) -> dict[str, str]:
    """Run the application's tests and return the outcome of each."""
    plugins = ("-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider")
    output = run_in(root, "-m", "pytest", *plugins, "-rA", "-q", "--tb=short")
    return {name: state for state, name in re.findall(r"^(PASSED|FAILED|ERROR) (\S+)", output, re.MULTILINE)}


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def written_fates() -> dict[str, str]:
    rows = (APPLICATION / "SHAPES.md").read_text().split("## The classes")[1].splitlines()
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows if row.startswith("| ")]
    return {f"{module}.{name}": fate for name, module, _, fate in cells if "." in module}


def test_the_domain_pattern_works_before_and_after_and_undo_leaves_no_trace(
    application: Path, before_tests: dict[str, str]
) -> None:
    before = tree(application)
    _, planned = migration(application, "fallback_analysis")
    assert planned.refusals == ()
    done = apply(application, planned, command="migrate")
    assert isinstance(done, Applied)

    assert outcomes(application) == before_tests
    assert len(before_tests) > 200
    moved = "core.orchestration.domain.fallback_analysis"
    script = f"""
import asyncio
from core.orchestration import get_orchestration_facade, OrchestrationContext
from {moved} import FallbackAnalysisOrchestrator
from content_bot.chat import Interaction
async def main():
    facade = get_orchestration_facade()
    chat = Interaction("tester")
    context = OrchestrationContext(tenant_id="t", request_id="r", metadata={{}})
    result = await facade.orchestrate("fallback_analysis", context, operation="summarise", text="One. Two.")
    assert result.success, result
    assert (await facade.call("fallback_analysis", "summarise", None, "One. Two."))["length"] == 9
    print("called")
asyncio.run(main())
"""
    assert run_in(application, "-c", script) == "called\n"

    undo(application)
    assert tree(application) == before


def test_callers_change_where_the_name_comes_from_and_nowhere_else(application: Path) -> None:
    _, planned = migration(application, "fallback_analysis")
    callers = [change for change in planned.changes if change.proof is Proof.SAME_TREE]
    paths = {change.path for change in callers}
    assert {"src/content_bot/bot.py", "src/content_bot/commands.py", "scripts/nightly.py"} <= paths
    for change in callers:
        assert change.before is not None
        assert change.after is not None
        old, new = change.before.text.splitlines(), change.after.text.splitlines()
        changed = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
        assert changed
        assert all("fallback_analysis" in one and "fallback_analysis" in other for one, other in changed)


MOVED_NOWHERE = {
    "content_bot.ingest.pipeline.Orchestrator": "it uses __file__",
    "content_bot.routing.bandit.BanditRoutingOrchestrator": "a bytes literal compares with",
    "content_bot.scoring.trust.TrustScoringOrchestrator": "a .pyi file stands beside",
}
TAKEN_NOWHERE = {
    **MOVED_NOWHERE,
    "content_bot.analysis.claims.ClaimCheckOrchestrator": "the code that would leave imports",
    "content_bot.feedback.unified_feedback.UnifiedFeedbackOrchestrator": "_orchestrator is rebound",
    "content_bot.workflows.digest.DigestOrchestrator": "patches DigestOrchestrator",
    "content_bot.workflows.digest.WeeklyDigestOrchestrator": "patches DigestOrchestrator",
}


@pytest.mark.parametrize(
    ("placement", "stuck"),
    [
        ("auto", {}),
        pytest.param("in-place", {}, marks=pytest.mark.soak),
        pytest.param("move", MOVED_NOWHERE, marks=pytest.mark.soak),
        ("split", TAKEN_NOWHERE),
    ],
)
def test_every_class_is_migrated_but_those_that_the_map_or_the_placement_refuses(
    application: Path, before_tests: dict[str, str], placement: str, stuck: dict[str, str]
) -> None:
    imports = not_importable(application)
    project, planned = migration(application, placement=placement)
    named = {f"migrate:{one.name}": f"{one.module}.{one.class_name}" for one in take(project).orchestrators}
    refused = {named[one.unit]: one for one in planned.refusals if one.unit in named}
    expected = {name for name, fate in written_fates().items() if fate.startswith("refused")}
    assert set(refused) == expected | set(stuck)
    assert all(why in refused[name].why and refused[name].what_to_do for name, why in stuck.items())
    assert all(one.unit in named for one in planned.refusals), planned.refusals

    assert isinstance(apply(application, planned, command="migrate"), Applied)
    assert outcomes(application) == before_tests
    assert not_importable(application) <= imports
    assert migration(application, placement=placement)[1].changes == ()


@pytest.mark.parametrize(
    ("callers", "calls"), [pytest.param("facade", 0, marks=pytest.mark.soak), ("facade-instances", 9)]
)
def test_calls_through_the_facade_change_nothing_for_the_tests_and_leave_no_trace(
    application: Path, before_tests: dict[str, str], callers: str, calls: int
) -> None:
    """By name nothing is proven here: the application's tests reset every process-wide instance."""
    before = tree(application)
    project, planned = migration(application, callers=callers)
    plain = migration(application)[1]
    assert {change.path for change in plain.changes} <= {change.path for change in planned.changes}
    declared = [call for change in planned.changes for call in change.calls]
    assert len(declared) == calls
    assert all(change.proof is Proof.SAME_TREE for change in planned.changes if change.calls)
    awaited = [
        caller
        for one in take(project).orchestrators
        if one.refused is None
        for caller in one.callers
        if caller.form is Form.CALL_AWAITED and not is_test(caller.path)
    ]
    said = {(one.path, one.span.line) for one in planned.refusals}
    done = {(change.path, call.line) for change in planned.changes for call in change.calls}
    assert {(each.path, each.line) for each in awaited} <= said | done
    assert not any(is_test(path) for path, _ in done)

    assert isinstance(apply(application, planned, command="migrate"), Applied)
    assert outcomes(application) == before_tests
    assert migration(application, callers=callers)[1].changes == ()
    undo(application)
    assert tree(application) == before


def test_old_and_new_classes_do_the_same(
    pristine: Path, application: Path, request: pytest.FixtureRequest
) -> None:
    """Compare values, exceptions, attributes, signatures, loggers, and tasks at each point of a life."""
    seeds = [str(seed) for seed in range(20 if request.config.getoption("--soak") else 2)]
    _, planned = migration(application)
    assert isinstance(apply(application, planned, command="migrate"), Applied)
    script = str(Path(__file__).with_name("exercise.py"))
    old = run_in(pristine, script, *seeds, PYTHONHASHSEED="0").splitlines()
    new = run_in(application, script, *seeds, PYTHONHASHSEED="0").splitlines()
    different = [pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]]
    assert different == []
    assert len(old) > 1000


def not_importable(root: Path) -> set[str]:
    """Return what cannot be imported when it is the first module to be imported in a fresh process."""
    paths = (path.relative_to(root / "src") for path in sorted((root / "src").rglob("*.py")))
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    names = [name for name in names if not name.endswith("__main__")]
    done = subprocess.run(
        [sys.executable, "-c", TELLS_EVERY_IMPORT],
        input="\n".join(names),
        cwd=root,
        env={**os.environ, "PYTHONPATH": "src:.", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines())


def test_the_plan_does_not_depend_on_the_hash_seed(application: Path) -> None:
    script = """
import sys
sys.path[:0] = sys.argv[1:]
from pathlib import Path
from test_legacy_application import migration
import hashlib
plan = migration(Path.cwd(), "fallback_analysis", "transcript_workflow")[1]
print(hashlib.sha256(repr(plan).encode()).hexdigest())
"""
    here = str(Path(__file__).parent)
    found = {run_in(application, "-c", script, here, PYTHONHASHSEED=seed) for seed in ("1", "2")}
    assert len(found) == 1

"""The bundled legacy application: its own tests pass before and after, and taking it back leaves no trace."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from orchestra_codemods.apply import apply, undo
from orchestra_codemods.change import Applied, Proof
from orchestra_codemods.inventory import take
from orchestra_codemods.inventory.model import Form
from orchestra_codemods.inventory.refusals import is_test
from tests.support.legacy_bot import (
    complaints,
    migration,
    not_importable,
    outcomes,
    run_in,
    tree,
    written_fates,
)


@pytest.fixture(scope="module")
def before_tests(pristine: Path) -> dict[str, str]:
    """Run the application's tests before anything is migrated."""
    return outcomes(pristine)


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
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        assert gone
        assert all("fallback_analysis" in one for one in (*gone, *come) if one), (gone, come)


MOVED_NOWHERE = {
    "content_bot.ingest.pipeline.Orchestrator": "it uses __file__",
    "content_bot.routing.bandit.BanditRoutingOrchestrator": "a bytes literal compares with",
    "content_bot.scoring.trust.TrustScoringOrchestrator": "a .pyi file stands beside",
}
TAKEN_NOWHERE = {
    **MOVED_NOWHERE,
    "content_bot.analysis.claims.ClaimCheckOrchestrator": "hands the whole module on",
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
    said = complaints(application)
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
    assert complaints(application) <= said
    assert migration(application, placement=placement)[1].changes == ()


@pytest.mark.parametrize(
    ("callers", "calls"), [("facade", 2), pytest.param("facade-instances", 11, marks=pytest.mark.soak)]
)
def test_calls_through_the_facade_change_nothing_for_the_tests_and_leave_no_trace(
    application: Path, before_tests: dict[str, str], callers: str, calls: int
) -> None:
    """By name few are proven: the application's tests reset nearly every process-wide instance."""
    before = tree(application)
    reported = complaints(application)
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
    assert complaints(application) <= reported
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


def test_the_plan_does_not_depend_on_the_hash_seed(application: Path) -> None:
    script = """
import sys
sys.path[:0] = sys.argv[1:]
from pathlib import Path
from legacy_bot import migration
import hashlib
plan = migration(Path.cwd(), "fallback_analysis", "transcript_workflow")[1]
print(hashlib.sha256(repr(plan).encode()).hexdigest())
"""
    here = str(Path(__file__).parents[1] / "support")
    found = {run_in(application, "-c", script, here, PYTHONHASHSEED=seed) for seed in ("1", "2")}
    assert len(found) == 1

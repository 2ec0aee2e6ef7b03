"""The guide's nine example classes, rebuilt, get the layers that the guide gives them."""

from pathlib import Path

import pytest

from orchestra_codemods.inventory import LegacyOrchestrator, take
from tests.support.projects import project_of

NINE = Path(__file__).parents[1] / "assets" / "guide_nine"
LAYERS = {
    "FallbackAutonomousOrchestrator": "domain",
    "EnhancedAutonomousOrchestrator": "domain",
    "HierarchicalOrchestrator": "domain",
    "UnifiedFeedbackOrchestrator": "application",
    "AdvancedBanditsOrchestrator": "application",
    "RealTimeMonitoringOrchestrator": "application",
    "ResilienceOrchestrator": "infrastructure",
    "TelemetryOrchestrator": "infrastructure",
    "SecurityOrchestrator": "infrastructure",
}
PATTERNS = {
    "FallbackAutonomousOrchestrator": "domain",
    "ResilienceOrchestrator": "infrastructure",
    "UnifiedFeedbackOrchestrator": "application",
}


def nine() -> dict[str, LegacyOrchestrator]:
    project = project_of({f"app/{file.name}": file.read_text() for file in NINE.glob("*.py")})
    return {found.class_name: found for found in take(project).orchestrators}


def one(text: str, path: str = "app/thing.py") -> LegacyOrchestrator:
    (found,) = take(project_of({path: text})).orchestrators
    return found


def test_the_nine_get_the_layers_of_the_guide() -> None:
    assert {name: str(found.layer) for name, found in nine().items()} == LAYERS


def test_the_three_reference_migrations_get_their_patterns() -> None:
    found = nine()
    assert {name: str(found[name].pattern) for name in PATTERNS} == PATTERNS


def test_every_proposal_has_reasons_and_a_confidence() -> None:
    for found in nine().values():
        assert found.reasons[0].startswith(f"{found.layer}: ")
        assert 0.5 < found.confidence <= 1


LOOP = """
import asyncio
class {name}:
    def start(self):
        asyncio.create_task(self._loop())
    async def _loop(self):
        while True:
            await asyncio.sleep(1)
    async def {method}(self, text): ...
"""


@pytest.mark.parametrize(
    ("name", "method", "layer"),
    [
        ("AnalysisOrchestrator", "analyse", "domain"),
        ("DispatchOrchestrator", "route", "application"),
        ("CircuitOrchestrator", "retry", "infrastructure"),
        ("ThingOrchestrator", "go", "domain"),
    ],
)
def test_a_loop_alone_decides_no_layer_but_the_pattern(name: str, method: str, layer: str) -> None:
    found = one(LOOP.format(name=name, method=method))
    assert found.layer == layer
    assert found.pattern == ("application" if layer == "application" else "infrastructure")


def test_nothing_to_go_by_is_domain_with_little_confidence() -> None:
    found = one("class ThingOrchestrator:\n    def go(self): ...\n")
    assert (found.layer, found.type, found.confidence) == ("domain", "sequential", 0.3)
    assert found.reasons == ("domain: nothing points to another layer",)


def test_what_speaks_against_the_proposal_is_said() -> None:
    found = one("class WorkflowOrchestrator:\n    def run_workflow(self): ...\n    def health(self): ...\n")
    assert found.layer == "domain"
    assert "but infrastructure: `health` in its public methods" in found.reasons


def test_queues_and_collaborators_speak_for_application() -> None:
    queues = "class ThingOrchestrator:\n    def __init__(self): self.a = deque()\n    def go(self): ...\n"
    assert one(queues).layer == "application"
    needs = "class ThingOrchestrator:\n    def __init__(self, a, b, c): ...\n    def go(self): ...\n"
    assert one(needs).layer == "application"
    assert "application: 3 collaborators" in one(needs).reasons


def test_the_nodes_of_a_graph_are_no_machines() -> None:
    found = one(
        "class GraphOrchestrator:\n"
        "    '''Builds a graph of nodes.'''\n"
        "    def __init__(self):\n        self.nodes = {}\n"
        "    def add_node(self, name):\n        self.nodes[name] = []\n"
    )
    assert found.layer == "domain"

"""Names come from the class, else from the module, and no two are the same."""

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.inventory.naming import orchestrator_names, snake_case

SHORT = {
    ("FallbackAnalysisOrchestrator", "bot.analysis.fallback"): "fallback_analysis",
    ("AlertCoordinator", "bot.alerts"): "alert",
    ("HTTPServerOrchestrator", "bot.web"): "http_server",
    ("A2AOrchestrator", "bot.a"): "a2_a",
    ("Stage2Orchestrator", "bot.stage"): "stage2",
    ("Orchestrator", "bot.ingest.pipeline"): "pipeline",
    ("Orchestrator", "bot.feedback_orchestrator"): "feedback",
    ("Orchestrator", "bot.billing.orchestrator"): "billing",
    ("Coordinator", "bot.routing.main"): "routing",
    ("_HiddenOrchestrator", "bot.a"): "hidden",
    ("OrderFlow", "bot.a"): "order_flow",
    ("ImportOrchestrator", "bot.a"): "import_orchestrator",
    ("MatchOrchestrator", "bot.a"): "match_orchestrator",
    ("Orchestrator", "orchestrator"): "orchestrator",
}


@pytest.mark.parametrize(("given_class", "name"), SHORT.items(), ids=str)
def test_a_name_from_class_or_module(given_class: tuple[str, str], name: str) -> None:
    assert orchestrator_names([given_class]) == [name]


def test_rivals_are_told_apart_by_what_they_do_not_share() -> None:
    rivals = [("ContentOrchestrator", "bot.routing.content"), ("ContentOrchestrator", "platform.content")]
    assert orchestrator_names(rivals) == ["routing_content", "platform_content"]
    assert orchestrator_names(rivals[::-1]) == ["platform_content", "routing_content"]


def test_an_orchestrator_and_a_coordinator_of_one_module_differ() -> None:
    rivals = [("FlowOrchestrator", "a.b"), ("FlowCoordinator", "a.b")]
    assert orchestrator_names(rivals) == ["flow", "flow_coordinator"]


def test_a_taken_name_is_left_alone() -> None:
    assert orchestrator_names([("FlowOrchestrator", "a.b")], taken=["flow"]) == ["b_flow"]


_PART = st.sampled_from(["a", "b", "core", "content", "orchestrator", "main"])
_CLASS = st.sampled_from(
    ["Orchestrator", "AOrchestrator", "Coordinator", "ACoordinator", "ImportOrchestrator", "X2"]
)


@given(st.lists(st.tuples(_CLASS, st.lists(_PART, min_size=1, max_size=3).map(".".join)), max_size=8))
def test_names_are_always_unique_identifiers(classes: list[tuple[str, str]]) -> None:
    names = orchestrator_names(classes)
    assert len(set(names)) == len(classes)
    assert all(name.isidentifier() and not keyword.iskeyword(name) and name == name.lower() for name in names)


def test_snake_case_of_words_and_acronyms() -> None:
    assert [snake_case(name) for name in ("RealTime", "XMLToJSON", "already_snake", "V2Flow")] == [
        "real_time",
        "xml_to_json",
        "already_snake",
        "v2_flow",
    ]

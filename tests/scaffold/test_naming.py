"""What a person calls an orchestrator gives the names they would expect, or a refusal with a suggestion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_cli.scaffold.naming import BadNameError, member_name, orchestrator_name
from orchestra_codemods.inventory.naming import snake_case


@pytest.mark.parametrize(
    ("given", "name", "class_name"),
    [
        ("billing", "billing", "BillingOrchestrator"),
        ("HTTPServer", "http_server", "HTTPServerOrchestrator"),
        ("http_server", "http_server", "HttpServerOrchestrator"),
        ("Http-Server", "http_server", "HttpServerOrchestrator"),
        ("http server", "http_server", "HttpServerOrchestrator"),
        ("BillingOrchestrator", "billing", "BillingOrchestrator"),
        ("billing_orchestrator", "billing", "BillingOrchestrator"),
        ("Billing-Orchestrator", "billing", "BillingOrchestrator"),
        ("HTTP", "http", "HTTPOrchestrator"),
        ("version2", "version2", "Version2Orchestrator"),
        ("match", "match", "MatchOrchestrator"),
    ],
)
def test_a_name_is_understood(given: str, name: str, class_name: str) -> None:
    found = orchestrator_name(given)
    assert (found.name, found.class_name) == (name, class_name)


@pytest.mark.parametrize(
    ("given", "suggestion"),
    [
        ("2fa", "two_fa"),
        ("class", "class_handling"),
        ("Été", "Ete"),
        ("../billing", "billing"),
        ("shop/billing.py", "billing"),
        ("shop.billing", "billing"),
        ("bill$ing", "bill_ing"),
        ("nul", "nul_handling"),
        ("Orchestrator", "billing"),
        ("", "billing"),
        ("日本", "letters"),
        ("x" * 61, "60"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_with_a_suggestion(given: str, suggestion: str) -> None:
    with pytest.raises(BadNameError) as refused:
        orchestrator_name(given)
    assert suggestion in (refused.value.hint or "")


@pytest.mark.parametrize("given", ["2fa", "Été", "class", "shop.billing", "bill$ing", "nul"])
def test_a_suggestion_is_a_name_itself(given: str) -> None:
    with pytest.raises(BadNameError) as refused:
        orchestrator_name(given)
    assert refused.value.hint is not None
    suggested = refused.value.hint.split("`")[1]
    assert orchestrator_name(suggested).name.isidentifier()


@given(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,30}", fullmatch=True))
def test_scaffolding_and_migration_name_a_class_alike(word: str) -> None:
    try:
        found = orchestrator_name(word)
    except BadNameError:
        return
    assert found.name == snake_case(found.class_name.removesuffix("Orchestrator"))


@pytest.mark.parametrize("given", ["cleanup", "name", "_hidden", "import", "a.b", "2nd", ""])
def test_a_member_cannot_take_a_name_of_the_base_class_or_of_python(given: str) -> None:
    with pytest.raises(BadNameError):
        member_name(given, "an operation")

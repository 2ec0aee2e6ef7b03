from unittest import mock

from core.orchestration.application.flow import FlowOrchestrator


async def test_it():
    with mock.patch(
        "core.orchestration.application.flow.clean",
        return_value="a longer text",
    ):
        assert await FlowOrchestrator(None).run("x") == "a"
    targets = ["shop.flows.clean", "shop.flows.logger", "other.things"]
    assert targets
    mock.patch(
        "core.orchestration.application.flow.FlowOrchestrator.run",
        side_effect=ValueError(),
    )

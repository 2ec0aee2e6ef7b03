from unittest import mock

from shop.flows import FlowOrchestrator


async def test_it():
    with mock.patch("shop.flows.clean", return_value="a longer text"):
        assert await FlowOrchestrator(None).run("x") == "a"
    targets = ["shop.flows.clean", "shop.flows.logger", "other.things"]
    assert targets
    mock.patch("shop.flows.FlowOrchestrator.run", side_effect=ValueError())

from unittest import mock

from shop.orders import OrderOrchestrator


def test_rebate():
    with mock.patch("shop.orders.rebate_of", return_value=0):
        assert OrderOrchestrator().order("x") == 5.0

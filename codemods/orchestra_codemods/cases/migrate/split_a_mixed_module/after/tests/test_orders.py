from unittest import mock

from shop import orders


def test_a_name_that_only_the_class_reads():
    with mock.patch("core.orchestration.domain.order.price_of", return_value=9):
        assert orders.OrderOrchestrator().submit([" tea"]) == 9


def test_names_that_only_the_rest_reads(monkeypatch):
    monkeypatch.setattr("shop.orders.rebate_of", lambda item: 2)
    monkeypatch.setattr(orders, "_orders", None)
    assert orders.total(["tea"]) == 2
    orders._orders = None


def test_the_class_that_only_the_rest_reads():
    with mock.patch("shop.orders.OrderOrchestrator") as fake:
        orders._orders = None
        assert orders.get_orders() is fake.return_value
    orders._orders = None


def test_a_method_of_the_class():
    with mock.patch("shop.orders.OrderOrchestrator.submit", return_value=4):
        assert orders.OrderOrchestrator().submit([]) == 4

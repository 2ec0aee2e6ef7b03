from shop import orders
from shop.orders import OrderOrchestrator, OrderState, report


def submit():
    return orders.get_orders().submit(["tea"], OrderState.PAID)


def fresh():
    return OrderOrchestrator(limit=1)

from shop.orders import OrderOrchestrator, price_of


def bill(what):
    return OrderOrchestrator().order(what) + price_of(what)

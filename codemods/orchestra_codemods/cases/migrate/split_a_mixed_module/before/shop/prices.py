def price_of(item):
    return 3


def rebate_of(item):
    return 1

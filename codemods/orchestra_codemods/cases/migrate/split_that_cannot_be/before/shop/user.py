import shop.circle


def used():
    return shop.circle.other()

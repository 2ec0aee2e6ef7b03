class ShopError(Exception): pass

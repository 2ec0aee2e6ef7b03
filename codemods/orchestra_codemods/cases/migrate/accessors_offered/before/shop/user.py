from shop.starred import *

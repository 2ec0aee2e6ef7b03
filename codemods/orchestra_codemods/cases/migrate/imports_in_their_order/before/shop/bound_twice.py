"""Which `clean` is meant depends on what is imported last."""

from shop.flows import clean
from shop.words import clean

print(clean)

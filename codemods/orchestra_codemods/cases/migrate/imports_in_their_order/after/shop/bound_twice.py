"""Which `clean` is meant depends on what is imported last."""

from core.orchestration.application.flow import clean
from shop.words import clean

print(clean)

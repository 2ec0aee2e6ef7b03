"""What was relative is not any more: it goes to another section."""

import logging

from shop.words import clean

from .flows import FlowOrchestrator
from .parts import Part

print(logging, clean, FlowOrchestrator, Part)

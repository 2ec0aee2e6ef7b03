"""What was relative is not any more: it goes to another section."""

import logging

from core.orchestration.application.flow import FlowOrchestrator
from shop.words import clean

from .parts import Part

print(logging, clean, FlowOrchestrator, Part)

"""The imports are in order, and stay so; the others keep their places."""

import logging

from core.orchestration.application.flow import (  # what we run
    FlowHelper,
    FlowOrchestrator,
)
from shop.parts import Part
from shop.words import clean

logger = logging.getLogger(clean("sorted"))


def make() -> FlowOrchestrator:
    from core.orchestration.application.flow import FlowHelper as Helper
    from shop.words import clean

    return Helper(Part()) or clean or FlowHelper

from shop.words import clean
import os
from core.orchestration.application.flow import FlowHelper, FlowOrchestrator
from shop.parts import Part

print(os, clean, FlowHelper, FlowOrchestrator, Part)

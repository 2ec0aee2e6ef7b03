from shop.words import clean
import os
from shop.flows import FlowHelper, FlowOrchestrator
from shop.parts import Part

print(os, clean, FlowHelper, FlowOrchestrator, Part)

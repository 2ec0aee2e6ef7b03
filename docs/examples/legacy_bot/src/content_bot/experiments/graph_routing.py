"""Routing over a graph, needs a library that was never in the requirements."""

import graphkit_unreleased as graphkit

from ...routing.bandit import BanditRoutingOrchestrator
from ..routing.channels import Coordinator


class GraphRouting(BanditRoutingOrchestrator):
    def __init__(self, coordinator: Coordinator):
        super().__init__()
        self.graph = graphkit.Graph()
        self.coordinator = coordinator

class AdvancedBanditsOrchestrator:
    """Contextual bandits for model routing across domains."""

    def __init__(self, context_dim=10, num_actions=4):
        self.context_dim = context_dim
        self.num_actions = num_actions
        self.bandits = {}
        self.global_stats = {"decisions": 0, "rewards": 0.0}

    def register_domain(self, domain, algorithm="doubly_robust"):
        self.bandits[domain] = algorithm

    async def make_decision(self, context, algorithm=None):
        self.global_stats["decisions"] += 1
        return self._select(context)

    async def submit_feedback(self, feedback):
        self.global_stats["rewards"] += feedback.reward

    def _select(self, context):
        return 0

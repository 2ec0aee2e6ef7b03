"""Base classes of the agent framework."""


class Agent:
    def __init__(self, name, skill):
        self.name = name
        self.skill = skill

    async def act(self, task):
        return self.skill(task)


class CoordinatorBase:
    """Subclass it, implement ``select`` and call ``dispatch``."""

    def __init__(self, agents):
        self.agents = list(agents)
        self.dispatched = 0

    def select(self, task):
        raise NotImplementedError

    async def dispatch(self, task):
        agent = self.select(task)
        self.dispatched += 1
        return await agent.act(task)

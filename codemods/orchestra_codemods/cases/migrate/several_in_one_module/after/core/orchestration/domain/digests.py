import asyncio

from core.orchestration import (
    BaseOrchestrator,
    OrchestrationLayer,
    OrchestrationType,
    operation,
)


class DigestOrchestrator(BaseOrchestrator):
    def __init__(self, limit=5):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="digest",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.limit = limit

    @operation
    async def run(self):
        return self.limit


class WeeklyDigestOrchestrator(BaseOrchestrator):
    def __init__(self, daily):
        super().__init__(
            layer=OrchestrationLayer.DOMAIN,
            name="weekly_digest",
            orchestration_type=OrchestrationType.SEQUENTIAL,
        )
        self.daily = daily

    @operation
    async def run(self):
        return await self.daily.run()


if __name__ == "__main__":
    print(asyncio.run(DigestOrchestrator().run()))

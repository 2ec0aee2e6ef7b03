import asyncio


class DigestOrchestrator:
    def __init__(self, limit=5):
        self.limit = limit

    async def run(self):
        return self.limit


class WeeklyDigestOrchestrator:
    def __init__(self, daily):
        self.daily = daily

    async def run(self):
        return await self.daily.run()


if __name__ == "__main__":
    print(asyncio.run(DigestOrchestrator().run()))

import functools


def retry(function):
    @functools.wraps(function)
    async def again(*args, **kwargs):
        return await function(*args, **kwargs)

    return again


class RetryOrchestrator:
    @retry
    async def run(self):
        return 1


class OperatingOrchestrator:
    async def run(self, operation):
        return operation


class PositionalOrchestrator:
    async def run(self, item="tea", /):
        return item


class StreamOrchestrator:
    async def run(self):
        yield 1

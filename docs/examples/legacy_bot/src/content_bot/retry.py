"""retry() decorator. Copied between three services before it ended up here."""

import asyncio
import functools


def retry(attempts=3, on=(ConnectionError,), delay=0.0):
    """Repeat an async function when it raises one of ``on``."""

    def decorate(func):
        @functools.wraps(func)
        async def wrapper(*args, **kwargs):
            for attempt in range(1, attempts + 1):
                try:
                    return await func(*args, **kwargs)
                except on:
                    if attempt == attempts:
                        raise
                    await asyncio.sleep(delay)

        wrapper.attempts = attempts
        return wrapper

    return decorate


def once(func):
    """Remember the first result (per function, not per argument)."""
    missing = object()
    result = missing

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        nonlocal result
        if result is missing:
            result = func(*args, **kwargs)
        return result

    return wrapper

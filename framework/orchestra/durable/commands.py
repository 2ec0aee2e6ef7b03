"""What `orchestra run`, `worker` and `runs` do with a store, in the process of the project."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestra.durable.client import DurableClient
from orchestra.durable.errors import NothingDurableError
from orchestra.durable.runs import Runs
from orchestra.durable.store import Store
from orchestra.durable.worker import Durable
from orchestra.errors import OrchestraError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.answers import Answer, Asked
    from orchestra.context import OrchestrationContext

DAY = 86400.0
"""Seconds in a day."""

LOOKING = 1.0
"""Seconds between two looks whether the command line that started this process is still there."""


async def run(
    call: Asked, operation: str | None, context: OrchestrationContext, params: Mapping[str, Any]
) -> Any:
    """Run an operation on the store and return its result object.

    Raises what is wrong with the request, instead of the failed result that a program gets.
    """
    name = call.request["name"]
    async with Durable(_store(call.request), call.facade, concurrency=0) as backend:
        result = await backend.run(name, operation, context, params)
    error = getattr(result, "exception", None)
    if isinstance(error, OrchestraError) and error.category in ("VALIDATION", "CONFIGURATION", "CONFLICT"):
        raise error
    return result


async def enqueue(
    call: Asked, operation: str | None, context: OrchestrationContext, params: Mapping[str, Any]
) -> Answer:
    """Enqueue an operation; answer with the id of the run, and whether a worker serves it now."""
    async with DurableClient(_store(call.request), call.facade) as client:
        run = await client.submit(call.request["name"], operation, context, **params)
        found, workers = await asyncio.to_thread(_shown, client.store, run)
    return {"run": found, "workers": workers}


async def work(call: Asked) -> Answer:
    """Be a worker until SIGINT or SIGTERM, or until the command line has gone. Raises NothingDurableError."""
    request = call.request
    backend = Durable(
        _store(request),
        call.facade,
        concurrency=request["concurrency"],
        lease=request["lease"],
        polling=request["polling"],
    )
    async with backend:
        if not backend.serves:
            raise NothingDurableError(
                "This project has no durable operation, so there is nothing to serve",
                hint="Mark one: @operation(durable=True)",
            )
        await call.facade.start()  # background tasks run in each worker, whether it is given runs or not
        waiting = await asyncio.to_thread(_waiting, backend.store)
        call.send({"item": {"worker": backend.name, "serves": backend.serves, "waiting": waiting}})
        parent = os.getppid()
        try:
            while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells when a parent dies
                await asyncio.sleep(LOOKING)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()
    return {"stopped": backend.name}


def answer(request: Mapping[str, Any]) -> Answer:
    """Answer what `orchestra runs` asks; imports nothing of the project."""
    with Runs(_store(request)) as runs:
        if request["what"] == "ls":
            found = runs.find(
                states=request["states"],
                orchestrator=request["orchestrator"],
                tenant=request["tenant"],
                limit=request["limit"],
            )
            return {"runs": [asdict(run) for run in found], "workers": runs.workers()}
        if request["what"] in ("prune", "prunable"):
            chosen = runs.prune if request["what"] == "prune" else runs.finished_before
            return {"runs": chosen(time.time() - request["days"] * DAY)}
        run = request["run"]
        if request["what"] == "cancel":
            return {"before": asdict(runs.cancel(run)), "run": asdict(runs.show(run))}
        if request["what"] == "resume":
            timeout = request["seconds"]
            return {"run": asdict(runs.resume(run, on_version=request["on_version"], timeout=timeout))}
        return {"run": asdict(runs.show(run))}


def _store(request: Mapping[str, Any]) -> Store:
    """Return the store that was named, else the project's own file, whose folder is made."""
    url = request.get("store")
    if url is not None:
        return Store(url)
    folder = Path(".orchestra")
    folder.mkdir(exist_ok=True)
    ignored = folder / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")
    return Store(f"sqlite:///{folder / 'runs.sqlite'}")


def _waiting(store: Store) -> dict[str, int]:
    """Return how many runs wait for versions that no living worker serves, this one included."""
    with Runs(store) as runs:
        found = [run for run in runs.find(states=["queued"], limit=1000) if run.served is False]
    return Counter(f"{run.orchestrator}@{run.version}" for run in found)


def _shown(store: Store, run: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with Runs(store) as runs:
        return asdict(runs.show(run)), runs.workers()

"""A process that has imported everything and makes workers by forking: a killed one is cheap to replace.

Reads requests as JSON lines from its input and answers with the pid of each worker.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import orchestra.durable.worker as durable_worker
from orchestra import OrchestrationFacade
from tests.durable.crashing.application import Evidence, Orders, OrdersOfTomorrow, Packing, Sweeper

ORDERS = {"1": Orders, "2": OrdersOfTomorrow}


def build_facade(evidence: Evidence, version: str) -> OrchestrationFacade:
    """Return the application at one of its versions."""
    facade = OrchestrationFacade(cleanup_timeout=2.0, tenant_limit=evidence.tenant_limit)
    facade.register(ORDERS[version](evidence))
    facade.register(Packing(evidence))
    if evidence.is_swept:
        facade.register(Sweeper(evidence))
    return facade


class Told(logging.Handler):
    """Writes what a worker says of its peers into the evidence."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(logging.WARNING)
        self._evidence = evidence

    def emit(self, record: logging.LogRecord) -> None:
        """Append a line."""
        self._evidence.note("-", record.getMessage())


async def serve(url: str, folder: str, version: str, lease: float, concurrency: int) -> None:
    """Be a worker until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    evidence = Evidence(Path(folder))
    facade = build_facade(evidence, version)
    backend = durable_worker.Durable(url, facade, concurrency=concurrency, lease=lease, polling=0.05)
    logging.getLogger("orchestra.durable").addHandler(Told(evidence))
    async with backend:
        await facade.start()
        evidence.note("-", "serves")
        await stop.wait()
    await facade.aclose()


def main() -> None:
    """Fork a worker for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them
    gc.freeze()
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            try:
                asyncio.run(serve(**request))
            except BaseException as error:
                Evidence(Path(request["folder"])).note("-", f"failed: {error!r}")
                raise
            finally:
                os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()

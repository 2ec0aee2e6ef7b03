"""Ids of runs and names of queues.

The queue is the version: a run waits in the queue of its orchestrator's version, and a worker listens to the
queues of the versions that it serves.
"""

from __future__ import annotations

import hashlib
import json
from uuid import uuid4

_CHILDREN = "/children"


def run_id(tenant: str, orchestrator: str, operation: str, key: str | None) -> str:
    """Return the id of a run: a new one, or the one that this key always has for this tenant and operation.

    A request id never plays a part: two operations of one request are two runs.
    """
    if key is None:
        return uuid4().hex
    text = json.dumps([tenant, orchestrator, operation, key])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def queue_of(orchestrator: str, version: str) -> str:
    """Return the queue in which runs of a version wait."""
    return f"{orchestrator}@{version}"


def children_queue_of(orchestrator: str, version: str) -> str:
    """Return the queue of nested runs that lost their worker.

    Their parents wait for them and hold places, so this one has no limit.
    """
    return queue_of(orchestrator, version) + _CHILDREN


def version_in(queue: str) -> str:
    """Return the version that a queue stands for."""
    return queue.removesuffix(_CHILDREN).rpartition("@")[2]

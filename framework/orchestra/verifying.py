"""The five steps for an orchestrator that a project registers, and imports that stand alone.

A child process of the command line calls this; see :mod:`orchestra.child`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orchestra.context import OrchestrationContext
from orchestra.discovery import load
from orchestra.testing.lifecycle import LifecycleReport, LifecycleRun, leaked_since, safe_operations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestra.facade import OrchestrationFacade

REGISTERED = "register"
"""The step after which a verification may stop, before anything is executed."""

_TURNS = 10


async def verified(request: Mapping[str, Any]) -> dict[str, Any]:
    """Take the orchestrator of a request through the steps; return them and what was left behind.

    ``name`` is its registered name, ``class`` is `module:Class` where the source says it. ``operations`` are
    executed beside those that are safe to verify; ``until`` may end it after registration. The project's
    wiring builds it, so that a factory is used where there is one; ``limit`` is the seconds of one step.
    """
    before = asyncio.all_tasks()
    context = OrchestrationContext("verify", "verify-1", {})
    run = _Registered(await _wired(request), context, request.get("limit"))
    await run.through_wiring(request)
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    report = LifecycleReport(run.steps, leaked_since(before))
    return {
        "steps": [asdict(step) for step in report.steps],
        "leaked": [{"task": name, "stack": stack} for name, stack in report.leaked.items()],
        "passed": report.passed,
    }


def imported_alone(modules: Iterable[str]) -> dict[str, dict[str, str]]:
    """Import each module in a process of its own; return for each its file, or its error.

    A module that only works when another was imported first fails here.
    """
    return {name: _in_child(name) for name in modules}


class _Registered(LifecycleRun):
    async def through_wiring(self, request: Mapping[str, Any]) -> None:
        name, path = request["name"], request.get("class")
        kind: Any = await self.step("import", lambda: load(path) if path else f"the factory of {name}")
        if kind is not None:
            await self._built(name, kind, request)
        await self.facade.aclose()

    async def _built(self, name: str, kind: Any, request: Mapping[str, Any]) -> None:
        instance = await self.step("instantiate", lambda: self._instance(name, kind))
        if instance is None:
            return
        registered = await self.step("register", lambda: self._registered(name, instance))
        if registered is not None and request.get("until") != REGISTERED:
            operations = [*safe_operations(instance), *request.get("operations", ())]
            await self.execute(instance, dict.fromkeys(operations), {})
        if registered is not None:
            await self.step("cleanup", lambda: self.facade.remove(name))
        else:
            await self.step("cleanup", instance.cleanup)

    async def _instance(self, name: str, kind: Any) -> Any:
        if self.facade.is_registered(name):
            entry = await self.facade.registry.find_async(name)
            assert entry is not None
            return entry.orchestrator
        return kind()

    def _registered(self, name: str, instance: Any) -> str:
        if not self.facade.is_registered(name):
            self.facade.register(instance)
        return str(instance.name)


async def _wired(request: Mapping[str, Any]) -> OrchestrationFacade:
    """Return the project's facade with its factories, none of which has run."""
    from orchestra.default import get_orchestration_facade
    from orchestra.discovery import build_facade

    if request.get("app") is not None:
        return (await build_facade(request["app"]))[0]
    for package in request.get("packages", ()):
        import_module(package)
    facade = get_orchestration_facade()
    for name, path in (request.get("factories") or {}).items():
        facade.register_factory(name, load(path), replace=True)
    return facade


def _in_child(name: str) -> dict[str, str]:
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        answer = _imported(name)
        with suppress(OSError):
            os.write(writable, "\0".join(answer).encode("utf-8", "surrogateescape"))
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as stream:
        kind, _, text = stream.read().decode("utf-8", "surrogateescape").partition("\0")
    os.waitpid(child, 0)
    return {kind: text} if kind else {"error": "it ended the process"}


def _imported(name: str) -> tuple[str, str]:
    try:
        module = import_module(name)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code
        return "error", f"{type(error).__name__}: {error}"
    sys.stdout.flush()
    return "file", str(getattr(module, "__file__", None) or "")

"""The guide's five steps: import, instantiate, register, execute, cleanup (the guide, "Testing Strategy")."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from orchestra.catalog import catalog_of
from orchestra.context import OrchestrationContext
from orchestra.discovery import load
from orchestra.facade import OrchestrationFacade
from orchestra.results import category_name
from orchestra.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

StepName = Literal["import", "instantiate", "register", "execute", "cleanup"]
Outcome = Literal["ok", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class LifecycleStep:
    """One of the five steps: how it went, what there is to say, how many seconds it took."""

    name: StepName
    outcome: Outcome
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LifecycleReport:
    """The steps in order, and the tasks that were left behind, by name, with their stacks."""

    steps: list[LifecycleStep] = field(default_factory=list)
    leaked: dict[str, list[str]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether no step failed and nothing was left behind."""
        return not self.leaked and all(step.outcome != "failed" for step in self.steps)

    def __str__(self) -> str:
        lines = [f"{step.outcome:<8}{step.name:<12}{step.detail}" for step in self.steps]
        lines += [f"leaked  {name}: {' <- '.join(reversed(stack))}" for name, stack in self.leaked.items()]
        return "\n".join(lines)


async def verify_lifecycle(
    orchestrator: str | Callable[[], Any] | Any,
    *,
    operation: str | None = None,
    params: Mapping[str, Any] | None = None,
    context: OrchestrationContext | None = None,
    facade: OrchestrationFacade | None = None,
) -> LifecycleReport:
    """Take an orchestrator through the five steps and report each; a failed step ends all but the clean-up.

    It is given as ``"package.module:Class"``, as a class or factory without arguments, or as an instance.
    Only a named ``operation``, or those marked ``@operation(safe_to_verify=True)``, are executed: verifying
    must not deploy anything. Nothing is raised; assert ``report.passed``.
    """
    run = _Run(facade or OrchestrationFacade(), context or _test_context())
    before = asyncio.all_tasks()
    await run.through(orchestrator, operation, dict(params or {}))
    for _ in range(10):
        await asyncio.sleep(0)
    leaked = {task.get_name(): stack_of(task) for task in asyncio.all_tasks() - before if not task.done()}
    return LifecycleReport(run.steps, leaked)


class _Run:
    def __init__(self, facade: OrchestrationFacade, context: OrchestrationContext) -> None:
        self.facade = facade
        self.context = context
        self.steps: list[LifecycleStep] = []

    async def through(self, given: Any, operation: str | None, params: dict[str, Any]) -> None:
        made = given
        if isinstance(given, str):
            made = await self._step("import", lambda: load(given))
        else:
            kind = given if isinstance(given, type) else type(given)
            self.steps.append(LifecycleStep("import", "ok", f"{kind.__module__}:{kind.__qualname__}"))
        if made is None:
            return
        instance = await self._step("instantiate", lambda: made() if _is_maker(made) else made)
        if instance is None:
            return
        try:
            registered = await self._step("register", lambda: self._register(instance))
            if registered is not None:
                await self._execute(instance, operation, params)
        finally:  # also when this is cancelled
            await self._step("cleanup", instance.cleanup)

    async def _step(self, name: StepName, action: Callable[[], Any]) -> Any:
        """Run one step; return its value, or True for none, and None when it failed."""
        started = perf_counter()
        try:
            value = action()
            if hasattr(value, "__await__"):
                value = await value
        except Exception as error:  # noqa: BLE001 - foreign code; the report tells
            detail = f"{type(error).__name__}: {error}"
            self.steps.append(LifecycleStep(name, "failed", detail, perf_counter() - started))
            return None
        self.steps.append(LifecycleStep(name, "ok", _shown(value), perf_counter() - started))
        return True if value is None else value

    def _register(self, instance: Any) -> str:
        self.facade.register(instance)
        return str(instance.name)

    async def _execute(self, instance: Any, operation: str | None, params: dict[str, Any]) -> None:
        operations = catalog_of(type(instance)).operations
        safe = [name for name, one in operations.items() if one.options.safe_to_verify]
        names = [operation] if operation is not None else safe
        if not names:
            detail = "no operation is marked @operation(safe_to_verify=True) and none was named"
            self.steps.append(LifecycleStep("execute", "skipped", detail))
        for name in names:
            started = perf_counter()
            extra = {} if name == "orchestrate" and name not in operations else {"operation": name}
            result: Any = await self.facade.orchestrate(instance.name, self.context, **params, **extra)
            if result.success:
                step = LifecycleStep("execute", "ok", name, perf_counter() - started)
            else:
                detail = f"{name}: {category_name(result)}: {result.error}"
                step = LifecycleStep("execute", "failed", detail, perf_counter() - started)
            self.steps.append(step)


def _is_maker(given: Any) -> bool:
    return isinstance(given, type) or (callable(given) and not hasattr(given, "orchestrate"))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.__qualname__ if isinstance(value, type) else type(value).__qualname__


def _test_context() -> OrchestrationContext:
    return OrchestrationContext("test", "test-1", {})

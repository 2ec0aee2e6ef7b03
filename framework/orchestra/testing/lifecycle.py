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
    from collections.abc import Callable, Iterable, Mapping

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
    run = LifecycleRun(facade or OrchestrationFacade(), context or _test_context())
    before = asyncio.all_tasks()
    await run.through(orchestrator, operation, dict(params or {}))
    for _ in range(10):
        await asyncio.sleep(0)
    return LifecycleReport(run.steps, leaked_since(before))


def leaked_since(before: set[asyncio.Task[Any]]) -> dict[str, list[str]]:
    """Return the tasks that were not there before and have not ended, by name, with their stacks."""
    return {task.get_name(): stack_of(task) for task in asyncio.all_tasks() - before if not task.done()}


class LifecycleRun:
    """Takes one orchestrator through the steps, in a facade."""

    def __init__(
        self, facade: OrchestrationFacade, context: OrchestrationContext, limit: float | None = None
    ) -> None:
        self.facade = facade
        self.context = context
        self.limit = limit  # seconds that one step may take
        self.steps: list[LifecycleStep] = []

    async def through(self, given: Any, operation: str | None, params: dict[str, Any]) -> None:
        """Take what was given through all steps; one that fails ends all but the clean-up."""
        made = given
        if isinstance(given, str):
            made = await self.step("import", lambda: load(given))
        else:
            kind = given if isinstance(given, type) else type(given)
            self.steps.append(LifecycleStep("import", "ok", f"{kind.__module__}:{kind.__qualname__}"))
        if made is None:
            return
        instance = await self.step("instantiate", lambda: made() if _is_maker(made) else made)
        if instance is None:
            return
        try:
            registered = await self.step("register", lambda: self._register(instance))
            if registered is not None:
                await self.execute(instance, [operation] if operation is not None else (), params)
        finally:  # also when this is cancelled
            await self.step("cleanup", instance.cleanup)

    async def step(self, name: StepName, action: Callable[[], Any]) -> Any:
        """Run one step; return its value, or True for none, and None when it failed."""
        started = perf_counter()
        try:
            async with asyncio.timeout(self.limit):
                value = action()
                if hasattr(value, "__await__"):
                    value = await value
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code; the report tells
            is_late = isinstance(error, TimeoutError) and not str(error) and self.limit is not None
            detail = f"not done within {self.limit:g} s" if is_late else f"{type(error).__name__}: {error}"
            self.steps.append(LifecycleStep(name, "failed", detail, perf_counter() - started))
            return None
        self.steps.append(LifecycleStep(name, "ok", _shown(value), perf_counter() - started))
        return True if value is None else value

    def _register(self, instance: Any) -> str:
        self.facade.register(instance)
        return str(instance.name)

    async def execute(self, instance: Any, named: Iterable[str], params: Mapping[str, Any]) -> None:
        """Run the named operations, or where none is named those that are safe to verify."""
        operations = catalog_of(type(instance)).operations
        names = list(named) or safe_operations(instance)
        if not names:
            detail = "no operation is marked @operation(safe_to_verify=True) and none was named"
            self.steps.append(LifecycleStep("execute", "skipped", detail))
        for name in names:
            started = perf_counter()
            extra = {} if name == "orchestrate" and name not in operations else {"operation": name}
            context = self.context if self.limit is None else self.context.with_timeout(self.limit)
            result: Any = await self.facade.orchestrate(instance.name, context, **params, **extra)
            if result.success:
                step = LifecycleStep("execute", "ok", name, perf_counter() - started)
            else:
                detail = f"{name}: {category_name(result)}: {result.error}"
                step = LifecycleStep("execute", "failed", detail, perf_counter() - started)
            self.steps.append(step)


def safe_operations(instance: Any) -> list[str]:
    """Return the operations that are marked as safe to verify."""
    operations = catalog_of(type(instance)).operations
    return [name for name, one in operations.items() if one.options.safe_to_verify]


def _is_maker(given: Any) -> bool:
    return isinstance(given, type) or (callable(given) and not hasattr(given, "orchestrate"))


def _shown(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return value.__qualname__ if isinstance(value, type) else type(value).__qualname__


def _test_context() -> OrchestrationContext:
    return OrchestrationContext("test", "test-1", {})

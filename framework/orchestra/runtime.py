"""All that the framework keeps for one orchestrator, behind ``self.runtime``.

Created on first access, so that ``object.__new__(C)`` works in tests, and kept under one key of the
instance's
``__dict__``, so that a subclass may define ``start``, ``stop``, ``health``, ``_task`` or what it likes.
"""

from __future__ import annotations

import re
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from orchestra.background_tasks import BackgroundOptions, Restart, check_background
from orchestra.catalog import catalog_of
from orchestra.errors import NotInitializedError
from orchestra.journal import JOURNAL

if TYPE_CHECKING:
    import asyncio
    import threading
    from collections.abc import Awaitable, Callable, Mapping
    from enum import Enum

    from orchestra.background_tasks import Start
    from orchestra.facade import OrchestrationFacade
    from orchestra.supervisor import Supervised

Result = TypeVar("Result")
State = Literal["created", "started", "stopping", "stopped", "failed"]
Hook = tuple[str, "Callable[[], Awaitable[Any]]", BackgroundOptions]

_KEY = "__orchestra_runtime__"

# Orchestrators that run tasks, registered or not: the global facade closes those that nobody else did.
RUNNING: weakref.WeakSet[Runtime] = weakref.WeakSet()


class Runtime:
    """Lifecycle, tasks and dependencies of one orchestrator."""

    def __init__(self, owner: object) -> None:
        self._owner = _reference(owner)
        self._layer: Enum | None = None
        self._name: str | None = None
        self._type: Enum | None = None
        self.start_policy: Start | None = None
        self.state: State = "created"
        self.ready = False
        self.reason: str = ""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.tasks: dict[str, Supervised] = {}
        self.deferred: list[Hook] = []
        self.cleanups: list[Callable[[], Any]] = []
        self.dependencies: dict[str, tuple[Any, bool]] = {}
        self.locks: dict[str, threading.RLock] = {}
        self.assigned_logger: Any = None
        self.facade_reference: weakref.ref[OrchestrationFacade] | None = None
        self.entries: weakref.WeakKeyDictionary[OrchestrationFacade, Any] = weakref.WeakKeyDictionary()
        self.order = 0
        self.restarts: dict[str, int] = {}
        self._stop: Any = None

    def identify(self, layer: Enum, name: str, orchestration_type: Enum) -> None:
        """Set what ``super().__init__`` was given."""
        self._layer, self._name, self._type = layer, name, orchestration_type

    def check_parameters(self, operation: object, params: Mapping[str, Any]) -> None:
        """Raise WrongParametersError, naming each parameter, when some do not fit an operation.

        For an ``orchestrate`` of one's own, which fails so as the inherited routing does. What is the name of
        no operation passes.
        """
        from orchestra.parameters import check_fit

        known = catalog_of(type(self.owner)).operations
        found = known.get(operation) if isinstance(operation, str) else None
        if found is not None:
            check_fit(self.owner, found, params, wrong=found.fitting.misfits(params))

    @property
    def owner(self) -> Any:
        """Return the orchestrator; it is alive whenever anyone can ask."""
        return self._owner()

    @property
    def name(self) -> str:
        """Return the orchestrator's name; raise NotInitializedError when it was never given one."""
        return self._name if self._name is not None else self._missing("name")

    @property
    def layer(self) -> Any:
        """Return the layer that the constructor was given."""
        return self._layer if self._layer is not None else self._missing("layer")

    @property
    def orchestration_type(self) -> Any:
        """Return the type that the constructor was given."""
        return self._type if self._type is not None else self._missing("orchestration_type")

    @property
    def label(self) -> str:
        """Return the name for messages: the class's in snake case where none was given."""
        if self._name is not None:
            return self._name
        name = getattr(self.owner, "name", None) if not _has_runtime(self.owner) else None
        return name if isinstance(name, str) else snake_case(type(self.owner).__name__)

    def attach(self, facade: OrchestrationFacade) -> None:
        """Remember the facade that this orchestrator is registered with."""
        if self.facade_reference is None or self.facade_reference() is not facade:
            self.facade_reference = weakref.ref(facade)

    @property
    def is_attached(self) -> bool:
        """Whether a facade that is open looks after this orchestrator."""
        facade = self.facade_reference() if self.facade_reference is not None else None
        return facade is not None and not facade.is_closed

    @property
    def cleanup_seconds(self) -> float:
        """Return how long each clean-up may take: what the facade says, else five seconds."""
        facade = self.facade_reference() if self.facade_reference is not None else None
        return 5.0 if facade is None else facade.cleanup_timeout

    @property
    def facade(self) -> OrchestrationFacade:
        """Return the facade that this orchestrator is registered with, else the global one."""
        found = self.facade_reference() if self.facade_reference is not None else None
        if found is not None:
            return found
        from orchestra.default import get_orchestration_facade

        return get_orchestration_facade()

    @property
    def stop_signal(self) -> Any:
        """Return the signal that background tasks wait for."""
        if self._stop is None:
            from orchestra.stopping import StopSignal

            self._stop = StopSignal()
        return self._stop

    @property
    def is_stopping(self) -> bool:
        """Whether a stop was asked for: the condition of a loop that polls."""
        return self._stop is not None and bool(self._stop.is_set)

    async def wait_stopped(self, seconds: float | None = None) -> bool:
        """Wait instead of sleeping: return True at once when a stop is asked for, False after the seconds."""
        return bool(await self.stop_signal.wait(seconds))

    def start(self) -> bool:
        """Start the background tasks that are not running; return whether a running loop was there to start
        on.

        Idempotent. Also starts again after a stop. Without a running loop it is remembered: the tasks start
        with the first operation that runs on one.
        """
        if self.state in ("stopped", "failed"):
            self.rearm()
        from orchestra.lifecycle import start_tasks

        return start_tasks(self, manual=True)

    def ensure_started(self) -> None:
        """Start what is due with an operation; never what was stopped on purpose."""
        if self.ready and not self.is_orphaned:
            return
        if self.state in ("stopping", "failed"):
            return
        from orchestra.lifecycle import start_tasks

        start_tasks(self, manual=False)

    @property
    def is_orphaned(self) -> bool:
        """Whether the loop on which the tasks ran was closed under them."""
        return self.loop is not None and self.loop.is_closed()

    def spawn(
        self,
        function: Callable[..., Awaitable[Result]],
        /,
        *args: Any,
        name: str | None = None,
        restart: Restart = "never",
        interval: float | None = None,
        loop: asyncio.AbstractEventLoop | None = None,
        **options: Any,
    ) -> asyncio.Task[Result] | None:
        """Run an async function as a supervised task of this orchestrator and return the task.

        Options are those of ``@background``; ``restart`` is "never", as for a plain ``create_task``. The task
        is made on ``loop``, which need not run yet, else on the running one. Without either the function is
        remembered, starts with the first operation, and None is returned.
        """
        from orchestra.lifecycle import spawn_task

        checked = check_background(
            replace(BackgroundOptions(), restart=restart, interval=interval, **options)
        )
        return spawn_task(self, function, args, name, checked, loop=loop)

    async def step(self, name: str, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run a named step of an operation.

        In process that is the plain call. In a durable run its result is written to the journal under the
        name, as JSON, and a run that is taken up again gets it from there. A step that was in flight when its
        worker died runs again: inside it, ``OrchestrationContext.current().idempotency_key`` is the same each
        time, for services that know such keys. Raises what the function raises, and NotSerializableError.
        """
        journal = JOURNAL.get()
        if journal is not None:
            return await journal.step(name, function, args, kwargs)
        value = function(*args, **kwargs)
        return await value if hasattr(value, "__await__") else value

    def add_cleanup(self, callback: Callable[[], Any]) -> None:
        """Call this, and await what it returns, when the orchestrator is cleaned up; last added, first
        called.
        """
        self.cleanups.append(callback)

    async def stop(self) -> None:
        """Stop the background tasks, bounded; they start again only with :meth:`start`."""
        from orchestra.lifecycle import stop_tasks

        await stop_tasks(self)
        self.ready = True

    async def shut_down(self) -> None:
        """Stop the tasks, run the clean-ups, close loaded dependencies; bounded, idempotent, startable
        again.
        """
        from orchestra.lifecycle import shut_down

        await shut_down(self)

    def health(self) -> dict[str, Any]:
        """Return the state and, per background task, its state, restarts, failures and last error's type."""
        tasks = {
            name: {
                "state": task.state,
                "restarts": task.restarts,
                "failures": task.failures,
                "last_error": type(task.last_error).__name__ if task.last_error else None,
            }
            for name, task in self.tasks.items()
        }
        gave_up = any(task.state == "gave up" for task in self.tasks.values())
        return {
            "state": self.state,
            "healthy": self.state != "failed" and not gave_up,
            "reason": self.reason,
            "tasks": tasks,
        }

    def rearm(self) -> None:
        """Make ready to start again after a stop or a failure."""
        self.state = "created"
        self.ready = False
        self.reason = ""
        if self._stop is not None:
            self._stop.clear()

    def signal_stop(self) -> None:
        """Let tasks that wait for a stop leave now; the rest ends in :meth:`shut_down`."""
        if self.tasks:
            self.stop_signal.set()
        if self.state == "started":
            self.state = "stopping"

    def identity(self) -> dict[str, str]:
        """Return the fields that every log event of this orchestrator carries."""
        layer = str(self._layer.value) if self._layer is not None else None
        return {"orchestrator": self.label, **({"layer": layer} if layer else {})}

    @property
    def background(self) -> list[Hook]:
        """Return the marked methods of the class, bound, with their options."""
        owner = self.owner
        return [
            (name, getattr(owner, name), options)
            for name, options in catalog_of(type(owner)).background.items()
        ]

    def _missing(self, what: str) -> Any:
        kind = type(self.owner).__name__
        raise NotInitializedError(
            f"{kind} has no {what} yet",
            hint=f"Call super().__init__(layer=…, name=…) in the constructor of {kind}",
            orchestrator_class=kind,
        )

    def __copy__(self) -> Runtime:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Runtime:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _Identity, (self._layer, self._name, self._type)


class _Identity:
    """What a copied or unpickled orchestrator remembers until it is asked for its runtime."""

    def __init__(self, layer: Any, name: Any, orchestration_type: Any) -> None:
        self.values = (layer, name, orchestration_type)


def runtime_of(orchestrator: object) -> Runtime:
    """Return the runtime of an orchestrator; a copy of an orchestrator gets one of its own."""
    attributes = orchestrator.__dict__
    found = attributes.get(_KEY)
    if type(found) is Runtime and found._owner() is orchestrator:  # noqa: SLF001 - same module
        return found
    runtime = Runtime(orchestrator)
    if isinstance(found, _Identity):
        runtime._layer, runtime._name, runtime._type = found.values  # noqa: SLF001
    elif isinstance(found, Runtime):
        runtime._layer, runtime._name, runtime._type = found._layer, found._name, found._type  # noqa: SLF001
    else:
        return attributes.setdefault(_KEY, runtime)  # type: ignore[no-any-return]
    attributes[_KEY] = runtime
    return runtime


def label_of(orchestrator: Any) -> str:
    """Return the name of an orchestrator for messages, the class's where it can hold none."""
    return (
        runtime_of(orchestrator).label if hasattr(orchestrator, "__dict__") else type(orchestrator).__name__
    )


def _reference(owner: object) -> Callable[[], Any]:
    try:
        return weakref.ref(owner)
    except TypeError:  # a foreign orchestrator with __slots__: its entry, which holds it, holds this
        return lambda: owner


def _has_runtime(orchestrator: object) -> bool:
    return _KEY in getattr(orchestrator, "__dict__", ())


def snake_case(name: str) -> str:
    """Return a class name in snake case: ``HTTPCache`` becomes ``http_cache``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()

"""The facade: one place to register orchestrators, call them, and close them.

How it registers, begins and ends calls, calls and streams stands in modules of their own; here are its
options, its life, and what it tells of itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakSet

from orchestra.calling import Calling
from orchestra.context import OrchestrationContext, check_seconds
from orchestra.options import check_callable, check_choice, check_count, check_words
from orchestra.redaction import Redactor
from orchestra.results import Results
from orchestra.streaming import Streaming
from orchestra.tenants import TenantLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from orchestra.closing import CloseReport
    from orchestra.entry import CleanupPolicy
    from orchestra.supervisor import Turns


def legacy_root_context() -> OrchestrationContext:
    """Return the context of callers that have none (the guide, "Backward Compatibility Strategies")."""
    from uuid import uuid4

    return OrchestrationContext("legacy", str(uuid4()))


class OrchestrationFacade(Calling, Streaming):
    """Unified entry point for all orchestration (the guide, "OrchestrationFacade").

    ``async with OrchestrationFacade() as facade:`` starts and closes everything. Options, all keywords:

    - ``result_class``: makes the results; see :func:`orchestra.configure`.
    - ``unknown``: "raise" or "fail" for a name that is not registered.
    - ``cleanup_policy``: "on_close", or "per_call" to clean up after every call.
    - ``cleanup_timeout``: seconds that calls in flight, and then each ``cleanup``, may take when the facade
      closes.
    - ``root_context``: makes the context of a call that is given none and is not nested.
    - ``max_depth``: how deep calls may nest.
    - ``layers``: "off", or "enforce" to refuse calls against the direction of the layers.
    - ``tenant_limit``, ``tenant_queue``: calls that one tenant may have running, and waiting.
    - ``redact``: further words that mark a parameter as secret.
    """

    resolvers: dict[str, Callable[[Any], Any]]
    turns: Turns | None
    """How singleton background tasks take turns with those of other processes; None without a store."""

    def __init__(
        self,
        *,
        result_class: type[Any] | None = None,
        unknown: Literal["raise", "fail"] = "raise",
        cleanup_policy: CleanupPolicy = "on_close",
        cleanup_timeout: float = 5.0,
        root_context: Callable[[], OrchestrationContext] = legacy_root_context,
        max_depth: int = 32,
        layers: Literal["off", "enforce"] = "off",
        tenant_limit: int | None = None,
        tenant_queue: int = 1000,
        redact: Iterable[str] = (),
    ) -> None:
        check_choice("unknown", unknown, ("raise", "fail"))
        check_choice("cleanup_policy", cleanup_policy, ("on_close", "per_call"))
        check_choice("layers", layers, ("off", "enforce"))
        check_callable("root_context", root_context, "a function that returns an OrchestrationContext")
        check_count("max_depth", max_depth, 1)
        check_count("tenant_limit", 1 if tenant_limit is None else tenant_limit, 1, "lets nobody in")
        check_count("tenant_queue", tenant_queue, 0)
        words = check_words("redact", redact)
        super().__init__(cleanup_policy)
        self.tenants = None if tenant_limit is None else TenantLimit(tenant_limit, tenant_queue)
        self.redactor = Redactor(words)
        self.cleanup_timeout = check_seconds(cleanup_timeout, "A clean-up timeout")
        self._own_results = None if result_class is None else Results(result_class)
        self._unknown = unknown
        self._root_context = root_context
        self._max_depth = max_depth
        self._enforces_layers = layers == "enforce"
        self._streams = WeakSet()
        self.spans = None
        self._run_guarded = None
        self._backend = None
        self.observers = []
        self.resolvers = {}
        self.turns = None

    def resolve_with(self, kind: str, load: Callable[[Any], Any], /) -> None:
        """Say how a ``Ref(kind, id)`` is loaded when it arrives at a durable operation: ``load(id)``, sync or
        async.
        """
        self.resolvers[kind] = load

    async def take_turns(self, turns: Turns, /) -> None:
        """Let a backend say when singleton background tasks run; those that run already begin anew."""
        from orchestra.lifecycle import restart_singletons

        self.turns = turns
        for entry in self.known_entries():
            await restart_singletons(entry.runtime)

    async def start(self) -> None:
        """Build what factories build and start all background tasks. Optional: calls start what they need."""
        self._check_open()
        for name in tuple(self.registry.factories):
            await self.registry.find_async(name)
        for entry in tuple(self._entries.values()):
            self.closer.bind()
            entry.runtime.attach(self)
            entry.runtime.ensure_started()

    async def aclose(self) -> CloseReport:
        """Close everything, in reverse order of start, bounded; idempotent. Nothing is raised: see the
        report.

        Calls in flight may end within ``cleanup_timeout``, with the calls that they make; then they are
        cancelled. New ones are refused. A second ``aclose`` waits for the first.
        """
        self.closer.check_loop()
        self._closed = True
        return await self.closer.close_all()

    def close(self) -> CloseReport:
        """Run :meth:`aclose` from a thread without an event loop."""
        from orchestra.bridge import close_blocking

        return close_blocking(self)

    @property
    def is_closed(self) -> bool:
        """Whether :meth:`aclose` was called."""
        return self._closed

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def metrics(self) -> dict[str, Any]:
        """Return the counters: per orchestrator, and per tenant what runs and waits now."""
        orchestrators = {entry.name: entry.measure() for entry in self.known_entries()}
        tenants = {} if self.tenants is None else self.tenants.snapshot()
        return {"orchestrators": orchestrators, "tenants": tenants}

    def health(self) -> dict[str, Any]:
        """Return ``healthy`` and, per orchestrator, its state and those of its background tasks."""
        found = {entry.name: entry.runtime.health() for entry in self.known_entries()}
        return {
            "healthy": all(one["healthy"] for one in found.values()),
            "closed": self._closed,
            "orchestrators": found,
        }

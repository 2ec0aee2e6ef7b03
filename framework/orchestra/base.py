"""The base class of orchestrators: the guide's names and no others."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Any

from orchestra.calls import CURRENT
from orchestra.catalog import catalog_of
from orchestra.errors import NothingToOrchestrateError
from orchestra.layers import OrchestrationType, check_name, layer_value, type_value
from orchestra.runtime import Runtime, runtime_of
from orchestra.wrapping import wrap_class

if TYPE_CHECKING:
    from enum import Enum

    from orchestra.background_tasks import Start
    from orchestra.context import OrchestrationContext
    from orchestra.layers import OrchestrationLayer


class BaseOrchestrator(ABC):  # noqa: B024 - abstract as a whole: see __init__
    """Base class of all orchestrators (the guide, "BaseOrchestrator").

    Public names are the guide's; everything else the framework keeps is at ``self.runtime``. Methods marked
    ``@operation`` are routed by the inherited :meth:`orchestrate`; a class may write its own instead.
    """

    def __init__(
        self,
        layer: OrchestrationLayer | Enum,
        name: str,
        orchestration_type: OrchestrationType | Enum = OrchestrationType.SEQUENTIAL,
        *,
        start: Start | None = None,
    ) -> None:
        """Initialize the orchestrator.

        ``start="eager"`` starts the background tasks here when an event loop runs, "manual" only with
        ``self.runtime.start()``; left out, each task's own option counts. Raises InvalidLayerError,
        InvalidNameError, InvalidOrchestrationTypeError, and NothingToOrchestrateError for a class without an
        operation and without its own ``orchestrate``.
        """
        layer_value(layer)
        type_value(orchestration_type)
        kind = type(self)
        if kind.orchestrate is BaseOrchestrator.orchestrate and not catalog_of(kind).operations:
            raise NothingToOrchestrateError(
                f"{kind.__name__} has nothing to orchestrate",
                hint="Mark a method with @operation, or write an orchestrate(self, context, **kwargs)",
            )
        runtime = runtime_of(self)
        runtime.identify(layer, check_name(name), orchestration_type)
        runtime.start_policy = start
        if catalog_of(kind).background:
            from orchestra.lifecycle import start_eager

            start_eager(runtime)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        wrap_class(cls)

    @property
    def runtime(self) -> Runtime:
        """Everything that the framework keeps for this orchestrator."""
        return runtime_of(self)

    @property
    def layer(self) -> Any:
        """The layer: the member that the constructor was given."""
        return runtime_of(self).layer

    @property
    def name(self) -> str:
        """The unique name."""
        return runtime_of(self).name

    @property
    def orchestration_type(self) -> Any:
        """The type: the member that the constructor was given."""
        return runtime_of(self).orchestration_type

    @property
    def logger(self) -> Any:
        """A structlog logger bound to name and layer; may be assigned."""
        runtime = runtime_of(self)
        if runtime.assigned_logger is not None:
            return runtime.assigned_logger
        from orchestra.log import get_logger

        return get_logger(**runtime.identity())

    @logger.setter
    def logger(self, logger: Any) -> None:
        runtime_of(self).assigned_logger = logger

    if TYPE_CHECKING:
        # The guide's signatures, which overrides have. At run time the context is positional-only, so that an
        # operation may have a parameter named ``context``.
        async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> Any: ...  # noqa: D102

        async def can_orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> bool: ...  # noqa: D102

    else:

        async def orchestrate(self, context, /, **kwargs):
            """Route ``operation="…"`` to the method that is marked with it, and return a result object.

            A sole or a default operation needs no naming. Exceptions become failures with a category by their
            type.
            """
            from orchestra.routing import orchestrate_directly

            return await orchestrate_directly(self, context, kwargs)

        async def can_orchestrate(self, context, /, **kwargs):  # noqa: ARG002
            """Return whether the orchestrator can work now (optional override)."""
            return True

    async def cleanup(self) -> None:
        """Stop background tasks, run what was added with ``runtime.add_cleanup``, close lazy dependencies.

        An override needs no ``super().cleanup()``: the framework does this after it, bounded.
        """
        await runtime_of(self).shut_down()

    def _log_orchestration_start(self, context: OrchestrationContext, /, **kwargs: Any) -> None:
        """Log the start when ``orchestrate`` is called directly; through the facade it is logged already."""
        if not self._is_logged_by_facade():
            from orchestra.events import log_started

            log_started(runtime_of(self), context, kwargs.get("operation"), kwargs)

    def _log_orchestration_end(self, context: OrchestrationContext, result: Any, /) -> None:
        """Log the end, under the same condition as the start."""
        if not self._is_logged_by_facade():
            from orchestra.events import log_completed

            log_completed(runtime_of(self), context, None, result, None)

    def _is_logged_by_facade(self) -> bool:
        call = CURRENT.get()
        return call is not None and call.target is self and call.alive

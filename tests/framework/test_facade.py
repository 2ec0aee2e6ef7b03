"""The facade: registration, lookup, contexts, depth, policies, closing."""

from __future__ import annotations

import asyncio
import gc
import weakref
from enum import Enum
from typing import Any

import pytest

from orchestra import (
    BaseOrchestrator,
    ErrorCategory,
    OrchestrationContext,
    OrchestrationFacade,
    OrchestrationLayer,
    OrchestrationType,
    OrchestratorProtocol,
    StepResult,
    background,
    configure,
    get_orchestration_facade,
    operation,
)
from orchestra.errors import (
    DepthExceededError,
    DuplicateOrchestratorError,
    FacadeClosedError,
    InvalidContextError,
    InvalidLayerError,
    InvalidNameError,
    InvalidOptionError,
    InvalidOrchestrationTypeError,
    InvalidResultClassError,
    InvalidResultError,
    InvalidTimeoutError,
    LayerViolationError,
    NotAnOrchestratorError,
    NotInitializedError,
    OperationNotFoundError,
    OrchestratorNotFoundError,
    WiringError,
)
from orchestra.testing import FakeClock, assert_no_leaked_tasks

CONTEXT = OrchestrationContext("tenant", "request", {"a": 1}, trace_id="trace")


class Echo(BaseOrchestrator):
    def __init__(
        self,
        name: Any = "echo",
        layer: Any = OrchestrationLayer.DOMAIN,
        kind: Any = OrchestrationType.SEQUENTIAL,
    ) -> None:
        super().__init__(layer=layer, name=name, orchestration_type=kind)
        self.cleaned = 0

    @operation(default=True)
    async def current(self) -> Any:
        return OrchestrationContext.current()

    @operation
    async def through(self, names: Any) -> Any:
        facade = self.runtime.facade
        return (
            await facade.call(names[0], "through", None, names[1:])
            if names
            else OrchestrationContext.current()
        )

    @operation
    async def by_orchestrate(self, name: Any) -> Any:
        return await self.runtime.facade.orchestrate(name)

    async def cleanup(self) -> None:
        self.cleaned += 1


class Guide(BaseOrchestrator):
    def __init__(self, name: Any = "guide") -> None:
        super().__init__(
            layer=OrchestrationLayer.DOMAIN, name=name, orchestration_type=OrchestrationType.SEQUENTIAL
        )

    async def orchestrate(self, context: OrchestrationContext, **kwargs: Any) -> Any:
        return kwargs.get("answer", StepResult.ok(kwargs=kwargs, context=context))


def facade_with(*orchestrators: Any, **options: Any) -> Any:
    facade = OrchestrationFacade(**options)
    for orchestrator in orchestrators:
        facade.register(orchestrator)
    return facade


def test_registration_is_by_unique_name_and_idempotent_for_the_same_instance() -> None:
    facade = facade_with(echo := Echo())
    facade.register(echo)

    assert facade.get("echo") is echo
    assert facade.get("nothing") is None
    with pytest.raises(DuplicateOrchestratorError, match="'echo' is already registered"):
        facade.register(Echo())
    facade.register(other := Echo(), replace=True)
    assert facade.get("echo") is other
    assert issubclass(DuplicateOrchestratorError, ValueError)


@pytest.mark.parametrize("error", [ValueError, KeyError])
def test_unregistering_what_is_not_there_says_so(error: Any) -> None:
    with pytest.raises(error) as caught:
        facade_with(Echo()).unregister("ecco")

    assert "Orchestrator 'ecco' not found in facade: it is not registered. Did you mean 'echo'?" in str(
        caught.value
    )
    assert not str(caught.value).startswith(("'", '"'))


@pytest.mark.asyncio
async def test_an_unknown_name_raises_or_fails_as_the_facade_says() -> None:
    with pytest.raises(OrchestratorNotFoundError, match="not found in facade"):
        await OrchestrationFacade().orchestrate("x", CONTEXT)
    result = await OrchestrationFacade(unknown="fail").orchestrate("x", CONTEXT)
    assert result.error_category is ErrorCategory.NOT_FOUND


def test_listing_tells_layer_type_class_module_operations_state() -> None:
    facade = facade_with(Echo(layer=OrchestrationLayer.APPLICATION, kind=OrchestrationType.FEEDBACK))

    assert facade.list_orchestrators() == {
        "echo": {
            "layer": "application",
            "type": "feedback",
            "class": "Echo",
            "module": __name__,
            "operations": ["by_orchestrate", "current", "through"],
            "state": "created",
        }
    }


def test_members_of_a_projects_own_enums_are_compared_by_value() -> None:
    class OwnLayer(Enum):
        DOMAIN = "domain"

    class OwnType(Enum):
        YOUR_NEW_TYPE = "your_new_type"

    facade = facade_with(echo := Echo(layer=OwnLayer.DOMAIN, kind=OwnType.YOUR_NEW_TYPE))

    assert list(facade.get_by_layer(OrchestrationLayer.DOMAIN)) == [echo]
    assert list(facade.get_by_layer(OwnLayer.DOMAIN)) == [echo]
    assert echo.layer is OwnLayer.DOMAIN
    assert facade.list_orchestrators()["echo"]["type"] == "your_new_type"


class Foreign:
    __slots__ = ("cleaned",)
    layer = OrchestrationLayer.DOMAIN
    name = "foreign"
    orchestration_type = OrchestrationType.PARALLEL

    async def orchestrate(self, context: OrchestrationContext, /, **kwargs: Any) -> Any:
        return StepResult.ok(**kwargs)

    async def can_orchestrate(self, context: OrchestrationContext, /, **kwargs: Any) -> bool:
        return bool(kwargs.get("allowed", True))

    async def cleanup(self) -> None:
        self.cleaned = True


@pytest.mark.asyncio
async def test_anything_that_satisfies_the_protocol_is_accepted() -> None:
    foreign = Foreign()
    facade = facade_with(foreign)

    anything: Any = foreign
    assert isinstance(anything, OrchestratorProtocol)
    assert (await facade.orchestrate("foreign", CONTEXT, x=1)).data == {"x": 1}
    skipped = await facade.orchestrate("foreign", CONTEXT, allowed=False)
    assert (skipped.status, skipped.success) == ("skipped", True)
    await facade.aclose()
    assert foreign.cleaned


@pytest.mark.parametrize(
    ("build", "error", "text"),
    [
        (lambda: Echo(layer="domain"), InvalidLayerError, "OrchestrationLayer.DOMAIN"),
        (lambda: Echo(layer=OrchestrationType.FEEDBACK), InvalidLayerError, "is not a layer"),
        (lambda: Echo(kind="feedbak"), InvalidOrchestrationTypeError, "OrchestrationType.FEEDBACK"),
        (lambda: Echo(name=""), InvalidNameError, "is not a name"),
        (lambda: Echo(name="../x"), InvalidNameError, "is not a name"),
        (lambda: Echo(name=None), InvalidNameError, "is not a name"),  # pyright: ignore[reportArgumentType]
        (lambda: facade_with(Echo), NotAnOrchestratorError, "Register an instance"),
        (lambda: facade_with(object()), NotAnOrchestratorError, "it lacks layer, name"),
        (lambda: facade_with(object.__new__(Echo)), NotAnOrchestratorError, "super().__init__"),
        (lambda: object.__new__(Echo).name, NotInitializedError, "Echo has no name yet"),
        (lambda: OrchestrationFacade(unknown="x"), InvalidOptionError, "unknown"),  # type: ignore[arg-type]
        (lambda: OrchestrationFacade(tenant_limit=0), InvalidOptionError, "lets nobody in"),
        (lambda: OrchestrationFacade(tenant_limit="2"), InvalidOptionError, "Give 1"),  # type: ignore[arg-type]
        (lambda: OrchestrationFacade(tenant_queue=-1), InvalidOptionError, "Give 0 or more"),
        (lambda: OrchestrationFacade(max_depth=0), InvalidOptionError, "Give 1 or more"),
        (lambda: OrchestrationFacade(root_context=5), InvalidOptionError, "be called"),  # type: ignore[arg-type]
        (lambda: OrchestrationFacade(redact="card"), InvalidOptionError, 'redact=["word", …]'),
        (lambda: OrchestrationFacade(redact=["--"]), InvalidOptionError, "is no word"),
        (lambda: OrchestrationFacade(cleanup_timeout=-1), InvalidTimeoutError, "-1 seconds"),
        (lambda: OrchestrationFacade(result_class=dict), InvalidResultClassError, "is not a result class"),
        (lambda: CONTEXT.with_timeout(-2), InvalidTimeoutError, "-2 seconds"),
        (lambda: CONTEXT.with_timeout(float("nan")), InvalidTimeoutError, "nan"),
        (
            lambda: OrchestrationFacade().register_factory("x", 5),  # type: ignore[arg-type]
            NotAnOrchestratorError,
            "cannot be called",
        ),
    ],
)
def test_bad_input_has_a_named_error(build: Any, error: Any, text: Any) -> None:
    with pytest.raises(error) as caught:
        build()
    assert text in str(caught.value)


@pytest.mark.asyncio
async def test_bad_calls_have_named_errors() -> None:
    facade = facade_with(Guide(), Echo())

    with pytest.raises(InvalidContextError, match="dict is no context"):
        await facade.orchestrate("guide", {"tenant_id": "x"})
    with pytest.raises(TypeError, match="needs the orchestrator's name"):
        await facade.orchestrate()
    result = await facade.orchestrate("guide", CONTEXT, answer={"no": "success"})
    assert isinstance(result.metadata["exception"], InvalidResultError)
    assert "which has no 'success'" in result.error
    collision = await facade.orchestrate("guide", CONTEXT, context=1)
    assert collision.error_category is ErrorCategory.VALIDATION
    await facade.aclose()
    for use in (facade.orchestrate("guide", CONTEXT), facade.call("echo", "current"), facade.start()):
        with pytest.raises(FacadeClosedError):
            await use
    with pytest.raises(FacadeClosedError):
        facade.register(Echo())


@pytest.mark.asyncio
async def test_the_guides_keywords_work_when_nothing_is_positional() -> None:
    facade = facade_with(Guide())
    result = await facade.orchestrate(orchestrator_name="guide", context=CONTEXT, depth=1)

    assert result.data == {"kwargs": {"depth": 1}, "context": CONTEXT}


@pytest.mark.asyncio
async def test_a_context_is_derived_from_the_running_call_or_from_the_root() -> None:
    facade = facade_with(Echo("a"), Echo("b"), Echo("c"))
    child = await facade.call("a", "through", CONTEXT, ["b", "c"])

    assert (child.tenant_id, child.request_id, child.trace_id) == ("tenant", "request", "trace")
    assert (child.orchestration_depth, child.parent_orchestrator) == (2, "b")
    assert child.metadata == {"a": 1}
    assert child.metadata is not CONTEXT.metadata
    assert CONTEXT.orchestration_depth == 0
    root = await facade.call("a", "current")
    assert (root.tenant_id, root.metadata, root.orchestration_depth) == ("legacy", {}, 0)
    assert len(root.request_id) == 36
    assert OrchestrationContext.current() is None
    nested = await facade.orchestrate("a", CONTEXT, operation="by_orchestrate", name="b")
    assert nested.unwrap().parent_orchestrator == "a"
    assert OrchestrationContext.current() is None


@pytest.mark.asyncio
async def test_the_given_context_arrives_unchanged() -> None:
    assert await facade_with(Echo()).call("echo", "current", CONTEXT) is CONTEXT


@pytest.mark.asyncio
async def test_depth_is_limited_and_the_error_prints_the_chain() -> None:
    facade = facade_with(Echo("a"), Echo("b"), max_depth=4)

    assert await facade.call("a", "through", CONTEXT, ["b", "a", "b"])
    with pytest.raises(DepthExceededError, match="a -> b -> a -> b -> a"):
        await facade.call("a", "through", CONTEXT, ["b", "a", "b", "a"])


@pytest.mark.asyncio
async def test_a_task_that_outlives_its_call_is_not_nested_in_it() -> None:
    seen = []

    class Chain(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "chain")

        @operation
        async def again(self, left: Any) -> None:
            seen.append(left)
            if left:
                self.next = asyncio.ensure_future(
                    self.runtime.facade.call("chain", "again", CONTEXT, left - 1)
                )

    facade = facade_with(chain := Chain(), max_depth=3, tenant_limit=1)
    await facade.call("chain", "again", CONTEXT, 10)
    while len(seen) < 11:
        await chain.next

    assert seen == list(range(10, -1, -1))


@pytest.mark.asyncio
async def test_layers_are_enforced_when_switched_on() -> None:
    layers = OrchestrationLayer
    facade = facade_with(
        Echo("domain", layers.DOMAIN),
        Echo("application", layers.APPLICATION),
        Echo("infrastructure", layers.INFRASTRUCTURE),
        layers="enforce",
    )

    async def through(*names: Any) -> Any:
        return await facade.call(names[0], "through", CONTEXT, list(names[1:]))

    assert await through("application", "domain", "infrastructure", "domain")
    assert await through("application", "infrastructure")
    assert await through("application", "infrastructure", "application")
    for caller, target in [("domain", "application"), ("infrastructure", "application")]:
        with pytest.raises(LayerViolationError, match=f"'{caller}' .* may not call '{target}'"):
            await through(caller, target)


@pytest.mark.asyncio
async def test_closing_runs_in_reverse_order_of_start_and_one_failure_stops_no_other() -> None:
    order = []

    class Ordered(Echo):
        async def cleanup(self) -> None:
            order.append(self.name)
            if self.name == "b":
                raise RuntimeError("b failed")

    facade = facade_with(*(Ordered(name) for name in "abc"))
    for name in ("b", "c", "a"):
        await facade.call(name, "current")
    report = await facade.aclose()

    assert order == ["a", "c", "b"]
    assert list(report.errors) == ["b"]
    assert sorted(report.closed) == ["a", "b", "c"]
    assert await facade.aclose() is report
    assert order == ["a", "c", "b"]


@pytest.mark.asyncio
async def test_a_cleanup_that_hangs_is_bounded_and_named_with_its_stack(fake_clock: FakeClock) -> None:
    class Hanging(Echo):
        async def cleanup(self) -> None:
            await asyncio.Event().wait()

    facade = facade_with(Hanging("hanging"), fine := Echo("fine"), cleanup_timeout=3)
    closing = asyncio.create_task(facade.aclose())
    await fake_clock.advance(5)
    report = await closing

    assert [(one.orchestrator, one.what) for one in report.overdue] == [("hanging", "cleanup")]
    assert any("in cleanup" in line for line in report.overdue[0].stack)
    assert fine.cleaned == 1


@pytest.mark.asyncio
async def test_remove_awaits_the_cleanup_and_unregister_schedules_it() -> None:
    facade = facade_with(one := Echo("one"), two := Echo("two"))
    await facade.remove("one")
    facade.unregister("two")

    assert (one.cleaned, facade.get("one"), facade.get("two")) == (1, None, None)
    await facade.aclose()
    assert two.cleaned == 1


def test_unregister_without_a_loop_leaves_the_cleanup_to_the_close() -> None:
    facade = facade_with(echo := Echo())
    facade.unregister("echo")
    assert echo.cleaned == 0
    asyncio.run(facade.aclose())
    assert echo.cleaned == 1


@pytest.mark.asyncio
async def test_cleanup_after_every_call_where_the_policy_says_so() -> None:
    facade = facade_with(echo := Echo(), cleanup_policy="per_call")
    await facade.orchestrate("echo", CONTEXT)
    await facade.orchestrate("echo", CONTEXT)

    assert echo.cleaned == 2


@pytest.mark.asyncio
async def test_orchestrators_that_were_never_registered_close_with_the_global_facade() -> None:
    class Loose(Echo):
        @background(interval=60)
        async def tick(self) -> None:
            pass

    loose = Loose("loose")
    async with assert_no_leaked_tasks():
        await loose.current()
        await asyncio.sleep(0)
        assert loose.runtime.tasks
        await get_orchestration_facade().aclose()

    assert loose.cleaned == 1
    assert loose.runtime.state == "stopped"


@pytest.mark.asyncio
async def test_after_a_close_the_global_accessor_returns_a_fresh_facade() -> None:
    built = []

    def build() -> Any:
        built.append(OrchestrationFacade())
        return built[-1]

    configure(facade=build)
    first = get_orchestration_facade()
    assert get_orchestration_facade() is first
    await first.aclose()

    assert get_orchestration_facade() is built[1] is not first


@pytest.mark.asyncio
async def test_factories_build_when_first_used_and_may_be_async() -> None:
    built = []

    async def later() -> Any:
        built.append("async")
        return Echo("later")

    facade = OrchestrationFacade()
    facade.register_factory("echo", Echo)
    facade.register_factory("later", later)
    facade.register_factory("other", lambda: Echo("wrong"))

    assert not built
    assert (await facade.orchestrate("later", CONTEXT)).success
    assert isinstance(facade.get("echo"), Echo)
    with pytest.raises(WiringError, match="built an orchestrator named 'wrong'"):
        facade.get("other")
    with pytest.raises(DuplicateOrchestratorError):
        facade.register_factory("echo", Echo)


@pytest.mark.asyncio
async def test_cancellation_reaches_the_operation_and_is_never_swallowed() -> None:
    seen = []

    class Slow(BaseOrchestrator):
        def __init__(self) -> None:
            super().__init__(OrchestrationLayer.DOMAIN, "slow")

        @operation
        async def wait(self) -> None:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                seen.append("cancelled")
                raise

    facade = facade_with(Slow())
    starts: list[Any] = [
        lambda: facade.orchestrate("slow", CONTEXT),
        lambda: facade.call("slow", "wait", CONTEXT),
    ]
    for start in starts:
        task = asyncio.create_task(start())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert seen == ["cancelled", "cancelled"]
    counters = facade.metrics()["orchestrators"]["slow"]
    assert (counters["calls"], counters["failures"], counters["in_flight"]) == (2, {"CANCELLED": 2}, 0)


@pytest.mark.asyncio
async def test_a_facade_that_is_dropped_keeps_nothing_alive() -> None:
    facade = facade_with(Echo())
    await facade.call(loose := Echo("loose"), "current", CONTEXT)
    gone = weakref.ref(facade)
    del facade
    gc.collect()

    assert gone() is None
    assert loose.name == "loose"


@pytest.mark.asyncio
async def test_a_facade_that_cannot_start_closes_what_it_started() -> None:
    def broken() -> None:
        raise RuntimeError("no database")

    facade = facade_with(echo := Echo())
    facade.register_factory("broken", broken)
    with pytest.raises(RuntimeError, match="no database"):
        async with facade:
            raise AssertionError("not reached")

    assert facade.is_closed
    assert echo.cleaned == 1


@pytest.mark.asyncio
async def test_foreign_instances_are_called_when_they_are_registered() -> None:
    foreign = Foreign()
    with pytest.raises(OrchestratorNotFoundError):
        await OrchestrationFacade().call(foreign, "anything", CONTEXT)
    with pytest.raises(AttributeError, match="Unknown operation"):
        await facade_with(foreign).call(foreign, "anything", CONTEXT)
    with pytest.raises(NotAnOrchestratorError):
        await OrchestrationFacade().call(5, "anything", CONTEXT)


@pytest.mark.asyncio
async def test_a_name_that_cannot_be_a_key_is_refused_as_any_other() -> None:
    facade = facade_with(Echo())
    odd: Any = ["echo"]

    with pytest.raises(NotAnOrchestratorError, match="list is no orchestrator"):
        await facade.orchestrate(odd, CONTEXT)
    with pytest.raises(OperationNotFoundError, match="Unknown operation"):
        await facade.call("echo", odd, CONTEXT)
    assert (
        await facade.orchestrate("echo", CONTEXT, operation=odd)
    ).error_category is ErrorCategory.VALIDATION


@pytest.mark.asyncio
async def test_what_a_factory_raises_says_whose_factory_it_was() -> None:
    facade = OrchestrationFacade()
    facade.register_factory("broken", lambda: 1 / 0)
    facade.register_factory("empty", lambda: None)

    with pytest.raises(ZeroDivisionError) as raised:
        await facade.orchestrate("broken", CONTEXT)
    assert raised.value.__notes__ == ["in the factory of the orchestrator 'broken'"]
    with pytest.raises(WiringError, match="The factory of 'empty' built none: NoneType is no orchestrator"):
        await facade.orchestrate("empty", CONTEXT)

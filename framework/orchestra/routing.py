"""From ``operation="…"`` and parameters to a method call (the guide, "Operation Routing Pattern")."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from orchestra.calls import CURRENT, DIRECT, Call
from orchestra.catalog import Operation, catalog_of
from orchestra.context import OrchestrationContext
from orchestra.errors import InvalidContextError, OperationNotFoundError, WrongParametersError
from orchestra.layers import nearest
from orchestra.parameters import check_fit
from orchestra.runtime import label_of, runtime_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.catalog import Catalog

_POSITIONAL_ONLY = inspect.Parameter.POSITIONAL_ONLY
_LIFECYCLE = ("start", "stop")


async def run_routed(
    orchestrator: Any, catalog: Catalog, context: OrchestrationContext, params: dict[str, Any]
) -> Any:
    """Run the operation that the parameters name and return what it returned; exceptions pass through.

    Raises WrongParametersError also for values that do not fit the annotations: callers who come this way
    chose it, while :func:`run_operation` serves those of before.
    """
    name = params.get("operation")
    try:
        operation = catalog.operations.get(name) if name is not None else None
    except TypeError:  # what cannot be a key is no name either
        operation = None
    if operation is None:
        operation = choose(orchestrator, catalog, params)
        if operation is None:
            return await change_lifecycle(orchestrator, str(params["operation"]))
    else:
        del params["operation"]
    if operation.kind == "stream":
        raise OperationNotFoundError(
            f"Operation '{operation.name}' of '{label_of(orchestrator)}' is a stream",
            hint="Iterate it: async for item in facade.stream(name, operation, context, …)",
        )
    if not operation.plain and operation.options.durable:
        params = await _loaded(orchestrator, params)
    known = operation.fitting.known
    for name, value in params.items():
        if name in known and type(value) not in known[name]:
            check_fit(orchestrator, operation, params, wrong=operation.fitting.misfits(params))
            break
    if not operation.plain:
        return await run_operation(orchestrator, operation, context, (), params)
    try:
        value = getattr(orchestrator, operation.attribute)(**params)
        return await value if operation.kind == "async" or hasattr(value, "__await__") else value
    except TypeError as error:
        check_fit(orchestrator, operation, params, because=error)
        raise


def choose(orchestrator: Any, catalog: Catalog, params: dict[str, Any]) -> Operation | None:
    """Return the operation to run when none was named by its exact name; None for framework start and
    stop.
    """
    operations = catalog.operations
    name = params.get("operation")
    default = operations.get(catalog.default) if catalog.default is not None else None
    if name is None and default is not None:
        if "operation" in params and "operation" not in default.signature.parameters:
            del params["operation"]
        return default
    if name in _LIFECYCLE:
        return None
    if default is not None and "operation" in default.signature.parameters:
        return default
    raise no_such_operation(label_of(orchestrator), name, operations)


def find_operation(orchestrator: Any, catalog: Catalog, name: object) -> Operation | None:
    """Return the operation of exactly this name; None for framework start and stop."""
    found = catalog.operations.get(name) if isinstance(name, str) else None
    if found is None and name not in _LIFECYCLE:
        raise no_such_operation(label_of(orchestrator), name, catalog.operations)
    return found


def no_such_operation(
    label: str, name: object, operations: Mapping[str, Operation]
) -> OperationNotFoundError:
    """Return the error for an operation that is unknown or was left out."""
    known = ", ".join(sorted(operations)) or "none"
    if name is None:
        return OperationNotFoundError(
            f"'{label}' has several operations and none was named",
            hint=f'Pass operation="…" with one of: {known}',
            orchestrator=label,
        )
    return OperationNotFoundError(
        f"Unknown operation: {name} of '{label}'.{nearest(str(name), operations)}",
        hint=f"Its operations are: {known}",
        orchestrator=label,
        operation=name,
    )


async def run_own(orchestrator: Any, context: OrchestrationContext, params: dict[str, Any]) -> Any:
    """Await an ``orchestrate`` that the class wrote itself; one that takes no such parameters is named."""
    try:
        return await orchestrator.orchestrate(context, **params)
    except TypeError as error:
        try:
            inspect.signature(type(orchestrator).orchestrate).bind(orchestrator, context, **params)
        except TypeError as misfit_error:
            label = label_of(orchestrator)
            raise WrongParametersError(
                f"Wrong parameters for orchestrate() of '{label}': {misfit_error}", orchestrator=label
            ) from error
        raise


def named_parameters(
    operation: Operation | None, args: tuple[Any, ...], params: dict[str, Any]
) -> dict[str, Any]:
    """Return positional arguments under their parameters' names, for the log."""
    if not args or operation is None:
        return params
    names = list(operation.signature.parameters)
    return {**{names[i] if i < len(names) else f"[{i}]": value for i, value in enumerate(args)}, **params}


async def run_found(
    orchestrator: Any, operation: Operation | None, call: Call, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    """Run what :func:`find_operation` returned for a call."""
    if operation is None:
        return await change_lifecycle(orchestrator, str(call.operation))
    if operation.options.durable:
        params = await _loaded(orchestrator, params)
    return await run_operation(orchestrator, operation, call.context, args, params)


async def run_operation(
    orchestrator: Any,
    operation: Operation,
    context: OrchestrationContext,
    args: tuple[Any, ...],
    params: dict[str, Any],
) -> Any:
    """Call the method and await what it returns if that can be awaited.

    Raises WrongParametersError, a TypeError, where the parameters do not fit the signature.
    """
    if operation.plain:
        return await _invoke(orchestrator, operation, args, params)
    options = operation.options
    if options.timeout is not None:
        context = context.with_timeout(options.timeout)
        call = CURRENT.get()
        if call is not None and call.target is orchestrator:
            call.context = context
    args = prepare(orchestrator, operation, context, args, params)

    async def attempt() -> Any:
        return await _invoke(orchestrator, operation, args, params)

    async def attempts() -> Any:
        if options.retry == 1:
            return await attempt()
        from orchestra.retrying import with_retries

        return await with_retries(options.retry, attempt)

    if options.timeout is None or context.deadline is None:
        return await attempts()
    from orchestra.deadlines import before

    return await before(context.deadline, operation.name, attempts)


async def _loaded(orchestrator: Any, params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a durable operation with what their references stand for."""
    from orchestra.references import resolved

    return await resolved(params, runtime_of(orchestrator).facade.resolvers)


async def _invoke(
    orchestrator: Any, operation: Operation, args: tuple[Any, ...], params: dict[str, Any]
) -> Any:
    try:
        value = getattr(orchestrator, operation.attribute)(*args, **params)
        if operation.kind == "async" or hasattr(value, "__await__"):
            value = await value
    except TypeError as error:
        if not args:
            check_fit(orchestrator, operation, params, because=error)
        raise
    return value


def prepare(
    orchestrator: Any,
    operation: Operation,
    context: OrchestrationContext,
    args: tuple[Any, ...],
    params: dict[str, Any],
) -> tuple[Any, ...]:
    """Hand over the context where it is asked for, move positional-only parameters."""
    wanted = operation.context_parameter
    if wanted is not None and wanted not in params and (not args or _is_keyword_only(operation, wanted)):
        params[wanted] = context
    if not args:
        check_fit(orchestrator, operation, params)
        names = [p.name for p in operation.signature.parameters.values() if p.kind is _POSITIONAL_ONLY]
        args = tuple(params.pop(name) for name in names if name in params)
    return args


def _is_keyword_only(operation: Operation, name: str) -> bool:
    return operation.signature.parameters[name].kind is inspect.Parameter.KEYWORD_ONLY


async def change_lifecycle(orchestrator: Any, name: str) -> Any:
    """Run ``start`` or ``stop`` for a class that has no such operation: its own method, else the
    framework's.
    """
    # What the class or the instance defines; a class whose __getattr__ answers to every name defines nothing.
    is_own = hasattr(type(orchestrator), name) or name in getattr(orchestrator, "__dict__", ())
    own: Any = getattr(orchestrator, name) if is_own else None
    if callable(own):
        value: Any = own()
        return await value if inspect.isawaitable(value) else value
    runtime = runtime_of(orchestrator)
    if name == "start":
        runtime.start()
        return {"status": "started"}
    await runtime.stop()
    return {"status": "stopped"}


async def orchestrate_directly(
    orchestrator: Any, context: OrchestrationContext, params: dict[str, Any]
) -> Any:
    """Be the inherited ``orchestrate()`` when it is called without the facade."""
    from orchestra.default import default_results

    if not isinstance(context, OrchestrationContext):
        raise InvalidContextError(
            f"{type(context).__name__} is no context", hint="Pass an OrchestrationContext first"
        )
    results = default_results()
    runtime = runtime_of(orchestrator)
    runtime.ensure_started()
    call = Call()
    call.context, call.name, call.operation, call.target = context, runtime.label, DIRECT, orchestrator
    call.outer, call.depth, call.alive = CURRENT.get(), context.orchestration_depth, True
    call.limit = call.armed = None
    call.layer, call.holds_place = None, True
    token = CURRENT.set(call)
    catalog = catalog_of(type(orchestrator))
    try:
        if context.deadline is None:
            return results.of(await run_routed(orchestrator, catalog, context, params))
        from orchestra.deadlines import before

        return results.of(
            await before(
                context.deadline, runtime.label, lambda: run_routed(orchestrator, catalog, context, params)
            )
        )
    except Exception as error:  # noqa: BLE001 - an exception becomes a failure that keeps it
        return results.fail(error)
    finally:
        call.alive = False
        CURRENT.reset(token)

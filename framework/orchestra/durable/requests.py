"""From a call to what is written into the store; everything that can be refused is refused here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestra.durable.crossing import written_parameters
from orchestra.durable.errors import NotDurableError
from orchestra.durable.names import queue_of, run_id
from orchestra.envelopes import context_as_json
from orchestra.parameters import check_fit
from orchestra.references import holds_reference
from orchestra.routing import choose
from orchestra.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.catalog import Operation
    from orchestra.context import OrchestrationContext
    from orchestra.entry import Entry
    from orchestra.facade import OrchestrationFacade

FORMAT = 2
"""The form of an envelope, raised with every change that an older worker would not understand; 1 had none
written, and no parameters that are read by their annotations.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """A run that was asked for: its id, the queue of its version, and its envelope of JSON."""

    run: str
    queue: str
    envelope: dict[str, Any]

    @property
    def attributes(self) -> dict[str, Any]:
        """What stands beside the run, so that listing it needs no look into the envelope."""
        envelope = self.envelope
        return {
            "queue": self.queue,
            "orchestrator": envelope["orchestrator"],
            "operation": envelope["operation"],
            "version": envelope["version"],
            "tenant": envelope["context"]["tenant_id"],
            "request": envelope["context"]["request_id"],
        }


async def request_for(
    facade: OrchestrationFacade,
    orchestrator: str,
    operation: str | None,
    context: OrchestrationContext,
    params: Mapping[str, Any],
) -> Request:
    """Return the request for a call.

    Raises OrchestratorNotFoundError, OperationNotFoundError, WrongParametersError, NotDurableError and
    NotSerializableError.
    """
    entry = await facade.registry.find_async(orchestrator)
    if entry is None:
        raise facade.registry.not_found(orchestrator)
    found = durable_operation(entry, operation)
    given = {**params}
    if found.context_parameter is not None:
        given.setdefault(found.context_parameter, context)
    check_fit(entry.orchestrator, found, given)
    envelope = envelope_of(entry, found, context, params)
    values = {name: value for name, value in given.items() if not holds_reference(value)}
    check_fit(entry.orchestrator, found, given, wrong=found.fitting.misfits(values))
    run = run_id(context.tenant_id, entry.name, found.name, context.idempotency_key)
    return Request(run, queue_of(entry.name, envelope["version"]), envelope)


def durable_operation(entry: Entry, name: str | None) -> Operation:
    """Return a durable operation by its name, or the default one."""
    named = {} if name is None else {"operation": name}
    found = entry.catalog.operations.get(name or "") or choose(entry.orchestrator, entry.catalog, named)
    if found is None or not found.options.durable:
        operation = name if found is None else found.name
        raise NotDurableError(
            f"The operation '{operation}' of '{entry.name}' is not durable",
            hint="Mark it: @operation(durable=True), or run it without --backend durable",
        )
    return found


def envelope_of(
    entry: Entry, operation: Operation, context: OrchestrationContext, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a call as JSON. Raises NotSerializableError, naming the parameter."""
    written, typed = written_parameters(entry, operation, params)
    return {
        "format": FORMAT,
        "orchestrator": entry.name,
        "operation": operation.name,
        "version": version_of(type(entry.orchestrator), operation),
        "context": context_as_json(context),
        "params": written,
        "typed": typed,
    }


async def served_versions(facade: OrchestrationFacade) -> dict[str, set[str]]:
    """Return the versions of durable operations per orchestrator; builds what factories build."""
    served: dict[str, set[str]] = {}
    for name in facade.list_names():
        entry = await facade.registry.find_async(name)
        operations = [] if entry is None else entry.catalog.operations.values()
        versions = {
            version_of(type(entry.orchestrator), one)  # type: ignore[union-attr]
            for one in operations
            if one.options.durable
        }
        if versions:
            served[name] = versions
    return served

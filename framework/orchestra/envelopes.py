"""What a call looks like as JSON, so that another process can take it up.

Only what comes back as it was may cross: a value that JSON would change or drop is refused, and the error
names the place in which it stands. Nothing is pickled, ever.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from orchestra.context import OrchestrationContext, deadline_of_epoch, epoch_of_deadline
from orchestra.errors import NotSerializableError
from orchestra.references import MARK, Ref

if TYPE_CHECKING:
    from collections.abc import Mapping

DEEPEST = 100
"""How deep a value may be nested; one that contains itself ends here too."""

RESERVED = frozenset({MARK, "$exception"})
"""Keys of objects that stand for something else: references, and exceptions in a journal."""


def as_json(value: Any, where: str, depth: int = 0) -> Any:
    """Return a value as JSON carries it: tuples as lists, references as marked objects, the rest unchanged.

    Raises NotSerializableError, which names ``where`` it stands, for everything that would not come back as
    it was.
    """
    if value is None or type(value) in (str, bool, int):
        return value
    if depth > DEEPEST:
        raise _refused(where, f"is nested deeper than {DEEPEST} levels, or contains itself")
    if type(value) is float:
        if not math.isfinite(value):
            raise _refused(where, f"is {value}, which JSON does not have")
        return value
    if type(value) in (list, tuple):
        return [as_json(item, f"{where}[{i}]", depth + 1) for i, item in enumerate(value)]
    if type(value) is dict:
        return {
            _key(key, value, where): as_json(item, f"{where}.{key}", depth + 1) for key, item in value.items()
        }
    if type(value) is Ref:
        return {MARK: [as_json(value.kind, where), as_json(value.id, where)]}
    raise _refused(where, f"is {_a(type(value).__name__)}")


def _key(key: object, value: Mapping[Any, Any], where: str) -> str:
    if type(key) is not str:
        raise _refused(where, f"has the key {key!r}, which is no text")
    if len(value) == 1 and key in RESERVED:
        raise _refused(where, f"has the sole key {key!r}, which has a meaning of its own")
    return key


def _a(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _refused(where: str, what: str) -> NotSerializableError:
    name = where.partition(".")[0].partition("[")[0]
    return NotSerializableError(
        f"'{where}' cannot be written as JSON: it {what}",
        hint=f'Pass text, numbers, lists or objects of these, or {name}=Ref("kind", id) with '
        "facade.resolve_with('kind', load)",
        where=where,
    )


def parameters_as_json(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call as JSON carries them. Raises NotSerializableError, naming one."""
    return {name: as_json(value, name) for name, value in params.items()}


def context_as_json(context: OrchestrationContext) -> dict[str, Any]:
    """Return a context; its deadline as a time of day, since monotonic clocks differ between processes."""
    return {
        "tenant_id": context.tenant_id,
        "request_id": context.request_id,
        "metadata": as_json(dict(context.metadata), "metadata"),
        "trace_id": context.trace_id,
        "parent_orchestrator": context.parent_orchestrator,
        "orchestration_depth": context.orchestration_depth,
        "deadline_epoch": epoch_of_deadline(context.deadline),
        "idempotency_key": context.idempotency_key,
    }


def context_of_json(data: Mapping[str, Any]) -> OrchestrationContext:
    """Return the context that :func:`context_as_json` wrote, on this process's clock."""
    fields = dict(data)
    fields["deadline"] = deadline_of_epoch(fields.pop("deadline_epoch"))
    return OrchestrationContext(**fields)

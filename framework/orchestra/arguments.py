"""From what a request gives to what an operation takes, checked before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestra.annotations import annotations_of
from orchestra.errors import WrongParametersError
from orchestra.parameters import check_fit
from orchestra.redaction import REDACTED, Redactor
from orchestra.routing import choose
from orchestra.scalars import NotConvertibleError
from orchestra.values import from_json, from_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orchestra.catalog import Operation
    from orchestra.entry import Entry


def chosen_operation(entry: Entry, name: str | None) -> Operation | None:
    """Return the operation that a name, or none, means; None for ``start`` and ``stop``, and for a class that
    wrote its own ``orchestrate``.

    Raises OperationNotFoundError, which names the nearest.
    """
    if not entry.routed:
        return None
    found = entry.catalog.operations.get(name) if name is not None else None
    return found or choose(entry.orchestrator, entry.catalog, {} if name is None else {"operation": name})


def arguments(
    entry: Entry, operation: Operation | None, given: Mapping[str, Any], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the parameters as the annotations say: ``given`` came as JSON, ``texts`` as text, and wins.

    Raises WrongParametersError that names every parameter which is missing or unexpected, and the first that
    is of another type.
    """
    attribute = operation.attribute if operation is not None else "orchestrate"
    wanted = annotations_of(type(entry.orchestrator), attribute)
    made = {name: _read(from_json, name, value, wanted) for name, value in given.items() if name not in texts}
    made.update({name: _read(from_text, name, text, wanted) for name, text in texts.items()})
    if operation is not None:
        # What a durable operation's references stand for is known only when they are loaded.
        wrong = () if operation.options.durable else operation.fitting.misfits(made)
        check_fit(entry.orchestrator, operation, made, wrong=wrong)
    return made


def _read(convert: Callable[[Any, Any], Any], name: str, value: Any, wanted: Mapping[str, Any]) -> Any:
    if value is None:  # what None fits is the default's to say as well
        return None
    try:
        return convert(value, wanted.get(name, Any))
    except NotConvertibleError as error:
        given = REDACTED if Redactor().is_secret(name + error.where) else repr(error.given)
        raise WrongParametersError(
            f"Parameter '{name}{error.where}' is {given}, which is not {error.expected}",
            hint=f"Give {name}= a value of that type, or --params with JSON",
            wrong=[name],
        ) from None

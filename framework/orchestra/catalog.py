"""What a class offers: its operations, its background tasks, its own ``orchestrate``.

Read once per class from the method resolution order, so that mixins count, an override of a marked method
stays marked, and a subclass of a subclass needs nothing.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from orchestra.background_tasks import BACKGROUND_MARK, BackgroundOptions
from orchestra.errors import InvalidOptionError
from orchestra.fitting import Fitting
from orchestra.operations import OPERATION_MARK, OperationOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["async", "sync", "stream"]

_CATALOG = "__orchestra_catalog__"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a class: the name it is routed by, the attribute behind it, and its signature."""

    name: str
    attribute: str
    kind: Kind
    options: OperationOptions
    signature: inspect.Signature
    context_parameter: str | None
    plain: bool
    fitting: Fitting = field(compare=False)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that routing and lifecycle need to know of a class."""

    operations: Mapping[str, Operation]
    default: str | None
    background: Mapping[str, BackgroundOptions] = field(default_factory=dict)


def catalog_of(kind: type) -> Catalog:
    """Return the catalog of a class, built at the first question."""
    found = kind.__dict__.get(_CATALOG)
    if isinstance(found, Catalog):
        return found
    catalog = _build(kind)
    setattr(kind, _CATALOG, catalog)
    return catalog


def marks(kind: type, mark: str) -> dict[str, Any]:
    """Return attribute name to options for every method that a class of the order marks; the nearest mark
    wins.
    """
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        for name, value in vars(base).items():
            options = getattr(value, mark, None)
            if isinstance(options, OperationOptions | BackgroundOptions):
                found[name] = options
            elif name in found and not _overridable(value):
                del found[name]
    return found


def _overridable(value: object) -> bool:
    return callable(value) or isinstance(value, staticmethod | classmethod)


def _build(kind: type) -> Catalog:
    operations: dict[str, Operation] = {}
    default = None
    for attribute, options in marks(kind, OPERATION_MARK).items():
        operation = _operation(kind, attribute, options)
        operations[operation.name] = operation
        if options.default:
            default = operation.name
    if default is None and len(operations) == 1:
        default = next(iter(operations))
    return Catalog(operations, default, marks(kind, BACKGROUND_MARK))


def _operation(kind: type, attribute: str, options: OperationOptions) -> Operation:
    function = inspect.getattr_static(kind, attribute)
    bound = isinstance(function, staticmethod)
    function = getattr(function, "__func__", function)
    signature = _signature(function, skip_first=not bound)
    context_parameter = _context_parameter(signature)
    kinds = {parameter.kind for parameter in signature.parameters.values()}
    plain = (
        context_parameter is None
        and inspect.Parameter.POSITIONAL_ONLY not in kinds
        and options.timeout is None
        and options.retry == 1
        and not options.durable
    )
    fitting = Fitting(kind, attribute, signature if options.check_types else inspect.Signature())
    name = options.name or attribute
    of_kind = _kind(function)
    if of_kind == "stream" and options.durable:
        raise InvalidOptionError(
            f"{kind.__name__}.{attribute} is an async generator, which no journal can hold",
            hint="Leave out durable=True, or return a list",
        )
    return Operation(name, attribute, of_kind, options, signature, context_parameter, plain, fitting)


def _kind(function: Any) -> Kind:
    function = inspect.unwrap(function)
    if inspect.isasyncgenfunction(function):
        return "stream"
    return "async" if inspect.iscoroutinefunction(function) else "sync"


def _signature(function: Any, *, skip_first: bool) -> inspect.Signature:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a callable written in C that states none
        return inspect.Signature(
            [
                inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL),
                inspect.Parameter("kwargs", inspect.Parameter.VAR_KEYWORD),
            ]
        )
    parameters = list(signature.parameters.values())
    takes_self = parameters and parameters[0].kind in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    )
    return signature.replace(parameters=parameters[1:] if skip_first and takes_self else parameters)


def _context_parameter(signature: inspect.Signature) -> str | None:
    """Return the parameter that is annotated as the context; a mere name means nothing: legacy code has
    others.
    """
    for parameter in signature.parameters.values():
        annotation = parameter.annotation
        text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
        words = {word.strip("'\" ").rpartition(".")[2] for word in text.replace("|", ",").split(",")}
        if "OrchestrationContext" in words:
            return parameter.name
    return None

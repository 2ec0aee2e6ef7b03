"""What is wrong with parameters, in words."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from orchestra.errors import WrongParametersError
from orchestra.layers import nearest
from orchestra.runtime import label_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestra.catalog import Operation


def check_fit(
    orchestrator: Any,
    operation: Operation,
    params: Mapping[str, Any],
    *,
    wrong: Sequence[str] = (),
    because: BaseException | None = None,
) -> None:
    """Raise WrongParametersError when the parameters do not fit: all that is wrong with them in one error.

    ``wrong`` names those whose values are of another type than the annotation.
    """
    parameters = operation.signature.parameters.values()
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    named = [p for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    names = {parameter.name for parameter in named}
    missing = [p.name for p in named if p.default is p.empty and p.name not in params]
    if operation.context_parameter in missing:
        missing.remove(operation.context_parameter)
    unexpected = [] if open_ended else [name for name in params if name not in names]
    if not missing and not unexpected and not wrong:
        return
    said = [_misfit(name, params[name], operation.signature.parameters[name]) for name in wrong]
    if missing:
        said.append(f"missing {', '.join(map(repr, missing))}")
    if unexpected:
        guesses = "".join(nearest(name, missing or names) for name in unexpected)
        said.append(f"unexpected {', '.join(map(repr, unexpected))}{'.' if guesses else ''}{guesses}")
    label = label_of(orchestrator)
    advice = "; the context is passed positionally" if "context" in unexpected else ""
    way_out = "; to take such values, widen the annotation or say @operation(check_types=False)"
    raise WrongParametersError(
        f"Wrong parameters for operation '{operation.name}' of '{label}': {'; '.join(said)}",
        hint=f"It takes {_shown(operation.signature)}{advice}{way_out if wrong else ''}",
        orchestrator=label,
        operation=operation.name,
        missing=missing,
        unexpected=unexpected,
        wrong=list(wrong),
    ) from because


def _misfit(name: str, value: object, parameter: inspect.Parameter) -> str:
    """Return what was given and what fits, without the value: it may be a secret."""
    given = "None" if value is None else type(value).__name__
    fits = inspect.formatannotation(plain(parameter.annotation))
    return f"'{name}' is {given}, not {fits}"


def _shown(signature: inspect.Signature) -> str:
    """Return a signature as it was written: annotations that are kept as text lose their quotes."""
    parameters = [
        parameter.replace(annotation=plain(parameter.annotation))
        for parameter in signature.parameters.values()
    ]
    return str(signature.replace(parameters=parameters, return_annotation=plain(signature.return_annotation)))


class _Text(str):
    """A text whose ``repr`` is the text, since that is what ``inspect`` prints."""

    __slots__ = ()
    __repr__ = str.__str__


def plain(annotation: Any) -> Any:
    """Return an annotation so that ``inspect`` prints it as it was written."""
    return _Text(annotation) if isinstance(annotation, str) else annotation

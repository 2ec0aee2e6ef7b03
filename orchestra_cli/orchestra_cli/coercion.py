"""Values from the command line without pydantic.

Typer validates every value with pydantic, whose import takes as long as everything else together. Text,
numbers, paths, choices and lists of them need none of it; any other type is left to Typer. This rests on a
name that Typer calls private (the version is pinned, a test sees that pydantic stays out).
"""

from __future__ import annotations

from typing import Any, get_args, get_origin

from typer._coercion import RuntimeParam

from orchestra_cli.conversion import converter


class PlainParam(RuntimeParam):
    """Turns text into the value of a parameter whose type is simple."""

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        annotation: Any = self.annotation
        is_list = get_origin(annotation) is list
        least = self.parameter_info.min
        convert = converter(get_args(annotation)[0] if is_list else annotation, least)
        assert convert is not None
        try:
            return [convert(item) for item in value] if is_list else convert(value)
        except ValueError as error:
            from orchestra_cli.errors import InvalidValueError
            from orchestra_cli.suggest import did_you_mean

            name = param.opts[0] if param.param_type_name == "option" else param.display_name_raw
            known = getattr(error, "known", ())
            see = f"`{ctx.command_path} --help` shows what it takes."
            hint = did_you_mean(str(value), known, _listed(known) or see)
            raise InvalidValueError(f"{name} cannot be {_shown(value)}: {error}", hint=hint) from None


def make_plain(param: Any) -> None:
    """Keep pydantic out of a parameter whose type is simple."""
    descriptor = param.type_descriptor
    annotation = descriptor.annotation
    element = get_args(annotation)[0] if get_origin(annotation) is list else annotation
    if descriptor.parameter_info.parser is None and converter(element) is not None:
        param._runtime_param = PlainParam(descriptor.parameter_info, annotation)  # noqa: SLF001 - see above


def _listed(known: tuple[str, ...]) -> str:
    return f"The choices are: {', '.join(known)}." if known else ""


def _shown(value: Any) -> str:
    return ", ".join(f"`{item}`" for item in value) if isinstance(value, (list, tuple)) else f"`{value}`"

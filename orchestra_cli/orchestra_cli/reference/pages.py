"""The help of every command as data, so that neither `--help` nor completion needs to import the command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from orchestra_cli.codes import all_codes
from orchestra_cli.lazy import LazyGroup, main_group, page_parts
from orchestra_cli.tree import PROGRAM


def all_pages() -> dict[str, Any]:
    """Return the content of pages.json."""
    return {"commands": dict(sorted(_pages())), "codes": list(all_codes())}


def _pages() -> Iterator[tuple[str, dict[str, Any]]]:
    group = main_group()
    with group.make_context(PROGRAM, [], resilient_parsing=True) as context:
        yield from _below(group, context, ())


def _below(group: LazyGroup, context: Any, path: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        inner = command.make_context(name, [], parent=context, resilient_parsing=True)
        usage, text, sections = page_parts(inner)
        names = (*path, name)
        yield (
            " ".join(names),
            {
                "usage": usage,
                "text": text,
                "sections": [[title, [list(row) for row in rows]] for title, rows in sections if rows],
                "options": dict(_options(command.get_params(inner))),
                "commands": command.list_commands(inner) if isinstance(command, LazyGroup) else [],
            },
        )
        if isinstance(command, LazyGroup):
            yield from _below(command, inner, names)


def _options(params: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for param in params:
        if param.param_type_name == "option":
            for name in sorted(param.opts):  # a set gave those of --help their order
                yield name, {"help": param.help or "", "value": _value(param)}


def _value(param: Any) -> str | list[str] | None:
    """Return None for a flag, the choices, or the kind of value."""
    if param.is_flag:
        return None
    annotation = param.type_descriptor.annotation
    element = get_args(annotation)[0] if get_origin(annotation) is list else annotation
    choices = param.type_descriptor.choices
    return (
        [str(choice) for choice in choices] if choices else param.metavar or getattr(element, "__name__", "")
    )

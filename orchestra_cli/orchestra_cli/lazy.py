"""Typer's view of the commands: imported when they are asked for, in help of one look.

A command is a module in `commands/` with a function `command`, whose docstring is its help and whose first
parameter is the Session. A group is a folder there (tree.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from orchestra_cli import help as layout
from orchestra_cli.coercion import make_plain
from orchestra_cli.options import common_options
from orchestra_cli.parameters import Argument
from orchestra_cli.session import Session
from orchestra_cli.terminal import width
from orchestra_cli.tree import COMMANDS, PROGRAM, command_module, command_names, is_group


def main_group() -> LazyGroup:
    """Return the group of all commands."""
    return _group(import_module(COMMANDS), PROGRAM, _main_callback)


class _PlainMixin:
    """Parameters without pydantic, help in our layout."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for param in params:
            if param._runtime_param is None:  # noqa: SLF001 - see coercion.py
                make_plain(param)
        return params

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc]
        except typer.TyperException as error:
            # Some of them do not know in which command they happened.
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage, text, sections = page_parts(ctx)
        formatter.write(layout.page(usage, text, sections, "", width()))

    def rows(self, ctx: Any) -> layout.Rows:
        """Return the commands below this one, each with its summary."""
        del ctx
        return ()


class LazyCommand(_PlainMixin, TyperCommand):
    """One command. ``hint_for_stray`` says what to do about arguments that it does not take."""

    hint_for_stray: Callable[[str], str] | None = None


class LazyGroup(_PlainMixin, TyperGroup):
    """The commands of a folder."""

    package = COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names without importing anything."""
        del ctx
        return command_names(self.package)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return a command, or None where there is none of that name."""
        del ctx
        module = command_module(self.package, cmd_name)
        if module is None:
            return None
        return _group(module, cmd_name, _group_callback) if is_group(module) else _command(module, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the arguments name. Raises UnknownCommandError."""
        name = args[0]
        found = None if name.startswith("-") else self.get_command(ctx, name)
        if found is None:
            from orchestra_cli.errors import UnknownCommandError
            from orchestra_cli.suggest import did_you_mean

            known = self.list_commands(ctx)
            otherwise = f"`{ctx.command_path} --help` lists the commands."
            raise UnknownCommandError(
                f"`{ctx.command_path}` has no command `{name}`", hint=did_you_mean(name, known, otherwise)
            )
        return name, found, args[1:]

    def rows(self, ctx: Any) -> layout.Rows:
        """Return the commands below this group, which are imported for it."""
        return tuple((name, summary(self.get_command(ctx, name).help)) for name in self.list_commands(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of a group; that of the whole program is the static one."""
        if ctx.parent is None:
            formatter.write(layout.main_help(width()))
        else:
            super().format_help(ctx, formatter)


def summary(docstring: str | None) -> str:
    """Return the first sentence of a docstring, which stands on its first line."""
    return (docstring or "").strip().partition("\n")[0]


def page_parts(ctx: Any) -> tuple[str, str, list[tuple[str, layout.Rows]]]:
    """Return the usage, the text and the sections of a command's help."""
    sections: dict[str, list[tuple[str, str]]] = {
        "Commands": list(ctx.command.rows(ctx)),
        "Arguments": [],
        "Options": [],
        "Options of every command": [],
    }
    for param in ctx.command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            sections[_section(param)].append(record)
    usage = " ".join((ctx.command_path, *ctx.command.collect_usage_pieces(ctx)))
    return usage, ctx.command.help or "", [(title, tuple(found)) for title, found in sections.items()]


def _section(param: Any) -> str:
    if param.param_type_name == "argument":
        return "Arguments"
    return "Options of every command" if param.name in {*_COMMON, "help"} else "Options"


def _command(module: ModuleType, name: str) -> Any:
    app = typer.Typer(add_completion=False)
    app.command(name, cls=LazyCommand)(_with_session(module.command))
    command: Any = typer.main.get_command(app)
    command.hint_for_stray = getattr(module, "hint_for_stray", None)
    return command


def _group(module: ModuleType, name: str, callback: Callable[..., None]) -> LazyGroup:
    kind = type("Commands", (LazyGroup,), {"package": module.__name__})
    settings = {"help_option_names": ["-h", "--help"]}
    app = typer.Typer(
        name=name,
        cls=kind,
        help=inspect.getdoc(module),
        add_completion=False,
        context_settings=settings,
        no_args_is_help=True,
        subcommand_metavar="COMMAND …",
    )
    app.callback()(callback)
    group = typer.main.get_command(app)
    assert isinstance(group, LazyGroup)
    return group


def _with_session(function: Callable[..., int]) -> Callable[..., int]:
    """Return ``function`` with the common options in place of its Session."""
    own = _for_typer(function)

    def invoke(context: typer.Context, **values: Any) -> int:
        session = _merged(context, common_options(**{name: values.pop(name) for name in _COMMON}))
        return function(session, **values)

    parameters = [
        inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *own.values(),
        *_COMMON.values(),
    ]
    invoke.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    invoke.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    invoke.__doc__ = inspect.getdoc(function)
    return invoke


def _for_typer(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the parameters of a command in Typer's words, its Session left out."""
    found = {}
    for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
        if get_origin(parameter.annotation) is not Annotated:
            continue
        kind, said = get_args(parameter.annotation)
        told = typer.Argument if isinstance(said, Argument) else typer.Option
        typed = told(*said.names, help=said.help, metavar=said.metavar, min=said.least)
        found[name] = parameter.replace(kind=parameter.KEYWORD_ONLY, annotation=Annotated[kind, typed])
    return found


def _merged(context: typer.Context, behind: Session) -> Session:
    before = context.find_root().obj
    if not isinstance(before, Session):
        return behind
    return Session(
        root=behind.root or before.root,
        is_quiet=behind.is_quiet or before.is_quiet,
        is_verbose=behind.is_verbose or before.is_verbose,
        is_debugging=behind.is_debugging or before.is_debugging,
    )


def _print_version(value: bool) -> None:
    if value:
        from orchestra._version import __version__
        from orchestra_cli.terminal import write_out

        write_out(f"{PROGRAM} {__version__}\n")
        raise typer.Exit


def _main_callback(  # noqa: PLR0917 - Typer passes them by name
    context: typer.Context,
    root: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v")] = False,
    debug: Annotated[bool, typer.Option("--debug")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_print_version)] = False,
) -> None:
    del version
    context.obj = common_options(root, quiet, verbose, debug)


def _group_callback() -> None:
    """A group takes no options of its own."""


_COMMON = _for_typer(common_options)

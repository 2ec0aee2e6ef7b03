"""What the operations of an orchestrator take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orchestra_cli.help import paragraphs
from orchestra_cli.terminal import Style, width


@dataclass(frozen=True, slots=True)
class OperationsReport:
    """The operations of one orchestrator, as its process described them."""

    explained: Mapping[str, Any]
    command: str = "run-explain"

    def data(self) -> Mapping[str, Any]:
        """Return the description as it is."""
        return self.explained

    def lines(self, style: Style) -> Iterable[str]:
        """Return what it is, then each operation with its parameters."""
        about = self.explained
        yield f"{style.bold(about['name'])}  {style.dim(about['class'])}"
        yield from _indented(about["text"], 2)
        for operation in about["operations"]:
            yield ""
            yield from _operation(operation, style)
        yield ""
        yield f"Run one with: orchestra run {about['name']}{_example(about['operations'])}"


def _operation(operation: Mapping[str, Any], style: Style) -> Iterator[str]:
    if operation["name"] is None:
        yield style.cyan("its own orchestrate()")
    else:
        notes = [
            *(["a stream"] if operation["kind"] == "stream" else []),
            *(["default"] if operation["is_default"] else []),
        ]
        yield style.cyan(operation["name"]) + (f"  ({', '.join(notes)})" if notes else "")
    yield from _indented(operation["text"], 2)
    for parameter in operation["parameters"]:
        yield f"  {_option(parameter['name'])}  {style.dim(_described(parameter))}"
    if not operation["parameters"]:
        yield "  takes no parameters"


def _option(name: str) -> str:
    if name.startswith("**"):
        return "-p KEY=…, any other"
    return f"{name}, from Python only" if name.startswith("*") else f"-p {name}=…"


def _described(parameter: Mapping[str, Any]) -> str:
    said = [parameter["type"] or "anything"]
    if parameter["choices"]:
        said.append(f"one of {', '.join(parameter['choices'])}")
    if parameter["is_required"]:
        said.append("required")
    elif parameter["default"] is not None:
        said.append(f"default: {parameter['default']}")
    return "; ".join(said)


def _example(operations: list[Mapping[str, Any]]) -> str:
    first = operations[0]
    named = "" if first["name"] is None or first["is_default"] else f" --operation {first['name']}"
    required = [f" -p {one['name']}=…" for one in first["parameters"] if one["is_required"]]
    return named + "".join(required)


def _indented(text: str, columns: int) -> Iterator[str]:
    if text:
        for line in paragraphs(text, width() - columns):
            yield f"{' ' * columns}{line}".rstrip()

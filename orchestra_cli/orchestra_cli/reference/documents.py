"""The pages of docs/reference, as Markdown."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from orchestra_cli.codes import all_codes
from orchestra_cli.table import GLOBAL_OPTIONS, SECTIONS
from orchestra_codemods.config import Config
from orchestra_codemods.config import model as config_model
from orchestra_codemods.config.load import KEYS
from orchestra_codemods.config.values import type_of

_NOTE = "<!-- Written by `make docs` from the code. -->\n\n"


def all_documents(pages: Mapping[str, Any]) -> dict[str, str]:
    """Return file name to text."""
    return {
        "commands.md": _NOTE + "\n".join(_commands(pages["commands"])) + "\n",
        "errors.md": _NOTE + "\n".join(_codes()) + "\n",
        "configuration.md": _NOTE + "\n".join(_settings()) + "\n",
    }


def _commands(commands: Mapping[str, Any]) -> Iterator[str]:
    yield "# Commands"
    for title, rows in SECTIONS:
        yield f"\n## {title}\n"
        for name, text in rows:
            yield f"- [`orchestra {name}`](#orchestra-{name}): {text}"
    yield "\n## Options before every command\n"
    yield from (f"- `{names}`: {text}" for names, text in GLOBAL_OPTIONS)
    for name, page in commands.items():
        yield f"\n## orchestra {name}\n"
        yield f"    {page['usage']}\n"
        yield _markdown(page["text"])
        for title, rows in page["sections"]:
            if title != "Options of every command":
                yield f"\n{title}:\n"
                yield from (f"- `{option}`: {text}" for option, text in rows)


def _codes() -> Iterator[str]:
    yield "# Errors and refusals\n"
    yield "What stands in `error[…]` and `refused[…]`. `orchestra explain CODE` prints the same text."
    for code in all_codes().values():
        yield f"\n## {code.code}\n"
        yield _markdown(code.text)


def _settings() -> Iterator[str]:
    yield "# Configuration\n"
    yield (
        "Settings stand in `[tool.orchestra]` of the nearest `pyproject.toml`, or at the top level of an\n"
        "`orchestra.toml`. A variable `ORCHESTRA_<SETTING>` wins over the file, an option over both; "
        "`orchestra config show`\nsays where each value came from. Paths are relative to the project's root."
    )
    explained = _field_texts()
    defaults = Config()
    for key, name in KEYS.items():
        yield f"\n## {key}\n"
        yield explained[name]
        yield f"\nType: {type_of(name)}. Default: `{_default(getattr(defaults, name))}`."


def _field_texts() -> dict[str, str]:
    """Return the text that stands below each field of Config."""
    tree = ast.parse(Path(inspect.getfile(config_model)).read_bytes())
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Config")
    texts: dict[str, str] = {}
    for field, text in pairwise(body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                texts[name] = inspect.cleandoc(said)
            case _:
                continue
    return texts


def _default(value: Any) -> str:
    if value is None:
        return "none"
    return str(list(value)) if isinstance(value, tuple) else str(value)


def _markdown(text: str) -> str:
    return text.strip()

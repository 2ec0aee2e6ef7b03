"""Settings from file, environment and options; the later wins, and each remembers where it came from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from orchestra_codemods.config.errors import UnknownSettingError, WrongTypeError
from orchestra_codemods.config.find import Located
from orchestra_codemods.config.model import Config
from orchestra_codemods.config.values import check, checked_type, from_text, type_of

PREFIX = "ORCHESTRA_"
FOREIGN = frozenset({"ORCHESTRA_CACHE_DIR", "ORCHESTRA_DEPRECATED_USES", "ORCHESTRA_STATE_DIR"})
"""Variables with our prefix that are no settings of a project."""

KEYS: Mapping[str, str] = {
    item.name.replace("_", "-"): item.name for item in fields(Config) if item.name != "origins"
}
"""Setting as it is written in TOML to field of Config."""


def load(
    located: Located,
    environment: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> Config:
    """Return the settings of a project.

    ``environment`` is `os.environ` when left out. ``options`` are field names with the values of the command
    line; None means: not given. Raises UnknownSettingError, WrongTypeError and InvalidSettingError.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    layers = (
        (_from_table(located), located.label),
        (_from_environment(os.environ if environment is None else environment), "environment"),
        ({name: value for name, value in (options or {}).items() if value is not None}, "command line"),
    )
    for layer, origin in layers:
        values |= layer
        origins |= dict.fromkeys(layer, origin)
    origins |= {
        name: f"environment {_variable(name)}" for name, origin in origins.items() if origin == "environment"
    }
    for name, value in values.items():
        check(located.root, name, value, origins[name])
    return Config(**values, origins=origins)


def _from_table(located: Located) -> dict[str, Any]:
    table = located.table or {}
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = KEYS.get(key)
        if name is None:
            raise _unknown(key, f"{located.file}", KEYS)
        values[name] = checked_type(key, value, type_of(name), located.label)
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    known = {_variable(name): name for name in KEYS.values()}
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if variable in known:
            name = known[variable]
            try:
                values[name] = from_text(text, type_of(name))
            except ValueError as error:
                raise WrongTypeError(
                    f"{variable} is {text!r}, which {error}",
                    hint=f"It should be {type_of(name)}.",
                    key=variable,
                ) from None
        elif variable.startswith(PREFIX) and variable not in FOREIGN and _nearest(variable, known):
            raise _unknown(variable, "the environment", known)
    return values


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _unknown(key: str, where: str, known: Mapping[str, str]) -> UnknownSettingError:
    nearest = _nearest(key, known) or _nearest(key.replace("_", "-"), known)
    hint = f"Did you mean `{nearest}`?" if nearest else f"The settings are: {', '.join(sorted(known))}."
    return UnknownSettingError(f"`{key}` in {where} is not a setting", hint=hint, key=key)


def _nearest(key: str, known: Mapping[str, str]) -> str | None:
    return next(iter(get_close_matches(key, known, n=1, cutoff=0.75)), None)

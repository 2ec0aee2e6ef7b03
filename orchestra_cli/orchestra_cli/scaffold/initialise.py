"""From what `orchestra init` is asked for to the plan of everything that is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestra_cli.errors import AlreadyInitialisedError, PackageHidesModuleError
from orchestra_cli.scaffold.package import UNIT, plan_package, plan_result_module
from orchestra_cli.scaffold.settings import with_settings
from orchestra_codemods.change import Change, Plan, Refusal
from orchestra_codemods.config import Config, Located, load
from orchestra_codemods.config.load import KEYS
from orchestra_codemods.source import Source


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command; None is what was not given."""

    package: str | None = None
    source_root: str | None = None
    step_result: str | None = None

    def settings(self) -> dict[str, Any]:
        """Return what was asked for as settings, by the field names of Config."""
        roots = (self.source_root.rstrip("/") or "/",) if self.source_root else None
        asked = {"package": self.package, "source_roots": roots, "step_result": self.step_result}
        return {name: value for name, value in asked.items() if value is not None}


def plan_init(located: Located, wanted: Wanted) -> Plan:
    """Return the plan that gives the project its settings and its package.

    Raises ConfigError for values that cannot work, and AlreadyInitialisedError where the file says otherwise.
    """
    written = load(located, environment={})
    asked = {**_from_environment(located, written), **wanted.settings()}
    load(located, environment={}, options=asked)
    _check_agreement(written, asked, located)
    config = load(located, environment={}, options=_without_known_roots(written, asked))
    source_root = _source_root(located.root, config, wanted.source_root)
    app = config.app or f"{config.package}.facade:build_facade"
    settings = {"package": config.package, **asked, "app": app}
    _check_not_hidden(located.root, source_root, config.package)
    own = f"{config.package}.results"
    result = config.step_result if config.step_result != own else None
    parts = [
        *_settings_change(located, settings, written),
        *plan_package(located.root, source_root, config.package, result),
    ]
    if result is not None:
        home = _home_of(located.root, config, result, source_root)
        _check_not_hidden(located.root, home, result.rpartition(".")[0])
        parts += plan_result_module(located.root, home, result)
    changes = {part.path: part for part in reversed(parts) if isinstance(part, Change)}
    return Plan(
        changes=tuple(sorted(changes.values(), key=lambda change: change.path)),
        refusals=tuple(part for part in parts if isinstance(part, Refusal)),
    )


def _from_environment(located: Located, written: Config) -> dict[str, Any]:
    """Return what variables say of the settings that init writes; what the file says already stays."""
    given = load(located)
    names = ("package", "source_roots", "step_result")
    return {
        name: getattr(given, name)
        for name in names
        if given.origins.get(name, "").startswith("environment") and name not in written.origins
    }


def _check_not_hidden(root: Path, source_root: str, package: str) -> None:
    """Refuse a package that would hide a module: of `core.py` and `core/`, Python imports the folder."""
    parts = package.split(".") if package else []
    for count in range(1, len(parts) + 1):
        path = "/".join(part for part in (source_root, *parts[:count]) if part != ".")
        if (root / f"{path}.py").is_file() and not (root / path / "__init__.py").is_file():
            raise PackageHidesModuleError(
                f"the package {'.'.join(parts[:count])} would hide the module {path}.py",
                hint=f"Choose another name, for example --package {'_'.join(parts[:count])}_orchestrators.",
                path=f"{path}.py",
            )


def _check_agreement(written: Config, asked: dict[str, Any], located: Located) -> None:
    for name, value in asked.items():
        existing = getattr(written, name)
        agrees = existing == value or (name == "source_roots" and set(value) <= set(existing))
        if name in written.origins and not agrees:
            key = name.replace("_", "-")
            raise AlreadyInitialisedError(
                f"{located.label} says {key} = {_shown(existing)}, not {_shown(value)}",
                hint=f"Change it there, or leave --{key.removesuffix('s')} out.",
                key=key,
            )


def _without_known_roots(written: Config, asked: dict[str, Any]) -> dict[str, Any]:
    known = "source_roots" in written.origins
    return {name: value for name, value in asked.items() if not (known and name == "source_roots")}


def _settings_change(located: Located, settings: dict[str, Any], written: Config) -> list[Change]:
    additions = {
        key: settings[name] for key, name in KEYS.items() if name in settings and name not in written.origins
    }
    before = Source.from_bytes(located.file.name, located.file.read_bytes())
    text = with_settings(before.text, additions, is_own_file=located.file.name == "orchestra.toml")
    change = Change(before, before.with_text(text), "the project's settings", units=(UNIT,))
    return [] if change.is_empty else [change]


def _source_root(root: Path, config: Config, asked: str | None) -> str:
    if asked is not None:
        return asked.rstrip("/")
    if config.source_roots:
        return _home_of(root, config, config.package, config.source_roots[0])
    return _home_of(root, config, config.package, "src" if (root / "src").is_dir() else ".")


def _home_of(root: Path, config: Config, module: str, otherwise: str) -> str:
    """Return the source root in which the first part of a dotted name exists already."""
    first = module.partition(".")[0]
    for candidate in (*config.source_roots, otherwise, "src", "."):
        if (root / candidate / first).is_dir() or (root / candidate / f"{first}.py").is_file():
            return candidate
    return otherwise


def _shown(value: Any) -> str:
    return str(list(value)) if isinstance(value, tuple) else f'"{value}"'

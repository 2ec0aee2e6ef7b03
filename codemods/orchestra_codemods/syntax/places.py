"""Modules and layers behind paths, by the settings of the project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from orchestra_codemods.config import Config

LAYERS = ("domain", "application", "infrastructure")
TABLE: Mapping[str, tuple[str, ...]] = {
    "domain": (),
    "application": ("domain", "infrastructure"),
    "infrastructure": ("domain",),
}
"""Layer to the layers that it may import (spec/runtime.md, Context)."""


def source_roots(config: Config, paths: Iterable[str]) -> tuple[str, ...]:
    """Return the configured source roots, or `src` where it exists, and the root."""
    if config.source_roots:
        return config.source_roots
    return ("src", "") if any(path.startswith("src/") for path in paths) else ("",)


def module_of(config: Config, path: str) -> str:
    """Return the name by which a file is usually imported."""
    roots = [f"{root.strip('/')}/" for root in (*config.source_roots, "src") if root.strip("/.")]
    for root in sorted(roots, key=len, reverse=True):
        if path.startswith(root):
            path = path[len(root) :]
            break
    name = path.removesuffix(".pyi").removesuffix(".py").replace("/", ".")
    return name.removesuffix(".__init__")


def absolute(config: Config, path: str, level: int, module: str) -> str:
    """Return the absolute name behind a relative import in a file."""
    if not level:
        return module
    parts = module_of(config, path).split(".")
    if not path.endswith(("/__init__.py", "/__init__.pyi")):
        parts = parts[:-1]
    parts = parts[: len(parts) - (level - 1)]
    return ".".join([*parts, module] if module else parts)


def layer_of(config: Config, module: str) -> str | None:
    """Return the layer whose package a module belongs to."""
    below = f"{module}.".removeprefix(f"{config.package}.")
    layer = below.partition(".")[0] if below != f"{module}." else ""
    return layer if layer in allowed(config) else None


def allowed(config: Config) -> dict[str, tuple[str, ...]]:
    """Return the table of layers, with what the project's settings say instead."""
    return dict(TABLE) | {layer: tuple(others.split()) for layer, others in config.layers.items()}

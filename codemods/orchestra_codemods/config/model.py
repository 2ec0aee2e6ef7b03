"""The settings of a project, each with the place it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LAYERS = ("domain", "application", "infrastructure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """``[tool.orchestra]`` with defaults filled in; in TOML the names have hyphens.

    Paths are relative to the project's root, with forward slashes.
    """

    package: str = "orchestrators"
    """Where the layer packages live, as a dotted import name."""
    source_roots: tuple[str, ...] = ()
    """Folders on the program's import path; empty means: `src` where it exists, and the root."""
    step_result: str | None = None
    """The module of the project's own StepResult."""
    patterns: tuple[str, ...] = ("*Orchestrator", "*Coordinator")
    """Class names that are orchestrators."""
    base_classes: tuple[str, ...] = ()
    """Dotted names of classes whose subclasses are orchestrators too."""
    exclude: tuple[str, ...] = ()
    """Files and folders that are never read, as in .gitignore."""
    app: str | None = None
    """The composition root, `module:function`."""
    python: str | None = None
    """The interpreter that runs user code; None means: the one that runs us."""
    store: str | None = None
    """Where durable runs are kept, as a URL; None means: a SQLite file below `.orchestra/`."""
    owner: str | None = None
    """Who is named in deprecation records."""
    remove_after_days: int = 90
    """Days until a deprecated module is due."""
    layers: Mapping[str, str] = field(default_factory=dict)
    """Layer to the layers that it may import, separated by blanks, where the default table does not fit."""
    lint_select: tuple[str, ...] = ()
    """Lint rules to run, by code or name; empty means: all that are on by default."""
    lint_ignore: tuple[str, ...] = ()
    """Lint rules to leave out, by code or name."""
    templates: tuple[str, ...] = ()
    """Folders of the project's own templates, each template in a folder of its own."""
    factories: Mapping[str, str] = field(default_factory=dict)
    """Orchestrator name to `module:function`, where the constructor needs arguments."""
    safe_to_verify: tuple[str, ...] = ()
    """Operations that `orchestra verify` may execute, as `name.operation`, beside those marked so."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Where each value that is not a default came from."""

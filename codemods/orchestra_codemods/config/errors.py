"""What can be wrong with a project's settings."""

from __future__ import annotations

from orchestra.errors import OrchestraError


class ConfigError(OrchestraError):
    """The project's settings cannot be used."""

    code = "config-error"


class ConfigNotFoundError(ConfigError):
    """No `pyproject.toml` or `orchestra.toml` is in the folder or above it.

    The file marks the root of the project: every path is relative to it, and nothing is written outside.
    An empty `pyproject.toml` is enough. `--root DIR` names the folder where it lies elsewhere.
    """

    code = "config-not-found"
    folder: str


class BrokenConfigError(ConfigError):
    """The settings file is not valid TOML, or cannot be read.

    The message names the line that a TOML parser objects to. Other tools stumble over the same line.
    """

    code = "config-broken"
    path: str


class UnknownSettingError(ConfigError):
    """`[tool.orchestra]` has a key that means nothing, most often a misspelled one.

    An unknown key is an error rather than ignored, since a setting that does nothing misleads whoever
    reads it. `orchestra config show` prints every key that exists.
    """

    code = "config-unknown-key"
    key: str


class WrongTypeError(ConfigError):
    """A setting has a value of another type than it should, such as text where a list belongs."""

    code = "config-wrong-type"
    key: str


class InvalidSettingError(ConfigError):
    """A setting has the right type and a value that cannot work, such as a package name with a slash."""

    code = "config-invalid-value"
    key: str

"""The settings of a project: found, read, checked, each with the place it came from."""

from orchestra_codemods.config.errors import (
    BrokenConfigError,
    ConfigNotFoundError,
    InvalidSettingError,
    UnknownSettingError,
    WrongTypeError,
)
from orchestra_codemods.config.find import Located, locate
from orchestra_codemods.config.load import load
from orchestra_codemods.config.model import LAYERS, Config

__all__ = [
    "LAYERS",
    "BrokenConfigError",
    "Config",
    "ConfigNotFoundError",
    "InvalidSettingError",
    "Located",
    "UnknownSettingError",
    "WrongTypeError",
    "load",
    "locate",
]

"""A small async framework for orchestrators in three layers."""

from orchestra._version import __version__ as __version__

"""The command is run as the tests of the command line run it."""

from tests.cli.conftest import orchestra, own_places

__all__ = ["orchestra", "own_places"]

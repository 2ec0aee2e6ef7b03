"""A package goes on exporting what moved out of it, whichever of the two is imported first."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

PACKAGE = """
from orchestra.moved import reexport

reexport(__name__, "new_home.hub", "Hub", Center="Hub")
__all__ = ["Hub"]
"""
NEW = "from old_home.tools import tool\n\nclass Hub:\n    tool = staticmethod(tool)\n"


@pytest.fixture
def package(place: Any) -> None:
    place({"old_home.tools": "def tool():\n    return 1\n", "new_home.hub": NEW})
    place({"old_home.__init__": PACKAGE})


@pytest.mark.usefixtures("package")
class TestReexport:
    @pytest.mark.parametrize("first", ["old_home", "new_home.hub", "old_home.tools"])
    def test_either_order_of_import_gives_the_name(self, first: str) -> None:
        importlib.import_module(first)
        old, new = importlib.import_module("old_home"), importlib.import_module("new_home.hub")
        assert old.Hub is old.Center is new.Hub

    def test_imported_first_the_package_has_the_name_at_once(self) -> None:
        assert "Hub" in vars(importlib.import_module("old_home"))

    @pytest.mark.parametrize("first", ["old_home", "new_home.hub"])
    def test_a_star_import_gives_the_name(self, first: str) -> None:
        importlib.import_module(first)
        namespace: dict[str, Any] = {}
        exec("from old_home import *", namespace)
        assert namespace["Hub"] is sys.modules["new_home.hub"].Hub

    def test_a_missing_name_is_an_attribute_error_of_the_package(self) -> None:
        importlib.import_module("new_home.hub")
        with pytest.raises(AttributeError, match=r"module 'old_home' has no attribute 'Other'"):
            _ = importlib.import_module("old_home").Other

    def test_several_moved_modules_answer_side_by_side(self, place: Any) -> None:
        second = "reexport(__name__, 'new_home.rim', 'Rim')\n"
        place({"old_home.__init__": PACKAGE + second, "new_home.rim": "import old_home\nclass Rim: pass\n"})
        place({"new_home.hub": f"import new_home.rim\n{NEW}"})
        importlib.import_module("new_home.hub")
        old: Any = importlib.import_module("old_home")
        assert (old.Hub.__name__, old.Rim.__name__) == ("Hub", "Rim")

    def test_a_plain_import_would_have_failed(self, place: Any) -> None:
        place({"old_home.__init__": "from new_home.hub import Hub\n"})
        with pytest.raises(ImportError, match="partially initialized"):
            importlib.import_module("new_home.hub")

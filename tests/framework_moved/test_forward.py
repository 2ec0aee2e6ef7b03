"""What worked through the old name of a module works after it has moved."""

from __future__ import annotations

import importlib
import importlib.util
import os
import pickle
import subprocess
import sys
import threading
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from orchestra.moved import MovedModuleWarning

pytestmark = pytest.mark.filterwarnings("ignore::orchestra.moved.MovedModuleWarning")


def both() -> tuple[Any, Any]:
    return importlib.import_module("old_home.hub"), importlib.import_module("new_home.hub")


@pytest.mark.usefixtures("moved")
class TestNames:
    def test_reads_give_the_very_objects_of_the_new_module(self) -> None:
        old, new = both()
        assert old.Hub is new.Hub
        assert old.helper is new.helper
        assert isinstance(new.Hub(), old.Hub)

    def test_a_loader_that_calls_getattribute_itself_gets_what_it_asks_for(self) -> None:
        old, new = both()
        assert old.__getattribute__("Hub") is new.Hub
        assert object.__getattribute__(new, "Hub") is new.Hub
        with pytest.raises(AttributeError, match=r"module 'old_home.hub' has no attribute 'nothing'"):
            old.__getattribute__("nothing")

    def test_private_names_and_later_values_are_seen(self) -> None:
        old, new = both()
        assert old._instance is None
        hub = new.get_hub()
        assert old._instance is hub

    def test_an_assignment_reaches_the_code_that_moved(self) -> None:
        old, new = both()
        marker = object()
        old._instance = marker
        assert new.get_hub() is marker
        old.limit = 10
        assert new.helper() == 11

    def test_a_deletion_reaches_the_new_module(self) -> None:
        old, new = both()
        del old.limit
        assert not hasattr(new, "limit")
        assert not hasattr(old, "limit")

    def test_a_missing_name_is_an_attribute_error_that_names_the_old_module(self) -> None:
        old, _ = both()
        with pytest.raises(AttributeError, match=r"module 'old_home.hub' has no attribute 'nothing'"):
            _ = old.nothing
        with pytest.raises(ImportError, match="nothing"):
            exec("from old_home.hub import nothing")

    def test_dir_and_vars_show_what_moved(self) -> None:
        old, new = both()
        assert {"Hub", "helper", "_instance"} <= set(dir(old))
        assert "forward" not in dir(old)
        assert vars(old)["Hub"] is new.Hub

    def test_it_keeps_its_own_identity_and_place(self) -> None:
        old, new = both()
        assert (old.__name__, old.__spec__.name) == ("old_home.hub", "old_home.hub")
        assert Path(old.__file__).parent.name == "old_home"
        assert old is not new

    def test_a_star_import_gives_the_public_names(self) -> None:
        namespace: dict[str, Any] = {}
        exec("from old_home.hub import *", namespace)
        assert {"Hub", "helper", "get_hub", "limit"} <= set(namespace)
        assert "_instance" not in namespace
        assert "forward" not in namespace

    def test_a_star_import_honours_all(self, place: Any) -> None:
        place({"new_home.hub": "__all__ = ['_odd']\n_odd = 1\nplain = 2\n"})
        namespace: dict[str, Any] = {}
        exec("from old_home.hub import *", namespace)
        assert namespace["_odd"] == 1
        assert "plain" not in namespace


@pytest.mark.usefixtures("moved")
class TestPatching:
    def test_mock_patch_by_the_old_name_reaches_moved_code_and_restores(self) -> None:
        _, new = both()
        original = new.helper
        with mock.patch("old_home.hub.helper", return_value="patched"):
            assert new.Hub().work() == "patched"
        assert new.helper is original

    def test_a_name_that_a_module_getattr_also_answers_is_restored(self, place: Any) -> None:
        place({"new_home.hub": "def helper():\n    return 1\ndef __getattr__(name):\n    return 'made up'\n"})
        old, new = both()
        with mock.patch("old_home.hub.helper", return_value=2):
            assert new.helper() == 2
        assert new.helper() == 1
        assert old.helper() == 1

    def test_patch_object_and_monkeypatch_restore(self, monkeypatch: pytest.MonkeyPatch) -> None:
        old, new = both()
        with mock.patch.object(old, "limit", 40):
            assert new.helper() == 41
        with monkeypatch.context() as patch:
            patch.setattr("old_home.hub.limit", 50)
            assert new.helper() == 51
        assert new.helper() == 4

    def test_patch_dict_of_its_namespace_reaches_the_new_one(self) -> None:
        _, new = both()
        with mock.patch.dict("old_home.hub.__dict__", {"limit": 7}):
            assert new.helper() == 8
        assert new.helper() == 4


@pytest.mark.usefixtures("moved")
class TestImportSystem:
    def test_a_pickle_by_the_old_path_loads(self) -> None:
        _, new = both()
        assert pickle.loads(b"cold_home.hub\nHub\n.") is new.Hub

    def test_reload_runs_the_moved_code_again(self) -> None:
        old, new = both()
        old.limit = 99
        first = new.Hub
        assert importlib.reload(old) is old
        assert new.limit == 3
        assert new.Hub is not first
        assert old.Hub is new.Hub
        assert "forward" not in dir(old)
        old.limit = 5  # type: ignore[attr-defined]
        assert new.limit == 5

    def test_taken_out_of_sys_modules_and_imported_again_it_starts_afresh(self) -> None:
        old, _ = both()
        old.limit = 99
        del sys.modules["old_home.hub"]
        fresh: Any = importlib.import_module("old_home.hub")
        assert fresh.limit == 3
        assert sys.modules["new_home.hub"].Hub is fresh.Hub

    def test_a_module_object_made_from_the_file_can_be_read(self, tmp_path: Path) -> None:
        spec = importlib.util.spec_from_file_location("loose", tmp_path / "old_home" / "hub.py")
        assert spec is not None
        assert spec.loader is not None
        loose = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loose)
        assert loose.helper() == 4
        assert "Hub" in dir(loose)

    def test_an_error_of_the_new_module_is_passed_on_each_time(self, place: Any) -> None:
        place({"new_home.hub": "raise RuntimeError('at import')\n"})
        for _ in range(2):
            with pytest.raises(RuntimeError, match="at import"):
                importlib.import_module("old_home.hub")
            assert "old_home.hub" not in sys.modules

    def test_a_package_keeps_its_own_submodules(self, place: Any, tmp_path: Path) -> None:
        place(
            {
                "old_home.box.__init__": (tmp_path / "old_home" / "hub.py").read_text(),
                "old_home.box.part": "x = 1",
            }
        )
        old = importlib.import_module("old_home.box")
        importlib.import_module("old_home.box.part")
        assert old.part.x == 1
        assert not hasattr(importlib.import_module("new_home.hub"), "part")

    @pytest.mark.parametrize("first", ["new_home.hub", "old_home.hub", "caller"])
    def test_a_cycle_through_a_caller_of_the_old_name_works_as_it_did(self, place: Any, first: str) -> None:
        place(
            {
                "new_home.hub": "class Hub: pass\nimport caller\ndone = True\n",
                "caller": "import old_home.hub as hub\nfrom old_home.hub import Hub\n",
            }
        )
        importlib.import_module(first)
        old, new = both()
        assert sys.modules["caller"].Hub is new.Hub is old.Hub
        assert sys.modules["caller"].hub.done is True

    def test_imported_by_a_longer_name_it_leads_to_the_longer_new_name(self, tmp_path: Path) -> None:
        shim = tmp_path / "old_home" / "hub.py"
        shim.write_text(
            "from orchestra.moved import forward\nforward(__name__, 'new_home.hub', was='old_home.hub')\n"
        )
        script = (
            "import sys; sys.path.append('..')\nimport old_home.hub as plain, {0}.old_home.hub as longer\n"
        )
        script += "assert plain.Hub is not longer.Hub\nassert longer.Hub.__module__ == '{0}.new_home.hub'\n"
        done = subprocess.run(
            [sys.executable, "-c", script.format(tmp_path.name)],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stderr

    def test_threads_that_import_both_at_once_get_the_same_objects(self, tmp_path: Path) -> None:
        script = """
import importlib, sys, threading
sys.setswitchinterval(1e-6)
for _ in range(40):
    for name in [name for name in sys.modules if name.startswith(("old_home", "new_home"))]:
        del sys.modules[name]
    gate, found = threading.Barrier(8), []
    def load(name):
        gate.wait()
        found.append(importlib.import_module(name).Hub)
    threads = [threading.Thread(target=load, args=(f"{home}_home.hub",)) for home in ("old", "new") * 4]
    [thread.start() for thread in threads], [thread.join() for thread in threads]
    assert len(found) == 8 and len(set(found)) == 1, found
"""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize("command", [["-m", "old_home.hub"], ["old_home/hub.py"]])
    def test_run_as_a_program_it_runs_the_new_module(self, tmp_path: Path, command: list[str]) -> None:
        environment = {**os.environ, "PYTHONWARNINGS": "error"}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [sys.executable, *command, "a", "b"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            text=True,
            env=environment,
        )
        assert (done.stdout, done.stderr, done.returncode) == ("main ['a', 'b'] 4\n", "", 3)


@pytest.mark.filterwarnings("default::orchestra.moved.MovedModuleWarning")
@pytest.mark.usefixtures("moved")
class TestWarnings:
    def run(
        self, text: str, file_name: str = "user_code.py", times: int = 1
    ) -> list[warnings.WarningMessage]:
        code = compile(text, file_name, "exec")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for _ in range(times):
                exec(code, {"__name__": "user_code"})
        return [one for one in caught if issubclass(one.category, DeprecationWarning)]

    def test_the_import_line_is_told_once_with_place_and_date(self) -> None:
        (warning,) = self.run("x = 1\nfrom old_home.hub import Hub, helper\n")
        assert (warning.filename, warning.lineno) == ("user_code.py", 2)
        assert str(warning.message) == (
            "the module old_home.hub moved to new_home.hub and goes away on 2027-02-20"
        )
        assert warning.category is MovedModuleWarning

    def test_each_line_is_told_once_however_often_it_runs(self) -> None:
        text = "import old_home.hub as hub\nfor _ in range(5):\n    hub.limit\nhub.limit = 3\n"
        assert [one.lineno for one in self.run(text, times=3)] == [1, 3, 4]

    def test_a_second_caller_is_told_too(self) -> None:
        self.run("from old_home.hub import Hub\n")
        (warning,) = self.run("\nfrom old_home.hub import Hub\n", "second.py")
        assert (warning.filename, warning.lineno) == ("second.py", 2)

    def test_a_patch_is_put_down_to_the_line_that_patches(self) -> None:
        importlib.import_module("old_home.hub")
        text = "from unittest import mock\nwith mock.patch('old_home.hub.limit', 5):\n    pass\n"
        assert {(one.filename, one.lineno) for one in self.run(text)} == {("user_code.py", 2)}

    def test_asking_for_what_is_not_there_tells_nobody(self) -> None:
        importlib.import_module("old_home.hub")
        text = "import sys\nhub = sys.modules['old_home.hub']\nhasattr(hub, '__path__'), hasattr(hub, 'no')\n"
        assert self.run(text) == []

    def test_the_new_name_tells_nobody(self) -> None:
        assert self.run("from new_home.hub import Hub\n") == []

    def test_many_threads_on_one_line_are_told_once(self) -> None:
        old = importlib.import_module("old_home.hub")
        gate = threading.Barrier(8)

        def read() -> None:
            gate.wait()
            _ = old.limit

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            threads = [threading.Thread(target=read) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert len(caught) == 1

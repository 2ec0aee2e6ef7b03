"""Property: whatever a module holds, what `deprecate mark` leaves in its place does what the module did."""

from __future__ import annotations

import importlib
import pickle
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra.moved import MovedModuleWarning
from orchestra_codemods.change import Plan
from orchestra_codemods.config import Config
from orchestra_codemods.deprecations.mark import Marking, plan_mark
from orchestra_codemods.scan import scan

NAMES = st.sampled_from(["price", "Cart", "_cache", "LIMIT", "Ünit", "helper", "all_", "_Hidden", "made_up"])
DEFINITIONS = {
    "function": "def {name}(value=1):\n    return value\n",
    "async": "async def {name}():\n    return 1\n",
    "class": "class {name}:\n    def __init__(self, x=1):\n        self.x = x\n",
    "value": "{name} = [1]\n",
    "typed": "{name}: 'list[int]' = [2]\n",
    "import": "from os.path import join as {name}\n",
}
MODULES = st.dictionaries(NAMES, st.sampled_from(list(DEFINITIONS)), min_size=1, max_size=6)
EXPORTS = st.one_of(st.none(), st.sets(NAMES))
ENDINGS = st.sampled_from(["\n", "\r\n"])


def module_text(module: dict[str, str], exports: set[str] | None) -> str:
    body = "".join(DEFINITIONS[kind].format(name=name) for name, kind in module.items())
    listed = sorted((exports or set()) & module.keys())
    return f'"""Doc."""\nimport sys\n{body}' + (f"__all__ = {listed!r}\n" if exports is not None else "")


@contextmanager
def packages(folder: Path, text: str, newline: str) -> Iterator[None]:
    """Write `twin_plain`, and `twin_old` with a shim to `twin_new`, on the import path; forget them after."""
    for name in ("twin_plain", "twin_old", "twin_new"):
        (folder / f"{name}.py").write_bytes(text.replace("\n", newline).encode())
    (folder / "pyproject.toml").touch()
    project = scan(folder, Config(source_roots=(".",)))
    marking = Marking(path="twin_old.py", replacement="twin_new", owner="core", remove_on=date(2027, 2, 20))
    plan: Plan = plan_mark(project, marking)
    assert plan.refusals == ()
    for change in plan.changes:
        assert change.after is not None
        (folder / change.path).write_bytes(change.after.data)
    assert (b"\r\n" in (folder / "twin_old.py").read_bytes()) == (newline == "\r\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    dont_write, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = dont_write
        sys.path.remove(str(folder))
        for name in ("twin_plain", "twin_old", "twin_new"):
            sys.modules.pop(name, None)


def loaded() -> tuple[ModuleType, ModuleType, ModuleType]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, old, new = map(importlib.import_module, ("twin_plain", "twin_old", "twin_new"))
    return plain, old, new


def star(name: str) -> set[str]:
    namespace: dict[str, Any] = {}
    exec(f"from {name} import *", namespace)
    return namespace.keys() - {"__builtins__", "__warningregistry__"}


@given(MODULES, EXPORTS, ENDINGS)
@settings(max_examples=40, deadline=None)
def test_a_shim_keeps_every_promise(
    tmp_path_factory: Any, module: dict[str, str], exports: set[str] | None, newline: str
) -> None:
    folder = tmp_path_factory.mktemp("twins")
    with packages(folder, module_text(module, exports), newline), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, old, new = loaded()
        assert star("twin_old") == star("twin_plain")
        for name, kind in module.items():
            thing = getattr(new, name)
            assert getattr(old, name) is thing
            if kind == "class":
                assert isinstance(thing(), getattr(old, name))
                by_the_old_path = pickle.dumps(thing(3)).replace(b"twin_new", b"twin_old")
                assert pickle.loads(by_the_old_path).x == 3
            with mock.patch(f"twin_old.{name}", "patched"):
                assert vars(new)[name] == "patched"
            assert vars(new)[name] is thing
        assert importlib.reload(old) is old
        for name in module:
            assert getattr(old, name) is getattr(new, name)
        assert set(dir(plain)) - {"__file__"} <= set(dir(old))


USES = [
    "import twin_old\n",
    "from twin_old import {name}\n",
    "from twin_old import *\n",
    "import importlib; importlib.import_module('twin_old')\n",
    "def f():\n    from twin_old import {name}\nf()\n",
    "__import__('twin_old')\n",
    "from unittest import mock\nwith mock.patch('twin_old.{name}', 1):\n    pass\n",
    "import pickle\npickle.loads(b'ctwin_old\\n{name}\\n.')\n",
]


@given(st.sampled_from(USES), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_warning_names_the_line_that_uses_the_old_name(
    tmp_path_factory: Any, use: str, lines_above: int
) -> None:
    folder = tmp_path_factory.mktemp("twins")
    text = "\n" * lines_above + use.format(name="price")
    (line,) = (number for number, one in enumerate(text.splitlines(), 1) if "twin_old" in one)
    with packages(folder, module_text({"price": "function"}, None), "\n"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            exec(compile(text, "caller.py", "exec"), {"__name__": "caller"})
        told = [one for one in caught if issubclass(one.category, MovedModuleWarning)]
        assert {(one.filename, one.lineno) for one in told} == {("caller.py", line)}
        assert len(told) == 1


def test_submodules_of_both_places_are_reached(tmp_path: Path, monkeypatch: Any) -> None:
    for path, text in {
        "twin_new/__init__.py": "A = 1\n",
        "twin_new/part.py": "B = 2\n",
        "twin_old/__init__.py": "A = 1\n",
        "twin_old/own.py": "C = 3\n",
        "pyproject.toml": "",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    marking = Marking(
        path="twin_old/__init__.py", replacement="twin_new", owner=None, remove_on=date(2027, 2, 20)
    )
    for change in plan_mark(scan(tmp_path, Config(source_roots=(".",))), marking).changes:
        assert change.after is not None
        (tmp_path / change.path).write_bytes(change.after.data)
    monkeypatch.syspath_prepend(str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old: Any = importlib.import_module("twin_old")
        importlib.import_module("twin_new.part")
        importlib.import_module("twin_old.own")
        assert (old.A, old.part.B, old.own.C) == (1, 2, 3)
    for name in [name for name in sys.modules if name.startswith("twin_")]:
        del sys.modules[name]

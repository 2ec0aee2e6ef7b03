"""Property: what is done to a module by its old name ends as if the module had never moved."""

from __future__ import annotations

import importlib
import sys
import types
import warnings
from pathlib import Path
from typing import Any
from unittest import mock

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

SHIM = "from orchestra.moved import forward\nforward(__name__, 'moved_new')\n"
BODY = "alpha = 1\n_beta = 2\ndef gamma():\n    return alpha\n"
NAMES = st.sampled_from(["alpha", "_beta", "gamma", "delta", "__all__", "__version__"])
VALUES = st.one_of(st.integers(), st.just(["alpha"]))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), NAMES.filter(lambda name: name != "__all__"), VALUES),
        st.tuples(st.just("delete"), NAMES, st.none()),
        st.tuples(st.just("read"), NAMES, st.none()),
        st.tuples(st.just("patch"), NAMES, VALUES),
        st.tuples(st.just("call"), st.just("gamma"), st.none()),
        st.tuples(st.just("star"), st.just(""), st.none()),
        st.tuples(st.just("public"), st.just(""), st.none()),
        st.tuples(st.just("from"), NAMES, st.none()),
        st.tuples(st.just("reload"), st.just(""), st.none()),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twins")
    (folder / "plain.py").write_text(BODY)
    (folder / "moved_new.py").write_text(BODY)
    (folder / "moved_old.py").write_text(SHIM)
    return folder


def outcome(module: types.ModuleType, step: str, name: str, value: Any) -> Any:
    try:
        return do(module, step, name, value)
    except (AttributeError, ImportError, TypeError, NameError) as error:
        return type(error)


def do(module: types.ModuleType, step: str, name: str, value: Any) -> Any:
    match step:
        case "set":
            return setattr(module, name, value)
        case "delete":
            return delattr(module, name)
        case "read":
            return shown(getattr(module, name))
        case "patch":
            with mock.patch(f"{module.__name__}.{name}", value):
                during = shown(getattr(module, name))
            return during, shown(getattr(module, name))
        case "call":
            return module.gamma()
        case "star":
            namespace: dict[str, Any] = {}
            exec(f"from {module.__name__} import *", namespace)
            return sorted(name for name in namespace if not name.startswith("__"))
        case "from":
            exec(f"from {module.__name__} import {name}")
            return None
        case "reload":
            return importlib.reload(module) is module
        case _:
            return [one for one in dir(module) if not one.startswith("__")]


def shown(value: Any) -> Any:
    return "function" if callable(value) else value


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_the_old_name_behaves_as_the_module_did(folder: Path, steps: list[tuple[str, str, Any]]) -> None:
    sys.path.insert(0, str(folder))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            plain, old = importlib.import_module("plain"), importlib.import_module("moved_old")
            new = importlib.import_module("moved_new")
            for step in steps:
                assert outcome(old, *step) == outcome(plain, *step), step
                assert outcome(new, "public", "", None) == outcome(plain, "public", "", None)
    finally:
        sys.path.remove(str(folder))
        for name in ("plain", "moved_old", "moved_new"):
            sys.modules.pop(name, None)

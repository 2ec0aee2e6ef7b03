"""Who asks for the module of any class keeps modules in place, if any program may give it one of theirs."""

from __future__ import annotations

from typing import Any

import pytest

FLOW = "class FlowOrchestrator:\n    def run(self):\n        return 1\n"
NAMED = 'def named(it):\n    return f"{type(it).__module__}.{type(it).__name__}"\n'
MOVED = "core/orchestration/domain/flow.py"


def is_moved(make_project: Any, migrate: Any, files: dict[str, str]) -> bool:
    """Migrate a project with the orchestrator `flow` and these files; tell whether its module moves."""
    whole = {"shop/__init__.py": "", "shop/flow.py": FLOW, **files}
    plan = migrate(make_project({path: text.encode() for path, text in whole.items()}))
    assert plan.refusals == ()
    return MOVED in {change.path for change in plan.changes}


USES = "from shop.flow import FlowOrchestrator\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"shop/main.py": USES + "from tools.names import named\n"}, id="one file has both"),
        pytest.param({"shop/main.py": USES + "import json, tools.names\n"}, id="by its full name"),
        pytest.param({"shop/main.py": USES + "from tools import (\n    names,\n)\n"}, id="from its package"),
        pytest.param({"shop/main.py": USES + "def run():\n    from tools import names\n"}, id="late"),
        pytest.param({"shop/main.py": USES + 'PLUGIN = "tools.names:named"\n'}, id="named in a text"),
        pytest.param(
            {"shop/main.py": USES + "from .made import thing\n", "shop/made.py": "import tools.names\n"},
            id="through another one",
        ),
        pytest.param(
            {"shop/make.py": USES, "app.py": "from shop import make\nfrom tools import names\n"},
            id="a third one brings them together",
        ),
        pytest.param(
            {"shop/main.py": USES + "import tools\n", "tools/__init__.py": "from tools import names\n"},
            id="its package brings it",
        ),
    ],
)
def test_a_module_stays_where_its_classes_may_be_given_to_who_names_them(
    make_project: Any, migrate: Any, files: dict[str, str]
) -> None:
    tools = {"tools/__init__.py": "", "tools/names.py": NAMED}
    assert not is_moved(make_project, migrate, {**tools, **files})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"shop/main.py": USES, "other.py": "import tools.names\n"}, id="no program has both"),
        pytest.param(
            {"shop/main.py": USES, "tests/test_all.py": "import shop.main\nimport tools.names\n"},
            id="only tests do",
        ),
    ],
)
def test_a_module_moves_where_only_strangers_name_classes(
    make_project: Any, migrate: Any, files: dict[str, str]
) -> None:
    assert is_moved(make_project, migrate, {"tools/__init__.py": "", "tools/names.py": NAMED, **files})


@pytest.mark.parametrize(
    "read",
    [
        'raise TypeError(f"{type(it).__module__}.{type(it).__name__}")',
        'log.debug("%s.%s", type(it).__module__, type(it).__name__)',
        'return type(it).__module__ == "builtins"',
        'return type(it).__module__ in ("builtins", "collections.abc")',
    ],
)
def test_what_people_read_and_what_is_asked_of_python_s_own_classes_keeps_no_module(
    make_project: Any, migrate: Any, read: str
) -> None:
    names = f"def named(it, log):\n    {read}\n"
    main = USES + "from shop.names import named\n"
    assert is_moved(make_project, migrate, {"shop/names.py": names, "shop/main.py": main})


def test_what_is_compared_with_another_module_keeps_it(make_project: Any, migrate: Any) -> None:
    names = 'def named(it):\n    return type(it).__module__ == "shop.other"\n'
    main = USES + "from shop.names import named\n"
    assert not is_moved(make_project, migrate, {"shop/names.py": names, "shop/main.py": main})

"""Each migrated orchestrator is registered once, built as its users build it, and exported by its layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from orchestra_codemods.project import Project

HUB = """\
_hub = None


class HubOrchestrator:
    def __init__(self{parameters}):
        self.x = 1

    def run(self):
        return 1


{accessor}
"""
GET = """\
def get_hub({parameters}){returns}:
    global _hub
    _hub = _hub or HubOrchestrator()
    return _hub
"""


@pytest.fixture
def wired(make_project: Any, migrate: Any) -> Any:
    """Migrate files and return what was added to the wiring, and the layers' exports."""

    def run(files: dict[str, str], **options: Any) -> tuple[list[str], list[str]]:
        project = make_project({path: text.encode() for path, text in files.items()})
        plan = migrate(project, **options)
        added: dict[str, list[str]] = {"wiring": [], "exports": []}
        for change in plan.changes:
            if change.before is not None and change.after is not None and "/orchestration/" in change.path:
                kind = "wiring" if change.path.endswith("orchestrators.py") else "exports"
                old = change.before.text.splitlines()
                added[kind] += [line for line in change.after.text.splitlines() if line and line not in old]
        return added["wiring"], added["exports"]

    return run


@pytest.mark.parametrize(
    ("parameters", "accessor", "factory"),
    [
        ("", "", ["import HubOrchestrator", "return HubOrchestrator()"]),
        (", x, *, y", "", ['raise NotImplementedError("build HubOrchestrator here: it needs x, y")']),
        ("", GET.format(parameters="", returns=""), ["import get_hub", "return get_hub()"]),
        (
            "",
            GET.format(parameters="auto_create=False", returns=""),
            ["import get_hub", "return get_hub(auto_create=True)"],
        ),
        (
            "",
            GET.format(parameters="", returns=' -> "HubOrchestrator | None"'),
            ["import HubOrchestrator, get_hub", "return get_hub() or HubOrchestrator()"],
        ),
    ],
)
def test_the_factory_builds_it_as_its_users_do(
    wired: Any, parameters: str, accessor: str, factory: list[str]
) -> None:
    text = HUB.format(parameters=parameters, accessor=accessor)
    wiring, _ = wired({"shop/__init__.py": "", "shop/hub.py": text})
    assert '    facade.register_factory("hub", _hub)' in wiring
    lines = [line.strip() for line in wiring if "register" not in line]
    assert lines.pop(0) == "def _hub() -> object:"
    wanted = [
        f"from core.orchestration.application.hub {part}" if "import " in part else part for part in factory
    ]
    assert lines == wanted


def test_a_configured_factory_is_used(make_project: Any, migrate: Any) -> None:
    text = HUB.format(parameters=", x", accessor="").encode()
    project = make_project(
        {"shop/__init__.py": b"", "shop/hub.py": text, "shop/build.py": b"def make_hub(): pass\n"}
    )
    assert [finding.unit for finding in migrate(project).findings] == ["migrate:hub"]
    config = replace(project.config, factories={"hub": "shop.build:make_hub"})
    plan = migrate(Project(project.root, project.sources, config))
    assert plan.findings == ()
    (wiring,) = [
        one.after.text for one in plan.changes if one.path.endswith("orchestrators.py") and one.after
    ]
    assert "    from shop.build import make_hub\n\n    return make_hub()\n" in wiring


def test_layers_export_classes_and_accessors_but_no_name_that_two_modules_have(wired: Any) -> None:
    accessor = GET.format(parameters="", returns="")
    one = HUB.format(
        parameters="", accessor=accessor + "\n\ndef set_hub(hub):\n    global _hub\n    _hub = hub\n"
    )
    two = HUB.replace("Hub", "Center").format(parameters="", accessor=accessor.replace("Hub", "Center"))
    wiring, exports = wired({"shop/__init__.py": "", "shop/hub.py": one, "shop/center_hub.py": two})
    assert sorted(line.strip() for line in exports if line.strip().startswith('"')) == [
        '"CenterOrchestrator": ".center",',
        '"HubOrchestrator": ".hub",',
        '"set_hub": ".hub",',
    ]
    assert [line.strip() for line in wiring if "register" in line] == [
        'facade.register_factory("center", _center)',
        'facade.register_factory("hub", _hub)',
    ]


def test_in_place_the_layer_exports_from_where_the_class_is(wired: Any) -> None:
    text = HUB.format(parameters="", accessor="")
    wiring, exports = wired({"shop/__init__.py": "", "shop/hub.py": text}, placement="in-place")
    assert '    "HubOrchestrator": "shop.hub",' in exports
    assert "    from shop.hub import HubOrchestrator" in wiring


def test_a_project_without_the_package_is_told_to_make_it(make_project: Any, migrate: Any) -> None:
    from orchestra_codemods.migrations.orchestrator import PackageMissingError
    from tests.support.projects import project_of

    project = project_of({"shop/hub.py": HUB.format(parameters="", accessor="")})
    with pytest.raises(PackageMissingError, match="orchestra init"):
        migrate(project)


def test_a_private_class_is_registered_and_not_exported(wired: Any) -> None:
    hub = HUB.format(parameters="", accessor="").replace("HubOrchestrator", "_HubOrchestrator")
    for placement in ("move", "in-place"):
        added, exports = wired({"shop/hub.py": hub}, placement=placement)
        assert "    return _HubOrchestrator()" in added
        assert exports == []

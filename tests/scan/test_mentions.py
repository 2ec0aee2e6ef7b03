"""Every mention of a target falls in exactly one category, and the counts are grep's."""

import re
from pathlib import Path

import pytest

from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take
from orchestra_codemods.inventory.model import Mention
from orchestra_codemods.scan import scan
from tests.support.projects import project_of

FLOW = "class FlowOrchestrator:\n    def go(self): ...\n"

IN_CODE = {
    "from app.flow import FlowOrchestrator": ["import"],
    "from app.flow import FlowOrchestrator as F": ["import"],
    "from elsewhere import FlowOrchestrator": ["other-origin"],
    "from app.gone import FlowOrchestrator": ["manual"],
    "from app.flow import FlowOrchestrator\nFlowOrchestrator()": ["import", "migrated"],
    "from elsewhere import FlowOrchestrator\nFlowOrchestrator()": ["other-origin", "other-origin"],
    "import app.flow\napp.flow.FlowOrchestrator()": ["migrated"],
    "import app.flow\nf'{app.flow.FlowOrchestrator}'": ["migrated"],
    "x.FlowOrchestrator": ["manual"],
    "f(FlowOrchestrator=1)": ["other-origin"],
    "def f(FlowOrchestrator): FlowOrchestrator": ["other-origin", "other-origin"],
    "# FlowOrchestrator": ["text"],
    "'the FlowOrchestrator runs'": ["text"],
    "'''\nFlowOrchestrator\n'''": ["text"],
    "from app.flow import FlowOrchestrator  # FlowOrchestrator": ["import", "text"],
    "mock.patch('app.flow.FlowOrchestrator.go')": ["string-reference"],
    "mock.patch('app.flow.gone.FlowOrchestrator')": ["manual"],
    "NAME = 'app.flow:FlowOrchestrator'": ["string-reference"],
    "NAME = 'other.flow.FlowOrchestrator'": ["text"],
    "from app.flow import FlowOrchestrator\n__all__ = ['FlowOrchestrator']": ["import", "string-reference"],
    "__all__ = ['FlowOrchestrator']": ["manual"],
    "from app.flow import FlowOrchestrator\nx: 'FlowOrchestrator | None'": ["import", "string-reference"],
    "from app.flow import FlowOrchestrator  # orchestra: keep": ["suppressed"],
    "import app.flow\napp.flow.FlowOrchestrator()  # orchestra: keep FlowOrchestrator": [
        "suppressed",
        "text",
    ],
    "FlowOrchestrators, MyFlowOrchestrator, FlowOrchestrator_": [],
    "if (": [],
    "FlowOrchestrator (": ["manual"],
}
IN_FILES = {
    "docs/a.md": ("`app.flow.FlowOrchestrator` and FlowOrchestrator", ["text", "text"]),
    "conf.toml": ("a = 'app.flow:FlowOrchestrator'\nb = 'FlowOrchestrator'", ["string-reference", "text"]),
    "conf.yaml": (
        "class: app.flow.FlowOrchestrator\nold: old.FlowOrchestrator",
        ["string-reference", "text"],
    ),
    "notes.txt": ("FlowOrchestrator-FlowOrchestrator", ["text", "text"]),
}


def categories(path: str, content: str | bytes) -> list[str]:
    found = take(project_of({"app/__init__.py": "", "app/flow.py": FLOW, path: content})).mentions
    assert sum(found.by_category.values()) == found.total == len(found.places)
    for place in found.places:
        assert place.why or place.category is not Mention.MANUAL
    return [str(place.category) for place in found.places if place.path == path]


@pytest.mark.parametrize(("code", "expected"), IN_CODE.items(), ids=IN_CODE)
def test_a_mention_in_code_has_one_category(code: str, expected: list[str]) -> None:
    assert categories("app/user.py", code) == expected
    assert len(re.findall(r"\bFlowOrchestrator\b", code)) == len(expected)


@pytest.mark.parametrize(("path", "content", "expected"), [(path, *rest) for path, rest in IN_FILES.items()])
def test_a_mention_in_other_files_has_one_category(path: str, content: str, expected: list[str]) -> None:
    assert categories(path, content) == expected


def test_places_are_exact_in_awkward_text() -> None:
    content = "\ufeffé = '€'; x.FlowOrchestrator\r\n\x0c# FlowOrchestrator\r"
    found = take(project_of({"app/flow.py": FLOW, "app/user.py": content})).mentions
    places = [(place.line, place.column) for place in found.places if place.path == "app/user.py"]
    assert places == [(1, 11), (2, 3)]


def test_refused_classes_are_no_targets() -> None:
    refused = "class FlowOrchestrator(Protocol): ...\nfrom typing import Protocol\n"
    assert take(project_of({"app/flow.py": refused})).mentions.total == 0


def test_a_file_in_another_encoding_counts() -> None:
    content = "# -*- coding: latin-1 -*-\n# é FlowOrchestrator\n".encode("latin-1")
    assert categories("app/user.py", content) == ["text"]


def test_a_file_in_no_encoding_is_manual_and_a_binary_one_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(FLOW)
    (tmp_path / "notes.md").write_bytes(b"FlowOrchestrator \xff\n")
    (tmp_path / "model.bin2").write_bytes(b"FlowOrchestrator \0\xff\n")
    found = take(scan(tmp_path, Config())).mentions
    assert [(place.path, str(place.category)) for place in found.places] == [
        ("flow.py", "migrated"),
        ("notes.md", "manual"),
    ]


def test_a_file_that_does_not_parse_is_manual_and_a_problem() -> None:
    found = take(project_of({"app/flow.py": FLOW, "app/user.py": "FlowOrchestrator ("}))
    assert [place.category for place in found.mentions.places if place.path == "app/user.py"] == [
        Mention.MANUAL
    ]
    assert [path for path, _ in found.problems] == ["app/user.py"]

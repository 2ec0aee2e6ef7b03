"""Fixes that edit another file than the finding's, or write a new one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from orchestra_codemods.change import Addition, Edit, Fix, Safety, Span, edits_overlap
from orchestra_codemods.lint.analysis import Analysis
from orchestra_codemods.lint.codec import decoded, encoded
from orchestra_codemods.syntax.fact import Fact
from tests.cli.conftest import Orchestra

COUNT = 12
"""More than a plan has passes."""

WIRING = (
    "def register_orchestrators(facade):\n"
    '    facade.register_factory("first", _first)\n\n\n'
    "def _first():  # kept\n    from app.first import First\n\n    return First()\n"
)


def _flow(name: str) -> str:
    return (
        "from orchestra import BaseOrchestrator, OrchestrationLayer\n\n\n"
        f"class {name.title()}(BaseOrchestrator):\n"
        "    def __init__(self):\n"
        f'        super().__init__(layer=OrchestrationLayer.DOMAIN, name="{name}")\n\n'
        "    async def orchestrate(self, context, **kwargs):\n"
        "        raise NotImplementedError\n"
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n",
        ".gitignore": ".orchestra/\n__pycache__/\n",
        "app/__init__.py": "",
        "app/wiring.py": WIRING,
        "app/first.py": _flow("first"),
        "tests/test_app.py": "import app\n\n\ndef test_it_is_there():\n    assert app\n",
    }
    files |= {f"app/flow{number}.py": _flow(f"flow{number}") for number in range(COUNT)}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    return tmp_path


def _status(project: Path) -> str:
    done = subprocess.run(
        ["git", "status", "--short"], cwd=project, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_many_findings_are_mended_in_one_file_that_none_of_them_stands_in(
    orchestra: Orchestra, project: Path
) -> None:
    done = orchestra("lint", "--fix", "--no-ruff", "--select", "ORC009")
    assert done.code == 0, done.err
    text = (project / "app" / "wiring.py").read_text()
    assert text.count("register_factory(") == COUNT + 1
    assert all(f"from app.flow{number} import Flow{number}\n" in text for number in range(COUNT))
    assert "# kept" in text
    assert _status(project) == " M app/wiring.py\n"
    assert orchestra("undo").code == 0
    assert _status(project) == ""


def test_fixes_that_stand_in_each_others_way_are_all_made(orchestra: Orchestra, project: Path) -> None:
    built = "".join(
        f"        from app.part{number} import get{number}\n        self._part{number} = get{number}()\n"
        for number in range(COUNT)
    )
    (project / "app" / "first.py").write_text(
        _flow("first")
        .replace("First", "FirstOrchestrator")
        .replace('name="first")\n', 'name="first")\n' + built, 1)
        + "".join(f"\n\n_one{number} = FirstOrchestrator()\n" for number in range(COUNT))
    )
    done = orchestra("lint", "--no-ruff", "--select", "ORC202,ORC206", "--unsafe-fixes", "--allow-dirty")
    assert done.code == 0, done.out + done.err
    text = (project / "app" / "first.py").read_text()
    assert (text.count(" = lazy("), text.count("@cache\n"), text.count("import cache\n")) == (COUNT, COUNT, 1)


def test_a_file_that_was_not_named_is_not_edited(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("lint", "app/flow3.py", "--fix", "--no-ruff", "--select", "ORC009")
    assert done.code == 1
    assert "its fix would change app/wiring.py, which was not named" in done.err
    assert _status(project) == ""
    named = orchestra("lint", "app/flow3.py", "app/wiring.py", "--fix", "--no-ruff", "--select", "ORC009")
    assert (named.code, _status(project)) == (0, " M app/wiring.py\n")


def test_a_silenced_finding_is_not_mended(orchestra: Orchestra, project: Path) -> None:
    path = project / "app" / "flow3.py"
    path.write_text(path.read_text().replace('"flow3")', '"flow3")  # orchestra: ignore[ORC009] by hand'))
    orchestra("lint", "--fix", "--no-ruff", "--select", "ORC009", "--allow-dirty")
    text = (project / "app" / "wiring.py").read_text()
    assert "flow2" in text
    assert "flow3" not in text


def test_tests_that_a_fix_writes_pass_and_are_taken_back(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("lint", "--fix", "--no-ruff", "--select", "ORC406")
    assert done.code == 0, done.err
    made = sorted(path.name for path in (project / "tests").glob("test_*_orchestrator.py"))
    assert len(made) == COUNT + 1
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert orchestra("undo").code == 0
    assert _status(project) == ""


def test_a_test_that_exists_is_never_replaced(orchestra: Orchestra, project: Path) -> None:
    mine = project / "tests" / "test_flow1_orchestrator.py"
    mine.write_text("MINE = 1\n")
    orchestra("lint", "--fix", "--no-ruff", "--select", "ORC406", "--allow-dirty")
    assert mine.read_text() == "MINE = 1\n"
    assert (project / "tests" / "test_flow2_orchestrator.py").exists()


def test_sarif_names_the_other_file_and_json_gives_no_edits_of_it(orchestra: Orchestra) -> None:
    chosen = ("lint", "--no-ruff", "--select", "ORC009", "--output-format")
    log = json.loads(orchestra(*chosen, "sarif").out)
    (change,) = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "app/wiring.py"
    fix = json.loads(orchestra(*chosen, "json").out)["findings"][0]["fix"]
    assert fix == {"safety": "safe", "edits": []}


def test_the_cache_keeps_the_file_of_a_fix() -> None:
    fact = Fact("x", Span(1), fix=Fix((Edit(0, 0, "y"),), Safety.SAFE, "z.py"))
    analysis = Analysis("a.py", facts=(("kind", fact),))
    assert decoded("a.py", json.loads(json.dumps(encoded(analysis)))) == analysis


def test_additions_stand_beside_each_other_and_nothing_else_does() -> None:
    one, other = Addition(3, 3, "a\n"), Addition(3, 3, "b\n")
    assert not edits_overlap([one], [other])
    assert edits_overlap([one], [Edit(3, 3, "b")])
    assert edits_overlap([one], [Edit(2, 4, "b")])

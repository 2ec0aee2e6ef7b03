"""Templates of one's own: found, listed, checked for their author, rendered without running any of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import orchestra_templates
from orchestra_templates.check import check_template
from orchestra_templates.found import BUILT_IN
from orchestra_templates.imports import Places, arrange
from orchestra_templates.regions import read_regions, select
from tests.scaffold.conftest import Orchestra, said
from tests.support.commands import committed

ROOT = Path(__file__).parents[2]
SHIPPED = Path(orchestra_templates.__file__).parent
BOOBY_TRAP = '\n\nraise SystemExit("a template was run")\n'


@pytest.fixture
def team(project: Path) -> Path:
    """The folder of a team's template, a copy of the guide's domain pattern in the project."""
    folder = project / "team/ledger"
    folder.mkdir(parents=True)
    for name in ("orchestrator.py", "test_orchestrator.py"):
        (folder / name).write_bytes((SHIPPED / "domain" / name).read_bytes())
    return folder


@pytest.mark.parametrize("name", BUILT_IN)
def test_nothing_is_wrong_with_ours(name: str) -> None:
    assert check_template(SHIPPED / name) == []


def test_a_folder_is_a_template_and_gives_its_layer(orchestra: Orchestra, project: Path, team: Path) -> None:
    answer = said(orchestra("new", "billing", "--template", "team/ledger", "--output-format", "json"))
    assert answer["orchestrator"]["path"] == "src/core/orchestration/domain/billing.py"
    assert answer["orchestrator"]["template"] == "ledger"


def test_a_template_may_go_to_another_layer(orchestra: Orchestra, project: Path, team: Path) -> None:
    orchestra("new", "infrastructure", "billing", "--template", "team/ledger")
    text = (project / "src/core/orchestration/infrastructure/billing.py").read_text()
    assert "OrchestrationLayer.INFRASTRUCTURE" in text


def test_the_projects_folders_are_listed_and_found_by_name(
    orchestra: Orchestra, project: Path, team: Path
) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(
        settings.read_text().replace("[tool.orchestra]\n", '[tool.orchestra]\ntemplates = ["team"]\n')
    )
    committed(project)
    rows = said(orchestra("templates", "--output-format", "json"))["templates"]
    assert [row["name"] for row in rows] == [*BUILT_IN, "ledger"]
    assert orchestra("new", "domain", "billing", "--template", "ledger").code == 0
    assert "Did you mean `ledger`?" in orchestra("new", "domain", "x", "--template", "legder").err


def test_an_installed_package_offers_templates(
    orchestra: Orchestra, team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "acme_templates").mkdir(parents=True)
    (site / "acme_templates/__init__.py").write_text(BOOBY_TRAP)
    team.rename(site / "acme_templates/ledger")
    info = site / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[orchestra.templates]\nacme-ledger = acme_templates.ledger\n")
    monkeypatch.syspath_prepend(site)
    rows = said(orchestra("templates", "--output-format", "json"))["templates"]
    assert ("acme-ledger", "acme") in [(row["name"], row["origin"]) for row in rows]
    assert orchestra("new", "domain", "billing", "--template", "acme-ledger").code == 0
    assert (
        orchestra("new", "domain", "cart", "--template", "acme_templates.ledger", "--allow-dirty").code == 0
    )


def test_rendering_and_checking_run_nothing(orchestra: Orchestra, project: Path, team: Path) -> None:
    for name in ("orchestrator.py", "test_orchestrator.py"):
        (team / name).write_text((team / name).read_text() + BOOBY_TRAP)
    assert orchestra("templates", "--check", "team/ledger").code == 0
    assert orchestra("new", "domain", "billing", "--template", "team/ledger").code == 0
    assert BOOBY_TRAP.strip() in (project / "src/core/orchestration/domain/billing.py").read_text()


def replacing(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("file", "damage", "said_of_it"),
    [
        ("orchestrator.py", lambda text: "class:", "it is not Python"),
        (
            "orchestrator.py",
            replacing("class ExampleOrchestrator", "class Other"),
            "does not mention ExampleOrchestrator",
        ),
        ("orchestrator.py", replacing("# region if execute", "# region when execute"), "is not understood"),
        ("orchestrator.py", replacing("# region each operation", "# region each thing"), "repeats nothing"),
        ("orchestrator.py", replacing("    # endregion\n", ""), "has no `# endregion`"),
        ("orchestrator.py", replacing("# region if dependency\n", ""), "without a region"),
        ("orchestrator.py", replacing("if execute", "if exceute"), "is called `exceute`"),
        ("orchestrator.py", replacing('name="example_name"', 'name="mine"'), 'name="example_name"'),
        ("orchestrator.py", replacing("layer=OrchestrationLayer.DOMAIN", "layer=None"), "OrchestrationLayer"),
        ("orchestrator.py", replacing("OrchestrationLayer.DOMAIN", "OrchestrationLayer.DESERT"), "DESERT"),
        ("orchestrator.py", replacing("from orchestra import", "from .base import"), "relative import"),
        ("test_orchestrator.py", replacing("# region each operation\n", ""), "outside a region"),
        (
            "test_orchestrator.py",
            lambda text: text.replace("ExampleOrchestrator", "Other"),
            "does not mention",
        ),
    ],
)
def test_the_author_is_told_what_is_wrong_and_where(
    orchestra: Orchestra, team: Path, file: str, damage: Callable[[str], str], said_of_it: str
) -> None:
    (team / file).write_text(damage((team / file).read_text()))
    answer = orchestra("templates", "--check", "team/ledger", "--output-format", "json")
    flaws = said(answer)["flaws"]
    assert answer.code == 1
    assert any(flaw["file"] == file and said_of_it in flaw["message"] and flaw["hint"] for flaw in flaws), (
        flaws
    )


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("new", ("new", "application", "hub", "--diff")),
        ("templates", ("templates",)),
        ("templates", ("templates", "--check", "team")),
    ],
)
def test_json_is_as_its_schema_says(
    orchestra: Orchestra, team: Path, schema: str, arguments: tuple[str, ...]
) -> None:
    shape = json.loads((ROOT / f"docs/reference/schemas/{schema}.json").read_text())
    jsonschema.validate(said(orchestra(*arguments, "--output-format", "json")), shape)


def test_a_missing_file_is_named(orchestra: Orchestra, team: Path) -> None:
    (team / "test_orchestrator.py").unlink()
    answer = orchestra("templates", "--check", "team/ledger")
    assert answer.code == 1
    assert "test_orchestrator.py" in answer.out


@pytest.mark.parametrize("name", ["orchestrator.py", "test_orchestrator.py"])
def test_a_pipe_is_no_file_and_is_not_waited_for(orchestra: Orchestra, team: Path, name: str) -> None:
    (team / name).unlink()
    os.mkfifo(team / name)
    answer = orchestra("templates", "--check", "team/ledger")
    assert answer.code == 1
    assert "no file" in answer.out
    assert orchestra("new", "domain", "billing", "--template", "team/ledger").code == 2


def test_code_that_is_too_deep_to_parse_is_wrong_and_no_defect_of_ours(
    orchestra: Orchestra, team: Path
) -> None:
    (team / "orchestrator.py").write_text("x = " + "+".join(["1"] * 20_000))
    assert "orchestrator.py: it is not Python" in orchestra("templates", "--check", "team/ledger").out
    assert "error[template-unusable]" in orchestra("new", "billing", "--template", "team/ledger").err


def test_a_folder_that_is_none_is_wrong_usage(orchestra: Orchestra) -> None:
    assert orchestra("templates", "--check", "nowhere").code == 2


def kept(text: str, *wanted: str) -> str:
    regions, problems = read_regions(text)
    assert problems == []
    return select(regions, frozenset(wanted), lambda _, part: [part, part], lambda _, part: part)


@given(st.text(alphabet=st.sampled_from("ab #\n\r\tregion")))
def test_a_text_without_marks_is_kept_as_it_is(text: str) -> None:
    if "region" not in text:
        assert kept(text) == text


def test_regions_are_kept_dropped_repeated_and_nested() -> None:
    inner = "# region all a b\n3\n# endregion\n"
    text = f"1\n# region if a b\n2\n{inner}# endregion\n# region each operation\n4\n# endregion\n"
    assert kept(text, "a", "b") == "1\n2\n3\n4\n4\n"
    assert kept(text, "a") == "1\n2\n4\n4\n"
    assert kept(text) == "1\n4\n4\n"
    either = "# region unless a\n5\n# endregion\n# region if a\n6\n# endregion\n"
    assert (kept(either), kept(either, "a")) == ("5\n", "6\n")


def test_imports_are_sorted_into_sections_and_the_unused_left_out() -> None:
    text = (
        "from __future__ import annotations\nimport sys\nimport os.path\nfrom zlib import crc32, adler32\n"
        "from orchestra import lazy, operation, configure\nimport pytest\n\n"
        "if TYPE_CHECKING:\n    from other import Thing\n\n"
        "print(os.path, crc32, operation, configure, pytest)\n"
    )
    places = Places("shop.flows", frozenset({"operation"}), frozenset({"shop"}))
    assert arrange(text, places) == (
        "from __future__ import annotations\n\nimport os.path\nfrom zlib import crc32\n\nimport pytest\n"
        "from orchestra import configure\n\nfrom shop.flows import operation\n\n\n"
        "print(os.path, crc32, operation, configure, pytest)\n"
    )

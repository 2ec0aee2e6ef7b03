"""`orchestra new`: four files, once, that can be taken back; and everything that is refused."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scaffold.conftest import Orchestra, said
from tests.support.commands import committed
from tests.support.snapshots import snapshot

WIRING = "src/core/orchestration/orchestrators.py"
LAYER = "src/core/orchestration/domain/__init__.py"
CODE = "src/core/orchestration/domain/billing.py"
TEST = "tests/test_billing_orchestrator.py"


def test_it_writes_orchestrator_test_registration_and_export(orchestra: Orchestra, project: Path) -> None:
    answer = said(orchestra("new", "domain", "billing", "--output-format", "json"))
    assert answer["schema"] == "orchestra/new/1"
    assert {change["path"]: change["kind"] for change in answer["changes"]} == {
        CODE: "create",
        TEST: "create",
        WIRING: "edit",
        LAYER: "edit",
    }
    assert answer["orchestrator"] == {
        "name": "billing",
        "class": "BillingOrchestrator",
        "layer": "domain",
        "type": "sequential",
        "module": "core.orchestration.domain.billing",
        "path": CODE,
        "test": TEST,
        "operations": ["execute"],
        "template": "domain",
    }
    assert answer["notes"] == []
    listed = said(orchestra("list", "--output-format", "json"))["orchestrators"]
    assert [(row["name"], row["layer"], row["class"]) for row in listed] == [
        ("billing", "domain", "BillingOrchestrator")
    ]


def test_a_second_run_changes_nothing(orchestra: Orchestra, project: Path) -> None:
    orchestra("new", "domain", "billing")
    before = snapshot(project)
    again = orchestra("new", "domain", "billing")
    assert (again.code, snapshot(project)) == (0, before)
    assert "nothing to change" in again.out


@pytest.mark.parametrize("option", ["--dry-run", "--diff"])
def test_nothing_is_written_when_only_shown(orchestra: Orchestra, project: Path, option: str) -> None:
    before = snapshot(project)
    assert orchestra("new", "domain", "billing", option).code == 0
    assert snapshot(project) == before


def test_check_exits_with_1_until_it_is_there(orchestra: Orchestra) -> None:
    assert orchestra("new", "domain", "billing", "--check").code == 1
    orchestra("new", "domain", "billing")
    assert orchestra("new", "domain", "billing", "--check").code == 0


def test_undo_leaves_no_trace(orchestra: Orchestra, project: Path) -> None:
    before = snapshot(project)
    orchestra("new", "application", "feedback")
    assert orchestra("undo").code == 0
    assert snapshot(project) == before


def test_undo_unwires_and_keeps_what_was_written_beside(orchestra: Orchestra, project: Path) -> None:
    first = said(orchestra("new", "domain", "billing", "--output-format", "json"))["id"]
    committed(project)
    orchestra("new", "domain", "shipping")
    wiring = project / WIRING
    wiring.write_text(
        wiring.read_text().replace(
            'facade.register_factory("billing", _billing)\n',
            'facade.register_factory("billing", _billing)\n    print("mine, directly below")\n',
        )
    )
    committed(project)
    assert orchestra("undo", first).code == 0
    assert "billing" not in wiring.read_text().lower()
    assert 'print("mine, directly below")' in wiring.read_text()
    layer = (project / LAYER).read_text()
    assert "billing" not in layer.lower()
    assert '"ShippingOrchestrator": ".shipping",' in layer
    assert not (project / CODE).exists()
    listed = said(orchestra("list", "--output-format", "json"))["orchestrators"]
    assert [row["name"] for row in listed] == ["shipping"]


def test_an_existing_file_is_left_alone_without_force(orchestra: Orchestra, project: Path) -> None:
    (project / CODE).write_text("class Mine:\n    pass\n")
    committed(project)
    before = snapshot(project)
    refused = orchestra("new", "domain", "billing", "--output-format", "json")
    assert refused.code == 1
    assert [one["path"] for one in said(refused)["refusals"]] == [CODE]
    assert snapshot(project) == before


def test_force_replaces_and_undo_brings_back(orchestra: Orchestra, project: Path) -> None:
    (project / CODE).write_text("class Mine:\n    pass\n")
    committed(project)
    before = snapshot(project)
    assert orchestra("new", "domain", "billing", "--force").code == 0
    assert "BillingOrchestrator" in (project / CODE).read_text()
    orchestra("undo")
    assert snapshot(project) == before


def test_force_does_not_replace_what_git_could_not_give_back(orchestra: Orchestra, project: Path) -> None:
    (project / CODE).write_text("class Mine:\n    pass\n")
    refused = orchestra("new", "domain", "billing", "--force")
    assert refused.code == 2
    assert "uncommitted-changes" in refused.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("domain", "2fa"), "bad-name"),
        (("domain", "../evil"), "bad-name"),
        (("domain",), "missing-value"),
        (("domian", "billing"), "invalid-value"),
        (("domain", "billing", "--type", "sequentail"), "invalid-value"),
        (("domain", "billing", "--type", "coordination"), "invalid-value"),
        (("domain", "billing", "--operation", "cleanup"), "bad-name"),
        (("domain", "billing", "--operation", "a", "--operation", "a"), "bad-name"),
        (("domain", "billing", "--operation", "a", "--background", "a"), "bad-name"),
        (("domain", "billing", "--background", "a:soon"), "invalid-value"),
        (("domain", "billing", "--background", "a:-1"), "invalid-value"),
        (("domain", "billing", "--dependency", "router"), "invalid-value"),
        (("domain", "billing", "--dependency", "router=core.missing:get"), "invalid-value"),
        (("domain", "billing", "--dependency", "router=core.orchestration.facade:missing"), "invalid-value"),
        (("domain", "billing", "--template", "no/such"), "template-not-found"),
        (
            ("infrastructure", "probe", "--operation", "execute", "--durable"),
            "template-cannot-combine",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    orchestra: Orchestra, project: Path, arguments: tuple[str, ...], code: str
) -> None:
    before = snapshot(project)
    refused = orchestra("new", *arguments)
    assert (refused.code, snapshot(project)) == (2, before)
    assert f"error[{code}]" in refused.err
    assert "hint: " in refused.err


@pytest.mark.parametrize("layer", ["domain", "application"])
def test_a_name_is_taken_in_the_whole_project(orchestra: Orchestra, layer: str) -> None:
    orchestra("new", "infrastructure", "billing")
    refused = orchestra("new", layer, "billing", "--allow-dirty")
    assert "error[orchestrator-exists]" in refused.err


def test_a_name_that_differs_only_in_case_is_refused(orchestra: Orchestra, project: Path) -> None:
    wiring = project / WIRING
    wiring.write_text(wiring.read_text() + '    facade.register_factory("Billing", object)\n')
    committed(project)
    refused = orchestra("new", "domain", "billing")
    assert "error[orchestrator-exists]" in refused.err
    assert "case" in refused.err


def test_the_second_accessor_of_a_layer_is_named_and_not_exported(
    orchestra: Orchestra, project: Path
) -> None:
    orchestra("new", "application", "feedback")
    answer = orchestra("new", "application", "routing", "--allow-dirty", "--output-format", "json")
    assert any(
        "core.orchestration.application.routing.get_orchestrator" in note for note in said(answer)["notes"]
    )
    layer = (project / "src/core/orchestration/application/__init__.py").read_text()
    assert '"get_orchestrator": ".feedback"' in layer
    assert layer.count('"get_orchestrator"') == 1


@pytest.mark.parametrize(
    ("name", "text", "folder"),
    [
        ("pytest.ini", "[pytest]\ntestpaths = checks more\n", "checks"),
        ("setup.cfg", "[tool:pytest]\ntestpaths = checks\n", "checks"),
        ("tox.ini", "[pytest]\n", "tests"),
    ],
)
def test_the_test_goes_to_the_projects_own_folder(
    orchestra: Orchestra, project: Path, name: str, text: str, folder: str
) -> None:
    (project / name).write_text(text)
    answer = said(orchestra("new", "domain", "billing", "--output-format", "json"))
    assert answer["orchestrator"]["test"] == f"{folder}/test_billing_orchestrator.py"


def test_a_dependency_has_the_type_that_its_callable_returns(orchestra: Orchestra, project: Path) -> None:
    shop = project / "src/shop"
    shop.mkdir()
    (shop / "__init__.py").touch()
    (shop / "routing.py").write_text(
        "from __future__ import annotations\n\nfrom .models import Router\n\n\n"
        "def get_router() -> Router:\n    return Router()\n\n\ndef untyped():\n    return 1\n"
    )
    (shop / "models.py").write_text("class Router:\n    pass\n")
    given = ("router=shop.routing:get_router", "other=shop.routing:untyped", "model=shop.models:Router")
    options = [word for one in given for word in ("--dependency", one)]
    assert orchestra("new", "domain", "billing", *options).code == 0
    text = (project / CODE).read_text()
    assert "from shop.models import Router\n" in text
    assert "    router: lazy[Router] = lazy(" in text
    assert "    other: lazy[Any] = lazy(" in text
    assert "    model: lazy[Router] = lazy(" in text


def test_without_the_package_it_says_what_to_run(orchestra: Orchestra, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.orchestra]\npackage = "nowhere"\n')
    refused = orchestra("new", "domain", "billing")
    assert refused.code == 2
    assert "orchestra init" in refused.err


def test_without_a_terminal_the_missing_layer_is_named(orchestra: Orchestra) -> None:
    refused = orchestra("new", "billing")
    assert refused.code == 2
    assert "needs the layer" in refused.err
    assert "orchestra new domain billing" in refused.err


@pytest.mark.parametrize(
    ("answers", "layer"),
    [("y\n", "infrastructure"), ("n\nyes\n", "application"), ("what?\n\nno\ny\n", "domain")],
)
def test_on_a_terminal_three_questions_give_the_layer(project: Path, answers: str, layer: str) -> None:
    code, output = on_a_terminal(project, answers, "new", "billing")
    assert code == 0
    assert f"{layer}: it " in output
    assert (project / f"src/core/orchestration/{layer}/billing.py").is_file()


def test_three_times_no_is_no_orchestrator(project: Path) -> None:
    code, output = on_a_terminal(project, "n\nn\nn\n", "new", "billing")
    assert code == 2
    assert "error[no-layer]" in output


def on_a_terminal(project: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run a command whose stdin, stdout and stderr are a terminal; return exit code and all output."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "dumb"}
    with subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", *arguments],
        cwd=project,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        output = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end of a terminal was closed
                break
            if not piece:
                break
            output += piece
        os.close(ours)
    return process.returncode, output.decode()


@pytest.mark.parametrize(
    ("settings", "is_noted"),
    [
        ("", True),
        ('[build-system]\nrequires = ["hatchling"]\n', False),
        ('[tool.pytest.ini_options]\npythonpath = ["src"]\n', False),
        ('[tool.pytest.ini_options]\npythonpath = "lib src/"\n', False),
    ],
)
def test_it_says_when_tests_could_not_find_the_package(
    orchestra: Orchestra, project: Path, settings: str, is_noted: bool
) -> None:
    (project / "pyproject.toml").write_text(f'{settings}[tool.orchestra]\npackage = "core.orchestration"\n')
    committed(project)
    notes = said(orchestra("new", "domain", "billing", "--output-format", "json"))["notes"]
    assert any('pythonpath = ["src"]' in note for note in notes) is is_noted
    assert "notes" in said(orchestra("new", "domain", "billing", "--output-format", "json"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HTTPServer", ("http_server", "HTTPServerOrchestrator")),
        ("http_server", ("http_server", "HttpServerOrchestrator")),
        ("Http-Server", ("http_server", "HttpServerOrchestrator")),
        ("BillingOrchestrator", ("billing", "BillingOrchestrator")),
        ("2fa", "two_fa"),
        ("class", "class_handling"),
        ("Été", "Ete"),
    ],
)
def test_a_name_gives_what_a_person_expects_or_a_suggestion_that_works(
    orchestra: Orchestra, name: str, expected: str | tuple[str, str]
) -> None:
    done = orchestra("new", "domain", name, "--output-format", "json")
    if isinstance(expected, str):
        assert (done.code, f"Did you mean `{expected}`?" in done.err) == (2, True)
        done = orchestra("new", "domain", expected, "--output-format", "json")
        assert done.code == 0
    else:
        made = said(done)["orchestrator"]
        assert (made["name"], made["class"]) == expected

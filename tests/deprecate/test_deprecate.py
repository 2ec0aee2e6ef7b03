"""`orchestra deprecate`: one record a module, its users, what is due, removal that can be taken back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.deprecate.conftest import FILES, Orchestra, said
from tests.support.snapshots import snapshot

ROOT = Path(__file__).parents[2]
HEADER_END = b"# The file as it was stands below this line.\n"
MARK = (
    "deprecate",
    "mark",
    "shop.old",
    "--replacement",
    "shop.new",
    "--owner",
    "core",
    "--remove-on",
    "2027-02-20",
)
RECORD = {
    "name": "shop.old",
    "path": "src/shop/old.py",
    "replacement": "shop.new",
    "owner": "core",
    "remove_on": date(2027, 2, 20),
    "users": ["src/main.py"],
}


def records(project: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads((project / "deprecations.toml").read_text())["module"])


def python(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project / "src")},
        capture_output=True,
        text=True,
        check=True,
    )


def codes(orchestra: Orchestra, day: str) -> list[tuple[str, str]]:
    done = orchestra("deprecate", "check", "--today", day, "--output-format", "json")
    findings = said(done)["findings"]
    assert done.code == (1 if findings else 0)
    return [(finding["code"], finding["name"]) for finding in findings]


def test_a_marked_module_hands_on_and_has_one_record(orchestra: Orchestra, project: Path) -> None:
    assert orchestra(*MARK).code == 0
    assert records(project) == [RECORD]
    done = python(project, "-W", "always", "src/main.py")
    assert done.stdout == "1\n"
    assert "src/main.py:1: MovedModuleWarning: the module shop.old moved to shop.new" in done.stderr
    same = "from shop import new, old; print(old.price is new.price, old._cache is new._cache)"
    assert python(project, "-c", same).stdout == "True True\n"


def test_marking_again_changes_nothing_and_undo_leaves_no_trace(orchestra: Orchestra, project: Path) -> None:
    before = snapshot(project)
    orchestra(*MARK)
    marked = snapshot(project)
    assert "nothing to change" in orchestra(*MARK).out
    assert snapshot(project) == marked
    orchestra("undo")
    assert snapshot(project) == before


def test_a_file_may_be_named_instead_of_the_module(orchestra: Orchestra, project: Path) -> None:
    orchestra("deprecate", "mark", "src/shop/old.py", *MARK[3:])
    assert records(project) == [RECORD]


def test_a_file_that_no_import_leads_to_is_no_module_and_says_why(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "tidy-up.py").write_text("print(1)\n")
    done = orchestra("deprecate", "mark", "tidy-up.py")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error[no-such-module]: no import leads to tidy-up.py: ")
    assert "`source-roots`" in done.err


def test_existing_marks_of_one_module_are_recorded_alone(orchestra: Orchestra, project: Path) -> None:
    for name in ("old", "lonely"):
        file = project / "src" / "shop" / f"{name}.py"
        file.write_text(f'"""DEPRECATED: use shop.new."""\n{file.read_text()}')
    orchestra("deprecate", "mark", "shop.old", "--existing")
    assert [one["name"] for one in records(project)] == ["shop.old"]
    assert orchestra("deprecate", "mark", "shop.odl", "--existing").code == 2
    orchestra("deprecate", "mark", "--existing")
    assert [one["name"] for one in records(project)] == ["shop.old", "shop.lonely"]


def test_our_own_committed_reports_are_no_users(orchestra: Orchestra, project: Path) -> None:
    orchestra(*MARK)
    (project / "docs").mkdir()
    assert orchestra("status", "--markdown", "docs/status.md", "--html", "docs/status.html").code == 0
    (project / "docs" / "graph.html").write_text(
        orchestra("graph", "--format", "html").out + "<!-- shop.old -->"
    )
    (project / "docs" / "notes.md").write_text("`shop.old` is still used.\n")
    for name in ("status.md", "status.html"):
        assert "shop.old" in (project / "docs" / name).read_text()
    users = said(orchestra("deprecate", "users", "shop.old", "--output-format", "json"))
    texts = [
        user["path"] for module in users["modules"] for user in module["users"] if user["form"] == "text"
    ]
    assert texts == ["docs/notes.md"]


def test_without_a_replacement_the_code_stays_and_warns_its_importer(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "src/main.py").write_text("import shop.lonely\n\nprint(shop.lonely.VALUE)\n")
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core", "--remove-on", "2027-02-20")
    done = python(project, "-W", "always", "src/main.py")
    assert done.stdout == "1\n"
    assert (
        "src/main.py:1: MovedModuleWarning: the module shop.lonely is deprecated and goes away on 2027-02-20"
        in done.stderr
    )
    assert "replacement" not in records(project)[0]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("def other() -> int:\n    return 1\n", "has no price"),
        ("from shop.old import price as price\n", "imports the module itself"),
    ],
)
def test_a_replacement_that_cannot_replace_is_refused(
    orchestra: Orchestra, project: Path, new: str, why: str
) -> None:
    (project / "src/shop/new.py").write_text(new)
    before = snapshot(project)
    done = orchestra(*MARK)
    assert (done.code, snapshot(project)) == (1, before)
    assert why in done.out
    assert "--alive" in done.out
    assert orchestra(*MARK, "--alive").code == 0
    text = (project / "src/shop/old.py").read_text()
    assert 'replacement="shop.new"' in text
    assert "def price" in text


def test_users_are_found_by_what_a_name_means(orchestra: Orchestra, project: Path) -> None:
    (project / "src/other.py").write_text("class shop:\n    old = 1\n\n\nprint(shop.old)\n")
    (project / "src/loads.py").write_text('import importlib\n\nimportlib.import_module("shop.old")\n')
    (project / "README.md").write_text("Import `shop.old`.\n")
    (project / "src/stored.py").write_text('STORED = b"cshop.old\\nprice\\n."\nOTHER = b"shop.older"\n')
    (project / "logging.ini").write_text("[logger_old]\nqualname = shop.old\n")
    (project / "settings.toml").write_text('plugin = "shop.old:price"\n')
    orchestra(*MARK)
    answer = said(orchestra("deprecate", "users", "--output-format", "json"))
    users = {(user["path"], user["form"], user["blocks"]) for user in answer["modules"][0]["users"]}
    assert users == {
        ("src/main.py", "import", True),
        ("src/loads.py", "string", True),
        ("src/stored.py", "bytes", True),
        ("logging.ini", "text", False),
        ("README.md", "text", False),
        ("settings.toml", "configuration", True),
    }


def test_the_warnings_of_a_run_are_counted(orchestra: Orchestra, project: Path, tmp_path: Path) -> None:
    orchestra(*MARK)
    log = tmp_path / "run.log"
    log.write_text(python(project, "-W", "always", "src/main.py").stderr * 2)
    answer = said(orchestra("deprecate", "users", "--warnings", str(log), "--output-format", "json"))
    counted = answer["modules"][0]["warnings"]
    assert {Path(place).name: times for place, times in counted.items()} == {"main.py:1": 2}


def test_check_follows_a_module_from_its_mark_to_its_end(orchestra: Orchestra, project: Path) -> None:
    orchestra(*MARK)
    assert codes(orchestra, "2027-02-19") == []
    assert codes(orchestra, "2027-02-20") == [("past-due-with-users", "shop.old")]
    (project / "src/late.py").write_text("import shop.old\n")
    assert codes(orchestra, "2027-01-01") == [("new-user", "shop.old")]
    (project / "src/late.py").unlink()
    (project / "src/main.py").write_text("from shop.new import price\n")
    assert codes(orchestra, "2027-02-20") == [("past-due", "shop.old")]
    orchestra("deprecate", "remove", "shop.old")
    assert codes(orchestra, "2027-02-20") == []


def test_an_incomplete_record_and_a_mark_without_one_are_findings(
    orchestra: Orchestra, project: Path
) -> None:
    (project / "deprecations.toml").write_text('[[module]]\nname = "shop.old"\npath = "src/shop/old.py"\n')
    (project / "src/shop/lonely.DEPRECATED.md").write_text("gone soon\n")
    assert codes(orchestra, "2027-01-01") == [
        ("incomplete-record", "shop.old"),
        ("mark-without-record", "shop.lonely"),
    ]


@pytest.mark.parametrize(
    "marker",
    ["lonely.DEPRECATED.md", "lonely.py.DEPRECATED", "DEPRECATED_lonely.md", "lonely.deprecated"],
)
def test_a_note_beside_a_live_module_is_recorded(orchestra: Orchestra, project: Path, marker: str) -> None:
    text = "Deprecated, use `shop.new` instead. Owner: ada. Remove after 2026-12-31.\n"
    (project / "src/shop" / marker).write_text(text)
    orchestra("deprecate", "mark", "--existing")
    assert records(project) == [
        {
            "name": "shop.lonely",
            "path": "src/shop/lonely.py",
            "replacement": "shop.new",
            "owner": "ada",
            "remove_on": date(2026, 12, 31),
            "users": [],
        }
    ]
    assert "nothing to change" in orchestra("deprecate", "mark", "--existing").out


def test_a_file_in_a_folder_marks_its_modules(orchestra: Orchestra, project: Path) -> None:
    (project / "src/shop/.deprecated").write_text("")
    orchestra("deprecate", "mark", "--existing", "--owner", "core")
    assert {record["name"] for record in records(project)} == {"shop", "shop.old", "shop.new", "shop.lonely"}
    assert all(record["owner"] == "core" and "remove_on" not in record for record in records(project))


def test_what_is_used_is_not_removed(orchestra: Orchestra, project: Path) -> None:
    orchestra(*MARK)
    before = snapshot(project)
    done = orchestra("deprecate", "remove", "shop.old")
    assert (done.code, snapshot(project)) == (1, before)
    assert "src/main.py:1" in done.out


def test_a_file_that_cannot_be_read_may_be_a_user(orchestra: Orchestra, project: Path) -> None:
    (project / "src/shop/unused.py").write_text("VALUE = 1\n")
    orchestra("deprecate", "mark", "shop.unused", "--owner", "core", "--alive")
    (project / "src/again.py").symlink_to("main.py")
    assert orchestra("deprecate", "remove", "shop.unused", "--dry-run").code == 0
    unreadable = Path(os.fsdecode(b"un\xffread.py"))
    (project / "src" / unreadable).write_text("from shop.unused import VALUE\n")
    before = snapshot(project)
    done = orchestra("deprecate", "remove", "shop.unused")
    assert (done.code, snapshot(project)) == (1, before)
    assert "src/un\\xffread.py:1: it was not read and may refer to shop.unused" in done.out
    assert "src/un\\xffread.py: its name" in orchestra("deprecate", "users", "shop.unused").err


@pytest.mark.parametrize("text", ["from shop import lonely\n(((\n", "# \xff\nimport shop.lonely\n"])
def test_a_file_that_does_not_parse_may_be_a_user(orchestra: Orchestra, project: Path, text: str) -> None:
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core")
    (project / "src/broken.py").write_bytes(text.encode("latin-1"))
    (user,) = said(orchestra("deprecate", "users", "shop.lonely", "--output-format", "json"))["modules"]
    assert [(one["form"], one["path"], one["blocks"]) for one in user["users"]] == [
        ("unparsed", "src/broken.py", True)
    ]
    assert "it does not parse and may refer to" in orchestra("deprecate", "remove", "shop.lonely").out
    assert codes(orchestra, "2026-11-24") == [("new-user", "shop.lonely")]
    assert orchestra("status", "--no-history").code == 0


def test_no_module_replaces_itself(orchestra: Orchestra, project: Path) -> None:
    before = snapshot(project)
    done = orchestra("deprecate", "mark", "shop.old", "--replacement", "shop.old")
    assert (done.code, snapshot(project)) == (1, before)
    assert "is the module itself" in done.out


def test_a_module_that_only_hands_on_replaces_none(orchestra: Orchestra, project: Path) -> None:
    for name in ("old", "new", "newer"):
        (project / f"src/shop/{name}.py").write_text("")
    orchestra("deprecate", "mark", "shop.new", "--replacement", "shop.newer")
    before = snapshot(project)
    done = orchestra(*MARK)
    assert (done.code, snapshot(project)) == (1, before)
    assert "shop.new itself hands on to shop.newer" in done.out


@pytest.mark.parametrize("owner", ["core\nteam", "core\r# team", "\u2028core"])
def test_whatever_its_owner_is_called_a_file_comes_back(
    orchestra: Orchestra, project: Path, owner: str
) -> None:
    orchestra("deprecate", "mark", "shop.lonely", "--owner", owner)
    before = snapshot(project)
    assert orchestra("deprecate", "remove", "shop.lonely").code == 0
    assert orchestra("deprecate", "restore", "shop.lonely").code == 0
    assert snapshot(project) == before


@pytest.mark.parametrize("options", [("--alive",), ()])
def test_what_is_no_name_is_not_written_into_a_module(
    orchestra: Orchestra, project: Path, options: tuple[str, ...]
) -> None:
    before = snapshot(project)
    done = orchestra("deprecate", "mark", "shop.old", "--replacement", 'x"); print("y', *options)
    assert (done.code, snapshot(project)) == (1, before)
    assert "is no name of a module" in done.out


@pytest.mark.parametrize(
    "data", [b"x = '\xe9'\r\n", b"\xef\xbb\xbfx = 1\n", b"\n" + HEADER_END, b"# The file\nx = 1", b""]
)
def test_a_removed_file_comes_back_byte_for_byte(orchestra: Orchestra, project: Path, data: bytes) -> None:
    file = project / "src/shop/lonely.py"
    data = b"# -*- coding: latin-1 -*-\n" + data if b"\xe9" in data else data
    file.write_bytes(data)
    (project / "deprecations.toml").write_text(
        '# ours\n[[module]]\nname = "shop.lonely"\npath = "src/shop/lonely.py"\nowner = "core"\n'
    )
    before = snapshot(project)
    assert orchestra("deprecate", "remove", "shop.lonely", "--today", "2027-02-20").code == 0
    assert not file.exists()
    removed = (project / "src/shop/lonely.py.DEPRECATED").read_bytes()
    assert removed.startswith(b"# DEPRECATED: shop.lonely, removed on 2027-02-20; owner: core.")
    assert removed.endswith(data)
    assert records(project)[0]["removed_on"] == date(2027, 2, 20)
    assert orchestra("deprecate", "restore", "shop.lonely").code == 0
    assert snapshot(project) == before


def test_an_extension_needs_a_reason_and_is_counted(orchestra: Orchestra, project: Path) -> None:
    orchestra(*MARK)
    extend = ("deprecate", "extend", "shop.old", "--to", "2027-05-20")
    assert orchestra(*extend).code == 2
    assert orchestra(*extend, "--reason", "  ").code == 2
    assert orchestra(*extend, "--reason", "the mobile app").code == 0
    orchestra("deprecate", "extend", "shop.old", "--to", "2027-06-20", "--reason", "again")
    extensions = records(project)[0]["extensions"]
    assert [(one["from"], one["to"], one["reason"]) for one in extensions] == [
        (date(2027, 2, 20), date(2027, 5, 20), "the mobile app"),
        (date(2027, 5, 20), date(2027, 6, 20), "again"),
    ]
    assert 'remove_on="2027-06-20"' in (project / "src/shop/old.py").read_text()
    assert orchestra("deprecate", "extend", "shop.old", "--to", "2027-01-01", "--reason", "x").code == 2


def test_what_a_person_wrote_in_the_records_stays(orchestra: Orchestra, project: Path) -> None:
    text = '# by hand\n[[module]]\nname="shop.lonely"   # soon\npath = "src/shop/lonely.py"\nnote = "mine"\n'
    (project / "deprecations.toml").write_text(text)
    orchestra(*MARK)
    (project / "src/shop/.deprecated").write_text("")
    orchestra("deprecate", "mark", "--existing")
    written = (project / "deprecations.toml").read_text()
    assert written.startswith(text)
    assert written.count("[[module]]") - written.count("\n\n[[module]]") == 1
    assert "\n\n\n" not in written


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("mark", "shop.missing"), "no-such-module"),
        (("mark",), "missing-value"),
        (("mark", "shop.old", "--remove-on", "soon"), "invalid-value"),
        (("remove", "shop.old"), "no-deprecation-record"),
        (("extend", "shop.old", "--to", "2027-01-01", "--reason", "x"), "no-deprecation-record"),
        (("check", "--today", "tomorrow"), "invalid-value"),
    ],
)
def test_wrong_usage_says_what_to_do(
    orchestra: Orchestra, project: Path, arguments: tuple[str, ...], code: str
) -> None:
    before = snapshot(project)
    done = orchestra("deprecate", *arguments)
    assert (done.code, snapshot(project)) == (2, before)
    assert f"error[{code}]" in done.err
    assert "hint: " in done.err


@pytest.mark.parametrize(
    "text",
    [
        "[[module]\n",
        "module = 1\n",
        "[[module]]\npath = 'x'\n",
        "[[module]]\nname = 'x'\npath = '../x.py'\n",
        "[[module]]\nname = 'x'\npath = '/x.py'\n",
        '[[module]]\nname = "x\\u001b[31m"\n',
    ],
)
def test_records_that_cannot_be_read_are_an_error(orchestra: Orchestra, project: Path, text: str) -> None:
    (project / "deprecations.toml").write_text(text)
    assert "error[broken-deprecations]" in orchestra("deprecate", "check").err


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        ("deprecate-mark", MARK),
        ("deprecate-users", ("deprecate", "users", "shop.old")),
        ("deprecate-check", ("deprecate", "check", "--today", "2027-03-01")),
        ("deprecate-extend", ("deprecate", "extend", "shop.old", "--to", "2027-05-20", "--reason", "x")),
        ("deprecate-remove", ("deprecate", "remove", "shop.old")),
        ("deprecate-restore", ("deprecate", "restore", "shop.old")),
    ],
)
def test_json_is_as_its_schema_says(orchestra: Orchestra, schema: str, arguments: tuple[str, ...]) -> None:
    orchestra(*MARK)
    shape = json.loads((ROOT / f"docs/reference/schemas/{schema}.json").read_text())
    answer = said(orchestra(*arguments, "--output-format", "json"))
    jsonschema.validate(answer, shape, format_checker=jsonschema.FormatChecker())


def test_the_fixture_project_works_as_it_is(project: Path) -> None:
    assert python(project, "src/main.py").stdout == "1\n"
    assert set(FILES) <= set(snapshot(project))


@pytest.mark.parametrize("options", [(), ("--alive",)])
def test_a_module_that_says_so_itself_needs_a_record(
    orchestra: Orchestra, project: Path, options: tuple[str, ...]
) -> None:
    orchestra(*MARK, *options)
    (project / "deprecations.toml").unlink()
    assert codes(orchestra, "2027-01-01") == [("mark-without-record", "shop.old")]
    done = orchestra("deprecate", "mark", "--existing")
    assert "to do deprecations.toml:1: shop.old lacks owner" in done.out
    assert records(project) == [{key: value for key, value in RECORD.items() if key != "owner"}]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_notice_stands_below_the_first_imports_in_the_files_own_way(
    orchestra: Orchestra, project: Path, newline: str
) -> None:
    text = '#!/usr/bin/python\n"""Doc."""\nfrom __future__ import annotations\nimport os\n\nVALUE = os.sep\n'
    file = project / "src/shop/lonely.py"
    file.write_bytes(text.replace("\n", newline).encode())
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core", "--remove-on", "2027-02-20")
    notice = (
        "\nfrom orchestra.moved import leaving as _leaving\n\n"
        '_leaving(\n    __name__,\n    remove_on="2027-02-20",\n)\n'
    )
    expected = text.replace("import os\n", f"import os\n{notice}")
    assert file.read_bytes() == expected.replace("\n", newline).encode()
    orchestra("deprecate", "mark", "shop.lonely", "--remove-on", "2027-03-20")
    assert file.read_bytes() == expected.replace("02-20", "03-20").replace("\n", newline).encode()


def test_a_notice_becomes_a_shim_once_there_is_a_replacement(orchestra: Orchestra, project: Path) -> None:
    orchestra("deprecate", "mark", "shop.old", "--owner", "core", "--remove-on", "2027-02-20")
    assert "def price" in (project / "src/shop/old.py").read_text()
    assert orchestra(*MARK).code == 0
    assert "def price" not in (project / "src/shop/old.py").read_text()
    assert records(project) == [RECORD]
    assert python(project, "src/main.py").stdout == "1\n"
    (project / "src/shop/newer.py").write_text(FILES["src/shop/new.py"])
    other = orchestra("deprecate", "mark", "shop.old", "--replacement", "shop.newer")
    assert other.code == 1
    assert "hands on to shop.new already" in other.out


def test_a_folder_is_its_package(orchestra: Orchestra, project: Path) -> None:
    orchestra("deprecate", "mark", "src/shop", "--owner", "core", "--remove-on", "2027-02-20")
    assert [one["path"] for one in records(project)] == ["src/shop/__init__.py"]


def test_a_record_that_is_not_true_is_a_finding(orchestra: Orchestra, project: Path) -> None:
    (project / "src/main.py").unlink()
    orchestra(*MARK)
    text = (project / "src/shop/old.py").read_text()
    (project / "src/shop/old.py").unlink()
    assert codes(orchestra, "2027-03-01") == [("record-disagrees", "shop.old")]
    (project / "src/shop/old.py").write_text(text)
    orchestra("deprecate", "remove", "shop.old", "--today", "2027-01-01")
    (project / "src/shop/old.py").write_text(text)
    assert codes(orchestra, "2027-01-01") == [("record-disagrees", "shop.old")]


def test_a_finding_says_how_often_the_date_was_put_off(orchestra: Orchestra, project: Path) -> None:
    orchestra(*MARK)
    for day in ("2027-05-20", "2027-06-20"):
        orchestra("deprecate", "extend", "shop.old", "--to", day, "--reason", "the mobile app")
    assert (
        "it was due on 2027-06-20 (put off 2 x)"
        in orchestra("deprecate", "check", "--today", "2027-07-01").out
    )


def test_a_mark_says_what_its_record_lacks(orchestra: Orchestra, project: Path) -> None:
    done = orchestra("deprecate", "mark", "shop.old", "--replacement", "shop.new")
    assert "to do deprecations.toml:1: shop.old lacks owner" in done.out
    assert "to do" not in orchestra(*MARK).out


def test_a_stub_beside_the_module_goes_first(orchestra: Orchestra, project: Path) -> None:
    (project / "src/shop/lonely.pyi").write_text("VALUE: int\n")
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core")
    refused = orchestra("deprecate", "remove", "shop.lonely")
    assert refused.code == 1
    assert "src/shop/lonely.pyi" in refused.out


def test_a_file_that_may_be_executed_may_be_so_after_its_return(orchestra: Orchestra, project: Path) -> None:
    file = project / "src/shop/lonely.py"
    file.chmod(0o755)
    orchestra("deprecate", "mark", "shop.lonely", "--owner", "core")
    data = file.read_bytes()
    orchestra("deprecate", "remove", "shop.lonely")
    assert orchestra("deprecate", "restore", "shop.lonely").code == 0
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (data, 0o755)

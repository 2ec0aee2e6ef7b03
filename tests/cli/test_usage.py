"""Whatever is typed wrongly: one error with a code, what to do next, exit code 2, nothing on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestra_cli.suggest import did_you_mean
from tests.cli.conftest import Orchestra
from tests.support.commands import in_own_process
from tests.support.snapshots import snapshot

WRONG = [
    (("migrat",), "unknown-command", "Did you mean `migrate`?"),
    (("xyzzy",), "unknown-command", "`orchestra --help` lists the commands."),
    (("config", "sho"), "unknown-command", "Did you mean `show`?"),
    (("list", "--layr", "domain"), "unknown-option", "Did you mean `--layer`?"),
    (("list", "--zzz"), "unknown-option", "`orchestra list --help` shows what it takes."),
    (("--versoin",), "unknown-option", "Did you mean `--version`?"),
    (("list", "--layer", "domian"), "invalid-value", "Did you mean `domain`?"),
    (("list", "--layer"), "missing-value", "orchestra list --help"),
    (("list", "--output-format", "yaml"), "invalid-value", "The choices are: text, json."),
    (("run",), "missing-value", "orchestra run --help"),
    (("new",), "missing-value", "orchestra new --help"),
    (("run", "x", "--timeout", "soon"), "invalid-value", ""),
    (("run", "x", "a=1", "b=2"), "usage", "Parameters are options: -p a=1 -p b=2"),
    (("run", "x", "go"), "usage", "An operation is an option: --operation go"),
    (("run", "x", "--params", ""), "malformed-parameter", "Give a JSON object"),
    (("run", "x", "--metadata", "a=1", "--metadata", "a=2"), "malformed-parameter", "Give it once."),
    (("run", "x", "--timeout", "-1"), "invalid-value", "Give seconds."),
    (("run", "x", "-p", "novalue"), "malformed-parameter", "Write -p novalue=value."),
    (("run", "x", "--params", "{"), "malformed-parameter", "--params"),
    (("run", "x", "--params", "@missing.json"), "malformed-parameter", "existing file"),
    (("undo", "one", "two"), "usage", "orchestra undo --help"),
    (("--root", "missing", "list"), "invalid-value", "Name the folder"),
    (("explain", "cofig-not-found"), "unknown-code", "Did you mean `config-not-found`?"),
    (("-q",), "usage", ""),
]


@pytest.mark.parametrize(("arguments", "code", "hint"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
def test_a_misuse_is_an_error_with_a_code_and_a_hint(
    orchestra: Orchestra, project: Path, arguments: tuple[str, ...], code: str, hint: str
) -> None:
    before = snapshot(project)
    done = orchestra(*arguments)
    assert (done.code, done.out) == (2, "")
    first, second = done.err.splitlines()
    assert first.startswith(f"error[{code}]: ")
    assert first.endswith(".")
    assert second.startswith("hint: ")
    assert hint in second
    assert snapshot(project) == before


def test_no_command_shows_the_help_as_an_error(orchestra: Orchestra) -> None:
    for arguments in ((), ("config",)):
        done = orchestra(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("Usage: orchestra")


def test_common_options_may_stand_before_and_behind_the_command(orchestra: Orchestra, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text('[tool.orchestra]\nowner = "the other"\n')
    for arguments in (("--root", str(other), "config", "show"), ("config", "show", "--root", str(other))):
        assert "the other" in orchestra(*arguments).out


def test_an_unforeseen_exception_is_internal_and_shows_its_traceback_only_when_asked(
    orchestra: Orchestra, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, object]:
        raise LookupError("a defect")

    monkeypatch.setattr("orchestra_cli.codes.all_codes", broken)
    done = orchestra("explain", "anything")
    assert done.code == 3
    assert done.err.splitlines()[0] == "error[internal]: LookupError: a defect."
    assert "Traceback" not in done.err
    assert "Traceback" in orchestra("explain", "anything", "--debug").err


def test_suggestions_name_several_only_where_they_are_equally_near() -> None:
    assert did_you_mean("cofig", ["config", "explain"]) == "Did you mean `config`?"
    assert did_you_mean("aab", ["aaa", "aac", "zzz"]) == "Did you mean `aaa` or `aac`?"
    assert did_you_mean("q", ["config"], "Look.") == "Look."


def test_a_package_of_the_users_in_the_working_directory_does_not_become_ours(tmp_path: Path) -> None:
    for name in ("rich", "typer", "orchestra_codemods", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the user module was imported')\n")
    (tmp_path / "pyproject.toml").touch()
    done = in_own_process("config", "show", "--output-format", "json", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")

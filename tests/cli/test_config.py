"""Settings: where they are found, who wins, where each came from, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from orchestra_codemods.config import (
    Config,
    ConfigNotFoundError,
    InvalidSettingError,
    UnknownSettingError,
    WrongTypeError,
    load,
    locate,
)
from tests.cli.conftest import Orchestra
from tests.support.snapshots import snapshot


def settings(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


def loaded(folder: Path, environment: dict[str, str] | None = None, **options: Any) -> Config:
    return load(locate(folder), environment or {}, options)


def test_without_settings_everything_is_default_and_has_no_origin(tmp_path: Path) -> None:
    config = loaded(settings(tmp_path, ""))
    assert config == Config()
    assert config.origins == {}


def test_file_then_environment_then_options_and_each_value_knows_its_origin(tmp_path: Path) -> None:
    settings(tmp_path, '[tool.orchestra]\npackage = "a"\nowner = "file"\nexclude = ["x"]\n')
    environment = {"ORCHESTRA_PACKAGE": "b", "ORCHESTRA_OWNER": "environment", "UNRELATED": "1"}
    config = loaded(tmp_path, environment, package="c", app=None)
    assert (config.package, config.owner, config.exclude) == ("c", "environment", ("x",))
    assert config.origins == {
        "package": "command line",
        "owner": "environment ORCHESTRA_OWNER",
        "exclude": "pyproject.toml [tool.orchestra]",
    }


def test_every_type_can_come_from_the_environment(tmp_path: Path) -> None:
    environment = {
        "ORCHESTRA_SOURCE_ROOTS": "src, lib",
        "ORCHESTRA_REMOVE_AFTER_DAYS": "30",
        "ORCHESTRA_FACTORIES": "a=m:f, b=n:g",
    }
    config = loaded(settings(tmp_path, ""), environment)
    assert config.source_roots == ("src", "lib")
    assert config.remove_after_days == 30
    assert config.factories == {"a": "m:f", "b": "n:g"}


def test_orchestra_toml_comes_before_pyproject_toml(tmp_path: Path) -> None:
    settings(tmp_path, '[tool.orchestra]\nowner = "pyproject"\n')
    settings(tmp_path, 'owner = "own file"\n', "orchestra.toml")
    config = loaded(tmp_path)
    assert config.owner == "own file"
    assert config.origins["owner"] == "orchestra.toml"


def test_the_nearest_settings_count_and_a_project_without_any_belongs_to_the_one_above(
    tmp_path: Path,
) -> None:
    settings(tmp_path, '[tool.orchestra]\nowner = "above"\n')
    part = settings(tmp_path / "packages" / "part", "[project]\n")
    assert locate(part).root == tmp_path
    settings(part, "[tool.orchestra]\n")
    assert locate(part).root == part


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    settings(tmp_path, '[tool.orchestra]\nowner = "above"\n')
    inner = tmp_path / "repository" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    with pytest.raises(ConfigNotFoundError):
        locate(inner)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('source_roots = ["src"]', "source-roots"),
        ('pakage = "x"', "package"),
        ('nonsense-entirely = "x"', "The settings are:"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(UnknownSettingError) as caught:
        loaded(settings(tmp_path, f"[tool.orchestra]\n{text}\n"))
    assert hint in caught.value.hint


def test_a_misspelled_variable_is_an_error_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    settings(tmp_path, "")
    with pytest.raises(UnknownSettingError) as caught:
        loaded(tmp_path, {"ORCHESTRA_PAKAGE": "x"})
    assert "ORCHESTRA_PACKAGE" in caught.value.hint
    assert loaded(tmp_path, {"ORCHESTRA_CACHE_DIR": "x", "ORCHESTRA_SOMETHING_ELSE": "y"}) == Config()


@pytest.mark.parametrize(
    "text",
    [
        "package = 3",
        'source-roots = "src"',
        "exclude = [1]",
        'remove-after-days = "soon"',
        "remove-after-days = true",
        'factories = ["x"]',
        "factories = { a = 1 }",
    ],
)
def test_a_wrong_type_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongTypeError):
        loaded(settings(tmp_path, f"[tool.orchestra]\n{text}\n"))


def test_a_wrong_type_in_the_environment_is_an_error(tmp_path: Path) -> None:
    settings(tmp_path, "")
    for name, value in {"ORCHESTRA_REMOVE_AFTER_DAYS": "soon", "ORCHESTRA_FACTORIES": "x"}.items():
        with pytest.raises(WrongTypeError):
            loaded(tmp_path, {name: value})


@pytest.mark.parametrize(
    ("package", "suggestion"),
    [
        ("core/orchestration", "core.orchestration"),
        ("../escape", "escape"),
        ("/etc/passwd", "etc.passwd"),
        ("class.x", "class_.x"),
        ("my-package", "my_package"),
        ("2fast", "_2fast"),
        ("a b", "a_b"),
        ("", "Write it as in an import statement."),
        ("..", "Write it as in an import statement."),
        ("json", "json_orchestrators"),
        ("orchestra.x", "orchestra_x_orchestrators"),
    ],
)
def test_a_package_name_that_cannot_be_imported_is_refused_with_a_suggestion(
    tmp_path: Path, package: str, suggestion: str
) -> None:
    with pytest.raises(InvalidSettingError) as caught:
        loaded(settings(tmp_path, ""), package=package)
    assert suggestion in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        'source-roots = ["../elsewhere"]',
        'source-roots = ["/etc"]',
        'source-roots = ["a\\\\b"]',
        'source-roots = ["link"]',
        'app = "no.colon"',
        'app = "a/b:c"',
        'step-result = "a.b-c"',
        "remove-after-days = 0",
        'factories = { x = "nowhere" }',
    ],
)
def test_a_value_that_cannot_work_is_refused(tmp_path: Path, text: str) -> None:
    project = settings(tmp_path / "project", f"[tool.orchestra]\n{text}\n")
    (project / "link").symlink_to(tmp_path)
    with pytest.raises(InvalidSettingError):
        loaded(project)


BROKEN = {
    "config-broken": "[tool.orchestra\n",
    "config-unknown-key": '[tool.orchestra]\npakage = "x"\n',
    "config-wrong-type": "[tool.orchestra]\npackage = 1\n",
    "config-invalid-value": '[tool.orchestra]\npackage = "a/b"\n',
}
COMMANDS = [
    ("config", "show"),
    ("init",),
    ("list",),
    ("run", "anything"),
]


@pytest.mark.parametrize("code", BROKEN)
@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(each) for each in COMMANDS])
def test_broken_settings_stop_every_command_and_change_nothing(
    orchestra: Orchestra, project: Path, code: str, command: tuple[str, ...]
) -> None:
    settings(project, BROKEN[code])
    before = snapshot(project)
    done = orchestra(*command)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"error[{code}]: ")
    assert snapshot(project) == before


def test_undo_and_history_need_no_settings_that_are_right(orchestra: Orchestra, project: Path) -> None:
    settings(project, BROKEN["config-unknown-key"])
    assert orchestra("history").code == 0
    assert "nothing-to-undo" in orchestra("undo").err


@pytest.mark.parametrize("command", [*COMMANDS, ("undo",), ("resume",), ("history",)])
def test_without_a_settings_file_there_is_no_project(
    orchestra: Orchestra, tmp_path: Path, command: tuple[str, ...]
) -> None:
    empty = tmp_path / "empty"
    (empty / ".git").mkdir(parents=True)
    done = orchestra(*command, cwd=empty)
    assert done.code == 2
    assert done.err.startswith("error[config-not-found]: ")
    assert [path.name for path in empty.iterdir()] == [".git"]


def test_show_prints_every_setting_with_its_origin(
    orchestra: Orchestra, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(project, '[tool.orchestra]\npackage = "core.orchestration"\n')
    monkeypatch.setenv("ORCHESTRA_OWNER", "platform")
    shown = json.loads(orchestra("config", "show", "--output-format", "json").out)
    by_key = {row["key"]: (row["value"], row["origin"]) for row in shown["settings"]}
    assert by_key["package"] == ("core.orchestration", "pyproject.toml [tool.orchestra]")
    assert by_key["owner"] == ("platform", "environment ORCHESTRA_OWNER")
    assert by_key["exclude"] == ([], "default")
    text = orchestra("config", "show").out
    for key, (_, origin) in by_key.items():
        assert any(line.startswith(key) and line.endswith(origin) for line in text.splitlines())

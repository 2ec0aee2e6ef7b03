"""What is the user's own is kept where the system keeps such things."""

from __future__ import annotations

import sys

import pytest

from orchestra_codemods.user_folders import cache_folder, state_folder

FOLDERS = {
    "linux": ("/home/ada/.cache/orchestra", "/home/ada/.local/state/orchestra"),
    "darwin": ("/home/ada/Library/Caches/orchestra", "/home/ada/Library/Application Support/orchestra"),
}


@pytest.fixture(autouse=True)
def ada(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize("system", FOLDERS)
def test_without_variables_it_is_the_systems_custom(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    assert (cache_folder(), state_folder()) == FOLDERS[system]


@pytest.mark.parametrize("system", FOLDERS)
def test_a_variable_counts_on_every_system(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    monkeypatch.setenv("XDG_STATE_HOME", "/s")
    assert (cache_folder(), state_folder()) == ("/c/orchestra", "/s/orchestra")


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_a_variable_that_names_no_absolute_folder_counts_for_nothing(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("XDG_STATE_HOME", value)
    assert (cache_folder(), state_folder()) == FOLDERS["linux"]

"""Awkward input to `migrate`: what cannot be read is named, and blocks nothing but what it names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Orchestra
from tests.support.snapshots import snapshot

FLOW = "class {0}Orchestrator:\n    def run(self):\n        return 1\n"


@pytest.fixture
def shop(orchestra: Orchestra, project: Path) -> Path:
    """A project with two orchestrators, and a caller of each."""
    package = project / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for name in ("Good", "Other"):
        (package / f"{name.lower()}_flow.py").write_text(FLOW.format(name))
        caller = f"from shop.{name.lower()}_flow import {name}Orchestrator\n"
        (package / f"uses_{name.lower()}.py").write_text(caller)
    assert orchestra("init", "--package", "orchestrators").code == 0
    return project


def broken_syntax(root: Path) -> None:
    (root / "shop/broken.py").write_text("from shop.good_flow import GoodOrchestrator\ndef (:\n")


def wrong_encoding(root: Path) -> None:
    (root / "shop/latin.py").write_bytes(b"# \xe9t\xe9\nfrom shop.good_flow import GoodOrchestrator\n")


def unknown_encoding(root: Path) -> None:
    (root / "shop/klingon.py").write_bytes(
        b"# -*- coding: klingon -*-\nfrom shop.good_flow import GoodOrchestrator\n"
    )


def null_bytes(root: Path) -> None:
    (root / "shop/null.py").write_bytes(b"from shop.good_flow import GoodOrchestrator\n\x00")


BLOCKING = [broken_syntax, wrong_encoding, unknown_encoding, null_bytes]


def link_loop(root: Path) -> None:
    (root / "shop/loop").symlink_to(root / "shop")
    (root / "shop/one.py").symlink_to(root / "shop/two.py")
    (root / "shop/two.py").symlink_to(root / "shop/one.py")


def link_out(root: Path) -> None:
    (root / "shop/outside.py").symlink_to("/etc/hostname")


def dangling_link(root: Path) -> None:
    (root / "shop/gone.py").symlink_to("nowhere.py")


def special_file(root: Path) -> None:
    os.mkfifo(root / "shop/pipe.py")


def folder_like_a_module(root: Path) -> None:
    (root / "shop/folder.py").mkdir()


def empty_and_enormous(root: Path) -> None:
    (root / "shop/empty.py").write_bytes(b"")
    (root / "shop/data.py").write_text("DATA = [\n" + "    0,\n" * 200_000 + "]\n")


def shadowed_module(root: Path) -> None:
    (root / "shop/hidden.py").write_text(FLOW.format("Hidden"))
    (root / "shop/hidden").mkdir()
    (root / "shop/hidden/__init__.py").write_text("")


HARMLESS = [
    link_loop,
    link_out,
    dangling_link,
    special_file,
    folder_like_a_module,
    empty_and_enormous,
    shadowed_module,
]


def migrate(orchestra: Orchestra) -> Any:
    done = orchestra("migrate", "--all", "--output-format", "json")
    assert done.code in (0, 1), done.err
    return json.loads(done.out)


@pytest.mark.parametrize("spoil", BLOCKING, ids=lambda function: function.__name__)
def test_a_file_that_cannot_be_read_blocks_what_it_names_and_nothing_else(
    orchestra: Orchestra, shop: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(shop)
    before = snapshot(shop)
    answer = migrate(orchestra)
    (refusal,) = answer["refusals"]
    assert refusal["path"] == "shop/good_flow.py"
    spoiled = refusal["why"].partition(" names it, and ")[0]
    assert (shop / spoiled).exists()
    assert refusal["what_to_do"] == f"Mend {spoiled} first."
    after = snapshot(shop)
    for path in ("shop/good_flow.py", "shop/uses_good.py", spoiled):
        assert after[path] == before[path]
    assert b"forward(" in after["shop/other_flow.py"].content


@pytest.mark.parametrize("spoil", HARMLESS, ids=lambda function: function.__name__)
def test_what_is_no_readable_module_is_left_alone(
    orchestra: Orchestra, shop: Path, spoil: Callable[[Path], None]
) -> None:
    usual = snapshot(shop)
    spoil(shop)
    before = snapshot(shop)
    answer = migrate(orchestra)
    assert [one["path"] for one in answer["refusals"]] == (
        ["shop/hidden.py"] if spoil is shadowed_module else []
    )
    after = snapshot(shop)
    assert all(after[path] == before[path] for path in before.keys() - usual.keys())
    assert all(b"forward(" in after[f"shop/{name}_flow.py"].content for name in ("good", "other"))
    assert orchestra("undo").code == 0
    assert snapshot(shop) == before


def test_a_refused_target_that_is_named_says_why_and_changes_nothing(
    orchestra: Orchestra, shop: Path
) -> None:
    (shop / "shop/data.py").write_text(
        "from dataclasses import dataclass\n\n\n@dataclass\n" + FLOW.format("Data")
    )
    before = snapshot(shop)
    done = orchestra("migrate", "data")
    assert done.code == 1
    assert "dataclass: it holds data" in done.out
    assert "Write its `__init__` out" in done.out
    assert snapshot(shop) == before

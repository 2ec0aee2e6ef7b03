"""Registrations and exports are added once, and everything that stands there stays as it stands."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.change import apply_edits
from orchestra_codemods.source import Source
from orchestra_codemods.wiring import (
    Factory,
    export_edits,
    export_table,
    exported,
    factory_text,
    registered_names,
    registration_edits,
)
from orchestra_templates.rendering import render_project

WIRING = render_project(None)["orchestrators.py"]
LAYER = render_project(None)["domain/__init__.py"]
NAMES = st.lists(st.sampled_from(["billing", "cart", "mail", "stock"]), unique=True, min_size=1)


def factory(name: str) -> Factory:
    return Factory(name, factory_text(name, f"shop.{name}", ("Thing",), ("return Thing()",)))


def registered(text: str, *names: str, newline: str = "\n") -> str:
    source = Source.from_bytes("orchestrators.py", text.encode())
    assert source.newline == newline
    return apply_edits(text, registration_edits(source, [factory(name) for name in names]))


def exporting(text: str, **wanted: str) -> str:
    return apply_edits(text, export_edits(Source.from_bytes("x/__init__.py", text.encode()), wanted))


def without_insertions(after: str, before: str) -> bool:
    """Tell whether ``before`` is what is left when lines are taken out of ``after``."""
    rest = iter(after.splitlines())
    return all(line in rest for line in before.splitlines())


@given(NAMES, NAMES)
def test_registrations_add_up_and_a_second_time_changes_nothing(first: list[str], second: list[str]) -> None:
    once = registered(WIRING, *first)
    both = registered(once, *second)
    assert registered_names(both) == {*first, *second}
    assert registered(both, *first, *second) == both
    assert without_insertions(both, WIRING)
    ast.parse(both)


@given(NAMES, NAMES)
def test_exports_add_up_and_a_second_time_changes_nothing(first: list[str], second: list[str]) -> None:
    wanted = {name.title(): f".{name}" for name in first}
    more = {name.title(): f".{name}" for name in second}
    both = exporting(exporting(LAYER, **wanted), **more)
    table = export_table(both)
    assert table is not None
    assert exported(table) == {**wanted, **more}
    assert exporting(both, **wanted, **{k: v for k, v in more.items() if k not in wanted}) == both


def test_the_users_formatting_stays() -> None:
    text = (
        "def register_orchestrators( facade ):\n"
        "  facade.register_factory( 'mine' , lambda : 1 )   # by hand\n"
        "\n\n\n"
        "VALUE = 'ü'; OTHER = 2\n"
    )
    after = registered(text, "billing")
    assert without_insertions(after, text)
    assert '  facade.register_factory("billing", _billing)\n' in after
    assert registered_names(after) == {"mine", "billing"}


def test_a_return_stays_last() -> None:
    text = "def register_orchestrators(facade):\n    return facade\n"
    lines = registered(text, "billing").splitlines()
    assert lines[-2:] == ['    facade.register_factory("billing", _billing)', "    return facade"]


def test_a_factory_that_stands_there_is_not_written_again() -> None:
    text = "def register_orchestrators(facade):\n    pass\n\n\ndef _billing():\n    return 1\n"
    after = registered(text, "billing")
    assert after.count("def _billing") == 1
    assert registered_names(after) == {"billing"}


def test_line_endings_stay() -> None:
    text = WIRING.replace("\n", "\r\n")
    after = registered(text, "billing", newline="\r\n")
    assert after.count("\n") == after.count("\r\n")
    layer = exporting(LAYER.replace("\n", "\r\n"), Billing=".billing")
    assert layer.count("\n") == layer.count("\r\n")


@pytest.mark.parametrize(
    "table",
    [
        '_EXPORTS = {"A": ".a"}',
        '_EXPORTS = {"A": ".a",}',
        '_EXPORTS = {\n  "A": ".a"\n}',
        '_EXPORTS = {\n  "A": ".a",  # a remark, with a comma\n}',
        '_EXPORTS: dict[str, str] = {\n\t"A": ".ä",\n\t# the end\n}',
        "_EXPORTS = {}",
        "_EXPORTS = {\n    # nothing yet\n}",
    ],
)
def test_a_table_in_any_shape_is_extended(table: str) -> None:
    text = f'"""Doc."""\n{table}\n'
    after = exporting(text, B=".b", C=".c")
    found = export_table(after)
    assert found is not None
    before = export_table(text)
    assert before is not None
    assert exported(found) == {**exported(before), "B": ".b", "C": ".c"}
    assert after.count("#") == text.count("#")


def test_what_is_exported_is_imported_for_type_checkers() -> None:
    after = exporting(exporting(LAYER, Billing=".billing"), Cart=".cart")
    guard = next(node for node in ast.parse(after).body if isinstance(node, ast.If))
    assert [ast.unparse(node) for node in guard.body if isinstance(node, ast.ImportFrom) and node.level] == [
        "from .billing import Billing as Billing",
        "from .cart import Cart as Cart",
    ]
    assert after.count("import TYPE_CHECKING") == 1


def test_without_a_table_nothing_is_exported() -> None:
    assert exporting('"""Doc."""\n', Billing=".billing") == '"""Doc."""\n'

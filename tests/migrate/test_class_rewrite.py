"""Whatever a class looks like: taking out what was put in gives back its syntax tree, and its text."""

from __future__ import annotations

import ast
import random
import sysconfig
import warnings
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from orchestra_codemods.change import apply_edits
from orchestra_codemods.migrations.class_edits import Identity, class_edits
from orchestra_codemods.migrations.header import RoundTripError
from orchestra_codemods.migrations.obstacles import obstacles_of
from orchestra_codemods.migrations.shape import shapes_in

NAMES = ("BaseOrchestrator", "OrchestrationLayer", "OrchestrationType", "operation")
LOCAL = {name: f"orchestra_{name}" for name in NAMES}
IDENTITY = Identity("DOMAIN", "it", "SEQUENTIAL")


class TakeOut(ast.NodeTransformer):
    """Remove the base, the constructor's first call, the marks, and a constructor that holds nothing else."""

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.bases = [base for base in node.bases if ast.unparse(base) != "orchestra_BaseOrchestrator"]
        for each in node.body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                each.decorator_list = [
                    one for one in each.decorator_list if ast.unparse(one) != LOCAL["operation"]
                ]
                each.body = [
                    one for one in each.body if not ast.unparse(one).startswith("super().__init__(layer=")
                ]
        node.body = [one for one in node.body if getattr(one, "body", [one])]
        return node


def rewritten(text: str, name: str) -> str | None:
    """Return the text with a class rewritten; None where the class is refused."""
    shapes = shapes_in(text, name)
    if len(shapes) != 1 or list(obstacles_of(shapes[0])):
        return None
    try:
        return apply_edits(text, class_edits(text, shapes[0], IDENTITY, LOCAL))
    except RoundTripError:
        return None


def check(text: str, name: str) -> bool:
    after = rewritten(text, name)
    if after is None:
        return False
    (shape,) = shapes_in(text, name)
    tree = TakeOut().visit(ast.parse(after))
    before = ast.parse(text)
    if shape.bases == ("object",) or (shape.constructor and shape.constructor.super_call):
        return True  # these two lose something that the framework's base stands for
    assert ast.dump(tree) == ast.dump(TakeOut().visit(before))
    assert after.count("@orchestra_operation") == len(shape.operations)
    rest = iter(after)
    assert all(character in rest for character in text), "something but insertions"
    return True


def library() -> list[Path]:
    return sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")) + sorted(
        Path(sysconfig.get_path("stdlib")).glob("*/[a-z]*.py")
    )


def test_classes_of_the_standard_library_survive(request: pytest.FixtureRequest) -> None:
    files = library()
    if not request.config.getoption("--soak"):
        files = random.Random(5).sample(files, 60)
    count = 0
    for file in files:
        if "site-packages" in file.parts or "test" in file.parts:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                text = file.read_text(encoding="utf-8")
                tree = ast.parse(text)
            except (SyntaxError, UnicodeDecodeError):
                continue
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    count += check(text, node.name)
    assert count > 30


INDENTS = st.sampled_from(["    ", "  ", "\t"])
HEADERS = st.sampled_from(
    [
        "class C:",
        "class C():",
        "class C :  # why",
        "class C(A):",
        "class C( A , B ):",
        "class C(\n  A,  # a\n):",
    ]
)
BODIES = st.lists(
    st.sampled_from(
        [
            '"""Words."""',
            "x = 1  # one",
            "# only words",
            "",
            "def run(self): return 1",
            "def run(self):\n{i}return self",
            "async def go(self, a, /, *b, c=1, **d):  # go\n{i}# inside\n{i}yield a",
            "@staticmethod\ndef still(): pass",
            "@property\n# between\ndef p(self): return 1",
            "@wraps(\n{i}lambda x: x,\n)\ndef deco(self): return 1",
            "def __init__(self): self.x = 1; self.y = 2",
            "def __init__(self, a):\n{i}'''Words.'''\n{i}# then\n\n{i}self.a = a",
            "def __init__(self,\n{i}b=(1,\n{i}2)): pass",
            "def _hidden(self): return 1",
            "class Inner:\n{i}def run(self): return 1",
            "if x:\n{i}def maybe(self): return 1",
        ]
    ),
    min_size=1,
    max_size=6,
)


@given(HEADERS, BODIES, INDENTS, st.sampled_from(["", "import os\n", "# -*- x -*-\n\n"]))
@settings(max_examples=200, deadline=None)
def test_any_class_survives(head: str, body: list[str], indent: str, before: str) -> None:
    lines = [
        line for part in [*body, "def last(self): return 1"] for line in part.format(i=indent).split("\n")
    ]
    text = (
        f"{before}{head}\n" + "".join(f"{indent}{line}\n" if line else "\n" for line in lines) + "after = 1\n"
    )
    ast.parse(text)
    if sum(part.startswith("def __init__") for part in body) <= 1:
        assert check(text, "C")

"""What a file says about names: every import and binding with its scope, guard and exact place."""

import pickle

import pytest

from orchestra_codemods.names import Guard, ImportSite, ModuleFacts, Place, StringRole, collect

WRITTEN = {
    "import a.b as c": (None, ["a.b"], ["c"]),
    "import a . b as c, d": (None, ["a . b", "d"], ["c", None]),
    "from a.b import c as d, e": ("a.b", ["c", "e"], ["d", None]),
    "from . import x": (".", ["x"], [None]),
    "from .. import importer as as_": ("..", ["importer"], ["as_"]),
    "from .pkg.mod import x": (".pkg.mod", ["x"], [None]),
    "from . . pkg . mod import x": (". . pkg . mod", ["x"], [None]),
    "from.a import(x)": (".a", ["x"], [None]),
    "from \\\n  ..a \\\n  import x": ("..a", ["x"], [None]),
    "from a import (\r\n    x as y,  # as z\r\n    w  # é\r\n    as v,\r\n)": ("a", ["x", "w"], ["y", "v"]),
    "from a import *": ("a", ["*"], [None]),
    "é = 1; from ä.ö import ü as ë": ("ä.ö", ["ü"], ["ë"]),
    "from a import alias as yes": ("a", ["alias"], ["yes"]),
}


def site_of(text: str) -> ImportSite:
    (site,) = collect(text).imports
    return site


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items(), ids=WRITTEN)
def test_module_names_and_aliases_are_placed_as_they_are_written(
    text: str, expected: tuple[str | None, list[str], list[str | None]]
) -> None:
    def written(place: Place | None) -> str | None:
        return text[place.start : place.end] if place else None

    site = site_of(text)
    names = [written(name.place) for name in site.names]
    assert (written(site.module_place), names, [written(name.alias_place) for name in site.names]) == expected
    assert text[site.place.start : site.place.end].startswith(("import", "from"))


GUARDED = """
try:
    from a import X
except ImportError:
    from b import X
else:
    import after
try:
    import c
except KeyError:
    import d
if TYPE_CHECKING:
    import e
else:
    import f
if 1:
    pass
elif typing.TYPE_CHECKING:
    import g
with contextlib.suppress(ImportError):
    import h
def function():
    import i
    try:
        import j
    except Exception:
        j = None
    class Inner:
        import k
if TYPE_CHECKING:
    try:
        import l
    except ImportError:
        import m
try:
    import n
except ImportError:
    if 1:
        import o
"""


def test_each_import_has_its_guard_and_scope() -> None:
    facts = collect(GUARDED)
    found = [(site.names[0].bound, site.guard, facts.scopes[site.scope].name) for site in facts.imports]
    assert found == [
        ("X", Guard.TRY, ""),
        ("X", Guard.FALLBACK, ""),
        ("after", Guard.TRY, ""),
        ("c", Guard.NONE, ""),
        ("d", Guard.CONDITION, ""),
        ("e", Guard.TYPE_CHECKING, ""),
        ("f", Guard.CONDITION, ""),
        ("g", Guard.TYPE_CHECKING, ""),
        ("h", Guard.TRY, ""),
        ("l", Guard.TYPE_CHECKING, ""),
        ("m", Guard.TYPE_CHECKING, ""),
        ("n", Guard.TRY, ""),
        ("o", Guard.FALLBACK, ""),
        ("i", Guard.NONE, "function"),
        ("j", Guard.TRY, "function"),
        ("k", Guard.NONE, "function.Inner"),
    ]


def bound(facts: ModuleFacts) -> set[tuple[str, str]]:
    return {(facts.scopes[binding.scope].name, binding.name) for binding in facts.bindings}


def test_every_way_to_bind_a_name_is_known() -> None:
    text = """
def f(a, /, b, *c, d=1, **e):
    global g, untouched
    g = 1
    (h, [i, *j]) = k, l = 1, 2
    for m, n in x: pass
    with x as o, y as (p, q): pass
    try: pass
    except E as r: pass
    [s for s in t if (u := s)]
    lambda v: v
    match x:
        case {"k": w, **rest}: pass
        case [z, *others] | A(z=z): pass
    y: int
class K:
    attribute: "int" = 1
    def method(self): ...
"""
    names = {name for scope, name in bound(collect(text)) if scope == "f"}
    assert names == set("abcdehijklmnopqruwzy") | {"rest", "others"}
    assert {("", "g"), ("K", "attribute"), ("K", "method"), ("K.method", "self")} <= bound(collect(text))
    assert ("f.<comprehension>", "s") in bound(collect(text))
    assert ("f.<lambda>", "v") in bound(collect(text))


def uses(text: str) -> list[str]:
    return [f"{use.dotted}:{text[use.place.start : use.place.end]}" for use in collect(text).uses]


def test_uses_of_imported_names_are_whole_chains_where_they_stand() -> None:
    text = 'import a.b, c\na.b.X(c.y)[a.z].q\nother.thing\nf"é {c.one!r:>{c.two}} {c.one}"\ndel c.three'
    assert uses(text) == [
        f"{dotted}:{dotted}" for dotted in ("a.b.X", "c.y", "a.z", "c.one", "c.two", "c.one", "c.three")
    ]


def test_parts_of_a_chain_have_their_ends() -> None:
    text = "import a\nx = a . b.c"
    (use,) = collect(text).uses
    assert [text[use.place.start : end] for end in use.parts] == ["a", "a . b", "a . b.c"]


def test_a_chain_with_parentheses_inside_is_not_written_in_one_piece() -> None:
    (plain, bracketed) = collect("import a\n(a\n  .b  # a comment\n  .c)\n(a.b).c\n").uses
    assert (plain.dotted, len(plain.parts)) == ("a.b.c", 3)
    assert (bracketed.dotted, bracketed.parts) == ("a.b.c", ())


def test_names_in_string_annotations_are_uses() -> None:
    text = (
        "from m import A, B, C, D, E\n"
        'def f(x: "A | None", *y: list["B"]) -> "dict[str, C]": ...\n'
        'z = cast("D", x)\nw: Literal["A"] = "B"\nv: Annotated["E", "A"]\nu: "A\\x20| B"'
    )
    found = [use for use in collect(text).uses if use.is_text]
    assert [use.dotted for use in found] == ["A", "B", "C", "D", "E", "A", "B"]
    assert [text[use.place.start : use.place.end] for use in found[:5]] == ["A", "B", "C", "D", "E"]
    assert all(not use.parts for use in found[5:])


def test_dotted_strings_carry_what_is_done_with_them() -> None:
    text = """
import importlib
__all__ = ["Name"] + ["Other"]
__all__ += ("Third",)
mock.patch("pkg.mod.name")
@patch.dict("pkg.mod.TABLE")
def f(monkeypatch):
    monkeypatch.setattr("pkg.mod.x", 1)
    monkeypatch.setattr(pkg, "name", 1)
    sys.modules["pkg.mod"]
importlib.import_module("pkg.mod")
logging.getLogger("pkg.mod")
HANDLER = "pkg.mod:make"
"a sentence. Not a name"
"""
    facts = collect(text)
    assert facts.exports == ("Name", "Other", "Third")
    assert [(string.text, string.role) for string in facts.strings] == [
        ("Name", StringRole.ALL),
        ("Other", StringRole.ALL),
        ("Third", StringRole.ALL),
        ("pkg.mod.name", StringRole.PATCH),
        ("pkg.mod.TABLE", StringRole.PATCH),
        ("pkg.mod.x", StringRole.PATCH),
        ("pkg.mod", StringRole.IMPORT),
        ("pkg.mod", StringRole.IMPORT),
        ("pkg.mod", StringRole.LOGGER),
        ("pkg.mod:make", StringRole.VALUE),
    ]
    assert all(text[string.place.start : string.place.end] == string.text for string in facts.strings)


def test_an_all_that_is_computed_is_unknown() -> None:
    facts = collect("__all__ = [name for name in dir()]")
    assert (facts.has_all, facts.exports) == (True, None)


def test_deep_expressions_and_long_elif_chains_need_no_recursion() -> None:
    text = "import a\nx = " + " + ".join(["a.b"] * 900)
    assert len(collect(text).uses) == 900
    chain = "import a\nif a.x: pass\n" + "elif a.x: pass\n" * 900
    assert len(collect(chain).uses) == 901


def test_facts_survive_pickling() -> None:
    facts = collect(GUARDED)
    assert pickle.loads(pickle.dumps(facts)) == facts

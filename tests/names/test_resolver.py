"""A name leads to its definition by module, through whatever passes it on."""

import pytest

from orchestra_codemods.names import Ambiguous, Definition, External, Resolution, Unresolved, names_of
from tests.support.projects import project_of

DEFINES = "class X:\n    def method(self): ...\ndef get_x(): ...\n_x = None\n"


def resolve(files: dict[str, str], path: str, dotted: str, scope: str = "") -> Resolution:
    names = names_of(project_of(files))
    facts = names.facts(path)
    assert facts is not None
    number = next(number for number, each in enumerate(facts.scopes) if each.name == scope)
    return names.resolver.resolve(path, dotted, number)


def definition(found: Resolution) -> tuple[str, str]:
    assert isinstance(found, Definition), found
    return found.key


IMPORTS = {
    "absolute": ("from pkg.deep.m import X", "X"),
    "relative": ("from ..deep.m import X", "X"),
    "relative module": ("from ..deep import m", "m.X"),
    "bare relative": ("from .. import deep", "deep.m.X"),
    "aliased": ("from pkg.deep.m import X as Y", "Y"),
    "module": ("import pkg.deep.m", "pkg.deep.m.X"),
    "module aliased": ("import pkg.deep.m as mm", "mm.X"),
    "module from package": ("from pkg.deep import m as mm", "mm.X"),
    "attribute of another import": ("import pkg.user.other", "pkg.deep.m.X"),
    "by its other name": ("from src.pkg.deep.m import X", "X"),
    "star": ("from pkg.deep.m import *", "X"),
    "re-exported": ("from pkg import X", "X"),
    "re-exported twice and renamed": ("from pkg.api import Renamed", "Renamed"),
    "assigned": ("from pkg.deep import m\nAlias = m.X", "Alias"),
    "for type checking": ("if TYPE_CHECKING:\n    from pkg.deep.m import X\nelse:\n    X = object", "X"),
    "under try": ("try:\n    from pkg.deep.m import X\nexcept ImportError:\n    X = None", "X"),
    "in a function": ("def f():\n    from pkg.deep.m import X", "X"),
    "guarded by None and by a fallback": (
        "X = None\ntry:\n    from pkg.deep.m import X\nexcept ImportError:\n    X = object",
        "X",
    ),
    "guarded first by None": (
        "X = None\ntry:\n    from pkg.deep.m import X\nexcept ImportError:\n    pass",
        "X",
    ),
}


@pytest.mark.parametrize(("text", "dotted"), IMPORTS.values(), ids=IMPORTS)
def test_the_class_is_found_however_it_is_imported(text: str, dotted: str) -> None:
    files = {
        "src/pkg/__init__.py": "from .deep import X\n",
        "src/pkg/api.py": "from . import X as Renamed\n",
        "src/pkg/deep/__init__.py": "from .m import *\n",
        "src/pkg/deep/m.py": DEFINES,
        "src/pkg/user/__init__.py": "",
        "src/pkg/user/other.py": "",
        "src/pkg/user/here.py": text,
    }
    found = resolve(files, "src/pkg/user/here.py", dotted, "f" if "def f" in text else "")
    assert definition(found) == ("src/pkg/deep/m.py", "X")


def test_the_files_that_pass_a_name_on_are_told() -> None:
    files = {"p/__init__.py": "from .m import X", "p/m.py": DEFINES, "u.py": "from p import X"}
    found = resolve(files, "u.py", "X")
    assert isinstance(found, Definition)
    assert found.through == ("u.py", "p/__init__.py")


def test_a_fallible_import_is_told() -> None:
    files = {"m.py": DEFINES, "u.py": "try:\n    from m import X\nexcept ImportError:\n    class X: pass"}
    found = resolve(files, "u.py", "X")
    assert isinstance(found, Definition)
    assert (found.path, found.is_fallible) == ("m.py", True)


def test_the_same_class_name_in_two_modules_is_two_classes() -> None:
    files = {"a.py": DEFINES, "b.py": DEFINES, "u.py": "from a import X\nfrom b import X as Other"}
    assert definition(resolve(files, "u.py", "X")) == ("a.py", "X")
    assert definition(resolve(files, "u.py", "Other")) == ("b.py", "X")


def test_members_are_found_in_the_class_and_in_its_bases() -> None:
    files = {"m.py": DEFINES, "n.py": "import m\nclass Y(m.X[int]):\n    def own(self): ...\n"}
    assert definition(resolve(files, "n.py", "Y.own")) == ("n.py", "Y.own")
    assert definition(resolve(files, "n.py", "Y.method")) == ("m.py", "X.method")
    assert isinstance(resolve(files, "n.py", "Y.missing"), Unresolved)


def test_a_star_import_gives_only_what_is_exported() -> None:
    files = {"m.py": f"__all__ = ['get_x', '_x']\n{DEFINES}", "u.py": "from m import *"}
    assert definition(resolve(files, "u.py", "_x")) == ("m.py", "_x")
    assert isinstance(resolve(files, "u.py", "X"), Unresolved)


def test_the_last_star_import_wins() -> None:
    files = {"a.py": DEFINES, "b.py": DEFINES, "u.py": "from a import *\nfrom b import *"}
    assert definition(resolve(files, "u.py", "X")) == ("b.py", "X")


def test_what_a_star_import_from_outside_may_hide_is_ambiguous() -> None:
    found = resolve({"u.py": "from outside import *\nprint(X)"}, "u.py", "X")
    assert found == Ambiguous("X", "it may come from a star import of outside", (External("outside.X"),))


def test_a_local_name_hides_the_imported_one() -> None:
    files = {
        "m.py": DEFINES,
        "u.py": "from m import X\ndef f(X):\n    [X for X in ()]\nclass K:\n    X = 1\n    def g(self): X",
    }
    assert definition(resolve(files, "u.py", "X", "f")) == ("u.py", "f.X")
    assert definition(resolve(files, "u.py", "X", "f.<comprehension>")) == ("u.py", "f.<comprehension>.X")
    assert definition(resolve(files, "u.py", "X", "K")) == ("u.py", "K.X")
    assert definition(resolve(files, "u.py", "X", "K.g")) == ("m.py", "X")


def test_the_package_attribute_comes_before_the_submodule_of_the_same_name() -> None:
    files = {"p/__init__.py": "from .x import x", "p/x.py": "def x(): ...", "u.py": "from p import x"}
    assert definition(resolve(files, "u.py", "x")) == ("p/x.py", "x")


def test_outside_builtin_and_missing_are_told_apart() -> None:
    files = {
        "p/__init__.py": "",
        "u.py": "import os.path as o, p.gone\nfrom p import gone as g\nfrom .x import y",
    }
    assert resolve(files, "u.py", "o.join") == External("os.path.join")
    assert resolve(files, "u.py", "print") == External("builtins.print")
    for name in ("p.gone", "g", "y", "nothing"):
        assert isinstance(resolve(files, "u.py", name), Unresolved), name


def test_two_meanings_are_ambiguous() -> None:
    files = {
        "a.py": DEFINES,
        "b.py": DEFINES,
        "u.py": "if c:\n    from a import X\nelse:\n    from b import X",
    }
    found = resolve(files, "u.py", "X")
    assert isinstance(found, Ambiguous)
    assert {definition(each) for each in found.candidates} == {("a.py", "X"), ("b.py", "X")}


def test_a_later_plain_binding_replaces_an_earlier_one() -> None:
    files = {"a.py": DEFINES, "b.py": DEFINES, "u.py": "from a import X\nfrom b import X"}
    assert definition(resolve(files, "u.py", "X")) == ("b.py", "X")


def test_an_outside_import_with_a_fallback_in_the_project_is_ambiguous() -> None:
    files = {
        "m.py": DEFINES,
        "u.py": "try:\n    from fast import X\nexcept ImportError:\n    from m import X",
    }
    found = resolve(files, "u.py", "X")
    assert isinstance(found, Ambiguous)
    assert found.candidates[0] == External("fast.X")


@pytest.mark.parametrize("name", ["X", "y"])
def test_circles_end(name: str) -> None:
    files = {
        "a.py": "from b import *\nfrom b import X\ny = z\nz = y",
        "b.py": "from a import *\nfrom a import X",
    }
    assert isinstance(resolve(files, "a.py", name), Unresolved | Definition)


def test_a_circle_in_which_the_name_is_defined_is_no_obstacle() -> None:
    files = {
        "p/__init__.py": "from .a import *\nfrom .b import *",
        "p/a.py": "from p import *\nclass X: ...",
        "p/b.py": "from . import X",
    }
    assert definition(resolve(files, "p/b.py", "X")) == ("p/a.py", "X")
    assert definition(resolve(files, "p/__init__.py", "X")) == ("p/a.py", "X")


def test_a_circle_of_bases_ends() -> None:
    assert not isinstance(
        resolve({"a.py": "class A(B): ...\nclass B(A): ..."}, "a.py", "A.missing"), Definition
    )


def test_a_module_getattr_leaves_the_question_open() -> None:
    found = resolve({"p.py": "def __getattr__(name): ...", "u.py": "from p import X"}, "u.py", "X")
    assert isinstance(found, Unresolved)
    assert "__getattr__" in found.why


def test_a_file_that_does_not_parse_is_named() -> None:
    project = project_of({"broken.py": "def (", "u.py": "from broken import X"})
    found = names_of(project).resolver.resolve("u.py", "X")
    assert isinstance(found, Unresolved)
    assert "broken.py does not parse" in found.why
    assert "line 1" in names_of(project).problems["broken.py"]


def test_absolute_names_in_strings_resolve_to_members() -> None:
    names = names_of(project_of({"p/__init__.py": "", "p/m.py": DEFINES}))
    assert definition(names.resolver.resolve_absolute("p.m:X")) == ("p/m.py", "X")
    assert definition(names.resolver.resolve_absolute("p.m.X.method")) == ("p/m.py", "X.method")
    assert isinstance(names.resolver.resolve_absolute("p.m.gone"), Unresolved)
    assert names.resolver.resolve_absolute("json.dumps") == External("json.dumps")


def test_names_are_remembered_per_project() -> None:
    project = project_of({"a.py": ""})
    assert names_of(project) is names_of(project)
    assert names_of(project) is not names_of(project.updated([]))

"""A module name means the file that the interpreter would import; a file has all the names it can have."""

from orchestra_codemods.names import ModuleIndex, absolute_name, default_source_roots


def names(index: ModuleIndex, path: str) -> list[str]:
    return [module.name for module in index.modules(path)]


def path_of(index: ModuleIndex, name: str, importer: str | None = None) -> str | None:
    module = index.find(name, importer)
    return module.path if module else None


def test_a_file_under_src_has_two_names_and_the_shorter_is_the_usual_one() -> None:
    index = ModuleIndex(["src/pkg/__init__.py", "src/pkg/x.py"], ("src", ""))
    assert names(index, "src/pkg/x.py") == ["pkg.x", "src.pkg.x"]
    assert path_of(index, "src.pkg") == path_of(index, "pkg") == "src/pkg/__init__.py"


def test_several_source_roots_of_a_monorepo_each_give_names() -> None:
    index = ModuleIndex(["apps/a/src/one/x.py", "apps/b/src/two/x.py"], ("apps/a/src", "./apps/b/src/"))
    assert path_of(index, "one.x") == "apps/a/src/one/x.py"
    assert path_of(index, "two.x") == "apps/b/src/two/x.py"


def test_a_package_shadows_the_module_of_the_same_name() -> None:
    index = ModuleIndex(["pkg/x.py", "pkg/x/__init__.py", "pkg/__init__.py"], ("",))
    assert path_of(index, "pkg.x") == "pkg/x/__init__.py"
    assert names(index, "pkg/x.py") == []
    assert index.shadowed_by("pkg/x.py") == "pkg/x/__init__.py"


def test_a_module_shadows_the_folder_of_the_same_name_without_init() -> None:
    index = ModuleIndex(["x.py", "x/inner.py"], ("",))
    assert path_of(index, "x") == "x.py"
    assert path_of(index, "x.inner") is None


def test_an_earlier_root_wins_and_its_regular_package_hides_the_other() -> None:
    index = ModuleIndex(["src/pkg/__init__.py", "pkg/__init__.py", "pkg/only_here.py"], ("src", ""))
    assert path_of(index, "pkg") == "src/pkg/__init__.py"
    assert path_of(index, "pkg.only_here") is None
    assert index.shadowed_by("pkg/__init__.py") == "src/pkg/__init__.py"


def test_a_namespace_package_has_a_name_and_no_file() -> None:
    index = ModuleIndex(["space/inner/x.py"], ("",))
    space = index.find("space.inner")
    assert space is not None
    assert space.path is None
    assert space.is_package


def test_a_stub_stands_for_a_module_only_where_there_is_no_source() -> None:
    index = ModuleIndex(["a.py", "a.pyi", "compiled.pyi"], ("",))
    assert path_of(index, "a") == "a.py"
    assert index.stub_of("a.py") == "a.pyi"
    assert path_of(index, "compiled") == "compiled.pyi"
    assert index.shadowed_by("a.pyi") is None


def test_a_script_finds_its_neighbour_and_a_package_module_does_not() -> None:
    index = ModuleIndex(["bin/run-it.py", "bin/shared.py", "pkg/__init__.py", "pkg/m.py"], ("",))
    assert names(index, "bin/run-it.py") == []
    assert path_of(index, "shared", "bin/run-it.py") == "bin/shared.py"
    assert path_of(index, "m", "pkg/__init__.py") is None


def test_src_is_a_root_where_it_has_python() -> None:
    assert default_source_roots(["src/a.py"]) == ("src", "")
    assert default_source_roots(["src/readme.md", "a.py"]) == ("",)


def test_relative_names_start_from_the_package() -> None:
    assert absolute_name("x", 1, "a.b") == "a.b.x"
    assert absolute_name("x", 2, "a.b") == "a.x"
    assert absolute_name(None, 2, "a.b") == "a"
    assert absolute_name("x", 3, "a.b") is None
    assert absolute_name("x", 1, "") is None
    assert absolute_name("x.y", 0, "a.b") == "x.y"

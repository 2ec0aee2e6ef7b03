"""Whatever refers to a module is found, under any of the module's names, with the place to rewrite."""

import pytest

from orchestra_codemods.names import Importers, files_with, importers_of, importers_of_all, names_of
from orchestra_codemods.project import Project
from tests.support.projects import project_of

FILES = {
    "src/pkg/__init__.py": "from .tools.m import Orchestrator as Public\n",
    "src/pkg/tools/__init__.py": "",
    "src/pkg/tools/m.py": "class Orchestrator: ...\ndef helper(): ...\ndef get_it(): ...\n",
    "src/pkg/absolute.py": "from pkg.tools.m import Orchestrator, helper as h\nh(Orchestrator())\n",
    "src/pkg/chained.py": "import pkg.tools.m\npkg.tools.m.helper()\n",
    "src/pkg/elsewhere.py": "from other.m import Orchestrator\nx = 'a.m'\n",
    "src/pkg/tools/relative.py": "def f():\n    from .m import get_it\n    return get_it()\nget_it = 1\n",
    "src/pkg/tools/sibling.py": "from . import m as module\nmodule.helper()\n",
    "src/pkg/starred.py": "from pkg.tools.m import *\n",
    "src/pkg/broken.py": "from pkg.tools.m import gone\n",
    "tests/test_m.py": (
        "from src.pkg.tools.m import Orchestrator\nfrom src.pkg import Public\n"
        "mock.patch('pkg.tools.m.helper')\nmock.patch('pkg.tools.m.gone')\nNAME = 'pkg.tools.m'\n"
        "logging.getLogger('pkg.tools.m')\n"
    ),
    "conf/app.toml": 'handler = "pkg.tools.m:helper"\nother = "xpkg.tools.m"\n',
    "README.md": "See `pkg.tools.m.Orchestrator`, not pkg.tools.more.\n",
}
TARGET = "src/pkg/tools/m.py"


def found(project: Project) -> Importers:
    return importers_of(project, TARGET)


def test_every_import_of_the_module_is_found_with_what_it_takes() -> None:
    sites = [(site.path, site.module, site.name, site.is_direct) for site in found(project_of(FILES)).sites]
    assert sites == [
        ("src/pkg/__init__.py", "pkg.tools.m", "Orchestrator", True),
        ("src/pkg/absolute.py", "pkg.tools.m", "Orchestrator", True),
        ("src/pkg/absolute.py", "pkg.tools.m", "helper", True),
        ("src/pkg/broken.py", "pkg.tools.m", "gone", True),
        ("src/pkg/chained.py", "pkg.tools.m", None, True),
        ("src/pkg/starred.py", "pkg.tools.m", "*", True),
        ("src/pkg/tools/relative.py", "pkg.tools.m", "get_it", True),
        ("src/pkg/tools/sibling.py", "pkg.tools.m", None, True),
        ("tests/test_m.py", "src.pkg.tools.m", "Orchestrator", True),
        ("tests/test_m.py", "pkg.tools.m", "Orchestrator", False),
    ]


def test_text_can_be_spliced_at_the_places() -> None:
    project = project_of(FILES)
    for site in found(project).sites:
        text = project.sources[site.path].text
        place = site.imported.place
        assert text[place.start : place.end] == site.imported.name
        if site.site.module_place is not None:
            written = text[site.site.module_place.start : site.site.module_place.end]
            assert written == "." * site.site.level + (site.site.module or "")


def test_the_uses_of_an_imported_name_are_those_of_its_scope() -> None:
    uses = {site.path: [use.dotted for use in site.uses] for site in found(project_of(FILES)).sites}
    assert uses["src/pkg/tools/relative.py"] == ["get_it"]
    assert uses["src/pkg/tools/sibling.py"] == ["module.helper"]


def test_chains_tell_which_part_names_the_module() -> None:
    chains = found(project_of(FILES)).chains
    assert [(chain.path, chain.use.dotted, chain.length) for chain in chains] == [
        ("src/pkg/chained.py", "pkg.tools.m.helper", 3),
        ("src/pkg/tools/sibling.py", "module.helper", 1),
    ]


def test_strings_are_references_only_where_something_loads_or_patches_by_them() -> None:
    strings = found(project_of(FILES)).strings
    assert [(each.path, each.string.text, each.is_certain, each.is_missing) for each in strings] == [
        ("tests/test_m.py", "pkg.tools.m.helper", True, False),
        ("tests/test_m.py", "pkg.tools.m.gone", True, True),
        ("tests/test_m.py", "pkg.tools.m", False, False),
        ("README.md", "pkg.tools.m.Orchestrator", False, False),
        ("conf/app.toml", "pkg.tools.m:helper", True, False),
    ]


def test_an_alias_given_by_a_re_export_is_followed_to_its_users() -> None:
    files = {**FILES, "user.py": "from pkg import Public as P\nP()\n", "again.py": "from user import P\n"}
    sites = [site for site in found(project_of(files)).sites if not site.is_direct]
    assert [site.path for site in sites] == ["again.py", "tests/test_m.py", "user.py"]
    assert [use.dotted for site in sites for use in site.uses] == ["P"]


def test_a_package_is_reached_by_dots_alone() -> None:
    files = {
        "p/__init__.py": "value = 1",
        "p/x.py": "from . import value",
        "q/__init__.py": "",
        "q/y.py": "from . import z",
    }
    sites = importers_of(project_of(files), "p/__init__.py").sites
    assert [(site.path, site.name) for site in sites] == [("p/x.py", "value")]


def test_only_files_that_mention_the_module_are_parsed() -> None:
    noise = {f"noise_{number}.py": "import os\n" for number in range(20)}
    project = project_of({**FILES, **noise})
    found(project)
    parsed = set(names_of(project)._own)
    assert "src/pkg/chained.py" in parsed
    assert not parsed & set(noise)


@pytest.mark.parametrize(
    "line",
    [
        "import content",
        "from content import X",
        "from .content import X",
        "from elsewhere.content import X",
        "x = 'elsewhere.content.X'",
        "# hits come from content",
        "answer.content",
        "from . import z\nz.content",
    ],
)
def test_a_file_that_names_another_module_of_that_name_is_not_parsed(line: str) -> None:
    files = {
        "p/__init__.py": "",
        "p/core/__init__.py": "",
        "p/core/content.py": "X = 1",
        "q/__init__.py": "",
        "q/u.py": line,
    }
    project = project_of(files)
    assert importers_of(project, "p/core/content.py") == Importers()
    assert "q/u.py" not in names_of(project)._own


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("p/u.py", "from .core.content import X"),
        ("p/core/u.py", "from .content import X"),
        ("p/core/u.py", "from . import content"),
        ("p/core/deep/u.py", "from ..content import X"),
        ("p/core/u.py", "from content import X"),
        ("p/u.py", "from core.content import X"),
        ("q/u.py", "from p.core.content import X"),
        ("q/u.py", "from p.core import content"),
        ("q/u.py", "import p.core.content as c"),
        ("q/u.py", "import os, p.core.content"),
        ("q/u.py", "import p.core\np.core.content.X"),
        ("q/u.py", "import p\np.core.content.X"),
        ("q/u.py", "import p.core as c\nc.content.X"),
        ("q/u.py", "from p import core as c\nc.content.X"),
        ("q/u.py", "from p import (\n    core as c,\n)\nc . content.X"),
        ("p/u.py", "from . import core\ncore. \\\n  content.X"),
        ("q/u.py", "from p.core import (\n    other,\n    content,\n)"),
        ("q/u.py", "from p.core. \\\n  content import X"),
        ("q/u.py", "patch('p.core.content.X')"),
        ("q/u.py", "import src.p.core.content"),
    ],
)
def test_every_way_to_name_a_module_is_found(path: str, line: str) -> None:
    inits = [f"src/{folder}/__init__.py" for folder in ("p/core/deep", "q")]
    files = {**dict.fromkeys(inits, ""), "src/p/core/content.py": "X = 1", f"src/{path}": line}
    files |= {} if line.startswith(("from content", "from core")) else {"src/p/core/__init__.py": ""}
    files |= {} if line.startswith(("from content", "from core")) else {"src/p/__init__.py": ""}
    assert importers_of(project_of(files), "src/p/core/content.py") != Importers()


def test_a_module_among_others_after_dots_alone_is_found() -> None:
    files = {"p/__init__.py": "", "p/m.py": "", "p/other.py": "", "p/x.py": "from . import other, m\n"}
    assert [site.path for site in importers_of(project_of(files), "p/m.py").sites] == ["p/x.py"]


def test_a_name_bound_again_in_another_scope_is_no_use_of_the_import() -> None:
    user = "def f():\n    from m import x\n    return x\ndef g(x):\n    return x\nclass K:\n    x = 1\n"
    (site,) = importers_of(project_of({"m.py": "x = 1", "u.py": user}), "m.py").sites
    assert [use.place.line for use in site.uses] == [3]


def test_several_modules_are_looked_for_at_once() -> None:
    project = project_of({**FILES, "src/pkg/other.py": "from .absolute import h\n"})
    found = importers_of_all(project, [TARGET, "src/pkg/absolute.py"])
    assert found[TARGET] == importers_of(project, TARGET)
    assert [site.path for site in found["src/pkg/absolute.py"].sites] == ["src/pkg/other.py"]


@pytest.mark.parametrize("count", [1, 40])
def test_words_are_found_whole_one_by_one_and_many_at_once(count: int) -> None:
    project = project_of(
        {"a.py": "flow", "b.py": "flows _flow éflow flow_ Flow", "c.md": "(flow)", "d.py": "x.flow()"}
    )
    words = {"flow", *(f"other{number}" for number in range(count - 1))}
    assert files_with(project, words) == {"a.py": {"flow"}, "c.md": {"flow"}, "d.py": {"flow"}}

"""Scanning somebody else's code never fails, and says the same whatever the order of files and hashes."""

import json
import os
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import jsonschema
import pytest

from orchestra_codemods.config import Config
from orchestra_codemods.inventory import take, to_json
from orchestra_codemods.names import ModuleFacts, names_of
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.scan import scan

ROOT = Path(__file__).parents[2]
BOT = ROOT / "docs" / "examples" / "legacy_bot"
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "scan.json").read_text())
LIBRARY = Path(sysconfig.get_path("stdlib"))
PACKAGES = Path(sysconfig.get_path("purelib"))
EVERYTHING = Config(patterns=("*",))
SEED = 20_261_122


def sample(folder: Path, number: int) -> list[str]:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    return random.Random(SEED + number).sample(paths, min(60, len(paths)))


def project(folder: Path, paths: list[str], config: Config = EVERYTHING) -> Project:
    return Project(folder, Sources(folder, paths), config)


@pytest.fixture
def samples(request: pytest.FixtureRequest) -> range:
    return range(100 if request.config.getoption("--soak") else 1)


@pytest.mark.parametrize("folder", [LIBRARY, PACKAGES], ids=["standard library", "site-packages"])
def test_every_class_of_real_code_can_be_looked_at(folder: Path, samples: range) -> None:
    for number in samples:
        document = to_json(take(project(folder, sample(folder, number))))
        jsonschema.validate(json.loads(json.dumps(document)), SCHEMA)
        assert document["orchestrators"]


@pytest.mark.parametrize("folder", [LIBRARY, PACKAGES], ids=["standard library", "site-packages"])
def test_the_places_of_imports_and_uses_are_what_they_say(folder: Path, samples: range) -> None:
    for number in samples:
        found = project(folder, sample(folder, number))
        names = names_of(found)
        for path in found.sources.python_paths():
            facts = names.facts(path)
            if facts is None:
                assert names.problems[path]
            else:
                assert_places(path, facts, found.sources[path].text)


def assert_places(path: str, facts: ModuleFacts, text: str) -> None:
    for site in facts.imports:
        for name in site.names:
            written = text[name.place.start : name.place.end]
            assert "".join(written.split()).replace("\\", "") == name.name, path
        if site.module_place is not None:
            written = text[site.module_place.start : site.module_place.end]
            assert written.startswith("." * min(site.level, 1)), path
            assert (site.module or "").rpartition(".")[2] in written, path
    for use in facts.uses:
        if use.parts:
            assert text[use.place.start : use.parts[0]] == use.dotted.partition(".")[0], path


def test_the_order_of_files_changes_nothing() -> None:
    paths = list(scan(BOT, Config()).sources)
    forward = to_json(take(project(BOT, paths, Config())))
    assert to_json(take(project(BOT, paths[::-1], Config()))) == forward


def test_the_hash_seed_changes_nothing() -> None:
    code = (
        "import json, sys\nfrom pathlib import Path\n"
        "from orchestra_codemods.config import Config\n"
        "from orchestra_codemods.inventory import take, to_json\n"
        "from orchestra_codemods.scan import scan\n"
        "print(json.dumps(to_json(take(scan(Path(sys.argv[1]), Config())))))\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code, str(BOT)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_the_inventory_imports_no_user_code_and_no_libcst(tmp_path: Path) -> None:
    (tmp_path / "flow.py").write_text(
        "raise SystemExit('imported')\nclass AOrchestrator:\n    def go(self): ...\n"
    )
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from orchestra_codemods.config import Config\nfrom orchestra_codemods.inventory import take\n"
        "from orchestra_codemods.scan import scan\n"
        "take(scan(Path(sys.argv[1]), Config()))\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert not {"libcst", "rich", "typer", "flow", "structlog"} & set(done.stdout.split())


AWKWARD = {
    "syntax.py": b"class BadOrchestrator(:\n",
    "null.py": b"class NullOrchestrator:\0 pass\n",
    "encoding.py": b"# -*- coding: nothing -*-\nclass OddOrchestrator: pass\n",
    "bytes.py": b"class RawOrchestrator:\n    '\xff'\n",
    "deep.py": b"class DeepOrchestrator:\n    x = " + b"(" * 300 + b")" * 300 + b"\n",
    "bom.py": b"\xef\xbb\xbfclass BomOrchestrator:\r\n    def go(self): ...\r\n",
    "formfeed.py": b"\x0cclass FeedOrchestrator:\n\tdef go(self): ...",
    "empty.py": b"",
}


def test_awkward_files_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    for name, content in AWKWARD.items():
        (tmp_path / name).write_bytes(content)
    found = take(scan(tmp_path, Config()))
    assert [each.class_name for each in found.orchestrators] == ["BomOrchestrator", "FeedOrchestrator"]
    assert [path for path, _ in found.problems] == [
        "bytes.py",
        "deep.py",
        "encoding.py",
        "null.py",
        "syntax.py",
    ]
    assert all(why for _, why in found.problems)


def test_a_file_that_vanishes_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class AOrchestrator:\n    def go(self): ...\n")
    (tmp_path / "b.py").write_text("from a import AOrchestrator\n")
    found = scan(tmp_path, Config())
    (tmp_path / "b.py").unlink()
    assert [each.class_name for each in take(found).orchestrators] == ["AOrchestrator"]


def test_an_empty_project_has_an_empty_inventory(tmp_path: Path) -> None:
    document = to_json(take(scan(tmp_path, Config())))
    jsonschema.validate(document, SCHEMA)
    assert (document["orchestrators"], document["mentions"]["total"]) == ([], 0)


def test_the_schema_takes_the_legacy_application_and_nothing_malformed() -> None:
    document = json.loads(json.dumps(to_json(take(scan(BOT, Config())))))
    jsonschema.validate(document, SCHEMA)
    document["orchestrators"][0]["layer"] = "elsewhere"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)

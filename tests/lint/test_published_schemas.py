"""What other programs read is valid by the schemas which they publish (tests/assets/schemas)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema

from tests.cli.conftest import Orchestra

SCHEMAS = Path(__file__).parents[1] / "assets" / "schemas"
DROPPED = "import asyncio\n\n\nasync def handle(event):\n    asyncio.create_task(record(event))  # later\n"
FILES = {
    "hub.py": DROPPED,
    "same.py": DROPPED,
    "kept.py": DROPPED.replace("# later", "# orchestra: ignore[ORC102] the broker keeps it"),
    "late, %: ü & <b>.py": "import asyncio\n\ntry:\n    work()\nexcept asyncio.TimeoutError:\n    pass\n",
    "blocking.py": "import time\n\n\nasync def wait():\n    time.sleep(1)\n",
    "broken.py": "import asyncio\nasyncio.create_task(\n",
    "unreadable.py": "# coding: nonsense\nimport asyncio\nasyncio.create_task(x())\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (tmp_path / "src").mkdir()
    for name, text in FILES.items():
        (tmp_path / "src" / name).write_text(text)
    return tmp_path


def published(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text())


def sarif(orchestra: Orchestra) -> Any:
    log = json.loads(orchestra("lint", "--output-format", "sarif").out)
    jsonschema.validate(
        log, published("sarif-2.1.0-rtm.5.json"), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    return log


def test_sarif_is_valid_with_fingerprints_suppressions_and_fixes(orchestra: Orchestra) -> None:
    (run,) = sarif(orchestra)["runs"]
    results = run["results"]
    assert all(one["partialFingerprints"]["orchestra/v1"] for one in results)
    assert [one["suppressions"] for one in results if "suppressions" in one] == [
        [{"kind": "inSource", "justification": "the broker keeps it"}]
    ]
    assert {one["ruleId"] for one in results if "fixes" in one} >= {"ORC102", "ORC115"}
    assert {one["ruleId"] for one in results} >= {"ASYNC251", "ORC900"}
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in results)
    (skipped,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "src/unreadable.py was skipped" in skipped["message"]["text"]


def test_a_sarif_fix_put_in_place_by_its_offsets_is_the_fix(orchestra: Orchestra, project: Path) -> None:
    (run,) = sarif(orchestra)["runs"]
    (one,) = [
        one
        for one in run["results"]
        if one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/hub.py"
    ]
    (change,) = one["fixes"][0]["artifactChanges"]
    text = FILES["hub.py"]
    for edit in sorted(change["replacements"], key=lambda one: -one["deletedRegion"]["charOffset"]):
        start = edit["deletedRegion"]["charOffset"]
        end = start + edit["deletedRegion"]["charLength"]
        text = text[:start] + edit["insertedContent"]["text"] + text[end:]
    orchestra("lint", "--fix", "--no-ruff", "src/hub.py")
    assert (project / "src" / "hub.py").read_text() == text


def test_sarif_without_findings_is_valid(orchestra: Orchestra, project: Path) -> None:
    for path in (project / "src").iterdir():
        path.unlink()
    assert sarif(orchestra)["runs"][0]["results"] == []


def test_gitlab_takes_every_issue_and_tells_each_from_the_others(orchestra: Orchestra) -> None:
    issues = json.loads(orchestra("lint", "--output-format", "gitlab").out)
    for issue in issues:
        jsonschema.validate(issue, published("codeclimate.json"))
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 5


def test_junit_is_valid_and_counts_with_and_without_findings(orchestra: Orchestra, project: Path) -> None:
    schema = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")
    for failures, tests in ((5, 5), (0, 1)):
        text = orchestra("lint", "--output-format", "junit").out
        schema.validate(text)
        (suite,) = xmlschema.XMLResource(text).root.findall("testsuite")
        assert (int(suite.attrib["failures"]), int(suite.attrib["tests"])) == (failures, tests)
        assert len(suite.findall("testcase/failure")) == failures
        for path in (project / "src").iterdir():
            path.unlink()


def test_each_schema_refuses_what_it_should(orchestra: Orchestra) -> None:
    log = sarif(orchestra)
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, published("sarif-2.1.0-rtm.5.json"))
    issue = json.loads(orchestra("lint", "--output-format", "gitlab").out)[0]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(issue | {"location": {"path": 3}}, published("codeclimate.json"))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd").validate(
            "<testsuites><testsuite name='x'/></testsuites>"
        )

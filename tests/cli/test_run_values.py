"""`orchestra run` reads values by every kind of annotation, prints streams as they come, and explains."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from orchestra.arguments import arguments, chosen_operation
from orchestra.entry import Entry
from orchestra.errors import WrongParametersError
from tests.cli.conftest import Orchestra
from tests.cli.test_output import check

SHAPES = '''\
import asyncio
import datetime
import decimal
import threading
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, TypedDict

from pydantic import BaseModel, ConfigDict

from orchestrators import BaseOrchestrator, OrchestrationContext, OrchestrationLayer, operation

if TYPE_CHECKING:
    from somewhere import OnlyForCheckers


class Tone(Enum):
    FRIENDLY = "friendly"
    CURT = "curt"


@dataclass
class Stop:
    place: str
    when: datetime.date
    tones: list[Tone] = field(default_factory=list)


class Row(TypedDict):
    name: str
    size: int


class Place(NamedTuple):
    x: int
    on: datetime.date | None = None


class Limits(BaseModel):
    model_config = ConfigDict(strict=True)

    most: int
    until: datetime.date | None = None
    stops: list[Stop] = []


class ShapesOrchestrator(BaseOrchestrator):
    """Takes everything."""

    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="shapes")

    @operation(default=True)
    async def take(
        self,
        context: OrchestrationContext,
        whole: int = 0,
        real: float = 0.0,
        flag: bool = False,
        tone: Tone | None = None,
        mode: Literal["fast", "slow"] = "fast",
        day: datetime.date | None = None,
        moment: "datetime.datetime | None" = None,
        wait: datetime.timedelta | None = None,
        path: Path = Path(),
        price: decimal.Decimal = decimal.Decimal(0),
        key: uuid.UUID | None = None,
        names: Sequence[str] = (),
        numbers: "list[int]" = (),
        pair: tuple[int, Path] = (0, Path()),
        once: set[int] = frozenset(),
        table: Mapping[str, datetime.date] = {},
        stop: Stop | None = None,
        row: Row | None = None,
        place: Place | None = None,
        limits: Limits | None = None,
        either: int | str = 0,
        unit: Annotated[int, "metres"] = 0,
        later: "OnlyForCheckers" = None,
        api_token: int = 0,
        anything=None,
    ):
        """Say which was given, as Python writes it."""
        given = {name: value for name, value in locals().items() if name not in ("self", "context")}
        return {name: repr(value) for name, value in given.items() if name in self.given}

    @operation
    async def items(self, count: int, pause: float = 0.0) -> AsyncIterator[dict]:
        """Yield numbers."""
        for number in range(count):
            yield {"number": number}
            await asyncio.sleep(pause)

    @operation
    async def breaks(self):
        yield "first"
        raise ConnectionError("lost")

    @operation
    async def lingers(self):
        threading.Thread(target=time.sleep, args=(600,)).start()
        return "done"

    @operation
    async def slow(self):
        return OrchestrationContext.current().remaining()

    async def cleanup(self):
        await asyncio.sleep(self.dawdles)

    given = ()
    dawdles = 0.0


class OwnOrchestrator(BaseOrchestrator):
    """Routes by itself."""

    def __init__(self):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="own")

    async def orchestrate(self, context, *, what: str = "x", **more):
        """Do it."""
        from orchestrators import StepResult

        return StepResult.ok(what=what, more=more)


class NeedsOrchestrator(BaseOrchestrator):
    def __init__(self, database):
        super().__init__(layer=OrchestrationLayer.DOMAIN, name="needs")

    @operation
    async def work(self): ...
'''


@pytest.fixture
def shapes(orchestra: Orchestra, project: Path) -> Path:
    """A project without a composition root: its package is discovered."""
    assert orchestra("init").code == 0
    settings = project / "pyproject.toml"
    lines = settings.read_text().splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if not line.startswith("app = ")))
    (project / "orchestrators" / "domain" / "shapes.py").write_text(SHAPES)
    return project


@pytest.fixture
def taken(orchestra: Orchestra, shapes: Path) -> Any:
    """Run the operation that takes everything, and return what it was given."""

    def run(*typed: str, names: str) -> Any:
        module = shapes / "orchestrators" / "domain" / "shapes.py"
        module.write_text(SHAPES.replace("given = ()", f"given = {names.split()!r}"))
        done = orchestra("run", "shapes", *typed, "--output-format", "json")
        assert done.code == 0, done.err
        return check(json.loads(done.out))["data"]["result"]

    return run


TYPED = {
    "whole=-5": "-5",
    "real=2": "2.0",
    "flag=no": "False",
    "tone=CURT": "<Tone.CURT: 'curt'>",
    "mode=slow": "'slow'",
    "day=2026-01-31": "datetime.date(2026, 1, 31)",
    "moment=2026-01-31T12:30": "datetime.datetime(2026, 1, 31, 12, 30)",
    "wait=90": "datetime.timedelta(seconds=90)",
    "path=a/b": "PosixPath('a/b')",
    "price=1.10": "Decimal('1.10')",
    "key=12345678-1234-5678-1234-567812345678": "UUID('12345678-1234-5678-1234-567812345678')",
    'names=["a", "b"]': "['a', 'b']",
    "numbers=[1, 2]": "[1, 2]",
    'pair=[1, "a/b"]': "(1, PosixPath('a/b'))",
    "once=[1, 1]": "{1}",
    'table={"a": "2026-01-31"}': "{'a': datetime.date(2026, 1, 31)}",
    'stop={"place": "x", "when": "2026-01-31", "tones": ["curt"]}': (
        "Stop(place='x', when=datetime.date(2026, 1, 31), tones=[<Tone.CURT: 'curt'>])"
    ),
    'row={"name": "x", "size": 2}': "{'name': 'x', 'size': 2}",
    'place={"x": 1, "on": "2026-01-31"}': "Place(x=1, on=datetime.date(2026, 1, 31))",
    'limits={"most": 2, "until": "2026-01-31", "stops": [{"place": "x", "when": "2026-01-31"}]}': (
        "Limits(most=2, until=datetime.date(2026, 1, 31), "
        "stops=[Stop(place='x', when=datetime.date(2026, 1, 31), tones=[])])"
    ),
    "either=5": "5",
    "unit=3": "3",
    "later=[5]": "[5]",
    "anything=a b": "'a b'",
}


def test_a_text_becomes_what_the_annotation_says(taken: Any) -> None:
    names = [typed.partition("=")[0] for typed in TYPED]
    options = [word for typed in TYPED for word in ("-p", typed)]
    assert taken(*options, names=" ".join(names)) == dict(zip(names, TYPED.values(), strict=True))


def test_json_becomes_what_the_annotation_says(taken: Any, shapes: Path) -> None:
    given = {
        "real": 2,
        "tone": "curt",
        "mode": "slow",
        "day": "2026-01-31",
        "wait": 90,
        "path": "a/b",
        "price": 1.5,
        "names": ["a"],
        "pair": [1, "a/b"],
        "once": [1, 1],
        "stop": {"place": "x", "when": "2026-01-31"},
        "place": [1],
        "limits": {"most": 2},
        "either": "x",
        "later": None,
    }
    (shapes / "given.json").write_text(json.dumps(given))
    assert taken("--params", f"@{shapes / 'given.json'}", names=" ".join(given)) == {
        "real": "2.0",
        "tone": "<Tone.CURT: 'curt'>",
        "mode": "'slow'",
        "day": "datetime.date(2026, 1, 31)",
        "wait": "datetime.timedelta(seconds=90)",
        "path": "PosixPath('a/b')",
        "price": "Decimal('1.5')",
        "names": "['a']",
        "pair": "(1, PosixPath('a/b'))",
        "once": "{1}",
        "stop": "Stop(place='x', when=datetime.date(2026, 1, 31), tones=[])",
        "place": "Place(x=1, on=None)",
        "limits": "Limits(most=2, until=None, stops=[])",
        "either": "'x'",
        "later": "None",
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("whole=many", "'whole' is 'many', which is not a whole number"),
        ("flag=perhaps", "which is not true or false"),
        ("tone=rude", "which is not one of friendly, curt"),
        ("mode=mid", "which is not one of fast, slow"),
        ("day=today", "which is not a date such as 2026-01-31"),
        ("numbers=1", "which is not JSON of a list"),
        ('numbers=[1, "x"]', "'numbers[1]' is 'x', which is not a whole number"),
        ("pair=[1]", "which is not JSON of a list of 2"),
        ('table={"a": "soon"}', "'table.a' is 'soon', which is not a date"),
        ('stop={"place": "x"}', "JSON of a Stop (place, when, tones): 'when' is missing"),
        ('stop={"place": "x", "when": "2026-01-31", "tonse": []}', "unexpected keyword argument 'tonse'"),
        ('row={"name": "x"}', "JSON of a Row (name, size): 'size' is missing"),
        ('place=[1, "soon"]', "'place.on' is 'soon', which is not a date"),
        ("place={}", "JSON of a Place (x, on): 'x' is missing"),
        ("limits=many", "which is not JSON of a Limits"),
        ("limits={}", "'limits' is {}, which is not JSON of a Limits: 'most' is missing"),
        (
            'limits={"most": "2"}',
            "'limits.most' is '2', which is not JSON of a Limits: input should be a valid",
        ),
        ('limits={"most": 1, "stops": [{"place": "x"}]}', "'limits.stops[0]' is {'place': 'x'}"),
        ('stop={"place": "x", "when": "2026-01-31", "tones": ["rude"]}', "'stop.tones[0]' is 'rude'"),
        ("stop=x", "which is not JSON of a Stop"),
        ("api_token=hunter2", "'api_token' is [redacted], which is not a whole number"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_fits(
    monkeypatch: pytest.MonkeyPatch, typed: str, said: str
) -> None:
    module: Any = ModuleType("shapes")
    monkeypatch.setitem(sys.modules, "shapes", module)
    exec(SHAPES.replace("from orchestrators", "from orchestra"), module.__dict__)
    entry = Entry(module.ShapesOrchestrator(), "shapes", "on_close")
    name, _, text = typed.partition("=")
    with pytest.raises(WrongParametersError) as raised:
        arguments(entry, chosen_operation(entry, None), {}, {name: text})
    assert said in str(raised.value)


def test_a_stream_is_printed_as_it_comes(orchestra: Orchestra, shapes: Path) -> None:
    items = ["shapes", "--operation", "items", "-p", "count=3"]
    for output_format, first in (
        ("text", {"number": 0}),
        ("json", {"schema": "orchestra/run-item/1", "item": {"number": 0}}),
    ):
        options = ["-p", "pause=60", "--output-format", output_format]
        command = [sys.executable, "-m", "orchestra_cli", "run", *items, *options]
        with subprocess.Popen(command, cwd=shapes, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            line = process.stdout.readline()  # after three minutes if not printed at once
            process.kill()
        assert json.loads(line) == first
    done = orchestra("run", *items)
    assert done.out.splitlines()[:3] == ['{"number": 0}', '{"number": 1}', '{"number": 2}']
    assert done.out.splitlines()[3].startswith("ok shapes.items")


@pytest.mark.parametrize("count", [0, 3])
def test_a_stream_for_programs_is_a_document_a_line(orchestra: Orchestra, shapes: Path, count: int) -> None:
    words = ("shapes", "--operation", "items", "-p", f"count={count}", "--output-format", "json")
    *items, last = [check(json.loads(line)) for line in orchestra("run", *words).out.splitlines()]
    assert [one["item"] for one in items] == [{"number": number} for number in range(count)]
    assert (last["schema"], last["success"], last["data"]) == ("orchestra/run/1", True, {"items": count})


def test_a_stream_that_breaks_for_programs_ends_with_the_failed_result(
    orchestra: Orchestra, shapes: Path
) -> None:
    done = orchestra("run", "shapes", "--operation", "breaks", "--output-format", "json")
    first, last = [check(json.loads(line)) for line in done.out.splitlines()]
    assert done.code == 4
    assert first["item"] == "first"
    assert (last["success"], last["error_category"]) == (False, "network")


def test_a_stream_that_breaks_keeps_what_came_before_and_is_exit_code_4(
    orchestra: Orchestra, shapes: Path
) -> None:
    done = orchestra("run", "shapes", "--operation", "breaks")
    assert done.code == 4
    assert done.out.splitlines()[0] == "first"
    assert "lost (network)" in done.out


def test_the_operations_are_explained_with_parameters_defaults_and_texts(
    orchestra: Orchestra, shapes: Path
) -> None:
    for words in (("shapes", "--explain"), ("shapes", "--help"), ("shapes", "-h")):
        done = orchestra("run", *words)
        assert done.code == 0
        assert "Takes everything." in done.out
        assert "items  (a stream)\n  Yield numbers.\n  -p count=…  int; required\n" in done.out
        assert "-p mode=…  Literal['fast', 'slow']; one of fast, slow; default: 'fast'" in done.out
        assert "context=" not in done.out.partition("Takes everything")[2]
        assert "Run one with: orchestra run shapes" in done.out
        assert done.out.startswith("Usage: orchestra run") == (words[1] != "--explain")
    own = check(json.loads(orchestra("run", "own", "--explain", "--output-format", "json").out))
    assert [one["name"] for one in own["operations"][0]["parameters"]] == ["what", "**more"]
    assert "-p KEY=…, any other" in orchestra("run", "own", "--explain").out
    assert orchestra("run", "shaps", "--help").code == 2


def test_a_class_that_cannot_be_built_says_which_factory_is_missing(
    orchestra: Orchestra, shapes: Path
) -> None:
    done = orchestra("run", "needs")
    assert done.code == 2
    assert "NeedsOrchestrator needs arguments to be constructed: (database)" in done.err
    assert "facade.register_factory" in done.err


def test_its_own_orchestrate_gets_what_was_given(orchestra: Orchestra, shapes: Path) -> None:
    done = orchestra("run", "own", "-p", "what=5", "-p", "n=5", "--output-format", "json")
    assert json.loads(done.out)["data"] == {"what": "5", "more": {"n": 5}}


def test_the_timeout_is_the_deadline_of_the_context(orchestra: Orchestra, shapes: Path) -> None:
    done = orchestra("run", "shapes", "--operation", "slow", "--timeout", "50", "--output-format", "json")
    assert 0 < json.loads(done.out)["data"]["result"] < 50


def test_a_thread_that_is_left_running_does_not_keep_the_answer(
    orchestra: Orchestra, shapes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestra_cli import user_code

    monkeypatch.setattr(user_code, "CLOSING", 0.2)
    done = orchestra("run", "shapes", "--operation", "lingers")
    assert done.code == 0
    assert '"done"' in done.out


def test_a_second_interrupt_ends_it_at_once(shapes: Path) -> None:
    module = shapes / "orchestrators" / "domain" / "shapes.py"
    module.write_text(SHAPES.replace("dawdles = 0.0", "dawdles = 4.0"))
    stream = ["shapes", "--operation", "items", "-p", "count=2", "-p", "pause=60"]
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestra_cli", "run", *stream],
        cwd=shapes,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1.0)  # it cleans up
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=2.5)
    assert process.returncode == 130
    assert b"Traceback" not in err


HOSTILE = {
    "rich.py": "raise RuntimeError('not your rich')\n",
    "typer.py": "raise RuntimeError('not your typer')\n",
    "templates/__init__.py": "OURS = True\n",
    "orchestra_cli/__init__.py": "OURS = True\n",
    "orchestra_templates/__init__.py": "raise RuntimeError('not your templates')\n",
    "json_tools.py": "",
    "orchestrators/domain/noisy.py": "import sys\nprint('{\"schema\": 1}')\nsys.stdout.write('x' * 100000)\n",
    "orchestrators/domain/__main__.py": "open('side-effect', 'w').close()\n",
    "orchestrators/domain/leaves.py": "import sys\nsys.exit(7)\n",
    "orchestrators/domain/broken.py": "import nothing_of_that_name\n",
    "orchestrators/domain/closes.py": "import os, sys\nsys.stdout.close()\nsys.stdout = None\n",
    "orchestrators/domain/mixed.py": "import orchestra_cli, templates\nassert orchestra_cli.OURS\n",
}


@pytest.mark.parametrize("verb", [("run", "own"), ("list", "--live")])
def test_a_hostile_project_neither_breaks_us_nor_soils_the_result(
    orchestra: Orchestra, shapes: Path, verb: tuple[str, ...]
) -> None:
    for name, text in HOSTILE.items():
        (shapes / name).parent.mkdir(exist_ok=True)
        (shapes / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "orchestra_cli", *verb, "--output-format", "json"],
        cwd=shapes,
        capture_output=True,
        text=True,
        check=False,
    )
    document = check(json.loads(done.stdout))
    assert document.get("success", True)
    assert done.returncode == (0 if verb[0] == "run" else 1)
    assert "domain.leaves: SystemExit: 7" in done.stderr
    assert "domain.broken: ModuleNotFoundError" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (shapes / "side-effect").exists()

"""What only a browser can tell of our pages: colours, width, keys, what a screen reader hears, requests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestra_cli.relations.model import Edge, Graph, Node
from orchestra_cli.reports.graph_page import graph_page
from orchestra_cli.reports.status_page import status_page
from orchestra_cli.standing.model import STATES, Leaving, Place, Point, Progress, Standing
from tests.support.browser import Browser, browser, find_browser

PROGRAM = find_browser()
pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="no chromium on this machine: `apt-get install chromium`"),
    pytest.mark.xdist_group("browser"),
]

LONG = "a_rather_long_name_for_something_that_orchestrates_the_weekly_digest"
PLACES = tuple(Place(f"src/some/where/{LONG}.py", line, "call-awaited") for line in range(1, 40))
PROGRESS = Progress(
    tuple(
        Standing(
            name, state, "infrastructure", "x.py", PLACES, "it is still used", f"orchestra migrate {name}"
        )
        for name, state in zip(("digest", LONG, "mail"), STATES, strict=True)
    ),
    (Leaving("shop.old", "old.py", "shop.new", None, "2027-02-20", 2, PLACES, "used", "do it"),),
    course=tuple(
        Point("0123456789" if day < 12 else "", f"2026-11-{day:02}", day, 20 - day, 3, 900 - 70 * day, 2, 1)
        for day in range(1, 13)
    ),
)
NODES = tuple(
    Node(f"{layer}_{number}", layer, "X", "src/x.py", 1, 2, number % 2 == 0)
    for layer in ("application", "domain", "infrastructure")
    for number in range(7)
)
GRAPH = Graph(
    NODES,
    (
        Edge(NODES[0], NODES[8], "import", (3,)),
        Edge(NODES[0], NODES[1], "facade", (4,)),
        Edge(NODES[9], NODES[20], "import", (5, 6), "domain may use no other layer, not infrastructure"),
    ),
)
PAGES = {"status": status_page(PROGRESS), "graph": graph_page(GRAPH)}

_CONTRASTS = """(() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const opaque = text => text && text !== 'none' && !/rgba\\(.*, 0\\)|transparent/.test(text);
  const below = element => {
    for (let at = element; at; at = at.parentElement) {
      const seen = getComputedStyle(at).backgroundColor;
      if (opaque(seen)) return seen;
    }
    return 'rgb(255, 255, 255)';
  };
  const ratio = (one, two) => {
    const [a, b] = [light(one), light(two)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const found = [];
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    const says = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (says && element.tagName !== 'title')
      found.push([element.closest('svg') ? style.fill : style.color, below(element), element.tagName, 4.5]);
    if (['rect', 'path'].includes(element.tagName) && !element.matches('.band, .box'))
      found.push([element.matches('.curve') ? style.stroke : style.fill, below(element), element.tagName, 3]);
  }
  return found.filter(([one, two, , least]) => ratio(one, two) < least);
})()"""


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert PROGRAM is not None
    with browser(PROGRAM, tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(params=list(PAGES))
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.html"
    path.write_text(PAGES[request.param])
    return path


def test_a_page_asks_for_nothing_but_itself(real: Browser, file: Path) -> None:
    real.asked_for.clear()
    real.open(file)
    assert real.asked_for == [file.as_uri()]
    assert real.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_everything_can_be_told_from_its_background(real: Browser, file: Path, dark: bool) -> None:
    real.open(file, dark=dark)
    backgrounds = real.evaluate("getComputedStyle(document.body).backgroundColor")
    assert backgrounds == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")
    assert real.evaluate(_CONTRASTS) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1600])
def test_no_window_is_too_narrow(real: Browser, file: Path, width: int) -> None:
    real.open(file, width=width)
    real.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert real.evaluate("document.documentElement.scrollWidth") <= width
    smallest = """Math.min(...[...document.querySelectorAll('main p, main td, main th, main li, svg text')]
        .map(one => one.tagName === 'text'
            ? parseFloat(getComputedStyle(one).fontSize) * one.ownerSVGElement.getScreenCTM().a
            : parseFloat(getComputedStyle(one).fontSize)))"""
    assert real.evaluate(smallest) >= 10
    cut = """[...document.querySelectorAll('table.text th, table.text td')]
        .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.textContent)"""
    assert real.evaluate(cut) == []


def test_the_keyboard_reaches_everything_that_scrolls_leads_or_opens(real: Browser, file: Path) -> None:
    real.open(file)
    wanted = real.evaluate("document.querySelectorAll('a, summary, [tabindex]').length")
    seen = []
    for _ in range(wanted):
        real.press("Tab", 9)
        seen.append(
            real.evaluate(
                "[document.activeElement.tagName, [...document.querySelectorAll('*')]"
                ".indexOf(document.activeElement), getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert len({place for _, place, _ in seen}) == wanted
    assert {outline for *_, outline in seen} == {"solid"}
    assert seen[0][0] == "A"
    if "SUMMARY" in {tag for tag, *_ in seen}:
        real.evaluate("document.querySelector('summary').focus()")
        real.press("Enter", 13, "\r")
        assert real.evaluate("document.querySelector('details').open") is True


def test_the_first_key_and_enter_skip_to_the_content(real: Browser, file: Path) -> None:
    real.open(file)
    real.press("Tab", 9)
    assert real.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    real.press("Enter", 13, "\r")
    assert real.evaluate("location.hash") == "#content"


def test_a_screen_reader_hears_names_headings_and_figures(real: Browser, file: Path) -> None:
    real.open(file)
    spoken = real.spoken()
    roles = {role for role, _ in spoken}
    assert {
        "banner",
        "main",
        "navigation",
        "heading",
        "table",
        "columnheader",
        "rowheader",
        "region",
    } <= roles
    unnamed = [
        role
        for role, name in spoken
        if role in ("image", "region", "table", "navigation", "link", "heading", "rowheader") and not name
    ]
    assert unnamed == []
    images = [name for role, name in spoken if role in ("image", "img")]
    if file.stem == "status":
        assert "Places left: 830 at 11-01, 60 at now" in images
        assert ("cell", "830") in spoken
    else:
        assert any("application: application_0, application_1" in name for name in images)


def test_a_violation_is_red_and_thick(real: Browser, tmp_path: Path) -> None:
    (tmp_path / "graph.html").write_text(PAGES["graph"])
    real.open(tmp_path / "graph.html")
    colours = "(one => [getComputedStyle(one).stroke, getComputedStyle(one).strokeWidth])"
    assert real.evaluate(f"{colours}(document.querySelector('.wrong .curve'))") == ["rgb(207, 34, 46)", "3px"]
    others = f"[...document.querySelectorAll('.edge:not(.wrong) .curve')].map({colours})"
    assert real.evaluate(others) == [["rgb(87, 96, 106)", "1.5px"]] * 2

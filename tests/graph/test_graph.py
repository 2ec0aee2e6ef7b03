"""`orchestra graph`: orchestrators by layer, who uses whom, and what a layer may not use."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestra_cli.relations.model import Edge, Graph, Node
from orchestra_cli.reports.graph import mermaid
from orchestra_cli.reports.graph_page import graph_page
from tests.scaffold.conftest import Orchestra, orchestra, own_places, project, said
from tests.support.page import checked_page

__all__ = ["orchestra", "own_places", "project"]

ROOT = Path(__file__).parents[2]
PACKAGE = "src/core/orchestration"
BILLING = "core.orchestration.domain.billing"


@pytest.fixture
def shop(orchestra: Orchestra, project: Path) -> Path:
    """A project with an orchestrator in each layer, and a legacy one."""
    for layer, name in (("domain", "billing"), ("infrastructure", "probe"), ("application", "hub")):
        assert orchestra("new", layer, name, "--allow-dirty").code == 0
    (project / "src/old.py").write_text(
        "class MailOrchestrator:\n    async def send(self) -> int:\n        return 1\n"
    )
    return project


def add(shop: Path, path: str, text: str) -> None:
    """Put a text at the end of an orchestrator's module."""
    file = shop / PACKAGE / path
    file.write_text(file.read_text() + text)


def edges(orchestra: Orchestra) -> list[tuple[str, str, str, bool]]:
    answer = said(orchestra("graph", "--output-format", "json"))
    shape = json.loads((ROOT / "docs/reference/schemas/graph.json").read_text())
    jsonschema.validate(answer, shape)
    return [(one["source"], one["target"], one["how"], one["problem"] is not None) for one in answer["edges"]]


def test_orchestrators_stand_in_their_layers_the_legacy_ones_dashed(orchestra: Orchestra, shop: Path) -> None:
    assert orchestra("graph").out.splitlines() == [
        "flowchart TB",
        '  subgraph application["application"]',
        '    n0["hub"]',
        "  end",
        '  subgraph domain["domain"]',
        '    n1["billing"]',
        '    n2["mail"]:::legacy',
        "  end",
        '  subgraph infrastructure["infrastructure"]',
        '    n3["probe"]',
        "  end",
        "  classDef legacy stroke-dasharray:5 5",
    ]


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        ("from core.orchestration.domain.billing import BillingOrchestrator\n", "import"),
        ("from ..domain import billing\n", "import"),
        ("def f():\n    from core.orchestration.domain import BillingOrchestrator as B\n    B()\n", "import"),
        ("import core.orchestration.domain.billing\n", "import"),
        (f'x = lazy("{BILLING}:BillingOrchestrator")\n', "name"),
        ('async def f(facade):\n    await facade.orchestrate("billing", None)\n', "facade"),
    ],
)
def test_every_way_to_use_another_is_an_edge(orchestra: Orchestra, shop: Path, text: str, edge: str) -> None:
    add(shop, "application/hub.py", text)
    assert edges(orchestra) == [("hub", "billing", edge, False)]


@pytest.mark.parametrize(
    "text",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..domain import billing\n",
        "# core.orchestration.domain.billing\n",
        "class billing:\n    BillingOrchestrator = 1\n",
    ],
)
def test_what_uses_nothing_is_no_edge(orchestra: Orchestra, shop: Path, text: str) -> None:
    add(shop, "application/hub.py", text)
    assert edges(orchestra) == []


def test_what_a_layer_may_not_use_is_red_and_the_facade_is_the_way(orchestra: Orchestra, shop: Path) -> None:
    add(shop, "domain/billing.py", "from ..infrastructure.probe import ProbeOrchestrator\n")
    add(
        shop,
        "domain/billing.py",
        'async def f(facade):\n    await facade.call("probe", "get_health", None)\n',
    )
    assert edges(orchestra) == [("billing", "probe", "facade", False), ("billing", "probe", "import", True)]
    lines = orchestra("graph").out.splitlines()
    assert "  n1 -. facade .-> n3" in lines
    assert "  linkStyle 1 stroke:#cf222e,stroke-width:3px" in lines
    page = orchestra("graph", "--format", "html").out
    assert "domain may use no other layer, not infrastructure" in checked_page(page).text
    assert page.count('class="edge wrong"') == 1


def test_the_projects_own_table_of_layers_decides(orchestra: Orchestra, shop: Path) -> None:
    add(shop, "domain/billing.py", "from ..infrastructure.probe import ProbeOrchestrator\n")
    settings = shop / "pyproject.toml"
    settings.write_text(settings.read_text() + '\n[tool.orchestra.layers]\ndomain = "infrastructure"\n')
    assert edges(orchestra) == [("billing", "probe", "import", False)]


def test_of_two_classes_in_a_file_the_one_around_the_line_is_meant(orchestra: Orchestra, shop: Path) -> None:
    (shop / "src/old.py").write_text(
        "from core.orchestration.domain.billing import BillingOrchestrator\n\n\n"
        "class MailOrchestrator:\n    async def send(self):\n        return BillingOrchestrator()\n\n\n"
        "class PostOrchestrator:\n    async def send(self):\n        return MailOrchestrator()\n"
    )
    assert edges(orchestra) == [("mail", "billing", "import", False), ("post", "mail", "import", False)]


def test_a_project_without_orchestrators_has_an_empty_graph(orchestra: Orchestra, project: Path) -> None:
    assert orchestra("graph").out == "flowchart TB\n"
    checked_page(orchestra("graph", "--format", "html").out)


NODES = st.builds(
    Node,
    name=st.text(max_size=30),
    layer=st.sampled_from(["application", "domain", "infrastructure", ""]),
    class_name=st.just("X"),
    path=st.text(max_size=10),
    line=st.just(1),
    end_line=st.just(2),
    is_migrated=st.booleans(),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = sorted(draw(st.sets(NODES, min_size=1, max_size=15)), key=lambda node: (node.layer, node.name))
    ends = st.sampled_from(nodes)
    made: Any = st.builds(
        Edge,
        ends,
        ends,
        st.sampled_from(["import", "name", "facade"]),
        st.just((1,)),
        st.sampled_from(["", "no"]),
    )
    return Graph(tuple(nodes), tuple(draw(st.lists(made, max_size=10))))


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_any_graph_is_a_page_and_a_flowchart(graph: Graph) -> None:
    page = graph_page(graph)
    checked_page(page)
    assert page.count('class="curve"') == len(graph.edges)
    lines = list(mermaid(graph))
    assert all(len(line.splitlines()) == 1 for line in lines)
    assert sum("[" in line and "subgraph" not in line for line in lines) >= len(graph.nodes)
    declared = set(re.findall(r"^    (n\d+)\[", "\n".join(lines), re.MULTILINE))
    for line in lines:
        if (arrow := re.fullmatch(r"  (n\d+) (?:-->|-\.->|-\. facade \.->) (n\d+)", line)) is not None:
            assert {arrow[1], arrow[2]} <= declared

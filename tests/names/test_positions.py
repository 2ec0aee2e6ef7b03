"""A node's place in the text is exact, whatever the line endings and characters."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestra_codemods.names import Offsets
from orchestra_codemods.source import Source

AWKWARD = {
    "crlf": "first = 1\r\nsecond = target\r\n",
    "lone carriage return": "first = 1\rsecond = target\r",
    "mixed endings": "a = 1\r\nb = 2\rc = 3\nd = target",
    "form feed": "a = 1\n\x0c\nb = target\n",
    "form feed before code": "a = 1\n\x0cb = target\n",
    "separators that are not line ends": 'a = "\x1c\x85\u2028"; b = target\n',
    "two, three and four byte characters": 'é = "€𝄞"; b = target\n',
    "tabs": "if 1:\n\tb\t=\ttarget\n",
    "after a long string": 'a = """é\r\n\x0c€\n"""; b = target\n',
    "continuation": "b = \\\r\n    target\r\n",
}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_the_name_is_found_where_it_is_written(text: str) -> None:
    offsets = Offsets(text)
    (node,) = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and n.id == "target")
    place = offsets.place(node)
    assert text[place.start : place.end] == "target"
    assert offsets.position(place.start) == (place.line, place.column)


def test_a_byte_order_mark_does_not_shift_places() -> None:
    source = Source.from_bytes("a.py", b"\xef\xbb\xbfimport os\n")
    place = Offsets(source.text).place(ast.parse(source.text).body[0])
    assert source.text[place.start : place.end] == "import os"


@given(
    st.lists(st.sampled_from(["é", "x", "€", "𝄞", "\t", "\x0c", "\r", "\n", "\r\n", "\u2028"]), max_size=40)
)
def test_every_offset_has_a_position_that_leads_back(pieces: list[str]) -> None:
    text = "".join(pieces)
    offsets = Offsets(text)
    for offset in range(len(text)):
        line, column = offsets.position(offset)
        head = text[offset - column : offset]
        assert offsets.offset(line, len(head.encode())) == offset

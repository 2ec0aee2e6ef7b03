"""What every page that we write for a browser has to have, checked with a parser alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "img", "input", "rect", "line", "path", "circle"}


class Page(HTMLParser):
    """Checks nesting while it reads, and collects what somebody with a screen reader depends on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag
            self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def checked_page(text: str) -> Page:
    """Return the page, found to be well formed, whole in itself, and usable without eyes and mouse."""
    page = Page(text)
    assert page.open == []
    assert text.startswith("<!DOCTYPE html>")
    assert page.attributes("html") == [{"lang": "en"}]
    for once in ("h1", "main", "header", "nav"):
        assert len(page.attributes(once)) == 1, once
    ids = [str(one["id"]) for _, one in page.tags if "id" in one]
    assert len(ids) == len(set(ids))
    assert {one["href"] for one in page.attributes("a")} <= {f"#{name}" for name in ids}
    assert all(one["aria-labelledby"] in ids for one in page.attributes("section"))
    assert all(one.get("scope") in ("col", "row") for one in page.attributes("th"))
    assert len(page.attributes("caption")) == len(page.attributes("table"))
    assert all(one["role"] == "img" and one["aria-label"] for one in page.attributes("svg"))
    assert len(page.attributes("figcaption")) == len(page.attributes("figure"))
    scrolling = [one for _, one in page.tags if one.get("class") == "scroll"]
    assert all(one["tabindex"] == "0" and one["role"] == "region" and one["aria-label"] for one in scrolling)
    assert page.text.split(), "it says nothing"
    assert not re.search(r"https?:|\bsrc=|<script|<link|@import|url\(|\bon\w+=", text)
    assert "prefers-color-scheme: dark" in text
    assert 'name="viewport"' in text
    return page

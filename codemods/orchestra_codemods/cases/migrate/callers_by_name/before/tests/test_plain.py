import sys


def test_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "shop.plain", None)

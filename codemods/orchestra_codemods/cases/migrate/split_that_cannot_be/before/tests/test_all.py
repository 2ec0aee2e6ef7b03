import importlib
from unittest import mock

from shop import assigned, reloaded


def test_patched():
    with mock.patch("shop.patched.fetch"):
        pass


def test_assigned():
    assigned.fetch = None


def test_reloaded():
    importlib.reload(reloaded)

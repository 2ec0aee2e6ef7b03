"""A moving line on stderr for what takes over a second; rich is loaded only when that second is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

DELAY = 1.0
"""Seconds that work may take before anything is shown."""


@contextmanager
def after_a_second(what: str) -> Iterator[None]:
    """Show ``what`` with a moving bar and the time, from the second second on."""
    done = threading.Event()
    shower = threading.Thread(target=_show, args=(what, done), daemon=True)
    shower.start()
    try:
        yield
    finally:
        done.set()
        shower.join()


def _show(what: str, done: threading.Event) -> None:
    if done.wait(DELAY):
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        done.wait()

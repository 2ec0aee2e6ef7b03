"""A person at a real terminal: what a command asks is answered one line at a time."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.commands import Done

PATIENCE = 120.0

_PROGRAM = """\
import fcntl, runpy, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C reaches it
runpy.run_module("orchestra_cli", run_name="__main__", alter_sys=True)
"""


def at_a_terminal(*arguments: str, cwd: Path, answers: Sequence[str], prompts: Sequence[str]) -> Done:
    """Run a command whose stdin and stderr are a terminal; answer whenever it ends with one of the prompts.

    An answer that is the end of file (Ctrl-D) or an interrupt (Ctrl-C) is given as the terminal's character.
    """
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *arguments],
        cwd=cwd,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        start_new_session=True,
    )
    os.close(slave)
    shown, waiting, since = b"", list(answers), 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        readable, _, _ = select.select([master], [], [], 0.05)
        if readable:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # the other side was closed
                break
            if not chunk:
                break
            shown += chunk
        elif process.poll() is not None:
            break
        ends = shown[since:].decode(errors="replace")
        if not readable and waiting and any(ends.endswith(prompt) for prompt in prompts):
            since = len(shown)
            answer = waiting.pop(0)
            os.write(master, answer.encode() if answer in {"\x03", "\x04"} else f"{answer}\n".encode())
    else:
        process.kill()
        raise AssertionError(f"it waits for more than the answers: {shown.decode()[-2000:]}")
    out = process.communicate(timeout=PATIENCE)[0].decode()
    os.close(master)
    assert not waiting, f"it did not ask for {waiting}: {shown.decode()[-2000:]}"
    return Done(process.returncode, out, shown.decode().replace("\r\n", "\n"))

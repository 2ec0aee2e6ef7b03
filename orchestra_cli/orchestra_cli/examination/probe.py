"""What an interpreter says of itself, asked without importing anything of the project's."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 30.0

_QUESTION = """\
import json, sys
said = {"version": list(sys.version_info[:3]), "prefix": sys.prefix, "stdlib": [], "orchestra": None}
said["stdlib"] = sorted(getattr(sys, "stdlib_module_names", ()))
try:
    from importlib.util import find_spec
    wanted = sys.argv[1:]
    said["found"] = [name for name in wanted if find_spec(name) is not None]
except Exception:
    said["found"] = []
try:
    import orchestra, orchestra._version, orchestra.child
    said["orchestra"] = {
        "version": orchestra._version.__version__,
        "protocol": orchestra.child.PROTOCOL,
        "file": orchestra.__file__,
    }
except Exception as error:
    said["why"] = "%s: %s" % (type(error).__name__, error)
print("\\n" + json.dumps(said))
"""


@dataclass(frozen=True, slots=True)
class Probe:
    """One interpreter. ``orchestra`` is None where the framework cannot be imported, ``why`` says why."""

    python: str
    version: tuple[int, ...]
    prefix: str
    standard_library: frozenset[str]
    orchestra: dict[str, Any] | None
    why: str = ""

    def importable(self, module: str) -> bool:
        """Return whether the interpreter finds a top-level module."""
        said = _asked(self.python, module)
        return not isinstance(said, str) and module in said.get("found", ())


def probed(python: str) -> Probe | str:
    """Return what an interpreter says, or in words why it says nothing."""
    said = _asked(python)
    if isinstance(said, str):
        return said
    return Probe(
        python,
        tuple(said["version"]),
        said["prefix"],
        frozenset(said["stdlib"]),
        said["orchestra"],
        said.get("why", ""),
    )


def _asked(python: str, *modules: str) -> dict[str, Any] | str:
    try:
        # In the root of the file system, so that no module of a project's is found.
        done = subprocess.run(
            [python, "-c", _QUESTION, *modules],
            cwd=Path(sys.executable).anchor,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it did not answer within {SECONDS:g} s"
    except OSError as error:
        return str(error.strerror)
    try:
        said: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    except ValueError:
        return (done.stderr.strip().rpartition("\n")[2] or f"it ended with {done.returncode}")[:200]
    return said

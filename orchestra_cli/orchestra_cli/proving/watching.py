"""Notes which modules a Python process loads, and from where; copied as `sitecustomize.py` before tests run.

Nothing but the standard library, and as little of it as possible: it is imported into every Python process of
the project's tests. What it notes goes into the folder `$ORCHESTRA_PROOF`, one file a process.
"""

import atexit
import os
import sys
from contextlib import suppress
from importlib.machinery import SourceFileLoader

VARIABLE = "ORCHESTRA_PROOF"
PROCESS = "ORCHESTRA_PROOF_PROCESS"
"""Names the process; a part of the path that a test report is written to."""


def watch(folder: str) -> None:
    """Note each module when its code runs, and at the end those that other loaders have loaded."""
    os.environ[PROCESS] = str(os.getpid())
    original = SourceFileLoader.exec_module

    def exec_module(self: SourceFileLoader, module: object) -> None:
        note(folder, [(self.name, self.path)])
        original(self, module)  # type: ignore[arg-type]

    SourceFileLoader.exec_module = exec_module  # type: ignore[assignment, method-assign]
    atexit.register(lambda: note(folder, loaded()))


def loaded() -> list[tuple[str, str]]:
    """Return the modules that are loaded now, each with its file."""
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and not file.startswith("<"):
            found.append((name, file))
    return found


def note(folder: str, modules: list[tuple[str, str]]) -> None:
    """Add modules to the file of this process. A disk that is full is no reason to disturb the tests."""
    data = "".join(f"{name}\t{os.path.abspath(file)}\n" for name, file in modules)  # noqa: PTH100
    with suppress(OSError):
        target = os.path.join(folder, f"{os.getpid()}.modules")  # noqa: PTH118
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, data.encode("utf-8", "surrogateescape"))
        os.close(descriptor)


def hand_on() -> None:
    """Import the `sitecustomize` that this one stands before, where there is one.

    Where there is none this one stays in its place: whoever imported it looks for it there.
    """
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    sys.path[:] = [entry for entry in sys.path if entry != here]
    own = sys.modules.pop("sitecustomize")
    try:
        __import__("sitecustomize")
    except ModuleNotFoundError as error:
        sys.modules["sitecustomize"] = own
        if error.name != "sitecustomize":
            raise


if __name__ == "sitecustomize" and VARIABLE in os.environ:
    watch(os.environ[VARIABLE])
    hand_on()

"""The version of an operation: a journal is only ever replayed by the code that wrote it."""

from __future__ import annotations

import hashlib
import inspect
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from orchestra.errors import InvalidOptionError

if TYPE_CHECKING:
    from orchestra.catalog import Operation

_NOT_THE_USERS = ("orchestra", *sys.stdlib_module_names)


def version_of(kind: type, operation: Operation) -> str:
    """Return what ``@operation(version=…)`` says, else a digest of the modules that define the class.

    These are the class's own module and those of its bases, since an inherited step is code of the run too.
    Raises InvalidOptionError where a module has no source to digest.
    """
    return operation.options.version or digest_of(kind)


@lru_cache(maxsize=1024)
def digest_of(kind: type) -> str:
    """Return twelve hex digits of the source of the modules that define a class."""
    modules = {base.__module__ for base in kind.__mro__} - {"builtins"}
    names = sorted(name for name in modules if name.partition(".")[0] not in _NOT_THE_USERS)
    digest = hashlib.sha256()
    for name in names or [kind.__module__]:
        digest.update(_source_of(kind, name).encode() + b"\0")
    return digest.hexdigest()[:12]


def _source_of(kind: type, module: str) -> str:
    try:
        return inspect.getsource(sys.modules[module])
    except (KeyError, OSError, TypeError):
        raise InvalidOptionError(
            f"The module '{module}' of {kind.__name__} has no source to take a version from",
            hint="Give one: @operation(durable=True, version='1')",
        ) from None

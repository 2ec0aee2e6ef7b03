"""Which string arguments name a module or an attribute of one, judged by the function that takes them."""

from __future__ import annotations

from orchestra_codemods.names.facts import StringRole

_IMPORTERS = {
    "import_module",
    "__import__",
    "importorskip",
    "find_spec",
    "run_module",
    "resolve_name",
    "import_string",
    "import_object",
    "import_from_string",
    "locate",
    "reload",
}
_LOGGERS = {"getLogger", "get_logger", "getChild"}
_SETTERS = {"setattr", "delattr"}


def role_of_argument(function: str | None, position: int) -> StringRole | None:
    """Return what a call does with a string at an argument's position; None where it is only a value.

    ``function`` is the dotted text of what is called. Patching is recognised by its names in
    `unittest.mock`, pytest-mock and pytest's monkeypatch.
    """
    if function is None or position != 0:
        return None
    parts = function.split(".")
    last = parts[-1]
    if last in _IMPORTERS:
        return StringRole.IMPORT
    if last in _LOGGERS:
        return StringRole.LOGGER
    if _is_patch(parts):
        return StringRole.PATCH
    return None


def _is_patch(parts: list[str]) -> bool:
    if parts[-1] == "patch":
        return True
    if parts[-1] in ("dict", "multiple", "object") and len(parts) > 1:
        return parts[-2] == "patch"
    return parts[-1] in _SETTERS and len(parts) > 1 and "patch" in parts[-2].lower()

"""The oldest Python that a project supports, by the `requires-python` of its pyproject.toml."""

from __future__ import annotations

import re
import tomllib

from orchestra_codemods.project import Project

PATH = "pyproject.toml"
_LOWEST = re.compile(r"(?:>=|~=|===?|>)\s*3\.(\d+)")
UNKNOWN = (4, 0)


def oldest_python(project: Project) -> tuple[int, int]:
    """Return it as (3, minor), or (4, 0) where nothing is said: then it is taken for a current one."""
    if PATH not in project.sources:
        return UNKNOWN
    try:
        table = tomllib.loads(project.sources.data(PATH).decode())
        wanted = str(table["project"]["requires-python"])
    except (OSError, ValueError, KeyError, TypeError):
        return UNKNOWN
    found = [int(minor) for minor in _LOWEST.findall(wanted)]
    return (3, max(found)) if found else UNKNOWN

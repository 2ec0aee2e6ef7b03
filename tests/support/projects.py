"""Projects that exist in memory only, written as a mapping of path to text."""

from collections.abc import Mapping
from pathlib import Path

from orchestra_codemods.config import Config
from orchestra_codemods.project import Project, Sources
from orchestra_codemods.source import Source


def project_of(files: Mapping[str, str | bytes], config: Config | None = None) -> Project:
    sources = {
        path: Source.from_bytes(path, content if isinstance(content, bytes) else content.encode())
        for path, content in files.items()
    }
    return Project(Path("/does-not-exist"), Sources(Path("/does-not-exist"), (), sources), config or Config())

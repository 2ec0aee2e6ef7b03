"""What lint rules ask of a parsed file: scopes, origins of names, tasks, classes. Built on `ast` alone."""

from orchestra_codemods.syntax.file import File
from orchestra_codemods.syntax.hit import Hit

__all__ = ["File", "Hit"]

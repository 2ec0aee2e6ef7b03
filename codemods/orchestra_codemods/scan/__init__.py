"""Find the files of a project: the first step of every command."""

from orchestra_codemods.scan.tree import scan

__all__ = ["scan"]

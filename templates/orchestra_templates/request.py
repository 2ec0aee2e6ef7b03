"""What an orchestrator is to be called and to have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from orchestra_templates.template import Template


class Dependency(NamedTuple):
    """Something that is loaded when it is first used.

    ``source`` is `module:callable`. ``type_name`` and ``type_module`` say what that returns; None where
    nobody can tell.
    """

    name: str
    source: str
    type_name: str | None = None
    type_module: str | None = None


class Background(NamedTuple):
    """A task that comes round every ``seconds``; None leaves the template's own interval."""

    name: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An orchestrator that somebody wants.

    ``operations`` and ``background`` take the place of the template's own; None leaves those. One that is
    named as the template's own is the template's own. ``package`` is the project's package, ``offered`` are
    the names that it exports, ``first_party`` the top-level names of the project.
    """

    layer: str
    name: str
    class_name: str
    type: str | None = None
    operations: tuple[str, ...] | None = None
    background: tuple[Background, ...] | None = None
    dependencies: tuple[Dependency, ...] = ()
    durable: bool = False
    package: str
    offered: frozenset[str]
    first_party: frozenset[str]

    @property
    def module(self) -> str:
        """The module of the orchestrator, as it is imported."""
        return f"{self.package}.{self.layer}.{self.name}"

    def operations_of(self, template: Template) -> tuple[str, ...]:
        """Return all operations that are wanted."""
        return template.operations if self.operations is None else self.operations

    def background_of(self, template: Template) -> tuple[Background, ...]:
        """Return all background tasks that are wanted."""
        if self.background is None:
            return tuple(Background(name) for name in template.background)
        return self.background

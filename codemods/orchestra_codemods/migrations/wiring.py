"""The lines in the project's wiring: one factory and one registration for each orchestrator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from orchestra_codemods import wiring
from orchestra_codemods.change import Edit, Finding, Span
from orchestra_codemods.inventory.model import LegacyOrchestrator
from orchestra_codemods.migrations.accessors import construction, needs_a_person
from orchestra_codemods.migrations.offers import new_get
from orchestra_codemods.migrations.placement import Placement
from orchestra_codemods.names import Importers
from orchestra_codemods.project import Project


def wiring_edits(
    project: Project,
    path: str,
    placements: Sequence[Placement],
    offering: Mapping[str, Importers] = MappingProxyType({}),
) -> Iterator[Edit]:
    """Return the edits of `orchestrators.py` for all targets that it does not register yet.

    ``offering`` has what refers to the modules in which classes without an accessor get one.
    """
    source = project.sources[path]
    known = wiring.registered_names(source.text)
    wanted = [
        wiring.Factory(target.name, factory_text(project, placement, target, offering.get(placement.path)))
        for placement in placements
        for target in placement.targets
        if target.name not in known
    ]
    return wiring.registration_edits(source, wanted)


def factory_text(
    project: Project, placement: Placement, target: LegacyOrchestrator, offering: Importers | None = None
) -> str:
    """Return a function that imports the class inside and returns the instance of the process."""
    configured = project.config.factories.get(target.name)
    if configured is not None:
        module, _, name = configured.partition(":")
        return wiring.factory_text(target.name, module, [name], [f"return {name}()"])
    if placement.is_adapter:
        return wiring.factory_text(target.name, placement.new_module, ["build"], ["return build()"])
    offered = new_get(project, placement, target, offering) if offering is not None else ""
    if offered:
        return wiring.factory_text(target.name, placement.new_module, [offered], [f"return {offered}()"])
    imported, lines = construction(accessors_text(project, placement), target)
    is_elsewhere = placement.taken_from is not None and imported != {target.class_name}
    module = placement.taken_from[1] if placement.taken_from and is_elsewhere else placement.new_module
    return wiring.factory_text(target.name, module, sorted(imported), lines)


def accessors_text(project: Project, placement: Placement) -> str:
    """Return the code with the accessors: that of the module too from which the targets were taken."""
    text = project.sources[placement.path].text
    if placement.taken_from is None:
        return text
    return f"{project.sources[placement.taken_from[0]].text}\n{text}"


def unwritten(project: Project, placement: Placement) -> Iterator[Finding]:
    """Yield what a person has to write: the factories of classes that need arguments nobody can guess."""
    text = accessors_text(project, placement)
    for target, unit in zip(placement.targets, placement.units, strict=True):
        is_configured = target.name in project.config.factories
        if not is_configured and needs_a_person(target) in construction(text, target)[1]:
            needed = ", ".join(target.required_arguments)
            if placement.is_adapter:
                message = f"write `build` in {placement.new_path}: {target.class_name} needs {needed}"
                yield Finding(unit, placement.path, Span(target.line), message)
                continue
            message = f"write the factory `_{target.name}` in the wiring: {target.class_name} needs {needed}"
            yield Finding(unit, placement.path, Span(target.line), message)


def has_registry(text: str) -> bool:
    """Tell whether a text has a registration function that lines can be added to."""
    return wiring.registry_of(text) is not None

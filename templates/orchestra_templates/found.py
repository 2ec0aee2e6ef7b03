"""Which templates there are: the guide's three, a folder, the project's own, and those of installed packages.

A package offers templates with entry points of the group `orchestra.templates`, whose value is the package
with the template's files, such as `acme_templates.billing`. It is found without importing it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from orchestra_templates.errors import TemplateNotFoundError
from orchestra_templates.template import CODE, Template, read_template

GROUP = "orchestra.templates"
BUILT_IN = ("domain", "application", "infrastructure")
_HERE = Path(__file__).parent


def find_template(wanted: str, root: Path, folders: Sequence[str] = ()) -> Template:
    """Return the template of a name, or in a folder relative to ``root``.

    ``folders`` hold the project's own templates, each in a folder of its own. Raises TemplateNotFoundError
    and TemplateError.
    """
    if wanted in BUILT_IN:
        return read_template(_HERE / wanted, wanted, "orchestra")
    if (root / wanted / CODE).is_file():
        return read_template(root / wanted, Path(wanted).name, wanted)
    for folder in folders:
        if (root / folder / wanted / CODE).is_file():
            return read_template(root / folder / wanted, wanted, folder)
    for name, origin, path in _installed():
        if name == wanted:
            return read_template(path, name, origin)
    package = _folder_of(wanted)
    if package is not None and (package / CODE).is_file():
        return read_template(package, wanted, wanted)
    raise _not_found(wanted, root, folders)


def all_templates(root: Path, folders: Sequence[str] = ()) -> Iterator[tuple[str, str, Path]]:
    """Yield name, origin and folder of each template: ours, the project's, those of installed packages."""
    for name in BUILT_IN:
        yield name, "orchestra", _HERE / name
    for folder in folders:
        for file in sorted((root / folder).glob(f"*/{CODE}")):
            yield file.parent.name, folder, file.parent
    yield from _installed()


def _installed() -> Iterator[tuple[str, str, Path]]:
    from importlib.metadata import entry_points

    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        path = _folder_of(point.value)
        if path is not None:
            yield point.name, point.dist.name if point.dist else point.value, path


def _folder_of(package: str) -> Path | None:
    """Return the folder of a package. Only the top-level name is looked up, which imports nothing."""
    from importlib.util import find_spec

    top, *rest = package.split(".")
    if not all(part.isidentifier() for part in (top, *rest)):
        return None
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    for location in spec.submodule_search_locations or () if spec else ():
        folder = Path(location, *rest)
        if folder.is_dir():
            return folder
    return None


def _not_found(wanted: str, root: Path, folders: Sequence[str]) -> TemplateNotFoundError:
    known = [name for name, _, _ in all_templates(root, folders)]
    near = get_close_matches(wanted, known, n=1, cutoff=0.6)
    hint = f"Did you mean `{near[0]}`?" if near else f"`orchestra templates` lists them: {', '.join(known)}."
    return TemplateNotFoundError(
        f"there is no template `{wanted}`: no folder with {CODE}, no name that is known",
        hint=hint,
        name=wanted,
    )

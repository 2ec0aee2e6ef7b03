"""Imports of a legacy module and strings that name it, as callers by form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename

from orchestra_codemods.inventory.accessors import Access
from orchestra_codemods.inventory.model import Caller, Form
from orchestra_codemods.inventory.values import Key
from orchestra_codemods.names import Guard, Importers, ImporterSite, StringRole, StringUse

_ABSENT = "no such name in the module"


def callers_by_import(
    found: Importers, keys: Sequence[Key], accessors: Mapping[Key, Sequence[Access]]
) -> Iterator[tuple[Key, Caller]]:
    """Yield the imports that lead to a module, for each of its classes that they concern."""
    for site in found.sites:
        name = site.name or ""
        imported = site.imported
        place = imported.place
        problem = _ABSENT if site.is_missing else None
        text = f"{imported.name} as {imported.alias}" if imported.alias else imported.name
        caller = Caller(site.path, place.line, form_of_import(site), place.column, text, name, problem)
        for key in _concerned(name, keys, accessors):
            yield key, caller


def callers_by_text(
    found: Importers, keys: Sequence[Key], accessors: Mapping[Key, Sequence[Access]]
) -> Iterator[tuple[Key, Caller]]:
    """Yield the strings, settings and string annotations that name a module or its classes."""
    for used in (*found.strings, *found.indirect, *found.paths):
        form = _form_of_string(used)
        if form is None:
            continue
        place = used.string.place
        problem = _ABSENT if used.is_missing else None
        caller = Caller(used.path, place.line, form, place.column, used.string.text, used.name, problem)
        for key in _concerned(used.name, keys, accessors):
            yield key, caller
    for site in found.sites:
        for use in site.uses:
            for key in keys:
                if use.is_text and key[1] == site.name:
                    where = use.place
                    yield (
                        key,
                        Caller(
                            site.path, where.line, Form.STRING_ANNOTATION, where.column, use.dotted, key[1]
                        ),
                    )


def form_of_import(site: ImporterSite) -> Form:
    """Return the one form under which an import is counted: what is most particular about it."""
    statement = site.site
    signs = (
        (Form.IMPORT_TYPE_CHECKING, statement.guard is Guard.TYPE_CHECKING),
        (Form.IMPORT_STAR, site.imported.name == "*"),
        (Form.IMPORT_GUARDED, statement.guard in (Guard.TRY, Guard.FALLBACK)),
        (Form.IMPORT_IN_FUNCTION, statement.scope != 0),
        (Form.REEXPORT, basename(site.path) == "__init__.py"),
        (Form.IMPORT_RELATIVE, statement.level > 0),
        (Form.IMPORT_ALIASED, site.imported.alias is not None),
    )
    return next((form for form, applies in signs if applies), Form.IMPORT)


def _form_of_string(used: StringUse) -> Form | None:
    if used.string.role is StringRole.PATCH:
        return Form.PATCH_STRING
    if used.is_certain or (used.path.endswith(".py") and not used.is_missing):
        return Form.STRING_REFERENCE
    return None  # prose, or a string that only looks like a name


def _concerned(name: str, keys: Sequence[Key], accessors: Mapping[Key, Sequence[Access]]) -> Sequence[Key]:
    """Return the classes that a name of their module leads to; for other names all of them."""
    root = name.partition(".")[0]
    own = [key for key in keys if key[1] == root]
    led = [
        key
        for key in keys
        for each in accessors.get(key, ())
        if root in (each.accessor.name, each.accessor.variable)
    ]
    return own or list(dict.fromkeys(led)) or keys

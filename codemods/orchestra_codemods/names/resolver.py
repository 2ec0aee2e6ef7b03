"""Follow a name through imports, aliases, re-exports and attribute chains to where it is defined."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from dataclasses import replace

from orchestra_codemods.names.facts import Binding, BindingKind, Guard, ModuleFacts
from orchestra_codemods.names.modules import Module, ModuleIndex, absolute_name
from orchestra_codemods.names.resolution import Ambiguous, Definition, External, Resolution, Unresolved

_BUILTINS = frozenset(dir(builtins))
_MODULE_ATTRIBUTES = frozenset(
    ("__name__", "__file__", "__doc__", "__path__", "__spec__", "__package__", "__loader__", "__dict__")
)
_DEEPEST = 60


class Resolver:
    """Answers what a name means at a place of a file.

    ``facts_of`` gives the facts of a path, None for a file that does not parse. Nothing is read before it
    is needed, and what was found out about a module's attributes is remembered.
    """

    def __init__(self, index: ModuleIndex, facts_of: Callable[[str], ModuleFacts | None]) -> None:
        self.index = index
        self._facts_of = facts_of
        self._attributes: dict[tuple[str, str], Resolution] = {}
        self._pending: set[tuple[str, int, str]] = set()
        self._depth = 0

    def resolve(self, path: str, dotted: str, scope: int = 0) -> Resolution:
        """Return what a dotted name means in a scope of a file."""
        name, *rest = dotted.split(".")
        return self._along(self._lookup(path, name, scope), rest)

    def resolve_absolute(self, dotted: str, importer: str | None = None) -> Resolution:
        """Return what an absolute dotted name (`package.module.Class.method`) means."""
        parts = dotted.replace(":", ".").split(".")
        if not self.index.has_top(parts[0]) and self.index.find(parts[0], importer) is None:
            return External(dotted)
        module = self.index.find(parts[0], importer)
        assert module is not None
        return self._along(_definition(module), parts[1:], importer)

    def resolve_import(self, path: str, site: int, item: int) -> Resolution:
        """Return what one name of an import statement of a file refers to; for `*` the module."""
        facts = self._facts_of(path)
        if facts is None:
            return Unresolved("", "the file does not parse")
        statement = facts.imports[site]
        name = statement.names[item].name
        if not statement.is_from:
            return self.resolve_absolute(name, path)
        source = self.import_source(path, site)
        return source if name == "*" else self._along(source, [name])

    def import_source(self, path: str, site: int) -> Resolution:
        """Return the module that a `from` import of a file names, whatever it takes from it."""
        facts = self._facts_of(path)
        assert facts is not None
        statement = facts.imports[site]
        if statement.level == 0:
            return self.resolve_module(statement.module or "", path)
        failed: Resolution | None = None
        for module in self.index.modules(path):
            name = absolute_name(statement.module, statement.level, module.package)
            if name is None:
                failed = failed or Unresolved(
                    statement.module or ".", "the dots lead out of the top-level package"
                )
                continue
            found = self.resolve_module(name, path)
            if isinstance(found, Definition):
                return found
            failed = failed or found
        return failed or Unresolved(
            statement.module or ".", "a relative import in a file that is in no package"
        )

    def resolve_module(self, name: str, importer: str | None = None) -> Resolution:
        """Return the module of an absolute name."""
        module = self.index.find(name, importer)
        if module is not None:
            return _definition(module)
        if not self.index.has_top(name) and self.index.find(name.partition(".")[0], importer) is None:
            return External(name)
        # `import package.attribute_that_is_a_module` (as `os.path`) works only when something imported it
        return Unresolved(name, f"the project has no module {name}")

    def attribute(self, module: Module, name: str) -> Resolution:
        """Return what a module's attribute means, seen from outside."""
        if module.path is None:
            submodule = self.index.find(f"{module.name}.{name}")
            return _definition(submodule) if submodule else self._missing(module, name)
        found = self._module_level(module.path, name)
        if isinstance(found, Unresolved) and module.is_package:
            submodule = self.index.find(f"{module.name}.{name}")
            if submodule is not None:
                return _definition(submodule)
        return found

    def exported_names(self, path: str) -> frozenset[str]:
        """Return what `from module import *` binds, as far as it can be read."""
        facts = self._facts_of(path)
        if facts is None:
            return frozenset()
        if facts.exports is not None:
            return frozenset(facts.exports)
        own = {each.name for each in facts.bindings if each.scope == 0 and not each.name.startswith("_")}
        key = (path, 0, "*")
        if key in self._pending:
            return frozenset(own)
        self._pending.add(key)
        try:
            for source in self._star_sources(path):
                if isinstance(source, Definition) and source.path:
                    own |= self.exported_names(source.path)
        finally:
            self._pending.discard(key)
        return frozenset(own)

    def bindings(self, path: str, name: str, scope: int = 0) -> Sequence[Binding]:
        """Return every binding of a name in exactly this scope, in the order of the text."""
        facts = self._facts_of(path)
        return facts.bindings_of(name, scope) if facts else ()

    def class_binding(self, holder: Definition) -> Binding | None:
        """Return the binding of a class, None where the definition is no class."""
        scope, binding = 0, None
        for part in holder.name.split("."):
            found = self.bindings(holder.path, part, scope)
            binding = next((each for each in reversed(found) if each.kind is BindingKind.CLASS), None)
            if binding is None:
                return None
            scope = binding.inner
        return binding

    # inside

    def _along(self, start: Resolution, rest: Sequence[str], importer: str | None = None) -> Resolution:
        found = start
        for position, name in enumerate(rest):
            if isinstance(found, External):
                return External(".".join([found.dotted, *rest[position:]]))
            if not isinstance(found, Definition):
                return found
            found = self._step(found, name, importer)
        return found

    def _step(self, holder: Definition, name: str, importer: str | None) -> Resolution:
        if holder.name:
            return self._member(holder, name)
        module = self.index.find(holder.module, importer) or Module(holder.module, holder.path or None, False)
        found = self.attribute(module, name)
        if isinstance(found, Definition) and (holder.through or holder.is_fallible):
            is_fallible = found.is_fallible or holder.is_fallible
            return replace(found, through=holder.through + found.through, is_fallible=is_fallible)
        return found

    def _member(self, holder: Definition, name: str) -> Resolution:
        """Find an attribute of a class, in itself and then in its bases."""
        binding = self.class_binding(holder)
        if binding is None:
            return Unresolved(
                f"{holder.dotted}.{name}", f"{holder.name} is no class whose attributes are known"
            )
        if self.bindings(holder.path, name, binding.inner):
            return replace(holder, name=f"{holder.name}.{name}")
        unknown: Resolution | None = None
        for base in binding.bases:
            if self._depth > _DEEPEST:
                break
            self._depth += 1
            try:
                found = self._along(self.resolve(holder.path, base.partition("[")[0], binding.scope), [name])
            finally:
                self._depth -= 1
            if isinstance(found, Definition):
                return found
            if not isinstance(found, Unresolved):
                unknown = unknown or found
        return unknown or Unresolved(f"{holder.dotted}.{name}", f"{holder.name} defines no {name}")

    def _lookup(self, path: str, name: str, scope: int) -> Resolution:
        facts = self._facts_of(path)
        if facts is None:
            return Unresolved(name, "the file does not parse")
        number, is_innermost = scope, True
        while number:
            if facts.scopes[number].kind != "class" or is_innermost:
                found = self.bindings(path, name, number)
                if found:
                    return self._from_bindings(path, name, number, found)
            is_innermost = is_innermost and facts.scopes[number].kind == "comprehension"
            number = facts.scopes[number].parent
        found_here = self._module_level(path, name)
        if isinstance(found_here, Unresolved) and name in _BUILTINS:
            return External(f"builtins.{name}")
        return found_here

    def _module_level(self, path: str, name: str) -> Resolution:
        key = (path, name)
        if key not in self._attributes:
            found = self._module_level_anew(path, name)
            if self._pending:  # in the middle of a cycle: true here, perhaps not for another starting point
                return found
            self._attributes[key] = found
        return self._attributes[key]

    def _module_level_anew(self, path: str, name: str) -> Resolution:
        facts = self._facts_of(path)
        if facts is None:
            return Unresolved(name, f"{path} does not parse")
        bindings = self.bindings(path, name)
        if bindings:
            return self._from_bindings(path, name, 0, bindings)
        starred = self._from_stars(path, name)
        if starred is not None:
            return starred
        if name in _MODULE_ATTRIBUTES:
            return External(f"types.ModuleType.{name}")
        if facts.has_getattr:
            return Unresolved(name, f"{path} decides in its `__getattr__` what {name} is")
        return Unresolved(name, f"{path} defines no {name}")

    def _from_stars(self, path: str, name: str) -> Resolution | None:
        key = (path, 0, f"*{name}")
        if key in self._pending:
            return None
        self._pending.add(key)
        outside: list[External] = []
        failed: Resolution | None = None
        try:
            for source in reversed(self._star_sources(path)):
                if isinstance(source, External):
                    outside.append(source)
                elif self._exports(source, name):
                    found = self._along(source, [name])
                    if isinstance(found, Definition):
                        return replace(found, through=(path, *found.through))
                    failed = failed or found  # in a circle of star imports another one may know the name
        finally:
            self._pending.discard(key)
        return failed or _maybe_outside(name, outside)

    def _exports(self, source: Resolution, name: str) -> bool:
        return (
            isinstance(source, Definition) and bool(source.path) and name in self.exported_names(source.path)
        )

    def _star_sources(self, path: str) -> list[Resolution]:
        facts = self._facts_of(path)
        if facts is None:
            return []
        return [
            self.import_source(path, number)
            for number, site in enumerate(facts.imports)
            if site.scope == 0 and site.names[0].name == "*"
        ]

    def _from_bindings(self, path: str, name: str, scope: int, bindings: Sequence[Binding]) -> Resolution:
        key = (path, scope, name)
        if key in self._pending:
            return Unresolved(name, f"the imports of {name} go round in a circle")
        self._pending.add(key)
        try:
            chosen, fallbacks = _effective(bindings)
            results = [self._meaning(path, binding) for binding in chosen]
            others = [self._meaning(path, binding) for binding in fallbacks]
        finally:
            self._pending.discard(key)
        return _agreed(name, results, others)

    def _meaning(self, path: str, binding: Binding) -> Resolution:
        if binding.kind is BindingKind.IMPORT:
            found = self._imported(path, binding)
            return replace(found, through=(path, *found.through)) if isinstance(found, Definition) else found
        if binding.value is not None and binding.value.partition(".")[0] != binding.name:
            copied = self.resolve(path, binding.value, binding.scope)
            if isinstance(copied, External | Ambiguous) or (isinstance(copied, Definition) and copied.path):
                return copied
        facts = self._facts_of(path)
        assert facts is not None
        module = self.index.module(path)
        holder = facts.scopes[binding.scope].name
        return Definition(
            path, module.name if module else "", f"{holder}.{binding.name}" if holder else binding.name
        )

    def _imported(self, path: str, binding: Binding) -> Resolution:
        facts = self._facts_of(path)
        assert facts is not None
        site = facts.imports[binding.site]
        if site.is_from or site.names[binding.item].alias:
            return self.resolve_import(path, binding.site, binding.item)
        return self.resolve_module(binding.name, path)  # `import a.b` binds `a`

    def _missing(self, module: Module, name: str) -> Unresolved:
        return Unresolved(f"{module.name}.{name}", f"the project has no module {module.name}.{name}")


def _maybe_outside(name: str, sources: Sequence[External]) -> Ambiguous | None:
    if not sources or name in _BUILTINS or name in _MODULE_ATTRIBUTES:
        return None
    why = f"it may come from a star import of {', '.join(source.dotted for source in sources)}"
    return Ambiguous(name, why, tuple(External(f"{source.dotted}.{name}") for source in sources))


def _definition(module: Module) -> Definition:
    return Definition(module.path or "", module.name)


def _effective(bindings: Sequence[Binding]) -> tuple[list[Binding], list[Binding]]:
    """Split bindings of one name into those that count and those that stand in when an import fails."""
    real = [each for each in bindings if each.kind is not BindingKind.OTHER or len(bindings) == 1] or list(
        bindings
    )
    tried = [each for each in real if each.guard is Guard.TRY and each.kind is BindingKind.IMPORT]
    fallbacks = [each for each in real if each.guard is Guard.FALLBACK]
    if tried and fallbacks:
        rest = [each for each in real if each.guard not in (Guard.TRY, Guard.FALLBACK)]
        pre_set = [each for each in rest if each.place < tried[0].place]
        rest = [each for each in rest if each not in pre_set]
        return [*tried[-1:], *rest], [*fallbacks, *pre_set]
    typed = [each for each in real if each.guard is Guard.TYPE_CHECKING]
    if typed:
        return typed[-1:], []
    if tried and any(each.place < tried[0].place for each in real):
        before = [each for each in real if each.place < tried[0].place]
        return [each for each in real if each not in before], before
    if fallbacks and len(fallbacks) < len(real):
        return [each for each in real if each not in fallbacks], fallbacks
    last = next((number for number in range(len(real) - 1, -1, -1) if real[number].guard is Guard.NONE), 0)
    return real[last:], []


def _agreed(name: str, results: list[Resolution], fallbacks: list[Resolution]) -> Resolution:
    distinct = _distinct(results)
    if len(distinct) > 1:
        return Ambiguous(name, f"{name} is bound in {len(distinct)} ways", _plain(distinct))
    found = distinct[0]
    if not fallbacks or len(_distinct([found, *fallbacks])) == 1:
        return found
    if isinstance(found, Definition):
        return replace(found, is_fallible=True)
    definite = [each for each in _distinct(fallbacks) if isinstance(each, Definition) and each.path]
    if definite:
        why = f"{name} is a fallback where an import from outside the project fails"
        return Ambiguous(name, why, _plain([found, *definite]))
    return found


def _distinct(results: Sequence[Resolution]) -> list[Resolution]:
    seen: dict[object, Resolution] = {}
    for result in results:
        seen.setdefault(result.key if isinstance(result, Definition) else result, result)
    return list(seen.values())


def _plain(results: Sequence[Resolution]) -> tuple[Definition | External | Unresolved, ...]:
    flat: list[Definition | External | Unresolved] = []
    for result in results:
        flat += result.candidates if isinstance(result, Ambiguous) else (result,)
    return tuple(flat)

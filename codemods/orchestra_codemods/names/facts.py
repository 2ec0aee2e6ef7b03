"""What one file says about names, as plain values that outlive its syntax tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from orchestra_codemods.names.positions import Place


class Guard(StrEnum):
    """Under which circumstances a statement at its level runs."""

    NONE = "none"
    TRY = "try"
    """In a `try` that catches a failed import."""
    FALLBACK = "fallback"
    """In the handler of such a `try`."""
    TYPE_CHECKING = "type-checking"
    """For type checkers only."""
    CONDITION = "condition"
    """In another `if`, loop, `with` or `match`, or through `global` in a function."""


class BindingKind(StrEnum):
    """What makes a name mean something."""

    IMPORT = "import"
    CLASS = "class"
    FUNCTION = "function"
    ASSIGNMENT = "assignment"
    PARAMETER = "parameter"
    OTHER = "other"


class StringRole(StrEnum):
    """What the code around a dotted string does with it."""

    PATCH = "patch"
    """`mock.patch("…")`, `monkeypatch.setattr("…", …)`: names an attribute to replace."""
    IMPORT = "import"
    """`importlib.import_module("…")` and its kind, or a key of `sys.modules`."""
    ALL = "all"
    """An entry of `__all__`."""
    LOGGER = "logger"
    """A logger's name, which may follow a module's but refers to nothing."""
    PATH = "path"
    """A file's path, in settings."""
    VALUE = "value"
    """Anything else: perhaps loaded later, perhaps decoration."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A module, class, function, lambda or comprehension. Scope 0 is the module.

    ``name`` is qualified as by `__qualname__` but without `<locals>`; ``place`` is where the body stands.
    """

    kind: str
    name: str
    parent: int
    place: Place


@dataclass(frozen=True, slots=True)
class ImportedName:
    """One name of an import statement: `name as alias`. ``name`` is dotted in `import a.b`, or `*`."""

    name: str
    alias: str | None
    place: Place
    alias_place: Place | None

    @property
    def bound(self) -> str:
        """The name that the import binds."""
        return self.alias or self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class ImportSite:
    """An import statement; ``module`` is None for `import a.b`, ``module_place`` includes leading dots."""

    place: Place
    names: tuple[ImportedName, ...]
    scope: int
    guard: Guard
    module: str | None = None
    level: int = 0
    module_place: Place | None = None

    @property
    def is_from(self) -> bool:
        """Whether this is `from … import …`."""
        return self.module_place is not None


@dataclass(frozen=True, slots=True)
class Binding:
    """A place that binds a name in a scope.

    ``value`` is the dotted name that an assignment copies (`X = pkg.Y`), ``annotation`` the text of a
    variable's or parameter's annotation, ``bases`` the text of a class's bases. ``site`` and ``item``
    point into `ModuleFacts.imports`. ``inner`` is the scope of a class or function.
    """

    name: str
    kind: BindingKind
    scope: int
    place: Place
    guard: Guard = Guard.NONE
    value: str | None = None
    annotation: str | None = None
    bases: tuple[str, ...] = ()
    site: int = -1
    item: int = -1
    inner: int = -1


@dataclass(frozen=True, slots=True)
class Use:
    """A name or attribute chain whose first part is imported, or a class at the top of this file.

    ``place`` covers the whole chain. ``parts`` has where each part ends, so that a prefix can be replaced;
    it is empty where the chain is not written in one piece. ``is_text`` says that it stands in a string
    annotation.
    """

    dotted: str
    place: Place
    scope: int
    parts: tuple[int, ...] = ()
    is_store: bool = False
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class DottedString:
    """A string literal that looks like `package.module[.name][:name]`; ``place`` is inside the quotes."""

    text: str
    place: Place
    role: StringRole
    scope: int = 0


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """Every binding, import, use of an imported name, and dotted string of one file.

    ``exports`` is the value of `__all__` where it can be read without running it, else None;
    ``has_all`` says that there is one at all, ``has_getattr`` that the module defines `__getattr__`.
    """

    scopes: tuple[Scope, ...]
    bindings: tuple[Binding, ...]
    imports: tuple[ImportSite, ...]
    uses: tuple[Use, ...]
    strings: tuple[DottedString, ...]
    exports: tuple[str, ...] | None = None
    has_all: bool = False
    has_getattr: bool = False
    _by_name: dict[str, tuple[Binding, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def bindings_of(self, name: str, scope: int) -> tuple[Binding, ...]:
        """Return every binding of a name in exactly this scope, in the order of the text."""
        found = self.by_name.get(name, ())
        return tuple(each for each in found if each.scope == scope)

    @property
    def by_name(self) -> Mapping[str, tuple[Binding, ...]]:
        """The bindings by name: by scope as well it would be several times as large."""
        if not self._by_name:
            found: dict[str, list[Binding]] = {}
            for binding in self.bindings:
                found.setdefault(binding.name, []).append(binding)
            self._by_name.update((name, tuple(each)) for name, each in found.items())
        return self._by_name

    def scope_at(self, offset: int) -> int:
        """Return the innermost scope whose body holds a character."""
        best = 0
        for number, scope in enumerate(self.scopes):
            if scope.place.start <= offset < scope.place.end:
                best = number
        return best

"""The inventory as plain values; `orchestra scan --output-format json` prints it (spec/cli.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Layer(StrEnum):
    """The three layers of the guide."""

    DOMAIN = "domain"
    APPLICATION = "application"
    INFRASTRUCTURE = "infrastructure"


class Pattern(StrEnum):
    """The three migration patterns of the guide."""

    DOMAIN = "domain"
    INFRASTRUCTURE = "infrastructure"
    APPLICATION = "application"


class Form(StrEnum):
    """How a caller refers to an orchestrator (spec/legacy_shapes.md, Callers)."""

    IMPORT = "import"
    IMPORT_IN_FUNCTION = "import-in-function"
    IMPORT_GUARDED = "import-guarded"
    IMPORT_RELATIVE = "import-relative"
    IMPORT_ALIASED = "import-aliased"
    IMPORT_STAR = "import-star"
    IMPORT_TYPE_CHECKING = "import-type-checking"
    REEXPORT = "reexport"
    CONSTRUCTION = "construction"
    CLASS_AS_VALUE = "class-as-value"
    ANNOTATION = "annotation"
    SUBCLASS = "subclass"
    ACCESSOR_CALL = "accessor-call"
    ACCESSOR_AS_VALUE = "accessor-as-value"
    CALL_AWAITED = "call-awaited"
    CALL = "call"
    STATIC_CALL = "static-call"
    PRIVATE_CALL = "private-call"
    ATTRIBUTE_READ = "attribute-read"
    ATTRIBUTE_WRITE = "attribute-write"
    PATCH_STRING = "patch-string"
    STRING_REFERENCE = "string-reference"
    STRING_ANNOTATION = "string-annotation"


class Mention(StrEnum):
    """The one category that each textual mention of a target falls in (spec/migration.md, section 1)."""

    MIGRATED = "migrated"
    OTHER_ORIGIN = "other-origin"
    IMPORT = "import"
    STRING_REFERENCE = "string-reference"
    TEXT = "text"
    SUPPRESSED = "suppressed"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as written; ``kind`` is the name of an `inspect.Parameter` kind in lower case."""

    name: str
    kind: str = "positional_or_keyword"
    annotation: str | None = None
    default: str | None = None

    @property
    def is_required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and not self.kind.startswith("var_")


@dataclass(frozen=True, slots=True)
class Operation:
    """A public method. ``kind`` is method, static, class or property."""

    name: str
    line: int
    is_async: bool
    kind: str = "method"
    is_generator: bool = False
    parameters: tuple[Parameter, ...] = ()
    returns: str | None = None
    decorators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackgroundTask:
    """A task that outlives the call which made it."""

    method: str
    created_in: str
    line: int
    handle: str | None = None
    stop: str = "none"


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something the class needs.

    ``how`` is eager-import, eager-construction, constructor, attribute or import.
    """

    name: str
    how: str
    line: int
    module: str | None = None


@dataclass(frozen=True, slots=True)
class Accessor:
    """A way to an instance, most often the process-wide one.

    ``kind`` is get, set, reset, instance (a module variable), new-singleton (`__new__`), init-global
    (`__init__` assigns the module variable), initialize (overwrites it), cache, delegate (hands on what
    another one gave), or factory (a new one each time). ``variable`` is the module variable behind it,
    ``path`` the file it stands in.
    """

    name: str
    kind: str
    line: int
    path: str = ""
    variable: str | None = None
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """One reference to an orchestrator, its module's names or its instances.

    ``name`` is the method, attribute or imported name. ``problem`` says why the place cannot be taken as
    it looks: it is broken already, or what it means cannot be proven. ``is_registered`` says that the
    receiver of a call is proven to come from an accessor of the process-wide instance.
    """

    path: str
    line: int
    form: Form
    column: int = 0
    text: str = ""
    name: str = ""
    problem: str | None = None
    is_registered: bool = False


@dataclass(frozen=True, slots=True)
class RefusedBecause:
    """Why a candidate is not migrated, and what a person can do about it."""

    why: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class LegacyOrchestrator:
    """One class that acts as an orchestrator. Lines count from 1 and ``end_line`` is inclusive."""

    name: str
    class_name: str
    module: str
    path: str
    line: int
    end_line: int
    layer: Layer
    type: str
    pattern: Pattern
    confidence: float
    reasons: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    background_tasks: tuple[BackgroundTask, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    queues: tuple[str, ...] = ()
    interactions: tuple[str, ...] = ()
    accessors: tuple[Accessor, ...] = ()
    required_arguments: tuple[str, ...] = ()
    callers: tuple[Caller, ...] = ()
    refused: RefusedBecause | None = None


@dataclass(frozen=True, slots=True, order=True)
class MentionPlace:
    """One textual mention of a target's class name; ``why`` explains what a person has to do."""

    path: str
    line: int
    column: int
    word: str
    category: Mention
    why: str = ""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Full accounting: the counts add up to what a textual search finds."""

    total: int = 0
    by_category: Mapping[Mention, int] = field(default_factory=dict)
    places: tuple[MentionPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every candidate of a project in the order of path and line, refused ones included."""

    orchestrators: tuple[LegacyOrchestrator, ...] = ()
    mentions: Mentions = Mentions()
    problems: tuple[tuple[str, str], ...] = ()
    """Files that could not be read or parsed, each with the reason."""

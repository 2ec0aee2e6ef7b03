"""Errors that carry data, say what to do next, and survive pickling.

Every error of the product inherits :class:`OrchestraError`. Its ``code`` is what a person looks up with
``orchestra explain CODE`` and what programs compare; its text may change between versions, the code may not.
Each runtime error also inherits the built-in exception that callers of hand-written orchestrators catch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class OrchestraError(Exception):
    """A failure that the product foresaw, with a code and a remedy.

    A subclass states ``code`` (kebab case, unique in the product), formats its sentence from its own
    fields and passes it on. Fields are keyword arguments, kept in ``__dict__``, so that pickling and
    ``copy`` need nothing from the subclass. ``category`` names the :class:`~orchestra.ErrorCategory` of the
    failed result that it becomes.
    """

    code: ClassVar[str] = "orchestra-error"
    category: ClassVar[str] = "PROCESSING"

    def __init__(self, message: str, /, *, hint: str = "", **fields: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.__dict__.update(fields)

    def __str__(self) -> str:
        separator = " " if self.message.endswith(("?", ".")) else ". "
        return f"{self.message}{separator}{self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[OrchestraError], args: tuple[Any, ...], fields: dict[str, Any]) -> OrchestraError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error


class InvalidNameError(OrchestraError, ValueError):
    """A name that the facade, the command line or a metric label could not carry."""

    code = "invalid-name"
    category = "CONFIGURATION"


class InvalidLayerError(OrchestraError, ValueError):
    """A layer that is none of the three, or a type that is no enum member with a string value."""

    code = "invalid-layer"
    category = "CONFIGURATION"


class InvalidOrchestrationTypeError(OrchestraError, ValueError):
    """An orchestration type that is no enum member with a string value."""

    code = "invalid-orchestration-type"
    category = "CONFIGURATION"


class InvalidOptionError(OrchestraError, ValueError):
    """An option of a decorator or of the facade that has no meaning."""

    code = "invalid-option"
    category = "CONFIGURATION"


class InvalidTimeoutError(OrchestraError, ValueError):
    """A timeout, interval or deadline that is negative or not a number."""

    code = "invalid-timeout"
    category = "VALIDATION"


class NotAnOrchestratorError(OrchestraError, TypeError):
    """A class, or an object without the protocol's members, where an orchestrator is expected."""

    code = "not-an-orchestrator"
    category = "CONFIGURATION"


class NothingToOrchestrateError(OrchestraError, TypeError):
    """A class with neither an operation nor its own ``orchestrate``."""

    code = "nothing-to-orchestrate"
    category = "CONFIGURATION"


class NotInitializedError(OrchestraError, AttributeError):
    """An orchestrator whose constructor never called ``super().__init__(layer=…, name=…)``."""

    code = "not-initialized"
    category = "CONFIGURATION"


class OrchestratorNotFoundError(OrchestraError, ValueError, KeyError):
    """A name under which nothing is registered."""

    code = "orchestrator-not-found"
    category = "NOT_FOUND"
    name: object = None
    known: Sequence[str] = ()


class DuplicateOrchestratorError(OrchestraError, ValueError):
    """A second instance under a name that is taken."""

    code = "duplicate-orchestrator"
    category = "CONFLICT"


class OperationNotFoundError(OrchestraError, ValueError, AttributeError):
    """An operation that the orchestrator does not have, or a choice that was left out."""

    code = "operation-not-found"
    category = "VALIDATION"


class WrongParametersError(OrchestraError, TypeError):
    """Missing, unexpected or wrong-typed parameters of an operation."""

    code = "wrong-parameters"
    category = "VALIDATION"
    missing: Sequence[str] = ()
    unexpected: Sequence[str] = ()
    wrong: Sequence[str] = ()


class NotSerializableError(OrchestraError, TypeError):
    """A value that would not come back from JSON as it was, where it has to cross to another process.

    Text, finite numbers, booleans, None, lists, tuples (they come back as lists) and objects with text as
    keys can cross. For everything else pass a ``Ref("kind", id)`` and say with
    ``facade.resolve_with("kind", load)`` how it is loaded on arrival.
    """

    code = "not-serializable"
    category = "VALIDATION"
    where: str = ""


class UnknownReferenceError(OrchestraError, LookupError):
    """A ``Ref`` of a kind that nothing loads."""

    code = "unknown-reference"
    category = "CONFIGURATION"
    kind: str = ""


class InvalidContextError(OrchestraError, TypeError):
    """Something other than an :class:`~orchestra.OrchestrationContext` in its place."""

    code = "invalid-context"
    category = "VALIDATION"


class MalformedHeaderError(OrchestraError, ValueError):
    """A header from which no context can be read."""

    code = "malformed-header"
    category = "VALIDATION"
    header: str = ""


class InvalidResultError(OrchestraError, TypeError):
    """An ``orchestrate`` that returned something without ``success``."""

    code = "invalid-result"
    category = "INTERNAL"


class InvalidResultClassError(OrchestraError, TypeError):
    """A result class without ``ok`` and ``fail``."""

    code = "invalid-result-class"
    category = "CONFIGURATION"


class StepFailedError(OrchestraError, RuntimeError):
    """A failed result that was unwrapped and holds no exception of its own."""

    code = "step-failed"


class DeadlineExceededError(OrchestraError, TimeoutError):
    """A call whose deadline passed, before or while it ran."""

    code = "deadline-exceeded"
    category = "TIMEOUT"


class DepthExceededError(OrchestraError, RecursionError):
    """Calls nested deeper than the facade allows."""

    code = "depth-exceeded"
    category = "POLICY"
    chain: Sequence[str] = ()


class LayerViolationError(OrchestraError, RuntimeError):
    """A call from a layer to one that it may not use."""

    code = "layer-violation"
    category = "POLICY"


class TenantQueueFullError(OrchestraError, RuntimeError):
    """A tenant with as many waiting calls as the facade holds."""

    code = "tenant-queue-full"
    category = "RATE_LIMIT"
    tenant: str = ""


class FacadeClosedError(OrchestraError, RuntimeError):
    """A facade that is used after ``aclose``."""

    code = "facade-closed"
    category = "CONFIGURATION"


class OrchestratorFailedError(OrchestraError, RuntimeError):
    """An orchestrator whose background task gave up and says ``on_failure="fail"``."""

    code = "orchestrator-failed"
    category = "DEPENDENCY"


class SyncCallError(OrchestraError, RuntimeError):
    """A blocking call where it would block an event loop."""

    code = "sync-call-on-loop"
    category = "CONFIGURATION"


class DependencyError(OrchestraError, ImportError):
    """A lazy dependency whose module or attribute cannot be imported."""

    code = "dependency-not-importable"
    category = "CONFIGURATION"


class MissingExtraError(OrchestraError, ImportError):
    """A feature whose optional distribution is not installed."""

    code = "missing-extra"
    category = "CONFIGURATION"


class WiringError(OrchestraError, RuntimeError):
    """A composition root or factory that does not lead to a facade or an orchestrator."""

    code = "wiring"
    category = "CONFIGURATION"

"""What kind of failure a result reports, and which kind an exception is."""

from __future__ import annotations

import errno
from enum import Enum


class ErrorCategory(Enum):
    """The kind of a failure; :attr:`transient` says whether trying again may help."""

    VALIDATION = "validation"
    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    RATE_LIMIT = "rate_limit"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    NETWORK = "network"
    DEPENDENCY = "dependency"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    CONFIGURATION = "configuration"
    PROCESSING = "processing"
    INTERNAL = "internal"
    POLICY = "policy"

    @property
    def transient(self) -> bool:
        """Whether the same call may succeed later without anyone changing it."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {
        ErrorCategory.RATE_LIMIT,
        ErrorCategory.TIMEOUT,
        ErrorCategory.NETWORK,
        ErrorCategory.DEPENDENCY,
        ErrorCategory.RESOURCE_EXHAUSTED,
    }
)

_EXHAUSTED = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EDQUOT})

# Looked up along the exception's bases, nearest first, by name: clients of services that are not installed
# here (httpx, aiohttp, redis, database drivers) name their exceptions alike and seldom inherit the built-in
# ones.
_BY_CLASS_NAME = {
    "TimeoutError": ErrorCategory.TIMEOUT,
    "Timeout": ErrorCategory.TIMEOUT,
    "TimeoutException": ErrorCategory.TIMEOUT,
    "CancelledError": ErrorCategory.CANCELLED,
    "ConnectionError": ErrorCategory.NETWORK,
    "ConnectError": ErrorCategory.NETWORK,
    "NetworkError": ErrorCategory.NETWORK,
    "TransportError": ErrorCategory.NETWORK,
    "gaierror": ErrorCategory.NETWORK,
    "SSLError": ErrorCategory.NETWORK,
    "RateLimitError": ErrorCategory.RATE_LIMIT,
    "TooManyRequests": ErrorCategory.RATE_LIMIT,
    "AuthenticationError": ErrorCategory.AUTHENTICATION,
    "Unauthorized": ErrorCategory.AUTHENTICATION,
    "PermissionError": ErrorCategory.AUTHORIZATION,
    "Forbidden": ErrorCategory.AUTHORIZATION,
    "FileNotFoundError": ErrorCategory.NOT_FOUND,
    "FileExistsError": ErrorCategory.CONFLICT,
    "MemoryError": ErrorCategory.RESOURCE_EXHAUSTED,
    "ImportError": ErrorCategory.CONFIGURATION,
    "LookupError": ErrorCategory.NOT_FOUND,
    "ValueError": ErrorCategory.VALIDATION,
    "TypeError": ErrorCategory.INTERNAL,
    "AttributeError": ErrorCategory.INTERNAL,
    "NameError": ErrorCategory.INTERNAL,
    "AssertionError": ErrorCategory.INTERNAL,
    "NotImplementedError": ErrorCategory.INTERNAL,
}


def category_of(error: BaseException) -> ErrorCategory:
    """Return the category of an exception: the one that it names itself, else by its type, else PROCESSING.

    An exception names itself with an attribute ``error_category`` or ``category``: an enum member or its
    name. A group, such as a TaskGroup raises, has the category that all of its exceptions have.
    """
    for attribute in ("error_category", "category"):
        named = getattr(error, attribute, None)
        name = named.name if isinstance(named, Enum) else named
        if isinstance(name, str) and name in ErrorCategory.__members__:
            return ErrorCategory[name]
    if isinstance(error, OSError) and error.errno in _EXHAUSTED:
        return ErrorCategory.RESOURCE_EXHAUSTED
    if isinstance(error, BaseExceptionGroup):
        return _common({category_of(one) for one in error.exceptions})
    for kind in type(error).__mro__:
        category = _BY_CLASS_NAME.get(kind.__name__)
        if category is not None:
            return category
    return ErrorCategory.PROCESSING


def _common(found: set[ErrorCategory]) -> ErrorCategory:
    return found.pop() if len(found) == 1 else ErrorCategory.PROCESSING

"""Errors that carry data, say what to do next, and survive pickling.

Every error of the product inherits :class:`OrchestraError`. Its ``code`` is what a person looks up with
``orchestra explain CODE`` and what programs compare; its text may change between versions, the code may not.
"""

from __future__ import annotations

from typing import Any, ClassVar


class OrchestraError(Exception):
    """A failure that the product foresaw, with a code and a remedy.

    A subclass states ``code`` (kebab case, unique in the product), formats its sentence from its own
    fields and passes it on. Fields are keyword arguments, kept in ``__dict__``, so that pickling and
    ``copy`` need nothing from the subclass.
    """

    code: ClassVar[str] = "orchestra-error"

    def __init__(self, message: str, /, *, hint: str = "", **fields: Any) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.__dict__.update(fields)

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(kind: type[OrchestraError], args: tuple[Any, ...], fields: dict[str, Any]) -> OrchestraError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error

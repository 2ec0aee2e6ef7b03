"""Whether parameters fit their annotations: asked by every routed call, answered from memory."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestra.expected import Expected

MOST_KNOWN = 64
"""How many classes are remembered per parameter, so that classes made at run time do not pile up."""


class Fitting:
    """What fits the parameters of one operation, found out when something new is given.

    ``known`` is all that a call looks at: parameter to the classes that were seen to fit. It starts with
    every annotated parameter and no class; one that may be anything leaves it at the first look.
    """

    __slots__ = ("_attribute", "_expected", "_kind", "_signature", "known")

    def __init__(self, kind: type, attribute: str, signature: inspect.Signature) -> None:
        self._kind, self._attribute, self._signature = kind, attribute, signature
        self._expected: dict[str, Expected] | None = None
        parameters = signature.parameters.values()
        self.known: dict[str, set[type]] = {
            one.name: set() for one in parameters if one.annotation is not one.empty and _is_named(one)
        }

    def misfits(self, params: Mapping[str, Any]) -> list[str]:
        """Return the names of parameters that do not fit; remember the classes of those that do."""
        if self._expected is None:
            self._expected = self._compile()
            self.known = {name: set() for name in self._expected}
        wrong = []
        for name, expected in self._expected.items():
            if name not in params:
                continue
            kind, known = type(params[name]), self.known[name]
            if not expected.fits(params[name]):
                wrong.append(name)
            elif len(known) < MOST_KNOWN and expected.always_fits(kind):
                known.add(kind)
        return wrong

    def _compile(self) -> dict[str, Expected]:
        from orchestra.annotations import annotations_of, is_decorated
        from orchestra.expected import expected_of, with_default

        if is_decorated(self._kind, self._attribute):
            return {}
        meanings = annotations_of(self._kind, self._attribute)
        found = {name: expected_of(meanings.get(name, Any)) for name in self.known}
        return {
            name: with_default(expected, self._signature.parameters[name].default)
            for name, expected in found.items()
            if expected is not None
        }


def _is_named(parameter: inspect.Parameter) -> bool:
    return parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)

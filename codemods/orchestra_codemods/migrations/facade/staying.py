"""Uses of an orchestrator that no call of the facade can stand for, with the reason."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from orchestra_codemods.inventory.model import Caller, Form
from orchestra_codemods.names import every_node

REMEDY = "It works as it did. Await `facade.call(…)` there by hand where that is what it should do."
_FORMS = {
    Form.STATIC_CALL: "static-method: it is called on the class",
    Form.PRIVATE_CALL: "private-method: the facade calls operations only",
    Form.ATTRIBUTE_READ: "attribute: the facade calls operations only",
    Form.ATTRIBUTE_WRITE: "attribute: the facade calls operations only",
}


def why_it_stays(caller: Caller, methods: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> str | None:
    """Return why a use stays as it is, None for an awaited call."""
    if caller.form is Form.CALL_AWAITED:
        return None
    if caller.form is not Form.CALL:
        return _FORMS[caller.form]
    method = methods.get(caller.name)
    if method is None:
        return "attribute: it is no method of the class"
    if isinstance(method, ast.AsyncFunctionDef):
        if any(isinstance(node, ast.Yield) for node in every_node(method)):
            return "generator: its items are taken one by one; see `facade.stream`"
        return "not-awaited: the coroutine is handed on, or run elsewhere"
    return "synchronous-method: `await` would change what its caller is"

"""The result of an orchestrator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orchestra_cli.terminal import Style


class ResultReport:
    """What came back from `orchestra run`."""

    command = "run"

    def __init__(self, result: Mapping[str, Any]) -> None:
        self.result = result

    def data(self) -> Mapping[str, Any]:
        """Return the members as they are."""
        return self.result

    def lines(self, style: Style) -> Iterable[str]:
        """Return the outcome in a line, then the data as JSON."""
        from json import dumps

        result = self.result
        operation = f".{result['operation']}" if result["operation"] else ""
        outcome = style.green("ok") if result["success"] else style.red("failed")
        seconds = style.dim(f"{result['duration_seconds']:.3f} s")
        yield f"{outcome} {style.bold(result['name'])}{operation}  {seconds}"
        if not result["success"]:
            category = f" ({result['error_category']})" if result["error_category"] else ""
            yield f"{result['error']}{category}"
        if result["data"]:
            yield dumps(result["data"], indent=2, ensure_ascii=False)

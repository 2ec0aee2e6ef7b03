"""How the engine writes values: as JSON, never pickled."""

from __future__ import annotations

import json
from typing import Any

from dbos import Serializer

from orchestra.durable.exceptions import exception_as_json, exception_of_json, is_exception


class JsonSerializer(Serializer):
    """Writes what :mod:`orchestra.envelopes` accepts, and exceptions."""

    def name(self) -> str:
        """Return the name that stands in each row of the store."""
        return "orchestra_json_1"

    def serialize(self, data: Any) -> str:
        """Return JSON; raises where a value is none, since all values are checked before."""
        if isinstance(data, BaseException):
            data = exception_as_json(data)
        return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def deserialize(self, serialized_data: str) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Return the value or the exception."""
        data = json.loads(serialized_data)
        return exception_of_json(data) if is_exception(data) else data

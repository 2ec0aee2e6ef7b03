"""The in-process backend passes the suite that every backend must pass."""

from __future__ import annotations

from typing import Any

import pytest

from orchestra.backends import InProcess
from orchestra.testing.conformance import BackendConformance


@pytest.mark.asyncio
class TestInProcess(BackendConformance):
    async def open_backend(self, facade: Any) -> Any:
        return InProcess(facade)

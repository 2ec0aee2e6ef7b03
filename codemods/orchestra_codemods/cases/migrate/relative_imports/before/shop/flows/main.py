from .. import errors
from ..errors import ShopError
from . import tools
from .gone import missing
from .tools import (
    tool,
)


class MainOrchestrator:
    def run(self):
        return tools, tool, errors, ShopError, missing

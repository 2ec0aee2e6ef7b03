from core.orchestration.application.hub import get_hub
from core.orchestration import get_orchestration_facade
import asyncio


async def main():
    print("äö", await get_orchestration_facade().call("hub", "send", None, "ü"))

from shop.hub import get_hub
import asyncio


async def main():
    print("äö", await get_hub().send("ü"))

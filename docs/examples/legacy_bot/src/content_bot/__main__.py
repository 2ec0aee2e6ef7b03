"""``python -m content_bot``: print today's digest and the reports of the links given."""

import argparse
import asyncio

from content_bot.analysis import FallbackAnalysisOrchestrator
from content_bot.chat import Interaction
from content_bot.workflows.digest import DigestOrchestrator


async def report(urls, depth):
    orch = FallbackAnalysisOrchestrator()
    interaction = Interaction(user="console")
    for url in urls:
        await orch.execute_fallback_workflow(interaction, url, depth=depth)
    return interaction.sent


def main(argv=None):
    parser = argparse.ArgumentParser(prog="content_bot")
    parser.add_argument("urls", nargs="*")
    parser.add_argument("--depth", default="standard")
    options = parser.parse_args(argv)
    orch = DigestOrchestrator()
    for line in asyncio.run(orch.run()):
        print(line)
    for line in asyncio.run(report(options.urls, options.depth)):
        print(line)


if __name__ == "__main__":
    main()

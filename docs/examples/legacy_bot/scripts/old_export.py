"""Exports the graph of topics. Broken since the storage moved."""

from content_bot.storage.graph import TopicGraph  # orchestra: ignore[unresolved-import] kept until the archive is read
from content_bot.workflows import DigestOrchestrator


def main():
    graph = TopicGraph()
    for topic in DigestOrchestrator().topics(20):
        graph.add(topic)
    graph.save()

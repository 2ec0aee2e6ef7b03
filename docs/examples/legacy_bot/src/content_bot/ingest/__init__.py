from content_bot.ingest.fetch import fetch_document
from content_bot.ingest.links import extract_links

__all__ = ["extract_links", "fetch_document"]

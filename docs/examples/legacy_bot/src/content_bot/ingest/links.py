"""Finding and cleaning links in chat messages."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

LINK = re.compile(r"https?://[^\s<>\"')]+")
TRACKING = ("utm_", "ref", "fbclid")


def extract_links(message):
    seen = []
    for match in LINK.findall(message):
        cleaned = canonical(match.rstrip(".,;:!?"))
        if cleaned not in seen:
            seen.append(cleaned)
    return seen


def canonical(url):
    """Drop tracking parameters and the fragment, lower the host."""
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query) if not k.startswith(TRACKING)]
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", urlencode(query), ""))


def platform_of(url):
    host = urlsplit(url).netloc
    for word, platform in (("videos.", "video"), ("podcasts.", "podcast"), ("clips.", "clip")):
        if host.startswith(word):
            return platform
    return "article"

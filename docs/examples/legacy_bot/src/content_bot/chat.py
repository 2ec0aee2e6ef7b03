"""A very small chat client. The real gateway lives in another repository; this is what we code against."""

import itertools

_ids = itertools.count(1000)


class Channel:
    def __init__(self, name="general"):
        self.id = next(_ids)
        self.name = name
        self.posts = []

    async def post(self, text):
        self.posts.append(text)


class Interaction:
    """What a slash command hands to its handler."""

    def __init__(self, user="member", channel=None):
        self.id = next(_ids)
        self.user = user
        self.channel = channel or Channel()
        self.sent = []

    async def send(self, text):
        self.sent.append(text)


def split_message(text, limit=400):
    """Cut a long text at line ends, so that the chat accepts each piece."""
    pieces, current = [], ""
    for line in text.splitlines():
        while len(line) > limit:
            if current:
                pieces.append(current)
                current = ""
            pieces.append(line[:limit])
            line = line[limit:]
        if current and len(current) + len(line) + 1 > limit:
            pieces.append(current)
            current = line
        else:
            current = f"{current}\n{line}" if current else line
    if current:
        pieces.append(current)
    return pieces

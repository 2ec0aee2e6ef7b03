from dataclasses import dataclass


@dataclass
class Text:
    content: str


class MessageOrchestrator:
    def create(self, content):
        return Text(content)

"""Security: permissions, tokens and the audit trail."""

from __future__ import annotations

import hashlib
import hmac
import queue
import threading
from enum import IntEnum

from content_bot.errors import AccessDenied


class Role(IntEnum):
    GUEST = 0
    MEMBER = 1
    MODERATOR = 2
    OWNER = 3


class SecurityOrchestrator:
    """Only one per process, however often it is constructed."""

    _instance = None

    def __new__(cls, *args, **kwargs):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance._ready = False
        return cls._instance

    def __init__(self, secret: str = "not-a-secret") -> None:
        if self._ready:
            return
        self._ready = True
        self._secret = secret.encode()
        self._roles: dict[str, Role] = {}
        self._rules: dict[str, Role] = {"read": Role.GUEST, "post": Role.MEMBER, "ban": Role.MODERATOR}
        self.audit: list[tuple[str, str, bool]] = []
        self._trail: queue.Queue = queue.Queue()
        self._writer: threading.Thread | None = None

    # audit thread

    def start_audit(self) -> None:
        """The audit trail is written by a thread, the old storage was blocking."""
        if self._writer is None:
            self._writer = threading.Thread(target=self._write_trail, name="audit", daemon=True)
            self._writer.start()

    def stop_audit(self) -> None:
        if self._writer is not None:
            self._trail.put(None)
            self._writer.join()
            self._writer = None

    def _write_trail(self) -> None:
        while True:
            entry = self._trail.get()
            if entry is None:
                break
            self.audit.append(entry)

    # permissions

    def grant(self, user: str, role: Role) -> None:
        self._roles[user] = role

    def allowed(self, user: str, action: str) -> bool:
        """KeyError for an action nobody has heard of."""
        verdict = self._roles.get(user, Role.GUEST) >= self._rules[action]
        self._trail.put((user, action, verdict))
        return verdict

    async def authorize(self, user: str, action: str) -> Role:
        """Role of the user, AccessDenied when it does not suffice."""
        if not self.allowed(user, action):
            raise AccessDenied(f"{user} may not {action}")
        return self._roles.get(user, Role.GUEST)

    # tokens

    def sign(self, payload: str) -> str:
        return hmac.new(self._secret, payload.encode(), hashlib.sha256).hexdigest()[:20]

    def verify(self, payload: str, token: str) -> bool:
        return hmac.compare_digest(self.sign(payload), token)

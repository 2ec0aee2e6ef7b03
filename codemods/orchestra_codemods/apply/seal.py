"""Records sealed with a key of the user's own, so that what somebody else ships or forges is not believed.

A sealed record is one line with an HMAC-SHA256 in hexadecimal and then the payload as it is. The purpose goes
into the seal: a record for one use is not accepted for another. The journal uses this; a cache or a plan file
can use it as well.
"""

from __future__ import annotations

import hmac
import os
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orchestra_codemods.apply.errors import PrivateKeyError
from orchestra_codemods.apply.system import System
from orchestra_codemods.apply.tree import READ_FILE, Tree
from orchestra_codemods.user_folders import state_folder

KEY_NAME = "journal.key"
_KEY_SIZE = 32
_SEAL_SIZE = 64


@dataclass(frozen=True, slots=True)
class Opened:
    """The payload of a sealed record, and whether this user's key sealed it for the purpose."""

    payload: bytes
    is_authentic: bool


def sealed(payload: bytes, purpose: str, key: bytes) -> bytes:
    """Return the payload with its seal before it."""
    return _seal(payload, purpose, key).encode() + b"\n" + payload


def opened(data: bytes, purpose: str, key: bytes | None) -> Opened:
    """Take the seal off and check it; without a key nothing is authentic."""
    seal, payload = data[:_SEAL_SIZE], data[_SEAL_SIZE + 1 :]
    expected = _seal(payload, purpose, key).encode() if key else b""
    return Opened(payload, bool(key) and hmac.compare_digest(seal, expected))


def state_directory() -> Path:
    """Return the user's directory for state that outlives a run, which may not exist yet."""
    return Path(state_folder())


def existing_key() -> bytes | None:
    """Return the user's key, or None where no journal was ever written.

    Raises PrivateKeyError where others can read it.
    """
    path = state_directory() / KEY_NAME
    try:
        descriptor = os.open(path, READ_FILE)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PrivateKeyError.at(path, error.strerror or str(error)) from error
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
            raise PrivateKeyError.at(path, "others than you can read or change it")
        key = file.read(_KEY_SIZE + 1)
    if len(key) != _KEY_SIZE:
        raise PrivateKeyError.at(path, f"it has not {_KEY_SIZE} bytes")
    return key


def obtain_key(system: System) -> bytes:
    """Return the user's key, made where there is none. OSError is passed on."""
    if key := existing_key():
        return key
    with Tree.above(state_directory()) as (tree, folder):
        tree.make_directories(folder, system, 0o700)
        with tree.directory(folder) as directory:
            _make_key(directory, system)
    key = existing_key()
    if key is None:
        raise PrivateKeyError.at(state_directory() / KEY_NAME, "it vanished")
    return key


def _make_key(directory: int, system: System) -> None:
    name = f"{KEY_NAME}.{secrets.token_hex(8)}"
    descriptor = system.create(name, directory)
    try:
        system.write(descriptor, secrets.token_bytes(_KEY_SIZE))
        system.sync(descriptor)
    finally:
        os.close(descriptor)
    # Another process may have made the key in the meantime: the first one counts.
    with suppress(FileExistsError):
        system.link(name, KEY_NAME, directory)
    system.unlink(name, directory)
    system.sync(directory)


def _seal(payload: bytes, purpose: str, key: bytes) -> str:
    return hmac.new(key, purpose.encode() + b"\0" + payload, "sha256").hexdigest()

"""A file as it was read: text for people and parsers, digest and encoding to write it back byte for byte."""

from __future__ import annotations

import hashlib
import io
import tokenize
from dataclasses import dataclass, replace

from orchestra.errors import OrchestraError

PYTHON_SUFFIXES = (".py", ".pyi")
_NEWLINES = ("\r\n", "\n", "\r")


class SourceError(OrchestraError):
    """A file cannot be read as text, or its text cannot be written back in its encoding."""

    code = "unreadable-source"
    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file.

    ``path`` is relative to the project's root, with forward slashes. ``text`` keeps the line endings of
    the file and has no byte order mark; ``encoding`` is ``utf-8-sig`` where there was one. ``digest`` is
    the SHA-256 of the bytes, in hexadecimal. ``newline`` is the ending that new lines should have.
    """

    path: str
    text: str
    digest: str
    encoding: str = "utf-8"
    newline: str = "\n"

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode ``data`` as Python does (PEP 263), other files as UTF-8.

        Raises SourceError where the text could not be written back to the same bytes.
        """
        encoding = _encoding_of(path, data)
        try:
            text = data.decode(encoding)
            is_faithful = text.encode(encoding) == data
        except (UnicodeError, LookupError) as error:
            raise _unreadable(path, f"it is not valid {encoding} ({error})") from None
        if not is_faithful:
            raise _unreadable(path, f"its bytes do not survive decoding as {encoding}")
        return cls(path, text, digest_of(data), encoding, _usual_newline(text))

    @classmethod
    def new(cls, path: str, text: str, *, newline: str = "\n") -> Source:
        """Make the source of a file that does not exist yet, in UTF-8; ``text`` has ``\\n`` endings."""
        text = text.replace("\n", newline) if newline != "\n" else text
        return cls(path, text, digest_of(text.encode()), "utf-8", newline)

    @property
    def data(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode(self.encoding)

    @property
    def is_python(self) -> bool:
        """Whether the name says that this is Python."""
        return self.path.endswith(PYTHON_SUFFIXES)

    def with_text(self, text: str) -> Source:
        """Return this file with another text in the same encoding.

        Raises SourceError where the encoding cannot express the text.
        """
        try:
            data = text.encode(self.encoding)
        except UnicodeError as error:
            raise _unreadable(
                self.path, f"the new text cannot be written as {self.encoding} ({error})"
            ) from None
        return replace(self, text=text, digest=digest_of(data))

    def moved_to(self, path: str) -> Source:
        """Return the same content under another path."""
        return replace(self, path=path)


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _encoding_of(path: str, data: bytes) -> str:
    if not path.endswith(PYTHON_SUFFIXES):
        return "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise _unreadable(path, str(error)) from None


def _usual_newline(text: str) -> str:
    crlf = text.count("\r\n")
    counts = {"\r\n": crlf, "\n": text.count("\n") - crlf, "\r": text.count("\r") - crlf}
    return max(_NEWLINES, key=lambda ending: (counts[ending], ending == "\n"))


def _unreadable(path: str, why: str) -> SourceError:
    return SourceError(
        f"{path} cannot be read: {why}",
        hint="Correct its encoding declaration, or leave the file out with `exclude`.",
        path=path,
    )

"""Where output goes, whether it may have colour, and what happens when nobody reads it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # importing typing would cost as much as the interpreter's start
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO


ESC = "\x1b"
ESCAPED = "\\x1b"


class Style:
    """Colours and weights for one stream, or none of them."""

    __slots__ = ("is_coloured",)

    def __init__(self, *, is_coloured: bool = False) -> None:
        self.is_coloured = is_coloured

    def bold(self, text: str) -> str:
        """Emphasised."""
        return self._in("1", text)

    def dim(self, text: str) -> str:
        """In the background."""
        return self._in("2", text)

    def red(self, text: str) -> str:
        """For errors and removed lines."""
        return self._in("31", text)

    def green(self, text: str) -> str:
        """For what is well and added lines."""
        return self._in("32", text)

    def yellow(self, text: str) -> str:
        """For refusals and warnings."""
        return self._in("33", text)

    def cyan(self, text: str) -> str:
        """For names."""
        return self._in("36", text)

    def _in(self, number: str, text: str) -> str:
        return f"\x1b[{number}m{text}\x1b[0m" if self.is_coloured else text


def style_of(stream: TextIO | None, environment: Mapping[str, str] | None = None) -> Style:
    """Return the style that a stream may have.

    `NO_COLOR` (not empty) forbids colour and wins over `FORCE_COLOR`, which asks for it anywhere
    (https://no-color.org, https://force-color.org); otherwise a terminal that is not `dumb` has it.
    """
    environment = os.environ if environment is None else environment
    if environment.get("NO_COLOR"):
        return Style()
    if environment.get("FORCE_COLOR"):
        return Style(is_coloured=True)
    return Style(is_coloured=is_terminal(stream) and environment.get("TERM") != "dumb")


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person looks at the stream; None is one that was closed before we began (`>&-`)."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def width() -> int:
    """Return how wide help may be: the terminal's columns, at least 40 and at most 100."""
    columns = os.environ.get("COLUMNS", "")
    wide = int(columns) if columns.isdigit() else 0
    if not wide and sys.__stdout__ is not None:
        try:
            wide = os.get_terminal_size(sys.__stdout__.fileno()).columns
        except (OSError, ValueError):
            wide = 0
    return max(40, min(wide or 100, 100))


def write_out(text: str) -> bool:
    """Write to stdout and return whether it is still read; quiet where it is not, as with `… | head`.

    Raises OutputNotWritableError where it cannot be written for another reason, such as a full disk.
    """
    try:
        return _write(lambda: sys.stdout, text)
    except OSError as error:
        from orchestra_cli.errors import OutputNotWritableError

        _discard(sys.stdout)
        raise OutputNotWritableError.of(error) from None


def write_error(text: str) -> None:
    """Write to stderr; quiet where the reader has gone away."""
    _write(lambda: sys.stderr, text)


def shown(text: str) -> str:
    """Return text as a terminal may have it: what would move, erase or reorder is written out, as `\\x1b`.

    Names of files and orchestrators are other people's, and a terminal does what they say. The colours of a
    `Style`, line breaks and tabs stay. Only terminals get this: a difference in a file has to apply.
    """
    first, *rest = text.translate(_WRITTEN_OUT).split(ESC)
    return first + "".join(f"{ESC if part.startswith(_COLOURS) else ESCAPED}{part}" for part in rest)


def _write(stream_of: Callable[[], TextIO | None], text: str) -> bool:
    stream = stream_of()
    if stream is None:
        return True
    if is_terminal(stream):
        text = shown(text)
    try:
        stream.write(text)
        stream.flush()
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _discard(stream)
        return False
    return True


def _discard(stream: TextIO) -> None:
    # Whatever is still in the buffer would fail again when the interpreter ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


_COLOURS = tuple(f"[{number}m" for number in (0, 1, 2, 31, 32, 33, 36))
_DIRECTIONS = (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_WRITTEN_OUT = {
    number: f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
    for number in (*range(0x20), *range(0x7F, 0xA0), *_DIRECTIONS)
    if chr(number) not in f"\n\t{ESC}"
}

"""A change of twenty-odd files with every awkward kind among them, and short ways to make plans."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from orchestra_codemods.change import Change, Plan
from orchestra_codemods.source import Source

_MANY_LINES = "".join(f"LINE_{number} = {number}\n" for number in range(900))

_LONG_AGO = 1_000_000_000
_FAR_AHEAD = 4_000_000_000


def read(root: Path, path: str) -> Source:
    """Return a file of the tree as the scanner would."""
    return Source.from_bytes(path, (root / path).read_bytes())


def edit(root: Path, path: str, text: str) -> Change:
    """Return the change that gives a file another text."""
    before = read(root, path)
    return Change(before, before.with_text(text), "edited")


def create(path: str, text: str) -> Change:
    """Return the change that makes a file."""
    return Change(None, Source.new(path, text), "created")


def delete(root: Path, path: str) -> Change:
    """Return the change that removes a file."""
    return Change(read(root, path), None, "deleted")


def rename(root: Path, path: str, target: str, text: str | None = None) -> Change:
    """Return the change that gives a file another name, and perhaps another text."""
    before = read(root, path)
    after = before if text is None else before.with_text(text)
    return Change(before, after.moved_to(target), "renamed")


def plan(*changes: Change) -> Plan:
    """Return a plan of these changes."""
    return Plan(changes)


def write_twenty_files(root: Path) -> None:
    """Fill an empty project; what is there already, git's directory apart, goes."""
    root.mkdir(parents=True, exist_ok=True)
    for entry in root.iterdir():
        if entry.name != ".git":
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    for folder in ("pkg/deep", "real", "other", ".git"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / ".git" / "HEAD").write_bytes(b"ref: refs/heads/main\n")
    contents = {
        "plain.py": b"x = 1\n",
        "same_size.py": b"x = 1\n",
        "script.py": b"#!/usr/bin/env python\nprint('old')\n",
        "private.py": b"SECRET = 'old'\n",
        "bom.py": b"\xef\xbb\xbfx = 1\n",
        "crlf.py": b"x = 1\r\ny = 2\r\n",
        "latin.py": b"# -*- coding: latin-1 -*-\nname = '\xe9t\xe9'\n",
        "no_newline.py": b"x = 1",
        "empty.py": b"",
        "pkg/deep/gone.py": b"gone = 1\n",
        "pkg/gone.bin.py": b"gone = 2\n",
        "pkg/mover.py": b"def moved():\n    return 1\n",
        "pkg/renamed.py": b"def renamed():\n    return 1\n",
        "real/target.py": b"through = 'a link'\n",
        "real/inside.py": b"through = 'a linked directory'\n",
        "other/shrinks.py": _MANY_LINES.encode(),
        "other/grows.py": b"small = 1\n",
        "other/bystander.py": b"nobody = 'touches this'\n",
    }
    for path, content in contents.items():
        (root / path).write_bytes(content)
        os.utime(root / path, (_LONG_AGO, _LONG_AGO))
    # Newer than its replacement will be, so that this must be dated later, whatever the clock says.
    os.utime(root / "same_size.py", (_FAR_AHEAD, _FAR_AHEAD))
    (root / "script.py").chmod(0o755)
    (root / "private.py").chmod(0o600)
    (root / "pkg/mover.py").chmod(0o750)
    (root / "link.py").symlink_to("real/target.py")
    (root / "linked").symlink_to("real")
    os.link(root / "other/shrinks.py", root / "pkg/shrinks_too.py")
    os.link(root / "other/grows.py", root / "pkg/grows_too.py")


def twenty_file_plan(root: Path) -> Plan:
    """Return the change of the tree that `write_twenty_files` makes."""
    return plan(
        edit(root, "plain.py", "x = 2\ny = 3\n"),
        edit(root, "same_size.py", "x = 2\n"),
        edit(root, "script.py", "#!/usr/bin/env python\nprint('new')\n"),
        edit(root, "private.py", "SECRET = 'newer'\n"),
        edit(root, "bom.py", "x = 2\n"),
        edit(root, "crlf.py", "x = 2\r\ny = 2\r\nz = 3\r\n"),
        edit(root, "latin.py", "# -*- coding: latin-1 -*-\nname = 'où'\n"),
        edit(root, "no_newline.py", "x = 2"),
        edit(root, "empty.py", "x = 'no longer empty'\n"),
        edit(root, "link.py", "through = 'a link, changed'\n"),
        edit(root, "linked/inside.py", "through = 'a linked directory, changed'\n"),
        edit(root, "other/shrinks.py", _MANY_LINES[:5000].upper() + "end = 1\n"),
        edit(root, "other/grows.py", _MANY_LINES[::-1][:6000]),
        delete(root, "pkg/deep/gone.py"),
        delete(root, "pkg/gone.bin.py"),
        rename(root, "pkg/mover.py", "new/home/mover.py"),
        rename(root, "pkg/renamed.py", "pkg/renamed.py.DEPRECATED", "# old\ndef renamed():\n    return 1\n"),
        create("pkg/mover.py", "from new.home.mover import moved\n"),
        create("new/__init__.py", ""),
        create("new/home/__init__.py", "# home\n"),
        create("other/fresh.txt", "fresh, with an é\n"),
        create("top.py", "top = 1\n"),
    )

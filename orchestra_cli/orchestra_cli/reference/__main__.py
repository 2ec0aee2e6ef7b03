"""`python -m orchestra_cli.reference FOLDER`: write the reference pages, and pages.json beside the code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import orchestra_cli
from orchestra_cli.reference.pages import all_pages

PAGES = Path(orchestra_cli.__file__).with_name("pages.json")


def main(arguments: list[str]) -> int:
    """Write everything; the folder is made where it does not exist."""
    from orchestra_cli.reference.documents import all_documents

    pages = all_pages()
    PAGES.write_text(json.dumps(pages, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in all_documents(pages).items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

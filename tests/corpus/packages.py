"""The pinned packages of packages.txt, downloaded and unpacked once."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "corpus"


def fetch(cache: Path = CACHE) -> Path:
    """Return the folder that holds each package in a folder of its own; what is there already stays."""
    wheels, unpacked = cache / "wheels", cache / "unpacked"
    wheels.mkdir(parents=True, exist_ok=True)
    unpacked.mkdir(parents=True, exist_ok=True)
    for pinned in (HERE / "packages.txt").read_text().split():
        name = pinned.replace("==", "-")
        if (unpacked / name).is_dir():
            continue
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        target = wheels / name
        subprocess.run([*command, "--dest", str(target), pinned], check=True)
        with zipfile.ZipFile(next(target.glob("*.whl"))) as wheel:
            wheel.extractall(unpacked / name)  # the wheel is pinned, and zipfile keeps members inside
    return unpacked


def unpacked(arguments: list[str]) -> list[Path]:
    """Return the packages in the folder that was named, or the pinned ones.

    Raises SystemExit where the folder holds none.
    """
    folder = Path(arguments[0]) if arguments else fetch()
    packages = sorted(each for each in folder.iterdir() if each.is_dir())
    if not packages:
        raise SystemExit(f"{folder} holds no unpacked package")
    return packages

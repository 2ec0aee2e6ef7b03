"""The pinned packages of packages.txt, downloaded and unpacked once; some with what they depend on."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from venv import create

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache" / "corpus"
DEPENDENCIES = HERE / "dependencies"


def fetch(cache: Path = CACHE) -> Path:
    """Return the folder that holds each package in a folder of its own; what is there already stays."""
    wheels, unpacked = cache / "wheels", cache / "unpacked"
    wheels.mkdir(parents=True, exist_ok=True)
    unpacked.mkdir(parents=True, exist_ok=True)
    for pinned in (HERE / "packages.txt").read_text().split():
        name = pinned.replace("==", "-")
        if (unpacked / name).is_dir():
            continue
        with zipfile.ZipFile(_download(pinned, wheels / name, "--only-binary", ":all:")) as wheel:
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


def interpreter(package: Path, cache: Path = CACHE) -> Path | None:
    """Return a Python that has what a package depends on, pinned, and the framework, or None.

    The package itself is not installed: it would hide the copy that is migrated.
    """
    pinned = DEPENDENCIES / f"{package.name}.txt"
    if not pinned.exists():
        return None
    environment = cache / "environments" / package.name
    python = environment / "bin" / "python"
    if not (environment / "complete").exists():
        create(environment, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*install, "--requirement", str(pinned), "--editable", str(ROOT)], check=True)
        (environment / "complete").touch()
    return python


def own_tests(package: Path, cache: Path = CACHE) -> tuple[Path, list[str]] | None:
    """Return the folder of a package's own tests, and which of them are run; None where there are none.

    They come from the source distribution; own_tests.txt names the packages and their files.
    """
    lines = [line.split() for line in (HERE / "own_tests.txt").read_text().splitlines()]
    chosen = {name.replace("==", "-"): (name, files) for name, *files in lines}
    if package.name not in chosen:
        return None
    pinned, files = chosen[package.name]
    target = cache / "sdists" / package.name
    if not (target / "unpacked").is_dir():
        sdist = _download(pinned, target, "--no-binary", pinned.partition("==")[0])
        with tarfile.open(sdist) as archive:
            archive.extractall(target / "unpacked", filter="data")
    return next((target / "unpacked").iterdir()) / "tests", files


def _download(pinned: str, target: Path, *what: str) -> Path:
    if not list(target.glob("*.*")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *what]
        subprocess.run([*command, "--dest", str(target), pinned], check=True)
    return next(each for each in target.iterdir() if each.is_file())

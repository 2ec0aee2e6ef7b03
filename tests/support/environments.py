"""Virtual environments that tests install the wheel into."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("orchestra", "orchestra_codemods", "orchestra_templates", "orchestra_cli")


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment and a folder that has nothing to do with the product."""

    python: Path
    elsewhere: Path

    @classmethod
    def with_wheel(cls, wheel: Path, folder: Path, elsewhere: Path) -> Environment:
        """Make an environment in ``folder`` that holds the wheel and nothing else."""
        quietly([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        python = folder / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python)]
        quietly([*pip, "install", "--no-deps", "--no-index", str(wheel)])
        return cls(python, elsewhere)

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the environment's interpreter, cut off from this process's settings and path."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=cwd or self.elsewhere,
            env={
                name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))
            },
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def lend(self, folder: str) -> None:
        """Add ``folder`` behind the environment's own packages, with a path file."""
        found = self.run("-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])")
        Path(found.stdout.strip(), "lent.pth").write_text(folder + "\n")


def quietly(arguments: Sequence[str]) -> None:
    """Run a command that must succeed; its output is shown only when it does not."""
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr

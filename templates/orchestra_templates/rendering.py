"""What `orchestra init` writes, made of real modules by renaming what they import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

_HERE = Path(__file__).parent
_OURS = "from orchestra import StepResult"


def render_project(step_result: str | None) -> Mapping[str, str]:
    """Return the files of the orchestrator package, by their path inside it.

    ``step_result`` is the module of the project's own result class; None means that of the framework.
    """
    root = _HERE / "project"
    files = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in _modules(root)}
    if step_result is not None:
        files["results.py"] = files["results.py"].replace(_OURS, f"from {step_result} import StepResult")
    return files


def render_result_module() -> str:
    """Return the module that `--step-result` asks for where it does not exist."""
    return (_HERE / "result_module.py").read_text("utf-8")


def _modules(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")))

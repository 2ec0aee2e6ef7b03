"""What a shell offers next, from pages.json and the cache of `orchestra list`: no Typer, no settings."""

from __future__ import annotations

from typing import Any

Pages = dict[str, Any]

_WHERE_NAMES_GO = {"run": "orchestrators", "explain": "codes"}


def complete(shell: str, words: list[str]) -> str:
    """Return the candidates for the last word, one a line, as the script of a shell expects them.

    No candidates means: file names.
    """
    from orchestra_cli.fast_help import pages

    found = pages()
    before, current = words[:-1], words[-1] if words else ""
    offered = _offered(found, before, current)
    # A name that a shell could not type, or that would break its line, is nothing to offer.
    matching = [(value, text) for value, text in offered if value.startswith(current) and value.isprintable()]
    return "".join(f"{_line(shell, value, text)}\n" for value, text in matching)


def _offered(found: Pages, before: list[str], current: str) -> list[tuple[str, str]]:
    name, rest = _command(found["commands"], before)
    page = found["commands"].get(name)
    options = page["options"] if page is not None else _global_options()
    value = options.get(rest[-1] if rest else "", {}).get("value")
    if name == "run" and rest[-1:] == ["--operation"]:
        return _operations(rest)
    if value is not None:
        return [(choice, "") for choice in value] if isinstance(value, list) else []
    if current.startswith("-"):
        return [(option, about["help"]) for option, about in options.items() if option.startswith("--")]
    if page is None or page["commands"]:
        return _commands(found["commands"], name)
    if not [word for word in rest if not word.startswith("-")]:
        return _names(found, _WHERE_NAMES_GO.get(name))
    return []


def _command(commands: Pages, words: list[str]) -> tuple[str, list[str]]:
    """Return the command that the words name so far, and the words behind it.

    Before there is a command only the last word counts: it may be an option that wants a value.
    """
    name = ""
    rest: list[str] = []
    for word in words:
        longer = f"{name} {word}".strip()
        if longer in commands and not (name and rest):
            name, rest = longer, []
        else:
            rest = [*rest, word] if name else [word]
    return name, rest


def _commands(commands: Pages, above: str) -> list[tuple[str, str]]:
    depth = len(above.split()) + 1
    below = [name for name in commands if name.startswith(above) and len(name.split()) == depth]
    return [(name.split()[-1], commands[name]["text"].partition("\n")[0]) for name in below]


def _global_options() -> Pages:
    from orchestra_cli.table import GLOBAL_OPTIONS

    return {
        name.split()[0]: {"help": text, "value": "DIR" if name.endswith(" DIR") else None}
        for names, text in GLOBAL_OPTIONS
        for name in names.split(", ")
    }


def _names(found: Pages, kind: str | None) -> list[tuple[str, str]]:
    if kind == "codes":
        return [(code, "") for code in found["codes"]]
    if kind == "orchestrators":
        return [(row["name"], ", ".join(row["operations"])) for row in _registered()]
    return []


def _operations(rest: list[str]) -> list[tuple[str, str]]:
    """Return the operations of the orchestrator that the words name."""
    return [(one, "") for row in _registered() if row["name"] in rest for one in row["operations"]]


def _registered() -> list[Any]:
    """Return the rows of the last `orchestra list`, while they are still true."""
    from orchestra_cli import cache
    from orchestra_cli.fast_list import nearest_settings

    root = nearest_settings()
    return (cache.read("list", root) if root is not None else None) or []


def _line(shell: str, value: str, text: str) -> str:
    if shell == "zsh":
        return value.replace(":", "\\:") + (f":{text}" if text else "")
    return f"{value}\t{text}" if shell == "fish" and text else value


def script(shell: str) -> str:
    """Return the completion script of a shell."""
    return _SCRIPTS[shell]


_SCRIPTS = {
    "bash": """\
_orchestra() {
    local IFS=$'\\n'
    COMPREPLY=($(_ORCHESTRA_COMPLETE=bash orchestra "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _orchestra orchestra
""",
    "zsh": """\
#compdef orchestra
_orchestra() {
    local -a candidates
    candidates=("${(@f)$(_ORCHESTRA_COMPLETE=zsh orchestra "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n "${candidates[1]}" ]]; then _describe 'orchestra' candidates; else _files; fi
}
compdef _orchestra orchestra
""",
    "fish": """\
function __orchestra_candidates
    set -l words (commandline -opc)
    env _ORCHESTRA_COMPLETE=fish orchestra $words[2..] (commandline -ct) 2>/dev/null
end
complete -c orchestra -a '(__orchestra_candidates)'
""",
}

"""Every command with its one-line summary, so that `--help` and completion need not import them.

A test holds this table against the docstrings in `commands/`; `python -m orchestra_cli.reference` writes the
completions beside it.
"""

from __future__ import annotations

DESCRIPTION = "Migrate legacy orchestrators to one framework, step by step, and run what comes out."

SECTIONS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Start here",
        (
            ("demo", "Show the whole way on a bundled legacy application."),
            ("init", "Write the settings and the package with its three layers."),
            ("new", "Write a new orchestrator with its test, and register it."),
            ("templates", "List the templates, or say what is wrong with one."),
        ),
    ),
    (
        "Migrate",
        (
            ("scan", "Find the legacy orchestrators, their callers, and what would be refused."),
            ("migrate", "Migrate orchestrators and their callers."),
            ("status", "Say how far the migration is."),
            ("history", "List the changes that can be taken back."),
            ("undo", "Take back a change, byte for byte."),
            ("resume", "Finish a change that was interrupted."),
            ("deprecate", "Mark modules as deprecated, find their users, and remove what nobody uses."),
        ),
    ),
    (
        "Check",
        (
            ("lint", "Check a project by the lint rules."),
            ("doctor", "Find what is wrong with the installation, the configuration and the project."),
        ),
    ),
    (
        "Run",
        (
            ("list", "List the registered orchestrators."),
            ("graph", "Draw the orchestrators by layer and who calls whom."),
            ("run", "Run an orchestrator with its whole lifecycle."),
            (
                "verify",
                "Take orchestrators through import, instantiation, registration, execution and cleanup.",
            ),
            ("runs", "List, show, cancel, resume and prune durable runs."),
            ("worker", "Run the durable operations that wait in the store."),
        ),
    ),
    (
        "Look up",
        (
            ("config", "Show the settings and where each came from."),
            ("explain", "Say what an error or a rule means and what to do."),
            ("completion", "Print the completion script for a shell."),
        ),
    ),
)

SUMMARIES: dict[str, str] = {name: summary for _, rows in SECTIONS for name, summary in rows}

GLOBAL_OPTIONS: tuple[tuple[str, str], ...] = (
    ("--root DIR", "The project's root; otherwise found upwards from here."),
    ("-q, --quiet", "Print the result and errors only."),
    ("-v, --verbose", "Say more on stderr."),
    ("--debug", "Show the traceback of an error."),
    ("--version", "Print the version."),
    ("-h, --help", "Show this help."),
)

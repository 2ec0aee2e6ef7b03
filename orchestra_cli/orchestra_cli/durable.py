"""`orchestra worker` and `orchestra runs`: what the project's interpreter is asked about its store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestra_cli.errors import InvalidValueError, RunNotServedError
from orchestra_cli.reports.durable import EnqueuedReport, PrunedReport, RunReport, RunsReport
from orchestra_cli.session import Session
from orchestra_cli.suggest import listed

MOST_DAYS = 10_000
"""The longest time ago that a store is asked for."""

TOO_LATE = 1
"""The exit code of a cancellation that came too late."""


def serve(session: Session, store: str | None, concurrency: int, lease: float, polling: float) -> int:
    """Be a worker until stopped. Raises what `ask` raises."""
    from orchestra_cli.user_code import ask

    for name, value in (("concurrency", concurrency), ("lease", lease), ("polling", polling)):
        if value <= 0:
            raise InvalidValueError(f"--{name} cannot be `{value:g}`", hint="Give more than zero.")
    root, config = session.configured(**_given(store))

    def say(item: Mapping[str, Any]) -> None:
        session.narrate(f"worker {item['worker']} serves {', '.join(item['serves'])}; Ctrl-C stops it")
        for queue, count in item["waiting"].items():
            session.warn(
                f"{count} run{'s' if count > 1 else ''} of {queue} wait{'' if count > 1 else 's'}: no worker "
                "has it, nor does this one (`orchestra runs ls --state queued`)"
            )

    request = {"concurrency": concurrency, "lease": lease, "polling": polling}
    answer = ask(root, config, {"verb": "worker", "store": config.store, **request}, None, say)
    session.narrate(f"worker {answer['stopped']} has handed over and stopped")
    return 0


def show_enqueued(
    session: Session, run: Mapping[str, Any], workers: Sequence[Mapping[str, Any]], output_format: str
) -> int:
    """Print a run that was enqueued, and say where nobody serves it.

    Raises RunNotServedError when there are workers and none of them does: the run waits all the same.
    """
    session.show(EnqueuedReport(run), output_format)
    if run["state"] == "queued" and not run["served"] and workers:
        wanted = f"{run['orchestrator']}@{run['version']}"
        served = sorted({queue for worker in workers for queue in worker["serves"]})
        raise RunNotServedError(
            f"run {run['id']} waits, but of {len(workers)} workers none serves {wanted}: they serve "
            f"{listed(served)}",
            hint="Start `orchestra worker` in a project that has it, or `orchestra runs cancel` the run.",
            run=run["id"],
        )
    _warn_unserved(session, run)
    return 0


def check_timeout(timeout: float | None) -> None:
    """Raise InvalidValueError for a timeout that is no time."""
    if timeout is not None and not 0 < timeout < float("inf"):
        raise InvalidValueError(
            f"--timeout cannot be `{timeout:g}`: it should be more than zero", hint="Give seconds."
        )


def show_runs(session: Session, store: str | None, output_format: str, **filters: Any) -> int:
    """Print the runs of a store."""
    answer = _asked(session, store, {"what": "ls", **filters})
    session.show(RunsReport(answer["runs"], answer["workers"]), output_format)
    return 0


def show_run(session: Session, store: str | None, run: str, output_format: str) -> int:
    """Print a run with its steps."""
    answer = _asked(session, store, {"what": "show", "run": run})
    _warn_unserved(session, answer["run"])
    session.show(RunReport(answer["run"], "runs-show"), output_format)
    return 0


def cancel(session: Session, store: str | None, run: str, output_format: str) -> int:
    """Cancel a run and print it; exit 1 when it came too late."""
    answer = _asked(session, store, {"what": "cancel", "run": run})
    is_late = answer["run"]["state"] in ("succeeded", "failed")
    if is_late:
        session.warn(f"the cancellation came too late: the run had {answer['run']['state']}")
    session.show(RunReport(answer["run"], "runs-cancel"), output_format)
    return TOO_LATE if is_late else 0


def resume(
    session: Session,
    store: str | None,
    run: str,
    output_format: str,
    *,
    on_version: str | None,
    timeout: float | None,
) -> int:
    """Put a run back into the queue and print it."""
    check_timeout(timeout)
    request = {"what": "resume", "run": run, "on_version": on_version, "seconds": timeout}
    answer = _asked(session, store, request)
    _warn_unserved(session, answer["run"])
    session.show(RunReport(answer["run"], "runs-resume"), output_format)
    return 0


def prune(session: Session, store: str | None, days: float, output_format: str, *, what: str) -> int:
    """Delete runs that ended so many days ago, or with "prunable" only name them."""
    if not 0 <= days < MOST_DAYS:
        raise InvalidValueError(
            f"--older-than cannot be `{days:g}`", hint=f"Give days, from 0 to {MOST_DAYS}; 0.5 is half a day."
        )
    answer = _asked(session, store, {"what": what, "days": days})
    session.show(PrunedReport(answer["runs"], is_done=what == "prune"), output_format)
    return 0


def _asked(session: Session, store: str | None, request: Mapping[str, Any]) -> Mapping[str, Any]:
    from orchestra_cli.user_code import ask

    root, config = session.configured(**_given(store))
    return ask(root, config, {"verb": "runs", "store": config.store, **request})


def _given(store: str | None) -> dict[str, str]:
    return {} if store is None else {"store": store}


def _warn_unserved(session: Session, run: Mapping[str, Any]) -> None:
    if run["state"] == "queued" and not run["served"]:
        session.warn(
            f"no worker serves {run['orchestrator']}@{run['version']} now; the run waits for one "
            "(`orchestra worker`)"
        )

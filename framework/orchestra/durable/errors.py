"""What can go wrong with durable runs and their store."""

from __future__ import annotations

from orchestra.errors import OrchestraError


class StoreUrlError(OrchestraError, ValueError):
    """A store's URL that names neither a SQLite file nor a PostgreSQL database.

    `sqlite:///runs.sqlite` is a file beside the project, `sqlite:////var/lib/app/runs.sqlite` an absolute
    path, `postgresql://user:password@host:5432/database` a server.
    """

    code = "store-url"
    category = "CONFIGURATION"


class StoreUnreachableError(OrchestraError, ConnectionError):
    """A store that does not answer: the server is away, refuses the user, or the file cannot be opened.

    Nothing was enqueued. Runs that are in the store already wait there and go on when it is back.
    """

    code = "store-unreachable"
    category = "DEPENDENCY"


class StoreVersionError(OrchestraError, RuntimeError):
    """A store whose tables were made by a newer version, or a database that holds something else.

    Nothing in it was changed. Upgrade this installation; an older store is brought up to date by itself.
    """

    code = "store-version"
    category = "CONFIGURATION"


class NetworkFileSystemError(OrchestraError, OSError):
    """A SQLite file on a network file system, whose locks cannot be relied on.

    Two machines would write at once and destroy the file. Put it on a local disk, or use PostgreSQL, which
    is made for several machines.
    """

    code = "store-on-network-file-system"
    category = "CONFIGURATION"


class NotDurableError(OrchestraError, ValueError):
    """An operation that is not marked as durable, on a durable backend.

    `@operation(durable=True)` marks it. Everything that must not be done twice then stands in
    `await self.runtime.step("name", function, …)`.
    """

    code = "not-durable"
    category = "CONFIGURATION"


class NothingDurableError(OrchestraError, ValueError):
    """A worker in whose project no operation is marked as durable: there is nothing that it could run."""

    code = "nothing-durable"
    category = "CONFIGURATION"


class IdempotencyConflictError(OrchestraError, ValueError):
    """An idempotency key that was used before, by a run with other parameters.

    A key stands for one request: the same tenant, operation and key with the same parameters give the result
    of the run that exists. With other parameters one of the two is a mistake, and nothing is run.
    """

    code = "idempotency-conflict"
    category = "CONFLICT"
    run: str = ""


class JournalMismatchError(OrchestraError, RuntimeError):
    """A journal that does not fit the code: another step stands where this code runs one.

    The run is stopped and keeps its journal. It goes on with `orchestra runs resume ID --on-version V` on a
    worker that serves the version which wrote the journal.
    """

    code = "journal-mismatch"
    category = "CONFLICT"


class RunNotFoundError(OrchestraError, LookupError):
    """An id under which the store has no run. `orchestra runs ls` lists those that it has."""

    code = "run-not-found"
    category = "NOT_FOUND"


class RunCancelledError(OrchestraError, RuntimeError):
    """A run that was cancelled, or stopped, before it had a result.

    `orchestra runs show ID` says why; `orchestra runs resume ID` lets it go on at the step at which it was.
    """

    code = "run-cancelled"
    category = "CANCELLED"
    run: str = ""


class RunGaveUpError(OrchestraError, RuntimeError):
    """A run that was taken up so often without getting to its end that it is not tried any more.

    Most often it takes its worker down, for example by using all memory. Mend the cause, then
    `orchestra runs resume ID`.
    """

    code = "run-gave-up"
    category = "RESOURCE_EXHAUSTED"
    run: str = ""


class DeadlinePassedError(OrchestraError, ValueError):
    """A run that is to go on although its deadline has passed: it would fail in the moment it is taken up.

    `orchestra runs resume ID --timeout SECONDS` gives it that many seconds from now. Nothing was changed.
    """

    code = "deadline-passed"
    category = "TIMEOUT"


class NotResumableError(OrchestraError, ValueError):
    """A run that cannot be resumed, because it has finished or is running."""

    code = "not-resumable"
    category = "CONFLICT"

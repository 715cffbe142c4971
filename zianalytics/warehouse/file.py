"""The DuckDB file: opened for a moment, waited for when another process holds it, never thrown away."""

from __future__ import annotations

import os
import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath

import duckdb

from zianalytics.errors import StoreDamaged, StoreHeld, StoreUnusable
from zianalytics.warehouse.tables import migrations, views

PATIENCE_S = 5.0
_PAUSE_S = 0.1
# Nothing is fetched from the network, no file but the database is opened, and a table is never a variable that happens
# to have its name. All this holds while the file is opened, too: an SQLite database would load an extension.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    # More than that goes into the file at once: from its log it would get there when it is closed, after each load.
    "wal_autocheckpoint": "1MB",
}
# What DuckDB says of a file that another process holds, on Linux and macOS and on Windows. Windows' own half of the
# message comes in the language of the system; DuckDB's half does not. The first is said of a connection to it that was
# opened in this program by other means.
_IS_HELD_HERE = "with a different configuration than existing connections"
_IS_HELD = re.compile(r"Could not set lock|being used by another process|File is already open in")
# What it says of Ctrl-C where that is heard while it reads an object of Python.
_IS_INTERRUPTED = re.compile(r"failed: KeyboardInterrupt\b")
_HOLDER = re.compile(r"(?:held in|already open in)\s+(?P<program>\S.*?) \(PID (?P<pid>\d+)\)")


def connect(
    path: Path | None, *, patience_s: float = PATIENCE_S, pause: Callable[[float], None] = time.sleep
) -> duckdb.DuckDBPyConnection:
    """A connection to the file with all tables and views in it, or to a new database in memory.

    Parameters
    ----------
    path
        The file; None for memory.
    patience_s
        How long to wait for another process.

    Raises
    ------
    StoreHeld
        Another process holds the file and did not let go.
    StoreDamaged
        The file is not a DuckDB database, or not a sound one.
    """
    con = duckdb.connect(config=_CONFIG) if path is None else _opened(path, patience_s, pause)
    try:
        with interruptible():
            con.execute("SET GLOBAL TimeZone = 'UTC'")
            _migrate(con, path)
    except duckdb.Error as exc:
        con.close()
        raise unusable(path, exc) from exc
    except BaseException:
        con.close()
        raise
    return con


@contextmanager
def interruptible() -> Iterator[None]:
    """The block, out of which Ctrl-C comes as it is: DuckDB makes three kinds of errors of it."""
    try:
        yield
    except (duckdb.InterruptException, duckdb.InvalidInputException, RuntimeError) as exc:
        if not _was_interrupted(exc):
            raise
        raise KeyboardInterrupt from exc


def unusable(path: Path | None, reason: duckdb.Error) -> StoreUnusable:
    """The error that says whether another was at the tables at the same time, or the file is not sound."""
    if isinstance(reason, duckdb.TransactionException):
        return StoreHeld(
            f"{path or 'The warehouse in memory'} was changed by another connection of this program at the same time "
            f"({_first_line(reason)}). No reply was added by half, and nothing paid for is lost: it is in the journal. "
            "Close the other connection, and run this again; it goes on where this one stopped."
        )
    return damaged(path, reason)


def held(path: Path, who: str) -> StoreHeld:
    """The error that says who has the file open, and how it comes free."""
    return StoreHeld(
        f"{path} is held by {who}. Nothing was changed. Close the other notebook or connection, or "
        "leave its `with zi.warehouse:` block, and run this again."
    )


def damaged(path: Path | None, reason: Exception) -> StoreDamaged:
    """The error that says which file is not sound, and that nothing is lost by it."""
    return StoreDamaged(
        f"{path or 'The warehouse in memory'} is not a sound warehouse ({_first_line(reason)}). Nothing was changed or "
        f"deleted, and nothing paid for is lost: it is in the journal. {_new_file(path)}"
    )


def rebuild_command(path: Path, *, windows: bool = os.name == "nt") -> str:
    """The command line that makes the file again, wherever its home is, to be pasted into a shell."""
    home = str(path.absolute().parent.parent)
    # no shell of Windows refuses double quotes, and no path there can hold one
    quoted = f'"{home}"' if windows else shlex.quote(home)
    return f"zia rebuild --home {quoted}"


def holder(message: str, path: Path) -> str | None:
    """Who holds the file, by what DuckDB says of it; None when that is not what it says."""
    for written in sorted({str(path), path.as_posix(), str(path.absolute())}, key=len, reverse=True):
        message = message.replace(written, "")  # a folder may have any name, even one of these phrases
    if _IS_HELD_HERE in message:
        return "another connection of this program"
    if not _IS_HELD.search(message):
        return None
    found = _HOLDER.search(message)
    return f"process {found['pid']} ({PureWindowsPath(found['program']).name})" if found else "another process"


def move_over(new: Path, path: Path) -> None:
    """Put a new file in the place of another; the other's log must not be played into the new one."""
    log = wal_of(path)
    if log.exists():
        log.replace(log.with_name(f"{log.name}.old"))
    new.replace(path)
    log.with_name(f"{log.name}.old").unlink(missing_ok=True)


def wal_of(path: Path) -> Path:
    """DuckDB's write-ahead log beside the file."""
    return path.with_name(f"{path.name}.wal")


def _opened(path: Path, patience_s: float, pause: Callable[[float], None]) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise _cannot_open(path, exc) from exc
    new = not path.exists()
    pauses_left = round(patience_s / _PAUSE_S)
    while True:
        try:
            con = duckdb.connect(path, config=_CONFIG)
        except duckdb.Error as exc:
            who = holder(str(exc), path)
            if who is None:
                raise _cannot_open(path, exc) from exc
            if not pauses_left:
                raise held(path, who) from exc
            pause(_PAUSE_S)
            pauses_left -= 1
        else:
            if new and os.name == "posix":
                path.chmod(0o600)
            return con


def _cannot_open(path: Path, reason: Exception) -> StoreUnusable:
    if path.is_file() and os.access(path, os.R_OK | os.W_OK):
        return damaged(path, reason)
    return StoreUnusable(
        f"{path} cannot be opened ({_first_line(reason)}). Nothing was changed. "
        "Choose another place for the warehouse, or see to the rights of its folder."
    )


def _was_interrupted(exc: Exception) -> bool:
    """Whether an error is what has become of Ctrl-C."""
    if isinstance(exc, duckdb.InvalidInputException):
        return _IS_INTERRUPTED.search(str(exc)) is not None
    return isinstance(exc, duckdb.InterruptException) or str(exc) == "Query interrupted"


def _new_file(path: Path | None) -> str:
    return f"To make a new file from the journal, run: {rebuild_command(path)}" if path else "Load the journal again."


def _first_line(reason: Exception) -> str:
    return str(reason).splitlines()[0]


def _migrate(con: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    """Take the steps that this file has not taken yet, and renew its views."""
    con.execute("CREATE TABLE IF NOT EXISTS steps_taken (step BIGINT)")
    [(taken,)] = con.sql("SELECT coalesce(max(step), 0)::BIGINT FROM steps_taken").fetchall()
    steps = migrations()
    if taken > steps[-1][0]:
        raise StoreDamaged(
            "The warehouse was made by a newer version of zianalytics. Nothing was changed, and the journal holds all "
            f"that was paid for. Install that version to go on with it. {_new_file(path)}"
        )
    for step, text in steps:
        if step > taken:
            con.execute("BEGIN")
            con.execute(text)
            for view in views() if step == steps[-1][0] else ():  # a view may need the tables of any step
                con.execute(view)
            con.execute("INSERT INTO steps_taken VALUES ($step)", {"step": step})
            con.execute("COMMIT")
            con.execute("CHECKPOINT")

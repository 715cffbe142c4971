"""The SQLite files of the journal: private, durable, shared by threads and processes, honest when they are damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Any

import apsw

from zianalytics.errors import ClientClosed, StoreDamaged, StoreHeld, StoreUnusable

BUSY_MS = 30_000
_MAGIC = b"SQLite format 3\x00"


class Database:
    """One SQLite file: a connection that threads share, and short transactions.

    Parameters
    ----------
    schema
        The scripts that made the file what it is, oldest first; its `user_version` says how many of them it has had.
        A file that lacks some is given them when it is opened.
    application_id
        What marks the file as the one that belongs there.
    """

    def __init__(self, path: Path, schema: Sequence[str], *, application_id: int) -> None:
        self.path = path
        self._lock = RLock()
        _touch_private(path)
        with self._translated():
            self._connection = apsw.Connection(str(path))
            self._connection.set_busy_timeout(BUSY_MS)
            for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "mmap_size=0"):
                self._connection.execute(f"pragma {pragma}")
        with self.writing() as db:
            found, version = db.pragma("application_id"), db.pragma("user_version")
            is_new = (found, version) == (0, 0) and not db.execute("select 1 from sqlite_schema").fetchall()
            if not is_new and (found != application_id or version < 1):
                raise StoreDamaged(
                    f"{path} is an SQLite file, but not the one that belongs there. Nothing was sent or changed. "
                    "Move it elsewhere, or choose another home."
                )
            if version > len(schema):
                raise StoreUnusable(
                    f"{path} was written by a newer version of zianalytics. Nothing was sent or changed. "
                    "Update it here: pip install --upgrade zianalytics."
                )
            for script in schema[version:]:
                db.execute(script)
            if version < len(schema):
                db.execute(f"pragma application_id={application_id}; pragma user_version={len(schema)}")

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """A transaction that is on disk when the block has ended, and has not happened when it raises."""
        with self._lock, self._translated():
            self._connection.execute("begin immediate")
            try:
                yield self._connection
                self._connection.execute("commit")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, self._translated():
            yield self._connection

    def check_open(self) -> None:
        """Raise `ClientClosed` once it is closed."""
        with self.reading() as db:
            db.pragma("application_id")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except apsw.ConnectionClosedError as exc:
            raise ClientClosed from exc
        except (apsw.NotADBError, apsw.CorruptError) as exc:
            raise StoreDamaged(
                f"{self.path} is not a sound SQLite file ({exc}). Nothing was changed. Move it elsewhere together with "
                "its -wal and -shm files, put a copy back if you have one, and run it again."
            ) from exc
        except apsw.ConstraintError as exc:
            raise StoreDamaged(
                f"{self.path} refused an entry that would break its own rules ({exc}). The entry was not made; what "
                "was kept before it is unchanged. Please report this, it should not happen."
            ) from exc
        except (apsw.BusyError, apsw.LockedError) as exc:
            raise StoreHeld(
                f"Another process has held {self.path} for more than {BUSY_MS // 1000} s. Nothing was changed. "
                "Close the other process, or run it again later."
            ) from exc
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError, apsw.FullError, apsw.PermissionsError) as exc:
            raise StoreUnusable(
                f"{self.path} cannot be read or written now ({exc}). The entry was not made; what was kept before it "
                "is unchanged. Free the disk, or see who may write there, and run the same call again: nothing that is "
                "kept is paid for twice."
            ) from exc


def scripts(*names: str) -> list[str]:
    """The text of SQL files that lie in this package."""
    return [files("zianalytics.journal").joinpath(name).read_text(encoding="utf-8") for name in names]


def rows(db: apsw.Connection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    return db.execute(sql, values).fetchall()


def private_folder(folder: Path) -> None:
    """Make the folder for this user alone, unless it is there.

    Raises
    ------
    StoreUnusable
        It cannot be made, is no folder, or nothing can be written in it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
    except OSError as exc:
        raise _unusable(folder, exc) from exc
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, PermissionError("no right to write"))


def _touch_private(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as exc:
        raise _unusable(path, exc) from exc
    if head and head != _MAGIC:
        raise StoreDamaged(
            f"{path} is not an SQLite file. Nothing was sent or changed. Move it elsewhere, put a copy back if you "
            "have one, or choose another home."
        )


def _unusable(path: Path, reason: Exception) -> StoreUnusable:
    return StoreUnusable(
        f"{path} cannot be used to keep what is paid for ({reason}). Nothing was sent. "
        "Choose a folder of your own by ZOOMINFO_HOME or home=, or free the disk."
    )

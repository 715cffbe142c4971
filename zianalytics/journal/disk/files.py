"""The SQLite files of the journal: private, durable, shared by threads and processes, honest when they are damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import RLock
from typing import Any

import apsw

from zianalytics.errors import ClientClosed, StoreDamaged, StoreHeld, StoreUnusable
from zianalytics.journal.disk.seals import Head, Seals, last_head

BUSY_MS = 30_000
PRAGMAS = ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "mmap_size=0")
SUSPECT = "suspect"  # a file beside them: something is not as it was written, look at everything when they are opened
_MAGIC = b"SQLite format 3\x00"
_NOTE = "update partner set id = ?1, seq = ?2, link = ?3, digest = ?4 where ?5 or (id = ?1 and seq < ?2)"


@dataclass(frozen=True)
class Kind:
    """What one of the journal's files is.

    Attributes
    ----------
    scripts
        The SQL files that made it what it is, oldest first; its `user_version` says how many of them it has had. A
        file that lacks some is given them when it is opened.
    application_id
        What marks it as the one that belongs there.
    parts
        For a table, the number of the column that says what a row belongs to: see `Seals`.
    """

    name: str
    scripts: tuple[str, ...]
    application_id: int
    parts: Mapping[str, int] = field(default_factory=dict)


LEDGER = Kind(
    "ledger.db",
    ("ledger.sql", "sealed.sql", "charges_by_intent.sql", "looks.sql", "periods.sql", "sums_by_call.sql"),
    0x5A494C31,
    {"charges": 1, "found": 2, "draws": 1},
)
REPLIES = Kind("replies.db", ("replies.sql", "usage.sql", "sealed.sql", "erased.sql"), 0x5A495231)


class Database:
    """One SQLite file: a connection that threads share, and short transactions, each of them sealed.

    Parameters
    ----------
    folder
        Where it lies.
    kind
        Which of the journal's files it is.
    """

    def __init__(self, folder: Path, kind: Kind) -> None:
        self.path, self.kind = folder / kind.name, kind
        self.partner: Database | None = None
        """The other file, which is told of each commit that is on disk."""
        self._heard: Head | None = None
        self._noted: Head | None = None
        self._lock = RLock()
        _touch_private(self.path)
        with translated(self.path):
            self._connection = apsw.Connection(str(self.path))
            self._connection.set_busy_timeout(BUSY_MS)
            for pragma in PRAGMAS:
                self._connection.execute(f"pragma {pragma}")
            self._seals = Seals(self._connection, kind.parts)
        with self.writing() as db:
            self._update(db)

    def _update(self, db: apsw.Connection) -> None:
        """Make a new file what it should be, and bring an older one up to date."""
        found, version = db.pragma("application_id"), db.pragma("user_version")
        is_new = (found, version) == (0, 0) and not db.execute("select 1 from sqlite_schema").fetchall()
        if not is_new and (found != self.kind.application_id or version < 1):
            raise StoreDamaged(
                f"{self.path} is an SQLite file, but not the one that belongs there. Nothing was sent or changed. "
                "Move it elsewhere, or choose another home."
            )
        scripts = self.kind.scripts
        if version > len(scripts):
            raise StoreUnusable(
                f"{self.path} was written by a newer version of zianalytics. Nothing was sent or changed. "
                "Update it here: pip install --upgrade zianalytics."
            )
        for name in scripts[version:]:
            db.execute(files(__package__).joinpath("sql", name).read_text(encoding="utf-8"))
        if version < len(scripts):
            db.execute(f"pragma application_id={self.kind.application_id}; pragma user_version={len(scripts)}")
            self._seals.begin(db)

    @contextmanager
    def writing(self, *, waits: bool = True, is_followed: bool = False) -> Iterator[apsw.Connection]:
        """A transaction that is on disk when the block has ended, and has not happened when it raises.

        Parameters
        ----------
        waits
            Whether it waits for the disk; else a power cut may undo it until a later one has waited, and the other
            file hears of it then.
        is_followed
            Whether the other file is about to be written, too, and notes this then; else it notes it at once.
        """
        with self._lock, translated(self.path):
            try:
                # Said of each: whoever was interrupted leaves nothing behind that the next would rely on.
                self._connection.execute(f"pragma synchronous={'full' if waits else 'normal'}")
                self._connection.execute("begin immediate")
                yield self._connection
                head, heard = self._seals.close(self._connection), self._heard
                if heard and heard is not self._noted:
                    self._note(heard)
                self._connection.execute("commit")
            except BaseException:
                self._seals.forget()
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise
            self._noted = heard
            if waits and head and self.partner:
                self.partner.hear(head)
        if head and waits and not is_followed and self.partner:
            with suppress(StoreUnusable, ClientClosed):  # it will hear of the next one
                self.partner.note()

    @property
    def head(self) -> Head:
        """How far it has come."""
        with self.reading() as db:
            return last_head(db)

    def hear(self, partner: Head) -> None:
        """Take in how far the other file has come, to be noted with the next commit."""
        self._heard = partner

    def note(self) -> None:
        """Note what was heard since the last commit.

        It need not be on disk at once: a note that is too old is true, and all that it costs is that the last commits
        of the other file can be cut off unnoticed after a power cut. So it does not wait for the disk.
        """
        if self._heard is not self._noted:
            with self.writing(waits=False):
                pass

    def meet(self, partner: Head) -> None:
        """Know the other file as it is, whatever was known before, and of which file."""
        with self.writing(waits=False):
            self._note(partner, anew=True)

    def _note(self, partner: Head, *, anew: bool = False) -> None:
        self._connection.execute(_NOTE, [partner.id, partner.seq, partner.link, partner.digest, anew])

    @contextmanager
    def copying(self) -> Iterator[apsw.Connection]:
        """A transaction into which rows of a damaged file are copied: they have kept the rules when they were made."""
        with self._lock:
            db = self._connection
            db.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
            db.execute("pragma foreign_keys=off")
            try:
                with self.writing():
                    yield db
            finally:
                db.execute("pragma foreign_keys=on")
                db.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 1)

    @contextmanager
    def reading(self) -> Iterator[apsw.Connection]:
        """The connection, for statements that change nothing."""
        with self._lock, translated(self.path):
            yield self._connection

    def compact(self) -> None:
        """Write the file anew, so that nothing is left in it, or beside it, of what was written over or deleted.

        Raises
        ------
        StoreHeld
            Another connection still reads the file.
        """
        with self._lock, translated(self.path):
            db = self._connection
            db.execute("pragma synchronous=full; pragma secure_delete=on; vacuum").fetchall()
            [(is_busy, *_)] = db.execute("pragma wal_checkpoint(truncate)").fetchall()
        if is_busy:
            raise StoreHeld(f"{self.path} is being read by another program. Close it, and run this again.")

    def wait_for_disk(self) -> None:
        """Wait until no power cut can undo what was committed."""
        with self._lock, translated(self.path):
            self._connection.execute("pragma synchronous=full; pragma wal_checkpoint").fetchall()

    def check_open(self) -> None:
        """Raise `ClientClosed` once it is closed."""
        with self.reading() as db:
            db.pragma("application_id")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Errors of SQLite about this file, as ours."""
    try:
        yield
    except apsw.ConnectionClosedError as exc:
        raise ClientClosed from exc
    except (apsw.NotADBError, apsw.CorruptError) as exc:
        raise StoreDamaged(
            f"{path} is not a sound SQLite file ({exc}). Nothing was changed. Move it elsewhere together with "
            "its -wal and -shm files, put a copy back if you have one, and run it again."
        ) from exc
    except apsw.ConstraintError as exc:
        raise StoreDamaged(
            f"{path} refused an entry that would break its own rules ({exc}). The entry was not made; what "
            "was kept before it is unchanged. Please report this, it should not happen."
        ) from exc
    except (apsw.BusyError, apsw.LockedError) as exc:
        raise StoreHeld(
            f"Another process has held {path} for more than {BUSY_MS // 1000} s. Nothing was changed. "
            "Close the other process, or run it again later."
        ) from exc
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError, apsw.FullError, apsw.PermissionsError) as exc:
        raise StoreUnusable(
            f"{path} cannot be read or written now ({exc}). The entry was not made; what was kept before it "
            "is unchanged. Free the disk, or see who may write there, and run the same call again: nothing that is "
            "kept is paid for twice."
        ) from exc


def rows(db: apsw.Connection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    return db.execute(sql, values).fetchall()


def write_whole(path: Path, content: bytes) -> None:
    """Put a file for this user alone in the place of the one before, all of it or nothing."""
    with ExitStack() as failed:
        with NamedTemporaryFile(dir=path.parent, prefix=f"{path.stem}-", suffix=".part", delete=False) as file:
            failed.callback(Path(file.name).unlink, missing_ok=True)
            file.write(content)
        Path(file.name).replace(path)
        failed.pop_all()


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
    wal = path.with_name(f"{path.name}-wal")
    if wal.exists() and wal.stat().st_size:
        return  # a power cut may have torn the first page while it was copied from there: SQLite takes it from there
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

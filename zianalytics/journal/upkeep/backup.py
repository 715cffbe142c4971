"""A copy of a journal in one file: both databases as of one moment, looked through before it is called a copy."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import apsw
import msgspec

from zianalytics.errors import RequestRefused, StoreDamaged, StoreUnusable
from zianalytics.journal.disk import BUSY_MS, LEDGER, REPLIES, translated
from zianalytics.journal.upkeep.mending import Damage, compare, look
from zianalytics.journal.upkeep.workshop import workshop

KINDS = (LEDGER, REPLIES)
_MANIFEST = "manifest.json"
_VERSION = 1


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a copy says of itself.

    Attributes
    ----------
    account
        The name of the folder that it is a copy of.
    made_at
        When, by this machine's clock.
    sha256
        The digest of each of its files, in hexadecimal.
    """

    account: str
    made_at: datetime
    sha256: dict[str, str]
    version: int = _VERSION


@dataclass(frozen=True)
class Copy:
    """A copy that was looked through.

    Attributes
    ----------
    path
        The file.
    counts
        The rows in it, by table.
    """

    path: Path
    manifest: Manifest
    counts: dict[str, int]


def back_up(folder: Path, target: Path, *, now: datetime | None = None) -> Copy:
    """Copy a journal into one file, while clients go on working with it.

    Parameters
    ----------
    folder
        Of the account.
    target
        The new file; or a folder, in which it gets the name of the account and the time.

    Raises
    ------
    RequestRefused
        There is a file of that name, or no such folder. Nothing was written.
    StoreDamaged
        The journal is not sound. Nothing was written.
    StoreUnusable
        The disk is full, or cannot be written. There is no copy.
    """
    now = now or datetime.now(UTC)
    if target.is_dir():
        target /= f"{folder.name}-{now:%Y%m%dT%H%M%SZ}.zip"
    if target.exists() or not target.parent.is_dir():
        why = "is there already" if target.exists() else f"cannot be made: there is no folder {target.parent}"
        raise RequestRefused(f"{target} {why}. Nothing was written. Name another file.")
    with workshop(folder, target.parent) as beside:
        _copy_both(folder, beside)
        counts = _sound(beside, f"The journal in {folder}")
        sums = {kind.name: _sum(beside / kind.name) for kind in KINDS}
        manifest = Manifest(account=folder.name, made_at=now, sha256=sums)
        packed = beside / "packed"
        os.close(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with packed.open("r+b") as file, ZipFile(file, "w") as copy:  # bodies are compressed already
            for kind in KINDS:
                copy.write(beside / kind.name, kind.name)
            copy.writestr(_MANIFEST, msgspec.json.encode(manifest))
            copy.close()
            os.fsync(file.fileno())
        with unpacked(packed, beside / "again"):
            pass
        _publish(packed, target)
    return Copy(target, manifest, counts)


@contextmanager
def unpacked(copy: Path, into: Path) -> Iterator[Copy]:
    """The files of a copy in a folder of their own, each as it was packed.

    Raises
    ------
    StoreDamaged
        It is no copy of a journal, or not what it was.
    """
    try:
        into.mkdir(mode=0o700)
        with ZipFile(copy) as packed:
            manifest = msgspec.json.decode(packed.read(_MANIFEST), type=Manifest)
            for kind in KINDS:
                with packed.open(kind.name) as source, (into / kind.name).open("xb") as file:
                    shutil.copyfileobj(source, file)
                (into / kind.name).chmod(0o600)
    except (BadZipFile, KeyError, msgspec.MsgspecError, EOFError) as exc:
        raise StoreDamaged(
            f"{copy} is not a sound copy of a journal ({exc}). Nothing was changed. Use another one."
        ) from exc
    except OSError as exc:
        raise StoreUnusable(
            f"{copy} cannot be read, or unpacked into {into} ({exc.strerror or exc}). Nothing was changed. See who may "
            "read it, or free the disk."
        ) from exc
    if manifest.version != _VERSION or manifest.sha256 != {kind.name: _sum(into / kind.name) for kind in KINDS}:
        raise StoreDamaged(f"{copy} is not what was written. Nothing was changed. Use another copy.")
    yield Copy(copy, manifest, _sound(into, f"What {copy} holds"))


def account_of(copy: Path) -> str:
    """The folder of the account that a file says to be a copy of.

    Raises
    ------
    StoreDamaged
        It is no copy of a journal, or names what is no folder of a home.
    """
    try:
        with ZipFile(copy) as packed:
            name = msgspec.json.decode(packed.read(_MANIFEST), type=Manifest).account
    except (OSError, BadZipFile, KeyError, msgspec.MsgspecError, EOFError) as exc:
        why = exc.strerror or "" if isinstance(exc, OSError) else str(exc)
        raise StoreDamaged(
            f"{copy} is not a sound copy of a journal ({why}). Nothing was changed. Use another one."
        ) from exc
    if name in ("", ".", "..") or name != Path(name).name or "\\" in name:
        raise StoreDamaged(f"{copy} is of no account of a home. Nothing was changed. Use another copy.")
    return name


def _copy_both(folder: Path, into: Path) -> None:
    """Both files as of one moment: nobody writes while they are copied, and everybody reads."""
    with ExitStack() as held:
        for kind in KINDS:
            path = folder / kind.name
            if not path.exists():
                raise StoreUnusable(f"There is no {path}. Nothing was written. Put the newest copy back first.")
            held.enter_context(translated(path))
            db = held.enter_context(closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)))
            db.set_busy_timeout(BUSY_MS)
            db.execute("begin immediate")
        for kind in KINDS:
            with (
                closing(apsw.Connection(str(folder / kind.name), flags=apsw.SQLITE_OPEN_READWRITE)) as source,
                _onto_a_disk(),
                closing(apsw.Connection(str(into / kind.name))) as new,
                new.backup("main", source, "main") as copying,
            ):
                while not copying.done:
                    copying.step(10_000)
    for kind in KINDS:
        with _onto_a_disk(), closing(apsw.Connection(str(into / kind.name))) as db:
            db.execute("pragma journal_mode=delete").fetchall()  # all of it in one file


@contextmanager
def _onto_a_disk() -> Iterator[None]:
    """Errors of SQLite where the disk takes no more of a copy, as those of any other file."""
    try:
        yield
    except apsw.FullError as exc:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from exc
    except (apsw.IOError, apsw.CantOpenError) as exc:  # full, too, where it is a file of SQLite's own that is not made
        raise OSError(str(exc)) from exc


def _sound(folder: Path, what: str) -> dict[str, int]:
    """The rows of a journal that is whole, every row of it looked at."""
    ledger, replies = look(folder, whole=True)
    said = [one.said for one in (ledger, replies) if not (one.exists and one.is_ours and one.is_whole)]
    found = Damage()
    if not said:
        compare(ledger, replies, found, is_alone=True)
    if said or found.said:
        raise StoreDamaged(
            f"{what} is not sound ({'; '.join([*said, *found.said])}). Nothing was written. See zia doctor; open a "
            "client, which uses what is sound, or use another copy."
        )
    return {**ledger.counts, **replies.counts}


def _publish(new: Path, target: Path) -> None:
    """Give a file its name, unless there is one of that name."""
    try:
        os.link(new, target)
    except FileExistsError as exc:
        raise RequestRefused(f"{target} is there already. Nothing was written. Name another file.") from exc
    except OSError:  # a file system without links
        with target.open("xb"):
            pass
        new.replace(target)


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()

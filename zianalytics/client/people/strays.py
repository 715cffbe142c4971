"""The other files of a home, in which somebody who is to be erased may stand, too."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zianalytics.api.enterprise.erased import Whom

DELETED = "file deleted"
LEFT = 'file of yours names them: delete it, or pass files="delete"'
UNREAD = "file of yours is compressed or a copy of a journal, and was not looked into"
_OURS = ("ledger.db", "replies.db", "warehouse.duckdb")
_SEALED = (".parquet", ".zip", ".gz", ".xlsx", ".xz", ".zst", ".bz2", ".duckdb", ".arrow", ".feather")
_SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Stray:
    """A file beside the journal.

    Attributes
    ----------
    is_ours
        Whether it can be deleted at no loss: what was set aside, or a look-up that is asked again.
    is_read
        Whether it could be looked into, and names them.
    """

    path: Path
    name: str
    is_ours: bool
    is_read: bool

    def fate(self, delete: bool) -> str:
        """What becomes of it."""
        return DELETED if self.is_ours or (delete and self.is_read) else LEFT if self.is_read else UNREAD

    def delete(self, delete: bool) -> None:
        """Delete it, if that is its fate."""
        if self.fate(delete) != DELETED:
            return
        if self.path.is_dir():
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            self.path.unlink(missing_ok=True)


def strays(folder: Path, left_over: Iterable[Path], whom: Whom) -> list[Stray]:
    """The files of the home of an account that name them, or may; other accounts of it are not looked at."""
    home, needles = folder.parent, list(_needles(whom))
    found = [Stray(path, path.relative_to(home).as_posix(), True, True) for path in left_over]
    done = {one.path for one in found}
    others = {path.parent for path in home.glob("*/ledger.db")} - {folder}
    for path in sorted(home.rglob("*")):
        is_done = any(parent in done | others for parent in (path, *path.parents))
        if is_done or not path.is_file() or path.suffix == ".lock" or path.name in ("erasing", "sandbox.state"):
            continue
        if path.parent == folder and path.name.startswith(_OURS):
            continue
        try:
            content = path.read_bytes()
        except OSError:
            content = None
        name = path.relative_to(home).as_posix()
        if content is None or path.suffix.lower() in _SEALED or content.startswith(_SQLITE):
            found.append(Stray(path, name, False, False))
        elif any(needle in content.lower() for needle in needles):
            found.append(Stray(path, name, path.parent == folder / "lookups", True))
    return found


def _needles(whom: Whom) -> Iterator[bytes]:
    """How their addresses and names may stand in a file."""
    for text in (*whom.emails, *whom.names, *whom.hashes):
        for said in {text, text.replace(" ", ","), text.replace(" ", "\t"), text.replace(" ", '","')}:
            yield said.encode()
            yield said.encode("utf-16-le")
            yield json.dumps(said)[1:-1].encode().lower()

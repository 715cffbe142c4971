"""What everything stands on: SQLite, the disk, and who may read what."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import apsw

from zianalytics.doctor.finding import Finding, State
from zianalytics.journal.disk import PRAGMAS, network_kind

LITTLE = 1024**3
TOO_LITTLE = 50 * 1024**2


def sqlite(version: str | None = None) -> Iterator[Finding]:
    """Which SQLite writes the journal, and whether two processes can damage a WAL file with it.

    It is fixed in 3.51.3 and from 3.53.0 on: https://sqlite.org/wal.html, "the WAL-reset bug".
    """
    version = version or apsw.sqlite_lib_version()
    numbers = tuple(int(part) for part in version.split("."))
    found = f"{version}, by apsw {apsw.apsw_version()}; written with {', '.join(PRAGMAS)}"
    if (3, 7, 0) <= numbers < (3, 51, 3) or (3, 52, 0) <= numbers < (3, 53, 0):
        advice = "Update it: pip install --upgrade apsw. Until then let one process at a time use a home."
        yield Finding("bad", "SQLite", f"{found}; it can damage a file that two processes write", advice)
    else:
        yield Finding("ok", "SQLite", found)


def home(folder: Path, *, free: int | None = None, mounts: str | None = None) -> Iterator[Finding]:
    """Where the home lies, and how much room there is.

    Parameters
    ----------
    free
        Bytes that are free there; None to ask.
    mounts
        As for `network_kind`.
    """
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if kind := network_kind(folder, mounts):
        advice = "Choose a folder on a disk of this machine by ZOOMINFO_HOME or home=."
        yield Finding("bad", "home", f"{folder} lies on a network file system ({kind}); a client refuses it", advice)
    elif not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        advice = "Choose a folder of your own by ZOOMINFO_HOME or home=, or take the right to write there."
        why = "you may not write there" if there.is_dir() else f"{there} is a file"
        yield Finding("bad", "home", f"{folder} cannot hold what is paid for: {why}", advice)
    else:
        yield Finding(
            "ok", "home", str(folder) if folder == there else f"{folder}, which is made when it is first used"
        )
    free = shutil.disk_usage(there).free if free is None else free
    state: State = "bad" if free < TOO_LITTLE else "warn" if free < LITTLE else "ok"
    advice = "" if state == "ok" else "Free the disk: what cannot be kept is not paid for, and stops with an error."
    yield Finding(state, "disk", f"{free / 1024**3:,.1f} GiB are free", advice)


def permissions(folder: Path) -> Iterator[Finding]:
    """Whether others on this machine may read an account's files."""
    if os.name != "posix":
        yield Finding("ok", f"files of {folder.name}", "who may read them is for the system's own tools to say here")
        return
    open_to_others = [path.name for path in sorted(folder.iterdir()) if path.is_file() and _is_open(path)]
    open_to_others += ["the folder itself"] if _is_open(folder) else []
    if open_to_others:
        named = ", ".join(open_to_others[:5]) + (" and more" if len(open_to_others) > 5 else "")
        advice = f"Take the right from them: chmod -R go-rwx '{folder}'"
        yield Finding("warn", f"files of {folder.name}", f"others on this machine may use {named}", advice)
    else:
        yield Finding("ok", f"files of {folder.name}", "for you alone")


def _is_open(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)

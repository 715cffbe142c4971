"""Where a journal may lie: not on a file system of another machine, whose locks and syncs SQLite cannot rely on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from zianalytics.errors import StoreUnusable

# As /proc/mounts calls them. FUSE is told apart by what stands behind it: some of it is a disk of this machine.
_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "9p", "ceph", "glusterfs", "lustre", "gpfs"}
)
_NETWORK_FUSE = ("sshfs", "s3fs", "gcsfuse", "rclone", "davfs", "glusterfs", "ceph", "smbnetfs", "curlftpfs", "goofys")


def refuse_network(folder: Path, mounts: str | None = None) -> None:
    """Refuse a folder on a file system of another machine, as far as the system tells.

    Parameters
    ----------
    mounts
        What is mounted, in the words of /proc/mounts; None to read it.

    Raises
    ------
    StoreUnusable
        It is on one.
    """
    if kind := network_kind(folder, mounts):
        raise StoreUnusable(
            f"{folder} lies on a network file system ({kind}), where files that are written by several processes are "
            "damaged sooner or later. Nothing was sent or changed. Choose a folder on a disk of this machine by "
            "ZOOMINFO_HOME or home=; share what was paid for by a copy, or by what zi.warehouse exports."
        )


def network_kind(folder: Path, mounts: str | None = None) -> str | None:
    """Which network file system a folder is on; None where it is on none, or the system does not tell."""
    if sys.platform == "win32":
        return "a network drive" if os.fspath(folder.resolve()).startswith("\\\\") else None
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    kind = _type_of(folder.resolve(), mounts)
    if kind in _NETWORK or (kind.startswith("fuse.") and any(name in kind for name in _NETWORK_FUSE)):
        return kind
    return None


def _type_of(folder: Path, mounts: str) -> str:
    """The type of the file system that a folder is on: that of the last mount over the nearest of its parents."""
    types: dict[Path, str] = {}
    for line in mounts.splitlines():
        told = line.split(" ")
        if len(told) >= 3:
            types[Path(told[1].replace("\\040", " "))] = told[2]
    return next((types[parent] for parent in (folder, *folder.parents) if parent in types), "")

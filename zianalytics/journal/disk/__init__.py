"""The files of a journal as they lie on a disk: SQLite, private, sealed, and whose they are while they are open."""

from zianalytics.journal.disk.files import (
    BUSY_MS,
    LEDGER,
    PRAGMAS,
    REPLIES,
    SUSPECT,
    Database,
    Kind,
    private_folder,
    rows,
    translated,
    write_whole,
)
from zianalytics.journal.disk.owners import Owner, anyone, anyone_else, clear_gone, is_gone
from zianalytics.journal.disk.place import network_kind, refuse_network
from zianalytics.journal.disk.seals import NOTHING, WITH_BODIES, Head, Part, chained, digest, packed, sums, tables

__all__ = [
    "BUSY_MS",
    "LEDGER",
    "NOTHING",
    "PRAGMAS",
    "REPLIES",
    "SUSPECT",
    "WITH_BODIES",
    "Database",
    "Head",
    "Kind",
    "Owner",
    "Part",
    "anyone",
    "anyone_else",
    "chained",
    "clear_gone",
    "digest",
    "is_gone",
    "network_kind",
    "packed",
    "private_folder",
    "refuse_network",
    "rows",
    "sums",
    "tables",
    "translated",
    "write_whole",
]

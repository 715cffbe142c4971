"""What the service has said of its limits, over time: a few rows a day, however many replies said it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import apsw

from zianalytics.journal.files import Database, rows
from zianalytics.journal.values import as_text
from zianalytics.schema.usage import LimitTold, Snapshot, Source

# Within a minute the last count takes the place of the one before: 100,000 replies leave a row a limit and minute.
_NOTE = """
insert into usage (limit_type, minute, at, used, allowed, source)
select :limit_type, substr(:at, 1, 16), :at, :used, :allowed, :source
where not exists (
    select 1 from (select * from usage where limit_type = :limit_type order by minute desc limit 1) as last
    where last.used is :used and last.allowed is :allowed and substr(last.at, 1, 10) = substr(:at, 1, 10)
)
on conflict do update set at = excluded.at, used = excluded.used, allowed = excluded.allowed, source = excluded.source
where excluded.at >= usage.at
"""


class UsageNotes:
    """The snapshots of an account, from every process that heard the service speak of its limits."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note(self, told: Iterable[LimitTold], *, at: datetime, source: Source) -> None:
        """Keep what was told, where it says anything new."""
        with self._db.writing() as db:
            write_usage(db, told, at=at, source=source)

    def history(self) -> list[Snapshot]:
        """All snapshots, oldest first."""
        with self._db.reading() as db:
            found = rows(db, "select at, limit_type, used, allowed, source from usage order by at, limit_type")
        return [
            Snapshot(at=datetime.fromisoformat(at), limit_type=limit_type, used=used, allowed=allowed, source=source)
            for at, limit_type, used, allowed, source in found
        ]


def write_usage(db: apsw.Connection, told: Iterable[LimitTold], *, at: datetime, source: Source) -> None:
    """Keep what was told, inside a transaction that is open."""
    for one in told:
        said = {"limit_type": one.limit_type, "used": one.used, "allowed": one.allowed}
        db.execute(_NOTE, {**said, "at": as_text(at), "source": source})

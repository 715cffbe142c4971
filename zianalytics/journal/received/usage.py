"""What the service has said of its limits, over time: a row a limit and minute at most, however often it said it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import apsw

from zianalytics.journal.disk import Database, rows
from zianalytics.journal.values import as_text
from zianalytics.schema.usage import LimitTold, Snapshot, Source

# Within a minute the last count takes the place of the one before: 100,000 replies leave a row a limit and minute.
# Replies that cross each other come within seconds, and then the higher count is the newer one. The first count of all
# has no minute and stays, so that what was used since is all known.
_FIRST = """
insert into usage (limit_type, minute, at, used, allowed, source)
select :limit_type, '', :at, :used, :allowed, :source
where not exists (select 1 from usage where limit_type = :limit_type)
"""
_WRITE = """
insert into usage (limit_type, minute, at, used, allowed, source)
select :limit_type, substr(:at, 1, 16), max(:at, coalesce(first.at, :at)), :used, :allowed, :source
from (select 1) left join usage as first on first.limit_type = :limit_type and first.minute = ''
where first.at is null or coalesce(:used, 0) >= coalesce(first.used, 0)
    or (julianday(:at) - julianday(first.at)) * 86400 > 5
on conflict do update set at = excluded.at, used = excluded.used, allowed = excluded.allowed, source = excluded.source
where coalesce(excluded.used, 0) >= coalesce(usage.used, 0)
    or (julianday(excluded.at) - julianday(usage.at)) * 86400 > 5
"""
_SNAPSHOTS = "select at, limit_type, used, allowed, source from usage"


class UsageNotes:
    """The snapshots of an account, from every process that heard the service speak of its limits."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def note(self, told: Iterable[LimitTold], *, at: datetime, source: Source) -> None:
        """Keep what was told; where it is no news nothing is written."""
        with self._db.reading() as db:
            news = _news(db, told, at)
        if news:
            with self._db.writing() as db:
                write_usage(db, news, at=at, source=source)

    def history(self) -> list[Snapshot]:
        """All snapshots, oldest first."""
        with self._db.reading() as db:
            return [_snapshot(row) for row in rows(db, f"{_SNAPSHOTS} order by at, limit_type, minute")]

    def newest(self, limit_types: Iterable[str]) -> dict[str, Snapshot]:
        """The last snapshot of each of these limits that has one."""
        with self._db.reading() as db:
            found = [_last(db, limit_type) for limit_type in limit_types]
        return {one.limit_type: one for one in found if one}


def write_usage(db: apsw.Connection, told: Iterable[LimitTold], *, at: datetime, source: Source) -> None:
    """Keep what was told, inside a transaction that is open."""
    for one in _news(db, told, at):
        said = {"limit_type": one.limit_type, "used": one.used, "allowed": one.allowed}
        said |= {"at": as_text(at), "source": source}
        db.execute(_FIRST, said)
        if not db.changes():
            db.execute(_WRITE, said)


def _news(db: apsw.Connection, told: Iterable[LimitTold], at: datetime) -> list[LimitTold]:
    """What of it is another count, or another day, than was kept last."""
    news = []
    for one in told:
        last = _last(db, one.limit_type)
        if not last or (last.used, last.allowed, last.at.date()) != (one.used, one.allowed, at.date()):
            news.append(one)
    return news


def _last(db: apsw.Connection, limit_type: str) -> Snapshot | None:
    found = rows(db, f"{_SNAPSHOTS} where limit_type = ? order by minute desc limit 1", [limit_type])
    return _snapshot(found[0]) if found else None


def _snapshot(row: tuple[Any, ...]) -> Snapshot:
    at, limit_type, used, allowed, source = row
    return Snapshot(at=datetime.fromisoformat(at), limit_type=limit_type, used=used, allowed=allowed, source=source)

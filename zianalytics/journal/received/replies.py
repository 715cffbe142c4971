"""What was received, and what the user gave: `replies.db`. Everything downstream can be rebuilt from it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from zianalytics.errors import StoreDamaged
from zianalytics.journal.disk import REPLIES, SUSPECT, Database, rows
from zianalytics.journal.received.packing import NotPacked, pack, unpack
from zianalytics.journal.received.usage import UsageNotes, write_usage
from zianalytics.journal.values import Intent, Reply, as_text
from zianalytics.schema.usage import LimitTold

_PAGE = 100
_MATTER = ("content-type", "date", "x-request-id")
# Numbers follow the order in which replies were kept, and threads keep them a little out of the order they came in.
_LAST_KEPT = "select id, received from replies order by id desc limit 1"
_NEWEST = "select max(received) from (select received from replies order by id desc limit 100)"
_COLUMNS = "id, whole, operation, request, status, headers, received, body, sha256"


@dataclass(frozen=True)
class Given:
    """Something the user gave: closed deals, who is suppressed."""

    id: int
    at: datetime
    payload: bytes


class Replies:
    """The replies of one account, oldest first, each as it came."""

    def __init__(self, folder: Path) -> None:
        self.db = Database(folder, REPLIES)
        self.usage = UsageNotes(self.db)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def keep(
        self,
        intent: Intent | None,
        operation: str,
        request: bytes,
        *,
        status: int,
        headers: Mapping[str, str],
        received: datetime,
        body: bytes,
        usage: Sequence[LimitTold] = (),
    ) -> int:
        """Make a reply durable, before anyone reads it; returns its number.

        Numbers grow, and follow the clock: one that the ledger remembers is never given again, even when an older copy
        of the file was put back.
        """
        kept = {name: headers[name] for name in headers if name in _MATTER or name.startswith("x-usage-")}
        whole = msgspec.json.encode(intent).decode() if intent else None
        row: list[Any] = [whole, operation, request, status, json.dumps(kept), as_text(received)]
        row += [pack(body), sha256(body).digest(), intent.id if intent else None]
        with self.db.writing(is_followed=intent is not None) as db:
            [(last,)] = rows(db, "select coalesce(max(id), 0) from replies")
            number = max(int(last) + 1, time.time_ns() // 1000)
            db.execute(
                f"insert into replies ({_COLUMNS}, intent) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own words
                [number, *row],
            )
            write_usage(db, usage, at=received, source="header")
        return number

    def after(self, last: int = 0, known: Mapping[int, bytes] | None = None) -> Iterator[Reply]:
        """The replies behind number `last`, in the order they were kept.

        Parameters
        ----------
        known
            The digests of bodies that are known, by the numbers of their replies; those are not read.

        Raises
        ------
        StoreDamaged
            A body is not the one that was received.
        """
        while page := self._rows(f"where id > ? order by id limit {_PAGE}", [last]):
            yield from (self._reply(row, known) for row in page)
            last = page[-1][0]

    def get(self, numbers: list[int]) -> dict[int, Reply]:
        """Some replies by their numbers."""
        found = self._rows("where id in (select value from json_each(?))", [json.dumps(numbers)])
        return {row[0]: self._reply(row) for row in found}

    def intents(self, numbers: Sequence[int] | None = None) -> set[tuple[int, str]]:
        """Which replies are here, and the intent that each answers.

        Parameters
        ----------
        numbers
            Among these; None for all.
        """
        asked = None if numbers is None else json.dumps(list(numbers))
        with self.db.reading() as db:
            found = rows(
                db,
                "select id, intent from replies where intent is not null "
                "and (?1 is null or id in (select value from json_each(?1)))",
                [asked],
            )
        return set(found)

    def of_intent(self, intent: str) -> Reply | None:
        """The newest reply to an intent; None when none was kept."""
        found = self._rows("where intent = ? order by id desc limit 1", [intent])
        return self._reply(found[0]) if found else None

    def of_operations(self, operations: Sequence[str]) -> Iterator[Reply]:
        """The replies to some operations, oldest first."""
        condition = "where operation in (select value from json_each(?)) order by id"
        for row in self._rows(condition, [json.dumps(list(operations))]):
            yield self._reply(row)

    def digests_of(self, operations: Sequence[str], last: int) -> set[bytes]:
        """The SHA-256 of the bodies of the last replies to some operations."""
        with self.db.reading() as db:
            found = rows(
                db,
                "select sha256 from replies where operation in (select value from json_each(?)) "
                "order by id desc limit ?",
                [json.dumps(list(operations)), last],
            )
        return {bytes(digest) for (digest,) in found}

    def to(self, operations: list[str]) -> list[Reply]:
        """The replies to some operations, oldest first."""
        found = self._rows("where operation in (select value from json_each(?)) order by id", [json.dumps(operations)])
        return [self._reply(row) for row in found]

    def give(self, kind: str, payload: bytes, *, at: datetime) -> None:
        """Keep what the user gave."""
        with self.db.writing() as db:
            db.execute(
                "insert into given (kind, at, payload, sha256) values (?, ?, ?, ?)",
                [kind, as_text(at), pack(payload), sha256(payload).digest()],
            )

    def given(self, kind: str, *, after: int = 0) -> Iterator[Given]:
        """What the user gave of this kind, oldest first."""
        with self.db.reading() as db:
            found = rows(
                db, "select id, at, payload, sha256 from given where kind = ? and id > ? order by id", [kind, after]
            )
        for number, at, packed, digest in found:
            yield Given(number, datetime.fromisoformat(at), self._sound(packed, digest, f"entry {number} of given"))

    def last_received(self) -> datetime | None:
        """Server time of the newest reply."""
        with self.db.reading() as db:
            [(newest,)] = rows(db, _NEWEST)
        return datetime.fromisoformat(newest) if newest else None

    def clock_offset_s(self) -> float:
        """How far the service was ahead of this machine when the last reply came; 0 where there is none.

        Its number is when it was kept, by the machine's clock.
        """
        with self.db.reading() as db:
            last = rows(db, _LAST_KEPT)
        return sum((datetime.fromisoformat(received).timestamp() - int(number) / 1e6 for number, received in last), 0.0)

    def _rows(self, condition: str, values: list[Any]) -> list[tuple[Any, ...]]:
        with self.db.reading() as db:
            return rows(db, f"select {_COLUMNS} from replies {condition}", values)  # noqa: S608  # our own words

    def _reply(self, row: tuple[Any, ...], known: Mapping[int, bytes] | None = None) -> Reply:
        number, whole, operation, request, status, headers, received, packed, digest = row
        return Reply(
            id=number,
            intent=msgspec.json.decode(whole, type=Intent) if whole else None,
            operation=operation,
            request=request,
            status=status,
            headers=json.loads(headers),
            received=datetime.fromisoformat(received),
            body=b"" if known and known.get(number) == digest else self._sound(packed, digest, f"reply {number}"),
            digest=digest,
        )

    def _sound(self, packed: bytes, digest: bytes, what: str) -> bytes:
        try:
            body = unpack(packed)
        except NotPacked:
            body = None
        if body is None or sha256(body).digest() != digest:
            (self.db.path.parent / SUSPECT).touch(mode=0o600)
            raise StoreDamaged(
                f"{self.db.path}: {what} is not what was received. Nothing was sent or spent. Close all clients of "
                "this home and run it again: what is sound is used, and the rest is set aside. Put a copy of the file "
                "back if you have one."
            )
        return body

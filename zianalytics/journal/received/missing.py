"""Replies that the ledger has settled requests by, and that are not there: `replies.db` was damaged or replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from zianalytics.journal.disk import Database, rows
from zianalytics.journal.values import Found


@dataclass(frozen=True)
class Lost:
    """A reply that is not there.

    Attributes
    ----------
    reply
        Its number.
    intent
        The request that it answered.
    operation
        The operation whose questions it answered.
    received
        When it came.
    found
        What each input was answered with.
    fields
        The columns that had been asked for.
    """

    reply: int
    intent: str
    operation: str
    received: datetime
    found: tuple[Found, ...]
    fields: tuple[str, ...]


class Missing:
    """Questions about such replies, and the end of one."""

    def __init__(self, ledger: Database, replies: Database) -> None:
        self._ledger, self._replies = ledger, replies

    def numbers(self) -> set[tuple[int, str]]:
        """Each of them, with the request that it answered."""
        with self._ledger.reading() as db:
            settled = set(rows(db, "select distinct reply, reply_to from found"))
        with self._replies.reading() as db:
            here = set(rows(db, "select id, intent from replies where intent is not null"))
        return settled - here

    def all(self) -> list[Lost]:
        """Each of them, oldest first, with what is known of it."""
        return [self._lost(reply, intent) for reply, intent in sorted(self.numbers())]

    def _lost(self, reply: int, intent: str) -> Lost:
        with self._ledger.reading() as db:
            found = rows(
                db,
                "select found.operation, received, input_row, asked, record_id, status, whole -> '$.fields' from found "
                "join intents on intents.id = found.intent where reply = ? and reply_to = ? order by input_row",
                [reply, intent],
            )
        (operation, received, *_, fields), *_ = found
        answers = tuple(
            Found(input_row=row, asked=asked, record_id=record, status=status)
            for _, _, row, asked, record, status, _ in found
        )
        columns = msgspec.json.decode(fields, type=tuple[str, ...]) if fields else ()
        return Lost(reply, intent, operation, datetime.fromisoformat(received), answers, columns)

    def forget(self, lost: Lost) -> None:
        """It has been fetched again, or held nothing: miss it no more. What it was charged stays."""
        with self._ledger.writing() as db:
            db.execute("delete from found where reply = ? and reply_to = ?", [lost.reply, lost.intent])

"""What a settlement writes into the ledger: its charges with their windows, and what each input was answered with."""

from __future__ import annotations

import json

import apsw

from zianalytics.journal.disk import rows
from zianalytics.journal.values import Settlement, as_text, managed_until
from zianalytics.schema.meters import Entity


def charge(db: apsw.Connection, one: Settlement, operation: str) -> None:
    """Write its charges down, record by record."""
    own, charged_at = managed_until(one.charged_at).isoformat(), as_text(one.charged_at)
    windows = {entity: _windows(db, one, entity, until=own) for entity in {new.entity for new in one.charges}}
    lines = []
    for new in one.charges:
        window = windows[new.entity].get(new.record_id)
        credits = int(new.redeems and window is None)
        if not credits and not new.records:
            continue  # what a list is about, and was under management
        if credits and new.record_id is not None:
            windows[new.entity][new.record_id] = own  # the same reply may hold it a second time
        lines.append(
            (one.intent, operation, new.entity, new.record_id, credits, new.records, charged_at,
             own if credits else window, one.request_id)
        )  # fmt: skip
    db.executemany(
        "insert into charges (intent, operation, entity, record_id, credits, records, charged_at, managed_until, "
        "request_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        lines,
    )


def _windows(db: apsw.Connection, one: Settlement, entity: Entity, *, until: str) -> dict[str | None, str]:
    """Until when the records of a settlement are managed that were redeemed before, as far as they are.

    What was lost may be settled after requests that were sent later: theirs is the window, if it began in its year,
    that ends at `until`. A window that the service did not count is no window that one can rely on.
    """
    ids = [new.record_id for new in one.charges if new.entity == entity]
    return dict(
        rows(
            db,
            "select record_id, max(managed_until) from charges where entity = ? "
            "and record_id in (select value from json_each(?)) and credits > 0 "
            "and managed_until > ? and substr(charged_at, 1, 10) < ? "
            "and coalesce((select agrees from readings where up_to >= charges.id order by up_to limit 1), 1) "
            "group by record_id",
            [entity, json.dumps(ids), as_text(one.charged_at)[:10], until],
        )
    )


def write_found(db: apsw.Connection, one: Settlement, operation: str, *, reply_to: str | None = None) -> None:
    """Write down what each of its inputs was answered with."""
    db.executemany(
        "insert into found (reply, input_row, intent, reply_to, operation, asked, record_id, status, received) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (one.reply, row.input_row, one.intent, reply_to or one.intent, operation, row.asked, row.record_id,
             row.status, as_text(one.charged_at))
            for row in one.found
        ],
    )  # fmt: skip

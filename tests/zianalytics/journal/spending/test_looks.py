"""What the service had counted, kept with how far our own ledger was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from zianalytics.journal import Call, Charge, Intent, Journal, Settlement, Statements
from zianalytics.journal.disk.files import LEDGER, Database
from zianalytics.journal.spending.ledger import Ledger
from zianalytics.journal.values import as_text
from zianalytics.schema.meters import Meters

from ..conftest import NOW

Intend = Callable[..., Intent]


def spend(journal: Journal, intent: Intent, *charges: Charge) -> None:
    journal.reserve(intent)
    journal.settle(Settlement(intent=intent.id, charged_at=NOW, charges=charges))


def begin(journal: Journal) -> Call:
    return journal.ledger.begin("enrich.companies", Meters(credits=5, records=50, requests=5), at=NOW)


def look(journal: Journal, **counted: int) -> None:
    journal.ledger.compare(journal.ledger.counted_so_far(), counted, at=NOW)


def test_each_look_has_what_we_had_charged_by_then_in_both_pools(journal: Journal, intend: Intend) -> None:
    call = begin(journal)
    look(journal, credits=100, records=200)
    spend(journal, intend(call, 1), Charge(entity="company", record_id="1", redeems=True))
    look(journal, credits=101, records=201, requests=1)
    visitors = replace(intend(call, worst=Meters(records=3, requests=1)), operation="enrich.ips", pool="websights")
    spend(journal, visitors, Charge(entity="ip", record_id=None, records=2))
    look(journal, credits=101, records=201, requests=1, ip_records=2, ip_requests=1)
    said: list[dict[str, Any]] = [dict(one.counted) for one in journal.ledger.looks.history()]
    nothing = dict.fromkeys(("credits", "records", "requests", "ip_records", "ip_requests"))
    assert said == [
        nothing | {"credits": 100, "records": 200},
        nothing | {"credits": 101, "records": 201, "requests": 1},
        {"credits": 101, "records": 201, "requests": 1, "ip_records": 2, "ip_requests": 1},
    ]
    assert [tuple(one.ours.values()) for one in journal.ledger.looks.history()] == [
        (0, 0, 0, 0, 0),
        (1, 1, 1, 0, 0),
        (1, 1, 1, 2, 1),
    ]
    assert journal.ledger.looks.ours() == dict(journal.ledger.looks.history()[-1].ours)


def test_what_is_said_again_is_kept_once_and_nothing_while_a_request_has_no_end(
    journal: Journal, intend: Intend
) -> None:
    look(journal, credits=7)
    look(journal, credits=7)
    look(journal, credits=8)
    intent = intend(begin(journal), 1)
    journal.reserve(intent)
    look(journal, credits=9)
    [waiting] = journal.ledger.looks.open()
    assert (waiting.operation, waiting.is_awaited) == ("enrich.companies", True)
    assert waiting.worst == {"credits": 1, "records": 1, "requests": 1}
    journal.doubt(intent.id)
    look(journal, credits=9)
    assert [one.is_awaited for one in journal.ledger.looks.open()] == [False]
    assert [one.counted["credits"] for one in journal.ledger.looks.history()] == [7, 8]


def test_a_ledger_from_before_is_brought_up_to_date_and_names_nobody(tmp_path: Path) -> None:
    older = Database(tmp_path, replace(LEDGER, scripts=LEDGER.scripts[:3]))
    with older.writing() as db:
        db.execute("insert into calls values ('c', 'c', 'enrich.companies', '', '', '2031', 1, 1, 1, 1, 1)")
        db.execute("insert into intents values ('i', 'c', 'enrich.companies', '2031', 'settled', 1, 1, 1, '{}')")
        db.execute(
            "insert into charges values (1, 'i', 'enrich.companies', 'company', '7', 1, 1, ?, '2032-03-01', 'r')",
            [as_text(NOW)],
        )
    older.close()
    ledger = Ledger(tmp_path)
    ledger.compare(ledger.counted_so_far(), {"credits": 1}, at=NOW)
    assert [one.ours["credits"] for one in ledger.looks.history()] == [1]
    assert Statements(ledger.db).ledger().select("who", "source", "id", "call").rows() == [(None, None, "7", "c")]
    ledger.close()

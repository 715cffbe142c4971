"""Journals of earlier versions are opened, brought up to date, and vouched for from then on."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from zianalytics.errors import JournalDamaged
from zianalytics.journal import Allowance, Journal
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
LEDGER_OF_VERSION_1 = """
create table caps (
    id text primary key, kind text not null check (kind in ('standing', 'block')),
    credits integer, records integer, requests integer, opened_at text not null, closed_at text
) strict;
create table calls (
    id text primary key, run text not null, operation text not null, question text not null, owner text not null,
    at text not null, credits integer not null, records integer not null, requests integer not null,
    closed integer not null default 0, finished integer not null default 0
) strict;
create table draws (
    cap text not null references caps, call text not null references calls,
    credits integer not null, records integer not null, requests integer not null, primary key (cap, call)
) strict;
create table intents (
    id text primary key, call text not null references calls, operation text not null, at text not null,
    state text not null check (state in ('open', 'unknown', 'settled', 'released')),
    credits integer not null, records integer not null, requests integer not null,
    whole text not null
) strict;
create index intents_by_state on intents (state) where state in ('open', 'unknown');
create index intents_by_call on intents (call);
create table charges (
    id integer primary key, intent text not null references intents, operation text not null, entity text not null,
    record_id text, credits integer not null, records integer not null, charged_at text not null,
    managed_until text, request_id text
) strict;
create index charges_by_record on charges (entity, record_id);
create table found (
    reply integer not null, input_row integer not null, intent text not null references intents, reply_to text not null,
    operation text not null, asked text not null, record_id text, status text not null, received text not null,
    primary key (reply, input_row)
) strict;
create index found_by_question on found (operation, asked);
create index found_by_record on found (operation, record_id);
create index found_by_intent on found (intent);
create table readings (
    up_to integer primary key, credits integer not null, records integer not null, agrees integer not null
) strict;
create trigger spent_never_falls before update on charges
begin select raise(abort, 'a charge would change'); end;
create trigger spent_never_vanishes before delete on charges
begin select raise(abort, 'a charge would vanish'); end;
"""
REPLIES_OF_VERSION_1 = """
create table replies (
    id integer primary key autoincrement, intent text, whole text, operation text not null, request blob not null,
    status integer not null, headers text not null, received text not null, body blob not null, sha256 blob not null
) strict;
create index replies_by_intent on replies (intent);
create table given (
    id integer primary key autoincrement, kind text not null, at text not null, payload blob not null,
    sha256 blob not null
) strict;
"""
WHOLE = (
    '{"id":"i","call":"c","operation":"enrich.companies","request":"e30=","worst":{"credits":1,"records":1,"requests":1},'
    '"at":"2031-03-01T09:00:00Z","asked":["company 1"],"ids":[1],"fields":["name"],"repeats":null,"counted":null,'
    '"pool":"api"}'
)
AT = "2031-03-01T09:00:00.000000+00:00"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """An account of version 1 that has a standing budget, and has bought one company."""
    ledger, replies = (apsw.Connection(str(tmp_path / name)) for name in ("ledger.db", "replies.db"))
    ledger.execute(LEDGER_OF_VERSION_1 + "pragma application_id=0x5A494C31; pragma user_version=1")
    replies.execute(REPLIES_OF_VERSION_1 + "pragma application_id=0x5A495231; pragma user_version=1")
    ledger.execute("insert into caps values ('b', 'standing', 10, 10, null, ?, null)", [AT])
    ledger.execute("insert into calls values ('c', 'c', 'enrich.companies', '', 'o', ?, 1, 1, 1, 1, 1)", [AT])
    ledger.execute("insert into draws values ('b', 'c', 1, 1, 1)")
    ledger.execute("insert into intents values ('i', 'c', 'enrich.companies', ?, 'settled', 1, 1, 1, ?)", [AT, WHOLE])
    ledger.execute(
        "insert into charges values (1, 'i', 'enrich.companies', 'company', '1', 1, 1, ?, '2032-03-01', 'r')", [AT]
    )
    ledger.execute(
        "insert into found values (7, 0, 'i', 'i', 'enrich.companies', 'company 1', '1', 'matched', ?)", [AT]
    )
    packed, digest = zlib.compress(b'{"name": "Quorvane"}'), sha256(b'{"name": "Quorvane"}').digest()
    replies.execute(
        "insert into replies values (7, 'i', ?, 'enrich.companies', x'7b7d', 200, '{}', ?, ?, ?)",
        [WHOLE, AT, packed, digest],
    )
    for db in (ledger, replies):
        db.close()
    return tmp_path


def test_what_an_older_version_kept_is_here(older: Path) -> None:
    with Journal.open(older) as journal:
        assert journal.statements.totals().spent == Meters(credits=1, records=1, requests=1)
        assert journal.managed("company").rows() == [(1, date(2031, 3, 1), date(2032, 3, 1), 7)]
        assert [one.body for one in journal.replies()] == [b'{"name": "Quorvane"}']
        assert journal.ledger.caps.left("b") == Allowance(credits=9, records=9)
        assert journal.open_intents() == []
    with Journal.open(older):
        pass  # and nothing is said of it


@pytest.mark.parametrize("name", ["ledger.db", "replies.db"])
def test_once_it_is_brought_up_to_date_damage_is_noticed(older: Path, name: str) -> None:
    Journal.open(older).close()
    table = {"ledger.db": "found", "replies.db": "replies"}[name]
    db = apsw.Connection(str(older / name))
    db.execute(f"update {table} set operation = 'enrich.contacts'")  # noqa: S608  # our own words
    db.close()
    with pytest.warns(match=rf"{name} is damaged: rows of {table} are not as they were written|lacks 1 of the replies"):
        Journal.open(older).close()


def test_the_older_copy_of_a_file_that_was_brought_up_to_date_is_noticed(older: Path) -> None:
    copy = (older / "ledger.db").read_bytes()
    Journal.open(older).close()
    (older / "ledger.db").write_bytes(copy)
    with (
        pytest.warns(JournalDamaged, match=r"ledger\.db is an older copy, or its end was cut off"),
        Journal.open(older) as journal,
    ):
        assert journal.ledger.caps.standing() != "b"


def test_an_older_file_that_is_damaged_is_salvaged_as_far_as_it_can_be_read(older: Path) -> None:
    content = bytearray((older / "replies.db").read_bytes())
    content[:16] = bytes(16)
    (older / "replies.db").write_bytes(content)
    with pytest.warns(JournalDamaged, match=r"replies\.db is damaged"), Journal.open(older) as journal:
        assert [one.body for one in journal.replies()] == [b'{"name": "Quorvane"}']


def test_a_budget_of_an_older_version_never_counts_from_0_and_one_set_now_is_vouched_for_with_its_period(
    older: Path,
) -> None:
    with Journal.open(older) as journal:
        assert journal.ledger.caps.cap("b").per is None
        journal.ledger.caps.open(Allowance(credits=5), "standing", at=NOW, per="month")
    db = apsw.Connection(str(older / "ledger.db"))
    db.execute("update caps set per = 'day' where per = 'month'")
    db.close()
    with pytest.warns(JournalDamaged, match="rows of caps are not as they were written"):
        journal = Journal.open(older)
    with journal:
        standing = journal.ledger.caps.standing()
        assert standing is not None
        assert journal.ledger.caps.cap(standing).allowed == Allowance(credits=0, records=0, requests=0)

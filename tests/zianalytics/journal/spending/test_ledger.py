import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from zianalytics.errors import StoreDamaged
from zianalytics.journal import Call, Charge, Found, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
Intend = Callable[..., Intent]


def redeemed(intent: Intent, *ids: int, at: datetime = NOW, reply: int | None = 1) -> Settlement:
    return Settlement(
        intent=intent.id,
        charged_at=at,
        reply=reply,
        request_id="req-1",
        charges=tuple(Charge(entity="company", record_id=str(n), redeems=True) for n in ids),
        found=tuple(
            Found(input_row=row, asked=f"company {n}", record_id=str(n), status="matched") for row, n in enumerate(ids)
        ),
    )


def begin(journal: Journal, worst: Meters, *, at: datetime = NOW, question: str = "") -> Call:
    run = journal.ledger.interrupted("enrich.companies", question, at=at) if question else None
    return journal.ledger.begin("enrich.companies", worst, at=at, question=question, run=run)


def test_a_settled_intent_is_in_the_ledger_with_its_window(journal: Journal, intend: Intend) -> None:
    call = begin(journal, Meters(credits=2, records=2, requests=1))
    intent = replace(intend(call, 1, 2), who="ana", source="weekly.ipynb")
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1, 2))
    ends = date(2032, 3, 1)
    asked = (intent.id, call.id, call.run)
    assert journal.statements.ledger().rows() == [
        (NOW, "ana", "weekly.ipynb", "enrich.companies", "company", "1", "req-1", 1, 1, ends, *asked),
        (NOW, "ana", "weekly.ipynb", "enrich.companies", "company", "2", "req-1", 1, 1, ends, *asked),
    ]
    assert journal.statements.totals().spent == Meters(credits=2, records=2, requests=1)
    assert journal.open_intents() == []


def test_a_second_redeem_within_a_year_is_free(journal: Journal, intend: Intend) -> None:
    for reply, at in enumerate((NOW, NOW + timedelta(days=364), NOW + timedelta(days=366))):
        intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
        journal.reserve(intent)
        journal.settle(redeemed(intent, 1, at=at, reply=reply))
    assert journal.statements.ledger().select("credits", "records", "managed_until").rows() == [
        (1, 1, date(2032, 3, 1)),
        (0, 1, date(2032, 3, 1)),
        (1, 1, date(2033, 3, 1)),
    ]


def test_a_record_that_is_twice_in_one_reply_is_redeemed_once(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=3, records=3, requests=1)), 1, 2, 3)
    journal.reserve(intent)
    nameless = Charge(entity="company", record_id=None, redeems=True)
    twice = redeemed(intent, 1, 2, 1)
    journal.settle(replace(twice, charges=(*twice.charges, nameless, nameless)))
    assert journal.statements.ledger().select("id", "credits", "records", "managed_until").rows() == [
        ("1", 1, 1, date(2032, 3, 1)),
        ("2", 1, 1, date(2032, 3, 1)),
        ("1", 0, 1, date(2032, 3, 1)),
        (None, 1, 1, date(2032, 3, 1)),
        (None, 1, 1, date(2032, 3, 1)),
    ]


def test_a_window_from_a_leap_day_ends_on_the_28th(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1, at=datetime(2032, 2, 29, 12, tzinfo=UTC)))
    assert journal.managed("company")["managed_until"].to_list() == [date(2033, 2, 28)]


def test_a_company_and_a_contact_of_one_number_have_windows_of_their_own(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=2, records=2, requests=1)), 1)
    journal.reserve(intent)
    charges = (
        Charge(entity="company", record_id="1", redeems=True),
        Charge(entity="contact", record_id="1", redeems=True),
    )
    journal.settle(Settlement(intent=intent.id, charged_at=NOW, charges=charges))
    assert journal.statements.ledger()["credits"].to_list() == [1, 1]
    assert journal.managed("contact", [1, 2])["id"].to_list() == [1]


def test_settling_twice_charges_once(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1))
    journal.settle(redeemed(intent, 1))
    assert len(journal.statements.ledger()) == 1


def test_a_released_intent_leaves_no_trace_on_the_meters(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.release(intent.id)
    assert journal.statements.totals().spent == Meters()
    assert journal.statements.totals().unknown == Meters()


def test_a_doubted_intent_keeps_its_reservation_until_it_is_settled(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=3, records=3, requests=1)), 1, 2, 3)
    journal.reserve(intent)
    journal.doubt(intent.id)
    assert journal.statements.totals().unknown == Meters(credits=3, records=3, requests=1)
    [open_one] = journal.open_intents()
    assert open_one.intent == intent
    assert open_one.reply is None
    journal.settle(redeemed(intent, 1))
    assert journal.statements.totals().unknown == Meters()


def test_a_repeat_pays_its_credits_from_the_first_reservation(journal: Journal, intend: Intend) -> None:
    first = intend(begin(journal, Meters(credits=2, records=2, requests=1)), 1, 2)
    journal.reserve(first)
    journal.doubt(first.id)
    again = intend(
        begin(journal, Meters(records=2, requests=1)), 1, 2, repeats=first.id, worst=Meters(records=2, requests=1)
    )
    journal.reserve(again)
    charges = tuple(Charge(entity="company", record_id=str(n), redeems=True) for n in (1, 2))
    journal.settle(
        Settlement(intent=first.id, charged_at=NOW),
        Settlement(intent=again.id, charged_at=NOW, charges=charges, pays_from=first.id),
    )
    assert journal.statements.totals().spent == Meters(credits=2, records=2, requests=2)
    assert journal.open_intents() == []


@pytest.mark.parametrize("meter", ["credits", "records", "requests"])
def test_requests_of_a_call_cannot_exceed_what_it_reserved(meter: str, journal: Journal, intend: Intend) -> None:
    allowed = {"credits": 4, "records": 4, "requests": 4} | {meter: 1}
    call = begin(journal, Meters(**allowed))
    journal.reserve(intend(call, 1, worst=Meters(credits=1, records=1, requests=1)))
    with pytest.raises(StoreDamaged, match="a request would cost more than its call reserved"):
        journal.reserve(intend(call, 2, worst=Meters(credits=1, records=1, requests=1)))


def test_a_charge_can_neither_change_nor_vanish(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1))
    for statement in ("update charges set credits = 0", "delete from charges"):
        with pytest.raises(StoreDamaged, match="a charge would"), journal.ledger.db.writing() as db:
            db.execute(statement)


def test_the_file_refuses_a_second_redemption_inside_the_window(journal: Journal, intend: Intend) -> None:
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1))
    with pytest.raises(StoreDamaged, match="redeemed twice"), journal.ledger.db.writing() as db:
        db.execute(
            "insert into charges (intent, operation, entity, record_id, credits, records, charged_at, managed_until) "
            "select intent, operation, entity, record_id, 1, 1, charged_at, managed_until from charges"
        )


def test_every_charge_points_at_an_intent(journal: Journal) -> None:
    with pytest.raises(StoreDamaged, match="FOREIGN KEY"), journal.ledger.db.writing() as db:
        db.execute(
            "insert into charges (intent, operation, entity, credits, records, charged_at) "
            "values ('nobody', 'enrich.companies', 'company', 0, 1, '2031-03-01')"
        )


def test_what_a_living_journal_waits_for_is_not_taken_over(tmp_path: Path, intend: Intend) -> None:
    with Journal.open(tmp_path) as first, Journal.open(tmp_path) as second:
        intent = intend(begin(first, Meters(credits=1, records=1, requests=1)), 1)
        first.reserve(intent)
        assert second.open_intents() == []
        first.close()
        assert [one.intent for one in second.open_intents()] == [intent]


def test_what_a_call_that_is_over_has_left_open_is_in_doubt(journal: Journal, intend: Intend) -> None:
    call = begin(journal, Meters(credits=1, records=1, requests=1))
    intent = intend(call, 1)
    journal.reserve(intent)
    assert journal.statements.totals().unknown == Meters(credits=1, records=1, requests=1)
    assert journal.open_intents() == []
    journal.ledger.end(call, finished=False)
    assert [one.intent for one in journal.open_intents()] == [intent]


def test_a_reply_that_holds_more_than_was_asked_for_is_charged_whole_and_stops_nothing(
    journal: Journal, intend: Intend
) -> None:
    call = begin(journal, Meters(credits=2, records=2, requests=2))
    first, second = intend(call, 1), intend(call, 2)
    journal.reserve(first)
    journal.settle(redeemed(first, 1, 7, 8))
    journal.reserve(second)
    journal.settle(redeemed(second, 2, reply=2))
    assert journal.statements.totals().spent == Meters(credits=4, records=4, requests=2)


def test_what_was_lost_and_is_settled_late_shares_the_window_of_a_later_request(
    journal: Journal, intend: Intend
) -> None:
    lost, later, next_year = (intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1) for _ in range(3))
    for intent in (lost, later, next_year):
        journal.reserve(intent)
    journal.settle(redeemed(later, 1, at=NOW + timedelta(days=3)))
    journal.settle(redeemed(next_year, 1, at=NOW + timedelta(days=400), reply=2))
    journal.settle(redeemed(lost, 1, at=NOW, reply=3))
    assert journal.statements.ledger().select("charged_at", "credits", "managed_until").rows() == [
        (NOW, 0, date(2032, 3, 4)),
        (NOW + timedelta(days=3), 1, date(2032, 3, 4)),
        (NOW + timedelta(days=400), 1, date(2033, 4, 4)),
    ]


def counts(journal: Journal, credits: int, records: int) -> None:
    journal.ledger.compare(journal.ledger.counted_so_far(), {"credits": credits, "records": records}, at=NOW)


@pytest.mark.parametrize(("credits", "records"), [(2, 2), (1, 2), (3, 3), (2, 3)])
def test_a_window_is_certain_when_the_service_counted_exactly_what_we_did(
    journal: Journal, intend: Intend, credits: int, records: int
) -> None:
    counts(journal, 100, 100)
    intent = intend(begin(journal, Meters(credits=2, records=2, requests=1)), 1, 2)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1, 2))
    assert journal.statements.uncertain("company", [1, 2, 3]) == {1, 2}
    counts(journal, 100 + credits, 100 + records)
    is_certain = (credits, records) == (2, 2)
    assert journal.statements.uncertain("company", [1, 2, 3]) == (set() if is_certain else {1, 2})
    again = intend(begin(journal, Meters(credits=2, records=2, requests=1)), 1, 2)
    journal.reserve(again)
    journal.settle(redeemed(again, 1, 2, at=NOW + timedelta(days=9), reply=2))
    assert journal.statements.totals().spent.credits == (2 if is_certain else 4)


def test_while_a_request_has_no_end_nothing_is_compared(journal: Journal, intend: Intend) -> None:
    counts(journal, 0, 0)
    lost = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(lost)
    journal.doubt(lost.id)
    counts(journal, 1, 1)
    journal.settle(redeemed(lost, 1))
    counts(journal, 1, 1)
    assert journal.statements.uncertain("company", [1]) == set()


def test_what_changed_while_the_service_was_asked_is_not_compared(journal: Journal, intend: Intend) -> None:
    counts(journal, 0, 0)
    so_far = journal.ledger.counted_so_far()
    intent = intend(begin(journal, Meters(credits=1, records=1, requests=1)), 1)
    journal.reserve(intent)
    journal.settle(redeemed(intent, 1))
    journal.ledger.compare(so_far, {"credits": 0, "records": 0}, at=NOW)
    counts(journal, 1, 1)
    assert journal.statements.uncertain("company", [1]) == set()


def test_held_answers_come_newest_first_by_question_and_by_id(journal: Journal, intend: Intend) -> None:
    for number, at in enumerate((NOW, NOW + timedelta(days=1)), start=1):
        intent = intend(begin(journal, Meters(credits=2, records=2, requests=1)), 1, 2)
        journal.reserve(intent)
        journal.settle(redeemed(intent, 1, 2, at=at, reply=number))
    held = journal.statements.held("enrich.companies", asked=["company 1"], ids=[2])
    assert held.select("asked", "id", "status", "reply", "input_row").rows() == [
        ("company 1", 1, "matched", 2, 0),
        ("company 2", 2, "matched", 2, 1),
        ("company 1", 1, "matched", 1, 0),
        ("company 2", 2, "matched", 1, 1),
    ]
    assert held["fields"].to_list()[0] == ["company_id", "name"]
    assert held["received"].to_list()[0] == NOW + timedelta(days=1)
    assert journal.statements.held("enrich.contacts", asked=["company 1"], ids=[2]).is_empty()


def test_an_empty_journal_gives_frames_with_all_columns(journal: Journal) -> None:
    assert journal.statements.ledger().schema == pl.Schema(
        {
            "charged_at": pl.Datetime("us", "UTC"), "who": pl.String(), "source": pl.String(), "endpoint": pl.String(),
            "entity": pl.String(), "id": pl.String(), "request_id": pl.String(), "credits": pl.Int64(),
            "records": pl.Int64(), "managed_until": pl.Date(), "intent_id": pl.String(), "call": pl.String(),
            "run": pl.String(),
        }
    )  # fmt: skip
    assert journal.managed("company").schema == pl.Schema(
        {"id": pl.Int64(), "charged_on": pl.Date(), "managed_until": pl.Date(), "reply": pl.Int64()}
    )


def test_an_interrupted_run_is_finished_on_the_same_day_and_a_finished_one_begins_anew(journal: Journal) -> None:
    page = Meters(records=10, requests=1)
    first = begin(journal, page, question="who reads")
    journal.ledger.end(first, finished=False)
    second = begin(journal, page, question="who reads", at=NOW + timedelta(hours=1))
    journal.ledger.end(second, finished=False)
    other = begin(journal, page, question="who else reads", at=NOW + timedelta(hours=1))
    third = begin(journal, page, question="who reads", at=NOW + timedelta(hours=2))
    journal.ledger.end(third, finished=True)
    fourth = begin(journal, page, question="who reads", at=NOW + timedelta(hours=3))
    assert (second.run, third.run) == (first.id, first.id)
    assert other.run == other.id
    assert fourth.run == fourth.id
    journal.ledger.end(fourth, finished=False)
    assert begin(journal, page, question="who reads", at=NOW + timedelta(hours=28)).run != fourth.id


def test_a_run_that_is_still_going_is_not_taken_over(journal: Journal) -> None:
    going = begin(journal, Meters(requests=1), question="who reads")
    assert begin(journal, Meters(requests=1), question="who reads").run != going.id


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX's")
def test_the_lock_of_a_process_that_was_killed_goes_when_the_journal_is_opened_again(tmp_path: Path) -> None:
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom zianalytics.journal import Journal\n"
        f"journal = Journal.open(Path({str(tmp_path)!r}))\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob("open-*.lock"))) == 1
    with Journal.open(tmp_path) as one, Journal.open(tmp_path):
        assert len(list(tmp_path.glob("open-*.lock"))) == 2
        assert one.open_intents() == []
    assert not list(tmp_path.glob("open-*.lock"))

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zianalytics.journal import Intent, Journal
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


def test_a_reply_comes_back_byte_for_byte_with_its_intent(journal: Journal, intend: Callable[..., Intent]) -> None:
    call = journal.ledger.begin("enrich.companies", Meters(credits=1, records=1, requests=1), at=NOW)
    intent = intend(call, 1)
    body = b'{"name": "\\ud800", "n": 1.0, "blob": "\xff\x00"}'
    headers = {"x-request-id": "r-9", "x-usage-record-limit-remaining": "5", "set-cookie": "secret"}
    number = journal.keep(
        intent, intent.operation, intent.request, status=200, headers=headers, received=NOW, body=body
    )
    [reply] = journal.replies()
    assert (reply.id, reply.status, reply.body, reply.received) == (number, 200, body, NOW)
    assert reply.intent == intent
    assert reply.request_id == "r-9"
    assert reply.headers == {"x-request-id": "r-9", "x-usage-record-limit-remaining": "5"}


def test_replies_are_read_on_from_a_number(journal: Journal) -> None:
    numbers = [
        journal.keep(None, "usage", b"", status=200, headers={}, received=NOW + timedelta(minutes=n), body=b"%d" % n)
        for n in range(250)
    ]
    assert [reply.body for reply in journal.replies(after=numbers[246])] == [b"247", b"248", b"249"]
    assert len(list(journal.replies())) == 250
    assert journal.last_received() == NOW + timedelta(minutes=249)
    assert set(journal.some_replies(numbers[:2])) == set(numbers[:2])


def test_a_body_that_is_known_is_not_read_and_one_that_is_another_is(journal: Journal) -> None:
    first, second, third = (
        journal.keep(None, "usage", b"", status=200, headers={}, received=NOW, body=body) for body in (b"1", b"2", b"2")
    )
    known = {first: sha256(b"not 1").digest(), second: sha256(b"2").digest()}
    found = {reply.id: (reply.body, reply.digest) for reply in journal.replies(known=known)}
    assert found == {
        first: (b"1", sha256(b"1").digest()),
        second: (b"", sha256(b"2").digest()),
        third: (b"2", sha256(b"2").digest()),
    }


def test_the_newest_reply_tells_how_far_the_service_was_ahead_of_this_machine(journal: Journal) -> None:
    assert journal.clock_offset_s() == 0
    now = datetime.now(UTC)
    for days in (-400, 90):
        journal.keep(None, "usage", b"", status=200, headers={}, received=now + timedelta(days=days), body=b"")
    assert 90 * 86_400 - 60 < journal.clock_offset_s() <= 90 * 86_400


def test_what_the_user_gave_comes_back_by_kind(journal: Journal) -> None:
    journal.give("deals", b"first", at=NOW)
    journal.give("matches", b"other", at=NOW)
    journal.give("deals", b"second", at=NOW)
    assert [one.payload for one in journal.given("deals")] == [b"first", b"second"]
    [first, _] = journal.given("deals")
    assert [one.payload for one in journal.given("deals", after=first.id)] == [b"second"]


def test_a_reply_is_found_by_its_intent(journal: Journal, intend: Callable[..., Intent]) -> None:
    call = journal.ledger.begin("enrich.companies", Meters(credits=2, records=2, requests=2), at=NOW)
    answered, silent = intend(call, 1), intend(call, 2)
    for intent in (answered, silent):
        journal.reserve(intent)
        journal.doubt(intent.id)
    journal.keep(answered, answered.operation, b"", status=200, headers={}, received=NOW, body=b"{}")
    assert [(one.intent.id, one.reply and one.reply.body) for one in journal.open_intents()] == [
        (answered.id, b"{}"),
        (silent.id, None),
    ]


@given(st.binary(max_size=300))
def test_any_bytes_survive_a_journal(body: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder)) as journal:
        journal.keep(None, "usage", body, status=200, headers={}, received=NOW, body=body)
        [reply] = journal.replies()
        assert reply.body == reply.request == body

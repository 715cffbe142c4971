from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Semaphore
from typing import TYPE_CHECKING
from weakref import finalize

import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.client.enrich import reading
from zianalytics.client.enrich.reading import Reading
from zianalytics.client.metered.exchange import Kept, together
from zianalytics.clock import ServerClock
from zianalytics.frames.decode import AT_A_TIME, Decoded

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

COMPANIES = OPERATIONS["enrich.companies"]


def reply(number: int, employees: object = 12) -> Kept:
    record = {"id": 1000 + number, "name": "Aster", "employeeCount": employees}
    result = {"input": {"companyid": 1000 + number}, "data": [record], "matchStatus": "FULL_MATCH"}
    body = json.dumps({"success": True, "data": {"result": [result]}}).encode()
    return Kept(number, ServerClock().now(), None, body, ())


def read(kept: Mapping[int, Kept]) -> Decoded:
    return together(COMPANIES, {number: one.body for number, one in kept.items()}, dict.fromkeys(kept))


def test_replies_are_read_while_others_come_and_their_bodies_go() -> None:
    going_on, gone = Reading(read), Semaphore(0)
    for number in range(1, AT_A_TIME):
        kept = reply(number)
        finalize(kept, gone.release)
        going_on.note(kept)
        del kept
    assert not gone.acquire(blocking=False)
    going_on.note(reply(AT_A_TIME))
    assert all(gone.acquire(timeout=30) for _ in range(1, AT_A_TIME))
    assert going_on.beside([]).frame["company_id"].to_list() == list(range(1001, 1001 + AT_A_TIME))


def test_threads_that_note_replies_at_once_lose_none() -> None:
    going_on, together_now = Reading(read), Barrier(4)

    def note(first: int) -> None:
        together_now.wait()
        for number in range(first, first + 2 * AT_A_TIME):
            going_on.note(reply(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note, range(1, 1 + 8 * AT_A_TIME, 2 * AT_A_TIME)))
    numbers = list(range(1, 1 + 8 * AT_A_TIME))
    whole = going_on.beside([]).frame.sort("reply")
    assert whole["reply"].to_list() == numbers
    assert whole["company_id"].to_list() == [1000 + number for number in numbers]


def test_what_came_and_what_was_held_stand_one_below_the_other_under_their_numbers() -> None:
    held, going_on = read({3: reply(3, "few")}), Reading(read)
    for number in range(101, 101 + AT_A_TIME):
        going_on.note(reply(number, "many" if number == 140 else 7))
    going_on.note(reply(900, "some"))
    whole = going_on.beside([held])
    numbers = [*range(101, 101 + AT_A_TIME), 900, 3]
    assert whole.frame["reply"].to_list() == numbers
    assert whole.frame["company_id"].to_list() == [1000 + number for number in numbers]
    assert whole.lost.select("reply", "value").rows() == [(140, '"many"'), (900, '"some"'), (3, '"few"')]
    assert going_on.numbers == {*numbers} - {3}


def test_a_call_without_replies_has_all_columns() -> None:
    nothing = Reading(read).beside([])
    assert nothing.frame.is_empty()
    assert set(COMPANIES.record.names) < set(nothing.frame.columns)


def test_a_call_that_reads_as_it_goes_says_what_the_journal_says(
    client: Client, desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_A_TIME", 2)
    ids = service.ids[:120][::-1]
    came = client.enrich.companies([*ids, ids[3]], max_credits=120)
    assert came["company_id"].to_list() == [*ids, ids[3]]
    client.close()
    assert desk.client().enrich.companies([*ids, ids[3]]).equals(came)
    assert service.asked["/enrich/company"] == 5

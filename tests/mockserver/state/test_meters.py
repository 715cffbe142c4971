"""Three meters and a window of twelve months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from mockserver.state import Call, Charge
from mockserver.state.meters import Meters
from mockserver.state.store import Store

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
LIMITS = {
    "uniqueIdLimit": 2,
    "recordLimit": 5,
    "requestLimit": 3,
    "websightsRecordLimit": 1_000,
    "websightsRequestLimit": 10_000,
}


@pytest.fixture
def meters() -> Iterator[Meters]:
    store = Store(None)
    yield Meters(store, LIMITS)
    store.close()


def enrich(meters: Meters, *ids: str, at: datetime = NOW) -> tuple[Charge, ...]:
    served = [("company", record_id) for record_id in ids]
    charges = meters.charges(served, credit_for="company", record_for="company", now=at)
    meters.keep(Call(at.isoformat(), "/enrich/company", "r", 1, charges))
    return charges


def test_a_first_redemption_costs_a_credit_and_a_record(meters: Meters) -> None:
    assert enrich(meters, "1", "2") == (Charge("company", "1", 1, 1), Charge("company", "2", 1, 1))
    assert meters.used == {
        "uniqueIdLimit": 2,
        "recordLimit": 2,
        "requestLimit": 1,
        "websightsRecordLimit": 0,
        "websightsRequestLimit": 0,
    }


def test_a_second_redemption_within_a_year_costs_a_record_alone(meters: Meters) -> None:
    enrich(meters, "1")
    assert enrich(meters, "1", at=NOW + timedelta(days=364)) == (Charge("company", "1", 0, 1),)


def test_after_twelve_months_it_costs_a_credit_again(meters: Meters) -> None:
    enrich(meters, "1")
    assert enrich(meters, "1", at=NOW + timedelta(days=365)) == (Charge("company", "1", 1, 1),)


def test_a_record_twice_in_one_answer_is_new_once(meters: Meters) -> None:
    assert enrich(meters, "1", "1") == (Charge("company", "1", 1, 1), Charge("company", "1", 0, 1))


def test_a_contact_is_not_the_company_of_the_same_number(meters: Meters) -> None:
    enrich(meters, "1")
    assert not meters.is_managed("contact", "1", NOW)


def test_a_signal_costs_a_record_and_no_credit(meters: Meters) -> None:
    charges = meters.charges([("intent", "s1")], credit_for="none", record_for="intent", now=NOW)
    assert charges == (Charge("intent", "s1", 0, 1),)


@pytest.mark.parametrize(
    ("charges", "requests", "limit"),
    [
        ((Charge("company", "1", 1, 1),) * 2, 1, None),
        ((Charge("company", "1", 1, 1),) * 3, 1, "uniqueIdLimit"),
        ((Charge("intent", "1", 0, 1),) * 6, 1, "recordLimit"),
        ((), 4, "requestLimit"),
    ],
)
def test_a_limit_is_exceeded_by_one_more_than_it_allows(
    meters: Meters, charges: tuple[Charge, ...], requests: int, limit: str | None
) -> None:
    assert meters.exceeded(charges, requests, "/enrich/company") == limit

"""What the service has counted tells which requests without an answer it carried out; in doubt, all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.recovery.carried_out import Evidence, Unshown, got_through
from zianalytics.journal import Intent, Sent
from zianalytics.schema.meters import Meters

ROOT = Intent(
    id="first",
    call="c",
    operation="enrich.companies",
    request=b"{}",
    worst=Meters(credits=5, records=5, requests=1),
    at=datetime(2031, 3, 1, tzinfo=UTC),
)


def both(credits: int, records: int) -> Meters:
    return Meters(credits=credits, records=records)


def sent(name: str, *, counted: Meters | None = None, shown: Meters | None = None) -> Sent:
    return Sent(id=name, counted=counted, has_reply=shown is not None, shown=shown or Meters())


def again(name: str, counted: Meters) -> Intent:
    return replace(ROOT, id=name, repeats="first", counted=counted, is_alone=True)


def test_what_no_reply_shows_is_told_between_each_two_looks() -> None:
    evidence = Evidence(
        both(10, 100),
        [
            sent("first"),
            sent("other", shown=both(3, 3)),
            sent("second", counted=both(18, 108)),
            sent("third", counted=both(18, 108)),
        ],
        both(18, 113),
    )
    assert evidence.of("first") == evidence.of("other") == Unshown(credits=5, records=5, silent=1)
    assert evidence.of("second") == Unshown(credits=0, records=0, silent=1)
    assert evidence.of("third") == Unshown(credits=0, records=5, silent=1)
    assert [evidence.may_have(one, 5) for one in ("first", "second", "third")] == [True, False, True]


def test_a_count_that_is_behind_what_replies_show_tells_nothing() -> None:
    evidence = Evidence(both(0, 0), [sent("first"), sent("other", shown=both(3, 3))], both(0, 0))
    assert evidence.of("first") is None
    assert evidence.may_have("first", 5)


@pytest.mark.parametrize(("before", "after"), [(None, both(0, 0)), (both(0, 0), None)], ids=["no first", "no last"])
def test_one_look_alone_tells_nothing(before: Meters | None, after: Meters | None) -> None:
    assert Evidence(before, [sent("first")], after).of("first") is None


def test_who_redeemed_the_records_was_the_first_to_be_carried_out() -> None:
    looks = [sent("first"), sent("another"), sent("second", counted=both(5, 5)), sent("third", counted=both(10, 10))]
    attempts = [ROOT, again("second", both(5, 5)), again("third", both(10, 10))]
    evidence = Evidence(both(0, 0), looks, both(10, 15))  # another's were the 5 records before the second was sent
    assert got_through(attempts, evidence, both(10, 15), returned=5) == (False, True)


@given(
    carried_out=st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=4),
    others=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=5, max_size=5),
    heard=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_attempts_never_count_for_less_than_they_cost_and_for_what_they_cost_where_nobody_else_spends(
    carried_out: list[int | None], others: list[tuple[int, int]], heard: list[bool]
) -> None:
    last = len(carried_out)
    when = [None if late is None else min(at + late, last) for at, late in enumerate(carried_out)]
    credits = records = 0
    attempts, looks = list[Intent](), list[Sent]()
    for at in range(last + 1):
        counted = both(credits, records)
        attempt = ROOT if at == 0 else replace(again(f"repeat {at}", counted), is_alone=heard[at])
        attempts.append(attempt)
        looks.append(sent(attempt.id, counted=counted if at and heard[at] else None))
        spent, more = others[at]
        times = when.count(at) + (at == last)
        credits += spent + (5 if times and not records_of(when, at) else 0)
        records += spent + more + 5 * times
    after = both(credits, records)
    told = got_through(attempts, Evidence(both(0, 0), looks, after), after, returned=5)
    assert sum(told) >= last - when.count(None)
    if all(heard) and not any(spent or more for spent, more in others):
        assert sum(told) == last - when.count(None)


def records_of(when: list[int | None], before: int) -> bool:
    """Whether an attempt was carried out before this one was sent."""
    return any(one is not None and one < before for one in when)

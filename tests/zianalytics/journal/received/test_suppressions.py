from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.journal import Journal, People, Person
from zianalytics.journal.received.replies import Replies

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture
def people(tmp_path: Path) -> People:
    return Journal.open(tmp_path).people


def test_who_is_suppressed_is_found_by_id_and_by_any_spelling_of_the_address(people: People) -> None:
    assert people.suppress([Person(7), Person(email=" Ada@Aster.Example ")], reason="asked", at=NOW) == 2
    assert people.keys() == {7, "ada@aster.example"}
    assert people.frame().rows() == [(7, None, "asked", NOW), (None, "ada@aster.example", "asked", NOW)]


def test_who_is_suppressed_already_is_not_counted_again(people: People) -> None:
    people.suppress([Person(7, "ada@aster.example")], reason="asked", at=NOW)
    assert people.suppress([Person(7), Person(email="ADA@aster.example")], reason="again", at=NOW) == 0
    assert people.suppress([Person(7, "new@aster.example")], reason="a second address", at=NOW) == 1
    assert people.suppress([Person(email="bo@b.example"), Person(email=" BO@b.example")], reason="", at=NOW) == 1


def test_a_new_reason_takes_the_place_of_the_old_one_where_it_is_wanted(people: People) -> None:
    people.suppress([Person(7), Person(email="ada@aster.example"), Person(8)], reason="asked", at=NOW)
    later = NOW + timedelta(days=1)
    assert people.suppress([Person(7), Person(email="ADA@aster.example")], reason="a letter", at=later, anew=True) == 0
    assert people.frame().select("contact_id", "email", "reason", "suppressed_at").rows() == [
        (7, None, "a letter", NOW),
        (None, "ada@aster.example", "a letter", NOW),
        (8, None, "asked", NOW),
    ]


def test_an_id_and_an_address_of_one_person_are_one_who_is_allowed_again(people: People) -> None:
    ada, bo, cy = Person(email="ada@aster.example"), Person(8, "bo@b.example"), Person(email="cy@c.example")
    people.suppress([ada, Person(7), bo, cy], reason="asked", at=NOW)
    assert people.allow([ada, Person(7), bo, cy], at=NOW, same=[(7, "ada@aster.example")]) == 3
    assert people.allow([ada, bo], at=NOW) == 0
    assert people.keys() == frozenset()


def test_who_is_allowed_again_is_gone_under_both_keys(people: People) -> None:
    people.suppress([Person(7, "ada@aster.example"), Person(8)], reason="asked", at=NOW)
    assert people.allow([Person(email="ada@aster.example"), Person(99)], at=NOW + timedelta(days=1)) == 1
    assert people.keys() == {8}
    people.suppress([Person(7)], reason="once more", at=NOW + timedelta(days=2))
    assert people.keys() == {7, 8}


def test_what_another_journal_writes_counts_at_once_and_outlives_both(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as one, Journal.open(tmp_path) as other:
        one.people.suppress([Person(7)], reason="asked", at=NOW)
        assert other.people.keys() == {7}
        other.people.allow([Person(7)], at=NOW)
        assert one.people.keys() == frozenset()
        one.people.suppress([Person(9)], reason="asked", at=NOW)
    with Journal.open(tmp_path) as again:
        assert again.people.keys() == {9}


class _Memory(Replies):
    """Gifts in a list, in the place of a file."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def give(self, kind: str, payload: bytes, *, at: datetime) -> None:
        self.held.append(payload)

    def given(self, kind: str, *, after: int = 0):  # type: ignore[no-untyped-def]  # as that of the class
        from zianalytics.journal import Given

        for number, payload in enumerate(self.held[after:], after + 1):
            yield Given(number, NOW, payload)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5))))
def test_the_keys_are_those_of_the_last_word_about_each(steps: list[tuple[bool, int]]) -> None:
    people, expected = People(_Memory()), set[int]()
    for suppress, number in steps:
        if suppress:
            people.suppress([Person(number)], reason="", at=NOW)
            expected.add(number)
        else:
            people.allow([Person(number)], at=NOW)
            expected.discard(number)
        assert people.keys() == expected

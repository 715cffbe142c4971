from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from mockserver.world import World


def test_a_seed_gives_the_same_world_on_every_machine(world: World) -> None:
    """The digest was written down once; a platform or a Python on which it differs draws another world."""
    text = world.deals_csv() + world.truth_csv()
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "00c0783bb3651eeb25252a7111d21214c180bb39dfa47478b1f8b4810c99829e"
    )


def test_the_first_inhabitants_of_seed_seven_are_known(world: World) -> None:
    company = world.companies[340000433]
    assert (company.name, company.employees, company.website) == ("Elevquist Advisory", 374, "www.elevquist.example")
    contact = world.contacts[1_400_000_000]
    assert (contact.first_name, contact.last_name, contact.company_id) == ("Simon", "Wetherwald", 340000433)


def _all_of(company_id: int, of: World) -> tuple[object, ...]:
    asked = (of.standing_of, of.contacts_of, of.offices_of, of.profile_of, of.signals_of)
    return tuple(ask(company_id) for ask in asked)


def test_the_order_of_questions_changes_no_answer(world: World) -> None:
    other = World.build(seed=7, companies=3000, now=world.now)
    ids = list(other.companies)[2990:]
    backwards = [_all_of(company_id, other) for company_id in ids[::-1]]
    assert backwards[::-1] == [_all_of(company_id, world) for company_id in ids]
    assert other.deals == world.deals


def test_the_zone_of_now_does_not_matter(world: World) -> None:
    east = World.build(seed=7, companies=100, now=world.now.astimezone(timezone(timedelta(hours=9))))
    assert list(east.companies.values()) == list(world.companies.values())[:100]
    assert east.signals_of(340000433) == world.signals_of(340000433)


def test_a_now_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        World.build(now=datetime(2026, 10, 1))


def test_quarters_are_the_nine_that_have_ended(world: World) -> None:
    assert world.quarters[0] == date(2024, 9, 30)
    assert world.quarters[-2:] == (date(2026, 6, 30), date(2026, 9, 30))
    january = World.build(companies=1, now=datetime(2027, 1, 15, tzinfo=UTC))
    assert january.quarters[-2:] == (date(2026, 9, 30), date(2026, 12, 31))


def test_an_unknown_id_is_a_key_error(world: World) -> None:
    for ask in (world.contacts_of, world.offices_of, world.profile_of, world.standing_of, world.signals_of):
        with pytest.raises(KeyError):
            ask(1)
    assert world.subsidiaries_of(1) == ()


def test_an_empty_world_answers_with_nothing(world: World) -> None:
    empty = World.build(companies=0, now=world.now)
    assert (len(empty.companies), len(empty.contacts), len(empty.signals(world.now)), empty.deals) == (0, 0, 0, ())
    assert empty.truth_csv() == "company_id,win_probability\n"


def test_a_world_introduces_itself_in_one_line(world: World) -> None:
    assert repr(world) == "<World seed 7, 3,000 companies, 2026-10-01>"

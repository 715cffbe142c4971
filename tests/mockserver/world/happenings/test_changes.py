from __future__ import annotations

from datetime import datetime, timedelta

from mockserver.world import World


def test_records_change_as_time_goes_by_and_not_before(world: World) -> None:
    companies = list(world.companies.values())
    assert all(world.changes.company_at(company, world.now) == company for company in companies)
    later = world.now + timedelta(days=90)
    changed = [c for c in companies if (c.phone or c.fax) and world.changes.company_at(c, later) != c]
    assert len(changed) > 0.9 * sum(1 for c in companies if c.phone or c.fax)


def test_a_change_touches_numbers_and_the_day_of_the_record_alone(world: World) -> None:
    later = world.now + timedelta(days=400)
    for company in list(world.companies.values())[:100]:
        now = world.changes.company_at(company, later)
        different = {name for name in company.__struct_fields__ if getattr(now, name) != getattr(company, name)}
        assert different <= {"phone", "fax", "updated_at"}
        changes = world.changes.of_company(company, later)
        assert now.updated_at == (changes[-1].at if changes else company.updated_at)
    person = next(p for p in world.contacts.values() if p.mobile_phone and not p.direct_phone)
    now_person = world.changes.contact_at(person, later)
    assert now_person.direct_phone is None
    assert now_person.mobile_phone != person.mobile_phone


def test_the_changes_up_to_a_day_are_the_first_of_those_up_to_a_later_one(world: World) -> None:
    company = next(c for c in world.companies.values() if c.phone)
    soon, late = (world.changes.of_company(company, world.now + timedelta(days=n)) for n in (200, 900))
    assert 0 < len(soon) < len(late)
    assert late[: len(soon)] == soon
    assert [one.at for one in late] == sorted(one.at for one in late)


def test_a_few_people_opt_out_and_more_as_time_goes_by(world: World) -> None:
    def gone(at: datetime) -> int:
        moments = [world.changes.opted_out_at(i) for i in world.contacts]
        return sum(moment is not None and moment <= at for moment in moments)

    share = gone(world.now) / len(world.contacts)
    assert 0.002 < share < 0.01
    assert gone(world.now + timedelta(days=730)) > 2 * gone(world.now)


def test_records_change_from_the_fourth_day_on(world: World) -> None:
    ids, changes = list(world.companies), world.changes
    changed = [sum(not changes.is_as_drawn(i, world.now + timedelta(days=days)) for i in ids) for days in (3, 4, 91)]
    assert changed[0] < changed[1] < changed[2] == len(ids)
    assert changed[1] > 0

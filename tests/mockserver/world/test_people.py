from __future__ import annotations

from collections import Counter
from datetime import timedelta

from mockserver.world import World


def test_a_company_has_as_many_people_as_its_record_says(world: World) -> None:
    assert [len(world.contacts_of(c.id)) for c in world.companies.values()] == [
        c.contact_count for c in world.companies.values()
    ]
    assert len(world.contacts) == sum(c.contact_count for c in world.companies.values())


def test_a_contact_is_found_by_id_and_is_the_one_of_its_company(world: World) -> None:
    for contact_id in list(world.contacts)[::997]:
        contact = world.contacts[contact_id]
        assert contact.id == contact_id
        assert contact in world.contacts_of(contact.company_id)
    assert 1 not in world.contacts
    assert 1_400_000_000 + 255 not in world.contacts


def test_levels_go_with_titles(world: World) -> None:
    for contact in world.contacts.values():
        level = contact.management_levels[0]
        assert (level == "VP Level Exec") == contact.job_title.startswith("Vice President")
        assert (level == "Director") == contact.job_title.startswith("Director of")
        assert (level == "C Level Exec") == contact.job_title.startswith("Chief")
    levels = Counter(c.management_levels[0] for c in world.contacts.values())
    assert levels["Non Manager"] > levels["Manager"] > levels["VP Level Exec"] > levels["Board Member"] > 100


def test_a_company_has_one_chief_of_a_kind(world: World) -> None:
    for company_id in world.companies:
        chiefs = [c.job_title for c in world.contacts_of(company_id) if c.management_levels[0] == "C Level Exec"]
        assert len(chiefs) == len(set(chiefs))


def test_departments_and_functions_are_listed_ones(world: World) -> None:
    listed = set(world.lists.job_functions)
    assert {f for c in world.contacts.values() for f in c.job_functions} <= listed
    medical = {
        world.companies[c.company_id].primary_industry.id
        for c in world.contacts.values()
        if c.department == "Medical & Health"
    }
    assert medical == {"healthcare"}


def test_stale_people_score_low_and_some_have_moved(world: World) -> None:
    people = list(world.contacts.values())
    stale = [c for c in people if world.now - c.valid_at > timedelta(days=400)]
    fresh = [c for c in people if world.now - c.valid_at <= timedelta(days=400)]
    assert 0.1 < len(stale) / len(people) < 0.17
    assert {c.accuracy_score for c in stale} == set(range(75, 82))
    assert {c.accuracy_score for c in fresh} == set(range(82, 100))
    assert not [c for c in fresh if c.has_moved]
    assert 0.4 < sum(c.has_moved for c in stale) / len(stale) < 0.7


def test_some_people_hold_two_jobs_at_once(world: World) -> None:
    twice = [c for c in world.contacts.values() if sum(job.until is None for job in c.jobs) > 1]
    assert 300 < len(twice) < 1200
    for contact in twice:
        assert contact.jobs[0].company_id == contact.company_id
        assert contact.jobs[1].title == "Board Member"


def test_former_jobs_end_before_the_next_begins(world: World) -> None:
    for contact in world.contacts.values():
        line = [job for job in contact.jobs if job.until is not None]
        begin = contact.position_since
        for job in line:
            assert job.until is not None
            assert job.since < job.until < begin
            begin = job.since


def test_addresses_are_under_the_company_s_own_reserved_name_and_unlike_each_other(world: World) -> None:
    for company in world.companies.values():
        addresses = [c.email for c in world.contacts_of(company.id) if c.email]
        assert len(addresses) == len(set(addresses))
        assert all(address.endswith(f"@{company.domains[0]}") for address in addresses)


def test_people_work_in_offices_of_their_company(world: World) -> None:
    for contact in list(world.contacts.values())[::53]:
        if contact.office_id is not None:
            office = world.offices[contact.office_id]
            assert (office.company_id, office.city) == (contact.company_id, contact.city)


def test_a_topic_s_recommended_people_are_concerned_and_still_there(world: World) -> None:
    topic = next(t for t in world.lists.topics if t.name == "Lead Scoring")
    largest = max(world.companies.values(), key=lambda c: c.contact_count)
    people = world.recommended_contacts(largest.id, topic)
    assert len(people) == 3
    assert {c.department for c in people} == {"Sales"}
    assert not [c for c in people if c.has_moved]


def test_whoever_has_moved_is_never_recommended(world: World) -> None:
    topics = world.lists.topics
    moved = {c.company_id for c in world.contacts.values() if c.has_moved}
    recommended = [c for i in sorted(moved)[:200] for topic in topics for c in world.recommended_contacts(i, topic)]
    assert len(recommended) > 300
    assert not [c for c in recommended if c.has_moved]

from __future__ import annotations

from mockserver.world import World


def test_the_first_office_is_the_headquarters_where_the_company_says_it_is(world: World) -> None:
    for company in world.companies.values():
        hq, *others = world.offices_of(company.id)
        assert (hq.is_hq, hq.city, hq.street, hq.zip_code, hq.country, hq.phone) == (
            True,
            company.city,
            company.street,
            company.zip_code,
            company.country,
            company.phone,
        )
        assert not [office for office in others if office.is_hq]


def test_an_office_is_found_by_its_location_id(world: World) -> None:
    assert len(world.offices) == sum(c.office_count for c in world.companies.values())
    for office_id in list(world.offices)[::401]:
        assert world.offices[office_id].id == office_id
    assert 2_050_000_063 not in world.offices


def test_companies_of_a_thousand_people_stand_in_several_countries(world: World) -> None:
    large = [c for c in world.companies.values() if (c.employees or 0) >= 1000 and c.office_count > 1]
    assert len(large) > 150
    assert not [c.name for c in large if len({o.country for o in world.offices_of(c.id)}) < 2]


def test_each_country_has_one_headquarters_of_its_own(world: World) -> None:
    for company in world.companies.values():
        offices = world.offices_of(company.id)
        heads = [office.country for office in offices if office.is_country_hq]
        assert sorted(heads) == sorted({office.country for office in offices})


def test_headcounts_of_the_offices_add_up_to_about_that_of_the_company(world: World) -> None:
    for company in world.companies.values():
        offices = world.offices_of(company.id)
        if company.employees is None:
            assert {office.employees for office in offices} == {None}
        else:
            total = sum(office.employees or 0 for office in offices)
            assert abs(total - company.employees) <= len(offices)

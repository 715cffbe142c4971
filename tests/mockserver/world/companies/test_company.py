from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median

from mockserver.world import Company, World

# Numbers that are kept for fiction, or that can't be dialled: an area code of noughts, 555-01xx.
FICTION = re.compile(
    r"\+1 \(\d{3}\) 555-01\d\d|\+44 (20 7946 0\d{3}|7700 900\d{3})|\+49 (30 23125 \d{3}|171 39200\d\d)"
    r"|\+33 (1 99 00|6 39 98)( \d\d){2}|\+(31|81|55) 00 (555|5550) 01\d\d|\+34 000 555 1\d\d"
    r"|\+46 (8 465 004|70 174 06) \d\d"
    r"|\+353 20 91\d \d{4}|\+61 (2 5550 \d{4}|491 570 \d{3})|\+91 00 5550 1\d{3}"
)


def every(world: World) -> list[Company]:
    return list(world.companies.values())


def test_sizes_spread_from_one_person_to_tens_of_thousands(world: World) -> None:
    sizes = sorted(c.employees for c in every(world) if c.employees is not None)
    assert 50 <= median(sizes) <= 90
    assert sizes[int(0.05 * len(sizes))] <= 6
    assert sizes[int(0.95 * len(sizes))] >= 800
    assert sizes[-1] > 15_000


def test_revenue_per_employee_differs_by_industry(world: World) -> None:
    ratios = defaultdict(list)
    for company in every(world):
        if company.employees and company.revenue_usd:
            ratios[company.primary_industry.id].append(company.revenue_usd / company.employees)
    assert median(ratios["energy"]) > 5 * median(ratios["hospitality"])
    assert all(max(values) > 3 * min(values) for values in ratios.values())


def test_facts_are_missing_as_they_are_in_life(world: World) -> None:
    companies = every(world)
    share = {
        name: sum(getattr(c, name) is None for c in companies) / len(companies)
        for name in ("website", "employees", "revenue_usd", "founded_year", "phone", "street", "zip_code")
    }
    assert {name for name, value in share.items() if not 0.01 < value < 0.2} == set()
    assert share["employees"] < share["revenue_usd"] < share["founded_year"]


def test_a_headcount_and_its_history_agree(world: World) -> None:
    for company in every(world):
        if company.employees is None:
            assert company.employee_history == ()
            assert company.growth_1y is None
        else:
            assert len(company.employee_history) == len(world.quarters) == 9
            assert company.employee_history[-1] == company.employees


def test_growth_is_the_change_over_four_and_eight_quarters(world: World) -> None:
    company = every(world)[0]
    assert company.employee_history == (335, 337, 343, 347, 353, 357, 357, 364, 374)
    assert (company.growth_1y, company.growth_2y) == (0.0595, 0.1164)


def test_every_website_is_a_reserved_name_and_every_number_is_fiction(world: World) -> None:
    companies = every(world)
    sites = [site for c in companies for site in (c.website, *c.domains) if site]
    assert not [site for site in sites if not re.fullmatch(r"(www\.)?[a-z0-9-]+\.example", site)]
    numbers = [number for c in companies for number in (c.phone, c.fax) if number]
    assert not [number for number in numbers if not FICTION.fullmatch(number)]
    assert {c.country for c in companies if c.phone} == {country.name for country in world.lists.countries}


def test_some_companies_share_a_name_and_some_a_website(world: World) -> None:
    names = Counter(c.name for c in every(world))
    sites = Counter(c.website for c in every(world) if c.website)
    assert 30 <= sum(count > 1 for count in names.values()) <= 150
    assert 30 <= sum(count > 1 for count in sites.values()) <= 150
    assert max(sites.values()) <= 4


def test_a_second_record_is_an_older_picture_of_the_first(world: World) -> None:
    holders = defaultdict(list)
    for company in every(world):
        if company.website:
            holders[company.website].append(company)
    pairs = [(first, second) for first, *others in holders.values() for second in others[:1]]
    assert pairs
    assert all(second.updated_at < first.updated_at for first, second in pairs)
    assert all(
        (first.industries, first.founded_year) == (second.industries, second.founded_year) for first, second in pairs
    )


def test_parents_are_larger_living_companies_of_this_world(world: World) -> None:
    children = [c for c in every(world) if c.parent_id is not None]
    assert len(children) > 100
    for child in children:
        assert child.parent_id is not None
        parent = world.companies[child.parent_id]
        assert (parent.employees or 0) > (child.employees or 0)
        assert child.ultimate_parent_id is not None
        assert world.companies[child.ultimate_parent_id].parent_id is None
        assert child.id in world.subsidiaries_of(parent.id)


def test_some_companies_are_defunct_and_have_no_people(world: World) -> None:
    defunct = [c for c in every(world) if c.is_defunct]
    assert 50 <= len(defunct) <= 150
    assert all(c.contact_count == 0 for c in defunct)


def test_facts_have_days_in_the_past(world: World) -> None:
    today = world.now.date()
    for company in every(world):
        assert company.created_at < company.updated_at < world.now
        assert all(t.first_seen <= t.last_seen < today for t in company.technologies)
        assert all(earlier.on < later.on < today for later, earlier in pairwise(company.funding))


def test_the_first_companies_of_a_larger_world_are_those_of_the_smaller(world: World) -> None:
    small = World.build(seed=7, companies=200, now=world.now)
    assert list(small.companies.values()) == every(world)[:200]


def test_another_seed_is_another_world(world: World) -> None:
    other = World.build(seed=8, companies=50, now=world.now)
    assert not {c.name for c in other.companies.values()} & {c.name for c in every(world)[:50]}


def test_a_company_was_founded_before_this_year_and_not_long_before_the_last_century(world: World) -> None:
    years = [c.founded_year for c in every(world) if c.founded_year is not None]
    assert max(years) <= 2025
    assert min(years) >= 1850


def test_cities_with_a_metro_area_name_it_as_the_look_up_does(world: World) -> None:
    listed = {area.name for area in world.lists.metro_areas}
    metros = {(c.city, c.country): c.metro_area for c in every(world)}
    assert metros["San Francisco", "United States"] == "CA - San Francisco"
    assert metros["Manchester", "United States"] is None
    assert metros["Berlin", "Germany"] is None
    assert {area for area in metros.values() if area} <= listed

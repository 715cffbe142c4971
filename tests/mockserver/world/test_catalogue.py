from __future__ import annotations

from itertools import pairwise

import pytest

from mockserver.world import band_of
from mockserver.world.catalogue import Band, read

LISTS = read()


def test_the_lists_have_the_shape_of_the_published_ones() -> None:
    industries = {industry.id: industry for industry in LISTS.industries}
    assert industries["software.networking"].name == "Networking Software"
    assert industries["software.networking"].parent_id == "software"
    assert industries["education.university"].sic[0].id == "8221"
    assert ("usa.california.sanfrancisco", "CA - San Francisco") in {(m.id, m.name) for m in LISTS.metro_areas}
    assert ("New Hampshire", "NH", "United States") in {(s.name, s.code, s.country) for s in LISTS.states}
    assert ("Ontario", "ON", "Canada") in {(s.name, s.code, s.country) for s in LISTS.states}
    assert [level.id for level in LISTS.management_levels] == [
        "Board Member",
        "C Level Exec",
        "VP Level Exec",
        "Director",
        "Manager",
        "Non Manager",
    ]


def test_there_are_as_many_values_as_the_world_promises() -> None:
    assert sum(industry.parent_id is None for industry in LISTS.industries) == 15
    assert (len(LISTS.countries), len(LISTS.states), len(LISTS.topics), len(LISTS.technologies)) == (13, 64, 24, 61)


@pytest.mark.parametrize(
    "name",
    [
        "industries",
        "states",
        "metro_areas",
        "topics",
        "departments",
        "job_functions",
        "management_levels",
        "board_member",
        "employee_ranges",
        "revenue_ranges",
        "company_types",
        "company_rankings",
        "sub_unit_types",
        "hierarchy_codes",
        "years_of_experience",
        "hashtags",
        "news_categories",
        "scoop_types",
        "scoop_topics",
        "scoop_departments",
        "continents",
        "sic_codes",
        "naics_codes",
        "buying_groups",
    ],
)
def test_no_value_is_listed_twice(name: str) -> None:
    ids = [(getattr(v, "id", v.name if hasattr(v, "name") else v)) for v in getattr(LISTS, name)]
    assert len(ids) == len(set(ids))


def test_tags_tell_products_apart_and_share_what_they_have_in_common() -> None:
    tags = [product.tag for product in LISTS.technologies]
    assert len(tags) == len(set(tags))
    assert all(len(tag.split(".")) == 4 for tag in tags)
    vendors = {product.tag.split(".")[2]: product.vendor for product in LISTS.technologies}
    assert len(vendors) == len({product.vendor for product in LISTS.technologies})


@pytest.mark.parametrize("bands", [LISTS.employee_ranges, LISTS.revenue_ranges], ids=["employees", "revenue"])
def test_ranges_leave_no_gap(bands: tuple[Band, ...]) -> None:
    assert bands[0].low == 0
    assert bands[-1].high is None
    assert all(first.high == second.low for first, second in pairwise(bands))


@pytest.mark.parametrize(("number", "name"), [(4, "1 - 5"), (5, "5 - 10"), (99, "50 - 100"), (12_000, "Over 10,000")])
def test_a_number_has_one_range(number: int, name: str) -> None:
    assert band_of(LISTS.employee_ranges, number).name == name


def test_every_place_and_topic_points_at_a_listed_value() -> None:
    countries = {country.name for country in LISTS.countries}
    states = {(state.name, state.country) for state in LISTS.states}
    functions = {(f.name, f.department) for f in LISTS.job_functions}
    lost = [c.name for c in LISTS.cities if c.country not in countries]
    lost += [c.name for c in LISTS.cities if c.state and (c.state, c.country) not in states]
    lost += [c.name for c in LISTS.countries if c.continent not in {v.id for v in LISTS.continents}]
    lost += [t.name for t in LISTS.topics if (t.job_function, t.department) not in functions]
    assert not lost, lost


def test_buying_groups_are_made_of_listed_departments_and_levels() -> None:
    departments, levels = ({v.id for v in values} for values in (LISTS.departments, LISTS.management_levels))
    assert [group.name for group in LISTS.buying_groups] == [
        "Revenue Technology",
        "Data and Infrastructure",
        "Finance Systems",
    ]
    assert all(set(group.departments) <= departments for group in LISTS.buying_groups)
    assert all(set(group.levels) <= levels for group in LISTS.buying_groups)


def test_websites_of_vendors_are_reserved_names() -> None:
    assert not [p.website for p in LISTS.technologies if not p.website.endswith(".example")]

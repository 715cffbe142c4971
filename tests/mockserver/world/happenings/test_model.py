from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from mockserver.world import Company, World
from mockserver.world.catalogue import read
from mockserver.world.happenings.model import win_logit, win_probability
from mockserver.world.records import Funding, Technology

ON = date(2026, 3, 1)
LISTS = read()


@pytest.fixture(scope="module")
def plain(world: World) -> Company:
    """A hundred people in energy, in Germany, that neither grow nor borrow nor run anything."""
    energy = next(i for i in LISTS.industries if i.id == "energy")
    return replace(
        next(iter(world.companies.values())),
        industries=(energy,),
        country="Germany",
        employees=100,
        employee_history=(100,) * 9,
        technologies=(),
        funding=(),
        is_defunct=False,
    )


def product(category: str) -> Technology:
    found = next(p for p in LISTS.technologies if p.category == category)
    return Technology(found, ON - timedelta(days=1), ON)


def logit(company: Company, recent_signals: int = 0) -> float:
    return round(win_logit(company, recent_signals=recent_signals, on=ON), 4)


def test_a_plain_company_has_the_base_odds(plain: Company) -> None:
    assert logit(plain) == -4.7
    assert win_probability(plain, recent_signals=0, on=ON) == 0.009013


def test_size_helps_mildly_and_not_beyond_two_thousand(plain: Company) -> None:
    assert logit(replace(plain, employees=1000)) == -3.8
    assert logit(replace(plain, employees=1500)) == -3.6415
    assert logit(replace(plain, employees=20_000)) == logit(replace(plain, employees=400_000)) == -3.53
    assert logit(replace(plain, employees=10)) == -5.6


@pytest.mark.parametrize(("industry", "expected"), [("software", -3.1), ("finance", -3.6), ("hospitality", -6.2)])
def test_industry_counts_by_the_primary_one(plain: Company, industry: str, expected: float) -> None:
    assert logit(replace(plain, industries=tuple(i for i in LISTS.industries if i.id == industry))) == expected


def test_growth_counts_within_limits(plain: Company) -> None:
    def grown(last: int) -> float:
        return logit(replace(plain, employee_history=(100,) * 8 + (last,)))

    assert grown(120) == -3.7
    assert grown(150) == grown(300) == -2.2
    assert grown(70) == grown(10) == -6.2


def test_technologies_count_from_the_day_they_were_first_seen(plain: Company) -> None:
    crm = product("Customer Relationship Management")
    assert logit(replace(plain, technologies=(crm,))) == -3.2
    assert logit(replace(plain, technologies=(crm, product("Cloud Data Warehouse")))) == -2.0
    assert logit(replace(plain, technologies=(replace(crm, first_seen=ON + timedelta(days=1)),))) == -4.7
    assert logit(replace(plain, technologies=(product("Web Analytics"),))) == -4.7


@pytest.mark.parametrize(("days", "expected"), [(-1, -4.7), (0, -3.8), (539, -3.8), (540, -4.7)])
def test_money_counts_for_a_year_and_a_half_and_not_before_it_came(plain: Company, days: int, expected: float) -> None:
    assert logit(replace(plain, funding=(Funding(ON - timedelta(days=days), "Seed", None, ()),))) == expected


def test_interest_counts_most_with_its_first_signals(plain: Company) -> None:
    assert [logit(plain, n) for n in (0, 1, 2, 8)] == [-4.7, -3.6603, -3.0521, -1.4042]


def test_country_counts_mildly(plain: Company) -> None:
    assert logit(replace(plain, country="United States")) == -4.4
    assert logit(replace(plain, country="Canada")) == -4.55


def test_what_is_not_known_counts_as_nothing(plain: Company) -> None:
    assert logit(replace(plain, employees=None, employee_history=())) == -4.7


def test_a_defunct_company_hardly_buys(plain: Company) -> None:
    assert logit(replace(plain, is_defunct=True)) == -8.7

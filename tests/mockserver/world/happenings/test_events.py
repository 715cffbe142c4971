"""News and scoops follow from what the companies are, and have their days."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from mockserver.world import World
from tests.mockserver.world.conftest import NOW


def test_what_is_told_reaches_from_two_years_ago_to_eighteen_months_ahead(world: World) -> None:
    for past, everything in (
        ([a.at for a in world.news(NOW)], [a.at for a in world.news(NOW + timedelta(days=2000))]),
        ([s.at for s in world.scoops(NOW)], [s.at for s in world.scoops(NOW + timedelta(days=2000))]),
    ):
        assert NOW - timedelta(days=731) <= past[0] < NOW - timedelta(days=725)
        assert past[-1] <= NOW < everything[len(past)]
        assert everything[: len(past)] == past
        assert everything == sorted(everything)
        assert NOW + timedelta(days=540) < everything[-1] < NOW + timedelta(days=560)
        assert len(past) > 4_000


def test_each_round_of_funding_has_its_article_and_its_scoop_on_its_day(world: World) -> None:
    first = NOW.date() - timedelta(days=730)
    rounds = {(c.id, r.on) for c in world.companies.values() for r in c.funding if r.on >= first}
    written = {(a.company_ids[0], a.at.date()) for a in world.news(NOW) if "FUNDING" in a.categories}
    known = {(s.company_id, s.at.date()) for s in world.scoops(NOW) if s.kind.name == "Funding"}
    assert len(rounds) > 300
    assert written == known == rounds


def test_public_companies_report_every_quarter_and_others_never(world: World) -> None:
    reports = Counter(a.company_ids[0] for a in world.news(NOW) if "FINANCIAL_RESULTS" in a.categories)
    assert set(reports) == {c.id for c in world.companies.values() if c.kind == "public"}
    assert set(reports.values()) <= {8, 9}


def test_only_companies_that_grow_mean_to_hire(world: World) -> None:
    hiring = {s.company_id for s in world.scoops(NOW) if s.kind.name == "Hiring Plans"}
    assert len(hiring) > 300
    assert all((world.companies[i].growth_1y or 0) > 0.08 for i in hiring)


def test_an_article_about_two_companies_names_both_and_has_its_own_address(world: World) -> None:
    articles = world.news(NOW)
    assert len({a.url for a in articles}) == len(articles)
    pairs = [a for a in articles if len(a.company_ids) == 2]
    assert len(pairs) > 300
    for article in pairs:
        assert all(world.companies[i].name in article.title for i in article.company_ids)


def test_the_larger_a_company_the_more_is_written_about_it(world: World) -> None:
    counts = Counter(i for a in world.news(NOW) for i in a.company_ids)
    sizes = [(c.employees or 0, counts[c.id]) for c in world.companies.values() if not c.is_defunct]
    large, small = [n for size, n in sizes if size > 1000], [n for size, n in sizes if 0 < size < 20]
    assert sum(large) / len(large) > 2 * sum(small) / len(small)


def test_a_scoop_is_about_people_of_its_company_and_values_of_the_lists(world: World) -> None:
    scoops = world.scoops(NOW)
    assert len({s.id for s in scoops}) == len(scoops)
    assert {s.kind for s in scoops} == set(world.lists.scoop_types)
    assert {t for s in scoops for t in s.topics} == set(world.lists.scoop_topics)
    people = [s for s in scoops if s.contact_id is not None]
    assert len(people) > 1_000
    for scoop in people[:50]:
        assert world.contacts[scoop.contact_id or 0].company_id == scoop.company_id
    assert all(s.updated_at is None or s.updated_at - s.at >= timedelta(days=5) for s in scoops)


def test_a_larger_world_of_the_same_seed_tells_the_same_of_its_first_companies() -> None:
    small, large = (World.build(seed=11, companies=n, now=NOW) for n in (80, 160))
    known = set(small.companies)
    assert list(small.news(NOW)) == [a for a in large.news(NOW) if a.company_ids[0] in known]
    assert list(small.scoops(NOW)) == [s for s in large.scoops(NOW) if s.company_id in known]


def test_what_is_told_of_one_company_is_what_all_of_them_hold_of_it(world: World) -> None:
    ids = list(world.companies)[:60]
    articles, scoops = world.news(NOW + timedelta(days=2000)), world.scoops(NOW + timedelta(days=2000))
    assert any(len(article.company_ids) > 1 for company_id in ids for article in world.news_of(company_id))
    for company_id in ids:
        assert list(world.news_of(company_id)) == [a for a in articles if company_id in a.company_ids]
        assert list(world.scoops_of(company_id)) == [s for s in scoops if s.company_id == company_id]

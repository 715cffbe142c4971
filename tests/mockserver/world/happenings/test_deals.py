from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import timedelta
from statistics import mean

import pytest

from mockserver.world import Deal, World
from mockserver.world.happenings.model import RELEVANT_TOPICS, win_probability


def auc(scores: list[float], won: list[bool]) -> float:
    """Share of pairs of one won and one lost deal in which the won one scored higher."""
    pairs = [(a, b) for a, x in zip(scores, won, strict=True) if x for b, y in zip(scores, won, strict=True) if not y]
    return sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs)


def test_about_a_hundred_and_fifty_deals_closed_over_twenty_two_months(world: World) -> None:
    today = world.now.date()
    assert len(world.deals) == 150
    assert all(today - timedelta(days=670) <= d.opened_on < d.closed_on < today for d in world.deals)
    assert [d.opened_on for d in world.deals] == sorted(d.opened_on for d in world.deals)
    assert len({d.id for d in world.deals}) == 150


def test_a_company_has_at_most_one_deal(world: World) -> None:
    ids = [d.company_id for d in world.deals if d.company_id is not None]
    assert len(ids) == len(set(ids)) == 144
    assert not [company_id for company_id in ids if world.companies[company_id].is_defunct]


def test_the_export_holds_what_the_crm_knows_and_no_truth(world: World) -> None:
    rows = list(csv.DictReader(io.StringIO(world.deals_csv())))
    assert list(rows[0]) == ["deal_id", "website", "company_name", "amount_usd", "outcome", "opened_on", "closed_on"]
    assert len(rows) == 150
    assert {row["outcome"] for row in rows} == {"won", "lost"}
    assert rows[0] == {
        "deal_id": "OPP-1001",
        "website": "https://www.ulemvex.example",
        "company_name": "Ulemvex Hospitality",
        "amount_usd": "62500",
        "outcome": "lost",
        "opened_on": "2024-12-04",
        "closed_on": "2025-05-03",
    }


def test_the_truth_lists_every_company_once(world: World) -> None:
    rows = list(csv.reader(io.StringIO(world.truth_csv())))
    assert rows[0] == ["company_id", "win_probability"]
    assert [int(company_id) for company_id, _ in rows[1:]] == list(world.companies)
    assert all(0 <= float(p) <= 1 for _, p in rows[1:])


def relevant_before(world: World, deal: Deal) -> int:
    assert deal.company_id is not None
    return sum(
        s.topic.name in RELEVANT_TOPICS and 1 <= (deal.opened_on - s.at.date()).days <= 90
        for s in world.signals_of(deal.company_id)
    )


def test_the_truth_of_a_deal_is_that_of_its_opening_day(world: World) -> None:
    for deal in world.deals:
        if deal.company_id is not None:
            company = world.companies[deal.company_id]
            expected = win_probability(company, recent_signals=relevant_before(world, deal), on=deal.opened_on)
            assert deal.win_probability == world.truth[deal.company_id] == expected


def test_the_truth_of_other_companies_is_that_of_today(world: World) -> None:
    sold_to = {d.company_id for d in world.deals}
    today = world.now.date()
    for company in [c for c in world.companies.values() if c.id not in sold_to][:200]:
        recent = sum(
            s.topic.name in RELEVANT_TOPICS and 1 <= (today - s.at.date()).days <= 90
            for s in world.signals_of(company.id)
        )
        assert world.truth[company.id] == win_probability(company, recent_signals=recent, on=today)


def test_the_crm_is_as_dirty_as_crms_are(world: World) -> None:
    sites = [d.website for d in world.deals]
    assert 0.05 < sites.count(None) / len(sites) < 0.2
    typed = [site for site in sites if site]
    for sign in ("https://", "http://", "www.", ".EXAMPLE", "/en/home"):
        assert [site for site in typed if sign in site], sign
    assert len({d.website for d in world.deals if d.company_id is None}) > 1
    variants = [d for d in world.deals if d.company_id and d.company_name != world.companies[d.company_id].name]
    assert 0.2 < len(variants) / 150 < 0.5


def test_some_deals_are_with_firms_that_the_service_does_not_know(world: World) -> None:
    unknown = [d for d in world.deals if d.company_id is None]
    names = {c.name for c in world.companies.values()}
    sites = {c.website for c in world.companies.values() if c.website}
    assert len(unknown) == 6
    assert not [d for d in unknown if d.company_name in names or d.website in sites]


def test_some_deals_are_ambiguous_by_website(world: World) -> None:
    holders = Counter(c.website for c in world.companies.values() if c.website)
    twins = [d for d in world.deals if d.company_id and holders[world.companies[d.company_id].website or ""] > 1]
    assert 5 <= len(twins) <= 30


@pytest.mark.parametrize("seed", [1, 7, 8])
def test_the_truth_ranks_the_later_deals_far_better_than_size_or_chance(seed: int, world: World) -> None:
    there = world if seed == 7 else World.build(seed=seed, companies=3000, now=world.now)
    deals = [d for d in there.deals if d.company_id is not None]
    late = deals[len(deals) * 2 // 3 :]
    won = [d.outcome == "won" for d in late]
    sizes = [float(there.companies[d.company_id or 0].employees or 70) for d in late]
    truth = auc([d.win_probability for d in late], won)
    assert 0.85 < truth < 0.98
    assert truth > auc(sizes, won) + 0.15
    assert 0.25 < mean(d.outcome == "won" for d in deals) < 0.42


def test_a_small_world_has_a_deal_for_every_fourth_company_at_most(world: World) -> None:
    small = World.build(companies=40, now=world.now)
    assert len(small.deals) <= 10

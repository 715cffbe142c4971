"""What is told of companies: paid row by row, never more than allowed, nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics.errors import BudgetExceeded, NotAllAnswered, RequestRefused
from zianalytics.frames.recommended import recommended
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

INTENT = "/enrich/intent"
FIRST, LAST = date(2024, 11, 1), date(2026, 9, 30)
TWO_YEARS: dict[str, Any] = {"signal_start_date": FIRST, "signal_end_date": LAST}


def spent(service: Service) -> Meters:
    rows = service.sandbox.ledger()
    return Meters(
        credits=sum(row["credits"] for row in rows),
        records=sum(row["records"] for row in rows),
        requests=service.sandbox.usage()["usage"][2]["currentUsage"],
    )


def told(service: Service) -> list[int]:
    """Companies of which there are news, scoops and signals, those with most news first."""
    world, now = service.sandbox.world, service.sandbox.now()
    news = Counter(i for article in world.news(now) for i in article.company_ids)
    scoops = {scoop.company_id for scoop in world.scoops(now)}
    signals = {signal.company_id for signal in world.signals(now)}
    return [i for i, _ in news.most_common() if i in scoops and i in signals]


def test_news_of_companies_are_a_long_frame_under_the_rows_of_the_inputs(client: Client, service: Service) -> None:
    first, second = told(service)[:2]
    quote = client.enrich.news.quote([first, 999, second, first], limit=4)
    assert repr(quote) == "Quote(credits=3, records=12, requests=3, duplicates=1)"
    frame = client.enrich.news([first, 999, second, first], limit=4, max_credits=3)
    assert frame["input_row"].to_list() == [0, 0, 0, 0, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    assert frame["match_status"].to_list() == ["matched"] * 4 + ["no_match"] + ["matched"] * 8
    assert frame["url"][:4].to_list() == frame["url"][9:].to_list()
    assert frame["url"].null_count() == 1
    for row, company_id in ((0, first), (2, second)):
        about = frame.filter(input_row=row)["companies"].explode().struct.field("company_id")
        assert company_id in about.to_list()
        dates = frame.filter(input_row=row)["page_date"]
        assert dates.to_list() == sorted(dates, reverse=True)
    assert spent(service) == client.ledger.totals().spent == Meters(credits=2, records=8, requests=3)


def test_a_company_under_management_costs_records_alone(client: Client, service: Service) -> None:
    company_id = told(service)[0]
    client.enrich.companies([company_id], max_credits=1)
    assert repr(client.enrich.scoops.quote([company_id], limit=3)) == "Quote(credits=0, records=3, requests=1)"
    assert client.enrich.scoops([company_id], limit=3, published_start_date=date(2020, 1, 1), max_records=3).height > 0
    assert client.enrich.news([company_id], limit=2, max_records=2).height == 2
    assert spent(service).credits == client.ledger.totals().spent.credits == 1


def test_what_was_told_makes_the_company_managed_for_every_call(client: Client, service: Service) -> None:
    company_id = told(service)[0]
    client.enrich.news([company_id], limit=1, max_credits=1)
    assert client.enrich.companies.quote([company_id]).managed == 1
    assert client.enrich.technologies.quote([company_id]).credits == 0


def test_news_are_asked_anew_each_time(client: Client, service: Service) -> None:
    company_id = told(service)[0]
    for _ in range(2):
        client.enrich.news([company_id], limit=1, max_credits=1)
    assert service.asked["/enrich/news"] == 2
    assert spent(service) == Meters(credits=1, records=2, requests=2)


def test_a_size_is_needed_and_a_share_must_be_a_row(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match="Pass limit=, the rows of each company you want at most, or max_records="):
        client.enrich.news([7], max_credits=1)
    with pytest.raises(RequestRefused, match="max_records=1 is less than a record for each of 2 companies"):
        client.enrich.news([7, 8], max_records=1)
    with pytest.raises(RequestRefused, match="limit=0 asks for no rows"):
        client.enrich.scoops([7], limit=0)
    with pytest.raises(BudgetExceeded):
        client.enrich.news([7], limit=3)
    with pytest.raises(BudgetExceeded):
        client.enrich.news([7], limit=3, max_credits=0)
    assert not service.asked


def test_max_records_alone_is_shared_evenly(client: Client, service: Service) -> None:
    ids = told(service)[:3]
    frame = client.enrich.news(ids, max_records=8, max_credits=3)
    assert frame.group_by("input_row", maintain_order=True).len().rows() == [(0, 2), (1, 2), (2, 2)]


def test_pages_are_read_until_there_is_no_more(client: Client, service: Service) -> None:
    company_id = told(service)[0]
    world = service.sandbox.world
    wanted = [a.url for a in reversed(world.news(service.sandbox.now())) if company_id in a.company_ids]
    assert client.enrich.news([company_id], limit=500, max_credits=1)["url"].to_list() == wanted
    assert service.asked["/enrich/news"] == 1
    frame = client.enrich.intent(company(service), limit=130, max_credits=1, **TWO_YEARS)
    assert frame["signal_id"].n_unique() == frame.height > 3


def company(service: Service) -> list[int]:
    """The company with most signals in the two years."""
    world, now = service.sandbox.world, service.sandbox.now()
    counts = Counter(s.company_id for s in world.signals(now))
    return [counts.most_common(1)[0][0]]


def test_a_longer_range_of_signals_is_asked_in_slices_and_joined(client: Client, service: Service) -> None:
    [company_id] = company(service)
    wanted = [s for s in service.sandbox.world.signals_of(company_id) if FIRST <= s.at.date() <= LAST]
    frame = client.enrich.intent([company_id], limit=1000, max_credits=1, **TWO_YEARS)
    assert service.asked[INTENT] == 8  # 699 days
    assert frame.height == len(wanted)
    assert frame["signal_date"].to_list() == sorted((s.at for s in wanted), reverse=True)
    oldest = client.enrich.intent(
        [company_id], limit=3, max_records=3, sort_by="signal_date", sort_order="asc", **TWO_YEARS
    )
    assert oldest["signal_date"].to_list() == [s.at for s in wanted[:3]]
    assert spent(service) == client.ledger.totals().spent


def test_slices_that_would_change_the_meaning_are_refused(client: Client, service: Service) -> None:
    unkept: list[dict[str, Any]] = [{"all_topics": ["Lead Scoring"]}, {"sort_by": "signal_score"}]
    for said in unkept:
        with pytest.raises(RequestRefused, match="cannot be kept over more than 90 days"):
            client.enrich.intent([7], limit=3, **TWO_YEARS, **said)
    assert not service.asked


def test_the_limit_holds_over_all_slices(client: Client, service: Service) -> None:
    frame = client.enrich.intent(company(service), limit=5, max_credits=1, **TWO_YEARS)
    assert frame.height == 5
    assert spent(service).records == 5


def test_topics_are_any_or_all(client: Client, service: Service) -> None:
    [company_id] = company(service)
    window: dict[str, Any] = {"signal_start_date": date(2026, 7, 3), "signal_end_date": date(2026, 9, 30)}
    some = [s for s in service.sandbox.world.signals_of(company_id) if date(2026, 7, 3) <= s.at.date()]
    shown = sorted({s.topic.name for s in some if s.at.date() <= date(2026, 9, 30)})
    absent = next(t.name for t in service.sandbox.world.lists.topics if t.name not in shown)
    client.budget.set(max_credits=5, max_records=200)
    both = client.enrich.intent([company_id], topics=[*shown, absent], limit=50, **window)
    assert set(both["topic"]) == set(shown)
    assert client.enrich.intent([company_id], all_topics=[shown[0], absent], limit=50, **window)[
        "match_status"
    ].to_list() == ["no_match"]


def test_recommended_contacts_are_a_frame_of_their_own_or_left_out(client: Client, service: Service) -> None:
    world, now = service.sandbox.world, service.sandbox.now()
    last = [s for s in world.signals(now) if s.at.date() >= date(2026, 7, 10)]
    named = next(s.company_id for s in last if world.recommended_contacts(s.company_id, s.topic))
    client.budget.set(max_credits=5, max_records=200)
    signals = client.enrich.intent([named], limit=50)
    people = recommended(signals)
    wanted = {p.id for s in last if s.company_id == named for p in world.recommended_contacts(named, s.topic)}
    assert wanted <= set(people["contact_id"])
    assert people["contact_id"].n_unique() == people.height
    assert client.enrich.contacts.quote(people).credits == people.height
    silent = client.enrich.intent([named], limit=50, recommended_contacts=False)
    assert silent.height == signals.height
    assert recommended(silent).is_empty()
    with pytest.raises(RequestRefused, match="The frame has no company_id"):
        recommended(pl.DataFrame({"topic": ["Cloud"]}))


def test_a_name_or_website_will_do_for_signals_and_scoops(client: Client, service: Service) -> None:
    [company_id] = company(service)
    website = service.sandbox.world.companies[company_id].website
    given = pl.DataFrame({"website": [website], "region": ["x"]})
    quote = client.enrich.intent.quote(given, limit=5)
    assert (quote.credits, quote.records) == (1, 5)
    client.enrich.intent(given, limit=5, max_credits=1, **TWO_YEARS)
    charged = client.ledger.frame()
    assert charged.select("entity", "id", "credits").rows()[0] == ("company", str(company_id), 1)
    assert spent(service) == client.ledger.totals().spent
    with pytest.raises(RequestRefused, match=r"Rename one to company_id"):
        client.enrich.news(given, limit=5)


def test_technologies_and_hashtags_are_one_record_and_held_while_managed(client: Client, service: Service) -> None:
    company_id = next(
        c.id
        for c in service.sandbox.world.companies.values()
        if len(c.technologies) > 3 and service.sandbox.world.profile_of(c.id).hashtags
    )
    assert repr(client.enrich.technologies.quote([company_id, 999])) == "Quote(credits=2, records=2, requests=2)"
    frame = client.enrich.technologies([company_id, 999], max_credits=2)
    tags = [t.product.tag for t in service.sandbox.world.companies[company_id].technologies]
    assert frame["tag"].to_list() == [*tags, None]
    assert frame["company_id"].to_list() == [company_id] * len(tags) + [None]
    assert frame["match_status"].to_list() == ["matched"] * len(tags) + ["no_match"]
    hashtags = client.enrich.hashtags([company_id], max_records=1, max_credits=0)
    assert hashtags["company_id"].unique().to_list() == [company_id]
    assert spent(service) == client.ledger.totals().spent == Meters(credits=1, records=2, requests=3)
    again = client.enrich.technologies([company_id], max_credits=0)
    assert again["tag"].to_list() == tags
    assert again["company_id"].to_list() == [company_id] * len(tags)
    assert service.asked["/enrich/tech"] == 2
    assert client.charges == service.charges


def test_an_interrupted_call_is_finished_by_the_same_call_and_pays_nothing_twice(desk: Desk, service: Service) -> None:
    client = desk.client()
    ids = told(service)[:6]
    client.budget.set(max_credits=20, max_records=200)

    def refuse_the_fourth(request: Request) -> Response | None:
        is_it = request.path == "/enrich/news" and str(ids[3]).encode() in request.body
        return service.says(503, b"") if is_it else None

    service.trouble = refuse_the_fourth
    with pytest.warns(NotAllAnswered, match="1 of 6 inputs .* Run the same call again within a day"):
        cut = client.enrich.news(ids, limit=2)
    assert cut.filter(match_status="error")["input_row"].to_list() == [3]
    assert cut.filter(match_status="matched")["input_row"].to_list() == [0, 0, 1, 1, 2, 2, 4, 4, 5, 5]
    done = client.ledger.totals().spent
    assert done.credits >= 3
    client.close()
    service.trouble = lambda request: None
    later = desk.client()
    frame = later.enrich.news(ids, limit=2)
    assert frame.height == 12
    assert service.asked["/enrich/news"] == 7
    assert spent(service).credits == later.ledger.totals().spent.credits == 6
    assert spent(service).records == later.ledger.totals().spent.records == 12


def test_paid_searches_of_news_and_scoops_count_what_comes(client: Client, service: Service) -> None:
    news = client.search.news(categories=["FUNDING", "AWARDS"], limit=7, max_records=7)
    assert news.height == 7
    assert news.columns[:3] == ["url", "title", "page_date"]
    assert client.search.news.count(categories="FUNDING", max_records=1) > 10
    scoops = client.search.scoops(
        employee_range_min=1,
        scoop_type=["6", "Project"],
        published_start_date=date(2025, 1, 1),
        limit=150,
        max_records=150,
    )
    assert scoops.height == scoops["scoop_id"].n_unique() == 150
    assert set(scoops["types"].list.first().struct.field("type")) <= {"Hiring Plans", "Project"}
    assert client.charges == service.charges
    assert client.ledger.totals().spent.records == 158

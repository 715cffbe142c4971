"""News, scoops, technologies and hashtags in their tables; what an answer leaves out is read off the question."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from zianalytics.journal import Intent, Journal
from zianalytics.schema import Meters
from zianalytics.warehouse import Warehouse

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)


def kept(journal: Journal, operation: str, *rows: dict[str, Any], company_id: int | None = None) -> None:
    number = f"intent-{len(list(journal.replies()))}"
    intent = Intent(
        id=number, call=number, operation=operation, request=b"{}", worst=Meters(), at=AT, asked=("q",),
        ids=(company_id,) if company_id else (),
    )  # fmt: skip
    page = {"maxResults": len(rows), "totalResults": len(rows), "currentPage": 1, "data": list(rows)}
    journal.keep(intent, operation, b"{}", status=200, headers={}, received=AT, body=json.dumps(page).encode())


def article(url: str, *companies: tuple[int, str]) -> dict[str, Any]:
    about = [{"id": i, "name": name} for i, name in companies]
    return {
        "url": url,
        "title": "T",
        "pageDate": "2026-09-30T10:00:00.000Z",
        "categories": ["FUNDING"],
        "company": about,
    }


def test_technologies_and_hashtags_are_kept_under_the_company_that_was_asked_for(
    journal: Journal, warehouse: Warehouse
) -> None:
    for company_id in (7, 8):
        row = {"tag": "1.2.3", "product": "Vault", "modifiedTime": "2026-09-01T00:00:00.000Z"}
        kept(journal, "enrich.technologies", row, company_id=company_id)
        kept(journal, "enrich.hashtags", {"tag": "b2b", "group": "company", "hidden": False}, company_id=company_id)
    warehouse.load(journal)
    found = warehouse.sql(
        "SELECT company_id, tag, last_seen::VARCHAR AS d, dated FROM technologies ORDER BY company_id"
    )
    assert found.rows() == [
        (7, "1.2.3", "2026-09-01", datetime(2026, 9, 1, tzinfo=UTC)),
        (8, "1.2.3", "2026-09-01", datetime(2026, 9, 1, tzinfo=UTC)),
    ]
    hashtags = warehouse.sql("SELECT company_id, tag, group_name, is_hidden FROM company_hashtags ORDER BY ALL")
    assert hashtags.rows() == [(7, "b2b", "company", False), (8, "b2b", "company", False)]


def test_an_article_that_was_searched_and_enriched_is_told_of_each_company_once(
    journal: Journal, warehouse: Warehouse
) -> None:
    kept(journal, "search.news", article("u1", (7, "Aster"), (8, "Birch")), article("u2", (8, "Birch")))
    kept(journal, "enrich.news", article("u1", (7, "Aster"), (8, "Birch")) | {"description": "D"}, company_id=7)
    warehouse.load(journal)
    assert warehouse.sql("SELECT url, description, dated FROM news").rows() == [
        ("u1", "D", datetime(2026, 9, 30, 10, tzinfo=UTC))
    ]
    assert warehouse.sql("SELECT company_id, url FROM news_by_company ORDER BY ALL").rows() == [
        (7, "u1"), (8, "u1"), (8, "u2"),
    ]  # fmt: skip


def test_a_scoop_is_dated_by_its_last_update_and_keeps_its_versions(journal: Journal, warehouse: Warehouse) -> None:
    scoop = {"id": 5, "originalPublishedDate": "9/1/2026 9:00 AM", "company": {"id": 7, "name": "Aster"}}
    kept(journal, "search.scoops", scoop | {"publishedDate": "9/1/2026 9:00 AM"})
    kept(journal, "enrich.scoops", scoop | {"publishedDate": "9/9/2026 9:00 AM", "updateText": "Yes."}, company_id=7)
    warehouse.load(journal)
    assert warehouse.sql("SELECT scoop_id, update_text, dated FROM scoops").rows() == [
        (5, "Yes.", datetime(2026, 9, 9, 9, tzinfo=UTC))
    ]
    assert warehouse.sql("SELECT count(*) FROM scoops_history").item() == 2


def test_signals_of_enrichments_and_searches_share_a_table(
    journal: Journal, warehouse: Warehouse, keep: Callable[..., int]
) -> None:
    row = {"id": "s1", "topic": "Cloud", "signalScore": 70, "signalDate": "9/1/2026 9:00 AM"}
    company = {"company": {"id": 7, "name": "Aster"}}
    kept(journal, "search.intent", row | company)
    kept(journal, "enrich.intent", row | company, {**row, **company, "id": "s2"}, company_id=7)
    warehouse.load(journal)
    assert warehouse.sql("SELECT signal_id FROM intent_signals ORDER BY ALL").rows() == [("s1",), ("s2",)]

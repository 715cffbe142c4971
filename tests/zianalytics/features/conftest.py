"""A warehouse that is loaded from a real journal: one company, its signals, its rounds, its offices, its deal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zianalytics.journal import Journal
from zianalytics.warehouse import Warehouse

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
Load = Callable[..., Warehouse]

ASTER = {
    "id": 1,
    "name": "Aster",
    "employeeCount": 400,
    "revenue": 25_000,
    "foundedYear": "1999",
    "primaryIndustry": ["Software"],
    "country": "Germany",
    "type": "private",
    "employeeGrowth": {"oneYearGrowthRate": "12.5"},
    "companyFunding": [
        {"date": "2026-03-10", "type": "Series B", "amount": 8000},
        {"date": "2020-01-01", "type": "Seed", "amount": 1000},
    ],
    "techAttributes": [
        {"tag": "1.1.1", "category": "Cloud Data Warehouse", "createdTime": "2024-05-01T00:00:00.000Z"},
        {"tag": "1.2.1", "category": "Accounting", "createdTime": "2026-04-01T00:00:00.000Z"},
    ],
}


@pytest.fixture
def aster() -> dict[str, Any]:
    return dict(ASTER)


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Loads companies, signals and deals that were received at `received` into a warehouse, beside what it holds."""
    warehouse = Warehouse()
    with Journal.open(tmp_path / "journal") as journal, warehouse:

        def keep(operation: str, told: Any, received: datetime) -> None:
            body = json.dumps(told).encode()
            journal.keep(None, operation, b"{}", status=200, headers={}, received=received, body=body)

        def load(
            *companies: dict[str, Any],
            signals: tuple[tuple[int, str, int, str, str], ...] = (),
            offices: tuple[tuple[int, int, str], ...] = (),
            deals: bytes | None = None,
            received: datetime = NOW,
        ) -> Warehouse:
            if companies:
                results = [{"input": {}, "matchStatus": "FULL_MATCH", "data": [c]} for c in companies]
                keep("enrich.companies", {"success": True, "data": {"outputFields": [], "result": results}}, received)
            if signals:
                data = [
                    {
                        "id": f"{company}/{topic}/{date}",
                        "topic": topic,
                        "signalScore": score,
                        "audienceStrength": audience,
                        "signalDate": date,
                        "company": {"id": company},
                    }
                    for company, topic, score, audience, date in signals
                ]
                page = {"maxResults": len(data), "totalResults": len(data), "currentPage": 1, "data": data}
                keep("search.intent", page, received)
            if offices:
                found = [
                    {"zi_c_location_id": location, "zi_c_company_id": company, "zi_c_country": country}
                    for location, company, country in offices
                ]
                answered = [{"statusCode": 200, "input": {}, "data": office} for office in found]
                keep("enrich.master_data", {"data": {"result": answered}}, received)
            if deals is not None:
                journal.give("deals", deals, at=received)
            warehouse.load(journal)
            return warehouse

        yield load
    warehouse.close()

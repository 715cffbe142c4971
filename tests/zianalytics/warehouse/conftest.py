"""A real journal, and replies as the Enterprise API writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zianalytics.journal import Intent, Journal
from zianalytics.schema import Meters
from zianalytics.warehouse import Warehouse

FIRST = datetime(2026, 10, 1, 9, tzinfo=UTC)
SECOND = datetime(2026, 11, 5, 9, tzinfo=UTC)

Keep = Callable[..., int]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal") as journal:
        yield journal


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse() as warehouse:
        yield warehouse
    warehouse.close()


@pytest.fixture
def keep(journal: Journal) -> Keep:
    """Keeps a reply to an enrichment of companies, or of any other operation with `operation=` and `body=`."""

    def keep(
        *records: dict[str, Any],
        received: datetime = FIRST,
        fields: tuple[str, ...] = (),
        operation: str = "enrich.companies",
        body: bytes | None = None,
        status: int = 200,
    ) -> int:
        results = [{"input": {}, "matchStatus": "FULL_MATCH", "data": [record]} for record in records]
        whole = json.dumps({"success": True, "data": {"outputFields": [], "result": results}}).encode()
        number = f"intent-{received:%j}-{len(list(journal.replies()))}"
        intent = Intent(
            id=number, call=number, operation=operation, request=b"{}", worst=Meters(), at=received, fields=fields
        )
        sent = whole if body is None else body
        return journal.keep(intent, operation, b"{}", status=status, headers={}, received=received, body=sent)

    return keep


def signals(*given: tuple[str, int, str, int, str]) -> bytes:
    """A page of intent search: id, company, topic, score and date of each signal."""
    data = [
        {"id": id_, "topic": topic, "signalScore": score, "audienceStrength": "A", "signalDate": date,
         "company": {"id": company, "name": "Aster"}}
        for id_, company, topic, score, date in given
    ]  # fmt: skip
    return json.dumps({"maxResults": len(data), "totalResults": len(data), "currentPage": 1, "data": data}).encode()

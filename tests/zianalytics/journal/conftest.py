from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from zianalytics.journal import Call, Intent, Journal
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "account") as opened:
        yield opened


@pytest.fixture(scope="session")
def intend() -> Callable[..., Intent]:
    """An intent of one batch of companies."""

    def make(
        call: Call, *ids: int, at: datetime = NOW, repeats: str | None = None, worst: Meters | None = None
    ) -> Intent:
        return Intent(
            id=str(uuid4()),
            call=call.id,
            operation="enrich.companies",
            request=b'{"ids": %d}' % len(ids),
            worst=worst or Meters(credits=len(ids), records=len(ids), requests=1),
            at=at,
            asked=tuple(f"company {n}" for n in ids),
            ids=ids,
            fields=("company_id", "name"),
            repeats=repeats,
        )

    return make

"""The contacts of signals, each once, with what recommends them."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.frames.recommended import recommended
from zianalytics.schema.signals import INTENT_SIGNAL

ADA = {"contact_id": 9, "first_name": "Ada", "last_name": "Birch", "job_title": "CTO", "job_function": []}
BEN = {"contact_id": 8, "first_name": "Ben", "last_name": "Cole", "job_title": "CFO", "job_function": []}


def signal(id_: str, topic: str, score: int, day: int, *people: dict[str, object] | None) -> dict[str, object]:
    found = None if None in people else list(people)
    at = datetime(2026, 9, day, tzinfo=UTC)
    named = {"signal_id": id_, "company_id": 7, "company_name": "Aster", "topic": topic, "signal_score": score}
    return {**named, "signal_date": at, "recommended_contacts": found}


def test_a_contact_of_several_signals_is_one_row_with_all_topics_the_best_score_and_the_last_day() -> None:
    signals = pl.DataFrame(
        [
            signal("a", "Storage", 70, 1, ADA),
            signal("b", "Cloud", 90, 2, ADA, BEN),
            signal("c", "Cloud", 60, 9, ADA),
            signal("d", "Email", 99, 9),
            signal("e", "Email", 99, 9, None),
        ],
        schema=INTENT_SIGNAL.schema,
    )
    found = recommended(signals)
    columns = ["contact_id", "company_id", "company_name", "topics", "signal_score", "signal_date"]
    assert found.select(columns).rows() == [
        (9, 7, "Aster", ["Cloud", "Storage"], 90, datetime(2026, 9, 9, tzinfo=UTC)),
        (8, 7, "Aster", ["Cloud"], 90, datetime(2026, 9, 2, tzinfo=UTC)),
    ]


def test_signals_without_contacts_make_an_empty_frame_with_all_columns() -> None:
    empty = recommended(pl.DataFrame(schema=INTENT_SIGNAL.schema))
    assert empty.rows() == []
    assert empty.columns == [
        "contact_id", "first_name", "last_name", "job_title", "job_function", "company_id", "company_name", "topics",
        "signal_score", "signal_date",
    ]  # fmt: skip
    assert empty.schema["topics"] == pl.List(pl.String())


def test_another_frame_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(RequestRefused, match="The frame has no company_name, topic, signal_score"):
        recommended(pl.DataFrame({"company_id": [7]}))

"""JSON scalars as columns."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.frames.scalars import read_text

WRITTEN = st.from_regex(
    r"([0-9]{4}-[01][0-9]-[0-3][0-9]|[01][0-9]-[0-3][0-9]-20[0-9]{2})"
    r"([T ][012][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{0,7}0?)?)?)?(Z|[+-][01][0-9]:?[03]0)?",
    fullmatch=True,
)


@settings(max_examples=60)
@given(st.lists(st.one_of(WRITTEN, st.sampled_from(["3/4/2026 11:05 PM", "2/30/2026", "soon", None])), max_size=20))
def test_a_day_is_the_day_of_its_moment_in_whatever_form_it_is_written(written: list[str | None]) -> None:
    text = pl.Series(written, dtype=pl.String)
    days, moments = read_text(text, pl.Date()), read_text(text, pl.Datetime("us", "UTC"))
    assert days.to_physical().to_list() == moments.dt.date().to_physical().to_list()


def test_days_among_odd_ones_keep_their_places() -> None:
    written = ["2026-01-31", None, "3/4/2026 1:05 PM", "2026-02-30", "2026-01-31T23:59:59.999Z", "2026-01-31T24:00:00Z"]
    assert read_text(pl.Series(written), pl.Date()).to_list() == [
        date(2026, 1, 31),
        None,
        date(2026, 3, 4),
        None,
        date(2026, 1, 31),
        None,
    ]


def test_a_day_is_the_one_in_utc() -> None:
    written = ["2026-01-31T23:30:00-01:00", "2026-01-31T00:30:00+0100", "2026-01-31 23:59Z"]
    read = read_text(pl.Series(written), pl.Date()).to_list()
    assert read == [date(2026, 2, 1), date(2026, 1, 30), date(2026, 1, 31)]

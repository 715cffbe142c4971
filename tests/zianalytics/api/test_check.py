"""Types in words."""

from __future__ import annotations

from datetime import date

import pytest

from zianalytics.api.check import spoken
from zianalytics.api.searches import ContactSearch
from zianalytics.errors import RequestRefused


def test_a_day_is_shown_as_it_is_written() -> None:
    assert spoken(date | None) == "a datetime.date, as date(2026, 1, 31) is"
    with pytest.raises(RequestRefused, match=r"='01/02/2026' is not a datetime\.date, as date\(2026, 1, 31\) is\."):
        ContactSearch(last_updated_date_after="01/02/2026")  # type: ignore[arg-type]  # that is the point

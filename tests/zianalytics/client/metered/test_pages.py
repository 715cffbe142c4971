from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.metered.pages import Page, exact_pages, whole_pages


def test_free_rows_are_read_by_as_few_pages_as_possible() -> None:
    assert whole_pages(250, 100) == [Page(1, 100), Page(2, 100), Page(3, 100)]
    assert whole_pages(7, 100) == [Page(1, 7)]


def test_paid_rows_are_read_by_pages_that_hold_exactly_them() -> None:
    assert exact_pages(100, 100) == [Page(1, 100)]
    assert exact_pages(150, 100) == [Page(1, 75), Page(2, 75)]
    assert exact_pages(157, 100) == [Page(1, 78), Page(2, 78), Page(157, 1)]


@given(st.integers(1, 5000), st.integers(1, 100))
def test_paid_pages_follow_on_each_other_and_never_hold_a_row_too_many(rows: int, largest: int) -> None:
    pages = exact_pages(rows, largest)
    start = 0
    for page in pages:
        assert page.start == start
        assert 1 <= page.size <= largest
        start += page.size
    assert start == rows

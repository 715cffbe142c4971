"""What the tests themselves stand on."""

from hypothesis import settings


def test_no_property_is_judged_by_the_time_that_it_takes() -> None:
    assert settings().deadline is None

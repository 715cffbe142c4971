"""Names, websites, dates and money as the service compares and writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.sandbox.words import domain, listed, money_in_words, per_cent, plain_name, thousands, us_time


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Aster Systems, Inc.", "aster systems"),
        ("ASTER  SYSTEMS", "aster systems"),
        ("Aster Systems S.A.", "aster systems"),
        ("Zörg & Söhne GmbH", "zörg söhne"),
        ("Co", "co"),
    ],
)
def test_a_name_is_compared_without_case_punctuation_and_legal_form(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    "said",
    ["example.com", "www.example.com", "HTTPS://WWW.Example.com/", "http://example.com:80/a?b#c", "example.com."],
)
def test_a_website_is_compared_by_its_domain(said: str) -> None:
    assert domain(said) == "example.com"


@pytest.mark.parametrize(
    ("hour", "written"),
    [(0, "3/7/2026 12:05 AM"), (9, "3/7/2026 9:05 AM"), (12, "3/7/2026 12:05 PM"), (23, "3/7/2026 11:05 PM")],
)
def test_american_times(hour: int, written: str) -> None:
    assert us_time(datetime(2026, 3, 7, hour, 5, tzinfo=UTC)) == written


@pytest.mark.parametrize(
    ("usd", "written"),
    [
        (400_000_000, "$400 Million"),
        (95_400_000, "$95.4 Million"),
        (2_500_000_000, "$2.5 Billion"),
        (750_000, "$750 Thousand"),
        (None, ""),
    ],
)
def test_money_in_words(usd: int | None, written: str) -> None:
    assert money_in_words(usd) == written


def test_money_in_thousands_and_rates_in_per_cent() -> None:
    assert (thousands(95_400_000), thousands(None)) == (95_400, None)
    assert (per_cent(0.125), per_cent(-0.2), per_cent(0.0), per_cent(None)) == ("12.5", "-20", "0", "")


def test_a_list_is_an_array_or_has_commas() -> None:
    assert listed("a, b,,c ") == listed(["a", "b ", "c"]) == ["a", "b", "c"]
    assert listed(7) == ["7"]

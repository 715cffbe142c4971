"""What a notebook shows of a quote, letter by letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from zianalytics.schema.quote import Left, Quote, Seen, quote_lines

SHOWN = Path(__file__).with_name("bill.html")


def bill() -> Quote:
    line = {"operation": "enrich.companies", "entity": "company", "credits": 0, "records": 0}
    new = line | {"status": "new", "by": "company_website", "why": "at most: its id is not known yet"}
    managed = line | {"status": "managed", "why": "under management until 2031-12-01", "records": 1}
    lines = [
        *(new | {"what": f"site{n}.example", "credits": 1, "records": 1} for n in range(9)),
        managed | {"what": "company_id 7", "id": 7, "managed_until": date(2031, 12, 1), "days_left": 275},
        managed | {"what": "company_id 8", "id": 8, "managed_until": date(2031, 5, 1), "days_left": 61},
        line | {"status": "invalid_input", "what": "input 11", "why": "not sent: it is <empty>"},
    ]
    at = datetime(2031, 3, 1, 12, 30, tzinfo=UTC)
    return Quote(
        "enrich.companies",
        quote_lines(lines),
        3000,
        seen=(Seen(operation="enrich.companies", by="company_website", asked=25, matched=20),),
        left=(
            Left(meter="credits", budget=40, service=4_988, told_at=at),
            Left(meter="records", service=124_000, told_at=at),
            Left(meter="requests"),
        ),
        per_minute=1500,
        credit_price=Decimal("0.35"),
    )


def test_a_bill_is_shown_as_it_was_looked_at() -> None:
    page = bill()._repr_html_()
    assert page.replace("</tr>", "</tr>\n").replace("</p>", "</p>\n") == SHOWN.read_text(encoding="utf-8")


def test_a_quote_that_sends_nothing_says_nothing_of_the_time_that_takes() -> None:
    assert "0 requests</b>, <b>3.15</b> at 0.35 a credit</p>" in replace(bill(), requests=0)._repr_html_()


def test_a_quote_that_knows_nothing_around_it_shows_its_price_alone() -> None:
    page = replace(bill(), seen=(), left=(), per_minute=None, credit_price=None)._repr_html_()
    assert "<b>enrich.companies</b> costs at most <b>9 credits, 11 records, 3,000 requests</b></p>" in page
    assert "What is likely is not known: no input of enrich.companies by company_website was answered before" in page
    assert "left of the budget" not in page


def test_records_that_may_be_more_and_inputs_that_are_no_ids_are_spoken_of() -> None:
    company = {"operation": "enrich.locations", "entity": "company", "id": 7, "status": "new", "credits": 1}
    rows = {"operation": "enrich.locations", "entity": "company", "status": "open_ended", "records": 60, "credits": 0}
    quote = Quote("enrich.locations", quote_lines([company | {"by": "company_id", "records": 0}, rows]), 1)
    assert (quote.may_exceed, quote.not_by_id) == (True, 0)
    assert repr(quote) == "Quote(credits=1, records=60 or more, requests=1)"
    assert "60 records, 1 request</b> (or more records: those of the last company come whole)" in quote._repr_html_()
    assert "no id" not in quote._repr_html_()
    other = replace(bill(), left=())
    assert (other.may_exceed, other.not_by_id) == (False, 9)
    assert (
        "<p>9 inputs are no ids: the service picks one record for each, also where several fit" in other._repr_html_()
    )

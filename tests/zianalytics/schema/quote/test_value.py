from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from zianalytics.errors import RequestRefused
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Left, Part, Quote, quote_lines

OPERATION = "enrich.companies"


def line(status: str, record_id: int | None, price: tuple[int, int], **more: Any) -> dict[str, Any]:
    row = {"operation": OPERATION, "input_row": 0, "what": f"company {record_id}", "entity": "company"}
    return row | {"id": record_id, "status": status, "why": "why", "credits": price[0], "records": price[1]} | more


def quote(*lines: dict[str, Any], requests: int = 1, operation: str = OPERATION) -> Quote:
    return Quote(operation, quote_lines(lines), requests)


def test_a_quote_shows_its_meters_and_only_the_asides_that_are_not_zero() -> None:
    priced = quote(*[line("new", n, (1, 1)) for n in range(12)], *[line("managed", 100 + n, (0, 1)) for n in range(38)])
    assert repr(priced) == "Quote(credits=12, records=50, requests=1, managed=38)"
    assert priced.total == Meters(credits=12, records=50, requests=1)


def test_a_quote_says_what_an_earlier_call_still_reserves_beside_its_price() -> None:
    lines = [line("unanswered", 1, (0, 1)), line("unanswered", 2, (0, 2)), line("new", 3, (1, 1))]
    beside = line("unanswered", None, (0, 23), input_row=None)
    priced = Quote(OPERATION, quote_lines([*lines, beside]), 2, reserved=25)
    assert repr(priced) == "Quote(credits=1, records=27, requests=2, unanswered=25, reserved=25)"
    assert (
        "<p>and no second credit for 25 inputs that were never answered, beside 25 credits that an earlier call still "
        "reserves for them</p>" in priced._repr_html_()
    )
    assert "reserve" not in quote(line("new", 1, (1, 1)))._repr_html_()
    assert repr(priced + priced).endswith("unanswered=50, reserved=50)")


def test_a_quote_without_lines_costs_nothing_and_keeps_its_columns() -> None:
    empty = Quote(OPERATION)
    assert repr(empty) == "Quote(credits=0, records=0, requests=0)"
    assert empty.lines.columns == [
        "operation", "input_row", "what", "by", "entity", "id", "status", "why", "managed_until", "days_left",
        "credits", "records",
    ]  # fmt: skip


def test_a_sum_pays_for_a_shared_record_once() -> None:
    total = quote(line("new", 1, (1, 1)), line("new", 2, (1, 1))) + quote(
        line("new", 2, (1, 1)), line("new", 3, (1, 1))
    )
    assert repr(total) == "Quote(credits=3, records=3, requests=2, duplicates=1)"
    assert total.operation == OPERATION
    assert total.lines["status"].to_list() == ["new", "new", "duplicate", "new"]


def test_another_operation_on_a_redeemed_record_costs_its_record_but_no_credit() -> None:
    tree = quote(line("new", 1, (1, 1), operation="enrich.hierarchies"), operation="enrich.hierarchies")
    total = quote(line("new", 1, (1, 1))) + tree
    assert repr(total) == "Quote(credits=1, records=2, requests=2, managed=1)"
    assert total.operation == "enrich.companies + enrich.hierarchies"


def test_a_company_and_a_contact_of_one_number_are_two_records() -> None:
    total = quote(line("new", 1, (1, 1))) + quote(line("new", 1, (1, 1), entity="contact"))
    assert repr(total) == "Quote(credits=2, records=2, requests=2)"


def test_inputs_whose_id_is_unknown_are_never_taken_for_the_same() -> None:
    total = quote(line("new", None, (1, 1))) + quote(line("new", None, (1, 1)))
    assert repr(total) == "Quote(credits=2, records=2, requests=2)"


def test_a_held_line_does_not_make_a_dearer_one_a_duplicate() -> None:
    total = quote(line("held", 1, (0, 0))) + quote(line("managed", 1, (0, 1)))
    assert repr(total) == "Quote(credits=0, records=1, requests=2, managed=1, held=1)"


def test_quotes_can_be_summed_by_sum() -> None:
    assert repr(sum([quote(line("new", 1, (1, 1))), quote(line("new", 1, (1, 1)))])) == (
        "Quote(credits=1, records=1, requests=2, duplicates=1)"
    )


def test_hostile_names_are_inert_in_html() -> None:
    page = quote(line("new", 1, (1, 1), what="<script>alert(1)</script>", why='"><img src=x>'))._repr_html_()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_name_that_turns_the_direction_of_writing_is_spelt_out() -> None:
    priced = quote(line("new", 1, (1, 1), what="gpj.\u202eexe", why="as \u2066asked"), operation="enrich.\u202ex")
    page = priced._repr_html_()
    assert "<td>gpj.\\u202eexe</td><td>as \\u2066asked</td>" in page
    assert not {"\u202e", "\u2066"} & set(page + repr(priced))


def test_html_shows_ten_lines_and_counts_the_others() -> None:
    page = quote(*[line("new", n, (1, 1)) for n in range(1200)])._repr_html_()
    assert page.count("<td>company ") == 10
    assert "costs at most <b>1,200 credits, 1,200 records, 1 request</b>" in page
    assert "and 1,190 more" in page


def test_a_company_of_which_rows_are_listed_is_redeemed_once_and_its_rows_are_paid_each_time() -> None:
    listed = {"entity": "company", "id": 7, "status": "listed", "credits": 1, "records": 20}
    news = Quote("enrich.news", quote_lines([{"operation": "enrich.news", **listed}]), 1)
    scoops = Quote("enrich.scoops", quote_lines([{"operation": "enrich.scoops", **listed}]), 1)
    whole = {"operation": "enrich.companies", "entity": "company", "id": 7, "status": "new", "credits": 1, "records": 1}
    companies = Quote("enrich.companies", quote_lines([whole]), 1)
    assert repr(news + scoops + news) == "Quote(credits=1, records=60, requests=3)"
    assert repr(news + companies) == "Quote(credits=1, records=21, requests=2, managed=1)"
    assert repr(companies + news) == "Quote(credits=1, records=21, requests=2)"


NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)


def part(inputs: int, **more: Any) -> Part:
    said = [{"company_id": 100 + n} for n in range(inputs)]
    given = pl.DataFrame({"crm": [f"a{n}" for n in range(inputs)], "company_id": [100 + n for n in range(inputs)]})
    return Part(operation=OPERATION, account="a", made_at=NOON, inputs=said, given=given, **{"batch": 25} | more)


def priced(inputs: int, *others: dict[str, Any], **more: Any) -> Quote:
    lines = [line("new", 100 + n, (1, 1), input_row=n) for n in range(inputs)]
    return replace(quote(*lines, *others, requests=3), parts=(part(inputs + len(others), **more),))


def test_a_pilot_is_a_smaller_quote_of_lines_that_would_be_paid() -> None:
    whole = priced(60, line("held", 160, (0, 0), input_row=60))
    pilot = whole.pilot(25, seed=4)
    assert repr(pilot) == "Quote(credits=25, records=25, requests=1)"
    [small] = pilot.parts
    assert small.given is not None
    assert small.inputs is not None
    assert pilot.lines["input_row"].to_list() == list(range(25))
    assert (
        pilot.lines["id"].to_list()
        == [one["company_id"] for one in small.inputs]
        == small.given["company_id"].to_list()
    )
    assert 160 not in pilot.lines["id"]
    assert small.id != whole.parts[0].id


def test_a_seed_draws_the_same_pilot_and_another_draws_another() -> None:
    whole = priced(60)
    drawn = [whole.pilot(25, seed=seed).lines["id"].to_list() for seed in (4, 4, 5)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert whole.pilot(100).credits == 60


def test_what_may_come_in_all_is_shared_by_a_pilot() -> None:
    rows = line("open_ended", None, (0, 80), input_row=None, what="up to 80 rows")
    pilot = priced(40, rows, batch=1, keywords={"max_records": 80}).pilot(10)
    assert pilot.parts[0].keywords == {"max_records": 20}
    assert repr(pilot) == "Quote(credits=10, records=30 or more, requests=10)"
    assert pilot.lines["what"].to_list()[-1] == "up to 20 rows"


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        (lambda: priced(5).pilot(0), "of 0 inputs. Nothing was sent. Pass a number of 1 or more."),
        (lambda: (priced(5) + priced(5)).pilot(3), "of a sum. Nothing was sent. Draw one of each quote"),
        (
            lambda: priced(0, line("held", 1, (0, 0))).pilot(3),
            "none of its inputs would be paid for. Nothing was sent.",
        ),
        (lambda: quote(line("new", 1, (1, 1))).pilot(3), "none of its inputs would be paid for. Nothing was sent."),
    ],
    ids=["none", "sum", "held", "search"],
)
def test_a_pilot_of_nothing_is_refused(drawn: Any, why: str) -> None:
    with pytest.raises(RequestRefused, match=r"no pilot can be drawn") as refused:
        drawn()
    assert why in str(refused.value)


def test_money_is_exact_and_there_only_where_a_credit_has_a_price() -> None:
    assert quote(line("new", 1, (1, 1))).money is None
    dear = replace(priced(3), credit_price=Decimal("0.35"))
    assert dear.money == Decimal("1.05")
    assert repr(dear) == "Quote(credits=3, records=3, requests=3, money=1.05)"


def test_what_would_remain_is_told_for_each_meter_and_pool() -> None:
    visitor = line("listed", None, (0, 1), entity="ip", operation="enrich.ips")
    ips = Quote("enrich.ips", quote_lines([visitor] * 4), 2, parts=(part(4, pool="websights", requests=2),))
    ips = replace(ips, left=(Left(meter="records", pool="websights", service=3, told_at=NOON),))
    companies = replace(
        priced(5), left=(Left(meter="credits", budget=9, service=100, told_at=NOON), Left(meter="requests"))
    )
    assert (companies + ips).remaining.rows() == [
        ("credits", "api", 5, 9, 4, 100, 95, NOON),
        ("requests", "api", 3, None, None, None, None, None),
        ("records", "websights", 4, None, None, 3, -1, NOON),
    ]


def test_minutes_follow_from_the_rate_of_the_bundle() -> None:
    assert quote(requests=3000).minutes is None
    assert replace(quote(requests=3000), per_minute=1500).minutes == 2.0


def test_the_people_who_are_not_asked_for_are_counted() -> None:
    assert repr(quote(line("opted_out", None, (0, 0)))) == "Quote(credits=0, records=0, requests=1, suppressed=1)"

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from zianalytics.client.enrich.pricing import Held, Place, Plan, plan
from zianalytics.client.inputs.question import Question
from zianalytics.journal import Intent
from zianalytics.schema.meters import Cost, Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
COST = Cost(entity="company", credit_per_new_record=True, counts_records=True)
HELD: dict[str, Any] = {
    "asked": pl.String, "id": pl.Int64, "status": pl.String, "reply": pl.Int64, "input_row": pl.Int64,
    "received": pl.Datetime("us", "UTC"), "fields": pl.List(pl.String),
}  # fmt: skip
MANAGED = {7: date(2031, 12, 1)}


def by_id(row: int, company_id: int) -> Question:
    return Question(row, {"company_id": company_id}, company_id, f"company_id {company_id}")


def answered(question: Question, found: int | None, *, days_ago: int = 1, status: str = "matched") -> tuple[Any, ...]:
    return (question.key, found, status, 40, 3, NOW - timedelta(days=days_ago), ["company_id", "name"])


def planned(questions: list[Question], *answers: tuple[Any, ...], **more: Any) -> Plan:
    held = Held(
        pl.DataFrame(answers, schema=HELD, orient="row"),
        more.pop("managed", MANAGED),
        more.pop("unanswered", ()),
    )
    arguments: dict[str, Any] = {"fields": ["name"], "now": NOW, "batch": 25} | more
    return plan("enrich.companies", COST, questions, held, **arguments)


def test_sixty_inputs_go_in_three_batches_each_with_its_price() -> None:
    made = planned([by_id(n, 100 + n) for n in range(60)], managed={100: date(2031, 12, 1)})
    assert [len(batch.questions) for batch in made.batches] == [25, 25, 10]
    assert [batch.worst for batch in made.batches] == [
        Meters(credits=24, records=25, requests=1),
        Meters(credits=25, records=25, requests=1),
        Meters(credits=10, records=10, requests=1),
    ]
    assert made.quote.total == Meters(credits=59, records=60, requests=3)


def test_a_held_answer_is_found_where_it_is() -> None:
    made = planned([by_id(0, 7)], answered(by_id(0, 7), 7))
    assert made.held == {0: Place(40, 3)}
    assert made.batches == []
    assert made.quote.total == Meters()
    assert made.rests_on_time


def test_an_answer_to_another_question_about_the_same_record_holds_for_its_id() -> None:
    by_name = Question(0, {"company_name": "Norvatek"}, None, "Norvatek")
    assert planned([by_id(0, 7)], answered(by_name, 7)).quote.held == 1
    assert planned([by_name], answered(by_name, 7)).quote.held == 1


def test_an_answer_without_a_field_that_is_asked_for_does_not_hold() -> None:
    made = planned([by_id(0, 7)], answered(by_id(0, 7), 7), fields=["name", "revenue_usd"])
    assert made.quote.lines["status"].to_list() == ["managed"]
    assert made.quote.total == Meters(records=1, requests=1)


def test_an_answer_does_not_outlive_its_window() -> None:
    ends_today = planned([by_id(0, 7)], answered(by_id(0, 7), 7), managed={7: date(2031, 3, 1)})
    assert ends_today.quote.lines["status"].to_list() == ["new"]
    ends_tomorrow = planned([by_id(0, 7)], answered(by_id(0, 7), 7), managed={7: date(2031, 3, 2)})
    assert ends_tomorrow.quote.held == 1


def test_max_age_is_the_age_at_which_an_answer_still_holds() -> None:
    answer = answered(by_id(0, 7), 7, days_ago=10)
    assert planned([by_id(0, 7)], answer, max_age=timedelta(days=10)).quote.held == 1
    assert planned([by_id(0, 7)], answer, max_age=timedelta(days=9)).quote.managed == 1


def test_nothing_found_holds_for_thirty_days() -> None:
    question = by_id(0, 9)
    assert planned([question], answered(question, None, days_ago=30, status="no_match")).quote.held == 1
    assert planned([question], answered(question, None, days_ago=31, status="no_match")).quote.credits == 1


def test_a_limit_that_was_reached_is_no_answer() -> None:
    question = by_id(0, 9)
    assert planned([question], answered(question, None, status="limit_exceeded")).quote.credits == 1


def test_the_same_question_twice_is_asked_once() -> None:
    made = planned([by_id(0, 9), by_id(1, 8), by_id(2, 9)])
    assert made.leaders == {2: 0}
    assert [one.row for one in made.batches[0].questions] == [0, 1]
    assert made.quote.duplicates == 1


def unanswered(*questions: Question, fields: tuple[str, ...] = ("company_id", "name")) -> Intent:
    return Intent(
        id="i-1", call="c-1", operation="enrich.companies", request=b"", at=NOW - timedelta(days=2), fields=fields,
        worst=Meters(credits=len(questions), records=len(questions), requests=1),
        asked=tuple(one.key for one in questions),
    )  # fmt: skip


def test_what_was_never_answered_is_repeated_for_its_records_alone() -> None:
    intent = unanswered(by_id(0, 1), by_id(1, 2), by_id(2, 3))
    made = planned([by_id(0, 1), by_id(1, 50)], unanswered=[intent])
    assert made.repeats == [intent]
    assert [one.row for one in made.batches[0].questions] == [1]
    assert made.quote.total == Meters(credits=1, records=4, requests=2)
    assert made.quote.lines.select("input_row", "status", "credits", "records").rows() == [
        (0, "unanswered", 0, 1),
        (1, "new", 1, 1),
        (None, "unanswered", 0, 2),
    ]


def test_a_repeat_costs_its_records_even_where_an_input_is_held_by_now() -> None:
    intent = unanswered(by_id(0, 7), by_id(1, 2), by_id(2, 3))
    made = planned([by_id(0, 7), by_id(1, 2)], answered(by_id(0, 7), 7), unanswered=[intent])
    assert made.quote.total == Meters(records=3, requests=1)
    assert made.quote.lines["status"].to_list() == ["held", "unanswered", "unanswered"]


def test_requests_without_an_answer_that_share_an_input_cost_what_each_repeat_costs() -> None:
    first = unanswered(by_id(0, 1), by_id(1, 2))
    second = replace(unanswered(by_id(0, 2), by_id(1, 3)), id="i-2")
    made = planned([by_id(0, 1), by_id(1, 2), by_id(2, 3)], unanswered=[first, second])
    assert made.repeats == [first, second]
    assert made.quote.total == Meters(records=4, requests=2)


def test_a_repeat_that_lacks_a_field_is_followed_by_a_request_for_it() -> None:
    intent = unanswered(by_id(0, 1), fields=("company_id",))
    made = planned([by_id(0, 1)], unanswered=[intent])
    assert made.repeats == [intent]
    assert [batch.worst for batch in made.batches] == [Meters(records=1, requests=1)]
    assert made.quote.total == Meters(records=2, requests=2)


def test_inputs_that_cannot_be_asked_are_on_the_bill_for_nothing() -> None:
    made = planned([by_id(1, 8)], unusable={0: "it is empty"})
    assert made.quote.lines.select("input_row", "status", "why", "credits").rows() == [
        (0, "invalid_input", "not sent: it is empty", 0),
        (1, "new", "not under management", 1),
    ]

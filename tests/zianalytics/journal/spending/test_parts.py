"""What a job was charged is written down part by part, each once, and its reservation ends with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from zianalytics.journal import Allowance, Charge, Found, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
Intend = Callable[..., Intent]


@pytest.fixture
def job(journal: Journal, intend: Intend) -> Intent:
    """A job about four companies that was begun, in a call that is over, on a budget of ten credits."""
    cap = journal.ledger.caps.open(Allowance(credits=10), "standing", at=NOW)
    call = journal.ledger.begin("bulk.redeem.companies", Meters(credits=4, records=4, requests=1), at=NOW, caps=[cap])
    intent = replace(intend(call, 1, 2, 3, 4), operation="bulk.redeem.companies")
    journal.reserve(intent)
    journal.doubt(intent.id)
    journal.ledger.end(call, finished=True)
    return intent


def page(journal: Journal, job: Intent, number: int, *ids: int, reply: int) -> Settlement:
    """A request for a page that was answered with these companies."""
    call = journal.ledger.begin("bulk.page.companies", Meters(requests=1), at=NOW)
    intent = Intent(
        id=f"page {number} by {reply}", call=call.id, operation="bulk.page.companies", request=b"{}",
        worst=Meters(requests=1), at=NOW, asked=("job-1", str(number)),
    )  # fmt: skip
    journal.reserve(intent)
    return Settlement(
        intent=intent.id,
        charged_at=NOW,
        reply=reply,
        request_id="req-1",
        charges=tuple(Charge(entity="company", record_id=str(one), redeems=True) for one in ids),
        found=tuple(
            Found(input_row=row, asked=f"company {one}", record_id=str(one), status="matched")
            for row, one in enumerate(ids)
        ),
        part_of=job.id,
        answers="enrich.companies",
    )


def standing(journal: Journal) -> str:
    cap = journal.ledger.caps.standing()
    assert cap is not None
    return cap


def test_a_part_is_charged_to_the_job_and_answers_the_direct_call(journal: Journal, job: Intent) -> None:
    journal.settle(page(journal, job, 1, 1, 2, reply=7))
    assert journal.statements.ledger().select("endpoint", "id", "credits", "intent_id").rows() == [
        ("bulk.redeem.companies", "1", 1, job.id),
        ("bulk.redeem.companies", "2", 1, job.id),
    ]
    held = journal.statements.held("enrich.companies", asked=["company 2"])
    assert held.select("id", "reply", "input_row", "fields").rows() == [(2, 7, 1, ["company_id", "name"])]
    assert journal.statements.parts("bulk.page.companies", "job-1") == {1: "page 1 by 7"}
    assert journal.statements.state(job.id) == "unknown"
    assert journal.statements.totals().spent == Meters(credits=2, records=2, requests=1)
    assert journal.statements.totals().unknown == Meters(credits=2, records=2, requests=1)


def test_a_page_that_was_shown_before_is_not_charged_again(journal: Journal, job: Intent) -> None:
    journal.settle(page(journal, job, 1, 1, 2, reply=7))
    journal.settle(page(journal, job, 1, 1, 2, reply=8))
    assert journal.statements.totals().spent == Meters(credits=2, records=2, requests=2)
    assert journal.statements.ledger().height == 2


def test_a_job_that_ends_frees_what_it_did_not_cost(journal: Journal, job: Intent) -> None:
    assert journal.ledger.caps.left(standing(journal)).credits == 6
    journal.settle(page(journal, job, 1, 1, 2, reply=7))
    assert journal.ledger.caps.left(standing(journal)).credits == 6
    journal.settle(Settlement(intent=job.id, charged_at=NOW))
    assert journal.ledger.caps.left(standing(journal)).credits == 8
    assert journal.statements.totals().spent == Meters(credits=2, records=2, requests=2)
    assert journal.statements.totals().unknown == Meters()
    journal.settle(Settlement(intent=job.id, charged_at=NOW))
    assert journal.statements.state(job.id) == "settled"

"""What the account may use: withheld fields do not fail a call, and what is known of each operation is told free."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.api.table import OPERATIONS
from zianalytics.client.lookups import Lookup
from zianalytics.errors import FieldNotAllowed, NotEntitled, RequestRefused
from zianalytics.schema.company import COMPANY

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

WITHHELD = {"department_budgets", "engagements"}
LOOK_UP = "/lookup/outputfields/company/enrich"


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=100, bundle="standard")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    """Nobody waits for real."""
    return True


def asked_fields(service: Service) -> list[list[str]]:
    """The output fields that will be asked of companies from now on."""
    seen: list[list[str]] = []

    def look(request: Request) -> Response | None:
        if request.path == "/enrich/company":
            seen.append(json.loads(request.body)["outputFields"])
        return None

    service.trouble = look
    return seen


def test_all_fields_are_those_that_the_account_has(client: Client, service: Service) -> None:
    seen = asked_fields(service)
    rows = client.enrich.companies(service.ids[:2], fields="all", max_credits=2)
    assert set(COMPANY.names) - set(rows.columns) == WITHHELD
    assert not {"departmentBudgets", "engagements"} & set(seen[0])
    assert rows["match_status"].to_list() == ["matched"] * 2
    assert service.asked[LOOK_UP] == 1


def test_the_look_up_is_asked_once_and_a_repeat_is_held(client: Client, service: Service) -> None:
    for _ in range(2):
        client.enrich.companies(service.ids[:1], fields=["all", "-competitors"], max_credits=1)
    assert service.asked[LOOK_UP] == service.asked["/enrich/company"] == 1
    assert client.enrich.companies.quote(service.ids[:1], fields=["all", "-competitors"]).credits == 0


def test_default_columns_ask_nothing(client: Client, service: Service) -> None:
    client.enrich.companies(service.ids[:1], max_credits=1)
    client.enrich.companies(service.ids[:1], fields="minimal", max_credits=1)
    assert service.asked[LOOK_UP] == 0


@pytest.mark.parametrize("fields", ["engagements", ["name", "engagements"], ["all", "engagements"]], ids=str)
def test_a_withheld_field_by_name_is_refused_before_anything_is_sent(
    fields: list[str] | str, client: Client, service: Service
) -> None:
    with pytest.raises(RequestRefused) as refused:
        client.enrich.companies(service.ids[:1], fields=fields, max_credits=1)
    assert str(refused.value) == (
        "enrich.companies: the subscription does not cover engagements. Nothing was sent that costs anything. Leave it "
        'out, or pass fields="all" for all that is covered; zi.lookup.entitlements() shows it.'
    )
    assert service.asked["/enrich/company"] == 0


def test_a_subscription_that_was_widened_is_believed_at_once(desk: Desk, service: Service) -> None:
    desk.wall = lambda: service.sandbox.now().timestamp()
    with pytest.raises(RequestRefused, match="does not cover engagements"):
        desk.client().enrich.companies(service.ids[:1], fields="engagements", max_credits=1)

    def widened(request: Request) -> Response | None:
        said = service.sandbox.answer(request)
        body = said.body.replace(b'"false"', b'"true"')
        return service.says(200, body) if request.path == LOOK_UP else None

    service.trouble = widened
    with pytest.raises(FieldNotAllowed):  # by the service: the client let it through
        desk.client().enrich.companies(service.ids[:1], fields="engagements", max_credits=1)
    assert service.asked[LOOK_UP] == 2


def test_where_the_look_up_cannot_be_had_all_fields_of_the_schema_are_asked(client: Client, service: Service) -> None:
    seen = asked_fields(service)
    look = service.trouble

    def refuse(request: Request) -> Response | None:
        look(request)
        return service.says(403, b'{"statusCode": 403, "message": "no"}') if request.path == LOOK_UP else None

    service.trouble = refuse
    with pytest.raises(FieldNotAllowed, match="engagements"):
        client.enrich.companies(service.ids[:1], fields="all", max_credits=1)
    assert {"departmentBudgets", "engagements"} <= set(seen[0])


def test_a_quote_of_all_fields_sends_nothing(client: Client, service: Service) -> None:
    assert client.enrich.companies.quote(service.ids[:3], fields="all").credits == 3
    assert not service.asked


def test_entitlements_say_what_may_be_used_and_how_that_is_known(client: Client, service: Service) -> None:
    client.search.companies(country="Germany", limit=1)
    with pytest.raises(NotEntitled):
        client.bulk.preview.companies(country="Germany")
    before = dict(service.asked)
    frame = Lookup(client.caller).entitlements()
    assert frame.schema == {
        "operation": pl.String,
        "direction": pl.String,
        "field_name": pl.String,
        "column": pl.String,
        "access_granted": pl.Boolean,
        "source": pl.String,
    }
    calls = {row[0]: row[1:] for row in frame.filter(direction="call").drop("direction", "field_name", "column").rows()}
    assert calls["search.companies"] == (True, "answered on 2026-10-01")
    assert calls["bulk.preview.companies"] == (False, "refused on 2026-10-01")
    assert calls["enrich.ips"] == (True, "limits in usage: it has a pool of its own")
    assert calls["enrich.companies"] == (None, "not known: it was neither answered nor refused yet")
    assert set(calls) == {
        name
        for name in OPERATIONS
        if name.startswith(("search.", "enrich.", "webhooks.", "compliance."))
        or (name.startswith("bulk.") and name.count(".") == 2 and not name.startswith("bulk.page."))
    }
    output = frame.filter(operation="enrich.companies", direction="output")
    lacking = output.filter(~pl.col("access_granted"))
    assert lacking["field_name"].to_list() == ["departmentBudgets", "engagements"]
    assert lacking["column"].to_list() == ["department_budgets", "engagements"]
    covered = output.filter("access_granted", operation="enrich.companies")["column"].drop_nulls().to_list()
    assert client.enrich.companies.quote(service.ids[:1], fields=covered).credits == 1
    assert set(output["source"]) == {"field look-up"}
    silent = frame.filter(operation="search.companies", direction="output")
    assert silent["access_granted"].to_list() == [None] * silent.height
    assert set(silent["source"]) == {"not known: the field look-up does not say"}
    asked = {path for path, times in service.asked.items() if times > before.get(path, 0)}
    assert all(path.startswith("/lookup/") for path in asked)
    assert not service.charges


def test_the_newest_of_refusal_and_answer_counts(client: Client, service: Service) -> None:
    refusal = b'{"statusCode": 403, "message": "You do not have access to this endpoint"}'
    service.trouble = lambda request: service.says(403, refusal) if request.path == "/search/contact" else None
    with pytest.raises(NotEntitled):
        client.search.contacts.count(country="Germany")
    service.trouble = lambda request: None
    service.sandbox.advance(1)
    lookup = Lookup(client.caller)

    def of_contacts() -> tuple[bool, str]:
        [row] = lookup.entitlements().filter(operation="search.contacts", direction="call").rows()
        return row[4:]

    assert of_contacts() == (False, "refused on 2026-10-01")
    client.search.contacts.count(country="Germany")
    assert of_contacts() == (True, "answered on 2026-10-02")


def test_without_a_look_up_of_fields_the_operation_is_still_told(client: Client, service: Service) -> None:
    fields = "/lookup/inputfields/", "/lookup/outputfields/"
    service.trouble = lambda request: service.says(403, b"{}") if request.path.startswith(fields) else None
    frame = Lookup(client.caller).entitlements()
    assert set(frame["direction"]) == {"call"}
    assert frame.height > 20

"""Families, org charts and locations: what they cost, what is held, and what may go beyond a limit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics.errors import BudgetExceeded, MoreCharged, NotAllAnswered, NotAnswered, RequestRefused
from zianalytics.frames.long import long
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

SALES = "Sales"


def with_people(service: Service, number: int) -> list[int]:
    """Companies with somebody in Sales who has not moved."""
    world = service.sandbox.world
    found = (i for i in service.ids if any(p.department == SALES and not p.has_moved for p in world.contacts_of(i)))
    return [next(found) for _ in range(number)]


def test_a_family_tree_is_one_list_with_level_and_parent_of_each(client: Client, service: Service) -> None:
    world = service.sandbox.world
    child = next(c for c in world.companies.values() if c.parent_id is not None)
    frame = client.enrich.hierarchies([child.id], max_credits=1)
    tree = long(frame, "family_tree").select("family_tree_company_id", "parent_company_id", "level")
    family = [child.parent_id, *world.subsidiaries_of(child.parent_id or 0)]
    assert dict(zip(tree["family_tree_company_id"], tree["parent_company_id"], strict=True)) == {
        one: world.companies[one or 0].parent_id for one in family
    }
    assert tree["level"].to_list() == [1] + [2] * (len(family) - 1)
    assert long(frame, "parentage")["parentage_company_id"].to_list() == [child.parent_id]
    assert frame.columns == ["input", "match_status", "company_id", "parentage", "family_tree", "extra"]
    assert frame["extra"].to_list() == [None]


def test_a_family_is_held_and_its_company_is_under_management_for_other_calls(client: Client, service: Service) -> None:
    ids = service.ids[:30]
    assert repr(client.enrich.hierarchies.quote(ids)) == "Quote(credits=30, records=30, requests=2)"
    first = client.enrich.hierarchies(ids, max_credits=30)
    assert client.enrich.hierarchies(ids).equals(first)
    assert repr(client.enrich.companies.quote(ids)) == "Quote(credits=0, records=30, requests=2, managed=30)"
    assert client.charges == service.charges
    website = next(c.website for c in service.sandbox.world.companies.values() if c.website)
    assert client.enrich.hierarchies([website, "No Such Company"], max_credits=2)["match_status"].to_list() == [
        "matched",
        "no_match",
    ]


def test_an_org_chart_costs_one_record_and_is_held_by_its_departments(client: Client, service: Service) -> None:
    ids = with_people(service, 3)
    quote = client.enrich.org_charts.quote(ids, department=SALES)
    assert repr(quote) == "Quote(credits=3, records=3, requests=3)"
    frame = client.enrich.org_charts(ids, department=SALES, max_credits=3)
    people = [
        p.id for i in ids for p in service.sandbox.world.contacts_of(i) if p.department == SALES and not p.has_moved
    ]
    assert sorted(frame["contact_id"]) == sorted(people)
    assert frame["input_row"].to_list() == sorted(frame["input_row"])
    assert frame.filter(pl.col("input_row") == 1)["company_id"].unique().to_list() == [ids[1]]
    assert client.ledger.totals().spent == Meters(credits=3, records=3, requests=3)
    assert client.charges == service.charges
    assert client.enrich.org_charts.quote(ids, department=SALES).held == 3
    assert repr(client.enrich.org_charts.quote(ids, department=["Sales", "Legal"])) == (
        "Quote(credits=0, records=3, requests=3, managed=3)"
    )


def test_nobody_in_a_department_is_a_row_of_nulls_that_cost_nothing(client: Client, service: Service) -> None:
    frame = client.enrich.org_charts([1, *with_people(service, 1)], department=SALES, max_credits=2)
    assert frame.filter(pl.col("input_row") == 0)["match_status"].to_list() == ["no_match"]
    assert frame.filter(pl.col("input_row") == 0)["company_id"].to_list() == [None]
    assert frame.filter(pl.col("input_row") == 1)["match_status"].unique().to_list() == ["matched"]
    assert client.ledger.totals().spent == Meters(credits=1, records=1, requests=2)


def test_locations_are_a_record_each_and_the_ledgers_agree(client: Client, service: Service) -> None:
    ids = service.ids[:8]
    frame = client.enrich.locations(ids, max_credits=8, max_records=300)
    offices = [service.sandbox.world.offices_of(i) for i in ids]
    assert frame["input_row"].to_list() == [row for row, found in enumerate(offices) for _ in found]
    assert frame["city"].to_list() == [one.city for found in offices for one in found]
    there_are = sum(len(found) for found in offices)
    assert client.ledger.totals().spent == Meters(credits=8, records=there_are, requests=8)
    used = {row["limitType"]: row["currentUsage"] for row in service.sandbox.usage()["usage"]}
    assert (used["uniqueIdLimit"], used["recordLimit"]) == (8, there_are)
    assert client.budget.left.records == 0
    assert client.enrich.locations(ids, max_records=0).equals(frame)
    assert service.asked["/enrich/location"] == 8


def test_locations_need_a_limit_and_their_quote_names_what_may_go_beyond_it(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match="max_records="):
        client.enrich.locations.quote(service.ids[:2])
    quote = client.enrich.locations.quote(service.ids[:2], max_records=50)
    assert repr(quote) == "Quote(credits=2, records=50 or more, requests=2)"
    line = quote.lines.row(-1, named=True)
    assert (line["what"], line["status"], line["records"]) == ("up to 50 rows", "open_ended", 50)
    assert "the last answer may bring more than were left" in line["why"]


def test_when_the_records_are_used_up_no_further_company_is_asked(client: Client, service: Service) -> None:
    """The last answer goes beyond the limit, which is said, and counted."""
    one, two, three = [i for i in service.ids if len(service.sandbox.world.offices_of(i)) == 3][:3]
    with pytest.warns(MoreCharged, match="brought 2 records more than the 4"), pytest.warns(NotAllAnswered):
        frame = client.enrich.locations([one, two, three], max_credits=3, max_records=4)
    assert frame["input_row"].to_list() == [0, 0, 0, 1, 1, 1, 2]
    assert frame["match_status"].to_list() == ["matched"] * 6 + ["limit_exceeded"]
    assert client.ledger.totals().spent == Meters(credits=2, records=6, requests=2)
    again = client.enrich.locations([one, two, three], max_credits=1, max_records=3)
    assert again["match_status"].to_list() == ["matched"] * 9
    assert client.ledger.totals().spent == Meters(credits=3, records=9, requests=3)


def test_credits_of_a_list_are_not_spent_unless_allowed(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded, match="2 credits"):
        client.enrich.locations(service.ids[:2], max_records=100)
    with pytest.raises(BudgetExceeded, match="2 credits"):
        client.enrich.org_charts(service.ids[:2], department=SALES)
    assert service.charges.total() == 0


def test_a_list_that_was_never_answered_is_asked_again_without_a_second_credit(
    client: Client, desk: Desk, service: Service
) -> None:
    company = next(i for i in service.ids if len(service.sandbox.world.offices_of(i)) == 3)
    service.sandbox.set_faults({"rules": [{"path": "/enrich/location", "fault": "cut_after_charge", "share": 1}]})
    with pytest.raises(NotAnswered):
        client.enrich.locations([company], max_credits=1, max_records=9)
    client.close()
    later = desk.client()
    with pytest.raises(NotAnswered):
        later.enrich.locations([company], max_records=7)
    assert later.ledger.unanswered().select("credits", "records").rows() == [(1, 9), (0, 7)]
    service.sandbox.set_faults({"rules": []})
    assert repr(later.enrich.locations.quote([company], max_records=9)) == (
        "Quote(credits=0, records=9 or more, requests=1, unanswered=1, reserved=1)"
    )
    with pytest.warns(UserWarning, match="sent again"):
        frame = later.enrich.locations([company], max_records=9)
    assert frame["match_status"].to_list() == ["matched"] * 3
    assert later.ledger.totals().spent == Meters(credits=1, records=9, requests=3)
    assert later.ledger.unanswered().is_empty()


def test_a_contact_without_a_required_field_costs_nothing(client: Client, service: Service) -> None:
    people = list(service.sandbox.world.contacts.values())
    good, bad = (next(p.id for p in people if bool(p.email) is has) for has in (True, False))
    frame = client.enrich.contacts([bad, good], required_fields="email", max_credits=2)
    assert frame["match_status"].to_list() == ["missing_required_fields", "matched"]
    assert frame["contact_id"].to_list() == [None, good]
    assert client.charges == service.charges == {("contact", str(good), 1, 1): 1}
    assert client.enrich.contacts([bad], max_credits=1)["match_status"].to_list() == ["matched"]


def test_a_required_field_that_is_no_column_is_refused_with_the_nearest(client: Client) -> None:
    with pytest.raises(RequestRefused, match="did you mean email"):
        client.enrich.contacts([7], required_fields=["emial"])


def test_firmographics_are_what_kind_of_company_it_is(client: Client, service: Service) -> None:
    frame = client.enrich.companies(service.ids[:1], fields="firmographics", max_credits=1)
    assert {"revenue_usd", "employee_count", "industries", "country"} <= set(frame.columns)
    assert "tech_attributes" not in frame.columns
    with pytest.raises(RequestRefused, match="firmographics"):
        client.enrich.hierarchies(service.ids[:1], fields="firmographics")


def test_a_tree_that_is_none_is_lost_and_named(client: Client, service: Service) -> None:
    def odd(request: Request) -> Response | None:
        if request.path != "/enrich/corporatehierarchy":
            return None
        tree = [{"companyId": 1, "name": "Top", "familyNodes": [7, {"companyId": 2, "familyNodes": "none"}]}]
        record = {"companyId": 1, "familyTree": tree}
        result = {"input": {}, "data": [record]}
        return service.says(200, json.dumps({"data": {"result": [result]}}).encode())

    service.trouble = odd
    with pytest.warns(UserWarning, match=r"family_tree\[1\]"):
        frame = client.enrich.hierarchies([1], max_credits=1)
    tree = frame["family_tree"][0].to_list()
    assert [(one or {}).get("company_id") for one in tree] == [1, None, 2]
    assert tree[2]["parent_company_id"] == 1
    assert json.loads(frame["extra"][0]) == {"family_tree[2].familyNodes": "none"}

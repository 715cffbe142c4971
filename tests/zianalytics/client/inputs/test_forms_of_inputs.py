"""Inputs in the forms in which notebooks have them, and what is said of those that cannot be asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.client.inputs.read import read_inputs
from zianalytics.client.search.match import CompanyMatch
from zianalytics.errors import BudgetExceeded, RequestRefused, ResultsCut

if TYPE_CHECKING:
    from ..conftest import Client, Service


def test_ids_may_be_floats_of_a_column_with_gaps(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    given: list[Any] = [[float(ids[0]), float(ids[1])], pl.Series([float(one) for one in ids]), [ids[0], float(ids[1])]]
    for of in given:
        assert client.enrich.companies.quote(of).lines["id"].to_list() == ids
    gaps: Any = [float(ids[0]), math.nan, None]
    quote = client.enrich.companies.quote(gaps)
    assert quote.lines["status"].to_list() == ["new", "invalid_input", "invalid_input"]


def test_a_frame_keeps_its_floats_and_is_asked_by_the_id_in_them(client: Client, service: Service) -> None:
    frame = pl.DataFrame({"company_id": [float(service.ids[0]), None], "owner": ["ana", "bo"]})
    found = client.enrich.companies(frame, max_credits=1)
    assert found["company_id"].to_list() == [float(service.ids[0]), None]
    assert found["company_id_zi"].to_list() == [service.ids[0], None]


@pytest.mark.parametrize("odd", [12.5, 2.0**53, math.inf], ids=["half", "not-exact", "endless"])
def test_a_float_that_is_no_id_is_refused_as_such(client: Client, odd: float) -> None:
    with pytest.raises(RequestRefused, match=r"enrich\.companies: .* is not an id: ids are whole numbers"):
        client.enrich.companies.quote([7.0, odd])  # type: ignore[arg-type]  # that is the point


def test_a_match_is_answered_with_what_to_pass_of_it(client: Client) -> None:
    found = CompanyMatch(client.caller, progress=False)(["nobody.example"])
    with pytest.raises(RequestRefused, match=r"not Matched\. Nothing was sent\. Pass its \.matched: what is in"):
        client.enrich.companies.quote(found)  # type: ignore[arg-type]  # that is the point


def test_rows_that_max_records_cuts_off_are_told(client: Client) -> None:
    with pytest.warns(ResultsCut, match=r"search\.intent: these are 5 of \d+ rows that match, .* max_records=5 pays"):
        assert client.search.intent(topics="Lead Scoring", max_records=5).height == 5
    assert client.search.intent(topics="Lead Scoring", max_records=5, limit=5).height == 5


def test_a_search_that_no_budget_allows_is_told_of_its_limit(client: Client) -> None:
    with client.budget(max_records=5), pytest.raises(BudgetExceeded, match=r"; or pass a smaller limit=\.$"):
        client.search.intent(topics="Lead Scoring", limit=100)


def test_a_frame_of_a_spreadsheet_is_asked_with_and_comes_back(
    client: Client, service: Service, spreadsheet: Callable[..., Any]
) -> None:
    frame = spreadsheet({"company_id": service.ids[:2], "zip": ["01234", 98101]})
    found = client.enrich.companies(frame, max_credits=2)
    assert found.select("company_id", "zip", "match_status").rows() == [
        (service.ids[0], "01234", "matched"),
        (service.ids[1], "98101", "matched"),
    ]


def test_ids_of_several_kinds_in_a_frame_are_read_one_by_one(
    client: Client, service: Service, spreadsheet: Callable[..., Any]
) -> None:
    first, second = service.ids[:2]
    quote = client.enrich.companies.quote(spreadsheet({"company_id": [first, str(second), "abc", None]}))
    assert quote.lines.select("id", "status").rows() == [
        (first, "new"),
        (second, "new"),
        (None, "invalid_input"),
        (None, "invalid_input"),
    ]


def test_a_match_takes_a_frame_of_a_spreadsheet(client: Client, spreadsheet: Callable[..., Any]) -> None:
    frame = spreadsheet({"company_name": ["Nobody & Sons", 5], "website": [None, "nobody.example"]})
    assert CompanyMatch(client.caller, progress=False)(frame).failed["company_name"].to_list() == ["Nobody & Sons", "5"]


@pytest.mark.parametrize(
    "series",
    [pl.Series, np.array, pa.array, lambda ids: pa.chunked_array([ids])],
    ids=["polars", "numpy", "array", "chunked"],
)
def test_a_series_of_any_library_is_a_list_of_ids(
    client: Client, service: Service, series: Callable[[list[int]], Any]
) -> None:
    quote = client.enrich.companies.quote(series(service.ids[:2]))
    assert quote.lines["id"].to_list() == service.ids[:2]


def test_a_series_is_matched_as_one_column_of_inputs(
    client: Client, service: Service, spreadsheet: Callable[..., Any]
) -> None:
    website = service.sandbox.world.companies[service.ids[0]].website
    column = spreadsheet({"mine": [website, None, "nobody.example"]})["mine"]
    column.index = SimpleNamespace(
        names=["company_name"]
    )  # a series has one, too, and its values are what it is asked by
    found = CompanyMatch(client.caller, progress=False)(column)
    assert found.matched.select("input", "company_id").rows() == [(website, service.ids[0])]
    assert found.failed["input"].to_list() == [None, "nobody.example"]


def test_gaps_of_dicts_are_no_names_that_are_paid_for(client: Client, service: Service) -> None:
    dicts: Any = [{"company_id": float(service.ids[0]), "name": "Aster"}, {"name": math.nan}]
    quote = client.enrich.companies.quote(dicts)
    assert quote.lines.select("id", "status").rows() == [(service.ids[0], "new"), (None, "invalid_input")]
    names: Any = ["Aster", math.nan]
    assert client.enrich.companies.quote(names).lines["status"].to_list() == ["new", "invalid_input"]


@pytest.mark.parametrize(
    ("phone", "asked"),
    [
        ("12125550142.0", "12125550142"),
        (12125550142.0, "12125550142"),
        (12125550142, "12125550142"),
        (" 4915112345678.0 ", "4915112345678"),
        ("+1 (212) 555-0142", "+1 (212) 555-0142"),
        ("212.555.0142", "212.555.0142"),
        ("212.0", "212"),
        ("212.00", "212.00"),
        ("2125550142.5", "2125550142.5"),
        ("+1 212 555 0142.0", "+1 212 555 0142.0"),
    ],
)
def test_a_number_that_a_table_took_for_a_float_is_asked_for_by_its_digits(phone: Any, asked: str) -> None:
    calls = ["enrich.companies", "enrich.contacts", "enrich.master_data", "compliance.check"]
    for call, name in [*((call, "phone") for call in calls), ("enrich.companies", "fax")]:
        [question] = read_inputs(OPERATIONS[call], pl.DataFrame({name: [phone]})).questions
        assert question.says == {name: asked}


def test_a_postal_code_loses_its_nought_and_other_texts_do_not() -> None:
    place = pl.DataFrame({"street": ["1.0"], "city": ["Aster"], "zip_code": ["10087.0"]})
    [question] = read_inputs(OPERATIONS["enrich.master_data"], place).questions
    assert question.says == {"street": "1.0", "city": "Aster", "zip_code": "10087"}


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (["Website"], r"none of the columns Website \(did you mean website\?\) can be asked with\. Nothing was sent"),
        (["Company Name", "owner"], r"columns Company Name \(did you mean company_name\?\), owner can be asked with"),
        (["companyid"], r"companyid \(did you mean company_id\?\)"),
        (["Compny-ID"], r"Compny-ID \(did you mean company_id\?\)"),
        (
            ["owner"],
            r"Rename one to company_id, company_website \(or website\), company_name \(or name\), ticker, phone",
        ),
    ],
    ids=["case", "blank", "joined", "misspelt", "list"],
)
def test_a_column_that_is_almost_one_that_can_be_asked_with_is_said_to_be(
    client: Client, columns: list[str], says: str
) -> None:
    with pytest.raises(RequestRefused, match=says):
        client.enrich.companies.quote(pl.DataFrame({name: ["x"] for name in columns}))


def test_an_email_of_another_case_is_said_to_be_one(client: Client) -> None:
    with pytest.raises(RequestRefused, match=r"E-Mail \(did you mean email\?\)"):
        client.enrich.contacts.quote(pl.DataFrame({"E-Mail": ["ada@aster.example"]}))


@pytest.mark.parametrize("beside", [{}, {"name": ["Aster"]}, {"owner": ["ana"]}], ids=["alone", "with-name", "owner"])
def test_ids_in_the_index_of_a_frame_are_not_passed_over(
    client: Client, spreadsheet: Callable[..., Any], beside: dict[str, Any]
) -> None:
    says = r"company_id is in the index of the frame, which is not read\. .* Pass frame\.reset_index\(\)"
    with pytest.raises(RequestRefused, match=says):
        client.enrich.companies.quote(spreadsheet(beside, index="company_id"))


def test_an_index_beside_ids_is_left(client: Client, service: Service, spreadsheet: Callable[..., Any]) -> None:
    frame = spreadsheet({"company_id": service.ids[:1]}, index="name")
    assert client.enrich.companies.quote(frame).lines["id"].to_list() == service.ids[:1]


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ({7, 8}, r"and not set\. Nothing was sent\. Make a list of it: list\(\.\.\.\)\."),
        ((one for one in (7, 8)), r"and not generator\. Nothing was sent\. Make a list of it"),
        ({7: "a"}.keys(), r"and not dict_keys\. Nothing was sent\. Make a list of it"),
        ({"company_id": [7, 8]}, r"and not dict\. Nothing was sent\. Make a frame of its columns: pl\.DataFrame\("),
        ({"company_id": 7}, r"and not dict\. Nothing was sent\. Put a single one into a list\."),
        (7, r"and not int\. Nothing was sent\. Put a single one into a list\."),
    ],
    ids=["set", "generator", "keys", "dict-of-lists", "dict", "number"],
)
def test_what_is_no_list_is_answered_with_how_to_make_one(client: Client, of: Any, says: str) -> None:
    with pytest.raises(RequestRefused, match=says):
        client.enrich.companies.quote(of)

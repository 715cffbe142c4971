"""The cell for a saved request: what it says, and that nothing of a collection can act in it."""

from __future__ import annotations

import ast
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.errors import RequestRefused
from zianalytics.postman import Saved, cell_of, saved_request, saved_requests

Cell = Callable[..., str]


def test_a_search_is_a_call_with_our_keywords_and_its_price(cell: Cell) -> None:
    body = {"country": "United States", "employeeRangeMin": "50", "industryCodes": "software,energy.water", "rpp": 10}
    assert cell("/search/company", body) == (
        "from zianalytics import ZoomInfo\n"
        "\n"
        "zi = ZoomInfo()  # ZoomInfo.mock() is one of a local ZoomInfo, on which nothing is spent\n"
        "# Costs a request a page; no credit, no record.\n"
        "zi.search.companies(\n"
        '    country="United States",\n'
        "    employee_range_min=50,\n"
        '    industry_codes=["software", "energy.water"],\n'
        "    limit=10,\n"
        ")\n"
    )


def test_a_paid_call_has_its_allowance_switched_off(cell: Cell) -> None:
    body = {"matchCompanyInput": [{"companyId": 7}, {"companyId": "8"}], "outputFields": ["id", "name", "revenue"]}
    lines = cell("/enrich/company", body).splitlines()
    assert lines[-5:] == [
        "zi.enrich.companies(",
        "    [7, 8],",
        '    fields=["company_id", "name", "revenue_usd"],',
        "    # max_credits=2,  # the most it may cost: take the first # away to allow it",
        ")",
    ]
    assert lines[3].startswith("# Costs a credit for each company")


def test_days_money_words_and_truths_are_read_back(cell: Cell) -> None:
    body = {
        "fundingAmountMin": 5,
        "fundingStartDate": "2026-01-31",
        "certified": 1,
        "sortBy": "employeeCount",
        "sortOrder": "descending",
        "locationSearchType": "PersonAndHQ",
        "oneYearEmployeeGrowthRateMin": "2.5",
        "companyName": 'Müller\'s "Best"',
        "page": 2,
    }
    shown = cell("/search/company", body)
    assert shown.startswith("from datetime import date\n")
    for line in (
        "funding_min_usd=5000",
        "funding_start_date=date(2026, 1, 31)",
        "certified=True",
        'sort_by="employee_count"',
        'sort_order="desc"',
        'location_search_type="person_and_hq"',
        "one_year_employee_growth_rate_min=2.5",
        """company_name='Müller\\'s "Best"'""",
        "limit=50",
    ):
        assert f"    {line},\n" in shown
    assert "# The request asks for page 2; a call reads from the first row on.\n" in shown


@pytest.mark.parametrize(
    ("method", "path", "body", "line"),
    [
        ("GET", "/lookup/usage", "", "zi.usage()"),
        ("GET", "/lookup/inputfields/company/search", "", 'zi.lookup.input_fields("search.companies")'),
        ("GET", "/webhooks/7", "", "zi.webhooks.get(7)"),
        ("GET", "/webhooks/subscriptiontypes", "", "zi.webhooks.subscription_types()"),
        ("DELETE", "/webhooks/{{hook}}", "", "    ...,  # {{hook}}: fill it in"),
        ("PUT", "/webhooks/7", {"enabled": True}, "zi.webhooks.update(7, enabled=True)"),
        ("PUT", "/webhooks/7", {"subscriptions": [{"objectType": "Company", "eventType": "Update"}]},
         'zi.webhooks.update(7, subscribe=["company"])'),
        ("POST", "/webhooks/validate",
         {"targetUrl": "https://a.example", "objectType": "Contact", "fullPayload": False},
         'zi.webhooks.validate("https://a.example", object_type="contact", full_payload=False)'),
        ("POST", "/bulk/job/status", {"jobId": "a1"}, 'zi.bulk.job("a1").status()'),
        ("POST", "/bulk/job/results", {"jobId": "a1", "page": 2}, 'zi.bulk.job("a1").frame()'),
        ("POST", "/bulk/search/company",
         {"jobType": "preview", "query": {"country": "Germany"}, "outputFields": ["id"]},
         'zi.bulk.preview.companies(country="Germany")'),
        ("POST", "/bulk/search/company", {"query": {"country": "Germany"}},
         'zi.bulk.preview.companies(country="Germany")'),
        ("POST", "/bulk/search/company",
         {"jobType": "redeem", "query": {"country": "Germany"}, "outputFields": ["id", "name"]},
         '    fields=["company_id", "name"],'),
        ("POST", "/enrich/intent", {"companyId": 7, "topics": "A AND B"}, '    all_topics=["A", "B"],'),
        ("POST", "/enrich/intent", {"companyId": 7, "topics": "A|B"}, '    topics=["A", "B"],'),
        ("POST", "/enrich/ip", {"ipAddress": "198.18.0.8"}, '    ["198.18.0.8"],'),
        ("POST", "/enrich/location", {"companyId": 7},
         "    # max_records=...,  # needed, since it may be any number; "
         "the most it may cost: take the first # away to allow it"),
        ("POST", "/enrich/contact",
         {"matchPersonInput": [{"personId": 7}], "outputFields": ["id"], "requiredFields": "email,mobilePhone"},
         '    required_fields=["email", "mobile_phone"],'),
        ("POST", "/enrich/company-master",
         {"matchCompanyInput": [{"zi_c_name": "Aster", "address": {"zi_c_country": "Germany"}}], "outputFields": []},
         '    [{"company_name": "Aster", "country": "Germany"}],'),
        ("POST", "/search/intent", {"topics": ["A"], "rpp": 5},
         "    # max_records=5,  # the most it may cost: take the first # away to allow it"),
        ("POST", "/search/contact", {"requiredFields": "directPhone,email"},
         'zi.search.contacts(required_fields=["direct_phone", "email"], limit=25)'),
        ("POST", "/search/company", {"companyRanking": "one OR other"},
         'zi.search.companies(company_ranking="one OR other", limit=25)'),
        ("POST", "/search/contact", {"jobTitle": "Head OR Chief, Sales"},
         'zi.search.contacts(job_title=["Head", "Chief, Sales"], limit=25)'),
    ],
    ids=lambda one: one if isinstance(one, str) and one.startswith("/") else "",
)  # fmt: skip
def test_every_kind_of_request_has_its_call(method: str, path: str, body: Any, line: str, cell: Cell) -> None:
    assert line in cell(path, body, method).splitlines()


def test_a_sign_in_is_answered_with_advice_and_shows_no_credential(cell: Cell) -> None:
    shown = cell("/authenticate", {"username": "ada@aster.example", "password": "s3cret"})
    assert "ZOOMINFO_USERNAME" in shown
    assert shown.endswith("zi = ZoomInfo()\n")
    assert "ada" not in shown
    assert "s3cret" not in shown


def test_what_is_left_open_is_written_so_that_nothing_can_be_sent(cell: Cell) -> None:
    shown = cell("/search/company", {"country": "{{land}}", "companyId": "<integer>", "rpp": "{{rows}}"})
    assert "    country=...,  # {{land}}: fill it in\n" in shown
    assert "    company_id=...,  # <integer>: fill it in\n" in shown
    assert "    limit=...,  # page and size: fill it in\n" in shown


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("POST", "/search/company", {"contry": "Germany"}, r"has no field 'contry' \(did you mean country"),
        ("POST", "/enrich/company", {"matchCompanyInput": [{"companyid": 7}]}, "did you mean companyId"),
        ("POST", "/enrich/company", {"matchCompanyInput": [{"companyId": 7}], "outputFields": ["nmae"]},
         "did you mean name"),
        ("POST", "/enrich/company", {"matchCompanyInput": 7}, "matchCompanyInput is not a list"),
        ("POST", "/enrich/company", {"matchCompanyInput": [{"companyId": [7]}]}, "is not a single value"),
        ("POST", "/search/compny", {}, r"did you mean POST /search/company"),
        ("GET", "/lookup/planets", "", "No call of ours sends"),
        ("POST", "/gtm/data/v1/companies/search", "", "'POST /gtm/data/v1/companies/search' is a request to"),
        ("POST", "/data/v1/contacts/enrich", "", "is a request to the GTM API, and only calls of the Enterprise API"),
        ("POST", "/search/company", {"sortBy": "size"},
         "sortBy='size' is not a value that search.companies takes as sort_by="),
        ("POST", "/search/company", {"fundingStartDate": "soon", "country": "Germany"}, "fundingStartDate='soon'"),
        ("POST", "/search/company", {"fundingStartDate": "2026-02-31"}, "fundingStartDate='2026-02-31'"),
        ("POST", "/search/company", {"country": "Germany", "state": "Texas"}, "country= and state= exclude each other"),
        ("POST", "/search/company", {}, "A search needs a criterion"),
        ("POST", "/bulk/search/company", {"jobType": "delete", "query": {}}, "The type of the job is 'delete'"),
        ("PUT", "/webhooks/7", {"subscriptions": [{"subscriptionId": 1}]}, "names subscriptions by their ids"),
    ],
    ids=range(16),
)  # fmt: skip
def test_what_no_call_can_send_is_refused_with_what_to_do(
    method: str, path: str, body: Any, problem: str, cell: Cell
) -> None:
    with pytest.raises(RequestRefused, match=problem) as refused:
        cell(path, body, method)
    assert "Nothing was sent." in str(refused.value)


HOSTILE = [
    "x\nimport os",
    '"); import os; ("',
    '\'"""\\',
    "\\N{DIGIT ONE}\u2028import os\u2029\x0cimport os\r%%bash",
    "coding: utf-7",
    "\ud800",
    "{__import__('os')}",
    "{{a\nimport os}}",
    "{{\u2028import os}}",
]
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))
scalars = st.one_of(texts, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False))
values = st.recursive(scalars, lambda one: st.lists(one, max_size=3) | st.dictionaries(texts, one, max_size=2))
ROUTES = [
    ("POST", "/search/company", ["country", "companyName", "companyId", "sortBy", "certified", "rpp", "page"]),
    ("POST", "/search/contact", ["jobTitle", "managementLevel", "exactly"]),
    ("POST", "/enrich/company", ["matchCompanyInput", "outputFields"]),
    ("POST", "/enrich/intent", ["companyName", "topics", "signalStartDate"]),
    ("POST", "/webhooks", ["title", "targetUrl", "enabled", "subscriptions"]),
    ("POST", "/bulk/job/status", ["jobId"]),
    ("POST", "/bulk/search/company", ["jobType", "query", "outputFields"]),
    ("DELETE", "/webhooks/{{x\nimport os}}", []),
]


@given(st.data())
def test_no_text_of_a_collection_becomes_code(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    method, path, fields = data.draw(st.sampled_from(ROUTES))
    inputs = st.lists(st.dictionaries(st.sampled_from(["companyId", "companyName"]), scalars, max_size=2), max_size=3)
    body = {
        one: data.draw(inputs if one == "matchCompanyInput" else values) for one in fields if data.draw(st.booleans())
    }
    name = data.draw(texts)
    file = tmp_path_factory.getbasetemp() / "hostile.json"
    said = {"mode": "raw", "raw": json.dumps(body)}
    item = {"name": name, "request": {"method": method, "url": {"path": path[1:].split("/")}, "body": said}}
    variable = [{"key": "x", "value": data.draw(texts)}]
    file.write_text(json.dumps({"variable": variable, "item": [item]}), encoding="utf-8")
    [listed] = saved_requests(file)
    assert not {unicodedata.category(one) for one in listed} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    try:
        shown = cell_of(saved_request(file, name))
    except RequestRefused:
        return
    check_inert(shown)


def check_inert(shown: str) -> None:
    """It is imports, a client, and one call of ours whose arguments are literals."""
    assert not set(shown) & set("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    lines = shown.splitlines()
    assert lines[0].startswith("from ")
    assert lines[1] == ""
    *imports, client, call = ast.parse(shown).body
    assert [ast.unparse(one) for one in imports] in (
        ["from zianalytics import ZoomInfo"],
        ["from datetime import date", "from zianalytics import ZoomInfo"],
    )
    assert ast.unparse(client) == "zi = ZoomInfo()"
    assert isinstance(call, ast.Expr)
    asked = call.value
    assert isinstance(asked, ast.Call)
    if isinstance(asked.func, ast.Attribute) and isinstance(asked.func.value, ast.Call):
        assert not asked.args
        assert not asked.keywords
        asked = asked.func.value
    assert ast.unparse(asked.func).startswith("zi.")
    for argument in [*asked.args, *(one.value for one in asked.keywords)]:
        if isinstance(argument, ast.Call):
            assert ast.unparse(argument.func) == "date"
            assert all(isinstance(one, ast.Constant) and isinstance(one.value, int) for one in argument.args)
        else:
            ast.literal_eval(argument)


def test_a_cell_of_any_length_is_not_printed() -> None:
    inputs = [{"companyName": "x" * 9_000} for _ in range(200)]
    saved = Saved("A", "POST", "/enrich/company", {}, {"matchCompanyInput": inputs, "outputFields": ["id"]})
    with pytest.raises(RequestRefused, match="Read the inputs from a file instead"):
        cell_of(saved)


def test_a_collection_of_our_own_making_is_read(tmp_path: Path) -> None:
    from zianalytics.api.wire import WireRequest

    said = WireRequest(
        operation="x", method="POST", base_url="", path="/search/company", body='{"country":"Germany","rpp":5}'
    )
    file = tmp_path / "ours.json"
    file.write_text(json.dumps({"item": [said.as_postman()]}))
    assert cell_of(saved_request(file, "zi.x")).endswith('zi.search.companies(country="Germany", limit=5)\n')

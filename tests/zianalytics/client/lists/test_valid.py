"""Values of criteria and inputs are checked by their lists before anything is sent that costs anything."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from zianalytics.api.describe import parameters
from zianalytics.api.listed import shipped
from zianalytics.api.searches import CompanySearch, ContactSearch
from zianalytics.api.table import OPERATIONS
from zianalytics.client.lookups import Lookup
from zianalytics.errors import BudgetExceeded, NotAllAnswered, RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

SEARCHES = {"/search/company", "/search/contact", "/search/intent", "/search/news", "/search/scoop"}


@pytest.fixture(scope="module")
def stands_still() -> bool:
    """Nobody waits for real."""
    return True


def sent(service: Service) -> set[str]:
    """What reached the service beside signing in and usage."""
    return set(service.asked) - {"/authenticate", "/lookup/usage"}


def bodies(service: Service, path: str) -> list[bytes]:
    """The bodies that will reach a path from now on."""
    seen: list[bytes] = []

    def look(request: Request) -> Response | None:
        if request.path == path:
            seen.append(request.body)
        return None

    service.trouble = look
    return seen


@pytest.mark.parametrize("ask", ["call", "count", "quote"])
def test_a_misspelt_country_is_refused_with_the_right_one(ask: str, client: Client, service: Service) -> None:
    call = client.search.companies if ask == "call" else getattr(client.search.companies, ask)
    with pytest.raises(RequestRefused) as refused:
        call(country="Germny")
    assert str(refused.value) == (
        "search.companies: country='Germny' is not among the values of zi.lookup.countries() (did you mean 'Germany'?)."
        ' Nothing was sent that costs anything. Pass one of them; zi.lookup.countries("...") finds those that hold a '
        "text."
    )
    assert sent(service) == {"/lookup/country"}


def test_a_job_is_checked_like_a_search(client: Client, service: Service) -> None:
    for call in (
        client.bulk.preview.companies,
        client.bulk.preview.companies.submit,
        client.bulk.redeem.contacts.quote,
    ):
        with pytest.raises(RequestRefused, match="did you mean 'France'"):
            call(country="Frnce")
    assert sent(service) == {"/lookup/country"}


WRONG: list[tuple[str, str, Any, str]] = [
    ("companies", "state", "Texsa", "'Texas'"),
    ("companies", "continent", "Eurpe", "'Europe'"),
    ("companies", "metro_region", ["usa.texas.austin", "usa.texas.austn"], "'usa.texas.austin'"),
    ("companies", "excluded_regions", "usa.texas.austn", "'usa.texas.austin'"),
    ("companies", "employee_ranges", "5to8", "'5to9'"),
    ("companies", "revenue_ranges", ["500kto2m"], "'500kto1m'"),
    ("companies", "industry_codes", "software,retial", "'retail', Retail"),
    ("companies", "sic_codes", ["7373", "9999"], ""),
    ("companies", "naics_codes", "51321", "'513210', Software Publishers"),
    ("companies", "tech_attribute_tags", "131.999.*", ""),
    ("companies", "hashtags", ["sas"], "'saas', SaaS"),
    ("companies", "company_type", "privat", "'private', Private"),
    ("companies", "company_ranking", "fortune.50", "'fortune.500', Fortune 500"),
    ("companies", "sub_unit_types", "Subsidary", "'Subsidiary'"),
    ("companies", "included_sub_unit_types", "Divison", "'Division'"),
    ("contacts", "management_level", ["Director", "Directr"], "'Director'"),
    ("contacts", "exclude_management_level", "Manger", "'Manager'"),
    ("contacts", "department", "Slaes", "'Sales'"),
    ("contacts", "job_function", "Recruting", "'recruiting', Recruiting"),
    ("contacts", "years_of_experience", "6 - 11 Years", ""),
    ("contacts", "tech_skills", ["9999"], ""),
    ("news", "categories", "FUNDNG", "'FUNDING'"),
    ("scoops", "scoop_type", "Hiring Plan", "Hiring Plans"),
    ("scoops", "scoop_topic", "no such topic", ""),
    ("scoops", "department", "no such department", ""),
    ("intent", "topics", ["Lead Scoring", "Lead Scorng"], "'Lead Scoring'"),
]


@pytest.mark.parametrize(("noun", "name", "value", "near"), WRONG, ids=[f"{one[0]}.{one[1]}" for one in WRONG])
def test_a_value_that_is_in_no_list_is_refused_for_each_criterion(
    noun: str, name: str, value: Any, near: str, client: Client, service: Service
) -> None:
    paid = {"limit": 5, "max_records": 5} if noun in ("news", "scoops", "intent") else {"limit": 5}
    with pytest.raises(RequestRefused, match=rf"search\.{noun}: {name}=.* is not among the values of zi\.lookup") as no:
        getattr(client.search, noun)(**{name: value}, **paid)
    assert f"did you mean {near}" in str(no.value) or not near or near in str(no.value)
    assert sent(service).isdisjoint(SEARCHES)
    assert not service.charges


def test_every_criterion_with_a_look_up_is_tried_above() -> None:
    listed = {one.name for row in (CompanySearch, ContactSearch) for one in parameters(row) if one.listed}
    assert listed - {name for _, name, _, _ in WRONG} == {"country"}
    methods = {
        one.listed.lookup
        for row in OPERATIONS.values()
        if not row.name.startswith("lookup")
        for one in parameters(row.request)
        if one.listed
    }
    assert {f"lookup.{one}" for one in methods} <= set(OPERATIONS)


@pytest.mark.parametrize(
    ("criteria", "written"),
    [
        ({"country": "germany"}, b'"country":"Germany"'),
        ({"country": "DE"}, b'"country":"Germany"'),
        ({"country": "Cote d\u2019Ivoire".replace("\u2019", "'")}, b'"country":"Cote d\'Ivoire"'),
        ({"country": "T\u00dcRKIYE"}, b'"country":"Turkey"'),
        ({"country": "Germany, FRA"}, b'"country":"Germany,France"'),
        ({"country": "Korea, South"}, b'"country":"South Korea"'),
        ({"country": "Korea, Republic of"}, b'"country":"South Korea"'),
        ({"state": "Washington, DC"}, b'"state":"District of Columbia"'),
        ({"state": "nh"}, b'"state":"New Hampshire"'),
        ({"industry_codes": "software"}, b'"industryCodes":"software"'),
        ({"industry_codes": "SOFTWARE,retail"}, b'"industryCodes":"software,retail"'),
        ({"industry_codes": ["Management Consulting"]}, b'"industryCodes":"bizservice.consulting"'),
        ({"sic_codes": "General Contractors, Single-Family Houses"}, b'"sicCodes":"1521"'),
        ({"employee_ranges": ["1,000 - 5,000", "5to9"]}, b'"employeeCount":"1000to4999,5to9"'),
        ({"tech_attribute_tags": ["131.202.*", "Quorvane CRM"]}, b'"techAttributeTagList":"131.202.*,131.202.1.1"'),
        ({"tech_attribute_tags": "*.202"}, b'"techAttributeTagList":"*.202"'),
    ],
    ids=lambda one: "-".join(one) + "=" + str(next(iter(one.values()))) if isinstance(one, dict) else "",
)
def test_case_accents_names_and_codes_are_understood(
    criteria: dict[str, Any], written: bytes, client: Client, service: Service
) -> None:
    seen = bodies(service, "/search/company")
    client.search.companies(limit=5, **criteria)
    assert written in seen[0]


def test_a_value_that_is_shipped_asks_nobody(client: Client, service: Service) -> None:
    client.search.contacts.count(country="Germany", continent="Europe", management_level=["Director", "vp"])
    client.search.contacts.count(state="Ontario")
    assert sent(service) == {"/search/contact"}


def test_a_list_is_asked_once_for_all_that_is_checked_by_it(client: Client, service: Service) -> None:
    for _ in range(3):
        client.search.companies.count(industry_codes=["software", "retail"])
    with pytest.raises(RequestRefused):
        client.search.companies.count(industry_codes=["software", "retial"])
    assert service.asked["/lookup/industry"] == 1


def test_a_quote_sends_nothing_for_a_list_that_nobody_has_asked(client: Client, service: Service) -> None:
    assert client.search.intent.quote(topics="Lead Scorng", limit=5).records == 5
    assert not service.asked
    Lookup(client.caller).intent_topics()
    with pytest.raises(RequestRefused, match="did you mean 'Lead Scoring'"):
        client.search.intent.quote(topics="Lead Scorng", limit=5)


def test_a_call_that_is_above_the_budget_asks_no_list(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded, match="Nothing was sent"):
        client.search.intent(topics="Lead Scorng", limit=5)
    with pytest.raises(RequestRefused, match=r"limit=|max_records="):
        client.search.intent(topics="Lead Scorng")
    assert not service.asked


@pytest.mark.parametrize("status", [403, 503, 200], ids=["not entitled", "not answered", "unreadable"])
def test_where_the_list_cannot_be_had_a_value_is_let_through(status: int, client: Client, service: Service) -> None:
    said = {403: b'{"statusCode": 403, "message": "You do not have access to this endpoint"}'}
    lost = "/lookup/country"
    service.trouble = lambda request: (
        service.says(status, said.get(status, b"<html>")) if request.path == lost else None
    )
    assert client.search.companies.count(country="Germny") == 0
    tries = service.asked[lost]
    assert tries >= 1
    assert client.search.companies.count(country="Germny") == 0
    assert service.asked[lost] == tries, "what could not be had is not asked again at once"


def test_an_empty_list_of_the_account_says_nothing(client: Client, service: Service) -> None:
    service.trouble = lambda request: service.says(200, b"[]") if request.path == "/lookup/industry" else None
    client.search.companies.count(company_name="Aster", industry_codes="software")
    assert service.asked["/search/company"] == 1


def test_a_value_that_the_account_has_and_no_shipped_list_is_taken(client: Client, service: Service) -> None:
    body = b'[{"Id": "atlantis", "Name": "Atlantis"}]'
    service.trouble = lambda request: service.says(200, body) if request.path == "/lookup/country" else None
    assert client.search.companies.count(country="ATLANTIS") == 0
    assert service.asked["/search/company"] == 1


def test_a_value_is_written_as_the_list_that_is_held_has_it(client: Client, service: Service) -> None:
    body = '[{"Id": "T\u00fcrkiye", "Name": "T\u00fcrkiye"}]'.encode()
    service.trouble = lambda request: service.says(200, body) if request.path == "/lookup/country" else None
    assert '"country":"Turkey"' in client.search.companies.request(country="T\u00fcrkiye").body
    listed = Lookup(client.caller).countries()["id"].item()
    assert json.loads(client.search.companies.request(country=listed).body)["country"] == "T\u00fcrkiye"
    assert json.loads(client.search.companies.request(country="DEU").body)["country"] == "Germany"


def test_a_name_of_several_values_is_refused_with_them(client: Client, service: Service) -> None:
    body = b'[{"Id": "a.other", "Name": "Other"}, {"Id": "b.other", "Name": "other"}, {"Id": "x", "Name": "a.other"}]'
    service.trouble = lambda request: service.says(200, body) if request.path == "/lookup/industry" else None
    with pytest.raises(RequestRefused, match=r"is the name of several values: 'a\.other', Other; 'b\.other', other\."):
        client.search.companies(industry_codes="Other")
    seen = bodies(service, "/search/company")
    with pytest.raises(Exception, match="400"):  # the sandbox has no such industry
        client.search.companies(industry_codes="a.other")
    assert b'"industryCodes":"a.other"' in seen[0]


def test_what_another_process_heard_is_asked_anew_before_a_value_is_refused(desk: Desk, service: Service) -> None:
    desk.wall = lambda: service.sandbox.now().timestamp()
    body = b'[{"Id": "old", "Name": "Old"}]'
    service.trouble = lambda request: service.says(200, body) if request.path == "/lookup/industry" else None
    Lookup(desk.client().caller).industries()
    service.trouble = lambda request: None
    assert desk.client().search.companies.count(industry_codes="software") > 0
    assert service.asked["/lookup/industry"] == 2


def test_an_input_of_an_unknown_country_is_not_asked_for_and_told(client: Client, service: Service) -> None:
    inputs = [
        {"company_website": "aster.example", "country": "Germny"},
        {"company_website": "norvatek.example", "country": "DEU"},
        {"company_website": "norvatek.example", "country": "Germany", "state": "Bavaria"},
        {"company_website": "norvatek.example", "country": "US", "state": "Texsa"},
    ]
    lines = client.enrich.master_data.quote(inputs).lines
    assert lines["status"].to_list() == ["invalid_input", "new", "new", "invalid_input"]
    assert lines["why"][0] == (
        "not sent: country 'Germny' is not among the values of zi.lookup.countries() (did you mean 'Germany'?)"
    )
    assert "state 'Texsa' is not among" in lines["why"][3]
    odd = [*inputs[1:2], {"company_name": "Aster", "country": "Rep. of Germny"}]
    assert client.enrich.companies.quote(odd).lines["why"][1].startswith("not sent: country 'Rep. of Germny' is not")
    seen = bodies(service, "/enrich/company-master")
    with pytest.warns(NotAllAnswered, match="2 of 4 inputs are not answered") as caught:
        rows = client.enrich.master_data(inputs, fields="minimal", max_credits=4)
    assert rows["match_status"][0] == rows["match_status"][3] == "invalid_input"
    [told] = [one.message for one in caught if isinstance(one.message, NotAllAnswered)]
    assert told.report.select("input_row", "match_status", "credits_spent").rows() == [
        (0, "invalid_input", 0),
        (3, "invalid_input", 0),
    ]
    assert told.report["message"][0].startswith("Not sent: country 'Germny' is not among the values of")
    assert len(seen) == 1
    assert seen[0].count(b'"zi_c_country":"Germany"') == 2
    assert b"Germny" not in seen[0]


def test_an_input_is_in_one_country_and_state(client: Client, service: Service) -> None:
    inputs = [
        {"company_name": "Aster", "state": "Washington, DC", "country": "US"},
        {"company_name": "Aster", "country": "Moldova, Republic of"},
        {"company_name": "Aster", "state": "Texas, Ohio", "country": "US"},
        {"company_name": "Aster", "country": "Germany, France"},
    ]
    asked = client.enrich.companies.request(inputs[:2])
    assert '"companyState":"District of Columbia","companyCountry":"United States"' in asked.body
    assert '"companyCountry":"Moldova"' in asked.body
    assert client.enrich.companies.quote(inputs).lines["status"].to_list() == ["new", "new", *["invalid_input"] * 2]


def test_a_short_list_is_told_whole(client: Client) -> None:
    with pytest.raises(RequestRefused) as refused:
        client.search.news(categories="IPO", limit=5, max_records=5)
    every = Lookup(client.caller).news_categories()["id"].to_list()
    assert len(every) == 10
    assert f"Pass one of them: {', '.join(repr(one) for one in every)}." in str(refused.value)
    with pytest.raises(RequestRefused, match=r'Pass one of them; zi.lookup.industries\("..."\) finds'):
        client.search.companies(industry_codes="no such")


def test_a_short_word_is_not_answered_with_what_happens_to_hold_it(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused) as refused:
        client.search.contacts(department="IT")
    assert "did you mean" not in str(refused.value)
    with pytest.raises(RequestRefused, match="did you mean 'British Columbia', 'District of Columbia'"):
        client.search.companies(state="Columbia")


def test_without_an_input_that_can_be_asked_the_call_is_refused(client: Client, service: Service) -> None:
    frame = pl.DataFrame({"name": ["Aster", "Birch"], "country": ["Germny", "Frnce"]})
    for ask in (client.enrich.companies, client.enrich.companies.quote, client.bulk.enrich.companies):
        with pytest.raises(RequestRefused, match=r"enrich\.companies: input 1: country 'Frnce' is not among"):
            ask(frame, max_credits=2)
    assert service.charges == Counter()
    assert sent(service) == {"/lookup/country"}


def test_criteria_of_enrichments_are_checked(client: Client, service: Service) -> None:
    ids = service.ids[:1]
    with pytest.raises(RequestRefused, match=r"enrich\.org_charts: department='Slaes' .*did you mean 'Sales'"):
        client.enrich.org_charts(ids, department="Slaes", max_credits=1)
    with pytest.raises(RequestRefused, match=r"enrich\.intent: all_topics='Lead Scorng' .*did you mean 'Lead Scoring'"):
        client.enrich.intent(ids, all_topics=["Lead Scorng"], limit=1, max_credits=1)
    with pytest.raises(RequestRefused, match=r"enrich\.news: categories='FUNDNG' .*did you mean 'FUNDING'"):
        client.enrich.news(ids, categories="FUNDNG", limit=1, max_credits=1)
    assert not service.charges


@pytest.mark.parametrize("name", ["countries", "states", "continents", "management_levels"])
def test_a_shipped_list_has_what_the_account_has(name: str, client: Client) -> None:
    words = shipped(name)
    assert words is not None
    account = getattr(Lookup(client.caller), name)()
    assert [one for one in account["id"] if (one,) not in words.values()] == []


def test_no_word_of_a_shipped_list_stands_for_two_values() -> None:
    for name in ("countries", "states", "continents", "management_levels"):
        words = shipped(name) or {}
        assert {word: values for word, values in words.items() if len(values) > 1} == {}
    assert len({value for values in (shipped("countries") or {}).values() for value in values}) == 250

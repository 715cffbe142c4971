"""The row is the method: signature, docstring, refusals and the way to whoever carries it out."""

from __future__ import annotations

import inspect
import pydoc
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from zianalytics.api.spec import Fetcher, Namespace, Operation
from zianalytics.api.table import JOBS, OPERATIONS, PAGES, Enrich, InputFields, OutputFields, Search, Values
from zianalytics.api.wire import WireRequest
from zianalytics.errors import RequestRefused
from zianalytics.schema.quote import Quote


class Recorder:
    """Carries nothing out and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        self.asked.append(("fetch", operation.name, request))
        return pl.DataFrame()

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        self.asked.append(("quote", operation.name, request))
        return Quote(operation.name)

    def count(self, operation: Operation[...], request: Any) -> int:
        self.asked.append(("count", operation.name, request))
        return 41

    def one(self, operation: Operation[...], request: Any) -> dict[str, Any]:
        self.asked.append(("one", operation.name, request))
        return {"match_status": "no_match"}

    def shown(self, operation: Operation[...], request: Any) -> WireRequest:
        raise NotImplementedError


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def test_calling_a_row_asks_for_what_the_keywords_say(recorder: Recorder) -> None:
    search, enrich = Search(recorder), Enrich(recorder)
    search.companies(country="Germany", limit=3)
    assert search.companies.count(country="Germany") == 41
    assert enrich.companies.quote([7], fields="minimal").credits == 0
    kinds = [(kind, name) for kind, name, _ in recorder.asked]
    assert kinds == [("fetch", "search.companies"), ("count", "search.companies"), ("quote", "enrich.companies")]
    requests = [request for _, _, request in recorder.asked]
    assert (requests[0].country, requests[0].limit, requests[0].state) == ("Germany", 3, None)
    assert (requests[2].of, requests[2].fields) == ([7], "minimal")


def test_one_record_is_asked_for_by_keywords_of_its_own(recorder: Recorder) -> None:
    assert Enrich(recorder).companies.one(website="aster.example", max_age=30) == {"match_status": "no_match"}
    [(kind, name, request)] = recorder.asked
    assert (kind, name, request.names) == ("one", "enrich.companies", {"website": "aster.example"})
    whole = request.as_list([7])
    assert (type(whole).__name__, whole.of, whole.max_age) == ("CompanyEnrich", [7], timedelta(days=30))


def test_a_bound_row_is_kept_and_each_namespace_has_its_own(recorder: Recorder) -> None:
    one, other = Search(recorder), Search(Recorder())
    assert one.companies is one.companies
    assert one.companies is not other.companies
    assert Search.companies is Search.companies
    assert isinstance(Search.companies, Operation)


def test_the_signature_has_real_types_and_own_keywords_first(recorder: Recorder) -> None:
    signature = inspect.signature(Enrich(recorder).companies)
    assert list(signature.parameters) == ["of", "fields", "max_credits", "max_records", "max_requests", "max_age"]
    assert signature.parameters["max_credits"].annotation == int | None
    assert signature.parameters["of"].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert signature.parameters["fields"].kind is inspect.Parameter.KEYWORD_ONLY
    assert signature.return_annotation is pl.DataFrame
    assert list(inspect.signature(Search(recorder).contacts).parameters)[:3] == [
        "management_level",
        "department",
        "job_title",
    ]


def test_an_unknown_keyword_is_refused_with_the_nearest_before_anything_is_sent(recorder: Recorder) -> None:
    misspelt: dict[str, Any] = {"county": "Germany", "emploee_range_min": 5}
    with pytest.raises(RequestRefused) as refused:
        Search(recorder).companies(**misspelt)
    assert "'county' (did you mean country" in str(refused.value)
    assert "'emploee_range_min' (did you mean employee_range_min" in str(refused.value)
    assert "Nothing was sent" in str(refused.value)
    assert recorder.asked == []


@pytest.mark.parametrize(("args", "keywords"), [((), {}), (([7], "all"), {}), (([7],), {"of": [8]})])
def test_a_missing_or_superfluous_argument_is_refused(args: Any, keywords: dict[str, Any], recorder: Recorder) -> None:
    with pytest.raises(RequestRefused, match=r"enrich\.companies.*Nothing was sent"):
        Enrich(recorder).companies(*args, **keywords)
    assert recorder.asked == []


def test_a_refusal_is_a_value_error_too(recorder: Recorder) -> None:
    unknown: dict[str, Any] = {"nonsense": 1}
    with pytest.raises(ValueError, match="nonsense"):
        Search(recorder).companies(**unknown)


def test_tab_shows_the_rows_and_what_one_can_ask_of_them(recorder: Recorder) -> None:
    search = Search(recorder)
    assert [name for name in dir(search) if not name.startswith("_")] == [
        "companies", "contacts", "intent", "news", "scoops",
    ]  # fmt: skip
    assert [name for name in dir(search.companies) if not name.startswith("_")] == ["count", "quote", "request"]
    assert [name for name in dir(Values(recorder).industries) if not name.startswith("_")] == ["request"]


def test_a_notebook_shows_one_signature(recorder: Recorder) -> None:
    companies: Any = Search(recorder).companies
    assert inspect.signature(companies.__call__) == inspect.signature(companies)


def test_reprs_are_short_and_a_namespace_lists_its_rows(recorder: Recorder) -> None:
    search = Search(recorder)
    assert repr(search.companies) == "<zi.search.companies(*, business_model, company_id, company_name, ...)>"
    assert repr(Enrich(recorder).companies) == "<zi.enrich.companies(of, *, fields, max_credits, max_records, ...)>"
    assert repr(search).splitlines()[0].startswith("zi.search.companies  Preview companies")
    assert repr(Values(recorder).industries) == "<zi.lookup.industries(text, *, max_age)>"


@pytest.mark.parametrize("namespace", [Search, Enrich, Values, InputFields, OutputFields], ids=lambda n: n.__name__)
def test_every_docstring_says_price_parameters_columns_and_errors(namespace: type[Namespace]) -> None:
    bound = namespace(Recorder())
    poor = []
    for row in namespace.operations():
        fetcher: Fetcher[...] = getattr(bound, row.name.rpartition(".")[2])
        text = fetcher.__doc__ or ""
        said = ["Costs " in text or "Free" in text, "Returns\n-------\npolars.DataFrame" in text, "Raises\n" in text]
        said += [f"\n{name} : " in text for name in inspect.signature(fetcher).parameters]
        said += [not line.endswith(": ") and line.strip() != "" for line in text.splitlines()[:1]]
        if not all(said):
            poor.append(row.name)
    assert poor == []


def test_the_price_is_in_the_docstring_in_words() -> None:
    search, enrich = Search(Recorder()), Enrich(Recorder())
    assert "Costs a request a page; no credit, no record." in (search.companies.__doc__ or "")
    assert "Costs a record for each signal returned and a request a page; no credit." in (search.intent.__doc__ or "")
    assert (
        "Costs a credit for each company that your organisation does not manage yet, a record for each one returned, "
        "and a request for every 25 inputs." in (enrich.companies.__doc__ or "")
    )
    assert "Free: it is not metered." in (Values(Recorder()).industries.__doc__ or "")
    assert "revenue_usd (Int64): Approximate revenue, in US dollars a year." in (enrich.companies.__doc__ or "")


def test_the_docstring_names_what_else_can_be_asked_and_how_long_a_record_is_held() -> None:
    search, enrich = Search(Recorder()), Enrich(Recorder())
    window = "managed for 12 months: within them a repeat costs its record and no credit"
    both = "`.count(...)` says how many rows match, `.quote(...)` what the call would cost at most."
    for fetcher in (search.companies, search.contacts, search.intent):
        assert both in (fetcher.__doc__ or "")
        assert window not in (fetcher.__doc__ or "")
    for paid in (enrich.companies, enrich.contacts, enrich.master_data):
        assert window in (paid.__doc__ or "")
        assert "`.quote(...)` says what the call would cost at most." in (paid.__doc__ or "")
    assert "Your columns come first in the result" in (enrich.companies.__doc__ or "")
    assert "gets `_zi`" in (enrich.contacts.__doc__ or "")


def test_help_on_count_and_quote_shows_the_keywords_of_the_call() -> None:
    search = Search(Recorder())
    count: Any = search.companies.count
    assert list(inspect.signature(count).parameters) == list(inspect.signature(search.companies).parameters)
    assert inspect.signature(count).return_annotation is int
    assert inspect.signature(Enrich(Recorder()).companies.quote).return_annotation is Quote
    shown = pydoc.plain(pydoc.render_doc(count))
    assert "count(*, business_model: " in shown
    assert "How many rows match in all" in shown


@pytest.mark.parametrize("name", ["companies", "contacts", "intent"])
def test_how_much_and_in_which_order_is_said_last(name: str) -> None:
    keywords = list(inspect.signature(getattr(Search(Recorder()), name)).parameters)
    assert keywords[-4:] == ["sort_by", "sort_order", "limit", "max_requests"]


def test_every_row_has_a_name_of_verb_and_noun_and_names_are_unique() -> None:
    assert all(name == row.name for name, row in OPERATIONS.items())
    several = {*JOBS, *PAGES}  # a job's route lists and redeems, and all pages come by one
    routes = [(row.enterprise.method, row.enterprise.path) for name, row in OPERATIONS.items() if name not in several]
    assert len(set(routes)) == len(routes)
    assert {"search.companies", "search.contacts", "search.intent", "enrich.companies", "usage"} <= set(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_what_can_pay_names_what_is_charged_and_enrichments_come_in_batches(operation: Operation[...]) -> None:
    assert (operation.cost.entity is not None) == operation.cost.may_pay
    of_many = operation.name == "compliance.check" or (operation.name.startswith("enrich.") and operation.takes_fields)
    assert (operation.batch == 25) == of_many
    told = ("enrich.intent", "enrich.news", "enrich.scoops")
    assert (operation.paging is not None) == operation.name.startswith(("search.", *told))

"""Matching a list to companies: certain, uncertain, not found; nothing silently picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from zianalytics.api.spec import Operation
from zianalytics.api.wire import WireRequest
from zianalytics.client.search.match import Match, Matched
from zianalytics.errors import BudgetExceeded, RequestRefused, TooManyRows
from zianalytics.schema.quote import Quote

if TYPE_CHECKING:
    from ..conftest import Client, Service


class Register:
    """Answers searches from a written-out list, as the service does: a website exactly, a name by its words."""

    def __init__(self, websites: Mapping[str, Sequence[tuple[int, str]]], names: Sequence[tuple[int, str]]) -> None:
        self.websites, self.names = websites, names
        self.asked: list[str] = []
        self.spoke = 0

    def fetch(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        raise NotImplementedError

    def at_once(self) -> int:
        return 8

    def speak(self) -> None:
        self.spoke += 1

    def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        assert operation.name == "search.companies"
        self.asked.append(request.company_website or request.company_name)
        if request.company_website:
            hits = self.websites.get(request.company_website, ())
        else:
            hits = [hit for hit in self.names if request.company_name.split()[0].lower() in hit[1].lower()]
        return pl.DataFrame(hits, schema={"company_id": pl.Int64, "name": pl.String}, orient="row")

    def quote(self, operation: Operation[...], request: Any) -> Quote:
        raise NotImplementedError

    def count(self, operation: Operation[...], request: Any) -> int:
        raise NotImplementedError

    def shown(self, operation: Operation[...], request: Any) -> WireRequest:
        raise NotImplementedError


REGISTER = Register(
    websites={"aster.example": [(1, "Aster GmbH")], "birch.example": [(2, "Birch"), (3, "Birch Holding")]},
    names=[
        (1, "Aster GmbH"),
        (4, "Cedar, Inc."),
        (5, "Cedar Grove"),
        (6, "Elm & Sons"),
        (7, "Elm and Sons"),
        (8, "Oak AG"),
        (2, "Birch"),
    ],
)


def match(of: Any, register: Register = REGISTER) -> Matched:
    register.asked.clear()
    return Match(register, progress=False).companies(of)


def test_one_hit_by_website_is_a_match_whatever_the_website_looks_like() -> None:
    crm = pl.DataFrame(
        {"deal": [1, 2, 3], "website": ["https://www.aster.example/", "ASTER.example", "aster.example:443/x?y"]}
    )
    result = match(crm)
    assert result.matched.rows() == [
        (1, "https://www.aster.example/", 1, "Aster GmbH", "website"),
        (2, "ASTER.example", 1, "Aster GmbH", "website"),
        (3, "aster.example:443/x?y", 1, "Aster GmbH", "website"),
    ]
    assert result.matched.columns == ["deal", "website", "company_id", "name", "matched_by"]
    assert REGISTER.asked == ["aster.example"]
    assert result.requests == 1


def test_more_hits_are_ambiguous_and_none_is_picked_even_if_a_name_would_decide() -> None:
    result = match([{"website": "birch.example", "name": "Birch"}])
    assert result.matched.height == 0
    assert result.ambiguous.to_dicts() == [
        {
            "website": "birch.example",
            "name": "Birch",
            "matched_by": "website",
            "candidates": [{"company_id": 2, "name": "Birch"}, {"company_id": 3, "name": "Birch Holding"}],
        }
    ]


def test_without_a_hit_by_website_the_same_name_decides_by_the_same_rule() -> None:
    crm = pl.DataFrame(
        {"company_name": ["Cedar", "Elm & Sons", "Oak GmbH", "Poplar"], "website": ["gone.example", None, "n/a", ""]}
    )
    result = match(crm)
    assert result.matched.select("company_name", "company_id", "name", "matched_by").rows() == [
        ("Cedar", 4, "Cedar, Inc.", "name")
    ]
    assert result.ambiguous.select("company_name", "matched_by").rows() == [("Elm & Sons", "name")]
    assert result.failed.select("company_name", "why").rows() == [
        ("Oak GmbH", "no company found"),
        ("Poplar", "no company found"),
    ]
    assert sorted(REGISTER.asked) == ["Cedar", "Elm & Sons", "Oak GmbH", "Poplar", "gone.example"]
    assert result.requests == 5


def test_every_row_of_the_list_is_in_exactly_one_frame() -> None:
    crm = pl.DataFrame({"row": range(5), "name": ["Aster", "Elm & Sons", None, "Nobody", "Cedar"]})
    result = match(crm)
    rows = [frame["row"].to_list() for frame in (result.matched, result.ambiguous, result.failed)]
    assert rows == [[0, 4], [1], [2, 3]]
    assert result.failed["why"].to_list() == ["it is empty", "no company found"]


def test_no_rows_give_three_empty_frames_with_their_columns() -> None:
    result = match(pl.DataFrame(schema={"website": pl.String}))
    assert result.matched.columns == ["website", "company_id", "name", "matched_by"]
    assert result.ambiguous.columns == ["website", "matched_by", "candidates"]
    assert result.failed.columns == ["website", "why"]
    assert result.matched.schema["company_id"] == pl.Int64
    assert result.requests == 0


def test_columns_that_the_list_has_already_are_kept() -> None:
    result = match(pl.DataFrame({"name": ["Cedar"], "company_id": ["crm-7"]}))
    assert result.matched.row(0, named=True) == {
        "name": "Cedar",
        "company_id": "crm-7",
        "company_id_zi": 4,
        "name_zi": "Cedar, Inc.",
        "matched_by": "name",
    }


@pytest.mark.parametrize("of", [[7, 8], pl.DataFrame({"deal": [1]}), "aster.example"])
def test_what_names_no_company_is_refused(of: Any) -> None:
    with pytest.raises(RequestRefused, match="Nothing was sent"):
        match(of)
    assert REGISTER.asked == []


def test_the_value_says_how_much_is_certain_and_what_it_took() -> None:
    result = match(["aster.example", "birch.example", "Nobody <b>"])
    said = "1 of 3 matched, 1 ambiguous, 1 failed; 3 requests, no credits"
    assert repr(result) == f"<Matched: {said}>"
    html = result._repr_html_()
    assert said in html
    assert "<b>" not in html
    assert repr(match(["aster.example"])) == "<Matched: 1 of 1 matched, 0 ambiguous, 0 failed; 1 request, no credits>"


def test_a_frame_without_a_name_of_ours_is_told_which_ones_there_are() -> None:
    with pytest.raises(RequestRefused) as refused:
        match(pl.DataFrame({"account": ["Aster"]}))
    assert str(refused.value) == (
        "match.companies: none of the columns account can be asked with. Nothing was sent. "
        "Rename one to `website` (or `company_website`) or `name` (or `company_name`)."
    )
    with pytest.raises(RequestRefused, match=r"^match\.companies cannot be asked with 'companyname' \(did you mean"):
        match([{"companyname": "Aster"}])


def test_names_that_turn_the_direction_of_writing_are_spelt_out_in_html() -> None:
    given = pl.DataFrame({"website": ["aster.example"], "no\u202ete": ["gpj.\u202eexe <i>"], "tags": [["a", "b"]]})
    hostile = pl.DataFrame(
        {
            "name": ["x"],
            "candidates": [[{"company_id": 7, "name": "Birch\u202e & <i>Co"}, {"company_id": 8, "name": None}]],
        }
    )
    result = Matched(given, hostile, given.clear(), 1)
    html = result._repr_html_()
    assert "\u202e" not in html + repr(result)
    assert "<i>" not in html
    assert "<th>no\\u202ete</th>" in html
    assert "<td>gpj.\\u202eexe &lt;i&gt;</td><td>a<br>b</td>" in html
    assert "<td>7 Birch\\u202e &amp; &lt;i&gt;Co<br>8</td>" in html


def test_a_quote_counts_each_different_search_once_and_sends_nothing() -> None:
    REGISTER.asked.clear()
    leads = [{"website": "aster.example", "name": "Aster"}, {"website": "www.aster.example"}, {"name": "Elm"}, {}]
    quote = Match(REGISTER, progress=False).companies.quote(leads)
    assert repr(quote) == "Quote(credits=0, records=0, requests=3)"
    assert quote.lines["status"].to_list() == ["free", "free", "free", "invalid_input"]
    assert REGISTER.asked == []


def test_a_name_that_too_many_have_is_failed_with_the_reason() -> None:
    class Crowded(Register):
        def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
            if request.company_name == "Global":
                raise TooManyRows("1,234 rows match", rows=1234)
            return super().whole(operation, request)

    result = match(["Global", "Cedar"], Crowded(REGISTER.websites, REGISTER.names))
    assert result.matched["company_id"].to_list() == [4]
    assert result.failed["why"].to_list() == [
        "too many records share what is known of it, more than the service hands out; add its website"
    ]


def test_a_match_that_may_take_more_requests_than_allowed_sends_nothing(client: Client, service: Service) -> None:
    match = Match(client.caller, progress=False)
    companies = [{"website": f"x{n}.example", "name": f"No Such {n}"} for n in range(4)]
    with pytest.raises(BudgetExceeded) as refused:
        match.companies(companies, max_requests=7)
    assert str(refused.value) == (
        "match.companies would cost at most 0 credits, 0 records, 8 requests, and 7 requests are allowed by the call "
        "itself. Nothing was sent. Pass max_requests=8 to this call; or pass fewer rows."
    )
    leads = [{"email": "nobody@nowhere.example", "full_name": "No One", "company_name": "No Such"}]
    with pytest.raises(BudgetExceeded, match="2 requests, and 1 request is allowed"):
        match.leads(leads, max_requests=1)
    with pytest.raises(RequestRefused, match="max_requests=-1 is not a whole number"):
        match.leads(leads, max_requests=-1)
    assert not service.asked
    assert match.companies(companies, max_requests=8).failed.height == 4
    assert match.leads(leads, max_requests=2).failed.height == 1

"""My list -> ZoomInfo's ids, by free searches: what is certain, what is not, and what was not found."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.filters import Inputs
from zianalytics.api.spec import Caller, Operation, Paging
from zianalytics.api.table import Search
from zianalytics.client.inputs.namesakes import domain_of, same_name, same_person
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import read_inputs
from zianalytics.client.metered.budget import allowance
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.shortfall import Patience, Shortfall
from zianalytics.client.search.matched import Finding, Matched, Sorting
from zianalytics.errors import TooManyRows
from zianalytics.journal import Short, over_budget
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

__all__ = ["CompanyMatch", "LeadMatch", "Match", "Matched"]

_COMPANY = pl.Schema({"company_id": pl.Int64(), "name": pl.String()})
_LEAD = pl.Schema(
    {
        "contact_id": pl.Int64(),
        "first_name": pl.String(),
        "last_name": pl.String(),
        "job_title": pl.String(),
        "company_id": pl.Int64(),
        "company_name": pl.String(),
    }
)
_TOO_MANY = "too many records share what is known of it, more than the service hands out"
Criteria = tuple[tuple[str, Hashable], ...]


class Searcher(Caller, Protocol):
    """Whoever searches, and knows when a search is not whole."""

    def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """All rows of a search; an error where a page of it fails."""

    def at_once(self) -> int:
        """How many requests are to be under way at a time."""

    def speak(self) -> None:
        """Warn of what was noticed of limits."""


@dataclass(frozen=True)
class _Hits:
    """What one search found; None when there is more than the service hands out."""

    rows: Sequence[Mapping[str, Any]] | None
    requests: int


_NOTHING = _Hits((), 0)


class Match:
    """Finds the records that a list of one's own is about; nothing silently picked."""

    def __init__(self, caller: Searcher, *, progress: bool = True) -> None:
        self.companies = CompanyMatch(caller, progress=progress)
        """Which companies a list is about."""
        self.leads = LeadMatch(caller, progress=progress)
        """Which contacts a list is about."""

    def __repr__(self) -> str:
        return f"{self.companies!r}\n{self.leads!r}"


class _Searching:
    """Searches for the different values of a list, one request each."""

    def __init__(self, caller: Searcher, operation: Operation[...], columns: pl.Schema, *, progress: bool) -> None:
        self._caller, self._operation, self._columns, self._progress = caller, operation, columns, progress

    def _search(self, name: str, wanted: Mapping[int, Criteria], short: Shortfall) -> dict[Criteria, _Hits]:
        """What each of these finds; a search that fails is noted for the rows that it was for."""
        rows: dict[Criteria, list[int]] = {}
        for row, one in wanted.items():
            rows.setdefault(one, []).append(row)
        outcome = fan_out(
            [partial(self._hits, one) for one in rows],
            at_once=self._caller.at_once,
            between=self._caller.speak,
            title=name,
            sizes=[1] * len(rows),
            progress=self._progress,
            goes_on=Patience(),
        )
        short.take(outcome, list(rows.values()))
        return {criteria: outcome.results[place] for place, criteria in enumerate(rows) if place in outcome.results}

    def _hits(self, criteria: Criteria) -> _Hits:
        try:
            frame = self._caller.whole(self._operation, self._operation.request(**dict(criteria)))
        except TooManyRows:
            return _Hits(None, 1)
        size = (self._operation.paging or Paging()).size
        return _Hits(frame.select(self._columns.names()).to_dicts(), max(1, -(-frame.height // size)))


def _quoted(name: str, questions: Sequence[Question], unusable: Mapping[int, str], requests: int) -> Quote:
    """A match costs its requests alone; at most, since who is found first is not searched for again."""
    lines = [
        {"operation": name, "input_row": one.row, "what": one.label, "status": "free", "why": "searches are free"}
        for one in questions
    ]
    lines += [
        {"operation": name, "input_row": row, "what": f"input {row}", "status": "invalid_input", "why": why}
        for row, why in unusable.items()
    ]
    priced = [line | {"credits": 0, "records": 0} for line in lines]
    return Quote(name, quote_lines(sorted(priced, key=lambda line: line["input_row"])), requests)


def _check_requests(name: str, searches: Set[Criteria], max_requests: int | None) -> None:
    """Refuse a match that may take more requests than its caller allows."""
    allowed = allowance(None, None, max_requests).requests
    if allowed is not None and len(searches) > allowed:
        raise over_budget(name, Meters(requests=len(searches)), [Short("call", {"requests": allowed})])


def _told(short: Shortfall, total: int, *found: Mapping[Criteria, _Hits]) -> dict[int, str]:
    """Why rows are not matched whose searches failed; a match of which no search came through is none."""
    if short.has_failures and not any(found):
        raise short.failure()
    short.warn(total, then="They are in .failed. Run the same match again for them.")
    return dict.fromkeys(short.statuses, "its search was not answered; run the same match again")


def _spent(*found: Mapping[Criteria, _Hits]) -> int:
    return sum(hits.requests for one in found for hits in one.values())


class CompanyMatch(_Searching):
    """Which ZoomInfo companies a list is about, by website first and by name where that finds none.

    Call it with a frame with `website` (or `company_website`) and `name` (or `company_name`), or texts, or dicts; ask
    `.quote()` for the requests it takes at most. Costs one or two requests for each different company; no credit, no
    record.

    Examples
    --------
    >>> zi.match.companies(["ulemvex.example", "No Such Company"]).failed.height
    1
    >>> zi.match.companies.quote(["ulemvex.example", "No Such Company"])
    Quote(credits=0, records=0, requests=2)
    """

    def __init__(self, caller: Searcher, *, progress: bool = True) -> None:
        super().__init__(caller, Search.companies, _COMPANY, progress=progress)

    @checked("match.companies")
    def __call__(self, of: Inputs, *, max_requests: int | None = None) -> Matched:
        """`.matched`, `.ambiguous` and `.failed`, each row of the list in one of them.

        Parameters
        ----------
        of : polars.DataFrame or sequence of str or sequence of dict
            Scheme, "www.", path and case of a website play no part.
        max_requests : int, optional
            The most requests that it may take, by its quote.

        Returns
        -------
        Matched
            One hit by website is a match, more are ambiguous. Without a hit the name decides by the same rule: it must
            be the same but for case, punctuation, and a legal form that one of the two lacks.

        Raises
        ------
        RequestRefused
            Nothing in `of` can be asked with.
        BudgetExceeded
            A cap on requests is too low; by `max_requests=` nothing was sent.
        """
        inputs = read_inputs(self._operation, of, call="match.companies")
        websites, names = _websites(inputs.questions), _names(inputs.questions)
        _check_requests("match.companies", {*websites.values(), *names.values()}, max_requests)
        short = Shortfall("match.companies", "rows")
        by_website = self._search("match.companies by website", websites, short)
        hits = {row: by_website.get(one, _NOTHING).rows for row, one in websites.items()}
        found = {row: Finding("website", some) for row, some in hits.items() if some}
        rest = {row: one for row, one in names.items() if row not in found and row not in short.statuses}
        by_name = self._search("match.companies by name", rest, short)
        failed = {**inputs.unusable, **_told(short, inputs.given.height, by_website, by_name)}
        for row, one in rest.items():
            candidates = by_name.get(one, _NOTHING).rows
            if candidates is None:
                failed[row] = f"{_TOO_MANY}; add its website"
            elif same := [hit for hit in candidates if same_name(str(hit["name"]), str(dict(one)["company_name"]))]:
                found[row] = Finding("name", same)
        sorting = Sorting(_COMPANY, "no company found", failed)
        return sorting.sort(inputs.given, found, requests=_spent(by_website, by_name))

    @checked("match.companies.quote")
    def quote(self, of: Inputs) -> Quote:
        """The requests that the same call takes at most; sends nothing."""
        inputs = read_inputs(self._operation, of, call="match.companies")
        searches = {*_websites(inputs.questions).values(), *_names(inputs.questions).values()}
        return _quoted("match.companies", inputs.questions, inputs.unusable, len(searches))

    def __repr__(self) -> str:
        return "zi.match.companies  Which ZoomInfo companies a list is about, by website, then by name."


class LeadMatch(_Searching):
    """Which ZoomInfo contacts a list is about, by e-mail address first, and by name and company where that finds none.

    Call it with a frame with `email`, with `full_name` (or `first_name` and `last_name`), and with `company_id`,
    `company_website` or `company_name`; or with e-mail addresses, or dicts. Ask `.quote()` for the requests it takes at
    most. Costs one or two requests for each different lead; no credit, no record.

    Examples
    --------
    >>> zi.match.leads(["nobody@nowhere.example"]).failed["why"].to_list()
    ['no contact found']
    """

    def __init__(self, caller: Searcher, *, progress: bool = True) -> None:
        super().__init__(caller, Search.contacts, _LEAD, progress=progress)

    @checked("match.leads")
    def __call__(self, of: Inputs, *, max_requests: int | None = None) -> Matched:
        """`.matched`, `.ambiguous` and `.failed`, each row of the list in one of them.

        Parameters
        ----------
        of : polars.DataFrame or sequence of str or sequence of dict
            Leads.
        max_requests : int, optional
            The most requests that it may take, by its quote.

        Returns
        -------
        Matched
            One hit by e-mail address is a match, more are ambiguous. Without a hit, name and company decide by the same
            rule: the name must be the same but for case, punctuation and middle names, and the company by its id, its
            website, or a name that is the same but for its legal form.

        Raises
        ------
        RequestRefused
            Nothing in `of` can be asked with.
        BudgetExceeded
            A cap on requests is too low; by `max_requests=` nothing was sent.
        """
        inputs = read_inputs(self._operation, of, call="match.leads")
        emails, people = _emails(inputs.questions), _people(inputs.questions)
        _check_requests("match.leads", {*emails.values(), *people.values()}, max_requests)
        short = Shortfall("match.leads", "rows")
        by_email = self._search("match.leads by e-mail", emails, short)
        hits = {row: by_email.get(one, _NOTHING).rows for row, one in emails.items()}
        found = {row: Finding("email", some) for row, some in hits.items() if some}
        rest = {row: one for row, one in people.items() if row not in found and row not in short.statuses}
        by_name = self._search("match.leads by name", rest, short)
        failed = {**inputs.unusable, **_told(short, inputs.given.height, by_email, by_name)}
        for row, one in rest.items():
            candidates = by_name.get(one, _NOTHING).rows
            if candidates is None:
                failed[row] = f"{_TOO_MANY}; add an e-mail address"
            elif same := [hit for hit in candidates if _is_wanted(hit, dict(one))]:
                found[row] = Finding("name and company", same)
        sorting = Sorting(_LEAD, "no contact found", failed)
        return sorting.sort(inputs.given, found, requests=_spent(by_email, by_name))

    @checked("match.leads.quote")
    def quote(self, of: Inputs) -> Quote:
        """The requests that the same call takes at most; sends nothing."""
        inputs = read_inputs(self._operation, of, call="match.leads")
        searches = {*_emails(inputs.questions).values(), *_people(inputs.questions).values()}
        return _quoted("match.leads", inputs.questions, inputs.unusable, len(searches))

    def __repr__(self) -> str:
        return "zi.match.leads      Which ZoomInfo contacts a list is about, by e-mail, then by name and company."


def _websites(questions: Sequence[Question]) -> dict[int, Criteria]:
    sites = {one.row: domain_of(str(one.says.get("company_website", ""))) for one in questions}
    return {row: (("company_website", site),) for row, site in sites.items() if site}


def _names(questions: Sequence[Question]) -> dict[int, Criteria]:
    names = {one.row: str(one.says.get("company_name", "")) for one in questions}
    return {row: (("company_name", name),) for row, name in names.items() if name}


def _emails(questions: Sequence[Question]) -> dict[int, Criteria]:
    emails = {one.row: str(one.says.get("email", "")).lower() for one in questions}
    return {row: (("email", email),) for row, email in emails.items() if "@" in email}


def _people(questions: Sequence[Question]) -> dict[int, Criteria]:
    """Name and company of each lead that has both; of the company, what says it best."""
    found: dict[int, Criteria] = {}
    for one in questions:
        says = one.says
        whole = " ".join(str(says[part]) for part in ("first_name", "last_name") if part in says)
        name = whole if "first_name" in says and "last_name" in says else says.get("full_name")
        site = domain_of(str(says.get("company_website", "")))
        company = (
            ("company_id", says.get("company_id")),
            ("company_website", site),
            ("company_name", says.get("company_name")),
        )
        best = next((pair for pair in company if pair[1]), None)
        if name and best:
            found[one.row] = (("full_name", str(name)), best)
    return found


def _is_wanted(hit: Mapping[str, Any], criteria: Mapping[str, Any]) -> bool:
    """Whether a contact has the name, and works for the company, that a lead says; a website is trusted."""
    if not same_person(str(criteria["full_name"]), str(hit["first_name"]), str(hit["last_name"])):
        return False
    if "company_id" in criteria:
        return bool(hit["company_id"] == criteria["company_id"])
    return "company_name" not in criteria or same_name(str(hit["company_name"]), str(criteria["company_name"]))

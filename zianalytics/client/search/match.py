"""My list -> ZoomInfo's ids, by free searches: what is certain, what is not, and what was not found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.filters import Inputs
from zianalytics.api.table import Search
from zianalytics.client.inputs.namesakes import domain_of, same_name, same_person
from zianalytics.client.inputs.question import Question
from zianalytics.client.search.matched import Matched
from zianalytics.client.search.two_ways import Criteria, Searcher, Subject, TwoWays
from zianalytics.schema.quote import Quote

__all__ = ["CompanyMatch", "LeadMatch", "Match", "Matched"]


class Match:
    """Finds the records that a list of one's own is about; nothing silently picked."""

    def __init__(self, caller: Searcher, *, progress: bool = True) -> None:
        self.companies = CompanyMatch(caller, progress=progress)
        """Which companies a list is about."""
        self.leads = LeadMatch(caller, progress=progress)
        """Which contacts a list is about."""

    def __repr__(self) -> str:
        return f"{self.companies!r}\n{self.leads!r}"


class CompanyMatch:
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
        self._ways = TwoWays(caller, _COMPANIES, progress=progress)

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
        return self._ways.find(of, max_requests)

    @checked("match.companies.quote")
    def quote(self, of: Inputs) -> Quote:
        """The requests that the same call takes at most; sends nothing."""
        return self._ways.price(of)

    def __repr__(self) -> str:
        return "zi.match.companies  Which ZoomInfo companies a list is about, by website, then by name."


class LeadMatch:
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
        self._ways = TwoWays(caller, _LEADS, progress=progress)

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
        return self._ways.find(of, max_requests)

    @checked("match.leads.quote")
    def quote(self, of: Inputs) -> Quote:
        """The requests that the same call takes at most; sends nothing."""
        return self._ways.price(of)

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


def _has_the_name(hit: Mapping[str, Any], criteria: Mapping[str, Any]) -> bool:
    return same_name(str(hit["name"]), str(criteria["company_name"]))


def _is_wanted(hit: Mapping[str, Any], criteria: Mapping[str, Any]) -> bool:
    """Whether a contact has the name, and works for the company, that a lead says; a website is trusted."""
    if not same_person(str(criteria["full_name"]), str(hit["first_name"]), str(hit["last_name"])):
        return False
    if "company_id" in criteria:
        return bool(hit["company_id"] == criteria["company_id"])
    return "company_name" not in criteria or same_name(str(hit["company_name"]), str(criteria["company_name"]))


_COMPANIES = Subject(
    call="match.companies",
    operation=Search.companies,
    columns=pl.Schema({"company_id": pl.Int64(), "name": pl.String()}),
    by=("website", "name"),
    titles=("match.companies by website", "match.companies by name"),
    addresses_of=_websites,
    names_of=_names,
    fits=_has_the_name,
    more="its website",
    nothing="no company found",
)
_LEADS = Subject(
    call="match.leads",
    operation=Search.contacts,
    columns=pl.Schema(
        {
            "contact_id": pl.Int64(),
            "first_name": pl.String(),
            "last_name": pl.String(),
            "job_title": pl.String(),
            "company_id": pl.Int64(),
            "company_name": pl.String(),
        }
    ),
    by=("email", "name and company"),
    titles=("match.leads by e-mail", "match.leads by name"),
    addresses_of=_emails,
    names_of=_people,
    fits=_is_wanted,
    more="an e-mail address",
    nothing="no contact found",
)

"""An enrichment of one record, for a form that somebody fills in: keywords in, a dict out.

`zi.enrich.companies(...)` takes a list; `zi.enrich.companies.one(website=...)` names one record by keywords of its own,
so its row has a second request beside the first, with a second set of parameters for type checkers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Annotated as A
from typing import Any, ClassVar, Generic, ParamSpec, Protocol, Self, overload

from zianalytics.api.arguments import check_arguments
from zianalytics.api.describe import Doc, parameters, signature, type_name
from zianalytics.api.filters import CompanyEnrich, ContactEnrich, Fields, Paid, Texts
from zianalytics.api.kinds import KINDS
from zianalytics.api.spec import Caller, EnrichFetcher, EnrichOperation, Namespace, P
from zianalytics.errors import RequestRefused

Q = ParamSpec("Q")

_LAST = ("fields", "required_fields", "max_age", "max_credits", "max_records", "max_requests")


@dataclass(frozen=True, kw_only=True)
class Single(Paid):
    """One record by what is known of it."""

    last: ClassVar[tuple[str, ...]] = _LAST
    """What is said last: the record is not named by it."""
    ways: ClassVar[str]
    """What names a record, in words."""
    whole: ClassVar[Callable[..., Paid]]
    """The request for a list of such records."""
    example: ClassVar[str]
    """For the docstring: keywords that name no record in a sandbox."""

    fields: A[
        Fields, Doc('"default", "minimal", "firmographics", "all", or names of columns; "-name" leaves one out.')
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.names:
            raise RequestRefused(f"Nothing names the record. Nothing was sent. Pass {self.ways}.")
        self.as_list([])

    @property
    def names(self) -> dict[str, Any]:
        """What the record is named by."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in self.last}
        return {name: value for name, value in given.items() if value is not None and value != ""}

    def as_list(self, of: Any) -> Any:
        """The request for a list, on the same conditions."""
        beside = {one.name: getattr(self, one.name) for one in fields(self) if one.name in self.last}
        return type(self).whole(of, **beside)


@dataclass(frozen=True, kw_only=True)
class OneCompany(Single):
    """One company as a dict, from what is held where it is; else it is paid for."""

    ways: ClassVar[str] = "company_id, website, name (and country), ticker, phone, fax or ip_address"
    whole: ClassVar[Callable[..., Paid]] = CompanyEnrich
    example: ClassVar[str] = 'website="nobody-has-this.example"'

    company_id: A[int | None, Doc("ZoomInfo's id.")] = None
    website: A[str | None, Doc("Its address: `aster.example` or `https://www.aster.example`.")] = None
    name: A[str | None, Doc("Its name; better with a country.")] = None
    ticker: A[str | None, Doc("Its symbol at a stock exchange.")] = None
    phone: A[str | None, Doc("Its number.")] = None
    fax: A[str | None, Doc("Its fax number.")] = None
    ip_address: A[str | None, Doc("An address that it is behind.")] = None
    street: A[str | None, Doc("Street of its address.")] = None
    city: A[str | None, Doc("City of its address.")] = None
    state: A[str | None, Doc("State or province.")] = None
    zip_code: A[str | None, Doc("Postal code.")] = None
    country: A[str | None, Doc("Country.")] = None


@dataclass(frozen=True, kw_only=True)
class OneContact(Single):
    """One contact as a dict, from what is held where it is; else it is paid for."""

    ways: ClassVar[str] = KINDS["contact"].advice
    whole: ClassVar[Callable[..., Paid]] = ContactEnrich
    example: ClassVar[str] = 'email="ada@nobody-has-this.example"'

    contact_id: A[int | None, Doc("ZoomInfo's id of the person.")] = None
    email: A[str | None, Doc("Work e-mail address.")] = None
    hashed_email: A[str | None, Doc("An address as its MD5, SHA1, SHA256 or SHA512, in hexadecimal.")] = None
    phone: A[str | None, Doc("Direct or mobile number.")] = None
    full_name: A[str | None, Doc("Whole name; with a company.")] = None
    first_name: A[str | None, Doc("First name; with last_name and a company.")] = None
    last_name: A[str | None, Doc("Last name.")] = None
    company_id: A[int | None, Doc("ZoomInfo's id of the employer.")] = None
    company_name: A[str | None, Doc("Name of the employer.")] = None
    job_title: A[str | None, Doc("Title, beside a name.")] = None
    external_url: A[str | None, Doc("A page about the person, beside a name.")] = None
    contact_accuracy_score_min: A[int | None, Doc("Accuracy score, at least; else nobody is answered.")] = None
    last_updated_date_after: A[date | None, Doc("Records changed after this day.")] = None
    valid_date_after: A[date | None, Doc("Records validated after this day.")] = None
    required_fields: A[Texts, Doc("Columns that must have a value; a contact who lacks one costs nothing.")] = None


class SingleCaller(Caller, Protocol):
    """Whoever carries out enrichments of one record, too."""

    def one(self, operation: EnrichOperation[...], request: Single) -> dict[str, Any]:
        """The record that `request` names."""


class SingleNamespace(Namespace):
    """Operations some of which can be asked for one record."""

    def __init__(self, caller: SingleCaller) -> None:
        super().__init__(caller)
        self._singles = caller


@dataclass(frozen=True, eq=False, kw_only=True)
class SingleOperation(EnrichOperation[P], Generic[P, Q]):
    """An enrichment that can be asked for one record, too.

    Attributes
    ----------
    single
        The frozen dataclass whose fields are the keywords of `.one(...)`.
    """

    single: Callable[Q, Any]

    @overload
    def __get__(self, namespace: None, owner: type) -> Self: ...
    @overload
    def __get__(self, namespace: Namespace, owner: type) -> SingleFetcher[P, Q]: ...
    def __get__(self, namespace: Namespace | None, owner: type) -> Self | SingleFetcher[P, Q]:
        """The row itself on the class, the method on an instance."""
        if namespace is None:
            return self
        assert isinstance(namespace, SingleNamespace)  # noqa: S101  # no other holds such rows
        return self._kept(namespace, SingleFetcher(self, namespace._singles))


class SingleFetcher(EnrichFetcher[P], Generic[P, Q]):
    """An enrichment bound to a client: call it with a list for a frame, or `.one(...)` for one record as a dict."""

    def __init__(self, operation: SingleOperation[P, Q], caller: SingleCaller) -> None:
        super().__init__(operation, caller)
        self._row, self._singles = operation, caller
        shown = partial(type(self).one, self)
        vars(shown).update(
            __name__="one",
            __qualname__=f"{operation.name}.one",
            __signature__=signature(operation.single, returns=dict),
            __doc__=_docstring(operation),
        )
        vars(self)["one"] = shown

    def one(self, *args: Q.args, **kwargs: Q.kwargs) -> dict[str, Any]:
        """One record as a dict; where it is held nothing is sent."""
        keywords = signature(self._row.single, returns=dict)
        check_arguments(
            f"{self._row.name}.one", keywords, args, kwargs, look=f"Type zi.{self._row.name}.one? for the list."
        )
        return self._singles.one(self._row, self._row.single(*args, **kwargs))


def _docstring(operation: SingleOperation[..., ...]) -> str:
    """What `?` shows of `.one`."""
    request: Any = operation.single
    record = operation.record
    keywords = [
        line
        for one in parameters(request)
        for line in (f"{one.name} : {type_name(one.annotation)}, optional", f"    {one.doc}")
    ]
    return "\n".join(
        [
            inspect.getdoc(request) or "",
            "",
            "For forms and services: what is held, by the same keywords, by its id or by an address in it, is answered "
            "in milliseconds, and nothing at all is sent then. What is not held costs what a call with a list of one "
            "costs, and needs max_credits= or a budget. Threads may share the client.",
            "",
            f"Name the record by {request.ways}.",
            "",
            "Parameters",
            "----------",
            *keywords,
            "",
            "Returns",
            "-------",
            "dict",
            "    match_status, the chosen columns and extra: always the same keys, also where nothing is found; their",
            f'    values are None then. match_status is "matched" where there is a {record.name}, "no_match" where '
            "there",
            '    is none, "opted_out" for a person who is not to be shown, or the word for why there is no answer.',
            "",
            "Raises",
            "------",
            "RequestRefused",
            "    A keyword is unknown or of the wrong kind, or what is given does not name a record.",
            "BudgetExceeded",
            "    It is not held, and nobody allowed its price; nothing is sent.",
            "AnswerRefused, NotAnswered",
            "    The service says no, or nothing.",
            "",
            "Examples",
            "--------",
            f'>>> zi.{operation.name}.one({request.example}, max_credits=1)["match_status"]',
            "'no_match'",
        ]
    )

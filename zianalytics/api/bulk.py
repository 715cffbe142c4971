"""The requests of bulk jobs: the criteria of the searches without page and order, and inputs by the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, fields
from pathlib import Path
from typing import Annotated as A
from typing import TypeAlias

from zianalytics.api.criteria import BusinessModel, CompanyFilters, Engagements, Vitality
from zianalytics.api.describe import Doc, parameters
from zianalytics.api.filters import Aged, Fields, Inputs, Request
from zianalytics.api.people import PersonFilters
from zianalytics.api.searches import CompanySearch, ContactSearch
from zianalytics.errors import RequestRefused
from zianalytics.schema.bulk import COMPANY_OF_A_JOB, CONTACT_OF_A_JOB

ManyInputs: TypeAlias = Inputs | Path
_TO_BEGIN = Doc(
    "Requests that may be made to begin it, its counting included; None for no cap. Those that ask after it and fetch "
    "its pages are capped by zi.budget alone, so that nothing paid is left behind."
)


@dataclass(frozen=True, kw_only=True)
class _Search(Request):
    """A search that is carried out as a job."""

    max_requests: A[int | None, _TO_BEGIN] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for one in parameters(type(self)):
            if isinstance(value := getattr(self, one.name), Sequence) and not value:
                raise RequestRefused(
                    f"{one.name}={value!r} is empty, and the service may take that for no criterion at all. Nothing "
                    f"was sent. Leave it out to ask for everything. {one.doc}"
                )


@dataclass(frozen=True, kw_only=True)
class _Redemption(_Search):
    """A job that pays for everything that it finds."""

    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None
    max_credits: A[
        int | None, Doc("Credits it may cost, with the records that come along; None for what zi.budget allows.")
    ] = None
    max_records: A[int | None, Doc("Records it may cost; None for as many as the credits bring.")] = None


@dataclass(frozen=True, kw_only=True)
class _CompanyCriteria(CompanyFilters, Vitality, Engagements):
    business_model: A[BusinessModel | Sequence[BusinessModel] | None, Doc("Whom it sells to; any of them.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.as_search()  # refuses what no search may be, such as one for everything

    def as_search(self) -> CompanySearch:
        """The search with the same criteria, which tells for one request how many there are."""
        return CompanySearch(**{one.name: getattr(self, one.name) for one in fields(_CompanyCriteria)})


@dataclass(frozen=True, kw_only=True)
class _ContactCriteria(PersonFilters, CompanyFilters, Engagements):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.as_search()  # as above

    def as_search(self) -> ContactSearch:
        """The search with the same criteria, which tells for one request how many there are."""
        return ContactSearch(**{one.name: getattr(self, one.name) for one in fields(_ContactCriteria)})


@dataclass(frozen=True, kw_only=True)
class CompanyPreview(_CompanyCriteria, _Search):
    """Every company that matches, up to 200,000, by id and name; nothing is redeemed."""


@dataclass(frozen=True, kw_only=True)
class ContactPreview(_ContactCriteria, _Search):
    """Every contact who matches, up to 200,000, without e-mail or phone; nothing is redeemed."""


@dataclass(frozen=True, kw_only=True)
class CompanyRedemption(_CompanyCriteria, _Redemption):
    """Redeem every company that matches: whole records, each paid for."""

    def __post_init__(self) -> None:
        super().__post_init__()
        COMPANY_OF_A_JOB.pick(self.fields)


@dataclass(frozen=True, kw_only=True)
class ContactRedemption(_ContactCriteria, _Redemption):
    """Redeem every contact who matches: whole records with e-mail and phone, each paid for."""

    def __post_init__(self) -> None:
        super().__post_init__()
        CONTACT_OF_A_JOB.pick(self.fields)


@dataclass(frozen=True, kw_only=True)
class _Many(Aged):
    """What a job of inputs may cost."""

    max_credits: A[
        int | None, Doc("Credits it may cost, with the records that come along; None for what zi.budget allows.")
    ] = None
    max_records: A[int | None, Doc("Records it may cost; None for as many as the credits bring.")] = None
    max_requests: A[int | None, _TO_BEGIN] = None


@dataclass(frozen=True)
class CompanyBatch(_Many):
    """Whole companies by the thousand: one row per input, in order, after the columns you gave."""

    of: A[ManyInputs, Doc("A frame, ids, names or websites, dicts, or the Path of a .csv or .parquet file of them.")]
    _: KW_ONLY
    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        COMPANY_OF_A_JOB.pick(self.fields)


@dataclass(frozen=True)
class ContactBatch(_Many):
    """Whole contacts by the thousand, with e-mail and phone: one row per input, after the columns you gave."""

    of: A[ManyInputs, Doc("A frame, ids, e-mail addresses, dicts, or the Path of a .csv or .parquet file of them.")]
    _: KW_ONLY
    fields: A[Fields, Doc('"default", "minimal", "all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        CONTACT_OF_A_JOB.pick(self.fields)


@dataclass(frozen=True, kw_only=True)
class JobAsked(Request):
    """How far a job is."""

    job_id: A[str, Doc("The service's id of the job.")]


@dataclass(frozen=True, kw_only=True)
class JobPage(JobAsked):
    """One page of what a job has found."""

    page: A[int, Doc("Which page, from 1.")]

"""What one can ask about how companies are built, and about visitors: families, org charts, locations, IP addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated as A

import polars as pl

from zianalytics.api.describe import Doc
from zianalytics.api.filters import Aged, Fields, Inputs, Paid
from zianalytics.api.listed import Listed
from zianalytics.errors import RequestRefused
from zianalytics.schema.structure import COMPANY_LOCATION, HIERARCHY, ORG_CHART
from zianalytics.schema.visitor import IP_MATCH


@dataclass(frozen=True)
class HierarchyEnrich(Paid):
    """The families of companies: who stands above each, and the whole tree; one row per input, in order."""

    of: A[Inputs, Doc("A frame, ids, names or websites, or dicts: company_id, or company_website, company_name.")]
    _: KW_ONLY
    fields: A[Fields, Doc('"all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        HIERARCHY.pick(self.fields)


@dataclass(frozen=True)
class OrgChartEnrich(Paid):
    """The people of companies by department and tier: a long frame, with the row of the input on each row."""

    of: A[Inputs, Doc("A frame with company_id, ids of companies, or dicts.")]
    _: KW_ONLY
    department: A[
        str | Sequence[str] | pl.Series,
        Doc("Departments, as in zi.lookup.departments(); any of them."),
        Listed("departments"),
    ]
    fields: A[Fields, Doc('"all", or names of columns; "-name" leaves one out.')] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        ORG_CHART.pick(self.fields)
        if not self.department or any(not one for one in self.department):
            raise RequestRefused("department= is empty. Nothing was sent. zi.lookup.departments() has the valid ones.")


@dataclass(frozen=True)
class LocationEnrich(Paid):
    """The locations of companies: a long frame, with the row of the input on each row."""

    of: A[Inputs, Doc("A frame with company_id, ids of companies, or dicts.")]
    _: KW_ONLY
    fields: A[Fields, Doc('"all", or names of columns; "-name" leaves one out.')] = None
    max_records: A[
        int | None,
        Doc(
            "Records after which no further company is asked; required, since each location is one, and how many a "
            "company has is not known before. The last company may bring more than were left."
        ),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        COMPANY_LOCATION.pick(self.fields)


@dataclass(frozen=True)
class IpEnrich(Aged):
    """Who is behind IP addresses: the company or the provider; one row per input, in order."""

    of: A[
        Inputs | Path,
        Doc(
            "Addresses, a frame with ip_address, or the Path of a web server's log (combined format or JSON lines, "
            "also gzipped), of which each different address is an input. Internal addresses are not sent."
        ),
    ]
    _: KW_ONLY
    fields: A[Fields, Doc('"minimal", "all", or names of columns; "-name" leaves one out.')] = None
    max_records: A[int | None, Doc("Records of the WebSights pool that this call may cost.")] = None
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None
    max_age: A[
        timedelta | int | None,
        Doc("How old an answer that we hold may be, also as a number of days; 0 asks for all anew. None for 30 days."),
    ] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        IP_MATCH.pick(self.fields)

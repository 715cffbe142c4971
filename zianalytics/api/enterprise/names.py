"""What the Enterprise API calls each column: where it stands in an answer, and the word that asks for it.

Most names are ours in camelCase; only the exceptions are written down. Money is in thousands of US dollars unless it
is listed (docs/assumptions.md, "money in answers"). An answer says some things by another word than the request that
asked for them: `companyName` comes back as `company.name`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import polars as pl

from zianalytics.api.enterprise.office import OFFICE_NAMES
from zianalytics.api.enterprise.structure import (
    BRANCHES,
    COMPANY_LOCATION_NAMES,
    HIERARCHY_NAMES,
    IP_MATCH_NAMES,
    ORG_CHART_NAMES,
)
from zianalytics.api.layout import Reading
from zianalytics.schema.column import Column, Record


def camel(name: str) -> str:
    """`employee_count` as `employeeCount`."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def pascal(name: str) -> str:
    """`job_function` as `JobFunction`."""
    return camel(f"_{name}")


@dataclass(frozen=True)
class Names:
    """The exceptions of one record.

    Attributes
    ----------
    at
        Where a column or a field inside one ("hashtags.tag") stands, with dots between keys.
    asked
        The word that asks for a column, where it is not the place itself.
    dollars
        Money that comes in dollars.
    json, entries
        Columns of those forms.
    from_question
        Columns that an answer leaves out, since the question has said them.
    left_out
        Documented keys inside a column that are no field of ours.
    branches
        Columns that are trees, and the key of the list inside each of their objects.
    rule
        How a name without an exception is written.
    """

    at: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    dollars: frozenset[str] = frozenset()
    json: frozenset[str] = frozenset()
    entries: frozenset[str] = frozenset()
    from_question: frozenset[str] = frozenset()
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)
    rule: str = "camel"


_COMPANY = Names(
    at={
        "company_id": "id",
        "domains": "domainList",
        "logo_url": "logo",
        "descriptions": "descriptionList",
        "revenue_usd": "revenue",
        "company_type": "type",
        "is_certified": "certified",
        "contact_count": "numberOfContactsInZoomInfo",
        "ultimate_parent_revenue_usd": "ultimateParentRevenue",
        "ultimate_parent_employee_count": "ultimateParentEmployees",
        "recent_funding_usd": "recentFundingAmount",
        "total_funding_usd": "totalFundingAmount",
        "competitors.company_id": "id",
        "tech_attributes.first_seen": "createdTime",
        "tech_attributes.last_seen": "modifiedTime",
        "company_funding.amount_usd": "amount",
        "employee_growth.data_points": "employeeGrowthDataPoints",
        "department_budgets.marketing_usd": "marketingBudget",
        "department_budgets.finance_usd": "financeBudget",
        "department_budgets.it_usd": "itBudget",
        "department_budgets.hr_usd": "hrBudget",
    },
    json=frozenset({"location_match", "engagements"}),
    entries=frozenset({"employee_count_by_department"}),
    left_out={
        "hashtags": frozenset(
            {
                "external_id", "score", "priority", "displayScore", "inverseScoreBase", "scoreMultipler", "scoreUnit",
                "hidden", "categorizedFlag",
            }
        ),
        "tech_attributes": frozenset({"logo", "domain", "description"}),
    },
)  # fmt: skip

_CONTACT = Names(
    at={
        "contact_id": "id",
        "is_direct_phone_do_not_call": "directPhoneDoNotCall",
        "is_mobile_phone_do_not_call": "mobilePhoneDoNotCall",
        "is_within_eu": "withinEu",
        "is_within_california": "withinCalifornia",
        "is_within_canada": "withinCanada",
        "has_moved": "personHasMoved",
        "picture_url": "picture",
        "is_company_defunct": "isDefunct",
        "education.degree": "educationDegree",
        "company_id": "company.id",
        "company_name": "company.name",
        "company_website": "company.website",
        "company_division": "company.division",
        "company_phone": "company.phone",
        "company_fax": "company.fax",
        "company_street": "company.street",
        "company_city": "company.city",
        "company_state": "company.state",
        "company_zip_code": "company.zipCode",
        "company_country": "company.country",
        "company_continent": "company.continent",
        "company_revenue_usd": "company.revenueNumeric",
        "company_revenue_range": "company.revenueRange",
        "company_employee_count": "company.employeeCount",
        "company_employee_range": "company.employeeRange",
        "company_type": "company.type",
        "company_ticker": "company.ticker",
        "company_ranking": "company.ranking",
        "company_primary_industry": "company.primaryIndustry",
        "company_industries": "company.industries",
        "company_sic_codes": "company.sicCodes",
        "company_naics_codes": "company.naicsCodes",
        "company_descriptions": "company.descriptionList",
        "company_logo_url": "company.logo",
        "company_social_media_urls": "company.socialMediaUrls",
    },
    asked={
        "company_revenue_usd": "companyRevenueNumeric",
        "company_descriptions": "companyDescriptionList",
        "company_logo_url": "companyLogo",
        "company_social_media_urls": "companySocialMediaUrls",
    },
    dollars=frozenset({"company_revenue_usd"}),
    json=frozenset({"engagements"}),
)

_CONTACT_PREVIEW = Names(
    at={
        "contact_id": "id",
        "is_direct_phone_do_not_call": "directPhoneDoNotCall",
        "is_mobile_phone_do_not_call": "mobilePhoneDoNotCall",
        "company_id": "company.id",
        "company_name": "company.name",
    },
)

_SIGNAL = Names(
    at={
        "signal_id": "id",
        "is_new_signal": "newSignal",
        "company_id": "company.id",
        "company_name": "company.name",
        "company_website": "company.website",
        "has_other_topic_consumption": "company.hasOtherTopicConsumption",
        "recommended_contacts.contact_id": "id",
    },
)

_WEBHOOK = Names(
    at={"webhook_id": "id", "is_enabled": "enabled", "subscriptions.is_full_payload": "fullPayload"},
)

_ARTICLE = Names(at={"companies": "company", "companies.company_id": "id", "companies.company_name": "name"})

_SCOOP = Names(
    at={
        "scoop_id": "id",
        "company_id": "company.id",
        "company_name": "company.name",
        "types.type_id": "id",
    },
)

_TECHNOLOGY_IN_USE = Names(
    at={"first_seen": "createdTime", "last_seen": "modifiedTime", "logo_url": "logo"},
    from_question=frozenset({"company_id"}),
)

_HASHTAG = Names(
    at={
        "group_name": "group",
        "is_hidden": "hidden",
        "is_categorized": "categorizedFlag",
        "score_multiplier": "scoreMultipler",
        "external_id": "external_id",
    },
    from_question=frozenset({"company_id"}),
)

_NAMES: Mapping[str, Names] = {
    "company preview": Names(at={"company_id": "id"}),
    "company": _COMPANY,
    "contact preview": _CONTACT_PREVIEW,
    "contact": _CONTACT,
    "location": Names(at=OFFICE_NAMES, asked={"match_score": "zi_match_reason"}),
    "intent signal": _SIGNAL,
    "news preview": _ARTICLE,
    "news article": _ARTICLE,
    "scoop": _SCOOP,
    "technology in use": _TECHNOLOGY_IN_USE,
    "hashtag": _HASHTAG,
    "hierarchy": Names(at=HIERARCHY_NAMES, branches=BRANCHES),
    "org chart": Names(at=ORG_CHART_NAMES),
    "company location": Names(at=COMPANY_LOCATION_NAMES),
    "IP match": Names(at=IP_MATCH_NAMES),
    "look-up value": Names(rule="pascal"),
    "technology": Names(rule="pascal"),
    "intent topic": Names(rule="pascal"),
    "input field": Names(),
    "output field": Names(at={"field_type": "dataType"}),
    "usage": Names(),
    "job status": Names(at={"successful_page_count": "successfulPagesCount"}),
    "compliance check": Names(
        at={
            "contact_id": "id",
            "job_title": "title",
            "company_name": "company.name",
            "emails": "emailAddresses",
            "past_emails": "pastEmailAddresses",
            "is_within_eu": "withinEu",
            "is_within_california": "withinCalifornia",
            "is_within_canada": "withinCanada",
            "employment_history.job_title": "title",
        },
    ),
    "webhook": _WEBHOOK,
    "new webhook": _WEBHOOK,
    "ended webhook": _WEBHOOK,
    "new token": Names(),
    "target check": Names(at={"is_success": "success"}),
    "subscription types": Names(),
}


@cache
def layout(record: Record) -> tuple[Reading, ...]:
    """How each column of `record` is read from an answer of the Enterprise API."""
    names = _NAMES[record.name]
    return tuple(_reading(names, column.name, column.dtype, column.name) for column in record)


def output_field(record: Record, column: Column) -> str:
    """The word that asks for `column`."""
    names = _NAMES[record.name]
    place = _place(names, column.name, column.name)
    if word := names.asked.get(column.name):
        return word
    return place[0] if len(place) == 1 or record.name == "location" else camel(column.name)


def _reading(names: Names, name: str, dtype: Any, path: str) -> Reading:
    whole: pl.DataType = dtype() if isinstance(dtype, type) else dtype
    struct = whole.inner if isinstance(whole, pl.List) else whole
    inside = (
        tuple(_reading(names, one.name, one.dtype, f"{path}.{one.name}") for one in struct.fields)
        if isinstance(struct, pl.Struct)
        else ()
    )
    return Reading(
        name=name,
        at=_place(names, name, path),
        dtype=whole,
        scale=1000 if name.endswith("_usd") and path not in names.dollars else 1,
        form=_form(names, path),
        inside=inside,
        left_out=names.left_out.get(path, frozenset()),
        branches=names.branches.get(path, ""),
    )


def _form(names: Names, path: str) -> Literal["value", "json", "entries", "tree", "question"]:
    if path in names.json:
        return "json"
    if path in names.from_question:
        return "question"
    return "entries" if path in names.entries else "tree" if path in names.branches else "value"


def _place(names: Names, name: str, path: str) -> tuple[str, ...]:
    rule = pascal if names.rule == "pascal" else camel
    return tuple(names.at.get(path, rule(name)).split("."))

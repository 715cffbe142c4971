"""Criteria about people: who they are, what they do, and how well the record can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated as A
from typing import Literal, TypeAlias

from zianalytics.api.describe import Doc
from zianalytics.api.filters import Ids, Request, Texts
from zianalytics.api.listed import Listed
from zianalytics.errors import RequestRefused

Known: TypeAlias = Literal["email", "phone", "direct_phone", "personal_email", "mobile_phone"]


@dataclass(frozen=True, kw_only=True)
class Identity(Request):
    """Which person it is."""

    person_id: A[Ids, Doc("ZoomInfo's ids of contacts (`contact_id` in frames); any of them.")] = None
    email: A[str | None, Doc("Work e-mail address.")] = None
    supplemental_email: A[Texts, Doc("Further e-mail addresses; any of them.")] = None
    hashed_email: A[str | None, Doc("An e-mail address as its MD5, SHA1, SHA256 or SHA512, in hexadecimal.")] = None
    phone: A[Texts, Doc("Direct or mobile numbers, in any common form; any of them.")] = None
    full_name: A[str | None, Doc("Whole name.")] = None
    first_name: A[str | None, Doc("First name.")] = None
    middle_initial: A[str | None, Doc("First letter of the middle name.")] = None
    last_name: A[str | None, Doc("Last name.")] = None


@dataclass(frozen=True, kw_only=True)
class Work(Request):
    """What the person does, and since when."""

    management_level: A[
        Texts, Doc("Levels, as in zi.lookup.management_levels(); any of them."), Listed("management_levels")
    ] = None
    department: A[Texts, Doc("Departments, as in zi.lookup.departments(); any of them."), Listed("departments")] = None
    job_title: A[Texts, Doc("Words of the present title; any of them.")] = None
    exclude_management_level: A[
        Texts, Doc("Levels to leave out, as in zi.lookup.management_levels()."), Listed("management_levels")
    ] = None
    exclude_job_title: A[Texts, Doc("Words of titles to leave out.")] = None
    job_function: A[
        Texts, Doc("Job functions, as in zi.lookup.job_functions(); any of them."), Listed("job_functions")
    ] = None
    board_member: A[
        Literal["include", "exclude", "only"] | None, Doc("What becomes of board members; they are in unless told.")
    ] = None
    company_past_or_present: A[
        Literal["present", "past", "past_and_present"] | None,
        Doc("Whether the criteria about companies mean the present employer (unless told), former ones, or both."),
    ] = None
    executives_only: A[bool | None, Doc("Whether executives alone are wanted.")] = None
    filter_by_buying_committee: A[
        bool | None, Doc("Whether only people of the buying committees set for the account are wanted.")
    ] = None
    location_id: A[Ids, Doc("Location ids (`location_id` of Master Data) where people work; any of them.")] = None
    position_start_date_min: A[date | None, Doc("First day on which the present job may have begun.")] = None
    position_start_date_max: A[date | None, Doc("Last day on which the present job may have begun.")] = None
    years_of_experience: A[
        Texts,
        Doc("Ranges of experience, as in zi.lookup.years_of_experience(); any of them."),
        Listed("years_of_experience"),
    ] = None
    tech_skills: A[
        Texts,
        Doc("Technology skills, as in zi.lookup.tech_skills(); any of them."),
        Listed("tech_skills", divided=False),
    ] = None
    school: A[str | None, Doc("Words of a school's name.")] = None
    degree: A[str | None, Doc("Words of a degree.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._order("position_start_date_min", "position_start_date_max")
        titles = [self.exclude_job_title] if isinstance(self.exclude_job_title, str) else self.exclude_job_title or []
        if not isinstance(self.exclude_job_title, str) and any("," in title for title in titles):
            raise RequestRefused(
                "exclude_job_title= has a title with a comma, at which the service would divide it in two. Nothing was "
                "sent. Pass words of it that have none."
            )


@dataclass(frozen=True, kw_only=True)
class Quality(Request):
    """How well the record can be believed, and what it holds."""

    contact_accuracy_score_min: A[int | None, Doc("Accuracy score, at least: 70 to 99.")] = None
    contact_accuracy_score_max: A[int | None, Doc("Accuracy score, at most: 70 to 99.")] = None
    required_fields: A[
        Known | Sequence[Known] | None,
        Doc('What must be known: "email", "phone" (direct or company), "direct_phone", "personal_email", ...; all.'),
    ] = None
    exclude_partial_profiles: A[bool | None, Doc("Whether people without an active company are left out.")] = None
    last_updated_date_after: A[date | None, Doc("Records changed after this day.")] = None
    last_updated_in_months: A[int | None, Doc("Records changed within so many months.")] = None
    valid_date_after: A[date | None, Doc("Records validated after this day.")] = None
    has_been_notified: A[
        Literal["exclude", "include", "only"] | None, Doc("What becomes of people who were told that they are listed.")
    ] = None
    web_references: A[Texts, Doc("Words that pages about the person hold, English letters and digits; any.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._within("contact_accuracy_score_min", 70, 99)
        self._within("contact_accuracy_score_max", 70, 99)
        self._none_below_0("last_updated_in_months")
        self._order("contact_accuracy_score_min", "contact_accuracy_score_max")


@dataclass(frozen=True, kw_only=True)
class PersonFilters(Work, Identity, Quality):
    """Which people, by what is known of them."""

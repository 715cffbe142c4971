"""The output fields of the contact enrichment, and where each sits in the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.contract import contract
from mockserver.sandbox.enrich.company_fields import (
    employee_range,
    naics_codes,
    revenue_range,
    sic_codes,
    social_pages,
)
from mockserver.sandbox.words import iso_day, iso_time, money_in_words, us_time
from mockserver.world import Company, Contact, Profile, World


@dataclass(slots=True)
class Seen:
    """A person as an enrichment looks at them, and where they work."""

    person: Contact
    world: World
    company: Company = field(init=False)

    def __post_init__(self) -> None:
        self.company = self.world.companies[self.person.company_id]

    @property
    def profile(self) -> Profile:
        """What only an enrichment shows of the company."""
        return self.world.profile_of(self.person.company_id)


def record_of(fields: Iterable[str]) -> Callable[[Seen], dict[str, Any]]:
    """What reads the fields that are asked for off a person, each at its place: those of the company in `company`."""
    places = contract()["enrich.contact"].fields
    readers = [(*places[name]["x-at"].partition("."), FIELDS[name]) for name in fields]

    def record(seen: Seen) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for outer, _, inner, read in readers:
            if inner:
                told.setdefault(outer, {})[inner] = read(seen)
            else:
                told[outer] = read(seen)
        return told

    return record


def _hashed(seen: Seen) -> list[str]:
    person = seen.person
    return [
        hashlib.md5(address.casefold().encode(), usedforsecurity=False).hexdigest()
        for address in (person.email, person.supplemental_email)
        if address
    ]


def _jobs(seen: Seen) -> list[dict[str, Any]]:
    jobs = []
    for job in seen.person.jobs:
        company = seen.world.companies.get(job.company_id) if job.company_id is not None else None
        jobs.append(
            {
                "jobTitle": job.title,
                "managementLevel": list(job.management_levels),
                "fromDate": iso_time(job.since),
                "toDate": iso_time(job.until),
                "company": {
                    "companyId": job.company_id,
                    "companyName": job.company_name,
                    "companyPhone": (company.phone if company else None) or "",
                    "companyWebsite": (company.website if company else None) or "",
                },
            }
        )
    return jobs


def _education(seen: Seen) -> list[dict[str, Any]]:
    return [
        {"school": d.school, "educationDegree": {"degree": d.degree or "", "areaOfStudy": d.area or ""}}
        for d in seen.person.education
    ]


FIELDS: Mapping[str, Callable[[Seen], Any]] = {
    "id": lambda s: s.person.id,
    "firstName": lambda s: s.person.first_name,
    "middleName": lambda s: s.person.middle_name or "",
    "lastName": lambda s: s.person.last_name,
    "email": lambda s: s.person.email or "",
    "hasCanadianEmail": lambda s: "true" if (s.person.email or "").endswith(".ca") else "false",
    "phone": lambda s: s.person.direct_phone or "",
    "directPhoneDoNotCall": lambda s: s.person.direct_phone_do_not_call,
    # docs/assumptions.md, "`mobilePhone`"
    "mobilePhone": lambda s: s.person.mobile_phone or "",
    "street": lambda s: s.person.street or "",
    "city": lambda s: s.person.city or "",
    "region": lambda s: s.person.state or "",
    "metroArea": lambda s: s.person.metro_area or "",
    "zipCode": lambda s: s.person.zip_code or "",
    "state": lambda s: s.person.state or "",
    "country": lambda s: s.person.country or "",
    "continent": lambda s: s.person.continent or "",
    "personHasMoved": lambda s: "Yes" if s.person.has_moved else "No",
    "withinEu": lambda s: s.person.is_in_eu,
    "withinCalifornia": lambda s: s.person.state == "California",
    "withinCanada": lambda s: s.person.country == "Canada",
    "validDate": lambda s: us_time(s.person.valid_at),
    "lastUpdatedDate": lambda s: us_time(s.person.updated_at),
    "noticeProvidedDate": lambda s: us_time(s.person.notified_at),
    "salutation": lambda s: s.person.salutation or "",
    "suffix": lambda s: s.person.suffix or "",
    "jobTitle": lambda s: s.person.job_title,
    "jobFunction": lambda s: [{"name": f.name, "department": f.department} for f in s.person.job_functions],
    "education": _education,
    "hashedEmails": _hashed,
    "picture": lambda s: s.person.picture or "",
    "mobilePhoneDoNotCall": lambda s: s.person.mobile_phone_do_not_call,
    "externalUrls": lambda s: [{"type": page.kind, "url": page.url} for page in s.person.social_pages],
    "employmentHistory": _jobs,
    "managementLevel": lambda s: list(s.person.management_levels),
    "contactAccuracyScore": lambda s: s.person.accuracy_score,
    "companyId": lambda s: s.company.id,
    "companyName": lambda s: s.company.name,
    "companyDescriptionList": lambda s: [{"description": text} for text in s.profile.descriptions],
    "companyPhone": lambda s: s.company.phone or "",
    "companyFax": lambda s: s.company.fax or "",
    "companyStreet": lambda s: s.company.street or "",
    "companyCity": lambda s: s.company.city,
    "companyState": lambda s: s.company.state or "",
    "companyZipCode": lambda s: s.company.zip_code or "",
    "companyCountry": lambda s: s.company.country,
    "companyContinent": lambda s: s.company.continent,
    "companyLogo": lambda s: s.profile.logo or "",
    "companyDivision": lambda s: s.person.division or "",
    "companySicCodes": lambda s: sic_codes(s.company),
    "companyNaicsCodes": lambda s: naics_codes(s.company),
    "companyWebsite": lambda s: s.company.website or "",
    "companyRevenue": lambda s: money_in_words(s.company.revenue_usd),
    "companyRevenueNumeric": lambda s: s.company.revenue_usd,
    "companyEmployeeCount": lambda s: s.company.employees,
    "companyType": lambda s: s.company.kind,
    "companyTicker": lambda s: s.company.ticker or "",
    "companyRanking": lambda s: list(s.company.ranking),
    "isDefunct": lambda s: s.company.is_defunct,
    "companySocialMediaUrls": lambda s: social_pages(s.profile),
    "isCalifornia": lambda s: s.company.state == "California",
    "isCanada": lambda s: s.company.country == "Canada",
    "companyPrimaryIndustry": lambda s: [s.company.primary_industry.name],
    "companyIndustries": lambda s: [i.name for i in s.company.industries],
    "companyRevenueRange": lambda s: revenue_range(s.company, s.world),
    "companyEmployeeRange": lambda s: employee_range(s.company, s.world),
    "locationCompanyId": lambda s: s.person.office_id,
    "positionStartDate": lambda s: iso_day(s.person.position_since),
    "yearsOfExperience": lambda s: s.person.years_of_experience.name,
    "techSkills": lambda s: list(s.person.tech_skills),
    "engagements": lambda _: [],
}

"""What each kind of record can be asked with, as the service documents it, by our names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WEBSITE = re.compile(r"^(https?://)?[^\s/@]+\.[^\s/@.]{2,}(/\S*)?$", re.IGNORECASE)
_DIGITS = re.compile(r"^[0-9]+$")

IDS = frozenset({"company_id", "contact_id", "location_id"})
"""The names that hold ids of ours."""
NUMBERS = IDS | {"ecid", "contact_accuracy_score_min"}
"""The names that hold whole numbers."""
NUMERALS = frozenset({"phone", "fax", "zip_code"})
"""The names that hold texts of digits, which tables like to take for numbers."""
DAYS = frozenset({"last_updated_date_after", "valid_date_after"})
"""The names that hold days."""


@dataclass(frozen=True)
class Kind:
    """What an operation can be asked with.

    Attributes
    ----------
    key
        The name of the record's own id.
    names
        The columns and keys that are understood, and what each stands for; the plainer of two comes last.
    combinations
        The sets of names of which one must be there.
    decisive
        Names that say it all, the strongest first, and what may go along with each; everything else is not sent.
    advice
        The combinations in words.
    without_place
        Names that say which record is meant, wherever it is.
    """

    key: str
    names: Mapping[str, str]
    combinations: tuple[frozenset[str], ...]
    decisive: Mapping[str, frozenset[str]]
    advice: str
    without_place: frozenset[str] = frozenset()

    def name_of(self, text: str) -> str:
        """Which name a bare text stands for: an id, an e-mail address, a website or a name."""
        stripped = text.strip()
        if len(set(self.names.values())) == 1:
            return self.key
        if _DIGITS.match(stripped):
            return self.key
        if "@" in stripped and "email" in self.names:
            return "email"
        if _WEBSITE.match(stripped) and "company_website" in self.names:
            return "company_website"
        return "company_name" if "company_website" in self.names else "full_name"


def _names(*own: str, **others: str) -> dict[str, str]:
    return {**{name: name for name in own}, **others}


def _sets(*combinations: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.split("+")) for one in combinations)


_ADDRESS = frozenset({"street", "city", "state", "zip_code", "country"})
_EMPLOYER = frozenset({"company_id", "company_name"})
_CONDITIONS = ("contact_accuracy_score_min", "last_updated_date_after", "valid_date_after")
_ONE_COMPANY = Kind(
    key="company_id",
    names=_names("company_id"),
    combinations=_sets("company_id"),
    decisive={},
    advice="company_id",
)

_COMPANY_BY_ANY = Kind(
    key="company_id",
    names=_names("company_id", "company_website", "company_name", website="company_website", name="company_name"),
    combinations=_sets("company_id", "company_website", "company_name"),
    decisive={"company_id": frozenset()},
    advice="company_id, company_website (or website) or company_name (or name)",
)

KINDS: Mapping[str, Kind] = {
    "company preview": Kind(
        key="company_name",
        names=_names("company_website", "company_name", website="company_website", name="company_name"),
        combinations=_sets("company_website", "company_name"),
        decisive={},
        advice="`website` (or `company_website`) or `name` (or `company_name`)",
    ),
    "contact preview": Kind(
        key="email",
        names=_names(
            "email", "full_name", "first_name", "last_name", "company_id", "company_website", "company_name",
            name="full_name", website="company_website", company="company_name",
        ),
        combinations=_sets(
            "email",
            *(f"{name}+{company}" for name in ("full_name", "first_name+last_name")
              for company in ("company_id", "company_website", "company_name")),
        ),
        decisive={},
        advice=(
            "email, or a full_name (or name, or first_name and last_name) with company_id, company_website (or "
            "website) or company_name (or company)"
        ),
    ),
    "company": Kind(
        key="company_id",
        names=_names(
            "company_id", "company_website", "company_name", "ticker", "phone", "fax", "ip_address", "street", "city",
            "state", "zip_code", "country", website="company_website", name="company_name",
        ),
        combinations=_sets(
            "company_id", "company_website", "company_name", "ticker", "phone", "fax", "ip_address"
        ),
        decisive={"company_id": frozenset()},
        advice="company_id, company_website (or website), company_name (or name), ticker, phone, fax or ip_address",
        without_place=frozenset({"company_website", "ticker", "phone", "fax", "ip_address"}),
    ),
    "contact": Kind(
        key="contact_id",
        names=_names(
            "contact_id", "email", "hashed_email", "phone", "full_name", "first_name", "last_name", "job_title",
            "external_url", "company_id", "company_name", *_CONDITIONS, person_id="contact_id",
        ),
        combinations=_sets(
            "contact_id", "email", "hashed_email", "phone", "full_name+company_id", "full_name+company_name",
            "first_name+last_name+company_id", "first_name+last_name+company_name",
        ),
        decisive={
            "contact_id": frozenset(_CONDITIONS),
            **dict.fromkeys(("email", "hashed_email", "phone"), _EMPLOYER.union(_CONDITIONS)),
        },
        advice=(
            "contact_id, email, hashed_email or phone, or a full_name (or first_name and last_name) with company_id or "
            "company_name"
        ),
    ),
    "location": Kind(
        key="location_id",
        names=_names(
            "location_id", "es_location_id", "company_id", "ecid", "company_website", "company_name", "phone",
            "phone_country", "email", "street", "city", "state", "zip_code", "country", website="company_website",
            name="company_name",
        ),
        combinations=_sets(
            "location_id", "es_location_id", "company_id", "ecid", "company_website", "company_name", "phone", "email",
            "street+city",
        ),
        decisive={
            "location_id": frozenset(), "es_location_id": frozenset(), "company_id": _ADDRESS, "ecid": _ADDRESS,
        },
        advice=(
            "location_id, or company_id, company_website (or website) or company_name (or name) with a country, or "
            "street and city"
        ),
    ),
    "org chart": _ONE_COMPANY,
    "company location": _ONE_COMPANY,
    "compliance check": Kind(
        key="contact_id",
        names=_names(
            "email", "phone", "full_name", "first_name", "last_name", "company_id", "company_name", "state", "country",
            "zip_code",
        ),
        combinations=_sets(
            "email", "phone",
            *(f"{name}+{place}" for name in ("full_name", "first_name+last_name")
              for place in ("company_id", "company_name", "state", "country", "zip_code")),
        ),
        # Nothing beside an address may hide a person who has opted out: a stale country, say, would match nobody.
        decisive={"email": frozenset(), "phone": frozenset()},
        advice=(
            "email or phone, or a full_name (or first_name and last_name) with company_id, company_name, state, "
            "country or zip_code"
        ),
    ),
    "IP match": Kind(
        key="ip_address",
        names=_names(
            "ip_address", ip="ip_address", remote_addr="ip_address", client_ip="ip_address", remote_ip="ip_address"
        ),
        combinations=_sets("ip_address"),
        decisive={},
        advice="ip_address",
    ),
    **dict.fromkeys(("intent signal", "scoop", "hierarchy"), _COMPANY_BY_ANY),
    **dict.fromkeys(("news article", "technology in use", "hashtag"), _ONE_COMPANY),
}  # fmt: skip
"""By the name of the record."""

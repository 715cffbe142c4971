"""What a subscription covers: how fast, how much, which endpoints and which fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UNIQUE_IDS = 5_000
UNLIMITED = 2_147_483_647  # docs/assumptions.md, "a limit that is not set"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A subscription.

    Attributes
    ----------
    name
        "standard" or "scaling".
    per_second, per_minute
        Requests that are admitted in any second and in any minute.
    limits
        Allowance by `limitType`.
    includes
        Bundles whose endpoints it may call.
    withheld
        Output fields that it does not cover, by operation.
    """

    name: str
    per_second: int
    per_minute: int
    limits: Mapping[str, int]
    includes: frozenset[str]
    withheld: Mapping[str, frozenset[str]] = field(default_factory=dict)


# docs/assumptions.md, "allowances" and "`limitType` of `/lookup/usage`"
def _limits(*, records_per_id: int, requests: int) -> dict[str, int]:
    return {
        "uniqueIdLimit": UNIQUE_IDS,
        "recordLimit": UNIQUE_IDS * records_per_id,
        "requestLimit": requests,
        "websightsRecordLimit": 1_000,
        "websightsRequestLimit": 10_000,
    }


BUNDLES = {
    "standard": Bundle(
        name="standard",
        per_second=25,
        per_minute=1_500,
        limits=_limits(records_per_id=25, requests=UNIQUE_IDS * 100),
        includes=frozenset({"standard"}),
        # docs/assumptions.md, "what Standard lacks"
        withheld={
            "enrich.company": frozenset({"departmentBudgets", "engagements"}),
            "enrich.contact": frozenset({"engagements", "hashedEmails", "techSkills"}),
        },
    ),
    "scaling": Bundle(
        name="scaling",
        per_second=33,
        per_minute=2_000,
        limits=_limits(records_per_id=100, requests=UNLIMITED),
        includes=frozenset({"standard", "scaling"}),
    ),
}

"""The words of `match_status`: one vocabulary for every enrichment and match.

Source: docs/assumptions.md, "`match_status` in frames".
"""

from __future__ import annotations

from typing import Literal

MatchStatus = Literal[
    "matched",
    "no_match",
    "invalid_input",
    "limit_exceeded",
    "opted_out",
    "missing_required_fields",
    "below_accuracy",
    "not_recently_updated",
    "not_recently_validated",
    "company_only",
    "contact_only",
    "error",
]

"""The compliance check: who of a list is known, and who has opted out."""

from __future__ import annotations

from zianalytics.api.spec import EnrichOperation, Namespace, Route
from zianalytics.api.webhooks import ComplianceCheck
from zianalytics.schema.compliance import PERSON_CHECK
from zianalytics.schema.meters import REQUEST_ONLY


class ComplianceCalls(Namespace):
    """Opt-outs and privacy rules."""

    verb = "compliance"

    check = EnrichOperation(
        ComplianceCheck,
        PERSON_CHECK,
        enterprise=Route("POST", "/compliance", ("data", "result")),
        # docs/assumptions.md, "meters of the compliance check" and "inputs of the compliance check"
        cost=REQUEST_ONLY,
        batch=25,
        long=True,
        takes_fields=False,
        example=('zi.compliance.check(["nobody@nowhere.example"])["match_status"].to_list()', "['no_match']"),
    )
    """Who of a list is known to ZoomInfo, and who has opted out."""

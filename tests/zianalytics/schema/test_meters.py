"""What a call is charged for."""

from __future__ import annotations

import pytest

from zianalytics.schema.meters import REQUEST_ONLY, Cost


def test_what_is_charged_is_named_and_a_call_that_costs_its_request_alone_has_nothing_to_name() -> None:
    assert Cost(entity="company", credit_per_new_record=True).charged == "company"
    with pytest.raises(ValueError, match="nothing is charged for it but its request"):
        _ = REQUEST_ONLY.charged

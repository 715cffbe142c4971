"""What happens to searches in parts while others ask the same, or while warnings are taken for errors."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mockserver.sandbox import Options
from zianalytics.errors import LimitNear

if TYPE_CHECKING:
    from ..conftest import Client, Service

COMPANIES = "/search/company"


@pytest.fixture(scope="module")
def options() -> Options:
    """A sandbox of more companies than the service hands out."""
    return Options(companies=1_300, no_limits=True)


def test_two_threads_that_read_the_same_search_in_parts_keep_within_their_caps(
    client: Client, service: Service
) -> None:
    """Each reads on from what it has counted itself, whichever of the two came last."""
    with ThreadPoolExecutor(2) as pool:
        found = list(
            pool.map(lambda _: client.search.companies(company_id=service.ids, max_requests=60).height, range(2))
        )
    assert found == [1_300, 1_300]


def test_a_warning_taken_for_an_error_keeps_all_parts_from_being_asked(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.usage()
    monkeypatch.setitem(service.sandbox.service.meters.limits, "requestLimit", 10)
    with warnings.catch_warnings(action="error", category=LimitNear), pytest.raises(LimitNear, match="may cost"):
        client.search.companies(company_id=service.ids)
    assert service.asked[COMPANIES] == 1

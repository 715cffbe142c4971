"""Only what costs nothing on any meter is sent again where it may have been carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mockserver.message import Request, Response
from zianalytics.errors import NotAnswered

if TYPE_CHECKING:
    from tests.zianalytics.client.conftest import Client, Service

SEARCH, USAGE = "/search/company", "/lookup/usage"


def fails_once(service: Service, path: str, status: int) -> None:
    """The first request to the path gets this status, and no other request does."""
    failing = [path]

    def trouble(request: Request) -> Response | None:
        if request.path not in failing:
            return None
        failing.clear()
        return service.says(status, b"")

    service.trouble = trouble


def test_a_search_costs_a_request_and_is_not_sent_again_after_a_failure_of_the_service(
    client: Client, service: Service
) -> None:
    fails_once(service, SEARCH, 502)
    with pytest.raises(NotAnswered):
        client.search.companies(country="Germany", limit=5)
    assert service.asked[SEARCH] == 1


def test_a_search_that_was_refused_for_its_pace_is_sent_again(client: Client, service: Service) -> None:
    fails_once(service, SEARCH, 429)
    assert client.search.companies(country="Germany", limit=5).height == 5
    assert service.asked[SEARCH] == 2


def test_usage_costs_nothing_and_is_sent_again(client: Client, service: Service) -> None:
    fails_once(service, USAGE, 502)
    assert client.usage().height == 5
    assert service.asked[USAGE] == 2

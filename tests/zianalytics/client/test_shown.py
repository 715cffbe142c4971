"""`.request(...)`: what a call would send, shown; and that it is what the call does send."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import polars as pl
import pytest

from mockserver import Request
from zianalytics import ZoomInfo
from zianalytics.api.table import Account, ComplianceCalls
from zianalytics.api.wire import WireRequest
from zianalytics.errors import RequestRefused

if TYPE_CHECKING:
    from .conftest import Client, Desk, Service


def said(request: WireRequest) -> list[Any]:
    return [json.loads(one.body) for one in (request, *request.following)]


def test_it_is_what_the_call_sends_page_by_page(client: Client, service: Service) -> None:
    sent: list[Request] = []
    service.trouble = lambda request: sent.append(request)
    asked = client.search.companies.request(employee_range_min=1, limit=150)
    assert sent == []
    client.search.companies(employee_range_min=1, limit=150)
    posted = [json.loads(one.body) for one in sent if one.path == asked.path]
    assert sorted(posted, key=lambda one: one["page"]) == said(asked)
    assert [one["page"] for one in said(asked)] == [1, 2]
    assert (asked.number, asked.of, asked.following[0].number, asked.following[0].of) == (1, 2, 2, 2)


def test_more_inputs_than_a_request_takes_follow_in_others(client: Client, service: Service) -> None:
    ids = service.ids[:30]
    asked = client.enrich.companies.request(ids + ids, fields="minimal")
    assert [len(one["matchCompanyInput"]) for one in said(asked)] == [25, 5]
    assert asked.of == 2
    assert service.asked == {}
    assert client.charges == {}
    client.enrich.companies(ids, fields="minimal", max_credits=30)
    assert client.enrich.companies.request(ids + ids, fields="minimal") == asked  # also what is held by now


@pytest.mark.parametrize(
    ("ask", "method", "path", "bodies"),
    [
        (
            lambda client: client.enrich.intent.request(
                [1, 2], topics="Lead Scoring", limit=2, signal_start_date=date(2026, 5, 1),
                signal_end_date=date(2026, 8, 30),
            ),
            "POST", "/enrich/intent", 4,
        ),
        (lambda client: client.enrich.locations.request([1, 2]), "POST", "/enrich/location", 2),
        (lambda client: client.enrich.ips.request(["203.0.113.9", "10.0.0.1"]), "POST", "/enrich/ip", 1),
        (lambda client: client.bulk.preview.companies.request(country="Germany"), "POST", "/bulk/search/company", 1),
        (lambda client: client.bulk.enrich.contacts.request([7] * 3), "POST", "/bulk/enrich/contact", 1),
        (lambda client: ComplianceCalls(client.caller).check.request(["a@b.example"]), "POST", "/compliance", 1),
        (lambda client: Account(client.caller).usage.request(), "GET", "/lookup/usage", 0),
    ],
    ids=["listing", "locations", "ips", "bulk search", "bulk enrich", "check", "usage"],
)  # fmt: skip
def test_every_kind_of_call_can_be_shown(
    ask: Callable[[Client], WireRequest], method: str, path: str, bodies: int, client: Client, service: Service
) -> None:
    asked = ask(client)
    assert (asked.method, asked.path) == (method, path)
    assert asked.of == max(bodies, 1) == 1 + len(asked.following)
    assert bool(asked.body) == bool(bodies)
    assert service.asked == {}


def test_a_file_of_inputs_is_read_for_a_job(client: Client, tmp_path: Path) -> None:
    pl.DataFrame({"company_id": [7, 8]}).write_csv(tmp_path / "mine.csv")
    asked = client.bulk.enrich.companies.request(tmp_path / "mine.csv", fields="minimal")
    assert said(asked)[0]["matchCompanyInput"] == [{"companyId": 7}, {"companyId": 8}]


def test_a_file_of_people_is_read_too(client: Client, tmp_path: Path) -> None:
    pl.DataFrame({"email": ["ada@aster.example"]}).write_csv(tmp_path / "mine.csv")
    asked = client.bulk.enrich.contacts.request(tmp_path / "mine.csv", fields="minimal")
    assert said(asked)[0]["matchPersonInput"] == [{"emailAddress": "ada@aster.example"}]


def test_a_value_that_no_list_at_hand_knows_is_not_asked_after(client: Client, service: Service) -> None:
    asked = client.search.companies.request(country="Atlantis", industry_codes="fishery", limit=5)
    assert said(asked) == [{"country": "Atlantis", "industryCodes": "fishery", "rpp": 5, "page": 1}]
    assert said(client.search.companies.request(country="germany", limit=5))[0]["country"] == "Germany"
    assert service.asked == {}


def test_the_arguments_are_those_of_the_call(client: Client) -> None:
    misspelt: dict[str, Any] = {"county": "Germany"}
    with pytest.raises(RequestRefused, match="did you mean country"):
        client.search.companies.request(**misspelt)


def test_who_is_suppressed_is_not_in_it(desk: Desk) -> None:
    settings = desk.settings()
    assert settings.password is not None
    with ZoomInfo(
        base_url=settings.base_url, username=settings.username, password=settings.password, home=desk.home
    ) as zi:
        zi.compliance.suppress([7])
        assert said(zi.enrich.contacts.request([7, 8]))[0]["matchPersonInput"] == [{"personId": 8}]
        with pytest.raises(RequestRefused, match="would send no request"):
            zi.enrich.contacts.request([7])


@pytest.mark.skipif(shutil.which("curl") is None or shutil.which("sh") is None, reason="there is no curl or no sh")
def test_its_curl_command_brings_what_the_call_brings(client: Client, desk: Desk, service: Service) -> None:
    login = httpx.post(f"{desk.base_url}/authenticate", json={"username": desk.username, "password": desk.password})
    environ = os.environ | {"ZOOMINFO_TOKEN": login.json()["jwt"]}

    def run(request: WireRequest) -> Any:
        assert environ["ZOOMINFO_TOKEN"] not in request.as_curl()
        done = subprocess.run(
            ["sh", "-c", request.as_curl()],  # noqa: S607  # the shell that people paste it into
            env=environ, capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        return json.loads(done.stdout)

    found = client.search.companies(country="Germany", limit=5)
    answered = run(client.search.companies.request(country="Germany", limit=5))
    assert [row["id"] for row in answered["data"]] == found["company_id"].to_list()
    sent: list[Request] = []
    service.trouble = lambda request: sent.append(request)
    name = """Müller's "Best" $HOME `id` \\ 株式会社 ; & | > x"""
    assert run(client.search.companies.request(company_name=name, limit=1))["data"] == []
    assert json.loads(sent[-1].body)["companyName"] == name

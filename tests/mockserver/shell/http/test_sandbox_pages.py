from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockserver import serve


@pytest.fixture
def client(echo: Any) -> Iterator[httpx.Client]:
    with serve(echo) as mock, httpx.Client(base_url=f"{mock.base_url}/__mock__") as client:
        yield client


def test_the_pages_show_what_the_sandbox_says(client: httpx.Client) -> None:
    assert client.get("/ledger").json() == [{"endpoint": "/enrich/company", "id": 7, "credits": 1}]
    assert client.get("/usage").json() == {"spent": 0}
    deals = client.get("/deals.csv")
    assert (deals.text, deals.headers["content-type"]) == (
        "deal_id,website\r\n1,example.com\r\n",
        "text/csv; charset=utf-8",
    )
    assert client.get("/truth.csv").text == "company_id,win_probability\r\n1,0.5\r\n"


def test_the_sandbox_is_moved_by_posts(client: httpx.Client, echo: Any) -> None:
    assert client.post("/clock", json={"advance_days": 366}).json() == {"days": 366}
    assert client.post("/colleague", json={"credits": 12}).json() == {"spent": 12}
    assert client.post("/faults", json={"seed": 7, "rules": []}).json() == {"seed": 7, "rules": []}
    assert client.post("/reset", json={}).json() == {"reset": True}
    assert client.post("/reset", headers={"Content-Type": "application/json"}).json() == {"reset": True}
    assert (echo.days, echo.spent, echo.resets) == (366, 12, 2)


@pytest.mark.parametrize(
    ("page", "body", "problem"),
    [
        ("clock", b"", "is not JSON"),
        ("clock", b"{", "is not JSON"),
        ("clock", b"[" * 200_000, "is not JSON"),
        ("clock", b"[366]", "is not a JSON object"),
        ("clock", b"{}", '{"advance_days": 1}'),
        ("clock", b'{"days": 1}', '{"advance_days": 1}'),
        ("clock", b'{"advance_days": -1}', "from 0 to 3,650"),
        ("clock", b'{"advance_days": 3651}', "from 0 to 3,650"),
        ("clock", b'{"advance_days": 1.5}', "whole number"),
        ("clock", b'{"advance_days": true}', "whole number"),
        ("clock", b'{"advance_days": 1, "hours": 2}', "whole number"),
        ("colleague", b'{"credits": "3"}', '{"credits": 1}'),
        ("colleague", b'{"credits": 101}', "the organisation has 100 credits left"),
        ("faults", b"{}", "a fault specification has rules"),
    ],
)
def test_a_body_that_says_something_else_changes_nothing(
    client: httpx.Client, echo: Any, page: str, body: bytes, problem: str
) -> None:
    answer = client.post(f"/{page}", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert problem in answer.json()["error"]
    assert (echo.days, echo.spent) == (0, 0)


@pytest.mark.parametrize(
    ("method", "page", "status"),
    [("GET", "clock", 405), ("GET", "reset", 405), ("POST", "ledger", 405), ("GET", "", 404), ("GET", "x", 404)],
)
def test_other_pages_and_methods_are_refused_with_the_list(
    client: httpx.Client, echo: Any, method: str, page: str, status: int
) -> None:
    answer = client.request(method, f"/{page}", headers={"Content-Type": "application/json"})

    assert answer.status_code == status
    assert "GET /__mock__/ledger" in answer.json()["error"]
    assert echo.resets == 0


def test_a_body_beyond_the_bound_is_refused_before_it_is_held(client: httpx.Client, echo: Any) -> None:
    body = b'{"advance_days": 1' + b" " * 16 * 1024 * 1024 + b"}"
    for content in (body, iter([body])):
        answer = client.post("/clock", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["error"]) == (
            413,
            "A request body may have 16,777,216 bytes at most.",
        )
    assert echo.days == 0


def test_what_changes_the_sandbox_must_be_sent_as_json(client: httpx.Client, echo: Any) -> None:
    answer = client.post("/clock", content=b'{"advance_days": 1}', headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415
    assert echo.days == 0

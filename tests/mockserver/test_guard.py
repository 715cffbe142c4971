from __future__ import annotations

import pytest

from mockserver import guard

HOST = ("host", "127.0.0.1:8080")
JSON = ("content-type", "application/json")
Headers = list[tuple[str, str]]


def status(method: str, path: str, headers: Headers) -> int | None:
    lines = [(name.encode(), value.encode()) for name, value in headers]
    refusal = guard.refusal(method, path, lines, port=8080)
    return None if refusal is None else refusal.status


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ([HOST], None),
        ([("host", "localhost:8080")], None),
        ([("host", "LOCALHOST:8080")], None),
        ([], 403),
        ([("host", "")], 403),
        ([("host", "127.0.0.1")], 403),
        ([("host", "127.0.0.1:8081")], 403),
        ([("host", "evil.example.com:8080")], 403),
        ([("host", "127.0.0.1:8080.evil.example.com")], 403),
        ([("host", "127.0.0.1:8080, evil.example.com")], 403),
        ([HOST, HOST], 403),
        ([HOST, ("host", "evil.example.com")], 403),
        ([("host", "[::1]:8080")], 403),
        ([("host", "localhost.:8080")], 403),
        ([("host", "user@127.0.0.1:8080")], 403),
    ],
)
@pytest.mark.parametrize("path", ["/orders", "/__mock__/ledger"])
def test_only_the_servers_own_host_given_once_is_answered(path: str, headers: Headers, refused: int | None) -> None:
    assert status("GET", path, headers) == refused


@pytest.mark.parametrize(
    ("header", "refused"),
    [
        (("origin", "http://127.0.0.1:8080"), None),
        (("origin", "http://localhost:8080"), None),
        (("origin", "https://127.0.0.1:8080"), 403),
        (("origin", "http://127.0.0.1:3000"), 403),
        (("origin", "https://evil.example.com"), 403),
        (("origin", "null"), 403),
        (("origin", ""), 403),
        (("sec-fetch-site", "same-origin"), None),
        (("sec-fetch-site", "none"), None),
        (("sec-fetch-site", "cross-site"), 403),
        (("sec-fetch-site", " Cross-Site "), 403),
        (("sec-fetch-site", "none, cross-site"), 403),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/orders"), ("POST", "/__mock__/reset")])
def test_no_page_of_another_origin_is_answered(
    method: str, path: str, header: tuple[str, str], refused: int | None
) -> None:
    assert status(method, path, [HOST, JSON, header]) == refused


@pytest.mark.parametrize(
    ("content_type", "refused"),
    [
        (["application/json"], None),
        (["Application/JSON; charset=utf-8"], None),
        ([], 415),
        (["text/plain"], 415),
        (["application/x-www-form-urlencoded"], 415),
        (["text/plain; application/json"], 415),
        (["application/json", "text/plain"], 415),
    ],
)
def test_what_changes_the_server_is_json(content_type: list[str], refused: int | None) -> None:
    headers = [HOST, *(("content-type", value) for value in content_type)]

    assert status("POST", "/__mock__/clock", headers) == refused
    assert status("POST", "/orders", headers) is None
    assert status("GET", "/__mock__/ledger", headers) is None


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/__mock__", True),
        ("/__mock__/", True),
        ("/__mock__/ledger", True),
        ("//__mock__/ledger", True),
        ("///__MOCK__//ledger", True),
        ("__mock__", True),
        ("/__mock__x", False),
        ("/orders/__mock__", False),
        ("/", False),
        ("", False),
    ],
)
def test_the_servers_own_path_is_known_in_every_spelling(path: str, own: bool) -> None:
    assert guard.is_own(path) is own
    assert status("POST", path, [HOST]) == (415 if own else None)

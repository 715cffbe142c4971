from __future__ import annotations

from typing import Any

import pytest

from mockserver.postman.answer import read_answer
from mockserver.postman.variables import Variables


def read(**saved: Any) -> tuple[int, int, tuple[tuple[str, str], ...], bytes, list[tuple[str, str]]]:
    reports: list[tuple[str, str]] = []
    recorded, response, _ = read_answer(saved, Variables(), lambda field, problem: reports.append((field, problem)))
    return recorded, response.status, response.headers, response.body, reports


@pytest.mark.parametrize(
    ("code", "recorded", "sent", "reported"),
    [
        (None, 200, 200, []),
        (418, 418, 418, []),
        ("404", 404, 404, []),
        (100, 100, 200, ["code"]),
        (999, 999, 500, ["code"]),
        (-1, -1, 200, ["code"]),
        ("lost", 200, 200, ["code"]),
    ],
)
def test_a_status_that_cannot_be_sent_is_mapped_and_reported(
    code: Any, recorded: int, sent: int, reported: list[str]
) -> None:
    was, status, _, _, reports = read(code=code)

    assert (was, status) == (recorded, sent)
    assert [field for field, _ in reports] == reported


@pytest.mark.parametrize("code", [204, 304])
def test_a_body_where_http_allows_none_is_left_out_and_reported(code: int) -> None:
    _, _, _, body, reports = read(code=code, body="hello")

    assert body == b""
    assert reports == [("body", f"an answer with status {code} has no body; its 5 bytes are left out")]


def test_framing_headers_are_dropped_whatever_their_case_and_blank_ones_kept() -> None:
    framing = ["Connection", "content-encoding", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding", "UPGRADE"]
    header = [{"key": name, "value": ""} for name in framing] + [{"key": "X-RateLimit-Limit", "value": ""}]

    _, _, headers, _, reports = read(header=header)

    assert headers == (("X-RateLimit-Limit", ""),)
    assert reports == []


def test_headers_that_cannot_be_sent_are_left_out_and_reported() -> None:
    header = [
        {"key": "Bad Name", "value": "x"},
        {"key": "X-Split", "value": "a\r\nSet-Cookie: b"},
        {"key": "X-Wide", "value": "漢"},
        {"key": "X-Latin", "value": "é"},
        {"key": "X-Off", "value": "x", "disabled": True},
        {"key": "", "value": "x"},
        {"key": "X-Null", "value": None},
        "X-Text: as text",
        None,
        7,
    ]

    _, _, headers, _, reports = read(header=header)

    assert headers == (("X-Latin", "é"), ("X-Null", ""), ("X-Text", "as text"))
    assert [field for field, _ in reports] == ["header[0]", "header[1]", "header[2]", "header[9]"]


@pytest.mark.parametrize(
    ("header", "headers"),
    [
        ("A: 1\r\nB: 2: 3", (("A", "1"), ("B", "2: 3"))),
        (None, ()),
        (7, ()),
        ({"A": 1, "B": "two"}, (("A", "1"), ("B", "two"))),
        ({"key": "A", "value": "1"}, (("A", "1"),)),
    ],
)
def test_headers_in_other_shapes(header: Any, headers: tuple[tuple[str, str], ...]) -> None:
    assert read(header=header)[2] == headers


def test_a_body_that_is_not_text_is_sent_as_json_and_reported() -> None:
    _, _, _, body, reports = read(body={"é": 1})

    assert body == '{"é": 1}'.encode()
    assert [field for field, _ in reports] == ["body"]


def test_a_lone_surrogate_is_sent_as_the_character_that_says_so_and_reported() -> None:
    _, _, _, body, reports = read(body="a\ud800b\ud83d\ude00")

    assert body == "a\ufffdb\U0001f600".encode()
    assert reports == [("body", "halves of characters (lone surrogates) in it; sent as U+FFFD")]

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("saved", "recorded", "reported"),
    [
        ({"status": "Not Found"}, 404, []),
        ({"status": "unprocessable entity"}, 422, []),
        ({"status": "Payload Too Large"}, 413, []),
        ({"status": "I'm a teapot"}, 418, []),
        ({"status": "201 Created"}, 201, []),
        ({"status": 409}, 409, []),
        ({"code": 201, "status": "Not Found"}, 201, []),
        ({"code": 202.0, "status": None}, 202, []),
        ({"code": "Created"}, 201, []),
        ({"status": "Of our own"}, 200, ["status"]),
        ({"code": True}, 200, ["code"]),
        ({"code": "404ish"}, 200, ["code"]),
        ({"code": "", "status": "Gone"}, 410, []),
        ({"status": "  "}, 200, []),
    ],
)
def test_a_status_is_read_from_its_code_or_else_from_its_name(
    saved: dict[str, Any], recorded: int, reported: list[str]
) -> None:
    was, _, _, _, reports = read(**saved)

    assert was == recorded
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


@pytest.mark.parametrize(
    ("language", "media_type"),
    [
        ("json", "application/json"),
        ("JSON", "application/json"),
        ("xml", "application/xml"),
        ("html", "text/html; charset=utf-8"),
        ("text", "text/plain; charset=utf-8"),
        ("plain", "text/plain; charset=utf-8"),
        ("javascript", "text/javascript; charset=utf-8"),
    ],
)
def test_an_answer_without_a_media_type_has_that_of_its_preview_language(language: str, media_type: str) -> None:
    assert read(_postman_previewlanguage=language, body="x")[2] == (("Content-Type", media_type),)


@pytest.mark.parametrize(
    ("inner", "headers"),
    [
        ({"postman_previewlanguage": "xml"}, (("Content-Type", "application/xml"),)),
        ({"postman_previewlanguage": None}, ()),
        ("xml", ()),
    ],
    ids=["told", "null", "no object"],
)
def test_a_preview_language_is_found_where_postmans_library_writes_it(
    inner: object, headers: tuple[tuple[str, str], ...]
) -> None:
    assert read(_=inner, body="<a/>")[2] == headers


@pytest.mark.parametrize(
    ("saved", "headers"),
    [
        ({"header": [{"key": "content-type", "value": "text/csv"}]}, (("content-type", "text/csv"),)),
        ({"header": [{"key": "content-type", "value": ""}]}, (("Content-Type", "application/json"),)),
        ({"_postman_previewlanguage": "Text of the future"}, ()),
        ({"_postman_previewlanguage": None}, ()),
        ({"_postman_previewlanguage": {"odd": 1}}, ()),
        ({"body": ""}, ()),
        ({"code": 304, "body": None}, ()),
    ],
    ids=["saved", "saved blank", "unknown", "none", "odd", "empty answer", "304"],
)
def test_a_preview_language_says_nothing_where_it_is_not_asked(
    saved: dict[str, Any], headers: tuple[tuple[str, str], ...]
) -> None:
    assert read(**{"_postman_previewlanguage": "json", "body": "[]", **saved})[2] == headers


@pytest.mark.parametrize("field", ["body", "stream"])
def test_a_buffer_is_sent_as_its_bytes(field: str) -> None:
    _, _, _, body, reports = read(**{field: {"type": "Buffer", "data": [137, 80, 78, 71, 0, 255]}})

    assert body == b"\x89PNG\x00\xff"
    assert reports == []


@pytest.mark.parametrize("data", [[256], ["a"], [None]])
def test_a_buffer_of_something_else_is_sent_as_json_and_reported(data: list[object]) -> None:
    _, _, _, body, reports = read(body={"type": "Buffer", "data": data})

    assert json.loads(body) == {"type": "Buffer", "data": data}
    assert [problem for _, problem in reports] == [
        "a buffer that holds something else than bytes; sent as JSON",
        "not a text but dict; sent as JSON",
    ]


def test_a_number_in_the_place_of_bytes_is_no_buffer() -> None:
    assert read(body={"type": "Buffer", "data": 10**15})[3] == b'{"type": "Buffer", "data": 1000000000000000}'


@pytest.mark.parametrize(
    ("media_type", "sent", "reported"),
    [
        ("text/html", "dé".encode(), []),
        ("text/html; charset=utf-8", "dé".encode(), []),
        ("text/html; charset=ISO-8859-1", b"d\xe9", []),
        ('text/xml; charset="windows-1252"', b"d\xe9", []),
        ("text/html; charset=koi8-r", "dé".encode(), ["body"]),
        ("text/html; charset=idna", "dé".encode(), []),
        ("image/png", "dé".encode(), []),
    ],
)
def test_a_text_is_sent_in_the_charset_that_it_declares(media_type: str, sent: bytes, reported: list[str]) -> None:
    _, _, _, body, reports = read(header=[{"key": "Content-Type", "value": media_type}], body="dé")

    assert body == sent
    assert [field for field, _ in reports] == reported


@pytest.mark.parametrize(
    ("body", "header", "sent", "is_dynamic"),
    [
        ("{{who}}, {{unknown}}", "{{who}}", "ada, {{unknown}}", True),
        ("{{who}}", "{{who}}", "ada", False),
        ("x", "{{$guid}}", "x", True),
        ('{"a": {"b": {}}}', "x", '{"a": {"b": {}}}', False),
        ("{{$timestamp}}", "x", "{{$timestamp}}", True),
    ],
)
def test_variables_of_an_answer_are_written_out_and_those_that_nobody_defines_stay(
    body: str, header: str, sent: str, is_dynamic: bool
) -> None:
    saved = {"body": body, "header": [{"key": "X-Who", "value": header}]}

    _, response, dynamic = read_answer(saved, Variables({"who": "ada"}), lambda field, problem: None)

    assert (response.body.decode(), dynamic) == (sent, is_dynamic)
    assert response.headers == (("X-Who", header.replace("{{who}}", "ada")),)


def test_an_open_variable_keeps_an_answer_in_the_encoding_in_which_it_is_filled() -> None:
    header = [{"key": "Content-Type", "value": "text/html; charset=iso-8859-1"}]

    assert read(header=header, body="dé {{$guid}}")[3] == "dé {{$guid}}".encode()


def test_variables_beyond_measure_leave_an_answer_as_it_was_saved() -> None:
    reports: list[tuple[str, str]] = []
    bomb = Variables({f"v{n}": f"{{{{v{n + 1}}}}}" * 10 for n in range(12)})

    _, response, _ = read_answer({"body": "{{v0}}"}, bomb, lambda field, problem: reports.append((field, problem)))

    assert response.body == b"{{v0}}"
    assert reports == [
        ("body", "its variables, written out, pass 1,000,000 characters; sent with its variables as they stand")
    ]


def test_what_describes_the_recorded_connection_or_the_recorder_is_no_part_of_the_answer() -> None:
    cookie = [{"name": "session", "value": "x"}]

    assert read(responseTime=812, cookie=cookie, timings={"end": 3}, _postman_previewtype="html", body="x") == (
        *(200, 200, (), b"x", []),
    )

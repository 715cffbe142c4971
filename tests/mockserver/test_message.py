from __future__ import annotations

from threading import Thread

from mockserver import Request, Response
from mockserver.message import Headers


def test_the_header_lines_of_an_answer_are_as_they_leave_its_date_first_and_its_length_last() -> None:
    answer = Response(200, (("Content-Type", "text/plain"), ("Date", "today"), ("X-Wide", "é")), b"body")
    assert answer.lines == [
        (b"date", b"today"),
        (b"content-type", b"text/plain"),
        (b"x-wide", b"\xe9"),
        (b"content-length", b"4"),
    ]
    assert answer.lines is answer.lines


def test_lines_that_come_twice_leave_twice_in_their_order() -> None:
    answer = Response(200, (("Set-Cookie", "a=1"), ("X-Other", "x"), ("Set-Cookie", "b=2")))
    cookies = [value for name, value in answer.lines if name == b"set-cookie"]
    assert cookies == [b"a=1", b"b=2"]


def test_an_answer_without_a_body_says_no_length() -> None:
    assert Response(204, (("X-A", "1"),)).lines == [(b"x-a", b"1")]
    assert Response(304).lines == []
    assert Response(200).lines == [(b"content-length", b"0")]


def test_threads_that_share_an_answer_see_its_lines_once() -> None:
    headers = tuple((f"X-{number}", "value") for number in range(2_000))
    answer = Response(200, headers)
    seen: list[int] = []
    threads = [Thread(target=lambda: seen.append(len(answer.lines))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [2_001] * 8


def test_answers_are_equal_whether_or_not_they_have_left() -> None:
    left, kept = Response(200, (("X-A", "1"),)), Response(200, (("X-A", "1"),))
    assert left.lines
    assert left == kept
    assert repr(left) == repr(kept)


def test_a_request_without_headers_has_none() -> None:
    assert dict(Request("GET", "/").headers) == {}


def test_a_request_shows_the_names_of_its_headers_and_no_values() -> None:
    headers = Headers([(b"authorization", b"Bearer secret"), (b"accept", b"*/*")])
    assert repr(headers) == "Headers(authorization, accept)"

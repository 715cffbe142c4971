from __future__ import annotations

import httpx
import pytest

from mockserver.postman.bounds import BODY_PAIRS
from mockserver.replay.multipart import read_parts

KIND = "multipart/form-data; boundary=XX"
FIELD = b'--XX\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


def test_what_a_client_sends_is_read_as_names_and_values_in_order() -> None:
    files = [("a", ("x.txt", b"--XX\r\n\r\n")), ("é", ("y.bin", b"\xff\x00"))]
    request = httpx.Request("POST", "http://mock.example/", data={"a": "1", "b": " two\r\nlines "}, files=files)

    fields = read_parts(request.headers["content-type"], request.read())

    assert fields == [("a", "1"), ("b", " two\r\nlines "), ("a", None), ("é", None)]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", []),
        (b"--XX--", []),
        (b"no form at all", []),
        (FIELD % (b"a", b"1"), [("a", "1\r\n")]),
        ((FIELD % (b"a", b"1") + b"--XX--\r\n" + FIELD % (b"b", b"2")), [("a", "1")]),
        ((FIELD % (b"a", b"1")).replace(b"\r\n", b"\n") + b"--XX--", [("a", "1")]),
        (b"--XX\r\n\r\nwithout a name\r\n--XX--", [("", "without a name")]),
        (b"--XX\r\nContent-Disposition: form-data; name*=utf-8''%C3%A9\r\n\r\n1\r\n--XX--", [("é", "1")]),
    ],
    ids=["empty", "closed", "other", "cut", "epilogue", "bare line ends", "nameless", "encoded name"],
)
def test_other_forms_are_read_as_far_as_they_go(body: bytes, fields: list[tuple[str, str]]) -> None:
    assert read_parts(KIND, body) == fields


def test_a_form_without_a_boundary_or_with_too_many_fields_is_not_read() -> None:
    field = FIELD % (b"a", b"1")
    assert read_parts("multipart/form-data", field) == []
    assert len(read_parts(KIND, field * BODY_PAIRS)) == BODY_PAIRS
    assert read_parts(KIND, field * (BODY_PAIRS + 1)) == []

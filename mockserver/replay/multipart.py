"""The fields of a multipart form, in time that grows with its length alone."""

from __future__ import annotations

from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value

from mockserver.postman.bounds import BODY_PAIRS

# Of the headers of one part; browsers write two or three lines.
_HEAD_BYTES = 8 * 1024


def read_parts(content_type: str, body: bytes) -> list[tuple[str, str | None]]:
    """Name and value of each field; None stands for the content of a file.

    Nothing is read of a form without a boundary, and of one with more fields than the bound.
    """
    whole = Message()
    whole["Content-Type"] = content_type
    boundary = whole.get_boundary()
    if not boundary:
        return []
    line_end = b"\r\n" if b"\r\n" in body[: len(boundary) + 8] else b"\n"
    divider = line_end + b"--" + boundary.encode("latin-1", "replace")
    body = line_end + body
    if body.count(divider) > BODY_PAIRS:
        return []
    fields: list[tuple[str, str | None]] = []
    for part in body.split(divider)[1:]:
        if part.startswith(b"--"):
            break
        head, _, content = part.partition(line_end * 2)
        told = HeaderParser().parsestr(head[:_HEAD_BYTES].lstrip().decode("utf-8", "replace"))
        name = collapse_rfc2231_value(told.get_param("name", "", header="content-disposition") or "")
        is_file = told.get_filename() is not None
        fields.append((name, None if is_file else content.decode("utf-8", "replace")))
    return fields

"""Answers as they come over a socket."""

from __future__ import annotations

import json
import re
import socket

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


def read_answer(connection: socket.socket) -> bytes:
    """One answer, whole."""
    came = _more(connection)
    while (end := came.find(b"\r\n\r\n")) < 0:
        came += _more(connection)
    if length := _LENGTH.search(came, 0, end + 2):
        while len(came) < end + 4 + int(length[1]):
            came += _more(connection)
    else:  # in chunks
        while not came.endswith(b"0\r\n\r\n"):
            came += _more(connection)
    return came


def _more(connection: socket.socket) -> bytes:
    came = connection.recv(65_536)
    if not came:
        raise ConnectionError("the server closed the connection before its answer was whole")
    return came


def is_right(came: bytes, recorded: bytes) -> bool:
    """Whether the body is the recorded one; a server may write the same JSON in other words."""
    if came.endswith(recorded):
        return True
    body = came.partition(b"\r\n\r\n")[2]
    try:
        return bool(json.loads(body[body.find(b"{") : body.rfind(b"}") + 1]) == json.loads(recorded))
    except ValueError:
        return False

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mockserver import serve

Exchange = Callable[[int, bytes], bytes]


def get(port: int, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def test_cut_closes_without_a_byte(echo: Any, exchange: Exchange) -> None:
    with serve(echo) as mock:
        assert exchange(mock.port, get(mock.port, "/cut")) == b""
        with pytest.raises(httpx.RemoteProtocolError, match="disconnected without sending a response"):
            httpx.get(f"{mock.base_url}/cut")


def test_a_client_is_who_it_is_whatever_its_headers_say(echo: Any) -> None:
    with serve(echo) as mock, pytest.raises(httpx.RemoteProtocolError, match="disconnected without sending"):
        httpx.get(f"{mock.base_url}/cut", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"})


def test_truncate_promises_the_whole_body_and_sends_half(echo: Any, exchange: Exchange) -> None:
    with serve(echo) as mock:
        head, _, body = exchange(mock.port, get(mock.port, "/truncate")).partition(b"\r\n\r\n")
        assert b"content-length: 10" in head
        assert body == b"01234"
        with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes, expected 10"):
            httpx.get(f"{mock.base_url}/truncate")


def test_stall_never_answers_while_others_are_served(echo: Any) -> None:
    with serve(echo) as mock, socket.create_connection(("127.0.0.1", mock.port), timeout=0.3) as line:
        line.sendall(get(mock.port, "/stall"))
        assert httpx.get(f"{mock.base_url}/other").status_code == 200
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_a_server_ends_at_once_though_clients_are_kept_waiting(echo: Any, caplog: pytest.LogCaptureFixture) -> None:
    ended: list[bytes] = []
    with serve(echo) as mock:
        line = socket.create_connection(("127.0.0.1", mock.port), timeout=10)
        line.sendall(get(mock.port, "/stall"))
        waiting = threading.Thread(target=lambda: ended.append(line.recv(1)))
        waiting.start()
        httpx.get(f"{mock.base_url}/other")
    waiting.join(10)
    line.close()
    assert ended == [b""]
    assert caplog.messages == []


def test_the_server_goes_on_after_every_kind_of_trouble(echo: Any, caplog: pytest.LogCaptureFixture) -> None:
    with serve(echo) as mock, httpx.Client(base_url=mock.base_url, timeout=0.2) as client:
        for path in ("/cut", "/truncate", "/stall") * 3:
            with pytest.raises(httpx.TransportError):
                client.get(path)
            assert client.get("/fine").status_code == 200
    assert caplog.messages == []

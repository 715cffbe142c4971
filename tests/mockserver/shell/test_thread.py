from __future__ import annotations

import socket
import threading
from contextlib import closing
from typing import Any

import httpx
import pytest

from mockserver import serve
from mockserver.shell.thread import listen


def test_two_servers_live_side_by_side_and_end_with_their_blocks(echo: Any) -> None:
    before = threading.active_count()
    with serve(echo) as one, serve(echo) as two:
        assert one.base_url == f"http://127.0.0.1:{one.port}"
        assert one.port != two.port
        assert httpx.get(one.base_url).status_code == httpx.get(two.base_url).status_code == 200
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(one.base_url)


def test_the_block_ends_the_server_after_an_exception(echo: Any) -> None:
    port = 0
    with pytest.raises(ZeroDivisionError), serve(echo) as mock:  # noqa: PT012
        port = mock.port
        raise ZeroDivisionError
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_can_be_chosen_and_used_again(echo: Any) -> None:
    with serve(echo) as first:
        assert httpx.get(first.base_url).status_code == 200
    with serve(echo, port=first.port) as second:
        assert second.base_url == first.base_url
        assert httpx.get(second.base_url).status_code == 200
        with pytest.raises(OSError, match="in use"), serve(echo, port=second.port):
            pass


def test_a_block_that_does_nothing_ends_the_server(echo: Any) -> None:
    with serve(echo):
        pass


def test_many_threads_are_answered(echo: Any) -> None:
    told: list[str] = []
    with serve(echo) as mock, httpx.Client(base_url=mock.base_url) as client:
        threads = [
            threading.Thread(target=lambda n=n: told.append(client.get(f"/{n}").json()["path"])) for n in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(told) == sorted(f"/{n}" for n in range(16))


def test_answers_leave_at_once_instead_of_waiting_for_more_to_send() -> None:
    with closing(listen(0)) as listening:
        # asyncio switches Nagle's algorithm off for sockets that name their protocol, and for no others.
        assert listening.proto == socket.IPPROTO_TCP

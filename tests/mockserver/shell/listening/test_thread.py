from __future__ import annotations

import asyncio
import errno
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockserver import Replay, Request, Response, serve, transport
from mockserver.postman import CollectionUnusable
from mockserver.shell.listening.thread import listen


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
    with serve(echo) as mock:
        pass
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", mock.port)) != 0


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


def test_a_collection_is_served_by_its_path_as_text_or_path_and_several_in_a_list(
    write_collection: Callable[..., Path],
) -> None:
    saved = {"name": "GET /orders", "request": {"method": "GET", "url": "{{host}}/orders"}}
    first = write_collection({**saved, "response": [{"code": 200, "body": "first"}]}, name="first")
    second = write_collection({**saved, "response": [{"code": 200, "body": "second"}]}, name="second")
    for source, body in [(first, "first"), (str(second), "second"), ([second, str(first)], "second")]:
        with serve(source) as mock:  # type: ignore[arg-type]
            assert httpx.get(mock.url("/orders")).text == httpx.get(mock.url("orders")).text == body


def test_a_seed_is_that_of_what_files_leave_open(write_collection: Callable[..., Path], echo: Any) -> None:
    saved = {"name": "x", "request": {"method": "GET", "url": "{{host}}/key"}, "response": [{"body": "{{$guid}}"}]}
    file = write_collection(saved)

    def drawn(**seed: int) -> str:
        with serve(file, **seed) as mock, httpx.Client(transport=transport([file], **seed)) as direct:
            told = httpx.get(mock.url("/key")).text
            assert direct.get("https://any.example/key").text == told
            return told

    assert drawn() == drawn(seed=7) != drawn(seed=8)
    for ours in (echo, Replay.read([file])):
        with pytest.raises(TypeError, match=r"seed= is of files.* Nothing is served\. Give it where that is made"):
            serve(ours, seed=8).__enter__()
        with pytest.raises(TypeError, match="seed= is of files"):
            transport(ours, seed=8)


def test_a_replay_tells_what_it_was_asked_and_nothing_else_does(
    write_collection: Callable[..., Path], echo: Any
) -> None:
    request = {"method": "GET", "url": "{{host}}/orders"}
    file = write_collection({"name": "all", "request": request, "response": [{"name": "two", "code": 200}]})
    with serve(file) as mock:
        httpx.get(mock.url("/orders?page=2"))
        httpx.get(mock.url("/order"))
        told = mock.requests()
        assert told == httpx.get(mock.url("/__mock__/requests")).json()
    assert [(one["path"], one["query"], one["matched"] is not None) for one in told] == [
        ("/orders", "page=2", True),
        ("/order", "", False),
    ]
    with serve(echo) as mock, pytest.raises(TypeError, match=r"Only a replay lists what it was asked\. A sandbox has"):
        mock.requests()


def test_what_cannot_be_served_is_said_before_anything_listens(tmp_path: Path) -> None:
    absent, other = tmp_path / "absent.json", tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(CollectionUnusable, match=r"absent\.json cannot be read: .*Nothing is served.*Check the path"):
        serve(absent).__enter__()
    with pytest.raises(CollectionUnusable, match=r"other\.json is .*Nothing is served.*Export"):
        serve(str(other)).__enter__()
    for source in (7, [], [7], {"answer": 1}):
        with pytest.raises(TypeError, match=r"cannot be served\. Nothing is served\. Give the path of a Postman"):
            serve(source).__enter__()  # type: ignore[arg-type]
    for empty, told in ([], "An empty list"), ((), "An empty tuple"):
        for begin in (lambda given: serve(given).__enter__(), transport):
            with pytest.raises(TypeError, match=rf"^{told} cannot be served\. Nothing is served\. Give"):
                begin(empty)


def test_a_taken_port_is_said_with_what_to_do(echo: Any) -> None:
    with serve(echo) as mock, pytest.raises(OSError, match=r"Nothing is served\. Choose another one") as refused:
        serve(echo, port=mock.port).__enter__()
    assert f"Port {mock.port} cannot be listened on" in str(refused.value)
    assert refused.value.errno == errno.EADDRINUSE


def test_a_server_runs_beside_an_event_loop_as_a_notebook_has_one(echo: Any) -> None:
    async def cell() -> tuple[int, int]:
        with serve(echo) as mock:
            async with httpx.AsyncClient() as client:
                several = await asyncio.gather(*(client.get(mock.url(f"/{n}")) for n in range(8)))
            at_once = await asyncio.to_thread(httpx.get, mock.url("/blocking"))
            return {response.status_code for response in several}.pop(), at_once.status_code

    assert asyncio.run(cell()) == (200, 200)


def test_a_block_ends_while_clients_still_hold_their_connections(echo: Any) -> None:
    with httpx.Client() as client:
        with serve(echo) as mock:
            assert client.get(mock.url("/")).status_code == 200
        with pytest.raises(httpx.ConnectError):
            client.get(mock.url("/"))


def test_an_answer_that_nobody_reads_does_not_keep_a_server_from_ending() -> None:
    class Large:
        def answer(self, _: Request) -> Response:
            return Response(200, (), b"0" * 50_000_000)

    before = threading.active_count()
    with serve(Large()) as mock:
        line = socket.create_connection(("127.0.0.1", mock.port), timeout=10)
        line.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{mock.port}\r\n\r\n".encode())
        assert line.recv(4) == b"HTTP"
    line.close()
    assert threading.active_count() == before


def test_a_server_whose_block_was_never_left_ends_with_its_process(write_collection: Callable[..., Path]) -> None:
    file = write_collection()
    code = f"from mockserver import serve; s = serve({str(file)!r}); print(s.__enter__().port)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", int(done.stdout))) != 0
    assert done.stderr == ""

"""Deliveries over real sockets: to this machine, with the token, until they are taken."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from mockserver import serve
from mockserver.message import Outgoing
from mockserver.sandbox import Options, Sandbox
from mockserver.shell.deliveries.post import post


class Target:
    """A server that keeps what it is sent, and refuses as often as it is told."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], Any]] = []
        self.refusals = 0
        self.url = ""


@contextmanager
def target() -> Iterator[Target]:
    told = Target()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.received.append((self.path, dict(self.headers), json.loads(body)))
            status = 200
            if told.refusals:
                told.refusals, status = told.refusals - 1, 503
            self.send_response(302 if self.path == "/away" else status)
            if self.path == "/away":
                self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_change_reaches_the_target_with_its_token_and_is_tried_again_until_it_is_taken() -> None:
    sandbox = Sandbox(Options(companies=30, bundle="scaling"))
    said = sandbox.credentials()
    with target() as there, serve(sandbox) as mock, httpx.Client(base_url=mock.base_url, timeout=20) as client:
        there.refusals = 1

        def ask(method: str, path: str, body: Any = None) -> Any:
            answer = client.request(method, path, json=body).raise_for_status()
            return answer.json()

        def sign_in() -> None:
            login = {"username": said["username"], "password": said["password"]}
            client.headers["Authorization"] = f"Bearer {ask('POST', '/authenticate', login)['jwt']}"

        sign_in()
        ids = [{"companyId": one} for one in list(sandbox.world.companies)[:10]]
        ask("POST", "/enrich/company", {"matchCompanyInput": ids, "outputFields": ["id"]})
        subscription = {"objectType": "Company", "eventType": "Update"}
        new = {"title": "Changes", "enabled": True, "targetUrl": there.url, "subscriptions": [subscription]}
        webhook = ask("POST", "/webhooks", new)
        valid = ask("POST", "/webhooks/validate", {"targetUrl": there.url, "objectType": "Company"})
        assert (valid["success"], valid["responseCode"]) == (False, 503)
        there.received.clear()
        there.refusals = 1
        ask("POST", "/__mock__/clock", {"advance_days": 60})
        until(lambda: [one["outcome"] for one in ask("GET", "/__mock__/deliveries")] == ["delivered"])
        [delivery] = ask("GET", "/__mock__/deliveries")
        assert (delivery["attempts"], delivery["webhook_id"]) == (2, webhook["id"])
        first, second = there.received
        assert first[2] == second[2]
        path, headers, body = second
        assert (path, headers["x-zoominfo-token"]) == ("/hook?x=1", webhook["verificationToken"])
        assert body["webhookDetails"] == {
            "id": webhook["id"], "title": "Changes", "objectType": "Company", "eventType": "Update",
        }  # fmt: skip
    sandbox.close()


@pytest.mark.parametrize("url", ["http://192.0.2.7/hook", "https://[2001:db8::1]/hook", "http://0.0.0.0:9/hook"])
def test_an_address_of_another_machine_is_never_connected_to(url: str) -> None:
    assert post(Outgoing(url)).said == ("The sandbox delivers to this machine alone, and the target is on another one")


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with target() as there:
        answer = post(Outgoing(there.url.replace("/hook?x=1", "/away"), (), b"{}"))
    assert (answer.status, answer.is_taken) == (302, False)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "https://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://", "https://a]b",
        "https://\ud800.example/", "https://" + "a" * 300,
    ],
    ids=ascii,
)  # fmt: skip
def test_a_target_that_is_not_there_or_is_none_is_said_to_be_so(url: str) -> None:
    answer = post(Outgoing(url))
    assert answer.status is None
    assert answer.said


def test_a_path_that_cannot_stand_in_a_request_is_said_to_be_so() -> None:
    with target() as there:
        answer = post(Outgoing(there.url.replace("/hook", "/h\u00f6\ud800k"), (), b"{}"))
    assert (answer.status, there.received) == (None, [])
    assert answer.said.startswith("The target does not answer: ")

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest

from zianalytics.settings import Settings
from zianalytics.transport import Limiter, Session, Window
from zianalytics.transport.quota import RetryQuota

PASSWORD = "correct horse battery"
HMAC_KEY = "k" * 32
NO_LIMIT = (Window(1_000_000, 1.0), Window(1_000_000, 60.0))


@dataclass
class Reply:
    """What the service does with one request; `delivery` as a network would spoil it."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: str = "whole"


@dataclass
class Received:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Service:
    """A service on a real socket that signs in, and answers as the test has laid out."""

    reply = Reply

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: deque[Reply] = deque()
        self.sign_in_replies: deque[Reply] = deque()
        self.tokens: list[str] = []
        self.ahead = timedelta()
        self.lifetime = timedelta(minutes=60)
        self.sign_in_s = 0.0
        self.leaving = threading.Event()
        self.lock = threading.Lock()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                service.handle(self)

            do_GET = do_POST

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def will(
        self, status: int = 200, body: bytes = b"{}", delivery: str = "whole", times: int = 1, **headers: str
    ) -> None:
        """Lay out the next answers; `retry_after="1"` is sent as the header Retry-After."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.replies.extend([Reply(status, body, named, delivery)] * times)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def revoke(self) -> None:
        self.tokens.clear()

    def asked(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path.split("?")[0] == path]

    def stop(self) -> None:
        self.leaving.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self.lock:
            self.received.append(Received(handler.command, handler.path, headers, body))
            reply = self.sign_in(body) if handler.path == "/authenticate" else self.answer(headers)
        if handler.path == "/authenticate":
            time.sleep(self.sign_in_s)
        if reply.delivery == "stall":
            self.leaving.wait(30)
        if reply.delivery in {"cut", "stall"}:
            handler.close_connection = True
            return
        handler.send_response_only(reply.status)
        for name, value in {"Date": format_datetime(self.now(), usegmt=True), **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if reply.delivery == "truncate":
            handler.wfile.write(reply.body[: len(reply.body) // 2])
            handler.close_connection = True
        elif reply.delivery == "drip":
            for n in range(len(reply.body)):
                handler.wfile.write(reply.body[n : n + 1])
                self.leaving.wait(0.05)
        else:
            handler.wfile.write(reply.body)

    def sign_in(self, body: bytes) -> Reply:
        if self.sign_in_replies:
            return self.sign_in_replies.popleft()
        if body and json.loads(body)["password"] != PASSWORD:
            return Reply(401, b'{"statusCode": 401, "message": "Authentication failed."}')
        claims = {"exp": int((self.now() + self.lifetime).timestamp()), "jti": len(self.asked("/authenticate"))}
        self.tokens.append(jwt.encode(claims, HMAC_KEY, algorithm="HS256"))
        return Reply(body=json.dumps({"jwt": self.tokens[-1]}).encode())

    def answer(self, headers: Mapping[str, str]) -> Reply:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if (
            token not in self.tokens
            or jwt.decode(token, options={"verify_signature": False})["exp"] < self.now().timestamp()
        ):
            return Reply(401, b'{"statusCode": 401, "message": "Authentication failed."}')
        return self.replies.popleft() if self.replies else Reply()


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    service.stop()


@pytest.fixture
def settings(service: Service, tmp_path: Path) -> Settings:
    return Settings.read(
        environ={}, folder=tmp_path, base_url=service.base_url, username="ann@example.com", password=PASSWORD,
        home=tmp_path / "home", state_home=tmp_path / "state",
    )  # fmt: skip


class Naps:
    """Takes the place of sleeping, and remembers for how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def open_session(settings: Settings, naps: Naps) -> Iterator[Callable[..., Session]]:
    """Opens sessions that are not slowed down: they nap instead of sleeping."""
    opened: list[Session] = []

    def open_session(settings: Settings = settings, **changed: Any) -> Session:
        options: dict[str, Any] = {
            "limiter": Limiter(NO_LIMIT, sleep=naps),
            "quota": RetryQuota(),
            "sleep": naps,
            "chance": lambda: 1.0,
        }
        opened.append(Session(settings, **options | changed))
        return opened[-1]

    yield open_session
    for session in opened:
        session.close()

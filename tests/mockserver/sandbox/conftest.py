"""A sandbox whose seconds the test moves, and a caller who is signed in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options, Sandbox


class Caller:
    """Asks a sandbox as a client would, one tenth of a second after the other."""

    def __init__(self, options: Options | None = None) -> None:
        self.seconds = 0.0
        self.sandbox = Sandbox(options or Options(companies=300), monotonic=lambda: self.seconds)
        self.token: str | None = None

    def sign_in(self) -> Caller:
        said = self.sandbox.credentials()
        login = {"username": said["username"], "password": said["password"]}
        self.token = self.read(self.send("POST", "/authenticate", login))["jwt"]
        return self

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        self.seconds += 0.1
        said = {"content-type": "application/json"}
        if self.token is not None:
            said["authorization"] = f"Bearer {self.token}"
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self.sandbox.answer(
            Request(method, path, tuple((query or {}).items()), {**said, **(headers or {})}, raw)
        )

    def post(self, path: str, body: Any) -> Any:
        """The body of a success."""
        return self.read(self.send("POST", path, body))

    def every_id(self, path: str, body: dict[str, Any]) -> list[Any]:
        """The ids of all pages of a search, as a client would read them."""
        page, ids = 1, []
        while True:
            answer = self.post(path, {**body, "rpp": 100, "page": page})
            ids += [row["id"] for row in answer["data"]]
            if len(ids) >= answer["totalResults"]:
                return ids
            page += 1

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        return self.read(self.send("GET", path, query=query))

    def refused(self, path: str, body: Any) -> tuple[int, str]:
        """Status and message of a refusal."""
        answer = self.send("POST", path, body)
        assert answer.status >= 400, answer.body
        return answer.status, json.loads(answer.body)["message"]

    def redeem(self, *ids: int) -> Response:
        return self.send(
            "POST", "/enrich/company", {"matchCompanyInput": [{"companyId": i} for i in ids], "outputFields": ["id"]}
        )

    @staticmethod
    def read(answer: Response) -> Any:
        assert answer.status == 200, answer.body
        return json.loads(answer.body)


@pytest.fixture
def caller() -> Iterator[Caller]:
    """A caller who is signed in to a fresh sandbox of 300 companies."""
    caller = Caller().sign_in()
    yield caller
    caller.sandbox.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[Caller]:
    """A signed-in caller for tests that only read; shared by the tests of a file."""
    caller = Caller(Options(companies=1_000)).sign_in()
    yield caller
    caller.sandbox.close()


@pytest.fixture
def calling() -> Iterator[Callable[[Options], Caller]]:
    """Makes signed-in callers of sandboxes with options of their own."""
    made: list[Caller] = []

    def make(options: Options) -> Caller:
        made.append(Caller(options))
        return made[-1].sign_in()

    yield make
    for caller in made:
        caller.sandbox.close()

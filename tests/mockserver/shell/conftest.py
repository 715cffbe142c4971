"""A small thing to serve: it answers with what it was asked, breaks on demand, and has admin pages."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver import Request, Response


class Echo:
    """Answers with the request as JSON; `/cut`, `/truncate` and `/stall` are delivered that way."""

    def __init__(self) -> None:
        self.days = 0
        self.spent = 0
        self.resets = 0
        self.closed = False

    def answer(self, request: Request) -> Response:
        if request.path in ("/cut", "/truncate", "/stall"):
            return Response(200, (("Content-Type", "text/plain"),), b"0123456789", request.path[1:])  # type: ignore[arg-type]
        told = {
            "method": request.method,
            "path": request.path,
            "query": request.query,
            "headers": dict(request.headers),
            "body": request.body.decode("latin-1"),
        }
        headers = (("Content-Type", "application/json"), ("Date", "Thu, 01 Oct 2026 09:00:00 GMT"), ("X-Wide", "é"))
        return Response(200, headers, json.dumps(told).encode())

    def credentials(self) -> dict[str, str]:
        return {"username": "u", "password": "p", "client_id": "c", "private_key_pem": "KEY"}

    def ledger(self) -> list[dict[str, Any]]:
        return [{"endpoint": "/enrich/company", "id": 7, "credits": 1}]

    def usage(self) -> dict[str, Any]:
        return {"spent": self.spent}

    def advance(self, days: int) -> dict[str, Any]:
        self.days += days
        return {"days": self.days}

    def reset(self) -> None:
        self.resets += 1

    def colleague(self, credits: int) -> dict[str, Any]:
        self.spent += credits
        return {"spent": self.spent}

    def set_faults(self, spec: dict[str, Any]) -> dict[str, Any]:
        if "rules" not in spec:
            raise ValueError("a fault specification has rules")
        return spec

    def deals_csv(self) -> str:
        return "deal_id,website\r\n1,example.com\r\n"

    def truth_csv(self) -> str:
        return "company_id,win_probability\r\n1,0.5\r\n"

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def echo() -> Echo:
    return Echo()

"""What a replay shows of itself under `/__mock__/`: the last requests, and why each was answered as it was."""

from __future__ import annotations

import json

from mockserver import guard
from mockserver.message import Response
from mockserver.replay import Replay
from mockserver.replay.matched import NOTHING, explained
from mockserver.shell.http.asgi import ASGIApp, Receive, Scope, Send

REQUESTS = "/__mock__/requests"
OWN_PAGE = "page of the server"


def replay_pages(replay: Replay) -> ASGIApp:
    """The pages of a replay; without starlette, which takes longer to start than all the rest."""

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        response = explained(_page(replay, scope["method"], scope["path"]), NOTHING, OWN_PAGE)
        await send({"type": "http.response.start", "status": response.status, "headers": list(response.lines)})
        await send({"type": "http.response.body", "body": response.body})

    return pages


def _page(replay: Replay, method: str, path: str) -> Response:
    if path != REQUESTS:
        return guard.refused(404, f"Recordings are served here; the one page of the server itself is GET {REQUESTS}.")
    if method not in ("GET", "HEAD"):
        return guard.refused(405, f"{REQUESTS} can be read, by GET.")
    headers = (("Content-Type", "application/json"), ("Cache-Control", "no-store"))
    return Response(200, headers, json.dumps(replay.requests(), indent=2).encode())

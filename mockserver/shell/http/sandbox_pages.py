"""The pages under `/__mock__/`: watch a sandbox and move it; JSON in and out, nothing changes on GET."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mockserver.shell.answering import Sandboxed
from mockserver.shell.deliveries.courier import Mailing

# A year forward at a step is plenty, and a date must stay one that the calendar knows.
MAX_DAYS = 3_650
MAX_CREDITS = 1_000_000

T = TypeVar("T")


def admin_pages(sandbox: Sandboxed) -> Starlette:
    """The admin pages of one sandbox."""

    async def ledger(_: Request) -> Response:
        return JSONResponse(sandbox.ledger())

    async def usage(_: Request) -> Response:
        return JSONResponse(sandbox.usage())

    async def deals(_: Request) -> Response:
        return Response(sandbox.deals_csv(), media_type="text/csv")

    async def truth(_: Request) -> Response:
        return Response(sandbox.truth_csv(), media_type="text/csv")

    async def deliveries(_: Request) -> Response:
        return JSONResponse(sandbox.mail.deliveries() if isinstance(sandbox, Mailing) else [])

    async def clock(request: Request) -> Response:
        return _done(sandbox.advance, _whole(await _json(request), "advance_days", at_most=MAX_DAYS))

    async def reset(_: Request) -> Response:
        sandbox.reset()
        return JSONResponse({"reset": True})

    async def colleague(request: Request) -> Response:
        return _done(sandbox.colleague, _whole(await _json(request), "credits", at_most=MAX_CREDITS))

    async def faults(request: Request) -> Response:
        return _done(sandbox.set_faults, await _json(request))

    pages: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
        ("GET", "/__mock__/ledger", ledger),
        ("GET", "/__mock__/usage", usage),
        ("GET", "/__mock__/deals.csv", deals),
        ("GET", "/__mock__/truth.csv", truth),
        ("GET", "/__mock__/deliveries", deliveries),
        ("POST", "/__mock__/clock", clock),
        ("POST", "/__mock__/reset", reset),
        ("POST", "/__mock__/colleague", colleague),
        ("POST", "/__mock__/faults", faults),
    ]
    known = ", ".join(f"{method} {path}" for method, path, _ in pages)

    async def refused(_: Request, exc: Exception) -> Response:
        # Starlette registers this handler for HTTPException alone, but types it for any.
        assert isinstance(exc, HTTPException)  # noqa: S101
        message = f"There is no such page. There are: {known}." if exc.status_code in (404, 405) else exc.detail
        return JSONResponse({"error": message}, exc.status_code, exc.headers)

    return Starlette(
        routes=[Route(path, page, methods=[method]) for method, path, page in pages],
        exception_handlers={HTTPException: refused},
    )


def _done(act: Callable[[T], dict[str, Any]], argument: T) -> Response:
    """What the sandbox says to an order, or why it does not follow it."""
    try:
        return JSONResponse(act(argument))
    except ValueError as exc:
        raise HTTPException(400, str(exc)) from exc


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError) as exc:
        raise HTTPException(400, f"The body is not JSON ({exc}). Nothing was changed.") from exc
    if not isinstance(body, dict):
        raise HTTPException(400, "The body is not a JSON object. Nothing was changed.")
    return body


def _whole(body: dict[str, Any], name: str, *, at_most: int) -> int:
    value = body.get(name)
    if set(body) != {name} or type(value) is not int or not 0 <= value <= at_most:
        example = json.dumps({name: 1})
        raise HTTPException(
            400, f"Expected a whole number from 0 to {at_most:,}, as in {example}. Nothing was changed."
        )
    return value

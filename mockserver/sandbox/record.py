"""Records the sandbox's own collection: `python -m mockserver.sandbox.record`.

The recordings are made from the default world, so the companies in them are citizens of it: what a recording shows,
the sandbox answers, byte for byte. In another world the same scenes find other companies and answer in the same shape.
Tokens are left out, and so are headers that differ from call to call.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jwt

from mockserver.message import Posted, Request, Response
from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.every_request.login import AUDIENCE, ISSUER
from mockserver.sandbox.options import Options
from mockserver.sandbox.scenes.bulk import bulk_scenes
from mockserver.sandbox.scenes.calls import scenes
from mockserver.sandbox.scenes.events import event_scenes
from mockserver.sandbox.scenes.scene import Scene
from mockserver.sandbox.scenes.webhooks import people_scenes, webhook_scenes
from mockserver.state import BUNDLES, Rates

COLLECTION = Path(__file__).parents[1] / "recordings" / "enterprise.postman_collection.json"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SECRETS = ("jwt", "verificationToken")
KEPT_HEADERS = ("Content-Type", "Retry-After")
REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
}


@dataclass(frozen=True)
class Recorded:
    """A scene and the answer it got."""

    scene: Scene
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


def record(options: Options) -> list[Recorded]:
    """Play every scene on a fresh sandbox whose clock moves when a scene says so, in order."""
    seconds = 0.0
    sandbox = Sandbox(options, monotonic=lambda: seconds)
    sandbox.mail.post = lambda _: Posted(200, "OK")
    try:
        recorded = []
        played = chain(
            scenes(sandbox),
            event_scenes(sandbox),
            people_scenes(sandbox),
            webhook_scenes(sandbox),
            bulk_scenes(sandbox),
        )
        for scene in played:
            seconds += scene.after_s
            recorded.append(_recorded(scene, _play(scene, sandbox)))
        return recorded
    finally:
        sandbox.close()


def collection(recordings: Iterable[Recorded]) -> dict[str, Any]:
    """The recordings as a Postman collection v2.1: a folder for each area, an item for each operation."""
    folders: dict[str, dict[str, list[Recorded]]] = {}
    for recorded in recordings:
        folders.setdefault(recorded.scene.folder, {}).setdefault(recorded.scene.item, []).append(recorded)
    return {
        "info": {
            "name": "ZoomInfo Enterprise API, recorded from the sandbox",
            "description": "Invented companies and people; written by python -m mockserver.sandbox.record.",
            "schema": SCHEMA,
        },
        "variable": [{"key": "baseUrl", "value": "https://api.zoominfo.com"}],
        "item": [
            {"name": folder, "item": [_item(name, group) for name, group in items.items()]}
            for folder, items in folders.items()
        ],
    }


def written(options: Options | None = None) -> str:
    """The text of the collection file."""
    return json.dumps(collection(record(options or Options())), indent=1, ensure_ascii=False) + "\n"


def _play(scene: Scene, sandbox: Sandbox) -> Response:
    """Bring about the scene's situation, ask, and put everything back."""
    service = sandbox.service
    limits, bundle = dict(service.meters.limits), service.bundle
    service.bundle = BUNDLES[scene.bundle]
    service.clear_windows()
    headers = {"content-type": "application/x-www-form-urlencoded" if scene.is_form else "application/json"}
    if scene.is_signed_in:
        headers["authorization"] = f"Bearer {service.tokens.issue(service.account.username, sandbox.now())}"
    if scene.is_by_key:
        headers["authorization"] = f"Bearer {_assertion(sandbox.credentials())}"
    if scene.used_up is not None:
        service.meters.limits[scene.used_up] = service.meters.used[scene.used_up]
    if scene.is_too_fast:
        _fill(service.rates, sandbox)
    query = tuple(scene.query.items())
    request = Request(scene.method, scene.path, query, headers=headers, body=_body(scene, sandbox))
    if scene.is_too_fast and scene.path == "/authenticate":
        sandbox.answer(request)
    try:
        return sandbox.answer(request)
    finally:
        service.meters.limits.update(limits)
        service.bundle = bundle


def _fill(rates: Rates, sandbox: Sandbox) -> None:
    at = sandbox.now().timestamp()
    while not rates.take(at):
        pass


def _assertion(said: Mapping[str, str]) -> str:
    """The account's word for itself, signed with its key; it lasts a minute and is not recorded."""
    now = int(time.time())
    claims = {"aud": AUDIENCE, "iss": ISSUER, "iat": now, "exp": now + 60}
    claims |= {name: said[name] for name in ("client_id", "username")}
    return jwt.encode(claims, said["private_key_pem"], algorithm="RS256")


def _body(scene: Scene, sandbox: Sandbox) -> bytes:
    """The scene's body; in a login the marks stand for what the account really has."""
    if scene.body is None:
        return b""
    marks = {f"{{{{{name}}}}}": value for name, value in sandbox.credentials().items()}
    said = {name: marks.get(v, v) if isinstance(v, str) else v for name, v in scene.body.items()}
    return urlencode(said).encode() if scene.is_form else json.dumps(said).encode()


def _recorded(scene: Scene, response: Response) -> Recorded:
    said = json.loads(response.body)
    if isinstance(said, dict):
        said |= {name: f"{{{{{name}}}}}" for name in SECRETS if name in said}
    return Recorded(scene, response.status, response.headers, json.dumps(said, indent=1, ensure_ascii=False))


def _item(name: str, group: list[Recorded]) -> dict[str, Any]:
    return {
        "name": name,
        "request": request_of(group[0].scene),
        "response": [example(recorded) for recorded in group],
    }


def example(recorded: Recorded) -> dict[str, Any]:
    """An answer as Postman saves it beside its request."""
    return {
        "name": recorded.scene.name,
        "originalRequest": request_of(recorded.scene),
        "status": REASONS[recorded.status],
        "code": recorded.status,
        "_postman_previewlanguage": "json",
        "header": [{"key": key, "value": value} for key, value in recorded.headers if key in KEPT_HEADERS],
        "body": recorded.body,
    }


def request_of(scene: Scene) -> dict[str, Any]:
    """A request as Postman saves it."""
    said: dict[str, Any] = {"method": scene.method, "header": list(_request_headers(scene))}
    if scene.body is not None and scene.is_form:
        pairs = [{"key": key, "value": value} for key, value in scene.body.items()]
        said["body"] = {"mode": "urlencoded", "urlencoded": pairs}
    elif scene.body is not None:
        text = json.dumps(scene.body, indent=1, ensure_ascii=False)
        said["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    segments = scene.path.strip("/").split("/")
    search = f"?{urlencode(scene.query)}" if scene.query else ""
    said["url"] = {"raw": f"{{{{baseUrl}}}}{scene.path}{search}", "host": ["{{baseUrl}}"], "path": segments}
    if scene.query:
        said["url"]["query"] = [{"key": key, "value": value} for key, value in scene.query.items()]
    return said


def _request_headers(scene: Scene) -> Iterator[Mapping[str, str]]:
    if scene.is_signed_in:
        yield {"key": "Authorization", "value": "Bearer {{jwt}}"}
    if scene.is_by_key:
        yield {"key": "Authorization", "value": "Bearer {{assertion}}"}
    if scene.body is not None:
        yield {
            "key": "Content-Type",
            "value": "application/x-www-form-urlencoded" if scene.is_form else "application/json",
        }


if __name__ == "__main__":
    COLLECTION.write_text(written(), encoding="utf-8", newline="\n")

"""Our recordings for Postman, to be sent to a running sandbox: a collection with a test in each request.

A request is in it where a sandbox of the Scaling bundle answers it as recorded whoever asks: no limit used up, no
window full, no moment that has passed. They stand in the order in which they were recorded, since later ones build on
earlier ones: what the sandbox makes up, such as the id of a job, is kept from its answer in a variable.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.sandbox.options import Options
from mockserver.sandbox.record import SCHEMA, Recorded, example, record, request_of

ENVIRONMENT = "dozi-enterprise-api-public"
_PAUSE_MS = 45  # 25 requests a second, as a Standard account may
_SLOW = 25  # times the pause: signing in, and beginning a job, once a second

_BEFORE = f"""\
// Signs in where there is no token of this hour, and keeps the pace that an account may go.
const pause = Number(pm.variables.get("pauseMs") || 0);
const path = pm.request.url.getPath();
const once = path === "/authenticate" || /\\/bulk\\/(search|enrich)\\//.test(path);
setTimeout(() => {{}}, once ? {_SLOW} * pause : pause);
const wanted = pm.request.headers.get("Authorization") === "Bearer {{{{jwt}}}}";
const isYoung = Date.now() - Number(pm.environment.get("jwtAt") || 0) < 50 * 60 * 1000;
if (wanted && !(pm.environment.get("jwt") && isYoung)) {{
    pm.sendRequest({{
        url: pm.variables.get("baseUrl") + "/authenticate",
        method: "POST",
        header: {{"Content-Type": "application/json"}},
        body: {{mode: "raw", raw: JSON.stringify({{
            username: pm.variables.get("username"), password: pm.variables.get("password"),
        }})}},
    }}, (failed, response) => {{
        if (!failed && response.code === 200) {{
            pm.environment.set("jwt", response.json().jwt);
            pm.environment.set("jwtAt", Date.now());
        }}
    }});
}}
"""
_AFTER = """\
// A sandbox that was started anew does not know the old token: the next request signs in again.
if (pm.response.code === 401 && pm.request.headers.has("Authorization")) {
    pm.environment.unset("jwt");
}
"""
_WAIT = """\
// Waits until the job is done: its pages come off one by one.
const ask = (left) => pm.sendRequest({
    url: pm.variables.get("baseUrl") + "/bulk/job/status",
    method: "POST",
    header: {"Content-Type": "application/json", "Authorization": "Bearer " + pm.environment.get("jwt")},
    body: {mode: "raw", raw: JSON.stringify({jobId: pm.variables.get("%s")})},
}, (failed, response) => {
    const isDone = failed || response.code !== 200 || /Completed|Failed/.test(response.text());
    if (!isDone && left > 0) { setTimeout(() => ask(left - 1), 200); }
});
ask(60);
"""


@dataclass(frozen=True)
class _Kept:
    """Something that the sandbox makes up: what it was when it was recorded, and the variable that it is kept in."""

    value: str
    variable: str
    found_at: str

    def put_into(self, text: str) -> str:
        """A text with the variable in the place of the value."""
        return text.replace(self.value, f"{{{{{self.variable}}}}}")


def collection(options: Options | None = None) -> dict[str, Any]:
    """The recordings as a collection v2.1 whose requests can be sent, each with a test of its status."""
    folders: dict[str, list[dict[str, Any]]] = {}
    kept: list[_Kept] = []
    for recorded in record(options or Options()):
        if _comes_again(recorded):
            new = list(_made_up(recorded, len(kept)))
            folders.setdefault(recorded.scene.folder, []).append(_item(recorded, new, kept))
            kept += new
    return {
        "info": {
            "name": "ZoomInfo Enterprise API, for the sandbox",
            "description": (
                "Invented companies and people. It goes to a sandbox: python -m mockserver --bundle scaling. Import "
                f"the environment {ENVIRONMENT}, too, with the address and the credentials that the sandbox says."
            ),
            "schema": SCHEMA,
        },
        "event": [_event("prerequest", _BEFORE), _event("test", _AFTER)],
        "item": [{"name": folder, "item": items} for folder, items in folders.items()],
    }


def environment(said: Mapping[str, str]) -> dict[str, Any]:
    """The environment that points a collection at a sandbox.

    Parameters
    ----------
    said
        `base_url`, `username` and `password`, as far as they are known.
    """
    values = [
        ("baseUrl", said["base_url"], "default"),
        ("username", said.get("username", ""), "default"),
        ("password", said.get("password", ""), "secret"),
        ("jwt", "", "secret"),
        ("pauseMs", str(_PAUSE_MS), "default"),
    ]
    return {
        "name": ENVIRONMENT,
        "values": [{"key": key, "value": value, "type": kind, "enabled": True} for key, value, kind in values],
        "_postman_variable_scope": "environment",
    }


def requests_in(exported: Mapping[str, Any]) -> int:
    """How many requests a collection of ours holds."""
    return sum(len(folder["item"]) for folder in exported["item"])


def _comes_again(recorded: Recorded) -> bool:
    """Whether a running sandbox of the Scaling bundle gives this answer again, whoever asks and when."""
    scene = recorded.scene
    is_refused_to_standard = scene.bundle == "standard" and recorded.status == 403
    is_of_its_moment = scene.is_passing or scene.is_too_fast or scene.used_up is not None
    return not (is_refused_to_standard or is_of_its_moment or scene.is_by_key)


def _made_up(recorded: Recorded, number: int) -> Iterator[_Kept]:
    """What of an answer later requests name: the webhook that was made, the job that was begun."""
    scene = recorded.scene
    if recorded.status != 200 or scene.method != "POST":
        return
    said = json.loads(recorded.body)
    if scene.path == "/webhooks":
        yield _Kept(str(said["id"]), "webhookId", "id")
        first = said["subscriptions"][0]["subscriptionId"]
        yield _Kept(str(first), "subscriptionId", "subscriptions[0].subscriptionId")
    elif scene.path.startswith(("/bulk/search/", "/bulk/enrich/")):
        yield _Kept(said["jobId"], f"job{number + 1}", "jobId")


def _item(recorded: Recorded, new: Sequence[_Kept], kept: Iterable[_Kept]) -> dict[str, Any]:
    scene = recorded.scene
    sent = json.dumps(request_of(scene), ensure_ascii=False)
    named = [one for one in kept if one.value in sent]
    for one in named:
        sent = one.put_into(sent)
    checks = [
        f'pm.test("answers {recorded.status}, as recorded", () => pm.response.to.have.status({recorded.status}));',
        *(_keeps(one) for one in new),
    ]
    if scene.path == "/authenticate" and recorded.status == 200:
        checks.append('pm.environment.set("jwt", pm.response.json().jwt);')
        checks.append('pm.environment.set("jwtAt", Date.now());')
    events = [_event("test", "\n".join(checks))]
    if scene.path == "/bulk/job/results" and recorded.status == 200:
        events.insert(0, _event("prerequest", _WAIT % named[-1].variable))
    return {
        "name": f"{scene.item}: {scene.name}",
        "event": events,
        "request": json.loads(sent),
        "response": [example(recorded)],
    }


def _keeps(one: _Kept) -> str:
    kept = f'pm.collectionVariables.set("{one.variable}", pm.response.json().{one.found_at})'
    return f"if (pm.response.code === 200) {{ {kept}; }}"


def _event(when: str, script: str) -> dict[str, Any]:
    return {"listen": when, "script": {"type": "text/javascript", "exec": script.splitlines()}}

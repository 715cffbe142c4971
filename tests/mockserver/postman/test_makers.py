"""Collections in the manners of those who make them: all that was saved comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay, Request

JSON = (("Content-Type", "application/json"),)
Asked = list[tuple[Request, int, bytes]]

EXPORT_V21: dict[str, Any] = {
    "info": {
        "_postman_id": "0b0e9d4c-0000-4000-8000-000000000001",
        "name": "Orders",
        "description": "What the shop sells.",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        "_exporter_id": "1",
    },
    "item": [
        {
            "name": "Orders",
            "item": [
                {
                    "name": "One order",
                    "event": [{"listen": "test", "script": {"exec": ["pm.test('ok')"], "type": "text/javascript"}}],
                    "protocolProfileBehavior": {"disableBodyPruning": True},
                    "request": {
                        "auth": {"type": "noauth"},
                        "method": "GET",
                        "header": [],
                        "url": {
                            "raw": "{{baseUrl}}/orders/:id?expand=lines&page=1",
                            "host": ["{{baseUrl}}"],
                            "path": ["orders", ":id"],
                            "query": [
                                {"key": "expand", "value": "lines", "description": "Which parts."},
                                {"key": "page", "value": "1", "disabled": True},
                            ],
                            "variable": [{"key": "id", "value": ""}],
                        },
                    },
                    "response": [
                        {
                            "name": "Found",
                            "originalRequest": {
                                "method": "GET",
                                "header": [],
                                "url": {
                                    "raw": "{{baseUrl}}/orders/:id?expand=lines",
                                    "host": ["{{baseUrl}}"],
                                    "path": ["orders", ":id"],
                                    "query": [{"key": "expand", "value": "lines"}],
                                    "variable": [{"key": "id", "value": "7"}],
                                },
                            },
                            "status": "OK",
                            "code": 200,
                            "_postman_previewlanguage": "json",
                            "header": [
                                {"key": "Date", "value": "Mon, 05 Jan 2026 09:00:00 GMT"},
                                {"key": "Content-Type", "value": "application/json", "name": "Content-Type"},
                                {"key": "Transfer-Encoding", "value": ""},
                            ],
                            "cookie": [{"expires": "Invalid Date", "domain": "", "path": ""}],
                            "responseTime": None,
                            "body": '{\n    "id": 7\n}',
                        }
                    ],
                }
            ],
        }
    ],
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
    "event": [{"listen": "prerequest", "script": {"type": "text/javascript", "exec": [""]}}],
    "variable": [{"key": "baseUrl", "value": "https://shop.example.com/v1"}],
}
EXPORT_V20: dict[str, Any] = {
    "info": {"name": "Old", "schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"},
    "item": [
        {
            "name": "Sign in",
            "request": {"method": "POST", "header": [], "body": {"mode": "raw", "raw": ""}, "url": "{{host}}/login"},
            "response": [
                {
                    "name": "In",
                    "originalRequest": {
                        "method": "POST",
                        "header": [{"key": "Content-Type", "value": "application/x-www-form-urlencoded"}],
                        "body": {"mode": "urlencoded", "urlencoded": [{"key": "name", "value": "ada"}]},
                        "url": "{{host}}/login",
                    },
                    "status": "Created",
                    "code": 201,
                    "_postman_previewlanguage": "Text",
                    "header": "Content-Type: application/json\nX-Kept: yes",
                    "cookie": [],
                    "body": "{}",
                }
            ],
        }
    ],
    "auth": {"type": "basic", "basic": {"username": "ada", "password": "p"}},
    "variable": [{"id": "host", "value": "shop.example.com:8443", "type": "string"}],
}
FROM_OPENAPI: dict[str, Any] = {
    "info": {"name": "Pets", "description": {"content": "From a contract.", "type": "text/plain"}, "schema": "v2.1.0"},
    "item": [
        {
            "name": "pets",
            "description": "",
            "item": [
                {
                    "id": "1",
                    "name": "Change a pet",
                    "request": {"name": "Change a pet", "url": {"path": ["pets", ":petId"], "host": ["{{baseUrl}}"]}},
                    "response": [
                        {
                            "id": f"1-{code}",
                            "name": name,
                            "originalRequest": {
                                "url": {
                                    "path": ["pets", ":petId"],
                                    "host": ["{{baseUrl}}"],
                                    "query": [{"disabled": False, "key": "dry", "value": "<boolean>"}],
                                    "variable": [
                                        {"disabled": False, "type": "any", "value": "<string>", "key": "petId",
                                         "description": {"content": "(Required)", "type": "text/plain"}}
                                    ],
                                },
                                "header": [{"key": "Accept", "value": "application/json"}],
                                "method": "PATCH",
                                "body": {
                                    "mode": "raw",
                                    "raw": '{\n  "name": "<string>"\n}',
                                    "options": {"raw": {"headerFamily": "json", "language": "json"}},
                                },
                            },
                            "status": status,
                            "code": code,
                            "header": [{"key": "Content-Type", "value": "application/json"}],
                            "body": body,
                            "cookie": [],
                            "_postman_previewlanguage": "json",
                        }
                        for name, code, status, body in (
                            ("No such pet", 404, "Not Found", '{"error": "<string>"}'),
                            ("Changed", 200, "OK", '{"name": "<string>"}'),
                        )
                    ],
                    "event": [],
                }
            ],
        }
    ],
    "variable": [{"key": "baseUrl", "value": "https://pets.example.com/api/v3", "type": "string"}],
}  # fmt: skip
FROM_INSOMNIA: dict[str, Any] = {
    "info": {"name": "Notes", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
    "item": [
        {
            "name": "Ask",
            "request": {
                "method": "POST",
                "url": {"raw": "{{ _.base_url }}/graphql", "host": ["{{ _.base_url }}"], "path": ["graphql"]},
                "body": {"mode": "graphql", "graphql": {"query": "{ notes { id } }", "variables": "{}"}},
            },
            "response": [
                {"name": "Notes", "code": 200, "header": None, "body": "<notes/>", "_postman_previewlanguage": "xml"}
            ],
        }
    ],
}  # fmt: skip
FROM_NEWMAN: dict[str, Any] = {
    "collection": {
        "id": "c-1",
        "item": [
            {
                "id": "i-1",
                "request": {
                    "url": {"protocol": "http", "port": "3000", "path": ["files", "logo"], "host": ["localhost"],
                            "query": [], "variable": []},
                    "method": "GET",
                },
                "response": [
                    {
                        "id": "r-1",
                        "status": "OK",
                        "code": 200,
                        "header": [{"key": "Content-Type", "value": "image/png"}],
                        "stream": {"type": "Buffer", "data": [137, 80, 78, 71]},
                        "cookie": [],
                        "responseTime": 812,
                        "responseSize": 4,
                    }
                ],
            }
        ],
        "event": [],
    },
    "environment": {"id": "e-1", "values": []},
    "run": {"stats": {}},
}  # fmt: skip
BY_HAND: dict[str, Any] = {
    "item": [
        {"name": "List", "request": "https://x.example.com/list", "response": [{"body": [1, 2]}]},
        {
            "name": "Clear",
            "request": {"method": "purge", "url": "x.example.com/cache"},
            "response": [{"status": "No Content"}],
        },
        {
            "name": "Later",
            "request": {"url": "/later", "header": {"X-Own": "1"}},
            "response": [{"code": "304"}, "a note", None],
        },
    ]
}
CASES: dict[str, tuple[dict[str, Any], Asked]] = {
    "Postman, v2.1": (
        EXPORT_V21,
        [(Request("GET", "/v1/orders/7", (("expand", "lines"),)), 200, b'{\n    "id": 7\n}'),
         (Request("GET", "/orders/8"), 200, b'{\n    "id": 7\n}')],
    ),
    "Postman, v2.0": (
        EXPORT_V20,
        [(Request("POST", "/login", headers={"content-type": "application/x-www-form-urlencoded"}, body=b"name=ada"),
          201, b"{}")],
    ),
    "from OpenAPI": (
        FROM_OPENAPI,
        [(Request("PATCH", "/api/v3/pets/9", body=b'{"name": "Rex"}'), 200, b'{"name": "<string>"}'),
         (Request("PATCH", "/pets/9", headers={"x-mock-response-code": "404"}), 404, b'{"error": "<string>"}')],
    ),
    "from Insomnia": (
        FROM_INSOMNIA,
        [(Request("POST", "/graphql", body=b'{"query": "{ notes { id } }"}'), 200, b"<notes/>")],
    ),
    "from newman": (FROM_NEWMAN, [(Request("GET", "/files/logo"), 200, b"\x89PNG")]),
    "by hand": (
        BY_HAND,
        [(Request("GET", "/list"), 200, b"[1, 2]"), (Request("PURGE", "/cache"), 204, b""),
         (Request("GET", "/later"), 304, b"")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("maker", CASES)
def test_what_was_saved_comes_back_whoever_made_the_collection(tmp_path: Path, maker: str) -> None:
    document, asked = CASES[maker]
    file = tmp_path / "made.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    replay = Replay.read([file])

    answers = [replay.answer(request) for request, _, _ in asked]

    assert [(answer.status, answer.body) for answer in answers] == [(status, body) for _, status, body in asked]


def test_an_export_brings_headers_authorization_and_what_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "made.json"
    file.write_text(json.dumps(EXPORT_V21), encoding="utf-8")

    [collection] = Replay.read([file]).collections

    [example] = collection.examples
    assert collection.faults == ()
    assert example.response.headers == JSON
    assert example.auth is None
    assert example.trail == ("Orders", "One order", "Found")
    assert (example.collection, example.position) == ("Orders", 0)
    assert [(one.place, one.kind, one.lines) for one in collection.ignored] == [
        ("Orders / One order", "test", 1),
        ("Orders / One order", "protocolProfileBehavior", 0),
    ]


def test_a_preview_language_gives_an_answer_its_media_type(tmp_path: Path) -> None:
    file = tmp_path / "made.json"
    file.write_text(json.dumps(FROM_INSOMNIA), encoding="utf-8")

    [example] = Replay.read([file]).examples

    assert example.response.headers == (("Content-Type", "application/xml"),)

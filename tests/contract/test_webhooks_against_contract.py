"""What the client says of webhooks and people beside the contract, and both sides' deliveries beside each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from zianalytics.api.enterprise import TOKEN_HEADER, body, path
from zianalytics.api.kinds import KINDS
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.api.webhooks import TargetCheck, WebhookCreate, WebhookNamed, WebhookUpdate

CONTRACT: Mapping[str, Any] = json.loads(
    (Path(__file__).parents[2] / "mockserver/contract/resolved.json").read_bytes()
)["paths"]
HERE = "http://127.0.0.1:9/hook"


def schema_of(operation: Operation[...]) -> Mapping[str, Any]:
    described = CONTRACT[operation.enterprise.path][operation.enterprise.method.lower()]
    schema: Mapping[str, Any] = described["requestBody"]["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize(
    ("name", "request_"),
    [
        (
            "webhooks.create",
            WebhookCreate(
                title="Changes",
                target_url="https://hooks.aster.example/zi",
                enabled=True,
                subscriptions=[{"object_type": "contact", "full_payload": True}],
            ),
        ),
        ("webhooks.update", WebhookUpdate(webhook_id=7, title="Changes", target_url=HERE, enabled=False)),
        (
            "webhooks.update",
            WebhookUpdate(
                webhook_id=7,
                subscriptions=[
                    {"subscription_id": 5},
                    {"subscription_id": 6, "full_payload": False},
                    {"object_type": "company", "full_payload": True},
                ],
            ),
        ),
        ("webhooks.validate", TargetCheck(target_url=HERE, object_type="company")),
    ],
)
def test_each_call_is_written_as_the_contract_wants(name: str, request_: Any) -> None:
    wire = json.loads(body(OPERATIONS[name], request_))
    assert wire
    Draft202012Validator(schema_of(OPERATIONS[name])).validate(wire)


def test_a_subscription_that_is_to_end_is_written_as_its_id_alone() -> None:
    asked = WebhookUpdate(webhook_id=7, subscriptions=[{"subscription_id": 5}])
    assert body(OPERATIONS["webhooks.update"], asked) == b'{"subscriptions":[{"subscriptionId":"5"}]}'
    assert path(OPERATIONS["webhooks.update"], asked) == "/webhooks/7"
    assert path(OPERATIONS["webhooks.new_token"], WebhookNamed(webhook_id=7)) == "/webhooks/7/token"
    assert body(OPERATIONS["webhooks.delete"], WebhookNamed(webhook_id=7)) == b""


def test_every_input_of_the_compliance_check_is_documented_and_none_is_missing() -> None:
    operation = OPERATIONS["compliance.check"]
    names = sorted(set(KINDS[operation.record.name].names.values()))
    wire = json.loads(body(operation, inputs=[{one: 7 if one == "company_id" else "text" for one in names}]))
    schema = schema_of(operation)
    Draft202012Validator(schema).validate(wire)
    inputs = schema["properties"]["matchPersonInput"]
    assert set(wire) == {"matchPersonInput"}
    assert set(wire["matchPersonInput"][0]) == set(inputs["items"]["properties"])
    assert inputs["maxItems"] == operation.batch


def test_the_contract_names_the_header_that_the_receiver_asks_for() -> None:
    created = CONTRACT["/webhooks"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert TOKEN_HEADER in created["properties"]["verificationToken"]["description"]

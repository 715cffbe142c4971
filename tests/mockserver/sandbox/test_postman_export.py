"""Our recordings for Postman: what is in the collection, what is not, and where it points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.postman import read_collection
from mockserver.sandbox.postman_export import collection, environment, requests_in


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    return collection()


def items(exported: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for folder in exported["item"] for item in folder["item"]]


def script(item: dict[str, Any], when: str) -> str:
    return "\n".join(line for event in item["event"] if event["listen"] == when for line in event["script"]["exec"])


def test_it_reads_as_a_collection_of_saved_answers(exported: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "exported.json"
    file.write_text(json.dumps(exported), encoding="utf-8")
    read = read_collection(file)
    assert read.faults == ()
    assert len(read.examples) == requests_in(exported) == len(items(exported)) > 150
    assert exported["info"]["schema"] == "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def test_each_request_has_a_test_of_the_status_that_was_recorded(exported: dict[str, Any]) -> None:
    for item in items(exported):
        [saved] = item["response"]
        assert f"to.have.status({saved['code']})" in script(item, "test")
    codes = {item["response"][0]["code"] for item in items(exported)}
    assert codes == {200, 400, 401, 404}


def test_what_holds_for_a_moment_or_another_bundle_alone_is_left_out(exported: dict[str, Any]) -> None:
    names = " | ".join(item["name"] for item in items(exported))
    for absent in ("Too many requests", "used up", "Outside the bundle", "A token for a key", "Gone after a day"):
        assert absent not in names
    for present in ("Company Search: Invalid field", "Company Search: Without a token", "Authenticate: Wrong password"):
        assert present in names


def test_what_the_sandbox_makes_up_is_kept_and_named_by_later_requests(exported: dict[str, Any]) -> None:
    named = {item["name"]: item for item in items(exported)}
    made = named["Create Webhook: A webhook with its token"]
    assert 'pm.collectionVariables.set("webhookId", pm.response.json().id)' in script(made, "test")
    assert named["Delete Webhook: Ended"]["request"]["url"]["raw"] == "{{baseUrl}}/webhooks/{{webhookId}}"
    assert "{{subscriptionId}}" in named["Update Webhook: A subscription ended"]["request"]["body"]["raw"]
    begun = [item for item in items(exported) if 'collectionVariables.set("job' in script(item, "test")]
    assert len(begun) > 5
    for item in items(exported):
        path = item["request"]["url"]["raw"]
        if path.startswith("{{baseUrl}}/bulk/job/"):
            assert "{{job" in item["request"]["body"]["raw"]
        waits = "isDone" in script(item, "prerequest")
        assert waits == (path.endswith("/bulk/job/results") and item["response"][0]["code"] == 200)


def test_no_token_or_password_is_in_it(exported: dict[str, Any]) -> None:
    text = json.dumps(exported)
    assert "eyJ" not in text
    assert "PRIVATE KEY" not in text
    login = items(exported)[0]["request"]
    assert json.loads(login["body"]["raw"]) == {"username": "{{username}}", "password": "{{password}}"}


def test_the_environment_points_at_the_sandbox_and_marks_what_is_secret() -> None:
    made = environment({"base_url": "http://127.0.0.1:7", "username": "ada", "password": "pw"})
    assert made["name"] == "dozi-enterprise-api-public"
    assert made["_postman_variable_scope"] == "environment"
    assert [(one["key"], one["value"], one["type"]) for one in made["values"]] == [
        ("baseUrl", "http://127.0.0.1:7", "default"),
        ("username", "ada", "default"),
        ("password", "pw", "secret"),
        ("jwt", "", "secret"),
        ("pauseMs", "45", "default"),
    ]
    open_one = environment({"base_url": "http://127.0.0.1:7"})
    assert [one["value"] for one in open_one["values"]] == ["http://127.0.0.1:7", "", "", "", "45"]

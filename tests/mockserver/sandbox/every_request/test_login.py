"""Passwords as JSON and as a form, assertions of a key, and one login a second."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

FORM = {"content-type": "application/x-www-form-urlencoded"}


def assertion(caller: Caller, key: Any = None, **changed: Any) -> str:
    said = caller.sandbox.credentials()
    now = int(time.time())
    claims = {
        "aud": "enterprise_api",
        "iss": "api-client@zoominfo.com",
        "iat": now,
        "exp": now + 300,
        "client_id": said["client_id"],
        "username": said["username"],
        **changed,
    }
    return jwt.encode(claims, key or said["private_key_pem"], algorithm="RS256")


def with_assertion(caller: Caller, token: str) -> int:
    caller.seconds += 2
    return caller.send("POST", "/authenticate", headers={"authorization": f"Bearer {token}"}).status


def test_a_password_is_taken_as_json_and_as_a_form(caller: Caller) -> None:
    said = caller.sandbox.credentials()
    login = {"username": said["username"], "password": said["password"]}
    caller.seconds += 2
    as_json = caller.read(caller.send("POST", "/authenticate", login))
    caller.seconds += 2
    as_form = caller.read(caller.send("POST", "/authenticate", urlencode(login).encode(), headers=FORM))
    assert list(as_json) == list(as_form) == ["jwt"]
    claims = jwt.decode(as_form["jwt"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 3600


def test_a_wrong_password_is_refused(caller: Caller) -> None:
    caller.seconds += 2
    wrong = {"username": caller.sandbox.credentials()["username"], "password": "guess"}
    assert caller.refused("/authenticate", wrong) == (401, "Authentication failed")
    assert caller.refused("/authenticate", {"username": "nobody", "password": "guess"}) == (
        401,
        "Authentication failed",
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Request body has malformed JSON"),
        (b"", "Request body has malformed JSON"),
        (b"[]", "Request body has malformed JSON"),
        (b'{"username": "a", "password": 7}', "There are invalid fields in your request: password"),
        (b'{"username": "a", "token": "b"}', "There are invalid fields in your request: token"),
    ],
)
def test_a_login_that_cannot_be_read_is_refused(caller: Caller, body: bytes, message: str) -> None:
    caller.token = None
    caller.seconds += 2
    answer = caller.send("POST", "/authenticate", body)
    assert (answer.status, json.loads(answer.body)) == (400, {"statusCode": 400, "message": message})


def test_an_assertion_of_the_registered_key_is_taken(caller: Caller) -> None:
    assert with_assertion(caller, assertion(caller)) == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another_api"},
        {"iss": "someone@example.com"},
        {"client_id": "unknown"},
        {"username": "unknown"},
        {"exp": int(time.time()) - 60},
        {"iat": int(time.time()) + 600},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_an_assertion_with_a_wrong_claim_is_refused(caller: Caller, changed: dict[str, Any]) -> None:
    assert with_assertion(caller, assertion(caller, **changed)) == 401


def test_an_assertion_of_another_key_is_refused(caller: Caller) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert with_assertion(caller, assertion(caller, stranger)) == 401


def test_an_assertion_signed_with_the_public_key_as_a_secret_is_refused(caller: Caller) -> None:
    said = caller.sandbox.credentials()
    now = int(time.time())
    claims = {"aud": "enterprise_api", "iss": "api-client@zoominfo.com", "iat": now, "exp": now + 300}
    claims |= {"client_id": said["client_id"], "username": said["username"]}
    assert with_assertion(caller, jwt.encode(claims, "x" * 64, algorithm="HS256")) == 401
    assert with_assertion(caller, "not.an.assertion") == 401


def test_an_assertion_is_judged_by_wall_time_whatever_the_sandbox_clock(caller: Caller) -> None:
    caller.sandbox.advance(300)
    assert with_assertion(caller, assertion(caller)) == 200


def test_one_login_a_second_for_each_name_whatever_the_password(caller: Caller) -> None:
    caller.seconds += 5
    said = caller.sandbox.credentials()
    login = {"username": said["username"], "password": said["password"]}
    assert caller.refused("/authenticate", login | {"password": "guess"})[0] == 401
    turned_away = caller.send("POST", "/authenticate", login)
    assert turned_away.status == 429
    assert dict(turned_away.headers)["Retry-After"] == "1"
    assert caller.refused("/authenticate", {"username": "somebody else", "password": "x"})[0] == 401
    caller.seconds += 1
    assert caller.send("POST", "/authenticate", login).status == 200

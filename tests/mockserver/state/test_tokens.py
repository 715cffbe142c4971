"""A token is good for an hour of sandbox time, unless it is forged or revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt

from mockserver.state import Tokens

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
SECRET = "a" * 64


def test_a_token_lives_for_sixty_minutes() -> None:
    tokens = Tokens(SECRET)
    token = tokens.issue("ada", NOW)
    assert tokens.is_good(token, NOW + timedelta(minutes=59, seconds=59))
    assert not tokens.is_good(token, NOW + timedelta(minutes=60))


def test_a_token_says_its_hour_to_whoever_reads_it() -> None:
    claims = jwt.decode(Tokens(SECRET).issue("ada", NOW), options={"verify_signature": False})
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("ada", 3600)


def test_a_revoked_token_is_worthless_and_a_new_one_is_not() -> None:
    tokens = Tokens(SECRET)
    old = tokens.issue("ada", NOW)
    tokens.revoke_all()
    assert not tokens.is_good(old, NOW)
    assert tokens.is_good(tokens.issue("ada", NOW), NOW)


def test_a_forged_token_is_worthless() -> None:
    claims = {"sub": "ada", "iat": 0, "exp": 2**40, "gen": 0}
    tokens = Tokens(SECRET)
    assert not tokens.is_good(jwt.encode(claims, "b" * 64, algorithm="HS256"), NOW)
    assert not tokens.is_good(jwt.encode(claims, "", algorithm="none"), NOW)
    assert not tokens.is_good("no token at all", NOW)
    assert not tokens.is_good(jwt.encode({"gen": 0}, SECRET, algorithm="HS256"), NOW)

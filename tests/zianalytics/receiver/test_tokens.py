from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from zianalytics.errors import StoreUnusable
from zianalytics.receiver import WebhookTokens

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


def test_the_old_token_is_taken_for_an_hour_beside_the_new_one(tmp_path: Path) -> None:
    tokens = WebhookTokens(tmp_path)
    tokens.learn(7, SecretStr("old"), now=NOW)
    tokens.learn(7, SecretStr("new"), now=NOW + timedelta(days=3))
    later = NOW + timedelta(days=3, minutes=59)
    assert (tokens.knows("old", now=later), tokens.knows("new", now=later)) == (True, True)
    assert (tokens.knows("old", now=later + timedelta(minutes=2)), tokens.knows("new", now=later)) == (False, True)
    tokens.learn(7, SecretStr("newer"), now=NOW + timedelta(days=4))
    assert not tokens.knows("old", now=NOW + timedelta(days=4))


def test_a_receiver_that_runs_already_hears_of_a_new_token_and_of_one_that_ended(tmp_path: Path) -> None:
    client, receiver = WebhookTokens(tmp_path), WebhookTokens(tmp_path)
    assert not receiver.knows("a")
    client.learn(7, SecretStr("a"))
    client.learn(8, SecretStr("b"))
    assert receiver.knows("a")
    client.forget(7)
    assert (receiver.knows("a"), receiver.knows("b"), len(receiver)) == (False, True, 1)


def test_nothing_and_no_text_at_all_is_no_token(tmp_path: Path) -> None:
    tokens = WebhookTokens(tmp_path)
    assert not tokens.knows("")
    tokens.learn(7, SecretStr("a"))
    assert not any(tokens.knows(given) for given in ("", " a", "A", "a\udc80", "ä"))


def test_further_tokens_come_from_a_file_that_is_read_anew(tmp_path: Path) -> None:
    extra = tmp_path / "tokens.txt"
    extra.write_text("one\n\n  two \n")
    tokens = WebhookTokens(tmp_path, extra=extra)
    assert (tokens.knows("one"), tokens.knows("two"), tokens.knows(""), tokens.knows("three")) == (
        True,
        True,
        False,
        False,
    )
    extra.write_text("three")
    assert (tokens.knows("one"), tokens.knows("three")) == (False, True)
    extra.unlink()
    with pytest.raises(StoreUnusable, match="Nothing was received"):
        tokens.knows("three")


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_the_file_is_its_owners_alone_and_the_repr_shows_a_number(tmp_path: Path) -> None:
    tokens = WebhookTokens(tmp_path)
    tokens.learn(7, SecretStr("secret"))
    [file] = tmp_path.glob("*.json")
    assert file.stat().st_mode & 0o077 == 0
    assert repr(tokens) == "<WebhookTokens: 1>"

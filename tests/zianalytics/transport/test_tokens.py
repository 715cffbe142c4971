from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from pydantic import SecretStr

from zianalytics.clock import ServerClock
from zianalytics.errors import AuthFailed, NotAnswered, StoreUnusable
from zianalytics.settings import Settings
from zianalytics.transport import Session
from zianalytics.transport.auth import PasswordSignIn, Token
from zianalytics.transport.tokens import TokenKeeper

if TYPE_CHECKING:
    from tests.zianalytics.transport.conftest import Service

OpenSession = Callable[..., Session]

# A process of its own, which signs in when it must, and says what it was answered.
ANOTHER_PROCESS = """
import sys
from zianalytics.settings import Settings
from zianalytics.transport import Session

base_url, password, state = sys.argv[1:]
settings = Settings.read(environ={}, base_url=base_url, username="ann@example.com", password=password, state_home=state)
with Session(settings) as session:
    print(session.send("POST", "/search/company", body=b"{}").status)
"""


def start_process(service: Service, settings: Settings) -> subprocess.Popen[str]:
    assert settings.password is not None
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            ANOTHER_PROCESS,
            service.base_url,
            settings.password.get_secret_value(),
            settings.state_home,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_that_start_together_sign_in_once(service: Service, settings: Settings) -> None:
    service.sign_in_s = 0.5
    processes = [start_process(service, settings) for _ in range(3)]
    assert [process.communicate()[0] for process in processes] == ["200\n"] * 3
    assert len(service.asked("/authenticate")) == 1
    assert len(service.asked("/search/company")) == 3


def test_a_token_that_another_process_renewed_is_taken_over(
    service: Service, settings: Settings, open_session: OpenSession
) -> None:
    session = open_session()
    session.send("POST", "/search/company")
    service.revoke()
    assert start_process(service, settings).communicate()[0] == "200\n"
    assert session.send("POST", "/search/company").status == 200
    assert len(service.asked("/authenticate")) == 2


def test_the_next_session_uses_the_cached_token(service: Service, open_session: OpenSession) -> None:
    open_session().send("POST", "/search/company")
    open_session().send("POST", "/search/company")
    assert len(service.asked("/authenticate")) == 1


def test_the_service_time_is_kept_with_the_token(service: Service, open_session: OpenSession) -> None:
    service.ahead = timedelta(days=-366)  # by the wall clock its tokens are long expired
    open_session().send("POST", "/search/company")
    clock = ServerClock()
    open_session(clock=clock).send("POST", "/search/company")
    assert abs(clock.now() - service.now()) < timedelta(seconds=30)
    assert len(service.asked("/authenticate")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access by lists, not by mode")
def test_the_cache_is_for_its_owner_alone(settings: Settings, open_session: OpenSession) -> None:
    settings.state_folder.mkdir(parents=True, mode=0o755)
    open_session().send("POST", "/search/company")
    assert stat.S_IMODE(settings.state_folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.state_folder.iterdir()}
    assert {"token.json", "token.lock", "sign-in-pace.bin"} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_the_cache_holds_neither_password_nor_a_quick_hash_of_it(settings: Settings, open_session: OpenSession) -> None:
    open_session().send("POST", "/search/company")
    held = json.loads((settings.state_folder / "token.json").read_text())
    assert set(held) == {"token", "since", "renew_at", "clock_offset_s", "salt", "mark"}
    assert "correct horse battery" not in str(held)


DAMAGE: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "half": lambda text: text[: len(text) // 2],
    "a list": lambda _: "[]",
    "binary": lambda _: "\x00\xff",
    "a word for a number": lambda text: text.replace('"renew_at": ', '"renew_at": "soon", "was": '),
    "a number beyond all dates": lambda text: text.replace('"renew_at": ', '"renew_at": 1e300, "was": '),
    "a token that is none": lambda text: text.replace('"token": ', '"token": 7, "was": '),
    "an offset that is no time": lambda text: text.replace('"clock_offset_s": ', '"clock_offset_s": NaN, "was": '),
    "another salt": lambda text: text.replace('"salt": "', '"salt": "zz'),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_cache_is_ignored_and_replaced(
    service: Service, settings: Settings, open_session: OpenSession, damage: Callable[[str], str]
) -> None:
    open_session().send("POST", "/search/company")
    cache = settings.state_folder / "token.json"
    cache.write_text(damage(cache.read_text()), encoding="latin-1")
    assert open_session().send("POST", "/search/company").status == 200
    assert len(service.asked("/authenticate")) == 2
    assert json.loads(cache.read_text())["token"] == service.tokens[1]


def test_a_leftover_of_an_interrupted_write_is_no_obstacle(settings: Settings, open_session: OpenSession) -> None:
    settings.state_folder.mkdir(parents=True)
    (settings.state_folder / "token.json.new").write_text("half")
    assert open_session().send("POST", "/search/company").status == 200


def test_a_wrong_password_does_not_profit_from_a_cached_token(
    service: Service, settings: Settings, open_session: OpenSession
) -> None:
    open_session().send("POST", "/search/company")
    wrong = settings.model_copy(update={"password": SecretStr("wrong")})
    with pytest.raises(AuthFailed):
        open_session(wrong).send("POST", "/search/company")
    assert open_session().send("POST", "/search/company").status == 200
    assert len(service.asked("/authenticate")) == 2


def test_a_state_folder_that_cannot_be_used_is_named(
    settings: Settings, open_session: OpenSession, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    blocked = settings.model_copy(update={"state_home": tmp_path / "file"})
    with pytest.raises(StoreUnusable, match="file"):
        open_session(blocked).send("POST", "/search/company")


def test_a_process_that_never_ends_its_sign_in_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    def fetch() -> Token:
        raise AssertionError("nobody signs in without the lock")

    way = PasswordSignIn("ann@example.com", SecretStr("geheim"))
    keeper = TokenKeeper(tmp_path, way, ServerClock(), fetch, patience_s=0.1)
    with FileLock(tmp_path / "token.lock"), pytest.raises(NotAnswered, match="Another process") as caught:
        keeper.current()
    assert caught.value.outcome_known is True

"""No secret shows, even where a traceback prints every variable of every frame, as notebooks and error trackers do."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr
from rich.console import Console
from rich.traceback import Traceback

from zianalytics import ZoomInfo
from zianalytics.errors import AuthFailed, KeyUnusable, NotAnswered, SettingsRefused, StoreUnusable, ZoomInfoError
from zianalytics.settings import Settings
from zianalytics.transport import Session

if TYPE_CHECKING:
    from tests.zianalytics.transport.conftest import Service

OpenSession = Callable[..., Session]
PASSWORD = "correct horse battery"
PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
ELLIPTIC = (
    ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
)
USER = {"username": "ann@example.com"}
SECRETS = (PASSWORD, PEM.splitlines()[3], ELLIPTIC.splitlines()[1])


def shown(error: BaseException) -> str:
    """All that the two kinds of traceback print, but for the frames of this file, where the secrets are made up."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    assert trace is not None
    plain = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    console = Console(file=io.StringIO(), width=100_000, color_system=None)
    console.print(
        Traceback.from_exception(
            type(error), error, trace, show_locals=True, locals_max_string=9999, locals_max_length=999, max_frames=0
        )
    )
    assert isinstance(console.file, io.StringIO)
    return "".join(plain.format()) + console.file.getvalue()


# What is set wrongly, and what is said. "FILE" stands for the .env file.
WRONG: dict[str, tuple[Mapping[str, str], str]] = {
    "no user": ({"password": PASSWORD}, "No ZoomInfo user"),
    "a misspelt name": ({**USER, "pasword": PASSWORD, "private_key": PEM}, "is not a setting"),
    "a key without its client id": ({**USER, "private_key": PEM, "password": PASSWORD}, "CLIENT_ID too"),
    "a client id without its key": ({**USER, "client_id": "c", "password": PASSWORD}, "PRIVATE_KEY_FILE too"),
    "two keys": ({**USER, "client_id": "c", "private_key": PEM, "private_key_file": "key.pem"}, "Keep one of"),
    "a key file that is not there": ({**USER, "client_id": "c", "private_key_file": "key.pem"}, "cannot be read"),
    "a key in the place of its file": ({**USER, "client_id": "c", "private_key_file": PEM}, "a key itself"),
    "plain http": ({**USER, "password": PASSWORD, "base_url": "http://api.zoominfo.com"}, "must begin with"),
    "a password in the address": ({**USER, "base_url": f"https://ann:{PASSWORD}@x.example.com"}, "without user"),
    "an address that is none": ({**USER, "base_url": f"https://ann:{PASSWORD}@x.\u2100com"}, "without user"),
    "a port that is none": ({**USER, "base_url": f"https://x.example.com:{PASSWORD}"}, "a number for its port"),
}


def by_arguments(given: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return dict(given)


def by_environment(given: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in given.items():
        monkeypatch.setenv(f"ZOOMINFO_{name.upper()}", value)
    return {}


def by_dotenv(given: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    lines = [f'ZOOMINFO_{name.upper()}="{value}"\n' for name, value in given.items()]
    (folder / ".env").write_text("".join(lines), encoding="utf-8")
    return {}


def by_vault(given: Mapping[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"credentials": lambda: given}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and an environment that holds secrets which nobody asks for."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZOOMINFO_WEBHOOK_TOKEN", PASSWORD)
    monkeypatch.setenv("DATABASE_PASSWORD", PASSWORD)
    return tmp_path


WRONG_SOMEWHERE = {
    f"{name}, {place.__name__}": (*wrong, place)
    for name, wrong in WRONG.items()
    for place in (by_arguments, by_environment, by_dotenv, by_vault)
    if place is not by_arguments or "pasword" not in wrong[0]  # a misspelt argument is Python's own to refuse
}


@pytest.mark.parametrize(("given", "said", "place"), WRONG_SOMEWHERE.values(), ids=WRONG_SOMEWHERE.keys())
def test_settings_that_are_refused_show_no_secret(
    given: Mapping[str, str],
    said: str,
    place: Callable[[Mapping[str, str], Path, pytest.MonkeyPatch], dict[str, Any]],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = place(given, folder, monkeypatch)
    with pytest.raises(SettingsRefused, match=said) as caught:
        ZoomInfo(home=folder, **arguments)
    printed = shown(caught.value)
    assert "zianalytics/settings" in printed.replace("\\", "/")
    assert [secret for secret in SECRETS if secret in printed] == []


def test_a_pasted_key_that_runs_over_many_lines_of_a_dotenv_file_shows_none_of_them(folder: Path) -> None:
    (folder / ".env").write_text(f"ZOOMINFO_USERNAME=ann\nZOOMINFO_PRIVATE_KEY={PEM}", encoding="utf-8")
    with pytest.raises(SettingsRefused, match="CLIENT_ID too") as caught:
        ZoomInfo(home=folder)
    assert SECRETS[1] not in shown(caught.value)


def test_a_dotenv_file_that_is_no_text_is_named_and_not_shown(folder: Path) -> None:
    (folder / ".env").write_bytes(f"ZOOMINFO_PASSWORD={PASSWORD}".encode() + b"\xff\n")
    with pytest.raises(SettingsRefused, match=r"\.env cannot be read .*UTF-8") as caught:
        ZoomInfo(home=folder)
    assert PASSWORD not in shown(caught.value)
    with pytest.raises(SettingsRefused, match=r"\.env cannot be read") as caught:
        Settings.find_home()
    assert PASSWORD not in shown(caught.value)


KEYS = {
    "a damaged key": PEM[:300] + "!!" + PEM[302:],
    "half a key": PEM[:900],
    "another kind of key": ELLIPTIC,
    "no key": PEM.replace("-----", "--"),
}


@pytest.mark.parametrize("pem", KEYS.values(), ids=KEYS.keys())
@pytest.mark.parametrize("place", [by_arguments, by_environment, by_vault])
def test_a_key_that_cannot_sign_shows_nothing_of_itself(
    pem: str,
    place: Callable[[Mapping[str, str], Path, pytest.MonkeyPatch], dict[str, Any]],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arguments = place({**USER, "client_id": "c", "private_key": pem}, folder, monkeypatch)
    with pytest.raises(KeyUnusable) as caught:
        ZoomInfo(home=folder, **arguments)
    printed = shown(caught.value)
    assert "<ZoomInfo enterprise, not set up; home: none>" in printed
    assert [secret for secret in SECRETS if secret in printed] == []


def unwritable_cache(service: Service, settings: Settings) -> type[ZoomInfoError]:
    (settings.state_folder / "token.json").mkdir(parents=True)
    return StoreUnusable


def wrong_password(service: Service, settings: Settings) -> type[ZoomInfoError]:
    service.sign_in_replies.append(type(service).reply(status=401))
    return AuthFailed


def no_token(service: Service, settings: Settings) -> type[ZoomInfoError]:
    service.sign_in_replies.append(type(service).reply(body=b'{"jwt": ["' + PASSWORD.encode() + b'"]}'))
    return NotAnswered


def no_answer_to_the_sign_in(service: Service, settings: Settings) -> type[ZoomInfoError]:
    service.sign_in_replies.extend([type(service).reply(delivery="cut")] * 20)
    return NotAnswered


def no_answer(service: Service, settings: Settings) -> type[ZoomInfoError]:
    service.will(delivery="cut")
    return NotAnswered


@pytest.mark.parametrize("trouble", [unwritable_cache, wrong_password, no_token, no_answer_to_the_sign_in, no_answer])
def test_a_request_that_fails_shows_neither_password_nor_token(
    trouble: Callable[[Service, Settings], type[ZoomInfoError]],
    service: Service,
    settings: Settings,
    open_session: OpenSession,
) -> None:
    expected = trouble(service, settings)
    session = open_session()
    with pytest.raises(expected) as caught:
        session.send("POST", "/enrich/company", may_pay=True)
    printed = shown(caught.value)
    assert "/enrich/company" in printed
    assert [secret for secret in (PASSWORD, *service.tokens) if secret in printed] == []
    # Libraries that send hold the bytes of each request in variables of their own.
    assert not [library for library in ("httpcore", "h11") if f"site-packages/{library}" in printed.replace("\\", "/")]


def test_a_token_that_could_not_be_kept_is_not_in_the_frame_that_tried(
    service: Service, settings: Settings, open_session: OpenSession
) -> None:
    unwritable_cache(service, settings)
    with pytest.raises(StoreUnusable, match="token cache") as caught:
        open_session().send("POST", "/search/company")
    assert "_write" in shown(caught.value)
    assert len(service.tokens) == 1


def test_reprs_show_no_secret(settings: Settings, open_session: OpenSession) -> None:
    session = open_session()
    answer = session.send("POST", "/search/company")
    printed = f"{session!r} {settings!r} {answer!r} {session.__dict__!r}"
    assert PASSWORD not in printed
    assert SecretStr(PASSWORD) == settings.password
    assert "eyJ" not in printed

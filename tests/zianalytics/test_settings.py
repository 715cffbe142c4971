from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from zianalytics.errors import RequestRefused, SettingsRefused
from zianalytics.settings import Settings

ANN = {"ZOOMINFO_USERNAME": "ann@example.com", "ZOOMINFO_PASSWORD": "geheim"}
PEM = "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n"


def secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


def test_the_environment_is_read(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(PEM.encode())
    settings = Settings.read(
        folder=tmp_path,
        environ={
            "ZOOMINFO_BASE_URL": "https://zoominfo.example.com/api/",
            "ZOOMINFO_USERNAME": "ann@example.com",
            "ZOOMINFO_CLIENT_ID": "c-1",
            "ZOOMINFO_PRIVATE_KEY_FILE": "key.pem",
            "ZOOMINFO_HOME": str(tmp_path / "home"),
        },
    )
    assert settings.base_url == "https://zoominfo.example.com/api"
    assert settings.username == "ann@example.com"
    assert (settings.client_id, secret(settings.private_key)) == ("c-1", PEM)
    assert settings.password is None
    assert settings.home == tmp_path / "home"


def test_the_live_service_is_the_default(tmp_path: Path) -> None:
    settings = Settings.read(environ=ANN, folder=tmp_path)
    assert settings.base_url == "https://api.zoominfo.com"
    assert settings.is_loopback is False


def test_the_dotenv_file_of_the_working_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('ZOOMINFO_USERNAME=ann@example.com\nZOOMINFO_PASSWORD="ge heim"\nOTHER=1\n')
    settings = Settings.read(environ={}, folder=tmp_path)
    assert (settings.username, secret(settings.password)) == ("ann@example.com", "ge heim")


def test_each_place_goes_before_the_next(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZOOMINFO_USERNAME=dotenv\nZOOMINFO_PASSWORD=p4\nZOOMINFO_HOME=from-dotenv\n")
    environ = {"ZOOMINFO_USERNAME": "environ", "ZOOMINFO_PASSWORD": "p3"}

    def vault() -> Mapping[str, str]:
        return {"username": "vault", "password": "p2"}

    def read(**given: str) -> tuple[str, str | None]:
        settings = Settings.read(environ=environ, credentials=vault, folder=tmp_path, **given)
        assert settings.home == tmp_path / "from-dotenv"
        return settings.username, secret(settings.password)

    assert read(username="argument", password="p1") == ("argument", "p1")
    assert read() == ("vault", "p2")
    assert secret(Settings.read(environ=environ, folder=tmp_path).password) == "p3"
    assert secret(Settings.read(environ={}, folder=tmp_path).password) == "p4"


def test_a_password_that_was_given_is_not_overruled_by_a_key_that_lies_around(tmp_path: Path) -> None:
    environ = {"ZOOMINFO_CLIENT_ID": "live", "ZOOMINFO_PRIVATE_KEY": PEM}
    settings = Settings.read(environ=environ, folder=tmp_path, username="ann@example.com", password="geheim")
    assert (settings.client_id, settings.private_key, secret(settings.password)) == (None, None, "geheim")


def test_a_key_file_that_is_not_needed_is_not_even_read(tmp_path: Path) -> None:
    environ = {"ZOOMINFO_CLIENT_ID": "live", "ZOOMINFO_PRIVATE_KEY_FILE": "/gone/key.pem"}
    assert Settings.read(environ=environ, folder=tmp_path, username="ann", password="geheim").private_key is None


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    settings = Settings.read(environ={**ANN, "ZOOMINFO_CLIENT_ID": "", "ZOOMINFO_BASE_URL": ""}, folder=tmp_path)
    assert (settings.client_id, settings.base_url) == (None, "https://api.zoominfo.com")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ZOOMINFO_USER_NAME", "ZOOMINFO_USERNAME"),
        ("ZOOMINFO_USER", "ZOOMINFO_USERNAME"),
        ("zoominfo_usrname", "ZOOMINFO_USERNAME"),
        ("ZOOMINFO_PASWORD", "ZOOMINFO_PASSWORD"),
        ("ZOOMINFO_PASS", "ZOOMINFO_PASSWORD"),
        ("ZOOMINFO_CLIENTID", "ZOOMINFO_CLIENT_ID"),
        ("ZOOMINFO_URL", "ZOOMINFO_BASE_URL"),
        ("ZOOMINFO_BASEURL", "ZOOMINFO_BASE_URL"),
        ("ZOOMINFO_PRIVATE_KEY_PATH", "ZOOMINFO_PRIVATE_KEY_FILE"),
        ("ZOOMINFO_KEY_FILE", "ZOOMINFO_PRIVATE_KEY_FILE"),
        ("ZOOMINFO_PRIVATEKEY", "ZOOMINFO_PRIVATE_KEY"),
        ("ZOOMINFO_HOMES", "ZOOMINFO_HOME"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_right_one(tmp_path: Path, written: str, meant: str) -> None:
    with pytest.raises(SettingsRefused, match=f"{written} in the environment is not a setting: write {meant}\\."):
        Settings.read(environ={**ANN, written: "geheim"}, folder=tmp_path)


def test_a_misspelt_name_in_the_dotenv_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZOOMINFO_PASWORD=geheim\n")
    with pytest.raises(SettingsRefused, match=r"^ZOOMINFO_PASWORD in .*\.env is not a setting: write ZOOMINFO_PASS"):
        Settings.read(environ=ANN, folder=tmp_path)


def test_a_misspelt_name_from_a_vault_is_answered_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match="user_name in what credentials= returned is not a setting: write user"):
        Settings.read(environ=ANN, folder=tmp_path, credentials=lambda: {"user_name": "ann"})


def test_names_of_others_that_share_the_prefix_are_left_alone(tmp_path: Path) -> None:
    Settings.read(environ={**ANN, "ZOOMINFO_COLLECTION": "x", "ZOOMINFO_WEBHOOK_TOKEN": "y"}, folder=tmp_path)


REFUSED: dict[str, tuple[Mapping[str, str], str]] = {
    "no user": ({"ZOOMINFO_PASSWORD": "geheim"}, "No ZoomInfo user is set"),
    "two keys": (
        {**ANN, "ZOOMINFO_CLIENT_ID": "c", "ZOOMINFO_PRIVATE_KEY": "geheim", "ZOOMINFO_PRIVATE_KEY_FILE": "k"},
        "Both a private key and a private key file",
    ),
    "a key without its client id": ({**ANN, "ZOOMINFO_PRIVATE_KEY": "geheim"}, "Set ZOOMINFO_CLIENT_ID too"),
    "a client id without its key": ({**ANN, "ZOOMINFO_CLIENT_ID": "c"}, "Set ZOOMINFO_PRIVATE_KEY_FILE too"),
    "a key file that is not there": (
        {**ANN, "ZOOMINFO_CLIENT_ID": "c", "ZOOMINFO_PRIVATE_KEY_FILE": "gone.pem"},
        r"gone\.pem cannot be read",
    ),
    "plain http": ({**ANN, "ZOOMINFO_BASE_URL": "http://api.zoominfo.com"}, "must begin with https://"),
    "a name that only looks like this machine": (
        {**ANN, "ZOOMINFO_BASE_URL": "http://localhost.example.com"},
        "must begin with https://",
    ),
    "another scheme": ({**ANN, "ZOOMINFO_BASE_URL": "file:///etc"}, "must be an address"),
    "no address": ({**ANN, "ZOOMINFO_BASE_URL": "zoominfo"}, "must be an address"),
    "half an address": ({**ANN, "ZOOMINFO_BASE_URL": "https://[::1"}, "ZOOMINFO_BASE_URL"),
    "a port that is none": ({**ANN, "ZOOMINFO_BASE_URL": "https://x.example.com:geheim"}, "a number for its port"),
    "a password in the address": ({**ANN, "ZOOMINFO_BASE_URL": "https://ann:geheim@x.example.com"}, "without user"),
    "a query in the address": ({**ANN, "ZOOMINFO_BASE_URL": "https://x.example.com?key=geheim"}, "without user"),
}


@pytest.mark.parametrize(("environ", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_settings_that_cannot_work_are_refused_without_showing_them(
    tmp_path: Path, environ: Mapping[str, str], said: str
) -> None:
    with pytest.raises(SettingsRefused, match=said) as caught:
        Settings.read(environ=environ, folder=tmp_path)
    assert isinstance(caught.value, RequestRefused)
    assert "Nothing was sent" in str(caught.value)
    assert "geheim" not in "".join(traceback.format_exception(caught.value))
    assert "geheim" not in str(caught.value.__context__)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://127.9.9.9"]
)
def test_plain_http_is_fine_on_this_machine(tmp_path: Path, url: str) -> None:
    settings = Settings.read(environ=ANN, folder=tmp_path, base_url=url)
    assert settings.base_url == url
    assert settings.is_loopback is True


def test_secrets_do_not_show(tmp_path: Path) -> None:
    settings = Settings.read(
        environ={}, folder=tmp_path, username="ann", password="geheim", client_id="c", private_key="secret key"
    )
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "geheim" not in shown
    assert "secret key" not in shown


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = Settings.read(environ=ANN, folder=tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.username = "bob"


def account(base_url: str, username: str) -> str:
    return Settings.read(environ={}, base_url=base_url, username=username).account


def test_an_account_has_a_readable_folder_name() -> None:
    assert account("https://api.zoominfo.com", "ann@example.com") == "api.zoominfo.com-ann-example.com-bd8fb369"


def test_a_sandbox_keeps_its_account_when_its_port_changes() -> None:
    assert account("http://127.0.0.1:8001", "ann") == account("http://localhost:9002", "ann")


def test_services_and_users_have_accounts_of_their_own() -> None:
    names = {
        account("https://api.zoominfo.com", "ann"),
        account("https://api.zoominfo.com", "bob"),
        account("https://api.zoominfo.com:8443", "ann"),
        account("https://api.zoominfo.com/eu", "ann"),
        account("https://zoominfo.example.com", "ann"),
        account("http://127.0.0.1:8001", "ann"),
        account("https://api.zoominfo.com", "a-nn"),
        account("https://api.zoominfo.com", "a.nn"),
    }
    assert len(names) == 8


def test_capitals_in_a_user_name_do_not_make_another_account() -> None:
    assert account("https://API.zoominfo.com", "Ann@Example.com") == account(
        "https://api.zoominfo.com", "ann@example.com"
    )


@given(st.text(min_size=1))
def test_an_account_name_is_safe_on_every_file_system(username: str) -> None:
    name = Settings.read(environ={}, username=username).account
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert len(name) <= 69
    assert not name.startswith(".")


def test_the_state_and_the_home_have_one_folder_per_account(tmp_path: Path) -> None:
    settings = Settings.read(environ=ANN, folder=tmp_path, home=tmp_path / "h", state_home=tmp_path / "s")
    assert settings.account_folder == tmp_path / "h" / settings.account
    assert settings.state_folder == tmp_path / "s" / settings.account
    assert not (tmp_path / "h").exists()


def test_home_is_the_nearest_parent_that_has_one(tmp_path: Path) -> None:
    (tmp_path / ".zoominfo").mkdir()
    inner = tmp_path / "project" / "notebooks"
    inner.mkdir(parents=True)
    assert Settings.read(environ=ANN, folder=inner).home == tmp_path / ".zoominfo"
    (tmp_path / "project" / ".zoominfo").mkdir()
    assert Settings.read(environ=ANN, folder=inner).home == tmp_path / "project" / ".zoominfo"


def test_home_that_is_set_goes_before_one_that_is_found(tmp_path: Path) -> None:
    (tmp_path / ".zoominfo").mkdir()
    assert Settings.read(environ={**ANN, "ZOOMINFO_HOME": "mine"}, folder=tmp_path).home == tmp_path / "mine"
    assert Settings.read(environ={**ANN, "ZOOMINFO_HOME": "~/mine"}, folder=tmp_path).home == Path.home() / "mine"


def in_a_process(tmp_path: Path, code: str, **environ: str) -> str:
    """What the code prints in a Python of its own, without this test's environment variables of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZOOMINFO_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=kept | environ,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_home_is_the_data_folder_of_the_user_when_nothing_else_says_so(tmp_path: Path) -> None:
    printed = in_a_process(
        tmp_path,
        "from zianalytics.settings import Settings; print(Settings.read(username='ann').home.name)",
    )
    assert printed == "zianalytics"


KEYRING = """
import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked
from zianalytics.settings import Settings

class Held(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        if username == "locked":
            raise KeyringLocked("locked")
        return {("https://api.zoominfo.com", "ann"): "from keyring"}.get((service, username))
    def set_password(self, service, username, password): raise NotImplementedError
    def delete_password(self, service, username): raise NotImplementedError

keyring.set_keyring(Held())
def password(**given):
    held = Settings.read(**given).password
    return held and held.get_secret_value()
"""


def test_the_keyring_is_asked_for_the_password_of_this_service_and_user(tmp_path: Path) -> None:
    printed = in_a_process(
        tmp_path,
        KEYRING
        + "print(password(username='ann'), password(username='bob'), password(username='ann', password='given'),"
        " password(username='ann', base_url='https://x.example.com'))",
    )
    assert printed == "from keyring None given None"


def test_a_locked_keyring_is_reported(tmp_path: Path) -> None:
    code = "\ntry: password(username='locked')\nexcept Exception as exc: print(type(exc).__name__, exc)"
    assert in_a_process(tmp_path, KEYRING + code) == (
        "SettingsRefused The keyring could not be asked for the password of https://api.zoominfo.com (KeyringLocked). "
        "Nothing was sent. Unlock it, or set ZOOMINFO_PASSWORD."
    )


@pytest.mark.parametrize("backend", ["fail", "null"])
def test_a_machine_without_a_keyring_has_nothing_stored(tmp_path: Path, backend: str) -> None:
    code = "from zianalytics.settings import Settings; print(Settings.read(username='ann').password)"
    assert in_a_process(tmp_path, code, PYTHON_KEYRING_BACKEND=f"keyring.backends.{backend}.Keyring") == "None"


def test_a_python_without_the_keyring_package_has_nothing_stored(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['keyring'] = None\n"
        "from zianalytics.settings import Settings; print(Settings.read(username='ann').password)"
    )
    assert in_a_process(tmp_path, code) == "None"


@pytest.mark.parametrize("password", [7, b"geheim", ["geheim"]])
def test_a_password_that_is_no_text_is_refused_and_not_shown(tmp_path: Path, password: object) -> None:
    with pytest.raises(SettingsRefused, match="ZOOMINFO_PASSWORD in the arguments is not text") as caught:
        Settings.read(environ={}, folder=tmp_path, username="ann", password=password)  # type: ignore[arg-type]
    assert "geheim" not in str(caught.value)


def test_a_keyring_is_not_asked_under_an_address_that_is_refused(tmp_path: Path) -> None:
    code = (
        "\ntry: password(username='locked', base_url='https://ann:geheim@x.example.com')"
        "\nexcept Exception as exc: print(exc)"
    )
    assert in_a_process(tmp_path, KEYRING + code) == (
        "ZOOMINFO_BASE_URL must be an address such as https://api.zoominfo.com, without user, query or fragment. "
        "Nothing was sent. Correct it and try again."
    )

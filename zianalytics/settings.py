"""Who you are, which service you talk to, and where your data lie."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from zianalytics.errors import SettingsRefused

__all__ = ["LIVE", "NAMES", "Settings"]

LIVE = "https://api.zoominfo.com"
PREFIX = "ZOOMINFO_"
NAMES = ("BASE_URL", "USERNAME", "PASSWORD", "CLIENT_ID", "PRIVATE_KEY", "PRIVATE_KEY_FILE", "HOME")
SIGN_IN = {"password", "client_id", "private_key"}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checked_base_url(url: str) -> str:
    """The base URL without its last slash, when a secret may be sent there."""
    parts = urlsplit(url.strip())
    if parts.username is not None or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("must be an address such as https://api.zoominfo.com, without user, query or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        raise ValueError("must begin with https://; plain http is accepted on this machine alone")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("must have a number for its port") from None
    return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")


class Settings(BaseSettings):
    """Everything the client must know before its first request; secrets never show.

    Made by `Settings.read`, which asks in this order: what it is given, the `credentials` callable, the environment,
    the file `.env` of the working folder, the keyring. How to sign in (a password, or a client id with its key) is
    taken whole from the first of them that has any of it, so that parts of two accounts never mix.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(_checked_base_url)] = LIVE
    """Address of the service, without a slash at its end."""
    username: str
    """The ZoomInfo user."""
    password: SecretStr | None = None
    """Used to sign in when there is no private key."""
    client_id: str | None = None
    """Belongs to the private key."""
    private_key: SecretStr | None = None
    """PEM text of the RSA key that signs in."""
    home: Path
    """Folder of journals and warehouses; one folder per account inside."""
    state: Path
    """Folder of token caches; one folder per account inside."""

    def __init__(self, *sources: PydanticBaseSettingsSource) -> None:
        super().__init__(_build_sources=(sources, {}))

    @classmethod
    def read(
        cls,
        *,
        environ: Mapping[str, str] = os.environ,
        credentials: Callable[[], Mapping[str, str]] | None = None,
        folder: Path | None = None,
        base_url: str | None = None,
        username: str | None = None,
        password: str | SecretStr | None = None,
        client_id: str | None = None,
        private_key: str | SecretStr | None = None,
        private_key_file: str | Path | None = None,
        home: str | Path | None = None,
        state: str | Path | None = None,
    ) -> Settings:
        """Settings from all the places where they may lie; reads files, sends nothing.

        Parameters
        ----------
        environ
            Holds the variables named ZOOMINFO_BASE_URL, ..._USERNAME, ..._PASSWORD, ..._CLIENT_ID, ..._PRIVATE_KEY
            or ..._PRIVATE_KEY_FILE, ..._HOME.
        credentials
            Called once; returns any of the same settings in lower case without the prefix, from a vault of yours.
        folder
            Where `.env` and `.zoominfo` are looked for; the working folder when None.
        base_url, username, password, client_id, private_key, private_key_file, home
            Go before all other places.
        state
            Folder for token caches instead of the one your system provides.

        Raises
        ------
        SettingsRefused
            A setting is missing, misspelt, unreadable or contradicts another.
        """
        folder = folder or Path.cwd()
        given: dict[str, object] = {"base_url": base_url, "username": username, "password": password}
        given |= {"client_id": client_id, "private_key": private_key, "private_key_file": private_key_file}
        given |= {"home": home, "state": state}
        dotenv = DotEnvSettingsSource(cls, env_file=folder / ".env").env_vars
        asked = dict(credentials()) if credentials else {}
        _refuse_misspelt(environ, place="the environment", prefix=PREFIX)
        _refuse_misspelt(dotenv, place=str(folder / ".env"), prefix=PREFIX)
        _refuse_misspelt(asked, place="what credentials= returned", prefix="")
        found = {"home": _nearest_home(folder), "state": platformdirs.user_state_path("zianalytics", appauthor=False)}
        try:
            return cls(
                _Place(cls, given, folder, "the arguments"),
                _Place(cls, asked, folder, "what credentials= returned"),
                _Place(cls, _unprefixed(environ), folder, "the environment"),
                _Place(cls, _unprefixed(dotenv), folder, str(folder / ".env")),
                _Keyring(cls),
                _Place(cls, found, folder, "the default folders"),
            )
        except ValidationError as exc:
            missing = any(error["loc"] == ("username",) and error["type"] == "missing" for error in exc.errors())
            # Without its cause: the frames of a validation hold what was validated.
            raise SettingsRefused(NO_USER if missing else _explained(exc)) from None

    @staticmethod
    def find_home(*, environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Path:
        """The folder of journals and warehouses, for work that needs no account; reads files, sends nothing.

        Parameters
        ----------
        environ, folder
            As for `read`.
        """
        folder = folder or Path.cwd()
        dotenv = DotEnvSettingsSource(Settings, env_file=folder / ".env").env_vars
        said = _unprefixed(environ).get("home") or _unprefixed(dotenv).get("home")
        return folder / Path(said).expanduser() if said else _nearest_home(folder)

    @property
    def is_loopback(self) -> bool:
        """Whether the service runs on this machine, as a sandbox does."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def account(self) -> str:
        """Name of the account's folder: the service and the user, in letters that every file system takes.

        On this machine the port is left out: a sandbox gets another one each time it starts.
        """
        parts = urlsplit(self.base_url)
        place = "loopback" if self.is_loopback else parts.netloc
        # The readable half may be cut or altered; the digest keeps two accounts apart.
        key = f"{place}{parts.path} {self.username.casefold()}"
        readable = re.sub(r"[^a-z0-9.]+", "-", f"{place}-{self.username.casefold()}")[:60].strip("-.")
        return f"{readable}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"

    @property
    def account_folder(self) -> Path:
        """Where this account's journal and warehouse lie; not made here."""
        return self.home / self.account

    @property
    def state_folder(self) -> Path:
        """Where this account's token cache lies; made on first use, for your eyes only."""
        return self.state / self.account


NO_USER = (
    "No ZoomInfo user is set. Nothing was sent. Set ZOOMINFO_USERNAME with ZOOMINFO_PASSWORD, or with "
    "ZOOMINFO_CLIENT_ID and ZOOMINFO_PRIVATE_KEY_FILE, in the environment or in .env; or try ZoomInfo.mock(), which "
    "needs no account."
)


class _Place(PydanticBaseSettingsSource):
    """One place where settings lie."""

    def __init__(self, settings_cls: type[Settings], held: Mapping[str, Any], folder: Path, name: str) -> None:
        super().__init__(settings_cls)
        self._held = {key: value for key, value in held.items() if value not in (None, "")}
        self._folder, self._name = folder, name

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self._held.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        held = dict(self._held)
        for key in {"home", "state"} & held.keys():
            held[key] = self._folder / Path(held[key]).expanduser()
        if key_file := held.pop("private_key_file", None):
            if "private_key" in held:
                raise SettingsRefused(
                    f"Both a private key and a private key file are set in {self._name}. Nothing was sent. "
                    "Keep one of ZOOMINFO_PRIVATE_KEY and ZOOMINFO_PRIVATE_KEY_FILE."
                )
            if not SIGN_IN & self.current_state.keys():
                held["private_key"] = _key_text(self._folder / Path(key_file).expanduser())
        if SIGN_IN & self.current_state.keys():
            held = {key: value for key, value in held.items() if key not in SIGN_IN}
        elif ("private_key" in held) != ("client_id" in held):
            lacking = "CLIENT_ID" if "private_key" in held else "PRIVATE_KEY_FILE"
            raise SettingsRefused(
                f"A private key and a client id belong together, and {self._name} has one without the other. "
                f"Nothing was sent. Set ZOOMINFO_{lacking} too; both are shown in the Admin Portal where keys are made."
            )
        return held


class _Keyring(PydanticBaseSettingsSource):
    """The system's keyring, asked for a password under the base URL when no other place can sign in."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        username = self.current_state.get("username")
        if SIGN_IN & self.current_state.keys() or not username:
            return {}
        try:
            import keyring
            from keyring.errors import KeyringError, NoKeyringError
        except ImportError:
            return {}
        service = str(self.current_state.get("base_url", LIVE)).rstrip("/")
        try:
            password = keyring.get_password(service, username)
        except NoKeyringError:
            return {}  # servers and containers have none: nothing is stored there
        except KeyringError as exc:
            raise SettingsRefused(
                f"The keyring could not be asked for the password of {service} ({type(exc).__name__}). Nothing was "
                "sent. Unlock it, or set ZOOMINFO_PASSWORD."
            ) from exc
        return {"password": SecretStr(password)} if password else {}


def _key_text(path: Path) -> SecretStr:
    """What the key file holds, as bytes turn to text without loss; whether it is a key is seen when it signs."""
    try:
        return SecretStr(path.read_bytes().decode("latin-1"))
    except OSError as exc:
        raise SettingsRefused(
            f"The private key file {path} cannot be read ({exc.strerror}). Nothing was sent. "
            "Set ZOOMINFO_PRIVATE_KEY_FILE to the PEM file that the Admin Portal gave you."
        ) from exc


def _unprefixed(variables: Mapping[str, str | None]) -> dict[str, str | None]:
    """Our own variables, named as the fields are."""
    names = {PREFIX + name: name.lower() for name in NAMES}
    return {names[key.upper()]: value for key, value in variables.items() if key.upper() in names}


def _refuse_misspelt(names: Iterable[str], *, place: str, prefix: str) -> None:
    """Refuse a name that comes close to one of ours; names of others that share the prefix are left alone."""
    for name in names:
        if not name.upper().startswith(prefix):
            continue
        written = name.upper().removeprefix(prefix)
        squeezed = written.replace("_", "").replace("PATH", "FILE")
        if written in NAMES or len(squeezed) < 3:
            continue
        known = {right.replace("_", ""): right for right in NAMES}
        near = get_close_matches(squeezed, known, n=1, cutoff=0.7) or [short for short in known if squeezed in short]
        if near:
            right = prefix + known[near[0]] if prefix else known[near[0]].lower()
            raise SettingsRefused(f"{name} in {place} is no setting: write {right}. Nothing was sent.")


def _nearest_home(folder: Path) -> Path:
    """`.zoominfo` of the folder or its nearest parent that has one, else the user's data folder."""
    for parent in (folder, *folder.parents):
        if (parent / ".zoominfo").is_dir():
            return parent / ".zoominfo"
    return platformdirs.user_data_path("zianalytics", appauthor=False)


def _explained(exc: ValidationError) -> str:
    """What is wrong with which setting, without the value it has."""
    found = "; ".join(
        f"{PREFIX}{str(error['loc'][0]).upper()} {error['msg'].removeprefix('Value error, ')}"
        for error in exc.errors(include_input=False)
    )
    return f"{found}. Nothing was sent. Correct it and try again."

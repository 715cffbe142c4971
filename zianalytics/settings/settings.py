"""The settings themselves, and how they are read."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from zianalytics.errors import SettingsRefused
from zianalytics.settings.address import LIVE, LOOPBACK, checked_base_url, is_loopback, is_of_a_sandbox
from zianalytics.settings.places import (
    PREFIX,
    Keyring,
    Place,
    dotenv_of,
    nearest_home,
    ours,
    refuse_misspelt,
    unprefixed,
)
from zianalytics.settings.unshown import Unshown, uncovered


class Settings(BaseSettings):
    """Everything the client must know before its first request; secrets never show.

    Made by `Settings.read`, which asks in this order: what it is given, the `credentials` callable, the environment,
    the file `.env` of the working folder, the keyring. How to sign in (a password, or a client id with its key) is
    taken whole from the first of them that has any of it, so that parts of two accounts never mix.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    base_url: Annotated[str, BeforeValidator(uncovered), AfterValidator(checked_base_url)] = LIVE
    """Address of the service, without a slash at its end."""
    username: str
    """The ZoomInfo user."""
    password: SecretStr | None = None
    """Used to sign in when there is no private key."""
    client_id: str | None = None
    """Belongs to the private key."""
    private_key: SecretStr | None = None
    """PEM text of the RSA key that signs in."""
    who: str | None = None
    """Whom the ledger names beside each charge; None for the user of the machine."""
    source: str | None = None
    """The notebook or job that the ledger names; None for what is found."""
    home: Path
    """Folder of journals and warehouses; one folder per account inside."""
    state_home: Path
    """Folder of token caches and of the pace of requests; one folder per account inside."""

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
        state_home: str | Path | None = None,
    ) -> Settings:
        """Settings from all the places where they may lie; reads files, sends nothing.

        Parameters
        ----------
        environ
            Holds the variables named ZOOMINFO_BASE_URL, ..._USERNAME, ..._PASSWORD, ..._CLIENT_ID, ..._PRIVATE_KEY
            or ..._PRIVATE_KEY_FILE, ..._HOME, ..._WHO, ..._SOURCE.
        credentials
            Called once; returns any of the same settings in lower case without the prefix, from a vault of yours.
        folder
            Where `.env` and `.zoominfo` are looked for; the working folder when None.
        base_url, username, password, client_id, private_key, private_key_file, home
            Go before all other places.
        state_home
            Folder for token caches and pace instead of the one your system provides.

        Raises
        ------
        SettingsRefused
            A setting is missing, misspelt, unreadable or contradicts another, or a sandbox's user would be sent to the
            live service.
        """
        given = Unshown(
            {
                "base_url": base_url,
                "username": username,
                "password": password,
                "client_id": client_id,
                "private_key": private_key,
                "private_key_file": private_key_file,
                "home": home,
                "state_home": state_home,
            }
        )
        environ = ours(environ)
        # From here on no variable holds a secret in the open: any of the errors below may be printed with them all.
        del base_url, username, password, client_id, private_key, private_key_file, home, state_home
        folder = folder or Path.cwd()
        dotenv = dotenv_of(folder)
        asked = Unshown(credentials() if credentials else {})
        refuse_misspelt(tuple(environ), place="the environment", prefix=PREFIX)
        refuse_misspelt(tuple(dotenv), place=str(folder / ".env"), prefix=PREFIX)
        refuse_misspelt(tuple(asked), place="what credentials= returned", prefix="")
        found = {
            "home": nearest_home(folder),
            "state_home": platformdirs.user_state_path("zianalytics", appauthor=False),
        }
        places = (
            Place(cls, given, folder, "the arguments"),
            Place(cls, asked, folder, "what credentials= returned"),
            Place(cls, unprefixed(environ), folder, "the environment"),
            Place(cls, unprefixed(dotenv), folder, str(folder / ".env")),
            Keyring(cls),
            Place(cls, Unshown(found), folder, "the default folders"),
        )
        try:
            settings = cls(*places)
        except ValidationError as exc:
            missing = any(error["loc"] == ("username",) and error["type"] == "missing" for error in exc.errors())
            refused = SettingsRefused(NO_USER if missing else _explained(exc))
        else:
            if settings.base_url != LIVE or not is_of_a_sandbox(settings.username):
                return settings
            refused = SettingsRefused(NO_ADDRESS)
        # Raised here, without its cause: the frames of a validation hold what was validated.
        raise refused

    @staticmethod
    def find_home(*, environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Path:
        """The folder of journals and warehouses, for work that needs no account; reads files, sends nothing.

        Parameters
        ----------
        environ, folder
            As for `read`.
        """
        environ = ours(environ)
        folder = folder or Path.cwd()
        said = unprefixed(environ).get("home") or unprefixed(dotenv_of(folder)).get("home")
        return folder / Path(said).expanduser() if said else nearest_home(folder)

    @staticmethod
    def key_file(*, environ: Mapping[str, str] = os.environ, folder: Path | None = None) -> Path | None:
        """The file that ZOOMINFO_PRIVATE_KEY_FILE names; None where it is not set, or holds something else.

        Parameters
        ----------
        environ, folder
            As for `read`.
        """
        environ = ours(environ)
        folder = folder or Path.cwd()
        said = unprefixed(environ).get("private_key_file") or unprefixed(dotenv_of(folder)).get("private_key_file")
        return folder / Path(said).expanduser() if said and "-----BEGIN" not in said else None

    @property
    def is_loopback(self) -> bool:
        """Whether the service runs on this machine, as a sandbox does."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def account(self) -> str:
        """Name of the account's folder: the service and the user, in letters that every file system takes.

        On this machine the port is left out: a sandbox gets another one each time it starts.
        """
        parts = urlsplit(self.base_url)
        place = LOOPBACK if self.is_loopback else parts.netloc
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
        """Where this account's token cache and pace lie; made on first use, for your eyes only."""
        return self.state_home / self.account


NO_USER = (
    "No ZoomInfo user is set. Nothing was sent. Set ZOOMINFO_USERNAME with ZOOMINFO_PASSWORD, or with "
    "ZOOMINFO_CLIENT_ID and ZOOMINFO_PRIVATE_KEY_FILE, in the environment or in .env; or try ZoomInfo.mock(), which "
    "needs no account."
)


NO_ADDRESS = (
    f"ZOOMINFO_USERNAME is the user of a sandbox, and the address is that of the live service ({LIVE}). Nothing was "
    "sent. Set ZOOMINFO_BASE_URL to the address that `zia mock` shows, or try ZoomInfo.mock(), which starts its own."
)


def _explained(exc: ValidationError) -> str:
    """What is wrong with which setting, without the value it has."""
    found = "; ".join(
        f"{PREFIX}{str(error['loc'][0]).upper()} {error['msg'].removeprefix('Value error, ')}"
        for error in exc.errors(include_input=False)
    )
    return f"{found}. Nothing was sent. Correct it and try again."

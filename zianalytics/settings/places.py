"""The places where settings lie, each asked for its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, DotEnvSettingsSource, PydanticBaseSettingsSource

from zianalytics.errors import SettingsRefused
from zianalytics.settings.address import LIVE, checked_base_url
from zianalytics.settings.unshown import Unshown, covered, uncovered

PREFIX = "ZOOMINFO_"
NAMES = ("BASE_URL", "USERNAME", "PASSWORD", "CLIENT_ID", "PRIVATE_KEY", "PRIVATE_KEY_FILE", "HOME", "WHO", "SOURCE")
SIGN_IN = {"password", "client_id", "private_key"}
# A password may stand in an address, and a key in the place of its file, by mistake.
COVERED = {"base_url", "password", "private_key", "private_key_file"}


class Place(PydanticBaseSettingsSource):
    """One place where settings lie."""

    def __init__(self, settings_cls: type[BaseSettings], held: Unshown, folder: Path, name: str) -> None:
        super().__init__(settings_cls)
        no_text = sorted(
            key for key in COVERED & held.keys() if not isinstance(held[key], str | Path | SecretStr | None)
        )
        if no_text:
            raise SettingsRefused(
                f"{PREFIX}{no_text[0].upper()} in {name} is not text. Nothing was sent. Give it as text."
            )
        said = {key: value for key, value in held.items() if value not in (None, "")}
        self._held = {key: covered(value) if key in COVERED else value for key, value in said.items()}
        self._folder, self._name = folder, name

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """One value as it was said here."""
        return self._held.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """What is used of this place, after those before it."""
        held: dict[str, Any] = dict(self._held)
        for key in {"home", "state_home"} & held.keys():
            held[key] = self._folder / Path(str(held[key])).expanduser()
        if key_file := held.pop("private_key_file", None):
            if "private_key" in held:
                raise SettingsRefused(
                    f"Both a private key and a private key file are set in {self._name}. Nothing was sent. "
                    "Keep one of ZOOMINFO_PRIVATE_KEY and ZOOMINFO_PRIVATE_KEY_FILE."
                )
            if not SIGN_IN & self.current_state.keys():
                held["private_key"] = _key_text(self._folder, key_file)
        if SIGN_IN & self.current_state.keys():
            held = {key: value for key, value in held.items() if key not in SIGN_IN}
        elif ("private_key" in held) != ("client_id" in held):
            lacking = "CLIENT_ID" if "private_key" in held else "PRIVATE_KEY_FILE"
            raise SettingsRefused(
                f"A private key and a client id belong together, and {self._name} has one without the other. "
                f"Nothing was sent. Set ZOOMINFO_{lacking} too; both are shown in the Admin Portal where keys are made."
            )
        return held


class Keyring(PydanticBaseSettingsSource):
    """The system's keyring, asked for a password under the base URL when no other place can sign in."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Nothing: it is asked for a password alone."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The password, where it holds one."""
        username = self.current_state.get("username")
        if SIGN_IN & self.current_state.keys() or not username:
            return {}
        try:
            import keyring
            from keyring.errors import KeyringError, NoKeyringError
        except ImportError:
            return {}
        try:
            service = checked_base_url(str(uncovered(self.current_state.get("base_url", LIVE))))
        except ValueError:
            return {}  # refused, with its reason, when all places have been asked
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


def _key_text(folder: Path, key_file: SecretStr) -> SecretStr:
    """What the key file holds, as bytes turn to text without loss; whether it is a key is seen when it signs."""
    if "-----BEGIN" in key_file.get_secret_value():
        raise SettingsRefused(
            "ZOOMINFO_PRIVATE_KEY_FILE holds a key itself, and should name a file. Nothing was sent. "
            "Set ZOOMINFO_PRIVATE_KEY to the key, or ZOOMINFO_PRIVATE_KEY_FILE to the path of the file it is in."
        )
    path = folder / Path(key_file.get_secret_value()).expanduser()
    try:
        return SecretStr(path.read_bytes().decode("latin-1"))
    except OSError as exc:
        raise SettingsRefused(
            f"The private key file {path} cannot be read ({exc.strerror}). Nothing was sent. "
            "Set ZOOMINFO_PRIVATE_KEY_FILE to the PEM file that the Admin Portal gave you."
        ) from exc


def dotenv_of(folder: Path) -> Unshown:
    """Variables of the file `.env` that begin as ours do."""
    path = folder / ".env"
    try:
        return ours(DotEnvSettingsSource(BaseSettings, env_file=path, case_sensitive=True).env_vars)
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8"
    # Raised here, without its cause: what cannot be decoded is held by the error and by the frames that tried.
    raise SettingsRefused(
        f"{path} cannot be read ({reason}). Nothing was sent. Save it as UTF-8 text, or move it away."
    )


def ours(variables: Mapping[str, str | None]) -> Unshown:
    """Those that begin as ours do. A key pasted over many lines of `.env` makes a name of each: these are left out."""
    return Unshown({name: value for name, value in variables.items() if name.upper().startswith(PREFIX)})


def unprefixed(variables: Unshown) -> Unshown:
    """Our own variables, named as the fields are."""
    names = {PREFIX + name: name.lower() for name in NAMES}
    return Unshown({names[key.upper()]: value for key, value in variables.items() if key.upper() in names})


def refuse_misspelt(names: Iterable[str], *, place: str, prefix: str) -> None:
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
            raise SettingsRefused(f"{name} in {place} is not a setting: write {right}. Nothing was sent.")


def nearest_home(folder: Path) -> Path:
    """`.zoominfo` of the folder or its nearest parent that has one, else the user's data folder."""
    for parent in (folder, *folder.parents):
        if (parent / ".zoominfo").is_dir():
            return parent / ".zoominfo"
    return platformdirs.user_data_path("zianalytics", appauthor=False)

from __future__ import annotations

import base64
import json
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from zianalytics.errors import AuthFailed, KeyUnusable, NotAnswered, RateLimited
from zianalytics.settings import Settings
from zianalytics.transport import Answer
from zianalytics.transport.auth import sign_in, token_in
from zianalytics.transport.keys import PkiSignIn, read_key

NOON = datetime(2031, 3, 1, 12, tzinfo=UTC)
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
OLD_PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()

MANGLED: Mapping[str, Callable[[str], str]] = {
    "as it was": lambda pem: pem,
    "with Windows line ends": lambda pem: pem.replace("\n", "\r\n"),
    "with old Mac line ends": lambda pem: pem.replace("\n", "\r"),
    "indented": lambda pem: "\n".join("    " + line for line in pem.splitlines()),
    "without its last newline": str.strip,
    "with spaces at line ends": lambda pem: pem.replace("\n", "  \n"),
    "with literal backslash n": lambda pem: pem.replace("\n", "\\n"),
    "with literal backslash r and n": lambda pem: pem.replace("\n", "\\r\\n"),
    "with a byte order mark": lambda pem: "\u00ef\u00bb\u00bf" + pem,
    "with words before it": lambda pem: "Bag Attributes\n  friendlyName: key\n" + pem,
}


@pytest.mark.parametrize("mangled", MANGLED.values(), ids=MANGLED.keys())
@pytest.mark.parametrize("pem", [PEM, OLD_PEM], ids=["PKCS 8", "PKCS 1"])
def test_a_key_is_read_however_it_was_pasted(pem: str, mangled: Callable[[str], str]) -> None:
    assert read_key(SecretStr(mangled(pem))).private_numbers() == KEY.private_numbers()


def certificate() -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "example.com")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(KEY.public_key())
    dated = built.serial_number(1).not_valid_before(NOON).not_valid_after(NOON + timedelta(days=1))
    return dated.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def private(
    key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey, form: PrivateFormat
) -> str:
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def of_no_known_kind() -> str:
    """Our key, with the last number of the name of its algorithm changed."""
    der = KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    renamed = der.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d010163"))
    return f"-----BEGIN PRIVATE KEY-----\n{base64.encodebytes(renamed).decode()}-----END PRIVATE KEY-----\n"


UNUSABLE = {
    "no key at all": ("geheim", "is not PEM text"),
    "an empty text": ("   ", "is not PEM text"),
    "damaged": (PEM[:400] + "!!" + PEM[402:], "is damaged"),
    "cut in half": (PEM[:800], "is damaged"),
    "encrypted": (
        KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"pass")).decode(),
        "is encrypted with a passphrase",
    ),
    "encrypted in the old way": (
        KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"pass")).decode(),
        "is encrypted with a passphrase",
    ),
    "an elliptic curve": (private(ec.generate_private_key(ec.SECP256R1()), PrivateFormat.PKCS8), "of the kind EC"),
    "an old elliptic curve": (
        private(ec.generate_private_key(ec.SECP256R1()), PrivateFormat.TraditionalOpenSSL),
        "of the kind EC",
    ),
    "an Edwards curve": (private(ed25519.Ed25519PrivateKey.generate(), PrivateFormat.PKCS8), "of the kind Ed25519"),
    "a kind that nobody knows": (of_no_known_kind(), "of the kind unknown"),
    "of OpenSSH": (private(KEY, PrivateFormat.OpenSSH), "in the format of OpenSSH"),
    "a public key": (
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "is a public key, not a private key",
    ),
    "a certificate": (certificate(), "is a certificate, not a private key"),
}


@pytest.mark.parametrize(("pem", "said"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_is_no_usable_key_has_its_own_message(pem: str, said: str) -> None:
    with pytest.raises(KeyUnusable, match=said) as caught:
        read_key(SecretStr(pem))
    assert "Nothing was sent" in str(caught.value)
    inside = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    del inside.stack[0]  # our own frame holds the key in the open
    assert max(pem.split(), key=len, default="nothing") not in "".join(inside.format())


def settings(folder: Path, **given: str) -> Settings:
    return Settings.read(environ={}, folder=folder, username="ann@example.com", **given)  # type: ignore[arg-type]


def test_a_private_key_goes_before_a_password(tmp_path: Path) -> None:
    way = sign_in(settings(tmp_path, password="geheim", client_id="c-1", private_key=PEM))
    assert isinstance(way, PkiSignIn)


def test_the_assertion_says_what_zoominfo_asks_for_and_is_signed_by_the_key(tmp_path: Path) -> None:
    proof = sign_in(settings(tmp_path, client_id="c-1", private_key=PEM)).proof(NOON.timestamp() + 0.9)
    assert proof.body is None
    assert proof.bearer is not None
    assertion = proof.bearer.get_secret_value()
    claims = jwt.decode(
        assertion,
        KEY.public_key(),
        ["RS256"],
        audience="enterprise_api",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims == {
        "aud": "enterprise_api",
        "iss": "api-client@zoominfo.com",
        "iat": 1930132800,
        "exp": 1930133100,
        "client_id": "c-1",
        "username": "ann@example.com",
    }


def test_the_password_is_sent_as_json(tmp_path: Path) -> None:
    proof = sign_in(settings(tmp_path, password='ge"heim ü')).proof(0.0)
    assert proof.bearer is None
    assert proof.body is not None
    assert json.loads(proof.body.get_secret_value()) == {"username": "ann@example.com", "password": 'ge"heim ü'}


def test_neither_way_shows_its_secret(tmp_path: Path) -> None:
    ways = [sign_in(settings(tmp_path, password="geheim")), sign_in(settings(tmp_path, client_id="c", private_key=PEM))]
    shown = repr([(way, way.proof(0.0)) for way in ways])
    assert "geheim" not in shown
    assert "eyJ" not in shown
    assert "PRIVATE" not in shown


def answer(status: int = 200, body: object = None, **headers: str) -> Answer:
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode(), NOON)


def token(**claims: object) -> str:
    return jwt.encode(claims, "k" * 32)


def test_a_token_is_renewed_five_minutes_before_the_hour_is_over() -> None:
    brought = token_in(answer(body={"jwt": token(exp=int((NOON + timedelta(minutes=60)).timestamp()))}))
    assert brought.renew_at == NOON + timedelta(minutes=55)


@pytest.mark.parametrize(
    "secret",
    [
        "opaque", token(), token(exp=None), token(exp=10**30), token(exp=float("nan")), "a..c", "a.b.c", "a.W10.c",
        "a.bnVsbA.c", "a.gICA.c",
    ],
    ids=["no JWT", "silent", "null", "far away", "no number", "empty", "no JSON", "a list", "nothing", "no UTF-8"],
)  # fmt: skip
def test_a_token_that_does_not_say_when_it_expires_is_good_for_an_hour(secret: str) -> None:
    assert token_in(answer(body={"jwt": secret})).renew_at == NOON + timedelta(minutes=55)


def test_a_token_is_read_without_pyjwt_and_cryptography() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from zianalytics.transport.answer import Answer; "
        "from zianalytics.transport.auth import token_in; "
        f'body = b\'{{"jwt": "{token(exp=int(NOON.timestamp()) + 60)}"}}\'; '
        f"token = token_in(Answer(200, {{}}, body, datetime.fromtimestamp({NOON.timestamp()}, UTC))); "
        f"print(token.renew_at.timestamp() - {NOON.timestamp()}, sorted({{'jwt', 'cryptography'}} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert told == "55.0 []\n"


def test_a_short_token_is_used_for_most_of_its_life() -> None:
    brought = token_in(answer(body={"jwt": token(exp=int((NOON + timedelta(seconds=60)).timestamp()))}))
    assert brought.renew_at == NOON + timedelta(seconds=55)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_sign_in_says_what_the_service_said(status: int) -> None:
    refused = answer(status, {"statusCode": status, "message": "Authentication failed."}, **{"x-request-id": "r-9"})
    with pytest.raises(
        AuthFailed, match=rf"HTTP {status}\): Authentication failed\. Nothing was spent\. Check"
    ) as caught:
        token_in(refused)
    assert (caught.value.status, caught.value.request_id, caught.value.retryable) == (status, "r-9", False)
    assert (caught.value.code, caught.value.credits_spent) == ("authentication", 0)


def test_a_user_without_a_role_is_sent_to_those_who_can_give_one() -> None:
    with pytest.raises(AuthFailed, match=r"No roles found for login.*sales representative") as caught:
        token_in(answer(400, {"statusCode": 400, "message": "No roles found for login"}))
    assert caught.value.code == "no_roles"


def test_too_many_sign_ins_are_a_matter_of_pace() -> None:
    with pytest.raises(RateLimited, match="Wait a minute") as caught:
        token_in(answer(429, b"slow down"))
    assert caught.value.retryable is True


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"{}", b'{"jwt": null}', b'{"jwt": 7}', b'{"jwt": "a\\nb"}', b"\xff"]
)
@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_reply_without_a_token_is_no_usable_reply(status: int, body: bytes) -> None:
    with pytest.raises(NotAnswered, match=f"answered with HTTP {status} and without a token") as caught:
        token_in(answer(status, body))
    assert caught.value.outcome_known is True

"""The receiver over real sockets."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from zianalytics.errors import RequestRefused
from zianalytics.journal import Journal
from zianalytics.receiver import Desk, Verdict, receiving

TOKEN = {"x-zoominfo-token": "the-right-token"}


def test_it_answers_200_for_what_is_on_disk_and_says_why_else(
    desk: Desk, journal: Journal, body: Callable[..., bytes]
) -> None:
    noted: list[Verdict] = []
    with receiving(desk, noted=noted.append) as address:
        answers = [
            httpx.post(f"{address}/any/path", content=body({"id": 1}), headers=TOKEN),
            httpx.post(address, content=body({"id": 2})),
            httpx.post(address, content=b"no delivery", headers=TOKEN),
            httpx.get(address),
            httpx.post(address, content=iter([b"a", b"b"]), headers=TOKEN),
        ]
    assert [answer.status_code for answer in answers] == [200, 401, 400, 501, 411]
    assert [verdict.status for verdict in noted] == [200, 401, 400, 411]
    assert len(list(journal.replies())) == 1
    assert "the-right-token" not in str(noted) + "".join(answer.text for answer in answers)


def test_a_body_that_is_cut_or_too_long_is_not_kept(desk: Desk, journal: Journal, body: Callable[..., bytes]) -> None:
    whole = body({"id": 1})
    with receiving(desk) as address:
        host, port = address.removeprefix("http://").split(":")
        for length, sent in ((len(whole) + 5, whole), (17 * 1024 * 1024, b"")):
            with socket.create_connection((host, int(port)), timeout=10) as wire:
                lines = ["POST / HTTP/1.1", "x-zoominfo-token: the-right-token", f"Content-Length: {length}", "", ""]
                wire.sendall("\r\n".join(lines).encode() + sent)
                wire.shutdown(socket.SHUT_WR)
                assert wire.recv(12)[9:12] in (b"400", b"413")
    assert list(journal.replies()) == []


def test_a_journal_that_cannot_be_written_is_no_200(desk: Desk, journal: Journal, body: Callable[..., bytes]) -> None:
    (journal.folder / "webhook-tokens.json").write_text("no JSON")
    noted: list[Verdict] = []
    with receiving(desk, noted=noted.append) as address:
        answer = httpx.post(address, content=body({"id": 1}), headers=TOKEN)
    assert (answer.status_code, answer.text) == (503, "It cannot be kept now. Send it again.")
    assert "webhook-tokens.json" in noted[0].why
    assert list(journal.replies()) == []


def test_it_speaks_https_with_a_certificate(desk: Desk, tmp_path: Path, body: Callable[..., bytes]) -> None:
    certificate = _certificate(tmp_path)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with receiving(desk, certificate=certificate) as address:
        assert address.startswith("https://127.0.0.1:")
        answer = httpx.post(address, content=body({"id": 1}), headers=TOKEN, verify=trusted)
    assert answer.status_code == 200


def test_a_port_that_is_taken_and_a_certificate_that_is_none_are_said(desk: Desk, tmp_path: Path) -> None:
    with receiving(desk) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(RequestRefused, match="Nothing was received"), receiving(desk, port=port):
            pass
    (tmp_path / "odd.pem").write_text("no certificate")
    with pytest.raises(RequestRefused, match="certificate"), receiving(desk, certificate=tmp_path / "odd.pem"):
        pass


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "receiver.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file

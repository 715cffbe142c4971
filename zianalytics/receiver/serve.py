"""HTTP in front of the desk: small, patient with nobody, on this machine unless told otherwise."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from zianalytics.errors import RequestRefused, ZoomInfoError
from zianalytics.receiver.accept import Desk, Verdict

MAX_BODY_BYTES = 16 * 1024 * 1024
PATIENCE_S = 30.0


@contextmanager
def receiving(
    desk: Desk,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: Path | None = None,
    key: Path | None = None,
    noted: Callable[[Verdict], None] = lambda _: None,
) -> Iterator[str]:
    """Receive as long as the block lasts; gives the address to receive at.

    Parameters
    ----------
    host, port
        Where to listen; port 0 is any free one.
    certificate, key
        PEM files, to speak https.
    noted
        Told of each delivery that was taken or refused.

    Raises
    ------
    RequestRefused
        The address cannot be listened at, or the certificate cannot be used.
    """
    try:
        server = _Server((host, port), _handler(desk, noted), certificate, key)
    except (OSError, OverflowError) as exc:
        raise RequestRefused(
            f"Nothing can be received at {host}:{port} ({exc}). Nothing was received. Choose another port, or see to "
            "the certificate and its key."
        ) from exc
    thread = Thread(target=server.serve_forever, args=(0.05,), name="webhooks", daemon=True)
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # a delivery under way is brought to its end

    def __init__(
        self, where: tuple[str, int], handler: type[BaseHTTPRequestHandler], certificate: Path | None, key: Path | None
    ) -> None:
        super().__init__(where, handler)
        try:
            if certificate is not None:
                context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                context.load_cert_chain(certificate, key)
                # The handshake is left to the thread of each connection: nobody who is slow holds up the others.
                self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        except OSError:
            self.server_close()
            raise

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is the other side's affair: what was not answered is sent again."""


def _handler(desk: Desk, noted: Callable[[Verdict], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "zianalytics", ""
        timeout = PATIENCE_S

        def do_POST(self) -> None:
            try:
                verdict = self._verdict({name.lower(): value for name, value in self.headers.items()})
            except ZoomInfoError as exc:  # it is not on disk, so that the sender must not believe it is
                verdict = Verdict(503, "It cannot be kept now. Send it again.", why=str(exc))
            noted(verdict)
            said = verdict.said.encode()
            self.send_response(verdict.status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def _verdict(self, headers: dict[str, str]) -> Verdict:
            if refusal := desk.refusal(headers):
                return refusal
            body = self._body(headers.get("content-length", ""))
            return body if isinstance(body, Verdict) else desk.take(headers, body)

        def _body(self, length: str) -> bytes | Verdict:
            """The whole body, or why it is not taken."""
            if not (length.isascii() and length.isdigit()):
                return Verdict(411, "Say how long the body is.")
            if int(length) > MAX_BODY_BYTES:
                return Verdict(413, f"A delivery may have {MAX_BODY_BYTES:,} bytes at most.")
            body = self.rfile.read(int(length))
            return body if len(body) == int(length) else Verdict(400, "The body has not come whole.")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: addresses and paths of senders are nobody's business."""

    return Handler

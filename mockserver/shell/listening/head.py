"""uvicorn's HTTP with a bound on what may come beside the bodies of requests."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_BYTES = 64 * 1024
_TOO_MUCH = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedHead(HttpToolsProtocol):
    """Ends a connection on which a request line, headers or trailers go on for too long.

    The parser keeps a line until its end comes, and every header, however large. Here is counted what has come since
    something of a request was complete: its head, some of its body, or all of it.
    """

    _incomplete = 0

    def data_received(self, data: bytes) -> None:
        """Takes what has come."""
        self._incomplete += len(data)
        super().data_received(data)
        if self._incomplete > MAX_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_MUCH)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """The head is complete."""
        self._incomplete = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of the body has come."""
        self._incomplete = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All has come."""
        self._incomplete = 0
        super().on_message_complete()

"""A server that gives the answers of `answers.py` and does nothing else, so that it is not what is measured.

Prints its port. What is asked is looked for, not parsed: the country says which query it is, the zip code which part
of a longer job, and answers to later parts differ in their ids alone.
Standard library only. Run by `benchmarks/client.py`: serve.py FOLDER DELAY_S
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import sys
import time
from email.utils import formatdate
from pathlib import Path

from job import COUNTRIES, FIRST_ID, INPUTS, PAGES  # type: ignore[import-not-found]  # beside this file

PER_PART = 100_000
ALLOWED = 10_000_000
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COUNTRY = re.compile(rb'"country": *"([^"]+)"')
_ZIP = re.compile(rb'"zipCode": *"(\d)"')
_PAGE = re.compile(rb'"page": *(\d+)')
_ID = re.compile(rb'"companyId": *(\d+)')
_LIMITS = ("uniqueIdLimit", "recordLimit", "requestLimit")


class Answers:
    """What is said to each request, and what has been counted."""

    def __init__(self, folder: Path) -> None:
        self._pages = {int(path.stem[5:]): path.read_bytes() for path in folder.glob("page-*.json")}
        self._batches = {int(path.stem[6:]): path.read_bytes() for path in folder.glob("batch-*.json")}
        self._granted = (folder / "granted.json").read_bytes()
        self._requests = self._records = 0

    def to(self, head: bytes, body: bytes) -> bytes:
        """The whole reply."""
        path = head.split(b" ", 2)[1]
        if path == b"/search/company":
            country, part, page = (
                one[1] for one in (_COUNTRY.search(body), _ZIP.search(body), _PAGE.search(body)) if one
            )
            self._requests += 1
            number = PAGES * COUNTRIES.index(country.decode()) + int(page) - 1
            return self._reply(_of_part(self._pages[number], int(part)), counts=True)
        if path == b"/enrich/company" and (found := _ID.search(body)):
            part, number = divmod(int(found[1]) - FIRST_ID, PER_PART)
            self._requests, self._records = self._requests + 1, self._records + INPUTS
            return self._reply(_of_part(self._batches[number], part), counts=True)
        if path == b"/authenticate":
            return self._reply(json.dumps({"jwt": _token()}).encode())
        if path == b"/lookup/usage":
            return self._reply(json.dumps({"usage": self._usage()}).encode())
        if path == b"/lookup/outputfields/company/enrich":
            return self._reply(self._granted)
        raise ValueError(f"no answer to {path!r}")

    def _usage(self) -> list[dict[str, object]]:
        used = {"requestLimit": self._requests}
        return [
            {
                "limitType": name,
                "description": name,
                "totalLimit": ALLOWED,
                "currentUsage": used.get(name, self._records),
                "usageRemaining": ALLOWED - used.get(name, self._records),
            }
            for name in _LIMITS
        ]

    def _reply(self, body: bytes, *, counts: bool = False) -> bytes:
        head = {
            "Content-Type": "application/json;charset=utf-8",
            "Content-Length": len(body),
            "Date": formatdate(usegmt=True),
        }
        if counts:
            for name, used in (("Request", self._requests), ("Record", self._records), ("Unique-Id", self._records)):
                head |= {f"X-Usage-{name}-Limit-Limit": ALLOWED, f"X-Usage-{name}-Limit-Remaining": ALLOWED - used}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return b"HTTP/1.1 200 OK\r\n%b\r\n%b" % (lines.encode(), body)


def _of_part(body: bytes, part: int) -> bytes:
    return body.replace(b" 77770", b" 7777%d" % part)


def _token() -> str:
    claims = json.dumps({"exp": int(time.time()) + 3600}).encode()
    middle = base64.urlsafe_b64encode(claims).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{middle}.none"


class Connection(asyncio.Protocol):
    """One connection, which is kept."""

    def __init__(self, answers: Answers, delay_s: float) -> None:
        self._answers, self._delay_s, self._held = answers, delay_s, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once a request is whole."""
        self._held += data
        head, blank, rest = self._held.partition(b"\r\n\r\n")
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        if not blank or len(rest) < length:
            return
        self._held = rest[length:]
        answer = self._answers.to(head, rest[:length])
        asyncio.get_running_loop().call_later(self._delay_s, self._transport.write, answer)


async def serve(folder: Path, delay_s: float) -> None:
    """Serve until standard input ends."""
    answers = Answers(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers, delay_s), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), float(sys.argv[2])))

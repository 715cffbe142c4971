"""A replay under fire: collections broken at random, and bytes that are no HTTP.

Each broken collection is read, and every answer that is left of it asked for, without a crash and in little time; each
answer is one that h11, another implementation of HTTP, agrees to send. Each broken request is sent to a server that
listens; whatever comes back is HTTP, and a good request afterwards is answered. Where that is not so it ends with an
error that names the seed. docs/benchmarks.md quotes the output. Run: python benchmarks/fuzz.py [--minutes 5] [--seed 1]
"""

from __future__ import annotations

import argparse
import copy
import faulthandler
import json
import logging
import random
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h11

from mockserver import Replay, Request, serve
from mockserver.postman import CollectionUnusable
from mockserver.sandbox import Options, Sandbox

TOO_LONG_S = 10.0

DEEP: Any = json.loads("[" * 300 + "]" * 300)
WORDS = ["", "a", "{{a}}", "{{b}}x{{a}}", ":id", "%00", "%zz%ff", "//", "/__mock__/x", "a\r\nb: c",
    "\x00", "\ud800", "\udc00é", "漢\u202e", "https://{{a}}/v1?x=1#y", "{{$guid}}", "{{$randomInt}}",
    "{{{{a}}}}", "{{", "}}", "x" * 9_000, "{{a}}" * 500, "/a" * 200, "a=1&" * 1_500,
    '{"a": [1, {"b": "{{a}}"}]}', "/*", '"', "CONNECT", "HEAD", "utf-16",
    "application/json; charset=utf-16", "204", "secret", "noauth", "bearer", "default"]  # fmt: skip
JUNK: list[Any] = [*WORDS, *WORDS, None, True, False, 0, -1, 99, 204, 304, 1_000, 2**63, 10**400, 1e308,
    -0.0, float("nan"), float("inf"), [], {}, [[]], [None], {"": None}, {"key": "a", "value": "b"},
    [{"key": "a", "value": "{{a}}"}], {"type": "Buffer", "data": [1, 2]},
    {"type": "Buffer", "data": [1, -2]}, {"type": "Buffer", "data": 10**12}, DEEP,
    {"mode": "raw", "raw": "{{a}}"}, {"item": []}, [7] * 50]  # fmt: skip
KEYS = ["item", "request", "response", "originalRequest", "url", "raw", "host", "path", "query",
    "variable", "header", "body", "mode", "urlencoded", "formdata", "graphql", "file", "src", "type",
    "key", "value", "code", "status", "name", "auth", "event", "disabled", "description", "id",
    "_postman_previewlanguage", "stream", "cookie"]  # fmt: skip


def good() -> dict[str, Any]:
    """A collection with some of everything."""

    def saved(name: str, code: int, body: Any, **more: Any) -> dict[str, Any]:
        header = [{"key": "Content-Type", "value": "application/json"}, {"key": "X-A", "value": "{{a}}"}]
        return {"id": f"id-{name}", "name": name, "code": code, "status": "OK", "header": header, "body": body, **more}

    def pair(key: str, value: str, **more: Any) -> dict[str, Any]:
        return {"key": key, "value": value, **more}

    modes = [
        {"mode": "raw", "raw": '{"a": 1, "b": ["{{a}}", {{b}}]} // note', "options": {"raw": {"language": "json"}}},
        {"mode": "urlencoded", "urlencoded": [pair("a", "1"), pair("b", "{{b}}"), pair("c", "", disabled=True)]},
        {"mode": "formdata", "formdata": [pair("a", "1"), {"key": "f", "type": "file", "src": "../../etc/passwd"}]},
        {"mode": "graphql", "graphql": {"query": "query { a }", "variables": '{"a": "{{a}}"}'}},
        {"mode": "file", "file": {"src": "/etc/passwd"}},
    ]
    url = {"raw": "{{base}}/orders/:id?x=1", "host": ["{{base}}"], "path": ["orders", ":id"], "query": [pair("x", "1")]}
    url |= {"variable": [pair("id", "7")]}
    items = [
        {
            "name": f"r{number}",
            "event": [{"listen": "test", "script": {"exec": ["a", "b"]}}],
            "request": {"method": "POST", "url": url, "body": body, "header": [pair("X-B", "{{b}}")]},
            "response": [
                saved("one", 200, '{"id": "{{$guid}}", "a": "{{a}}"}'),
                saved("two", 404, "", originalRequest={"method": "GET", "url": f"{{{{base}}}}/things/{number}?y=2"}),
            ],
        }
        for number, body in enumerate(modes)
    ]
    auth = {"type": "basic", "basic": [pair("username", "u"), pair("password", "{{a}}")]}
    variables = [pair("base", "https://api.example.com/v1"), pair("b", "2"), pair("c", "x", type="secret")]
    folder = {"name": "folder", "auth": auth, "variable": [pair("b", "3")], "item": items[2:]}
    return {"info": {"name": "good"}, "item": [*items[:2], folder], "variable": variables, "auth": {"type": "noauth"}}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document, as a container and a key of it."""
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        if isinstance(holder, dict | list) and holder is not DEEP:
            for key in [*holder] if isinstance(holder, dict) else range(len(holder)):
                yield holder, key
                waiting.append(holder[key])


def broken(chance: random.Random) -> bytes:
    """The good collection with a few things replaced, left out, doubled or moved; now and then no JSON any more."""
    document = good()
    for _ in range(chance.randint(1, 8)):
        everywhere = [*places(document)]
        if not 0 < len(everywhere) < 20_000:
            break
        (holder, key), (other, far) = chance.choice(everywhere), chance.choice(everywhere)
        how = chance.randrange(6)
        if how <= 2:
            holder[key] = copy.deepcopy(chance.choice(JUNK) if how else other[far])
        elif how == 3:
            del holder[key]
        elif how == 4 and isinstance(holder, list):
            holder[key:key] = [copy.deepcopy(holder[key])] * chance.choice([1, 1, 2, 50])
        elif isinstance(holder, dict):
            holder[chance.choice(KEYS)] = copy.deepcopy(chance.choice(JUNK))
    content = json.dumps(document, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return scratched(chance, content) if chance.random() < 0.3 else content


def scratched(chance: random.Random, content: bytes) -> bytes:
    """Bytes cut, flipped, doubled, put in, or in another encoding."""
    how, at = chance.randrange(6), chance.randrange(len(content))
    if how == 0:
        return content[:at]
    if how == 1:
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
    if how == 2:
        return content[:at] + content[at // 2 : at] + content[at:]
    if how == 3:
        return b"\xef\xbb\xbf" + content
    if how == 4:
        return content.decode("utf-8", "replace").encode(
            chance.choice(["utf-16", "utf-16-le", "utf-32", "latin-1"]), "replace"
        )
    return content[:at] + chance.choice([b"\x00", b"\xff", b"1e999", b"NaN", b"[" * 5_000, b"9" * 5_000]) + content[at:]


def sendable(replay: Replay, request: Request) -> None:
    """Ask, and hold the answer against h11."""
    response = replay.answer(request)
    if not 200 <= response.status <= 599 or (response.body and response.status in (204, 304)):
        raise AssertionError(f"status {response.status} with {len(response.body)} bytes")
    line = h11.Connection(h11.SERVER)
    line.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    line.next_event()
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
    line.send(h11.Response(status_code=response.status, headers=headers))


def read(chance: random.Random, file: Path) -> tuple[int, int]:
    """Break a collection and ask for all that is left: how many examples and faults it has; (0, 0) when refused."""
    file.write_bytes(broken(chance))
    try:
        replay = Replay.read([file])
    except CollectionUnusable as exc:
        if not str(exc).startswith(str(file)):
            raise
        return 0, 0
    bodies = [b"", b'{"a": 1, "b": ["x", 2]}', b"a=1&b=2", b"\xff\x00", b"[" * 2_000]
    for example in replay.examples[:40]:
        path = "/" + "/".join(segment.text for segment in example.path)
        selectors = {"x-mock-response-name": example.name, "content-type": chance.choice(WORDS)}
        for headers in ({}, selectors):
            sendable(replay, Request(example.method, path, example.query, headers, chance.choice(bodies)))
    for word in chance.sample(WORDS, 5):
        sendable(replay, Request(chance.choice(["GET", "POST", word]), f"/{word}", ((word, word),), {"x": word}, b"{}"))
    for fault in replay.faults:
        if not str(fault).startswith(file.name):
            raise AssertionError(str(fault))
    return len(replay.examples), len(replay.faults)


PIECES = [b"\r\n", b"\r\n\r\n", b"\x00", b"\xff", b" ", b":", b"\t", b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n",
    b"ffffffffffffffff\r\n", b"0\r\n\r\n", b"-1\r\n", b"Host: evil.example\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n", b"Connection: close\r\n",
    b"Expect: 100-continue\r\n", b"GET / HTTP/9.9\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\n", b"TRACE ", b"OPTIONS * HTTP/1.1\r\n", b"GET http://a HTTP/1.1\r\n",
    b"A: " + b"b" * 70_000 + b"\r\n", b"A: b\r\n" * 12_000, b"/a" * 40_000, b"\x16\x03\x01\x02\x00"]  # fmt: skip


def requests(chance: random.Random, host: bytes) -> bytes:
    """A few good requests in one go, then broken."""
    heads = [
        b"GET /x?a=%ff HTTP/1.1\r\nHost: %h\r\n\r\n",
        b"HEAD /%00 HTTP/1.1\r\nHost: %h\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: %h\r\nContent-Length: 3\r\n\r\n{}\n",
        b"POST /x HTTP/1.1\r\nHost: %h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"POST /__mock__/clock HTTP/1.1\r\nHost: %h\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]",
    ]
    sent = b"".join(chance.choice(heads).replace(b"%h", host) for _ in range(chance.randint(1, 4)))
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(sent) + 1)
        gone = chance.choice([0, 0, 1, 5, 40])
        sent = sent[:at] + chance.choice([*PIECES, chance.randbytes(8)]) + sent[at + gone :]
    return sent[: chance.randrange(len(sent))] if chance.random() < 0.2 else sent


def shoot(chance: random.Random, port: int) -> str:
    """Send broken bytes in pieces: "answered", "closed" or "waits", as it may for more to come."""
    sent = requests(chance, b"127.0.0.1:%d" % port)
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=TOO_LONG_S) as line, suppress(ConnectionError):
        while sent:
            size = chance.choice([1, 7, 100, 100_000]) if len(sent) < 500 else 100_000
            line.sendall(sent[:size])
            sent = sent[size:]
        if chance.random() < 0.3:
            return "closed"  # by us, and early
        if chance.random() < 0.5:
            with suppress(OSError):  # it may be closed already
                line.shutdown(socket.SHUT_WR)
        line.settimeout(0.05)
        while len(received) < 2**20 and (chunk := line.recv(2**16)):
            received += chunk
    if received and not received.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")):
        raise AssertionError(received[:200])
    return "answered" if received else "closed"


def is_well(port: int) -> bool:
    """Whether a good request is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=TOO_LONG_S) as line:
        line.sendall(b"GET /well HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % port)
        return line.recv(12).startswith(b"HTTP/1.1 ")


class Mistakes(logging.Handler):
    """Keeps what the server says of its own mistakes."""

    said: list[str]

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, unless uvicorn has refused the next request already while the one before was being answered."""
        if not (record.exc_info and isinstance(record.exc_info[1], h11.LocalProtocolError)):
            self.said.append(self.format(record))


def fire(chance: random.Random, until: float, most: int, file: Path) -> dict[str, int]:
    """Shoot at three servers: a replay on either parser, and a sandbox."""
    plain, odd = good(), good()
    odd["item"][0]["request"]["method"] = "ODD"  # needs the other parser
    replays = []
    for document in (plain, odd):
        file.write_text(json.dumps(document), encoding="utf-8")
        replays.append(Replay.read([file]))
    came = {"answered": 0, "closed": 0, "waits": 0}
    with serve(replays[0]) as one, serve(replays[1]) as two, serve(Sandbox(Options(companies=50))) as three:
        for number in range(most):
            port = chance.choice([one.port, two.port, three.port])
            try:
                came[shoot(chance, port)] += 1
            except TimeoutError:
                came["waits"] += 1
            if number % 20 == 0 and not is_well(port):
                raise AssertionError("a good request was not answered")
            if time.monotonic() > until:
                break
        if not all(is_well(each.port) for each in (one, two, three)):
            raise AssertionError("a good request was not answered")
    return came


def main(argv: list[str]) -> int:
    """Break and ask, until the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=10**9, help="collections, and as many requests")
    options = parser.parse_args(argv)
    mistakes = Mistakes()
    logging.getLogger().addHandler(mistakes)
    logging.getLogger("uvicorn.error").addHandler(mistakes)
    began = time.monotonic()
    files, examples, faults, refused, slowest = 0, 0, 0, 0, 0.0
    with TemporaryDirectory() as folder:
        file = Path(folder) / "broken.json"
        while files < options.most and time.monotonic() - began < options.minutes * 30:
            chance = random.Random(f"{options.seed} {files}")
            faulthandler.dump_traceback_later(TOO_LONG_S, exit=True)
            started = time.monotonic()
            try:
                found, told = read(chance, file)
            except BaseException:
                print(f"collection {files} of seed {options.seed} did this:", flush=True)
                raise
            slowest = max(slowest, time.monotonic() - started)
            files, examples, faults = files + 1, examples + found, faults + told
            refused += (found, told) == (0, 0)
        faulthandler.cancel_dump_traceback_later()
        print(
            f"{files:,} broken collections: {refused:,} refused, {examples:,} examples served of the others with "
            f"{faults:,} faults told; the slowest took {slowest:.1f} s",
            flush=True,
        )
        came = fire(random.Random(options.seed), began + options.minutes * 60, options.most, file)
    print(f"{sum(came.values()):,} broken requests: " + ", ".join(f"{count:,} {what}" for what, count in came.items()))
    if mistakes.said:
        print(f"{len(mistakes.said)} mistakes of the server, the first:\n{mistakes.said[0]}")
        return 1
    print(f"no crash, no hang, no mistake in {time.monotonic() - began:.0f} s, seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

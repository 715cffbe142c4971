"""What hostile collections and hostile requests cost: each is refused or served within 5 seconds and 400 MB.

Each case is a server of its own, started by the command that users start: the seconds until it listens or gives up, and
those for one request; and the most memory that its process has held. docs/benchmarks.md quotes the output.
Run: python benchmarks/hostile.py [NAME ...]
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.beside.spent import cpu_of, peak_mb_of

MAX_S, MAX_MB = 5.0, 400
LIMIT_S = 20  # then it is given up
MIB = 2**20
GET = b"GET /x HTTP/1.1\r\nHost: %h\r\nConnection: close\r\n\r\n"
Chunks = Iterable[bytes]


@dataclass(frozen=True)
class Case:
    """A file, what is asked of the server that serves it, and what should come of it: a status, or "refused"."""

    name: str
    expected: str
    file: Callable[[], Chunks]
    ask: Callable[[], Chunks] = lambda: [GET]


def collection(*items: Any, **more: Any) -> list[bytes]:
    """A small collection."""
    return [json.dumps({"item": items, **more}).encode()]


def around(chunks: Chunks, before: str, after: str) -> Iterator[bytes]:
    """A large part within a small text."""
    yield before.encode()
    yield from chunks
    yield after.encode()


def times(count: int, text: str, at_once: int = 10_000) -> Iterator[bytes]:
    """A text many times, in chunks."""
    for done in range(0, count, at_once):
        yield (text * min(at_once, count - done)).encode()


def saved(*answers: Any, url: Any = "/x", **more: Any) -> dict[str, Any]:
    """A request with its saved answers."""
    return {"name": "r", "request": {"url": url, **more}, "response": list(answers)}


def items(each: Callable[[int], Any], count: int) -> Iterator[bytes]:
    """A collection of many requests."""
    yield b'{"item": ['
    for number in range(count):
        yield (b"," if number else b"") + json.dumps(each(number)).encode()
    yield b"]}"


def request(
    method: str, target: Chunks, headers: Chunks = (), body: Chunks = (), size: int | None = None
) -> Iterator[bytes]:
    """A request in chunks; `%h` is the host."""
    yield f"{method} ".encode()
    yield from target
    yield b" HTTP/1.1\r\nHost: %h\r\n"
    yield from headers
    yield b"\r\n" if size is None else b"Content-Length: %d\r\n\r\n" % size
    yield from body


def post(body: Callable[[], Chunks], kind: str = "application/json") -> Callable[[], Chunks]:
    """A POST of this body."""
    size = sum(len(chunk) for chunk in body())
    return lambda: request("POST", [b"/x"], [b"Content-Type: %s\r\n" % kind.encode()], body(), size)


OK = {"code": 200, "body": "fine"}


def one(*requests: Any) -> Callable[[], list[bytes]]:
    """A small collection, when it is asked for."""
    return lambda: collection(*requests)


def many(each: Callable[[int], Any], count: int) -> Callable[[], Chunks]:
    """A collection of many requests, when it is asked for."""
    return lambda: items(each, count)


def two(mode: str, first: Any, other: Any) -> Callable[[], Chunks]:
    """Two examples of one request that their bodies tell apart."""
    return lambda: collection(*(saved(OK, method="POST", body={"mode": mode, mode: body}) for body in (first, other)))


SMALL = one(saved(OK))
ODD = one(saved(OK), saved(OK, method="ODD"))
JSON = two("raw", '{"a": 1}', '{"a": {{x}}}')
FORM = two("urlencoded", [{"key": "a", "value": "1"}], [{"key": "a", "value": "{{x}}"}])
PARTS = two("formdata", [{"key": "a", "value": "1"}], [{"key": "a", "value": "{{x}}"}])
OPEN = two("raw", "a{{x}}" * 5_000 + "!", "b{{x}}" * 5_000 + "!")
DOUBLING = [{"key": f"v{n}", "value": f"{{{{v{n + 1}}}}}" * 2} for n in range(30)] + [{"key": "v30", "value": "x"}]
BODY = '"body": "', '"}]}]}'
ANSWER = '{"item": [{"request": "/x", "response": [{'
BOUNDARY = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n'


def deep_names() -> Iterator[bytes]:
    """Folders in folders, each with a name of a megabyte and a hundred requests."""
    inner = ",".join(json.dumps(saved(OK, 7, url=f"/{number}")) for number in range(100))
    yield b'{"item": ['
    yield from times(40, inner + ', {"name": "' + "n" * MIB + '", "item": [', 1)
    yield from times(41, "]}", 41)


COLLECTIONS = [
    Case("300 MB of spaces", "refused", lambda: times(300, " " * MIB, 1)),
    Case("60 MB of spaces before a collection", "200", lambda: chain(times(60, " " * MIB, 1), SMALL())),
    Case("50,000 nested folders", "refused", lambda: around(times(50_000, '{"item":['), "", "]}" * 50_000)),
    Case("400 nested folders", "404", lambda: around(times(400, '{"item":['), "", "]}" * 400)),
    Case("100,000 nested lists", "refused", lambda: times(100_000, "[")),
    Case("20 million empty objects", "refused", lambda: around(times(20_000_000, "{},"), '{"item": [', "{}]}")),
    Case("2^30 expansions in a path", "200", lambda: collection(saved(OK, url="/{{v0}}"), variable=DOUBLING)),
    Case("2^30 expansions in an answer", "200", lambda: collection(saved({"body": "{{v0}}"}), variable=DOUBLING)),
    Case("2^19 expansions in each of 5,000", "200", lambda: items(
        lambda n: {**saved(OK, url=f"/{n}/{{{{v11}}}}" if n else "/x"), "variable": DOUBLING}, 5_000)),
    Case("10 million open variables in a path", "404", lambda: around(
        times(10_000_000, "{{a}}"), '{"item": [{"request": "/', '", "response": [{}]}]}')),
    Case("6 million dynamic variables in an answer", "200", lambda: around(
        times(6_000_000, "{{$guid}}"), ANSWER + BODY[0], BODY[1])),
    Case("a million quotation marks in an answer", "200", lambda: around(
        times(8_000_000, '\\"{{', 10_000), ANSWER + BODY[0], "{{$guid}}" + BODY[1])),
    Case("an answer of 64 MB", "refused", lambda: around(times(64, "x" * MIB, 1), ANSWER + BODY[0], BODY[1])),
    Case("an answer of 60 MB", "200", lambda: around(times(60, "x" * MIB, 1), ANSWER + BODY[0], BODY[1])),
    Case("an answer of 60 MB, one emoji", "refused", lambda: around(
        times(60, "x" * MIB, 1), ANSWER + BODY[0], "\U0001f600" + BODY[1])),
    Case("an answer of 60 MB of emoji", "200", lambda: around(
        times(15, "\U0001f600" * MIB, 1), ANSWER + BODY[0], BODY[1])),
    Case("an answer of 30 MB of escapes", "200", lambda: around(
        times(5 * MIB, "\\u00e9"), ANSWER + BODY[0], BODY[1])),
    Case("a path of 60,000 segments", "404", lambda: collection(saved(OK, url="/a" * 60_000))),
    Case("10 million segments", "404", lambda: around(
        times(10_000_000, "/a"), '{"item": [{"request": "', '", "response": [{}]}]}')),
    Case("90 segments in 20,000 answers", "200", lambda: collection(saved(*[OK] * 20_000, url="/x"), saved(
        *[OK] * 20_000, url="/ab" * 90))),
    Case("a body of 1 MB asked of 20,000 answers", "200", lambda: collection(
        saved(*[OK] * 20_000, method="GET", body={"mode": "raw", "raw": "[" + "[]," * 300_000 + "[]]"}))),
    Case("60 MB of lists in a request's body", "200", lambda: around(
        times(20_000_000, "[],"), '{"item": [{"request": {"url": "/x", "body": {"mode": "raw", "raw": "[',
        '[]]"}}, "response": [{}]}]}')),
    Case("10 million lists, escaped", "200", lambda: around(
        times(5_000_000, "\\u005b]\\u002c"), '{"item": [{"request": {"url": "/x", "body": {"mode": "raw", "raw": "[',
        '[]]"}}, "response": [{}]}]}')),
    Case("100,000 query pairs", "404", lambda: collection(saved(OK, url="/x?" + "a=1&" * 100_000)), lambda: request(
        "GET", [b"/x?", *times(10_000, "a=2&")])),
    Case("100,000 headers of an answer", "200", lambda: collection(saved({"header": [
        {"key": f"X-{n}", "value": "v"} for n in range(100_000)]}))),
    Case("a header of 10 MB", "200", lambda: collection(saved({"header": [{"key": "X", "value": "v" * 10 * MIB}]}))),
    Case("1e999, NaN, 5,000 digits", "200", lambda: [
        b'{"item": [{"request": "/x", "response": [{"code": 1e999}, {"code": NaN, "body": ' + b"7" * 5_000 + b"}]}]}"]),
    Case("a million faults", "200", lambda: around(
        times(600_000, "7,"), '{"item": [{"request": "/x", "response": [', "{}]}]}")),
    Case("names of 1 MB, 40 folders deep", "404", deep_names),
    Case("a buffer of 10^12 bytes", "200", lambda: collection(saved({"body": {"type": "Buffer", "data": 10**12}}))),
    Case("UTF-16", "200", lambda: [SMALL()[0].decode().encode("utf-16")]),
    Case("BOM", "200", lambda: [b"\xef\xbb\xbf", *SMALL()]),
    Case("not UTF-8", "refused", lambda: [b'{"item": ["\xff"]}']),
    Case("keys that come twice", "200", lambda: [b'{"item": [], "item": [7], ' + SMALL()[0][1:]]),
    Case("scripts of a million lines", "200", lambda: around(
        times(900_000, '"x",'), '{"event": [{"listen": "test", "script": {"exec": [',
        '""]}}], ' + SMALL()[0].decode()[1:])),
]  # fmt: skip

PLENTY = many(lambda n: saved(OK, url=f"/orders/{n}/lines/{n}"), 20_000)
ALIKE = many(
    lambda n: saved(OK, method="POST", body={"mode": "raw", "raw": json.dumps({"n": n, "a": ["text"] * 50})}), 20_000
)
ALIKE_OPEN = many(
    lambda n: saved(OK, method="POST", body={"mode": "raw", "raw": f'{{"n": {n}, "a": ["{{{{x}}}}"]}}'}), 20_000
)
QUERIES = many(lambda n: saved(OK, url=f"/x?n={n}&" + "a={{b}}&" * 50), 5_000)
WILD = many(lambda n: saved(OK, url="/" + "{{a}}b" * 12 + f"{n}"), 5_000)
OPEN_TEXTS = many(lambda n: saved(OK, method="POST", body={"mode": "raw", "raw": f"{{{{x}}}}q{n}{{{{y}}}}"}), 5_000)
HOLES = many(
    lambda n: saved(OK, method="POST", body={"mode": "raw", "raw": json.dumps(
        ["{{x}}" if n >> bit & 1 else 1 for bit in range(13)])}), 5_000
)  # fmt: skip
OPEN_QUERIES = many(lambda n: saved(OK, url=f"/x?a={{{{b}}}}q{n}{{{{c}}}}"), 20_000)
LONG = 60_000
REQUESTS = [
    Case("body of 64 MB", "413", JSON, post(lambda: times(64, "x" * MIB, 1))),
    Case("path of 60,000 segments", "4", SMALL, lambda: request("GET", times(LONG, "/a"))),
    Case("path of 30,000 segments", "404", SMALL, lambda: request("GET", times(30_000, "/a"))),
    Case("100,000 query pairs", "4", SMALL, lambda: request("GET", [b"/x?", *times(100_000, "a=1&")])),
    Case("16,000 query pairs, 5,000 examples", "200", QUERIES, lambda: request(
        "GET", [b"/x?", *times(15_000, "a=1&")])),
    Case("100,000 headers", "4", SMALL, lambda: request("GET", [b"/x"], times(100_000, "X-A: 1\r\n"))),
    Case("a header of 200 MB", "4 or closed", SMALL, lambda: request(
        "GET", [b"/x"], chain([b"X: "], times(200, "a" * MIB, 1)))),
    Case("a trailer of 200 MB", "4 or closed", SMALL, lambda: request(
        "POST", [b"/x"], [b"Transfer-Encoding: chunked\r\n"], chain([b"0\r\nX: "], times(200, "a" * MIB, 1)))),
    Case("a header of 200 MB, other parser", "4 or closed", ODD, lambda: request(
        "GET", [b"/x"], chain([b"X: "], times(200, "a" * MIB, 1)))),
    Case("a trailer of 200 MB, other parser", "4 or closed", ODD, lambda: request(
        "POST", [b"/x"], [b"Transfer-Encoding: chunked\r\n"], chain([b"0\r\nX: "], times(200, "a" * MIB, 1)))),
    Case("JSON of 100,000 nested lists", "200", JSON, post(lambda: times(100_000, "["))),
    Case("JSON of 900 nested lists", "200", JSON, post(lambda: [b"[" * 900 + b"]" * 900])),
    Case("JSON of 5 million lists", "200", JSON, post(lambda: [b"[", *times(5_000_000, "[],"), b"[]]"])),
    Case("JSON that opens comments", "200", JSON, post(lambda: times(8 * MIB - 1, "/*"))),
    Case("JSON that opens a text", "200", JSON, post(lambda: [b'"', *times(4 * MIB, '\\"'), b"\\"])),
    Case("JSON that opens variables", "200", JSON, post(lambda: times(5 * MIB, "{{a"))),
    Case("form of 8 million fields", "200", FORM, post(
        lambda: times(8_000_000, "a&"), "application/x-www-form-urlencoded")),
    Case("16 MB of parts", "200", PARTS, post(
        lambda: times(300_000, BOUNDARY.decode()), "multipart/form-data; boundary=b")),
    Case("16 MB of lines in a part", "200", PARTS, post(
        lambda: [BOUNDARY, *times(15 * MIB, "\n"), b"\r\n--b--"], "multipart/form-data; boundary=b")),
    Case("16 MB of headers in a part", "200", PARTS, post(
        lambda: [b"--b\r\n", *times(3_000_000, "A:1\r\n"), b"\r\n\r\n--b--"], "multipart/form-data; boundary=b")),
    Case("1 MB against 5,000 open variables", "200", OPEN, post(lambda: times(MIB, "a"), "text/plain")),
    Case("60 kB against 12 in each of 5,000 paths", "404", WILD, lambda: request("GET", [b"/", *times(LONG, "b")])),
    Case("15 MB against 5,000 open texts", "200", OPEN_TEXTS, post(lambda: times(15 * MIB, "a"), "text/plain")),
    Case("10 MB of JSON against 5,000 open bodies", "200", HOLES, post(
        lambda: chain([b"[1,1,1,1,1,1,1,1,1,1,1,1,"], [b"["], times(800_000, '"abcdefgh",'), [b"1]]"]))),
    Case("a body of 10 MB that must match", "404", JSON, lambda: request(
        "POST", [b"/x"], [b"Content-Type: application/json\r\nX-Mock-Match-Request-Body: true\r\n"],
        chain([b'{"a":['], times(800_000, '"abcdefgh",'), [b'1],"b":1}']), 6 + 800_000 * 11 + 9)),
    Case("9,000 parameters, 20,000 open ones", "200", OPEN_QUERIES, lambda: request(
        "GET", [b"/x?", *(b"a=%d&" % n for n in range(9_000))])),
    Case("6 bodies of 15 MB in a row", "200", JSON, lambda: chain(*(
        request("POST", [b"/x"], [], chain([b"%d" % n], times(15 * MIB - 2, "x")), 15 * MIB) for n in range(10, 16)))),
    Case("a miss among 20,000 examples", "404", PLENTY, lambda: request("GET", [b"/orders", *times(20_000, "/1")])),
    Case("20,000 examples of one request", "200", ALIKE, post(
        lambda: [json.dumps({"n": 19_999, "a": ["text"] * 50}).encode()])),
    Case("20,000 with open bodies", "200", ALIKE_OPEN, post(lambda: [b'{"n": -1, "a": ["%s"]}' % (b"y" * 100_000)])),
]  # fmt: skip


def told(file: Path, process: subprocess.Popen[bytes], until: float) -> int | None:
    """The port on which the server listens, or None when it has given up."""
    while time.monotonic() < until:
        if file.exists():
            return int(json.loads(file.read_text())["base_url"].rpartition(":")[2])
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return None
        time.sleep(0.005)
    raise TimeoutError


def asked(port: int, chunks: Chunks, until: float) -> str:
    """The status that a request gets, or "closed"; what comes after the first answer is read to the end."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=max(0.1, until - time.monotonic())) as line:
        with suppress(ConnectionError):  # who refuses early closes early
            for chunk in chunks:
                line.sendall(chunk.replace(b"%h", b"127.0.0.1:%d" % port) if b"%h" in chunk else chunk)
        with suppress(ConnectionError, OSError):
            line.shutdown(socket.SHUT_WR)
            while chunk := line.recv(2**20):
                received = received or chunk
    return received[9:12].decode() or "closed"


def measured(case: Case, folder: Path) -> tuple[str, str, float, float, float, int]:
    """What came of it, in whose words, seconds to start and to answer, those of the processor, and megabytes."""
    file, ready, said = folder / "hostile.json", folder / "ready.json", folder / "said"
    ready.unlink(missing_ok=True)
    with file.open("wb") as to:
        for chunk in case.file():
            to.write(chunk)
    command = [sys.executable, "-m", "mockserver", "--replay", str(file), "--ready-file", str(ready)]
    with said.open("wb") as errors:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        came, waited = "refused", 0.0
        try:
            port = told(ready, process, began + LIMIT_S)
            started = time.monotonic() - began
            if port is not None:
                began = time.monotonic()
                came = asked(port, case.ask(), began + LIMIT_S)
                waited = time.monotonic() - began
                began = time.monotonic()
                if not asked(port, [GET], began + LIMIT_S).isdigit():
                    came += ", then nothing"
        except TimeoutError:
            came, started, waited = "no end", time.monotonic() - began, 0.0
        finally:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)  # Popen's own kill would reap it, and with it what it has used
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0
    words = said.read_text("utf-8", "replace").splitlines()
    if any("Traceback" in word for word in words):
        came += ", traceback"
    said_first = (words[0] if words else "")[:90]
    return came, said_first, started, waited, cpu_of(usage), int(peak_mb_of(usage))


def main(names: list[str]) -> int:
    """Measure the cases, or those whose name holds one of the words; the exit code tells whether all keep within."""
    beyond = 0
    print(f"{'':42}{'':10}  start  answer     CPU      MB")
    with TemporaryDirectory() as folder:
        for kind, cases in (("collection", COLLECTIONS), ("request", REQUESTS)):
            for case in cases:
                if names and not any(name in f"{kind} {case.name}" for name in names):
                    continue
                came, words, started, waited, spent, megabytes = measured(case, Path(folder))
                good = (
                    came.startswith(tuple(case.expected.split(" or ")))
                    and started <= MAX_S
                    and waited <= MAX_S
                    and megabytes <= MAX_MB
                )
                beyond += not good
                row = f"{case.name:42}{came:10}{started:5.1f} s {waited:5.1f} s {spent:5.1f} s {megabytes:5} MB"
                print(row if good else f"{row}  <- expected {case.expected}; {words}", flush=True)
    print(f"{beyond} beyond {MAX_S:.0f} s or {MAX_MB} MB, or answered otherwise; load {os.getloadavg()[0]:.1f}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

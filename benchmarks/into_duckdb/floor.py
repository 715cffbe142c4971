"""The floor under the job: raw sockets in 8 threads, and DuckDB's own `read_json` of what came.

Nothing is written down before it is sent, checked, typed or named; run by `benchmarks/client.py`.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
from job import THREADS, enrichments, searches  # type: ignore[import-not-found]  # beside this file

_ID = re.compile(rb'"id": ?(\d+)')


class Client:
    """A socket for each thread."""

    def __init__(self, told: dict[str, Any]) -> None:
        at = urlsplit(told["base_url"])
        self._at, self._base, self._of_thread = (at.hostname, at.port), at.path, threading.local()
        self._token = ""
        who = {"username": told["username"], "password": told["password"]}
        self._token = json.loads(self.post("/authenticate", who))["jwt"]

    def post(self, path: str, body: dict[str, Any]) -> bytes:
        """What is answered."""
        if not hasattr(self._of_thread, "socket"):
            self._of_thread.socket = socket.create_connection(self._at)
        said = json.dumps(body).encode()
        head = (
            f"POST {self._base}{path} HTTP/1.1\r\nHost: {self._at[0]}:{self._at[1]}\r\n"
            f"Authorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        )
        self._of_thread.socket.sendall(head.encode() + said)
        came = bytearray()
        while (end := came.find(b"\r\n\r\n")) < 0:
            came += self._of_thread.socket.recv(1 << 16)
        length = int(bytes(came[:end]).lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        answer = bytearray(length)
        there = len(came) - end - 4
        answer[:there] = came[end + 4 :]
        with memoryview(answer) as view:
            while there < length:
                there += self._of_thread.socket.recv_into(view[there:])
        return bytes(answer)


def main() -> None:
    """Read what to do, do it, and print what it took."""
    told = json.loads(sys.argv[1])
    began = time.process_time()
    client, folder = Client(told), Path(told["folder"])
    with duckdb.connect(str(folder / "floor.duckdb")) as con, ThreadPoolExecutor(THREADS) as pool:
        con.execute("SET enable_progress_bar = false")
        [queries] = told["parts"]
        pages = list(pool.map(lambda body: client.post("/search/company", body), searches(queries)))
        ids = [int(one) for page in pages for one in _ID.findall(page)][: told["companies"]]
        asked = enrichments(ids, told["output_fields"])
        replies = list(pool.map(lambda body: client.post("/enrich/company", body), asked))
        for name, bodies, rows in (
            ("company_previews", pages, "unnest(data)"),
            ("companies", replies, "unnest(flatten(list_transform(data.result, lambda one: one.data)))"),
        ):
            file = folder / f"{name}.json"
            file.write_bytes(b"\n".join(bodies))
            con.execute(
                f"CREATE TABLE {name} AS SELECT unnest(one) FROM (SELECT {rows} AS one FROM "  # noqa: S608
                f"read_json('{file}', format = 'newline_delimited'))"
            )
            [(there,)] = con.execute(f"SELECT count(*) FROM {name}").fetchall()  # noqa: S608
            assert there == (told["companies"] if name == "companies" else 10_000)  # noqa: S101
    print(json.dumps({"job_s": time.process_time() - began}))


if __name__ == "__main__":
    main()

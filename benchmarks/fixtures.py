"""How long a test waits for a server of its own: the fixtures `postman_mock` and `zoominfo_mock`, first and later.

A run of pytest in a process of its own, several times over. The clock runs from asking for the fixture until an answer
has come through the socket; beside it is the CPU that the process took meanwhile, which other work does not add to.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.beside.spent import machine
from mockserver.sandbox.record import COLLECTION

LIMIT_MS = 50

TESTS = """
import http.client, time
import pytest

@pytest.fixture(autouse=True)
def timed(request):
    began, worked = time.perf_counter(), time.process_time()
    name = request.node.name.partition("[")[0]
    server = request.getfixturevalue("postman_mock")(FILE) if name == "test_postman" else \\
        request.getfixturevalue("zoominfo_mock")
    line = http.client.HTTPConnection("127.0.0.1", server.port)
    line.request("GET", "/orders")
    line.getresponse().read()
    taken = (time.perf_counter() - began, time.process_time() - worked)
    print(name, *(1000 * seconds for seconds in taken), file=TOLD, flush=True)
    line.close()

@pytest.mark.parametrize("n", range(TESTS))
def test_postman(n): ...

@pytest.mark.parametrize("n", range(TESTS))
def test_zoominfo(n): ...
"""


def main() -> None:
    """Print first and later times of each fixture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="processes; each has a first test")
    parser.add_argument("--tests", type=int, default=100, help="tests of each fixture in a process")
    options = parser.parse_args()
    first: dict[str, list[float]] = {}
    later: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    whole: list[float] = []
    for _ in range(options.runs):
        times, seconds = one_run(options.tests)
        whole.append(seconds / (2 * options.tests) * 1000)
        for name, taken in times.items():
            first.setdefault(name, []).append(taken[0][0])
            later.setdefault(name, []).extend(passed for passed, _ in taken[1:])
            cpu.setdefault(name, []).extend(worked for _, worked in taken[1:])
    print(f"{options.runs} processes of {options.tests} tests each; {machine()}")
    for name, what in (("test_postman", "postman_mock"), ("test_zoominfo", "zoominfo_mock")):
        slow = sum(taken > LIMIT_MS for taken in later[name])
        print(
            f"{what:14} first {statistics.median(first[name]):4.0f} ms; later {statistics.median(later[name]):5.1f} ms"
            f" in the median, {statistics.quantiles(later[name], n=20)[-1]:5.1f} ms at the 95th percentile,"
            f" {slow} of {len(later[name])} over {LIMIT_MS} ms;"
            f" CPU {statistics.median(cpu[name]):.1f} ms in the median, {max(cpu[name]):.1f} ms at most"
        )
    print(f"{statistics.median(whole):.1f} ms a test, pytest itself and the end of the server included")


def one_run(tests: int) -> tuple[dict[str, list[tuple[float, float]]], float]:
    """Milliseconds passed and worked in each test, by its name, and the seconds that pytest took for all."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        head = f"TOLD = open({str(folder / 'told')!r}, 'w')\nFILE, TESTS = {str(COLLECTION)!r}, {tests}\n"
        (folder / "test_timed.py").write_text(head + TESTS, encoding="utf-8")
        # Other plugins would be timed as well.
        flags = ["-q", "-p", "mockserver.pytest_plugin", "-p", "no:cacheprovider", f"--rootdir={folder}"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *flags, str(folder / "test_timed.py")],
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(done.stdout)
        times: dict[str, list[tuple[float, float]]] = {}
        for line in (folder / "told").read_text(encoding="utf-8").splitlines():
            test, passed, worked = line.split()
            times.setdefault(test, []).append((float(passed), float(worked)))
        return times, float(done.stdout.rpartition(" in ")[2].partition("s")[0])


if __name__ == "__main__":
    main()

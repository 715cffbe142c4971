"""What a request costs beside other mock servers, given the same answers: Prism and Mockoon, from npm.

Installs them into build/peers, where they are not yet, and asks them, our replay and a bare Starlette app the same
requests in turns. Both read the answers from one OpenAPI document; a
description of that kind cannot tell answers apart by the body of the request. docs/benchmarks.md quotes the output.
Run: python benchmarks/peers.py [--rounds 60]
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from benchmarks.beside import exchanges
from benchmarks.beside.exchanges import Exchange
from benchmarks.beside.rounds import Row, measure
from benchmarks.beside.servers import Running, bare, free_port, replay, running
from benchmarks.beside.spent import machine

FOLDER = Path(__file__).resolve().parents[1] / "build" / "peers"
PACKAGES = {"@stoplight/prism-cli": "5.16.0", "@mockoon/cli": "9.9.0"}
# Requests a round.
FAST, SLOW = 500, 50


def install() -> bool:
    """Both from npm into a folder that git ignores; False where npm is absent or fails."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    missing = [f"{name}@{number}" for name, number in PACKAGES.items() if _installed(name) != number]
    if not missing:
        return True
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [npm, "install", "--prefix", str(FOLDER), "--no-audit", "--no-fund", "--loglevel=error", *missing]
    return subprocess.run(command, check=False).returncode == 0


def _installed(name: str) -> str | None:
    manifest = FOLDER / "node_modules" / name / "package.json"
    return str(json.loads(manifest.read_bytes())["version"]) if manifest.exists() else None


def prism(document: Path, probe: Exchange) -> AbstractContextManager[Running]:
    """Prism, silent."""
    port = free_port()
    command = [_bin("prism"), "mock", str(document), "-p", str(port), "-h", "127.0.0.1", "-v", "silent"]
    return running("prism", command, port, probe)


def mockoon(document: Path, probe: Exchange) -> AbstractContextManager[Running]:
    """Mockoon, without its log file and its own pages."""
    port = free_port()
    command = [_bin("mockoon-cli"), "start", "-d", str(document), "-p", str(port), "-l", "127.0.0.1"]
    return running("mockoon", [*command, "-X", "--disable-admin-api"], port, probe)


def _bin(name: str) -> str:
    return str(FOLDER / "node_modules" / ".bin" / name)


def main() -> None:
    """Install and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    said = parser.parse_args()
    if not install():
        print("npm is absent or failed: Prism and Mockoon are not installed, and nothing is measured")
        return
    print(f"{', '.join(f'{name} {number}' for name, number in PACKAGES.items())}; {said.rounds} rounds")
    with tempfile.TemporaryDirectory() as name:
        for what, recorded in {"GET": exchanges.reads(50), "POST by body": exchanges.posts(10, 5)}.items():
            file, document = Path(name) / "collection.json", Path(name) / "openapi.json"
            file.write_text(json.dumps(exchanges.collection(recorded)), encoding="utf-8")
            document.write_text(json.dumps(exchanges.openapi(recorded)), encoding="utf-8")
            print(f"{what}: {len(recorded)} examples of {len(recorded[0].answer)} bytes; {machine()}")
            with ExitStack() as stack:
                started = [each(document, recorded[0]) for each in (prism, mockoon)]
                slow = [stack.enter_context(one) for one in started]
                ours, theirs = (stack.enter_context(one) for one in (replay(file, recorded[0]), bare(recorded[0])))
                rows = [Row("replay", ours, recorded, FAST), Row("starlette", theirs, recorded[:1], FAST)]
                rows += [Row(one.name, one, recorded, SLOW) for one in slow]
                for measured in measure(rows, rounds=said.rounds, beside="starlette"):
                    print(f"  {measured}")


if __name__ == "__main__":
    main()

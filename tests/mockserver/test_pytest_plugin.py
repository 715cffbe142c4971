"""`zoominfo_mock` for everybody, in pytest runs of their own, and what the plugin loads."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ZOOMINFO = """
import threading
from datetime import datetime, UTC
import httpx, jwt, pytest

SEEN = []

@pytest.fixture
def zoominfo_mock_options():
    return {"companies": 30}

def login(mock, settings):
    return httpx.post(mock.url("/authenticate"), json={k: settings[k] for k in ("username", "password")})

def assertion(settings):
    now = int(datetime.now(UTC).timestamp())
    said = {"username": settings["username"], "client_id": settings["client_id"], "aud": "enterprise_api",
            "iss": "api-client@zoominfo.com", "iat": now, "exp": now + 300}
    return {"Authorization": "Bearer " + jwt.encode(said, settings["private_key"], algorithm="RS256")}

@pytest.fixture
def enrich(zoominfo_mock):
    token = login(zoominfo_mock, zoominfo_mock.settings()).json()["jwt"]
    with httpx.Client(base_url=zoominfo_mock.base_url, headers={"Authorization": f"Bearer {token}"}) as line:
        found = line.post("/search/company", json={"country": "United States", "rpp": 3}).json()["data"]
        asked = {"matchCompanyInput": [{"companyId": row["id"]} for row in found], "outputFields": ["id"]}
        yield lambda: line.post("/enrich/company", json=asked).status_code

@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_nothing_spent(zoominfo_mock, enrich, turn):
    assert zoominfo_mock.ledger() == []
    assert zoominfo_mock.usage()["usage"][0]["currentUsage"] == 0
    assert enrich() == 200
    assert [entry["credits"] for entry in zoominfo_mock.ledger()] == [1, 1, 1]
    assert zoominfo_mock.usage()["usage"][0]["currentUsage"] == 3
    assert zoominfo_mock.ledger() == httpx.get(zoominfo_mock.url("/__mock__/ledger")).json()
    SEEN.append((zoominfo_mock.port, zoominfo_mock.settings()))

def test_who_signed_in_elsewhere_is_a_stranger_here(zoominfo_mock):
    (one_port, one), (other_port, other) = SEEN
    assert login(zoominfo_mock, one).status_code == 401
    assert httpx.post(zoominfo_mock.url("/authenticate"), headers=assertion(other)).status_code == 401
    ours = zoominfo_mock.settings()
    assert httpx.post(zoominfo_mock.url("/authenticate"), headers=assertion(ours)).status_code == 200
    for port in (one_port, other_port):
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/")

def test_it_can_be_moved(zoominfo_mock, enrich):
    assert len(zoominfo_mock.colleague(2)) == 2
    assert [entry["credits"] for entry in zoominfo_mock.ledger()] == [1, 1]
    zoominfo_mock.faults({"path": "/enrich/company", "fault": "503", "share": 1})
    assert enrich() == 503
    with pytest.raises(ValueError, match="no fault 'fire'"):
        zoominfo_mock.faults({"path": "/enrich/company", "fault": "fire", "share": 1})
    assert enrich() == 503
    zoominfo_mock.faults()
    assert enrich() == 200
    assert zoominfo_mock.advance(366) > datetime(2027, 10, 2, tzinfo=UTC)
    assert enrich() == 401
    zoominfo_mock.reset()
    assert zoominfo_mock.ledger() == []

def test_its_options_are_those_of_the_fixture(zoominfo_mock, tmp_path):
    assert len(zoominfo_mock.sandbox.world.companies) == 30
    said = zoominfo_mock.environ()
    assert sorted(said) == ["ZOOMINFO_BASE_URL", "ZOOMINFO_CLIENT_ID", "ZOOMINFO_HOME", "ZOOMINFO_PASSWORD",
                            "ZOOMINFO_PRIVATE_KEY", "ZOOMINFO_USERNAME"]
    assert said["ZOOMINFO_HOME"] == str(tmp_path / "zoominfo")
    assert said["ZOOMINFO_PASSWORD"] not in repr(zoominfo_mock)

def test_zianalytics_finds_it_in_the_environment(zoominfo_mock, monkeypatch):
    from zianalytics import ZoomInfo
    for name, value in zoominfo_mock.environ().items():
        monkeypatch.setenv(name, value)
    with ZoomInfo(progress=False) as zi:
        found = zi.search.companies(country="United States", limit=2)["company_id"]
        assert len(zi.enrich.companies(found, max_credits=2)) == 2
    assert [entry["id"] for entry in zoominfo_mock.ledger()] == found.to_list()
    assert (zoominfo_mock.home).is_dir()
"""


def test_zoominfo_mock(outcome: Callable[..., pytest.RunResult]) -> None:
    outcome(ZOOMINFO).assert_outcomes(passed=6)


def test_parallel_tests_of_one_process_and_of_two_do_not_see_each_other(
    outcome: Callable[..., pytest.RunResult],
) -> None:
    told = """
import threading
import pytest
from mockserver import Options, Sandbox, serve

@pytest.mark.parametrize("n", range(1, 9))
def test_one_spends(n, zoominfo_mock):
    others = [Sandbox(Options(companies=3000)) for _ in range(3)]
    def spend(sandbox, credits):
        with serve(sandbox):
            sandbox.colleague(credits)
    threads = [threading.Thread(target=spend, args=(one, k)) for k, one in enumerate(others, 100)]
    for thread in threads: thread.start()
    zoominfo_mock.colleague(n)
    for thread in threads: thread.join()
    assert len(zoominfo_mock.ledger()) == n
    assert [len(one.ledger()) for one in others] == [100, 101, 102]
    for one in others: one.close()
"""
    outcome(told, "-n", "2").assert_outcomes(passed=8)


def refused(outcome: Callable[..., pytest.RunResult], options: Mapping[str, object]) -> list[str]:
    """What a test is told whose sandbox cannot be made from these."""
    told = f"""
import pytest

@pytest.fixture
def zoominfo_mock_options():
    return {options!r}

def test_theirs(zoominfo_mock): ...
"""
    result = outcome(told)
    result.assert_outcomes(errors=1)
    lines = result.stdout.lines
    begins, ends = (
        next(n for n, line in enumerate(lines) if word in line) for word in ("ERROR at setup", "short test")
    )
    return lines[begins + 1 : ends]


@pytest.mark.parametrize(
    ("options", "unknown"),
    [
        ({"compnies": 500}, "'compnies' (did you mean companies?)"),
        ({"seed": 8, "sede": 8, "credits": 5}, "'sede' (did you mean seed?), 'credits'"),
    ],
    ids=["misspelt", "several"],
)
def test_an_option_that_nobody_knows_is_told_in_a_line_without_our_source(
    outcome: Callable[..., pytest.RunResult], options: dict[str, int], unknown: str
) -> None:
    assert refused(outcome, options) == [
        f"zoominfo_mock_options has no option {unknown}. Nothing is served. "
        "There are companies, seed, now, bundle, state, no_limits."
    ]


def test_an_option_that_no_sandbox_can_be_made_from_is_told_in_a_line(outcome: Callable[..., pytest.RunResult]) -> None:
    assert refused(outcome, {"bundle": "standrd"}) == [
        "zoominfo_mock_options: bundle='standrd' is neither 'standard' nor 'scaling'. Nothing was started."
    ]


def test_a_server_that_a_failed_test_leaves_behind_is_ended(
    pytester: pytest.Pytester, outcome: Callable[..., pytest.RunResult]
) -> None:
    told = """
import socket
from pathlib import Path

def test_it_fails_and_leaves_a_line_open(zoominfo_mock):
    global LINE
    LINE = socket.create_connection(("127.0.0.1", zoominfo_mock.port))
    LINE.sendall(b"GET / HTTP/1.1\\r\\nHost: ")
    Path("port").write_text(str(zoominfo_mock.port))
    raise RuntimeError

def test_the_next_finds_nobody_there():
    import threading
    assert LINE.recv(1) == b""
    LINE.close()
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", int(Path("port").read_text()))) != 0
    assert [thread.name for thread in threading.enumerate()] == ["MainThread"]
"""
    outcome(told, "-p", "no:randomly").assert_outcomes(passed=1, failed=1)
    with socket.socket() as line:
        assert line.connect_ex(("127.0.0.1", int((pytester.path / "port").read_text()))) != 0


def test_who_does_not_use_the_fixtures_loads_nothing_of_them(outcome: Callable[..., pytest.RunResult]) -> None:
    told = """
import sys

def test_what_is_loaded():
    heavy = {"uvicorn", "starlette", "httpx", "cryptography", "jwt", "mockserver.shell", "mockserver.replay"}
    assert heavy & set(sys.modules) == set()
    assert "mockserver.pytest_plugin" in sys.modules
"""
    outcome(told).assert_outcomes(passed=1)


def test_without_the_optional_part_it_is_said_what_to_install(
    pytester: pytest.Pytester, outcome: Callable[..., pytest.RunResult]
) -> None:
    told = """
import sys
import pytest
sys.modules["uvicorn"] = None

def test_collections(postman_mock, tmp_path):
    file = tmp_path / "none.json"
    file.write_text('{"info": {}, "item": []}')
    with pytest.raises(ModuleNotFoundError, match=r"needs uvicorn.*Nothing is served.*pip install 'zianalytics.mock.'"):
        postman_mock(file)

def test_a_sandbox(zoominfo_mock): ...

def test_others(): ...
"""
    result = outcome(told)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*A server needs uvicorn, which is not installed. Nothing is served.*"])


@pytest.mark.parametrize("module", ["mockserver", "mockserver.pytest_plugin"], ids=["package", "plugin"])
def test_an_import_brings_nothing_heavy(module: str) -> None:
    heavy = ["uvicorn", "starlette", "httpx", "cryptography", "jwt", "asyncio.selector_events", "mockserver.replay"]
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "[]\n"


def test_a_transport_does_without_what_a_server_needs(write_collection: Callable[..., Path], tmp_path: Path) -> None:
    write_collection({"request": {"method": "GET", "url": "{{host}}/orders/7"}, "response": [{"body": "BODY"}]})
    code = """
import sys
sys.modules["uvicorn"] = sys.modules["starlette"] = None
import httpx, mockserver
with httpx.Client(transport=mockserver.transport("orders.json")) as client:
    print(client.get("https://any.example/orders/7").text)
sys.modules["httpx"] = None
del sys.modules["mockserver.shell.without_socket.httpx_transport"]
try:
    mockserver.transport("orders.json")
except ModuleNotFoundError as exc:
    print(exc)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout.splitlines() == [
        "BODY",
        "A transport needs httpx, which is not installed. Nothing is served. "
        "Install it: pip install 'zianalytics[mock]'.",
    ]

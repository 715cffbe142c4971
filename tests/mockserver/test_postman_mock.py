"""`postman_mock` for everybody, in pytest runs of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

ORDERS = """
{"info": {"name": "orders"}, "item": [{
    "name": "one", "request": {"method": "GET", "url": "{{host}}/orders/7"},
    "response": [{"name": "sent", "code": 200, "body": "BODY"}]
}]}
"""


POSTMAN = """
import json, threading
from pathlib import Path
import httpx, pytest

PORTS = []
LAMP = {"mode": "raw", "raw": '{"to": "Lisbon", "grams": 900}'}
BOOKING = {"item": [
    {"name": "one", "request": {"method": "GET", "url": "{{host}}/orders/:id"}, "response": [{"code": 200}]},
    {"name": "book", "response": [{"code": 201}], "request": {"method": "POST", "url": "/orders", "body": LAMP}},
]}

def test_a_file_beside_the_test_comes_before_one_in_the_root(postman_mock):
    server = postman_mock("orders.json")
    assert httpx.get(server.url("/orders/7")).text == "beside"
    PORTS.append(server.port)

def test_the_server_of_the_test_before_is_gone(postman_mock):
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{PORTS[0]}/orders/7")

def test_a_file_of_the_root(postman_mock):
    assert httpx.get(postman_mock("data/root.json").base_url + "/orders/7").text == "root"

def test_several_files_and_several_servers(postman_mock, request):
    whole = Path(__file__).parent / "orders.json"
    first, second = postman_mock(whole, "data/root.json"), postman_mock("data/root.json", str(whole))
    assert first.port != second.port
    assert httpx.get(first.url("/orders/7")).text == "beside"
    assert httpx.get(second.url("/orders/7")).text == "root"

def test_each_server_has_been_asked_nothing_before(postman_mock):
    for path in ("/orders/7", "/orders/8"):
        server = postman_mock("orders.json")
        httpx.get(server.url(path))
        assert [one["path"] for one in server.requests()] == [path]

def test_a_seed_decides_what_is_drawn(postman_mock, tmp_path):
    file = tmp_path / "drawn.json"
    file.write_text((Path(__file__).parent / "orders.json").read_text().replace("beside", "{{$guid}}"))
    servers = [postman_mock(file, seed=seed) for seed in (1, 1, 2)]
    one, same, other = (httpx.get(server.url("/orders/7")).text for server in servers)
    assert one == same != other

def test_a_file_that_was_written_again_is_read_again(postman_mock, tmp_path):
    file = tmp_path / "changing.json"
    for body in ("one", "two", "six"):
        file.write_text((Path(__file__).parent / "orders.json").read_text().replace("beside", body))
        assert httpx.get(postman_mock(file).url("/orders/7")).text == body

def test_threads_have_servers_of_their_own(postman_mock):
    told = []
    def ask(name, body):
        server = postman_mock(name)
        told.append((server.port, httpx.get(server.url("/orders/7")).text == body))
    threads = [
        threading.Thread(target=ask, args=args) for args in [("orders.json", "beside"), ("data/root.json", "root")] * 4
    ]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert len({port for port, _ in told}) == 8
    assert all(is_right for _, is_right in told)

def test_a_body_that_was_never_recorded_misses_where_bodies_must_match(postman_mock, tmp_path):
    file = tmp_path / "booking.json"
    file.write_text(json.dumps(BOOKING))
    strict = {"x-mock-match-request-body": "true"}
    with httpx.Client(base_url=postman_mock(file).base_url, headers=strict) as client:
        assert client.post("/orders", json={"grams": 900, "to": "Lisbon"}).status_code == 201
        assert client.get("/orders/7").status_code == 200
        miss = client.post("/orders", json={"to": "Lisbon", "grams": 950})
        assert miss.status_code == 404
        assert miss.json()["nearest"][0]["differs"] == [{"part": "body", "at": "$.grams"}]
        del client.headers["x-mock-match-request-body"]
        assert client.post("/orders", json={"to": "Lisbon", "grams": 950}).status_code == 201

def test_a_file_that_is_nowhere(postman_mock):
    with pytest.raises(FileNotFoundError, match=r"no file .*tests.absent.json nor .*absent.json. Nothing is served"):
        postman_mock("absent.json")

def test_a_file_that_is_no_collection(postman_mock, tmp_path):
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(ValueError, match="Nothing is served"):
        postman_mock(tmp_path / "other.json")
    with pytest.raises(ValueError, match="Nothing is served"):
        postman_mock(tmp_path / "absent.json")
"""


def test_postman_mock(pytester: pytest.Pytester, outcome: Callable[..., pytest.RunResult]) -> None:
    for file, body in (("tests/orders.json", "beside"), ("orders.json", "wrong"), ("data/root.json", "root")):
        path = pytester.path / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(ORDERS.replace("BODY", body), encoding="utf-8")
    outcome(POSTMAN).assert_outcomes(passed=11)


def test_a_file_that_cannot_be_served_is_told_in_a_sentence_without_our_source(
    pytester: pytest.Pytester, outcome: Callable[..., pytest.RunResult]
) -> None:
    told = """
def test_broken(postman_mock):
    postman_mock("broken.json")

def test_absent(postman_mock):
    postman_mock("absent.json")
"""
    (pytester.path / "broken.json").write_text('{"item": ', encoding="utf-8")
    result = outcome(told, "-p", "no:randomly")
    result.assert_outcomes(failed=2)
    lines = result.stdout.lines
    begins, ends = (next(n for n, line in enumerate(lines) if word in line) for word in ("FAILURES", "short test"))
    shown = [line for line in lines[begins + 1 : ends] if line and "=" not in line]
    broken = (
        f"{pytester.path / 'broken.json'} is not JSON: Expecting value: line 1 column 10 (char 9). Nothing is served"
    )
    assert shown[1:4] == [
        "    def test_broken(postman_mock):",
        '>       postman_mock("broken.json")',
        f"E       mockserver.postman.document.CollectionUnusable: {broken} from it. "
        "Export the collection from Postman as v2.1 and pass that file.",
    ]
    assert shown[6:8] == ["    def test_absent(postman_mock):", '>       postman_mock("absent.json")']
    assert shown[8].startswith("E       FileNotFoundError: There is no file ")
    assert len(shown) == 10
    assert not [line for line in shown if "mockserver/" in line or "During handling" in line]

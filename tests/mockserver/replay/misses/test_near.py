"""Which examples a miss tells, and by which of their paths: with that of their host, or without."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import permutations, product
from typing import Any

import pytest

from mockserver import Replay, Request
from mockserver.replay.matching.index import Index

ReplayOf = Callable[..., Replay]
ORDERS = (
    ("GET {{base}}/orders/:id?expand=lines", {"name": "Sent"}),
    ("GET {{base}}/orders/:id", {"name": "Missing"}),
    ("POST {{base}}/orders", {"name": "Booked"}),
)
EXPAND = {"part": "query", "at": "expand", "recorded": "lines", "asked": None}


def nearest(replay: Replay, line: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Names and differences."""
    method, path = line.split(" ", 1)
    said = json.loads(replay.answer(Request(method, path)).body)
    return [(each["name"], each["differs"]) for each in said["nearest"]]


def of_host(host: str) -> dict[str, Any]:
    return {"variable": [{"key": "base", "value": f"https://x.example.com{host}"}]}


def segment(at: int, recorded: str | None, asked: str | None) -> dict[str, Any]:
    return {"part": "segment", "at": at, "recorded": recorded, "asked": asked}


def method(recorded: str, asked: str) -> dict[str, Any]:
    return {"part": "method", "recorded": recorded, "asked": asked}


@pytest.mark.parametrize(
    ("line", "missing", "booked"),
    [
        ("DELETE /orders/9", [method("GET", "DELETE")], [method("POST", "DELETE"), segment(2, None, "9")]),
        ("DELETE /v1/orders/9", [method("GET", "DELETE")], [method("POST", "DELETE"), segment(3, None, "9")]),
        (
            "GET /order/9",
            [segment(1, "orders", "order")],
            [method("POST", "GET"), segment(1, "orders", "order"), segment(2, None, "9")],
        ),
        (
            "GET /v1/order/9",
            [segment(2, "orders", "order")],
            [method("POST", "GET"), segment(2, "orders", "order"), segment(3, None, "9")],
        ),
        (
            "GET /v2/orders/9",
            [segment(1, "v1", "v2")],
            [method("POST", "GET"), segment(1, "v1", "v2"), segment(3, None, "9")],
        ),
    ],
    ids=["method", "method, with the base", "segment", "segment, with the base", "another base"],
)
def test_every_example_of_an_open_path_differs_by_the_nearer_path_with_or_without_that_of_its_host(
    replay_of: ReplayOf, line: str, missing: list[dict[str, Any]], booked: list[dict[str, Any]]
) -> None:
    assert nearest(replay_of(*ORDERS, **of_host("/v1")), line) == [
        ("Missing", missing),
        ("Booked", booked),
        ("Sent", [*missing, EXPAND]),
    ]


@pytest.mark.parametrize("host", ["", "/v1", "/{{any}}/v1"], ids=["no path", "a path", "an open path"])
def test_a_path_of_the_host_takes_no_place_from_other_requests(replay_of: ReplayOf, host: str) -> None:
    replay = replay_of(*ORDERS, ("GET {{base}}/zzz", {"name": "Far"}), **of_host(host))

    assert [name for name, _ in nearest(replay, "DELETE /orders/9")] == ["Missing", "Booked", "Far"]


def test_of_a_path_that_others_have_without_a_host_those_alone_are_told_by_it_that_have_no_nearer_one(
    replay_of: ReplayOf,
) -> None:
    replay = replay_of(
        ("GET {{base}}/orders/:id", {"name": "Based"}), ("GET /v1/orders/:id", {"name": "Plain"}), **of_host("/v1")
    )

    assert nearest(replay, "DELETE /orders/9") == [
        ("Based", [method("GET", "DELETE")]),
        (
            "Plain",
            [method("GET", "DELETE"), segment(1, "v1", "orders"), segment(2, "orders", "9"), segment(3, ":id", None)],
        ),
    ]


def test_the_nearer_path_is_told_also_where_others_that_share_more_with_the_request_keep_it_from_being_looked_at(
    replay_of: ReplayOf,
) -> None:
    replay = replay_of(
        ("GET {{base}}/order/list", {"name": "Listed"}),
        *((f"POST /orders/a{number}/b{number}", {}) for number in range(40)),
        **of_host("/orders"),
    )

    assert nearest(replay, "GET /orders/lst")[0] == (
        "Listed",
        [segment(1, "order", "orders"), segment(2, "list", "lst")],
    )


def test_two_routes_know_which_examples_are_in_both(replay_of: ReplayOf) -> None:
    bases = {"plain": "", "v1": "/v1", "twice": "/v1/v1", "open": "/{{any}}"}
    paths = ("", "/a", "/v1/a", "/:x", "/v1/v1/a", "/{{any}}/a")
    urls = product(("GET", "POST"), bases, paths, ("", "/"))
    index = Index(
        replay_of(
            *((f"{method} {{{{{base}}}}}{path}{ending}", {}) for method, base, path, ending in urls),
            variable=[{"key": base, "value": f"https://x.example.com{path}"} for base, path in bases.items()],
        ).examples
    )

    shared = 0
    for one, other in permutations(index.routes, 2):
        both = set(one.positions) & set(other.positions)
        assert one.shared_with(other) == sum(1 << n for n, position in enumerate(one.positions) if position in both)
        shared += len(both)
    assert shared == 2 * 2 * 3 * 6 * 2  # each way, of each method, with each path of a host: each path and ending


def test_a_path_that_fits_is_nearer_than_one_that_shares_as_much(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET {{base}}/:x/:y", {"name": "Fits"}), **of_host("/a"))

    assert nearest(replay, "DELETE /a/b") == [("Fits", [method("GET", "DELETE")])]

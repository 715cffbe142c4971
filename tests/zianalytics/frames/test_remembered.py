from __future__ import annotations

import json
from hashlib import sha256

import polars as pl
from polars.testing import assert_frame_equal

from zianalytics.api.table import OPERATIONS
from zianalytics.client.metered.exchange import together
from zianalytics.frames.decode import Decoded
from zianalytics.frames.remembered import Remembered

COMPANIES, CONTACTS = OPERATIONS["enrich.companies"], OPERATIONS["enrich.contacts"]


def body(company_id: int, name: str = "Aster") -> bytes:
    record = {"id": company_id, "name": name, "employeeCount": "many"}
    result = {"input": {"companyid": company_id}, "data": [record], "matchStatus": "FULL_MATCH"}
    return json.dumps({"success": True, "data": {"result": [result]}}).encode()


BODIES = {11: body(1), 12: body(2), 13: body(3)}


DIGESTS = {number: sha256(one).digest() for number, one in BODIES.items()}


def decoded(bodies: dict[int, bytes]) -> Decoded:
    return together(COMPANIES, bodies, dict.fromkeys(bodies))


def size_of(bodies: dict[int, bytes]) -> int:
    return int(decoded(bodies).frame.estimated_size())


def test_what_was_decoded_is_handed_out_once_and_in_parts() -> None:
    remembered = Remembered()
    remembered.keep(COMPANIES, BODIES, decoded(BODIES))
    [first], numbers = remembered.take(COMPANIES, {number: DIGESTS[number] for number in (11, 13)})
    assert numbers == {11, 13}
    apart = decoded(BODIES)
    assert_frame_equal(first.frame, apart.frame.filter(pl.col("reply") != 12))
    assert first.lost["reply"].to_list() == [11, 13]
    [second], numbers = remembered.take(COMPANIES, DIGESTS)
    assert (numbers, second.frame["company_id"].to_list(), second.lost["reply"].to_list()) == ({12}, [2], [12])
    assert remembered.take(COMPANIES, DIGESTS) == ([], set())


def test_a_reply_with_another_body_or_of_another_operation_is_not_known() -> None:
    remembered = Remembered()
    remembered.keep(COMPANIES, BODIES, decoded(BODIES))
    assert remembered.take(COMPANIES, {11: sha256(body(1, name="")).digest()}) == ([], set())
    assert remembered.take(CONTACTS, DIGESTS) == ([], set())
    assert remembered.take(COMPANIES, DIGESTS)[1] == {11, 12, 13}


def test_the_oldest_gives_way_and_what_is_too_large_is_not_remembered() -> None:
    first, second = {11: body(1)}, {12: body(2)}
    remembered = Remembered(at_most=size_of(first) + size_of(second))
    for bodies in (first, second, {13: body(3)}):
        remembered.keep(COMPANIES, bodies, decoded(bodies))
    assert remembered.take(COMPANIES, DIGESTS)[1] == {12, 13}
    small = Remembered(at_most=size_of(first) - 1)
    small.keep(COMPANIES, first, decoded(first))
    assert small.take(COMPANIES, DIGESTS) == ([], set())


def test_a_load_takes_all_and_what_comes_meanwhile_is_for_the_next() -> None:
    remembered = Remembered()
    remembered.keep(COMPANIES, {11: BODIES[11]}, decoded({11: BODIES[11]}))
    taken = remembered.taken()
    remembered.keep(COMPANIES, {12: BODIES[12]}, decoded({12: BODIES[12]}))
    assert taken.digests() == {11: DIGESTS[11]}
    assert remembered.digests() == {12: DIGESTS[12]}
    assert remembered.take(COMPANIES, DIGESTS)[1] == {12}
    assert taken.take(COMPANIES, DIGESTS)[1] == {11}

"""A web server's log as one row per address, in each of its forms, whatever stands in its lines."""

from __future__ import annotations

import gzip
import warnings
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.client.inputs.weblog import address_of, is_internal, visitors
from zianalytics.errors import RequestRefused, ValuesLost

EIGHT = datetime(2026, 9, 30, 8, tzinfo=UTC)
TEN = datetime(2026, 9, 30, 10, 30, tzinfo=UTC)


def test_the_combined_format_is_read_with_its_zone(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(
        '203.0.113.4 - ada [30/Sep/2026:12:30:00 +0200] "GET /a HTTP/2" 200 1 "-" "x [y] z"\n'
        "\n"
        '203.0.113.4 - - [30/Sep/2026:10:00:00 +0200] "GET /b HTTP/2" 404 -\n'
        '2001:db8::7 - - [30/Sep/2026:08:00:00 +0000] "-" 400 0\n',
        encoding="utf-8",
    )
    assert visitors(log).rows() == [("203.0.113.4", 2, EIGHT, TEN), ("2001:db8::7", 1, EIGHT, EIGHT)]


def test_json_lines_are_read_by_their_usual_keys(tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    log.write_text(
        '{"remote_addr": "203.0.113.4", "time": "2026-09-30T08:00:00Z"}\n'
        '{"ClientIP": "203.0.113.4", "@timestamp": "2026-09-30T12:30:00+02:00"}\n'
        '{"ip": "198.51.100.9", "msec": 1790755200.0}\n'
        '{"ip": "192.0.2.1", "time": "yesterday"}\n',
        encoding="utf-8",
    )
    assert visitors(log).rows() == [
        ("203.0.113.4", 2, EIGHT, TEN),
        ("198.51.100.9", 1, EIGHT, EIGHT),
        ("192.0.2.1", 1, None, None),
    ]


def test_a_packed_log_is_unpacked(tmp_path: Path) -> None:
    log = tmp_path / "access.log.gz"
    log.write_bytes(gzip.compress(b'203.0.113.4 - - [30/Sep/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 1\n'))
    assert visitors(log)["ip_address"].to_list() == ["203.0.113.4"]


def test_lines_without_an_address_are_passed_over_and_counted(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text('host.example - - [x] "GET"\n{"ip": 7}\n{broken\n203.0.113.4 - - [x] "GET"\n', encoding="utf-8")
    with pytest.warns(ValuesLost, match="3 lines hold no IP address .* and were passed over") as told:
        assert visitors(log)["ip_address"].to_list() == ["203.0.113.4"]
    lost = told[0].message
    assert isinstance(lost, ValuesLost)
    assert isinstance(lost.lost, pl.DataFrame)
    assert lost.lost["line"].to_list() == [1, 2, 3]


def test_a_single_line_without_an_address_is_said_of_one(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text('203.0.113.4 - - [x] "GET"\nhost.example - - [x] "GET"\n', encoding="utf-8")
    with pytest.warns(ValuesLost, match=r"^access\.log: line 2 holds no IP address and was passed over\."):
        visitors(log)


def test_a_log_that_is_none_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "notes.txt"
    log.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(RequestRefused, match="no line holds an IP address"):
        visitors(log)
    with pytest.raises(RequestRefused, match="cannot be read"):
        visitors(tmp_path / "gone.log")
    (tmp_path / "cut.log.gz").write_bytes(gzip.compress(b"x" * 99)[:20])
    with pytest.raises(RequestRefused, match="cannot be read"):
        visitors(tmp_path / "cut.log.gz")


def test_an_empty_log_has_every_column(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.touch()
    assert visitors(log).schema == pl.Schema(
        {
            "ip_address": pl.String(),
            "hits": pl.Int64(),
            "first_seen": pl.Datetime("us", "UTC"),
            "last_seen": pl.Datetime("us", "UTC"),
        }
    )


@given(st.binary(max_size=300))
def test_no_bytes_of_a_log_raise_anything_but_a_refusal(raw: bytes) -> None:
    with TemporaryDirectory() as folder:
        log = Path(folder) / "access.log"
        log.write_bytes(b'203.0.113.4 - - [30/Sep/2026:08:00:00 +0000] "GET"\n' + raw)
        with warnings.catch_warnings(action="ignore", category=ValuesLost):
            assert visitors(log)["ip_address"][0] == "203.0.113.4"


@given(st.ip_addresses())
def test_an_address_is_itself_whatever_its_form(address: IPv4Address | IPv6Address) -> None:
    known = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    assert address_of(f" [{address}] ") == (known or address)
    assert address_of(address.exploded.upper()) == (known or address)


@pytest.mark.parametrize(
    "text",
    ["10.0.0.1", "172.31.255.255", "192.168.0.1", "127.0.0.1", "169.254.1.1", "100.64.0.1", "0.1.2.3", "224.0.0.1",
     "255.255.255.255", "::", "::1", "fd00::1", "fe80::1", "ff02::1", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_internal_addresses_are_told(text: str) -> None:
    address = address_of(text)
    assert address is not None
    assert is_internal(address)


@pytest.mark.parametrize("text", ["203.0.113.4", "198.18.0.1", "172.32.0.1", "100.128.0.1", "2001:db8::1", "11.0.0.1"])
def test_others_are_not(text: str) -> None:
    address = address_of(text)
    assert address is not None
    assert not is_internal(address)

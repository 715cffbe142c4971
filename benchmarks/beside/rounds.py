"""Rounds in which each server has its turn, so that what else the machine does befalls all of them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.beside.exchanges import Exchange
from benchmarks.beside.load import ask
from benchmarks.beside.servers import Running


@dataclass(frozen=True, slots=True)
class Measured:
    """One server after all rounds."""

    name: str
    cpu_us: float
    per_second: float
    beside: float
    right: float

    def __str__(self) -> str:
        return (
            f"{self.name:<22} {self.cpu_us:>7,.0f} us CPU a request {self.per_second:>9,.0f} requests/s "
            f"{self.beside:>6.2f} x   {self.right:>4.0%} as recorded"
        )


def measure(servers: Mapping[Running, tuple[Sequence[Exchange], int]], *, rounds: int, beside: str) -> list[Measured]:
    """CPU a request and requests a second of each server: medians over the rounds.

    Parameters
    ----------
    servers
        What each is asked, and how many requests a round.
    rounds
        How many; one before them warms up and does not count.
    beside
        The server whose requests per second are 1.00 in each round.
    """
    taken: dict[str, list[tuple[float, float, float]]] = {server.name: [] for server in servers}
    for turn in range(rounds + 1):
        for server, (exchanges, requests) in servers.items():
            began = server.cpu_s()
            asked = ask(server.port, exchanges, requests)
            spent_us = (server.cpu_s() - began) / requests * 1e6
            if turn:
                taken[server.name].append((spent_us, requests / asked.seconds, asked.right / requests))
    return [
        Measured(
            name,
            median(one[0] for one in rows),
            median(one[1] for one in rows),
            median(one[1] / other[1] for one, other in zip(rows, taken[beside], strict=True)),
            min(one[2] for one in rows),
        )
        for name, rows in taken.items()
    ]

"""Which pages to ask for: never more rows than wanted where each row is paid, as few requests as possible where not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page of a search: `number` counts from 1, `size` rows each."""

    number: int
    size: int

    @property
    def start(self) -> int:
        """How many rows come before it."""
        return (self.number - 1) * self.size

    @property
    def key(self) -> str:
        """What tells it from the other pages of a search."""
        return f"{self.number}x{self.size}"


def whole_pages(rows: int, largest: int) -> list[Page]:
    """Pages of one size that hold at least `rows` rows."""
    size = min(rows, largest)
    return [Page(number, size) for number in range(1, -(-rows // size) + 1)]


def exact_pages(rows: int, largest: int) -> list[Page]:
    """Pages that hold exactly `rows` rows, in order, since each row is paid.

    A page begins at a multiple of its size, so the rest behind equal pages is read by smaller ones whose size divides
    what comes before them.
    """
    count = -(-rows // largest)
    pages = [Page(number, rows // count) for number in range(1, count + 1)]
    done = count * (rows // count)
    while done < rows:
        size = next(size for size in range(min(largest, rows - done), 0, -1) if done % size == 0)
        pages.append(Page(done // size + 1, size))
        done += size
    return pages


def most_pages(rows: int, largest: int, *, is_cut: bool) -> int:
    """Pages that `exact_pages` makes at most: of `rows` rows, or of any number up to that when `is_cut`."""
    counts = range(1, rows + 1) if is_cut else [rows] if rows else []
    return max((len(exact_pages(count, largest)) for count in counts), default=0)

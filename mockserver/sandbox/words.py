"""How the service compares and writes words: names, websites, numbers, dates and money."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

_LEGAL_FORMS = {
    "ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated", "kk", "limited", "llc",
    "llp", "ltda", "ltd", "nv", "oy", "plc", "pty", "pvt", "sa", "sas", "sl", "spa", "srl",
}  # fmt: skip


def plain_name(name: str) -> str:
    """A company's name for comparing: lower-case words without punctuation and legal form."""
    words = re.findall(r"\w+", name.casefold().replace(".", "").replace("'", ""))
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


@lru_cache(4096)
def domain(website: str) -> str:
    """The domain of a web address, without `www.`: `HTTPS://www.Example.com/x` is `example.com`."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", website.strip().casefold())
    return re.split(r"[/?#:]", host, maxsplit=1)[0].removeprefix("www.").rstrip(".")


def page_address(url: str) -> str:
    """A web page's address for comparing: without scheme, `www.` and the slash at its end, in lower case."""
    return re.sub(r"^([a-z][a-z0-9+.-]*://)?(www\.)?", "", url.strip().casefold()).rstrip("/")


def digits(phone: str) -> str:
    """A phone number's digits."""
    return re.sub(r"\D", "", phone)


# docs/assumptions.md, "lists"
def listed(value: Any) -> list[str]:
    """The parts of a criterion that may come as an array, as text with commas, or alone."""
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return [part for raw in str(value).split(",") if (part := raw.strip())]


# docs/assumptions.md, "forms of dates" and "time zone"
def us_time(moment: datetime | None) -> str:
    """`M/D/YYYY h:mm AM`; empty when it is not known."""
    if moment is None:
        return ""
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


@lru_cache(8192)
def iso_time(day: date | None) -> str:
    """A day as ISO 8601 with a time; empty when it is not known."""
    return "" if day is None else f"{day.isoformat()}T00:00:00.000Z"


def iso_moment(moment: datetime) -> str:
    """A moment as ISO 8601."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def iso_day(day: date | None) -> str:
    """`YYYY-MM-DD`; empty when it is not known."""
    return "" if day is None else day.isoformat()


def thousands(usd: int | None) -> int | None:
    """US dollars in thousands, as the service counts them."""
    return None if usd is None else round(usd / 1000)


def money_in_words(usd: int | None) -> str:
    """`$400 Million`; empty when it is not known."""
    if usd is None:
        return ""
    for size, word in ((10**9, "Billion"), (10**6, "Million"), (10**3, "Thousand")):
        if usd >= size:
            return f"${usd / size:.1f}".removesuffix(".0") + f" {word}"
    return f"${usd}"


# docs/assumptions.md, "growth rates"
def per_cent(rate: float | None) -> str:
    """A fraction as per cent in text: 0.125 is `12.5`; empty when it is not known."""
    return "" if rate is None else f"{rate * 100:.2f}".rstrip("0").rstrip(".")

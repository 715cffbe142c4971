"""When two websites, two companies or two people are the same to a reader, whatever the spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated",
        "kg", "kk", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "oy", "plc", "pte", "pty", "pvt", "sa", "sarl",
        "sas", "se", "spa", "srl",
    }
)  # fmt: skip


def domain_of(website: str) -> str:
    """The domain of a website's address, in lower case and without "www."; "" for what is no address."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", website.strip().lower()).partition("/")[0]
    host = re.split(r"[?#:]", host)[0].removeprefix("www.").strip(".")
    return host if re.fullmatch(r"[^\s@.]+(\.[^\s@.]+)+", host) else ""


def site_of(website: str) -> str:
    """A website's address without scheme, "www." and slashes at its end, the host in lower case; its path stays."""
    whole = re.sub(r"^[a-z][a-z0-9+.-]*://", "", website.strip(), flags=re.IGNORECASE)
    host, _, path = whole.partition("/")
    host, path = host.lower().removeprefix("www.").strip("."), path.rstrip("/")
    return f"{host}/{path}" if path else host


# docs/assumptions.md, "inputs that are spelt differently"
def unspelt(says: Mapping[str, Any]) -> dict[str, Any]:
    """What an input says, without what is a matter of spelling: two inputs with the same are one.

    Examples
    --------
    >>> unspelt({"company_website": "https://www.Aster.example/"})
    {'company_website': 'aster.example'}
    """
    return {name: _unspelt(name, value) for name, value in says.items()}


def _unspelt(name: str, value: Any) -> Any:
    if not isinstance(value, str) or name == "external_url":  # the path of a page may tell capitals apart
        return value
    return site_of(value) if name == "company_website" else " ".join(value.lower().split())


# docs/assumptions.md, "what makes two company names the same"
def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, punctuation, and a legal form that one of them lacks."""
    (first, form), (second, other_form) = _parts(one), _parts(other)
    return bool(first) and first == second and (form == other_form or not form or not other_form)


def _parts(name: str) -> tuple[str, str]:
    """The words of a name, and its legal form."""
    words = re.sub(r"[^\w\s]", "", name.casefold().replace("&", " and ")).split()
    form: list[str] = []
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        form.insert(0, words.pop())
    return " ".join(words), " ".join(form)


# docs/assumptions.md, "what makes two people the same"
def same_person(given: str, first_name: str, last_name: str) -> bool:
    """Whether a whole name is that of a person, but for case, punctuation, and names or initials in the middle."""
    words, first, last = _words(given), _words(first_name), _words(last_name)
    if not first or not last or len(words) < len(first) + len(last):
        return False
    return words[: len(first)] == first and words[-len(last) :] == last


def _words(text: str) -> list[str]:
    return re.sub(r"[^\w\s-]", "", text.casefold()).replace("-", " ").split()

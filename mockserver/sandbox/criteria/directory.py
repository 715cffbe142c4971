"""Who is who: companies and people of the world, found by the words that inputs give."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from mockserver.sandbox.criteria.everyone import Everyone
from mockserver.sandbox.criteria.remembered import Remembered
from mockserver.sandbox.criteria.sieve import Sieve
from mockserver.sandbox.words import digits, domain, page_address, plain_name
from mockserver.world import Company, Contact, World
from mockserver.world.companies.network import Address, Owner, address_of

# docs/assumptions.md, "confidence of an IP match"
LEAST_CONFIDENCE = 0.3  # matches below it are shown to nobody without a word to the account manager

FEW = 8  # companies, whose people are looked at as fast one by one
MANY = 0.25  # of all companies: once the people of more have been looked at, all may be as well

_HASHES: Mapping[int, Callable[[bytes], Any]] = {
    32: lambda data: hashlib.md5(data, usedforsecurity=False),
    40: lambda data: hashlib.sha1(data, usedforsecurity=False),
    64: hashlib.sha256,
    128: hashlib.sha512,
}


class Directory:
    """Indexes over a world, each made when it is first needed."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.remembered = Remembered()
        self.previews: dict[tuple[int, int], msgspec.Raw] = {}  # of a person, after so many changes
        self._looked_at = 0  # companies, whose people searches have looked at
        self._by_hash: dict[int, dict[str, list[int]]] = {}

    def company(self, company_id: str | int) -> Company | None:
        """The company with an id."""
        return self.world.companies.get(int(company_id))

    def contact(self, contact_id: str | int) -> Contact | None:
        """The person with an id."""
        return self.world.contacts.get(int(contact_id))

    def companies_at(self, website: str) -> Sequence[int]:
        """Ids of the companies that a web address belongs to."""
        return self._domains.get(domain(website), ())

    def companies_named(self, name: str) -> Sequence[int]:
        """Ids of the companies with a name, whatever its case, punctuation and legal form."""
        return self._names.get(plain_name(name), ())

    def companies_with_ticker(self, ticker: str) -> Sequence[int]:
        """Ids of the companies with a stock ticker."""
        return self._tickers.get(ticker.strip().upper(), ())

    def companies_with_number(self, phone: str) -> Sequence[int]:
        """Ids of the companies with a phone or fax number."""
        return self._numbers.get(digits(phone), ())

    def companies_with_ecid(self, ecid: int) -> Sequence[int]:
        """Ids of the companies with an EverString id."""
        return self._ecids.get(str(ecid), ())

    def owner_of(self, address: Address) -> Owner | None:
        """The company that an IP address belongs to, where the service is sure enough of it."""
        owner = self.world.owner_of(address)
        return owner if owner is not None and owner.confidence >= LEAST_CONFIDENCE else None

    def companies_behind(self, ip_address: str) -> Sequence[int]:
        """Ids of the companies that an IP address belongs to; none for a text that is no address."""
        address = address_of(ip_address)
        owner = None if address is None else self.owner_of(address)
        return () if owner is None else (owner.company_id,)

    def people_with_email(self, email: str) -> Sequence[int]:
        """Ids of the people with an e-mail address."""
        return self._emails.get(email.strip().casefold(), ())

    def people_with_hashed_email(self, hashed: str) -> Sequence[int]:
        """Ids of the people with an e-mail address of this hash, of a kind told by its length."""
        kind = _HASHES.get(len(hashed.strip()))
        if kind is None:
            return ()
        if len(hashed.strip()) not in self._by_hash:
            self._by_hash[len(hashed.strip())] = {kind(k.encode()).hexdigest(): v for k, v in self._emails.items()}
        return self._by_hash[len(hashed.strip())].get(hashed.strip().lower(), ())

    def people_with_number(self, phone: str) -> Sequence[int]:
        """Ids of the people with a direct or mobile number."""
        return self._people_numbers.get(digits(phone), ())

    def people_with_page(self, url: str) -> Sequence[int]:
        """Ids of the people with a page on a social network."""
        return self._pages.get(page_address(url), ())

    def people_named(self, first_and_last: str) -> Sequence[int]:
        """Ids of the people with a first and last name."""
        return self._people_names.get(" ".join(first_and_last.casefold().split()), ())

    @cached_property
    def sieve(self) -> Sieve:
        """The companies by criteria that come again."""
        return Sieve(self.world.companies.values())

    @cached_property
    def everyone(self) -> Everyone:
        """All people by what they have in common."""
        return Everyone(self.world)

    def tells_among_everyone(self, companies: int) -> bool:
        """Whether a search for the people of so many companies is to look at everyone at once.

        All people are drawn for that, once; so it begins when as many have been looked at one by one.
        """
        if companies <= FEW:
            return False
        self._looked_at += companies
        return "everyone" in self.__dict__ or self._looked_at > MANY * len(self.world.companies)

    @cached_property
    def plain_names(self) -> Mapping[int, str]:
        """The name of each company as it is compared."""
        return {company.id: plain_name(company.name) for company in self.world.companies.values()}

    @cached_property
    def _domains(self) -> Mapping[str, list[int]]:
        return _index((c.id, [d.casefold() for d in c.domains]) for c in self.world.companies.values())

    @cached_property
    def _names(self) -> Mapping[str, list[int]]:
        return _index((company_id, [name]) for company_id, name in self.plain_names.items())

    @cached_property
    def _tickers(self) -> Mapping[str, list[int]]:
        return _index((c.id, [c.ticker]) for c in self.world.companies.values())

    @cached_property
    def _numbers(self) -> Mapping[str, list[int]]:
        return _index((c.id, [digits(n) for n in (c.phone, c.fax) if n]) for c in self.world.companies.values())

    @cached_property
    def _ecids(self) -> Mapping[str, list[int]]:
        ids = self.world.companies
        return _index((i, [str(office.ecid) for office in self.world.offices_of(i)]) for i in ids)

    @cached_property
    def _emails(self) -> Mapping[str, list[int]]:
        return _index((p.id, [a.casefold() for a in (p.email, p.supplemental_email) if a]) for p in self._people)

    @cached_property
    def _people_numbers(self) -> Mapping[str, list[int]]:
        return _index((p.id, [digits(n) for n in (p.direct_phone, p.mobile_phone) if n]) for p in self._people)

    @cached_property
    def _pages(self) -> Mapping[str, list[int]]:
        return _index((p.id, [page_address(page.url) for page in p.social_pages]) for p in self._people)

    @cached_property
    def _people_names(self) -> Mapping[str, list[int]]:
        return _index((p.id, [f"{p.first_name} {p.last_name}".casefold()]) for p in self._people)

    @property
    def _people(self) -> Iterable[Contact]:
        return self.world.contacts.values()


def _index(said: Iterable[tuple[int, Sequence[str | None]]]) -> dict[str, list[int]]:
    """From each key to the ids that have it, in the order of the world."""
    index: dict[str, list[int]] = {}
    for record_id, keys in said:
        for key in dict.fromkeys(keys):
            if key:
                index.setdefault(key, []).append(record_id)
    return index

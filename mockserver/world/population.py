"""The world: built once by seed, asked for ever after."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Generic, Protocol, Self, TypeVar

from mockserver.memory import undisturbed
from mockserver.world import kept, people
from mockserver.world.catalogue import Lists, Topic, read
from mockserver.world.companies import network, offices
from mockserver.world.companies.company import Companies
from mockserver.world.companies.places import Places
from mockserver.world.companies.profiles import Profiles
from mockserver.world.crowd import Crowd
from mockserver.world.happenings import deals
from mockserver.world.happenings.changes import Changes
from mockserver.world.happenings.events import Events
from mockserver.world.happenings.model import RELEVANT_TOPICS, WINDOW_DAYS, win_probability
from mockserver.world.happenings.signals import Interest
from mockserver.world.people import People
from mockserver.world.records import Article, Company, Contact, Deal, Office, Profile, Scoop, Signal, Standing

# Companies whose people, offices, profiles and standings are kept once drawn; others are drawn again when asked for.
KEPT = 8192


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=_Numbered)


class Belongings(Mapping[int, T], Generic[T]):
    """What companies have, by id, drawn company by company: an id says to which company it belongs."""

    def __init__(self, first_id: int, stride: int, counts: Sequence[int], of: Callable[[int], Sequence[T]]) -> None:
        self._first_id, self._stride, self._counts, self._of = first_id, stride, counts, of

    def __getitem__(self, key: int) -> T:
        index, place = divmod(key - self._first_id, self._stride)
        if not (0 <= index < len(self._counts) and place < self._counts[index]):
            raise KeyError(key)
        return self._of(index)[place]

    def __iter__(self) -> Iterator[int]:
        for index, count in enumerate(self._counts):
            first = self._first_id + index * self._stride
            yield from range(first, first + count)

    def __len__(self) -> int:
        return sum(self._counts)


@dataclass(frozen=True, repr=False, eq=False)
class World:
    """A deterministic population; `World.build` makes it.

    Companies and the plan of deals are drawn at once, everything else when it is first asked for, from a seed of
    the company's own: the order of questions changes no answer.
    """

    seed: int
    now: datetime
    lists: Lists
    quarters: tuple[date, ...]
    companies: Mapping[int, Company]
    _places: Places
    _plan: tuple[deals.Opening, ...]
    _kept_in: Path | None = None

    @classmethod
    def build(cls, *, seed: int = 7, companies: int = 3000, now: datetime, kept_in: Path | None = None) -> Self:
        """A world of so many companies, as it stands at `now` (aware).

        The first companies of a larger world of the same seed and `now` are those of the smaller one. Those of a very
        large one are kept in the folder `kept_in`, where one is named, and read from there the next time.
        """
        if now.tzinfo is None:
            raise ValueError("now has no time zone, so the day is open; nothing was built. Pass an aware datetime.")
        lists, today = read(), now.astimezone(UTC).date()
        places = Places(lists)
        pen = Companies(lists, places, seed=seed, today=today)

        def draw() -> list[Company]:
            row: list[Company] = []
            for index in range(companies):
                row.append(pen.draw(index, row))
            return row

        drawn = kept.companies(lists, draw, seed=seed, count=companies, today=today, within=kept_in)
        return cls(
            seed=seed,
            now=now,
            lists=lists,
            quarters=_quarters(today),
            companies=MappingProxyType({company.id: company for company in drawn}),
            _places=places,
            _plan=deals.plan(drawn, seed=seed, today=today),
            _kept_in=kept_in,
        )

    def __repr__(self) -> str:
        return f"<World seed {self.seed}, {len(self.companies):,} companies, {self.now:%Y-%m-%d}>"

    def profile_of(self, company_id: int) -> Profile:
        """What only an enrichment shows of the company."""
        return self._profile(self._index[company_id])

    def standing_of(self, company_id: int) -> Standing:
        """What only company-master shows of the company."""
        return self._standing(self._index[company_id])

    def contacts_of(self, company_id: int) -> tuple[Contact, ...]:
        """The people of the company, by id."""
        return self._people_of(self._index[company_id])

    def offices_of(self, company_id: int) -> tuple[Office, ...]:
        """The offices of the company, headquarters first."""
        return self._offices_of(self._index[company_id])

    def subsidiaries_of(self, company_id: int) -> tuple[int, ...]:
        """Ids of the companies whose parent it is."""
        return self._subsidiaries.get(company_id, ())

    def owner_of(self, address: network.Address) -> network.Owner | None:
        """The company in whose range an IP address lies, where one is known."""
        return network.owner_of(address, self._row, seed=self.seed)

    def addresses_of(self, company_id: int) -> tuple[network.Address, ...]:
        """IP addresses of the company, one of each kind; none when it has no range of its own."""
        found = network.addresses_of(self._index[company_id])
        return found if self.owner_of(found[0]) else ()

    def signals_of(self, company_id: int) -> tuple[Signal, ...]:
        """All signals of the company, by time, those still to come included."""
        company = self.companies[company_id]
        return self._interest.draw(company, self._index[company_id], self._opened.get(company_id))

    def scoops_of(self, company_id: int) -> tuple[Scoop, ...]:
        """All scoops about the company, by the time they were first published, those still to come included."""
        return self._events.scoops(self.companies[company_id], self._index[company_id])

    def news_of(self, company_id: int) -> Sequence[Article]:
        """All articles about the company, by time, those still to come included."""
        return self._news_about.get(company_id, ())

    def signals(self, until: datetime) -> Sequence[Signal]:
        """Signals of all companies, by time, from two years before `now` up to and with `until`."""
        return self._all_signals[: bisect_right(self._all_signals, until, key=lambda signal: signal.at)]

    def next_signal_at(self, now: datetime) -> datetime | None:
        """When the next signal of any company comes after `now`; None after the last one that is drawn."""
        place = bisect_right(self._all_signals, now, key=lambda signal: signal.at)
        return self._all_signals[place].at if place < len(self._all_signals) else None

    def news(self, until: datetime) -> Sequence[Article]:
        """Articles about all companies, by time, from two years before `now` up to and with `until`."""
        return self._all_news[: bisect_right(self._all_news, until, key=lambda article: article.at)]

    def scoops(self, until: datetime) -> Sequence[Scoop]:
        """Scoops about all companies, by the time they were first published, up to and with `until`."""
        return self._all_scoops[: bisect_right(self._all_scoops, until, key=lambda scoop: scoop.at)]

    def recommended_contacts(self, company_id: int, topic: Topic) -> tuple[Contact, ...]:
        """At most three people of the company whom the topic concerns.

        See docs/assumptions.md, "who is recommended for a topic".
        """
        concerned = [
            contact
            for contact in self.contacts_of(company_id)
            if not contact.has_moved
            and any(f.name == topic.job_function or f.department == topic.department for f in contact.job_functions)
        ]
        return tuple(sorted(concerned, key=lambda c: (-c.accuracy_score, c.id))[:3])

    def deals_csv(self) -> str:
        """The closed deals as a CRM exports them: deal_id, website, company_name, amount_usd, outcome and two days."""
        return deals.deals_csv(self.deals)

    def truth_csv(self) -> str:
        """The truth: company_id, win_probability. For judging only."""
        return deals.truth_csv(self.truth)

    @cached_property
    def contacts(self) -> Mapping[int, Contact]:
        """Every contact by id; drawn company by company."""
        counts = [company.contact_count for company in self._row]
        return Belongings(people.FIRST_ID, people.STRIDE, counts, self._people_of)

    @cached_property
    def crowd(self) -> Crowd:
        """What all people have in common; all are drawn for it, once for as long as it is kept."""
        ids, companies = array("q", self.contacts), self._row

        def look() -> Crowd:
            with undisturbed():
                return Crowd.of(((person, c) for c in companies for person in self.contacts_of(c.id)), ids)

        return kept.crowd(ids, look, seed=self.seed, count=len(companies), today=self._today, within=self._kept_in)

    @cached_property
    def offices(self) -> Mapping[int, Office]:
        """Every office by its Location ID; drawn company by company."""
        counts = [company.office_count for company in self._row]
        return Belongings(offices.FIRST_ID, offices.STRIDE, counts, self._offices_of)

    @cached_property
    def deals(self) -> tuple[Deal, ...]:
        """Deals that were closed before `now`, in the order in which they were opened."""
        return deals.close(self._plan, self._probability, self.lists, seed=self.seed)

    @cached_property
    def truth(self) -> Mapping[int, float]:
        """Probability of winning each company: on the opening day of its deal, or on the day of `now`."""
        return {
            company.id: self._probability(company, self._opened.get(company.id, self._today))
            for company in self.companies.values()
        }

    @cached_property
    def _today(self) -> date:
        return self.now.astimezone(UTC).date()

    def _probability(self, company: Company, on: date) -> float:
        first = on - timedelta(days=WINDOW_DAYS)
        recent = sum(
            first <= signal.at.date() < on
            for signal in self.signals_of(company.id)
            if signal.topic.name in RELEVANT_TOPICS
        )
        return win_probability(company, recent_signals=recent, on=on)

    @cached_property
    def _row(self) -> tuple[Company, ...]:
        return tuple(self.companies.values())

    @cached_property
    def _index(self) -> dict[int, int]:
        return {company_id: index for index, company_id in enumerate(self.companies)}

    @cached_property
    def _opened(self) -> dict[int, date]:
        return {opening.company.id: opening.opened_on for opening in self._plan if opening.company}

    @cached_property
    def _subsidiaries(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        for company in self._row:
            if company.parent_id is not None:
                found[company.parent_id] = (*found.get(company.parent_id, ()), company.id)
        return found

    @cached_property
    def changes(self) -> Changes:
        """What changes in records as time goes by, and who opts out."""
        return Changes(self._places, seed=self.seed, origin=self.now)

    @cached_property
    def _interest(self) -> Interest:
        return Interest(self.lists.topics, seed=self.seed, now=self.now)

    @cached_property
    def _all_signals(self) -> list[Signal]:
        everyone = (signal for company_id in self.companies for signal in self.signals_of(company_id))
        return sorted(everyone, key=lambda signal: (signal.at, signal.company_id, signal.topic.id))

    @cached_property
    def _events(self) -> Events:
        return Events(self.lists, self._row, seed=self.seed, now=self.now)

    @cached_property
    def _all_news(self) -> list[Article]:
        found = (article for n, company in enumerate(self._row) for article in self._events.articles(company, n))
        return sorted(found, key=lambda article: (article.at, article.url))

    @cached_property
    def _news_about(self) -> dict[int, list[Article]]:
        """By company, since an article may be about a second one."""
        found: dict[int, list[Article]] = {}
        for article in self._all_news:
            for company_id in article.company_ids:
                found.setdefault(company_id, []).append(article)
        return found

    @cached_property
    def _all_scoops(self) -> list[Scoop]:
        found = (scoop for n, company in enumerate(self._row) for scoop in self._events.scoops(company, n))
        return sorted(found, key=lambda scoop: (scoop.at, scoop.id))

    @cached_property
    def _people_of(self) -> Callable[[int], tuple[Contact, ...]]:
        pen = People(self.lists, self._places, self._row, seed=self.seed, today=self._today)
        return lru_cache(KEPT)(lambda index: pen.draw(self._row[index], index, self._offices_of(index)))

    @cached_property
    def _offices_of(self) -> Callable[[int], tuple[Office, ...]]:
        return lru_cache(KEPT)(
            lambda index: offices.draw_offices(self._row[index], index, seed=self.seed, places=self._places)
        )

    @cached_property
    def _profiles(self) -> Profiles:
        return Profiles(self.lists, self._places, self._row, seed=self.seed)

    @cached_property
    def _profile(self) -> Callable[[int], Profile]:
        return lru_cache(KEPT)(self._profiles.draw)

    @cached_property
    def _standing(self) -> Callable[[int], Standing]:
        return lru_cache(KEPT)(self._profiles.draw_standing)


def _quarters(today: date) -> tuple[date, ...]:
    """The ends of the last nine quarters, oldest first."""
    year, quarter = today.year, (today.month - 1) // 3
    ends = []
    for back in range(9):
        years, quarters = divmod(quarter - back, 4)
        ends.append(date(year + years, 3 * quarters + 1, 1) - timedelta(days=1))
    return tuple(reversed(ends))

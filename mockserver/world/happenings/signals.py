"""Intent: companies read about topics, mostly a little, now and then in bursts that rise and decay.

A burst is a cluster: two or three topics of one category, some weeks long, scores highest in the middle. A company
with a deal is often in such a burst about the product's own topics when the deal is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mockserver.world.catalogue import Topic
from mockserver.world.draw import Draw
from mockserver.world.happenings.model import RELEVANT_TOPICS
from mockserver.world.records import Audience, Company, Signal

# Two years behind `now`, and what a moved clock may still reveal.
DAYS_BEFORE, DAYS_AFTER = 730, 548
SPAN = DAYS_BEFORE + DAYS_AFTER
BURSTS_A_YEAR, RELEVANT_SHARE = 0.22, 0.25
STRAY_A_YEAR = 1.6
BEFORE_A_DEAL = 0.6
AUDIENCES: tuple[Audience, ...] = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class _Reading:
    day: int
    minute: int
    topic: Topic
    score: int


class Interest:
    """Draws the signals of one company at a time."""

    def __init__(self, topics: Sequence[Topic], *, seed: int, now: datetime) -> None:
        self.seed, self.topics = seed, tuple(topics)
        self.start = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC) - timedelta(DAYS_BEFORE)
        self.relevant = tuple(topic for topic in topics if topic.name in RELEVANT_TOPICS)
        categories: dict[str, list[Topic]] = {}
        for topic in topics:
            if topic not in self.relevant:
                categories.setdefault(topic.category, []).append(topic)
        self.clusters = tuple(tuple(cluster) for cluster in categories.values())

    def draw(self, company: Company, index: int, opened_on: date | None) -> tuple[Signal, ...]:
        """All signals of the company over the whole span, by time."""
        draw = Draw(f"{self.seed}/{index}/intent")
        readings = sorted(self._readings(draw, company, opened_on), key=lambda r: (r.day, r.minute, r.topic.id))
        return tuple(self._signals(draw, company, readings))

    def _readings(self, draw: Draw, company: Company, opened_on: date | None) -> Iterator[_Reading]:
        pace = 0.3 if company.is_defunct else min(1.6, 0.6 + 0.2 * len(str(company.employees or 10)))
        for _ in range(_times(draw, STRAY_A_YEAR * pace * SPAN / 365)):
            yield _Reading(draw.whole(0, SPAN - 1), draw.whole(0, 1439), draw.pick(self.topics), draw.whole(60, 78))
        for _ in range(_times(draw, BURSTS_A_YEAR * pace * SPAN / 365)):
            cluster = self.relevant if draw.chance(RELEVANT_SHARE) else draw.pick(self.clusters)
            yield from self._burst(draw, cluster, draw.whole(-40, SPAN - 1))
        if opened_on is not None and draw.chance(BEFORE_A_DEAL):
            opening = (datetime.combine(opened_on, datetime.min.time(), UTC) - self.start).days
            yield from self._burst(draw, self.relevant, opening - draw.whole(30, 80))

    def _burst(self, draw: Draw, cluster: Sequence[Topic], first_day: int) -> Iterator[_Reading]:
        """Weekly readings: few and low at first, many and high in the middle, then fewer again."""
        weeks, strength = draw.whole(7, 13), 0.45 + 0.55 * draw.unit()
        topics = draw.some(cluster, 3)
        for week in range(weeks):
            place = (week + 0.5) / weeks
            shape = 4 * place * (1 - place) * strength
            for topic in topics:
                day = first_day + 7 * week + draw.whole(0, 4)
                if draw.chance(0.08 + 0.5 * shape) and 0 <= day < SPAN:
                    yield _Reading(day, draw.whole(0, 1439), topic, min(100, 60 + int(34 * shape + 7 * draw.unit())))

    def _signals(self, draw: Draw, company: Company, readings: Sequence[_Reading]) -> Iterator[Signal]:
        last: dict[str, _Reading] = {}
        for reading in readings:
            before = last.get(reading.topic.id)
            if before is not None and before.day == reading.day:
                continue
            others = any(reading.day - r.day <= 30 for topic_id, r in last.items() if topic_id != reading.topic.id)
            recent = before is not None and reading.day - before.day <= 60
            last[reading.topic.id] = reading
            yield Signal(
                topic=reading.topic,
                company_id=company.id,
                at=self.start + timedelta(days=reading.day, minutes=reading.minute),
                score=reading.score,
                audience=AUDIENCES[min(4, max(0, int((100 - reading.score) / 9 + 1.6 * draw.unit() - 0.5)))],
                trend=reading.score - before.score if before is not None and recent else 0,
                is_new=not recent,
                has_other_topics=others,
            )


def _times(draw: Draw, mean: float) -> int:
    """How often something happens that happens `mean` times on average (a Poisson count, by gaps of one stream)."""
    count, left = 0, draw.unit()
    term = total = round(2.718281828459045**-mean, 9)
    while left > total and count < 40:
        count += 1
        term = term * mean / count
        total += term
    return count

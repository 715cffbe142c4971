from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from statistics import mean

from mockserver.world import Signal, World
from mockserver.world.happenings.model import RELEVANT_TOPICS


def test_signals_reach_from_two_years_ago_to_eighteen_months_ahead(world: World) -> None:
    past = world.signals(world.now)
    everything = world.signals(world.now + timedelta(days=2000))
    assert world.now - timedelta(days=731) <= past[0].at < world.now - timedelta(days=725)
    assert past[-1].at <= world.now
    assert world.now + timedelta(days=540) < everything[-1].at < world.now + timedelta(days=549)
    assert list(everything[: len(past)]) == list(past)
    assert [s.at for s in everything] == sorted(s.at for s in everything)


def test_a_later_clock_reveals_more(world: World) -> None:
    assert len(world.signals(world.now + timedelta(days=30))) > len(world.signals(world.now))


def test_a_year_of_the_relevant_topics_costs_a_few_thousand_records(world: World) -> None:
    relevant = [s for s in world.signals(world.now) if s.topic.name in RELEVANT_TOPICS]
    assert 4_000 <= len(relevant) <= 6_200


def test_scores_audiences_and_topics_have_the_documented_values(world: World) -> None:
    signals = world.signals(world.now)
    assert {s.audience for s in signals} == {"A", "B", "C", "D", "E"}
    assert min(s.score for s in signals) == 60
    assert 98 <= max(s.score for s in signals) <= 100
    assert len({s.topic.id for s in signals}) == 24


def test_the_wider_the_audience_the_higher_the_score(world: World) -> None:
    scores: dict[str, list[int]] = defaultdict(list)
    for signal in world.signals(world.now):
        scores[signal.audience].append(signal.score)
    means = [mean(scores[letter]) for letter in "ABCDE"]
    assert means == sorted(means, reverse=True)


def test_interest_comes_in_bursts_that_rise_and_decay(world: World) -> None:
    """In the longest runs of one topic, the middle scores higher than both ends."""
    ends, middles = [], []
    for company_id in world.companies:
        by_topic = defaultdict(list)
        for signal in world.signals_of(company_id):
            by_topic[signal.topic.id].append(signal)
        for signals in by_topic.values():
            run = [s for s in signals if signals[0].at + timedelta(days=91) >= s.at]
            if len(run) >= 6:
                ends += [run[0].score, run[-1].score]
                middles += [s.score for s in run[2:-2]]
    assert len(middles) > 300
    assert mean(middles) > mean(ends) + 8


def test_a_signal_is_new_when_the_topic_was_quiet_for_two_months(world: World) -> None:
    for company_id in list(world.companies)[:300]:
        last: dict[str, Signal] = {}
        for signal in world.signals_of(company_id):
            before = last.get(signal.topic.id)
            days = (signal.at.date() - before.at.date()).days if before else 1000
            assert signal.is_new == (days > 60)
            assert signal.trend == (signal.score - before.score if before and days <= 60 else 0)
            last[signal.topic.id] = signal


def test_other_topics_within_thirty_days_are_told(world: World) -> None:
    for company_id in list(world.companies)[:300]:
        earlier: list[tuple[str, int]] = []
        for signal in world.signals_of(company_id):
            day = signal.at.date().toordinal()
            others = [when for topic, when in earlier if topic != signal.topic.id and day - when <= 30]
            assert signal.has_other_topics == bool(others)
            earlier.append((signal.topic.id, day))


def test_relevant_interest_goes_before_deals(world: World) -> None:
    openings = {d.company_id: d.opened_on for d in world.deals if d.company_id}
    counts = Counter(
        company_id
        for company_id, opened_on in openings.items()
        for s in world.signals_of(company_id)
        if s.topic.name in RELEVANT_TOPICS and 0 < (opened_on - s.at.date()).days <= 90
    )
    assert 0.45 < len(counts) / len(openings) < 0.9
    assert mean(counts.values()) > 3

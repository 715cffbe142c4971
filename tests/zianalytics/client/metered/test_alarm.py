"""An allowance that comes to its end is spoken of before it does."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from zianalytics.client.metered.alarm import Alarm, beyond, near, reached
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.projection import Projection
from zianalytics.errors import BudgetExceeded, LimitNear, LimitReached, RequestRefused
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters
from zianalytics.schema.usage import LimitTold, Snapshot

if TYPE_CHECKING:
    from tests.zianalytics.client.conftest import Client, Desk, Service

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


def told(used: int | None, allowed: int | None = 1_000, limit_type: str = "uniqueIdLimit") -> LimitTold:
    return LimitTold(limit_type=limit_type, used=used, allowed=allowed)


def spoken(work: Callable[[], object]) -> list[tuple[str, int]]:
    """Limit and count of each warning that the work leads to."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work()
    limits = [one.message for one in caught if isinstance(one.message, LimitNear)]
    return [(one.limit_type, one.used) for one in limits]


def says(alarm: Alarm, *limits: LimitTold) -> list[tuple[str, int]]:
    alarm.hear(limits)
    return spoken(alarm.speak)


@pytest.mark.parametrize(
    ("used", "allowed", "percent"),
    [
        (799, 1_000, None),
        (800, 1_000, 80),
        (899, 1_000, 80),
        (900, 1_000, 90),
        (1_000, 1_000, 100),
        (1_200, 1_000, 100),
    ],
)
def test_a_threshold_is_reached_by_the_count_that_comes_to_it(used: int, allowed: int, percent: float | None) -> None:
    assert reached(told(used, allowed), (80, 90, 100)) == percent


@pytest.mark.parametrize(("used", "allowed"), [(5, None), (None, None), (None, 5), (0, 0)])
def test_where_there_is_no_limit_none_is_reached(used: int | None, allowed: int | None) -> None:
    assert reached(told(used, allowed), (80,)) is None


def test_a_threshold_is_spoken_of_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        assert says(alarm, told(799)) == []
        assert says(alarm, told(810)) == [("uniqueIdLimit", 810)]
        assert says(alarm, told(820)) == []
        assert says(alarm, told(950), told(800, limit_type="recordLimit")) == [
            ("uniqueIdLimit", 950),
            ("recordLimit", 800),
        ]
        assert says(alarm, told(1_000)) == [("uniqueIdLimit", 1_000)]


def test_clients_of_one_account_in_a_process_speak_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path / "one") as one, Journal.open(tmp_path / "other") as other:
        assert says(Alarm(one), told(810)) == [("uniqueIdLimit", 810)]
        assert says(Alarm(one), told(810)) == []
        assert says(Alarm(other), told(810)) == [("uniqueIdLimit", 810)]


def test_a_count_that_begins_anew_is_spoken_of_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        assert says(alarm, told(950)) == [("uniqueIdLimit", 950)]
        assert says(alarm, told(940), told(10)) == []
        assert says(alarm, told(801)) == [("uniqueIdLimit", 801)]


def test_a_count_may_pass_several_thresholds_at_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        assert says(Alarm(journal), told(1_000)) == [("uniqueIdLimit", 1_000)]


def test_other_thresholds_hold_from_when_they_are_said(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        assert says(alarm, told(850)) == [("uniqueIdLimit", 850)]
        alarm.warn_at((50, 95))
        assert says(alarm, told(850)) == [("uniqueIdLimit", 850)]
        assert says(alarm, told(900)) == []
        assert says(alarm, told(950)) == [("uniqueIdLimit", 950)]
        alarm.warn_at(())
        assert says(alarm, told(1_000)) == []


@pytest.mark.parametrize("percent", [0, 0.8, -1, 100.5, float("nan"), True, "80%"], ids=str)
def test_a_threshold_is_a_percentage(tmp_path: Path, percent: float) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        with pytest.raises(RequestRefused, match=r"is not a percentage from 1 to 100\. Nothing was sent or changed"):
            alarm.warn_at((80, percent))
        assert says(alarm, told(810)) == [("uniqueIdLimit", 810)]


def projected(runs_out_on: date | None, basis: str) -> Projection:
    return Projection(limit_type="recordLimit", used=1, limit=1, per_day=None, runs_out_on=runs_out_on, basis=basis)


def test_the_warning_says_what_is_used_and_left_until_when_and_what_to_do() -> None:
    warning = near(
        told(1_234, 1_500, "recordLimit"), projected(date(2031, 4, 20), "counts from 2031-03-01 to 2031-03-11")
    )
    assert str(warning) == (
        "1,234 of the account's 1,500 records are used (82 %), and 266 are left. At the present pace they last until "
        "2031-04-20 (counts from 2031-03-01 to 2031-03-11). Nothing was stopped. Enrich what you do not hold yet, and "
        "lower the limit= of searches that cost a record a row. Your ZoomInfo admin can have the allowance raised; "
        "zi.usage.projection() shows all limits."
    )


def test_the_warning_says_why_no_day_can_be_told() -> None:
    said = str(near(told(9, 10), projected(None, "counts of less than a day say nothing of a pace")))
    assert "1 are left. How long they last cannot be said: counts of less than a day say nothing of a pace." in said


def test_at_the_end_the_warning_says_what_happens_then() -> None:
    said = str(near(told(10, 10, "requestLimit"), None))
    assert said.startswith(
        "10 of the account's 10 requests are used (100 %), and 0 are left. The service refuses what needs more, at no "
        "cost. Ask for much at once: an enrichment takes 25 inputs a request, and a search 100 rows."
    )


def newest(**used: tuple[int | None, int | None]) -> dict[str, Snapshot]:
    return {
        name: Snapshot(limit_type=name, used=one, allowed=allowed, at=NOW, source="header")
        for name, (one, allowed) in used.items()
    }


def test_a_call_that_may_cost_more_than_is_left_is_spoken_of_before_it() -> None:
    known = newest(uniqueIdLimit=(95, 100), recordLimit=(95, 2_500), requestLimit=(10_000, 10_000))
    [one] = beyond("enrich.companies", Meters(credits=6, records=6, requests=1), "api", known)
    assert str(one) == (
        "enrich.companies may cost 6 credits, and the account has 5 of 100 left, as the service said on 2031-03-01 at "
        "09:00 UTC. The call goes on; what the service refuses costs nothing. Pass fewer rows, or go on later. Your "
        "ZoomInfo admin can have the allowance raised; zi.usage.projection() shows all limits."
    )
    assert (one.limit_type, one.used, one.allowed) == ("uniqueIdLimit", 95, 100)


def test_what_is_left_is_enough_to_the_last_one_or_not_known_or_has_no_limit() -> None:
    known = newest(uniqueIdLimit=(95, 100), recordLimit=(None, 10), requestLimit=(10_000, None))
    assert beyond("enrich.companies", Meters(credits=5, records=50, requests=50), "api", known) == []
    assert beyond("enrich.companies", Meters(credits=5), "api", {}) == []


def test_ip_look_ups_have_allowances_of_their_own() -> None:
    known = newest(recordLimit=(10, 10), websightsRecordLimit=(5, 10))
    assert beyond("enrich.ips", Meters(records=5, requests=1), "websights", known) == []
    [one] = beyond("enrich.ips", Meters(records=6, requests=1), "websights", known)
    assert one.limit_type == "websightsRecordLimit"


@pytest.mark.parametrize("limit_type", ["uniqueIdLimit", "recordLimit", "requestLimit"])
def test_a_running_call_says_so_before_the_limit_is_reached(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch, limit_type: str
) -> None:
    allowed = {"uniqueIdLimit": 300, "recordLimit": 300, "requestLimit": 12}
    monkeypatch.setitem(service.sandbox.service.meters.limits, limit_type, allowed[limit_type])
    ids = service.ids[:275]  # eleven batches
    with pytest.warns(LimitNear) as caught:
        frame = client.enrich.companies(ids, max_credits=275)
    assert frame.height == 275
    assert {one.message.limit_type for one in caught if isinstance(one.message, LimitNear)} == {limit_type}
    first = caught[0].message
    assert isinstance(first, LimitNear)
    assert 80 <= 100 * first.used / first.allowed < 100, "while something was left"


def test_a_call_beyond_what_is_left_is_spoken_of_before_it_is_sent(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "uniqueIdLimit", 40)
    client.usage()
    with (
        warnings.catch_warnings(action="error", category=LimitNear),
        pytest.raises(LimitNear, match=r"enrich\.companies may cost 50 credits, and the account has 40 of 40 left"),
    ):
        client.enrich.companies(service.ids[:50], max_credits=50)
    assert service.asked["/enrich/company"] == 0
    with pytest.raises(BudgetExceeded):
        client.enrich.companies(service.ids[:50], max_credits=49)  # a call that is refused says nothing of the account


@pytest.mark.parametrize("noun", ["companies", "news"])
def test_a_call_beyond_what_is_left_is_spoken_of_once(
    noun: str, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "recordLimit", 60)
    client.usage()
    with warnings.catch_warnings(record=True, action="always") as caught, suppress(LimitReached):
        if noun == "companies":
            client.enrich.companies(service.ids[:70], max_credits=70)
        else:
            client.enrich.news(service.ids[:2], limit=40, max_credits=2)
    assert sum(" may cost " in str(one.message) for one in caught) == 1


def test_a_warning_taken_for_an_error_leaves_nothing_in_doubt(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "uniqueIdLimit", 100)
    client = desk.client()
    with warnings.catch_warnings(action="error", category=LimitNear), pytest.raises(LimitNear):
        client.enrich.companies(service.ids[:100], max_credits=100)
    assert client.charges == service.charges
    assert client.ledger.unanswered().is_empty()
    with warnings.catch_warnings(action="ignore", category=LimitNear):
        assert client.enrich.companies(service.ids[:100], max_credits=100).height == 100
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 100


def test_a_search_says_so_by_the_headers_of_its_own_reply(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "requestLimit", 1)
    with pytest.warns(LimitNear, match="1 of the account's 1 requests are used"):
        client.search.companies.count(country="Germany")


def test_it_is_said_between_requests_and_not_at_the_end_alone(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "uniqueIdLimit", 410)
    client.usage.warn_at(10)
    with warnings.catch_warnings(action="error", category=LimitNear), pytest.raises(LimitNear):
        client.enrich.companies(service.ids[:400], max_credits=400)
    assert 1 < service.asked["/enrich/company"] < 16, "the warning cut the call off"


def test_what_many_threads_hear_is_spoken_of_once(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        threads = [threading.Thread(target=alarm.hear, args=([told(800 + n)],)) for n in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(spoken(alarm.speak)) == 1


def test_a_thread_of_ours_leaves_it_to_that_of_the_user_whose_line_is_pointed_at(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        alarm = Alarm(journal)
        asked: list[Callable[[], None]] = [partial(alarm.hear, [told(900)]), alarm.speak]
        fan_out(asked, at_once=lambda: 1, title="", sizes=[1, 1], progress=False)
        with pytest.warns(LimitNear) as caught:
            alarm.speak()
    assert [one.filename for one in caught] == [__file__]

from __future__ import annotations

import random

import pytest

from zianalytics.scoring.calibrate import calibrate, sigmoid


def test_overconfident_scores_are_pulled_towards_what_came() -> None:
    chance = random.Random(3)
    truth = [chance.gauss(-0.5, 1) for _ in range(4000)]
    won = [chance.random() < sigmoid(x) for x in truth]
    learnt = calibrate([3 * x + 1 for x in truth], won)
    assert learnt.slope == pytest.approx(1 / 3, abs=0.03)
    assert learnt.shift == pytest.approx(-1 / 3, abs=0.08)
    assert learnt.note == "a sigmoid learnt on 4000 forward predictions"


def test_too_few_predictions_leave_the_scores_and_say_so() -> None:
    learnt = calibrate([0.1] * 29, [True] * 14 + [False] * 15)
    assert (learnt.slope, learnt.shift, learnt.deals) == (1.0, 0.0, 0)
    assert learnt.note == "not calibrated: 29 forward predictions with 14 won are too few to learn from"
    assert calibrate([0.1] * 40, [True] * 7 + [False] * 33).deals == 0


def test_scores_that_point_the_wrong_way_are_never_turned_round() -> None:
    logits = [n / 10 for n in range(60)]
    learnt = calibrate(logits, [n < 18 for n in range(60)])
    assert learnt.slope == 0
    assert learnt.probability(-5) == learnt.probability(5) == pytest.approx(0.3)
    assert "every account gets 30 %" in learnt.note


def test_scores_that_are_all_alike_give_about_the_share_won() -> None:
    learnt = calibrate([0.7] * 60, [n < 18 for n in range(60)])
    assert learnt.probability(0.7) == pytest.approx(0.3, abs=0.02)


def test_separated_outcomes_do_not_run_away() -> None:
    learnt = calibrate([n - 30.5 for n in range(60)], [n > 30 for n in range(60)])
    assert 0 < learnt.slope < 50
    assert sigmoid(-1000) == 0.0
    assert sigmoid(1000) == 1.0

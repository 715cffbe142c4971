"""From a score to a probability: a sigmoid learnt on predictions that were made forward in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_LEAST = 30
_LEAST_OF_EACH = 8
_STEPS = 100


@dataclass(frozen=True)
class Calibration:
    """Probability = sigmoid(slope x logit + shift).

    Attributes
    ----------
    slope, shift
        1 and 0 leave the model's own probabilities as they are.
    deals
        How many forward predictions it was learnt from; 0 when there were too few.
    note
        In plain words, what was done.
    """

    slope: float
    shift: float
    deals: int
    note: str

    def probability(self, logit: float) -> float:
        """The calibrated probability of one logit."""
        return sigmoid(self.slope * logit + self.shift)


def calibrate(logits: Sequence[float], won: Sequence[bool]) -> Calibration:
    """The sigmoid that fits these predictions best, or none when they are too few to tell.

    A slope below zero would turn the order of accounts round on the strength of noise; it becomes zero, so that
    each account gets the share of deals won.
    """
    wins = sum(won)
    if len(won) < _LEAST or min(wins, len(won) - wins) < _LEAST_OF_EACH:
        return Calibration(
            1.0, 0.0, 0, f"not calibrated: {len(won)} forward predictions with {wins} won are too few to learn from"
        )
    slope, shift = _platt(logits, won)
    if slope <= 0:
        share = wins / len(won)
        told = f"on {len(won)} forward predictions a higher score did not mean more wins"
        note = f"{told}: every account gets {100 * share:.0f} %"
        return Calibration(0.0, math.log(share / (1 - share)), len(won), note)
    return Calibration(slope, shift, len(won), f"a sigmoid learnt on {len(won)} forward predictions")


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), safe for any x."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def softplus(x: float) -> float:
    """log(1 + exp(x)), safe for any x."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _platt(logits: Sequence[float], won: Sequence[bool]) -> tuple[float, float]:
    """Newton's method with halved steps, from Platt's softened targets, which guard against overconfidence."""
    wins = sum(won)
    high, low = (wins + 1) / (wins + 2), 1 / (len(won) - wins + 2)
    targets = [high if w else low for w in won]
    slope, shift = 0.0, math.log(wins / (len(won) - wins))
    loss = _loss(logits, targets, slope, shift)
    for _ in range(_STEPS):
        step_slope, step_shift = _step(logits, targets, slope, shift)
        size, tried = 1.0, _loss(logits, targets, slope - step_slope, shift - step_shift)
        while tried > loss and size > 1e-6:
            size /= 2
            tried = _loss(logits, targets, slope - size * step_slope, shift - size * step_shift)
        if loss - tried < 1e-12:
            break
        slope, shift, loss = slope - size * step_slope, shift - size * step_shift, tried
    return slope, shift


def _step(logits: Sequence[float], targets: Sequence[float], slope: float, shift: float) -> tuple[float, float]:
    gradient_a = gradient_b = aa = ab = bb = 0.0
    for x, target in zip(logits, targets, strict=True):
        p = sigmoid(slope * x + shift)
        gap, weight = p - target, p * (1 - p)
        gradient_a, gradient_b = gradient_a + gap * x, gradient_b + gap
        aa, ab, bb = aa + weight * x * x, ab + weight * x, bb + weight
    aa, bb = aa + 1e-9, bb + 1e-9  # keeps the step finite where all logits are alike
    determinant = aa * bb - ab * ab
    return (bb * gradient_a - ab * gradient_b) / determinant, (aa * gradient_b - ab * gradient_a) / determinant


def _loss(logits: Sequence[float], targets: Sequence[float], slope: float, shift: float) -> float:
    scores = (slope * x + shift for x in logits)
    return sum(softplus(y) - target * y for y, target in zip(scores, targets, strict=True))

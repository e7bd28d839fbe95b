"""Which figures lie far above what a commissioner usually writes: robust, so that one large figure hides no other."""

import math
from collections.abc import Sequence
from statistics import median

NORMAL = 1.4826
"""Median absolute deviation × this is the standard deviation where values are normally distributed."""

NARROWEST = 0.25
"""Least spread of logarithms: who always writes 30 is not told off for 40."""


def limit(values: Sequence[int], at_least: int, spread: float) -> tuple[float, float] | None:
    """(median, what lies above is unusual) of the positive figures; None where they are fewer than `at_least`.

    Figures of people are compared as ratios, so by their logarithms: median + spread × robust standard deviation.
    """
    logs = [math.log(v) for v in values if v > 0]
    if len(logs) < at_least:
        return None
    middle = median(logs)
    deviation = NORMAL * median(abs(x - middle) for x in logs)
    return median(v for v in values if v > 0), math.exp(middle + spread * max(deviation, NARROWEST))


def unusual(
    figures: Sequence[tuple[int, bool]], at_least: int, spread: float, least: int
) -> dict[tuple[int, bool], float]:
    """Which (figure, was a training) of one person's visits are unusual, with the median they are held against.

    Trainings have other numbers than visits to a field: each is compared with its own kind where there are enough of
    it, else with all. Below `least` nothing is unusual; small figures claim nothing.
    """
    every = limit([v for v, _ in figures], at_least, spread)
    found: dict[tuple[int, bool], float] = {}
    for training in (False, True):
        kind = [v for v, t in figures if t is training]
        known = limit(kind, at_least, spread) or every
        if known:
            usual, most = known
            found.update({(v, training): usual for v in kind if v >= least and v > most})
    return found

"""Which half days a visit takes, and which visits of one person cannot all be true.

A half day is a slot: 2 × the day's ordinal for the morning, + 1 for the afternoon. A visit claims some number of slots
within a window: with times the window is exact, without them it is the whole day or stay. Visits clash only where
their half days cannot be placed side by side in any way, so two half days on one day without times do not.
"""

import datetime as dt
import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple


class Claim(NamedTuple):
    """Some slots of a window: first and last slot, and how many of them (1 to all)."""

    first: int
    last: int
    need: int


@lru_cache(maxsize=20_000)
def ordinal(text: str | None) -> int | None:
    """The day number of an ISO date; None for what is none."""
    if not text or len(text) != 10 or text[4] + text[7] != "--":
        return None
    try:
        return dt.date.fromisoformat(text).toordinal()
    except ValueError:
        return None


@lru_cache(maxsize=5_000)
def minutes(text: str | None) -> int | None:
    """Minutes since midnight of HH:MM or H:MM; None for what is none."""
    hour, colon, minute = (text or "").strip().partition(":")
    if not (colon and hour.isdigit() and minute[:2].isdigit()):
        return None
    found = int(hour) * 60 + int(minute[:2])
    return found if found < 24 * 60 and int(minute[:2]) < 60 else None


def claim(
    start: int | None,
    end: int | None,
    start_time: str | None,
    end_time: str | None,
    half_days: int | None,
    afternoon_from: int = 12 * 60,
    morning_until: int = 13 * 60,
) -> Claim | None:
    """The slots that a visit claims; None where it has no day, no days (half_days) or ends before it begins.

    start, end: day numbers (end None: the same day). Who starts from `afternoon_from` on starts in the afternoon, who
    ends by `morning_until` ends in the morning (minutes since midnight). More half days than the times leave room for
    mean the whole days; more than there are days count as all of them.
    """
    end = start if end is None else end
    if start is None or end is None or end < start or not half_days or half_days < 1:
        return None
    whole = Claim(2 * start, 2 * end + 1, min(half_days, 2 * (end - start + 1)))
    begins, ends = minutes(start_time), minutes(end_time)
    first = whole.first + (begins is not None and begins >= afternoon_from)
    last = whole.last - (ends is not None and ends <= morning_until)
    return Claim(first, last, whole.need) if last - first + 1 >= whole.need else whole


def placed(claims: Iterable[Claim]) -> int:
    """How many of the claimed half days can be placed at most, each slot once: earliest deadline first."""
    waiting = sorted(claims)
    heap: list[list[int]] = []
    at, slot, found = 0, 0, 0
    while heap or at < len(waiting):
        if not heap:
            slot = max(slot, waiting[at].first)
        while at < len(waiting) and waiting[at].first <= slot:
            heapq.heappush(heap, [waiting[at].last, waiting[at].need])
            at += 1
        last, need = heap[0]
        if last < slot:
            heapq.heappop(heap)
            continue
        run = min(need, last - slot + 1)
        if at < len(waiting):
            run = min(run, waiting[at].first - slot)
        found, slot = found + run, slot + run
        if run == need:
            heapq.heappop(heap)
        else:
            heap[0][1] -= run
    return found


def clashing(claims: Sequence[Claim]) -> dict[Claim, int]:
    """The claims that cannot be placed beside the others, with how often each occurs.

    A claim clashes if some of the others can be placed only without it: leaving it out then lowers the number of half
    days that can be placed by less than it needs (the rank of the matroid of what can be placed).
    """
    counts: dict[Claim, int] = {}
    for c in claims:
        counts[c] = counts.get(c, 0) + 1
    found: dict[Claim, int] = {}
    for group in _chains(_tight(counts)):
        units = [c for c in group for _ in range(counts[c])]
        total = placed(units)
        if total == sum(c.need for c in units):
            continue
        for c in group:
            rest = list(units)
            rest.remove(c)
            if total - placed(rest) < c.need:
                found[c] = counts[c]
    return found


def _tight(counts: dict[Claim, int]) -> list[Claim]:
    """Without the claims that fit whatever the others do: a stay of months with a few days in it binds nobody."""
    left = sorted(counts)
    while True:
        starts = [c.first for c in left]
        ends = sorted((c.last, c.need * counts[c]) for c in left)
        begun = [0, *accumulate(c.need * counts[c] for c in left)]
        ended = [0, *accumulate(need for _, need in ends)]
        days = [last for last, _ in ends]
        # What may fall into the window of a claim, its own need included: all that has begun by its end and has not
        # ended before its start.
        kept = [
            c
            for c in left
            if begun[bisect_right(starts, c.last)] - ended[bisect_left(days, c.first)] > c.last - c.first + 1
        ]
        if len(kept) == len(left):
            return kept
        left = kept


def _chains(claims: list[Claim]) -> list[list[Claim]]:
    """Groups whose windows touch one another, directly or through others; in order of their first slot."""
    found: list[list[Claim]] = []
    until = -1
    for c in claims:
        if c.first > until:
            found.append([])
        found[-1].append(c)
        until = max(until, c.last)
    return found


def touch(one: Claim, other: Claim) -> bool:
    """Whether the windows of two claims have a slot in common."""
    return one.first <= other.last and other.first <= one.last


def share(one: Claim, other: Claim) -> bool:
    """Whether two claims certainly have a half day in common."""
    room = max(one.last, other.last) - min(one.first, other.first) + 1
    return touch(one, other) and one.need + other.need > room

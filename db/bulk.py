"""Bulk work in memory: the garbage collector rests while tens of thousands of plain values are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 2_000
"""From so many changes on it pays; below it nobody notices."""


@contextmanager
def collector_resting(count: int) -> Iterator[None]:
    """Keep the cycle collector from walking the same values again and again (a quarter of an import's time).

    Nothing is lost: the values of a write hold no cycles, and whatever else waits is collected afterwards.
    """
    if count < MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

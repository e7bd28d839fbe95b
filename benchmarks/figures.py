"""Figures of a year by county and month at 100,000 visits, against the same GROUP BY over the bare table."""

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import data

GOAL_MS = 200
RUNS = 9

_SCAN = (
    "SELECT county, substr(date, 1, 7), count(*), coalesce(sum(half_days), 0) FROM visit NOT INDEXED "
    "WHERE deleted = 0 AND date >= ? AND date <= ? AND state IN ('submitted', 'passed') GROUP BY 1, 2"
)


def _ms(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return data.median(times)


def run(argv: Sequence[str]) -> int:
    """0 if county by month comes within 200 ms."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=100_000)
    options = parser.parse_args(argv)
    from commissioner_app import ledgers, statistics
    from commissioner_app.statistics import Scope, visit_filter
    from db.queries import statistics as queries

    with ledgers.open_ledger(data.ledger(options.visits)) as ledger:
        period = statistics.default_period(ledger)
        wanted = visit_filter(period, Scope())

        def scan() -> dict[tuple[str, str], tuple[int, int]]:
            with ledger.read() as connection:
                rows = connection.exec_driver_sql(_SCAN, (period.start, period.end))
                return {(r[0] or "", r[1] or ""): (r[2], r[3]) for r in rows}

        def ours() -> dict[tuple[str, str], tuple[int, int]]:
            with ledger.read() as connection:
                return queries.by_county_and_month(connection, wanted)

        assert scan() == ours()
        bare, indexed = _ms(scan), _ms(ours)
        whole = _ms(lambda: statistics.overview(ledger, period))
    print(f"   GROUP BY over the bare table   {bare:7.1f} ms")
    print(
        f"   county and month               {indexed:7.1f} ms   {indexed / bare:.2f} × bare (goal {GOAL_MS} ms)"
    )
    print(f"   all figures of 工作台/报告     {whole:7.1f} ms   {whole / bare:.2f} × bare")
    return int(indexed > GOAL_MS)

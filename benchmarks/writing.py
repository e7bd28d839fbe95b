"""Writing visits with their history through Ledger.write, against a bare executemany of the same rows.

The bare insert goes into the same table with its indexes and foreign keys, in a fresh ledger with the same
settings, in one transaction. Both write in turn; then one visit at a time is saved into a full ledger, against
a bare INSERT and COMMIT into the same table.
"""

import argparse
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import data

GOAL = 3.0
GOAL_SAVE_MS = 50


def _journal(path: Path, visits: int) -> tuple[float, list[str], list[Any], list[Any]]:
    """Seconds of one operation that logs all visits; the rows that it made."""
    from commissioner_app import demo

    with demo.make(path, 0) as ledger:
        drafts = demo.visit_drafts(ledger, visits, random.Random(7))
        begun = time.perf_counter()
        ledger.write("登记演示服务记录", drafts)
        seconds = time.perf_counter() - begun
        with ledger.read() as connection:
            columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(visit)")]
            names = ", ".join(columns)
            rows = [tuple(r) for r in connection.exec_driver_sql(f"SELECT {names} FROM visit ORDER BY rowid")]
            recipients = [(r[0],) for r in connection.exec_driver_sql("SELECT id FROM recipient")]
    return seconds, columns, rows, recipients


def _bare(path: Path, columns: list[str], rows: list[Any], recipients: list[Any]) -> float:
    from db.engine import connect
    from db.ledger import Ledger

    Ledger.create(path).close()
    raw = connect(path, None)
    raw.executemany("INSERT INTO recipient (id) VALUES (?)", recipients)
    begun = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    marks = ",".join("?" * len(columns))
    raw.executemany(f"INSERT INTO visit ({', '.join(columns)}) VALUES ({marks})", rows)
    raw.execute("COMMIT")
    seconds = time.perf_counter() - begun
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return seconds


def _saves(path: Path, count: int) -> tuple[list[float], list[float]]:
    """Milliseconds of `count` saves as the window makes them, and of as many bare inserts, in turn."""
    from commissioner_app import batches, ledgers, places, visits
    from db.engine import connect
    from db.ids import new_id

    ours, bare = [], []
    with ledgers.open_ledger(path) as ledger:
        place = next(p for p in places.listed(ledger, batches.all_batches(ledger)[0]) if p.commissioner)
        raw = connect(path, None)
        for n in range(count):
            values = {
                "who": [[place.id, place.commissioner]], "time": ["2022-09-28", None, "09:00", "11:30", 1],
                "where": ["410825", None, None], "ways": ["现场指导"], "content": f"演示：第 {n} 次保存。",
            }  # fmt: skip
            begun = time.perf_counter()
            visits.save(ledger, None, values, recipient_name="演示家庭农场")
            ours.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(
                "INSERT INTO visit (id, number, date, half_days, county, content) VALUES (?,?,?,?,?,?)",
                (new_id(), "演示", "2022-09-28", 1, "410825", values["content"]),
            )
            raw.execute("COMMIT")
            bare.append((time.perf_counter() - begun) * 1000)
        raw.close()
    return ours, bare


def run(argv: Sequence[str]) -> int:
    """0 if writing costs at most three bare inserts and the median save at most 50 ms."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--saves", type=int, default=100)
    options = parser.parse_args(argv)
    ours, bare, sizes = [], [], (0.0, 0.0)
    for n in range(options.runs):
        ledger, plain = data.folder() / f"演示写入{n}.ktledger", data.folder() / f"裸写{n}.ktledger"
        seconds, columns, rows, recipients = _journal(ledger, options.visits)
        ours.append(seconds)
        bare.append(_bare(plain, columns, rows, recipients))
        sizes = (ledger.stat().st_size / 1e6, plain.stat().st_size / 1e6)
        ledger.unlink()
        plain.unlink()
    ratio = data.median([a / b for a, b in zip(ours, bare, strict=True)])
    print(f"   bare executemany     {data.median(bare):6.2f} s  {sizes[1]:5.0f} MB")
    print(
        f"   with history         {data.median(ours):6.2f} s  {sizes[0]:5.0f} MB   {ratio:.1f} × bare (goal {GOAL:.0f})"
    )
    full = data.folder() / "演示保存.ktledger"
    shutil.copy(data.ledger(options.visits), full)
    saved, inserted = _saves(full, options.saves)
    full.unlink()
    once = data.median(inserted)
    print(f"   bare insert of one   {once:6.1f} ms, worst {max(inserted):.1f}")
    print(
        f"   one visit saved      {data.median(saved):6.1f} ms, worst {max(saved):.1f}"
        f"   {data.median(saved) / once:.1f} × bare (goal {GOAL_SAVE_MS} ms)"
    )
    return int(ratio > GOAL or data.median(saved) > GOAL_SAVE_MS)

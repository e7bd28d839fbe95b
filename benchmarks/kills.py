"""Processes killed at random moments while they save and import: does the ledger hold all that was confirmed?

A child saves visits one after another through the use case that the window calls, and writes "begin" before and
the visit's id after each save. It is killed (SIGKILL, on Windows TerminateProcess) at a random moment. Then the
ledger is opened, SQLite's integrity is checked, and every id that ever came out of the pipe must be there, row
and journal. At the end `check` folds all history anew. The baseline is the promise: nothing confirmed is lost.
"""

import argparse
import csv
import json
import random
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import data

IMPORT_ROWS = 300


@dataclass
class _Tally:
    kills: int = 0
    amid: int = 0  # killed between "begin" and the confirmation
    confirmed: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def _save_forever(path: Path) -> None:
    """The child."""
    from commissioner_app import batches, ledgers, places, visits

    ledger = ledgers.open_ledger(path)
    people = [p for p in places.listed(ledger, batches.all_batches(ledger)[0]) if p.commissioner]
    n = 0
    while True:
        n += 1
        place = random.choice(people)
        values = {
            "who": [[place.id, place.commissioner]], "time": ["2022-09-28", None, "09:00", "11:30", 1],
            "where": ["410825", None, None], "ways": ["现场指导"], "content": f"演示：断电试验第 {n} 条。" * 5,
        }  # fmt: skip
        print("begin", flush=True)
        outcome = visits.save(
            ledger, None, values, recipient_name=f"演示家庭农场{n % 7}", companions=["演示员"]
        )
        print(outcome.records["visit"][0], flush=True)


def _saving(folder: Path, kills: int, seed: int) -> _Tally:
    """So many kills on a ledger of its own."""
    rng = random.Random(seed)
    tally = _Tally()
    path = folder / f"演示断电{seed}.ktledger"
    shutil.copy(data.ledger(0), path)
    while tally.kills < kills:
        process = data.child(["-m", "benchmarks.kills", "--child", str(path)])
        assert process.stdout is not None
        process.stdout.readline()  # the first "begin": the clock starts when saving does
        time.sleep(rng.uniform(0, 0.25))
        process.kill()
        rest, errors = process.communicate()
        if "Traceback" in errors:
            tally.faults.append(errors)
            break
        lines = rest.split("\n")
        whole = lines[:-1]  # what follows the last line break was cut off: not confirmed
        tally.amid += int(not whole or whole[-1] == "begin")
        tally.confirmed.update(line for line in whole if line != "begin")
        tally.kills += 1
        _look(path, tally)
    _check_all(path, tally)
    return tally


def _look(path: Path, tally: _Tally) -> None:
    from commissioner_app import ledgers

    with ledgers.open_ledger(path) as ledger, ledger.read() as connection:
        sound = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if sound != "ok":
            tally.faults.append(f"integrity_check: {sound}")
        rows = connection.exec_driver_sql(
            "SELECT v.id FROM visit v JOIN change c ON c.record = v.id AND c.kind = 'insert' "
            "JOIN operation o ON o.session = c.session AND o.first = c.operation"
        )
        tally.lost = sorted(tally.confirmed - {row[0] for row in rows})


def _check_all(path: Path, tally: _Tally) -> None:
    from commissioner_app import ledgers
    from db.check import check

    with ledgers.open_ledger(path) as ledger:
        tally.faults += check(ledger).faults


def _table(path: Path, place: str) -> None:
    """A table of visits for `import visits`."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["特派员", "日期", "天数", "受援县", "服务方式", "服务内容"])
        for n in range(IMPORT_ROWS):
            out.writerow(
                [
                    place,
                    f"2022-{4 + n % 9:02d}-{1 + n % 28:02d}",
                    "0.5",
                    "温县",
                    "现场指导",
                    f"演示导入第{n}条。",
                ]
            )


def _importing(folder: Path, kills: int, seed: int) -> tuple[_Tally, int]:
    """Imports by the command line, killed: each is in the ledger whole or not at all. Also how many were whole."""
    from commissioner_app import batches, ledgers, places

    rng = random.Random(seed)
    tally = _Tally()
    path, table = folder / "演示导入.ktledger", folder / "演示服务记录.csv"
    with ledgers.open_ledger(data.ledger(0)) as ledger:
        found = places.listed(ledger, batches.all_batches(ledger)[0])
        _table(table, next(p.name for p in found if p.commissioner))
    command = ["-m", "commissioner_app", "import", "visits", str(table), "--ledger", str(path), "--json"]
    shutil.copy(data.ledger(0), path)
    begun = time.perf_counter()
    process = data.child(command)
    answer, errors = process.communicate()
    length = time.perf_counter() - begun
    if process.returncode != 0 or json.loads(answer)["created"] != IMPORT_ROWS:
        tally.faults.append(errors or answer)
        return tally, 0
    whole = 0
    while tally.kills < kills and not tally.faults:
        shutil.copy(data.ledger(0), path)
        process = data.child(command)
        time.sleep(length * rng.uniform(0.4, 1.05))
        process.kill()
        answer, _ = process.communicate()
        tally.kills += 1
        with ledgers.open_ledger(path) as ledger:
            visits = ledgers.info(ledger).visits
        whole += int(visits == IMPORT_ROWS)
        if visits not in (0, IMPORT_ROWS):
            tally.faults.append(f"an import is there in part: {visits} of {IMPORT_ROWS}")
        if answer.endswith("}\n") and visits != IMPORT_ROWS:
            tally.lost.append("an import that was confirmed")
        _check_all(path, tally)
    return tally, whole


def run(argv: Sequence[str]) -> int:
    """0 if nothing that was confirmed is lost and every ledger is sound."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--imports", type=int, default=20)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        _save_forever(options.child)
    folder = data.folder()
    data.ledger(0)
    half = options.kills // 2
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(_saving, folder, n, seed) for seed, n in enumerate((half, options.kills - half), 1)
        ]
        parts = [job.result() for job in jobs]
    sums: dict[str, Any] = {
        "kills": sum(p.kills for p in parts), "amid": sum(p.amid for p in parts),
        "confirmed": sum(len(p.confirmed) for p in parts), "lost": sum(len(p.lost) for p in parts),
    }  # fmt: skip
    print(
        f"   {sums['kills']} kills ({sums['amid']} of them in the middle of a save), "
        f"{sums['confirmed']:,} confirmed visits, {sums['lost']} lost"
    )
    imported, whole = _importing(folder, options.imports, 3)
    print(
        f"   {imported.kills} imports of {IMPORT_ROWS} rows killed: {whole} whole, {imported.kills - whole} not begun, "
        f"{len(imported.lost)} confirmed ones lost"
    )
    faults = [f for p in (*parts, imported) for f in p.faults]
    print(
        "   every ledger sound: integrity_check, foreign keys, rows = fold of the journal"
        if not faults
        else ""
    )
    for fault in faults:
        print("   FAULT " + fault.strip().splitlines()[-1])
    return int(bool(faults or sums["lost"] or imported.lost))


if __name__ == "__main__":
    import sys

    raise SystemExit(run(sys.argv[1:]))

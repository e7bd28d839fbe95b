"""A package of 100,000 visits made and merged, against a bare executemany of the same rows; 1,000 photos.

Each step runs in a process of its own, which tells its peak of memory. The bare insert goes into the same table
with its indexes and foreign keys, in a fresh ledger with the same settings, in one transaction.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import data

GOAL = 3.0
GOAL_MB = 60
SECRET = "演示用的口令-2468"

_STEP = """
import json, sys, time
from benchmarks import packages
base = packages.peak()
begun = time.perf_counter()
found = getattr(packages, sys.argv[1])(*sys.argv[2:]) or {}
print(json.dumps({"seconds": time.perf_counter() - begun, "mb": packages.peak() - base, **found}))
"""


def peak() -> float:
    """The most memory that this process has held, in MB (Linux; 0 elsewhere)."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _step(name: str, *words: object) -> dict[str, Any]:
    process = data.child(["-c", _STEP, name, *map(str, words)])
    out, problem = process.communicate()
    if process.returncode:
        raise RuntimeError(problem[-2000:])
    found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return found


def send(ledger: str, folder: str) -> dict[str, Any]:
    """Write everything for a bureau that has not been seen."""
    import time

    from commissioner_app import exchange, ledgers

    told = [0]
    with ledgers.open_ledger(Path(ledger)) as sender:
        to = exchange.find(sender, exchange.Wanted(bureau=True), True)
        begun = time.perf_counter()
        sent = exchange.send(
            sender,
            to,
            Path(folder) / "演示.ktpack",
            SECRET,
            progress=lambda *_: told.__setitem__(0, told[0] + 1),
        )
        seconds = time.perf_counter() - begun
    return {"files": [str(f) for f in sent.files], "size": sent.bytes, "told": told[0], "seconds": seconds}


def receive(ledger: str, *files: str) -> dict[str, Any]:
    """Merge files into a ledger."""
    import time

    from commissioner_app import exchange, ledgers

    told = [0]
    new = photos = 0
    with ledgers.open_ledger(Path(ledger)) as receiver:
        begun = time.perf_counter()
        for file in files:
            done = exchange.apply(
                receiver,
                Path(file),
                SECRET,
                accept=True,
                progress=lambda *_: told.__setitem__(0, told[0] + 1),
            )
            new, photos = new + done.new, photos + done.attachments
        seconds = time.perf_counter() - begun
    return {"new": new, "photos": photos, "told": told[0], "seconds": seconds}


def bare(source: str, target: str) -> dict[str, Any]:
    """Insert the visits of one ledger into the bare table of another, in one transaction."""
    import time

    from db.engine import connect
    from db.ledger import Ledger

    raw = connect(Path(source), None)
    columns = [row[1] for row in raw.execute("PRAGMA table_info(visit)")]
    rows = raw.execute(f"SELECT {', '.join(columns)} FROM visit ORDER BY rowid").fetchall()
    recipients = raw.execute("SELECT id FROM recipient").fetchall()
    raw.close()
    Ledger.create(Path(target)).close()
    raw = connect(Path(target), None)
    raw.executemany("INSERT INTO recipient (id) VALUES (?)", recipients)
    begun = time.perf_counter()
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(f"INSERT INTO visit ({', '.join(columns)}) VALUES ({','.join('?' * len(columns))})", rows)
    raw.execute("COMMIT")
    seconds = time.perf_counter() - begun
    raw.close()
    return {"seconds": seconds}


def photos(ledger: str, count: str, size: str) -> dict[str, Any]:
    """Attach so many random pictures of so many bytes to the first visit."""
    from commissioner_app import attachments, ledgers

    with ledgers.open_ledger(Path(ledger)) as opened:
        with opened.read() as connection:
            visit = connection.exec_driver_sql("SELECT id FROM visit LIMIT 1").scalar_one()
        picture = Path(ledger).with_suffix(".jpg")
        for _ in range(int(count)):
            picture.write_bytes(os.urandom(int(size)))
            attachments.add(opened, "visit", visit, [picture])
        picture.unlink()
    return {}


def _receiver(path: Path) -> Path:
    from commissioner_app import ledgers

    with ledgers.create(path, ledgers.NewLedger("bureau", year=2022)) as made:
        ledgers.mark_demo(made)
    return path


def run(argv: Sequence[str]) -> int:
    """0 if merging costs at most three bare inserts, and the photos next to no memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--photos", type=int, default=1_000)
    parser.add_argument("--photo-bytes", type=int, default=400_000)
    options = parser.parse_args(argv)
    folder = data.folder()
    source = data.ledger(options.visits)
    ratios, made, merged, plain = [], [], [], []
    for n in range(options.runs):
        out = folder / f"发送{n}"
        out.mkdir()
        made.append(_step("send", source, out))
        target = _receiver(folder / f"演示接收{n}.ktledger")
        merged.append(_step("receive", target, *made[-1]["files"]))
        plain.append(_step("bare", source, folder / f"裸写{n}.ktledger"))
        ratios.append(merged[-1]["seconds"] / plain[-1]["seconds"])
        for path in (*map(Path, made[-1]["files"]), target, folder / f"裸写{n}.ktledger"):
            path.unlink()

    def middle(found: list[dict[str, Any]], key: str = "seconds") -> float:
        return data.median([f[key] for f in found])

    ratio = data.median(ratios)
    print(f"   bare executemany     {middle(plain):6.2f} s")
    print(f"   package made         {middle(made):6.2f} s  {made[-1]['size'] / 1e6:5.1f} MB, read back and verified; "
          f"{middle(made) / middle(plain):.1f} × bare; memory +{middle(made, 'mb'):.0f} MB")  # fmt: skip
    print(f"   merged               {middle(merged):6.2f} s  {ratio:.1f} × bare (goal {GOAL:.0f}); "
          f"{merged[-1]['new']:,} records new; memory +{middle(merged, 'mb'):.0f} MB; told {merged[-1]['told']} times")  # fmt: skip
    with_photos = folder / "演示照片.ktledger"
    data.ledger(1_000).rename(with_photos)
    out = folder / "无照片"
    out.mkdir()
    plain_sent = _step("send", with_photos, out)
    plain_got = _step("receive", _receiver(folder / "演示收.ktledger"), *plain_sent["files"])
    _step("photos", with_photos, options.photos, options.photo_bytes)
    out = folder / "照片"
    out.mkdir()
    sent = _step("send", with_photos, out)
    got = _step("receive", _receiver(folder / "演示收照片.ktledger"), *sent["files"])
    print(f"   {options.photos} photos of {options.photo_bytes / 1e3:.0f} kB: {sent['size'] / 1e6:.0f} MB in "
          f"{len(sent['files'])} files, made in {sent['seconds']:.1f} s (+{sent['mb']:.0f} MB), received in "
          f"{got['seconds']:.1f} s (+{got['mb']:.0f} MB), {got['photos']} arrived")  # fmt: skip
    more = max(sent["mb"] - plain_sent["mb"], got["mb"] - plain_got["mb"])
    print(
        f"   memory with the photos: {more:+.0f} MB beside a package of the same ledger without (goal {GOAL_MB})"
    )
    whole = got["photos"] == options.photos and more <= GOAL_MB
    return int(ratio > GOAL or not whole)


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))

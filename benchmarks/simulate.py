"""Random histories of a bureau, counties and commissioners, each beside the reference model, step for step.

Every station of the model has a ledger file of its own. What one station does in the model (saving, deleting,
reviewing, undoing, making and reading packages that get lost, doubled and swapped, dead disks, copied laptops, wrong
clocks, forged changes) is done with the app's code, too. At each package the same changes must go, at each arrival
the same be taken or refused, and rows, conflicts and what is kept aside must be the model's. The model's own judge
says at the end whether anything was lost, shown to the wrong station or left to send. No difference is allowed.
"""

import argparse
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

WORKERS = 2


def _start(population: int, source: str) -> None:
    """A worker: the app's code as the simulation needs it, and the state that histories start from."""
    global _STATE, _HELD
    from tests.simulation import lockstep

    _HELD = lockstep.prepared()  # for as long as the worker lives
    _HELD.__enter__()
    _STATE = ((Path(source) / "start.pickle").read_bytes(), Path(source))


_STATE: tuple[bytes, Path] = (b"", Path())
_HELD: Any = None


def _history(seed: int, steps: int) -> tuple[int, Any, str]:
    """Seed, what the history was made of, and how it differs."""
    from tests.oracle import wide
    from tests.simulation import lockstep

    folder = lockstep.room()
    tally = lockstep.Tally(histories=1)
    try:
        plan = wide.random_steps(seed, steps, seed % 2 == 0)
        world = lockstep.play(_STATE[0], _STATE[1], folder, seed, plan, thorough=seed % 4 == 0, tally=tally)
        return seed, world.tally, ""
    except lockstep.Differs as error:
        return seed, tally, str(error)
    except Exception as error:  # a crash is a difference like any other
        return seed, tally, f"{type(error).__name__}: {error}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _shrink(seed: int, steps: int, population: int) -> None:
    from tests.oracle import wide
    from tests.simulation import lockstep

    with lockstep.prepared():
        source = lockstep.room()
        try:
            start = lockstep.prepare(source, population)
            plan, text = lockstep.shrunk(start, source, seed, wide.random_steps(seed, steps, seed % 2 == 0))
            print(f"   seed {seed}, {len(plan)} steps: {plan}\n   {text}")
        finally:
            shutil.rmtree(source, ignore_errors=True)


def run(argv: Sequence[str]) -> int:
    """0 if no history differs from the model."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks simulate")
    parser.add_argument("--histories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0, help="of the first history; the others count on")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--population", type=int, default=5, help="commissioners, up to 40")
    parser.add_argument(
        "--shrink", action="store_true", help="print the shortest history like the first that differs"
    )
    options = parser.parse_args(argv)
    from tests.simulation import lockstep

    source = lockstep.room()
    total = lockstep.Tally()
    differ: list[tuple[int, str]] = []
    begun = time.monotonic()
    try:
        with lockstep.prepared():
            (source / "start.pickle").write_bytes(lockstep.prepare(source, options.population))
        seeds = range(options.seed, options.seed + options.histories)
        with ProcessPoolExecutor(min(WORKERS, os.cpu_count() or 1), initializer=_start,
                                 initargs=(options.population, str(source))) as pool:  # fmt: skip
            jobs = [pool.submit(_history, seed, options.steps) for seed in seeds]
            for n, job in enumerate(as_completed(jobs), 1):
                seed, tally, text = job.result()
                total.add(tally)
                if text:
                    differ.append((seed, text))
                    if len(differ) <= 20:
                        print(f"   seed {seed}: {text[:400]}", flush=True)
                if n % 100 == 0:
                    print(
                        f"   {n} histories, {len(differ)} differ, {time.monotonic() - begun:.0f} s",
                        flush=True,
                    )
    finally:
        shutil.rmtree(source, ignore_errors=True)
    print(
        f"   {total.histories:,} histories, {total.steps:,} steps, {total.writes:,} operations, "
        f"{total.packages:,} packages, {total.applied:,} received ({total.refused} refused as not closed, "
        f"{total.strangers} from strangers), {total.compared:,} times every row of a station compared: "
        f"{len(differ)} histories differ"
    )
    if differ and options.shrink:
        _shrink(min(differ)[0], options.steps, options.population)
    return int(bool(differ))


if __name__ == "__main__":
    import sys

    raise SystemExit(run(sys.argv[1:]))

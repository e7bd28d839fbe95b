"""What the measurements share: a folder of their own, big ledgers made once a run, medians, memory, a screen."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PART = 20_000
"""Visits per operation when a big ledger is made."""

_folder: tempfile.TemporaryDirectory[str] | None = None


def folder() -> Path:
    """This run's folder, gone at the end; settings, logs and documents of the app lie in it too."""
    global _folder
    if _folder is None:
        # Not where temporary files may lie in memory only: durable writes are part of what is measured.
        _folder = tempfile.TemporaryDirectory(prefix="commissioner-bench-")
        os.environ["COMMISSIONER_HOME"] = str(Path(_folder.name) / "home")
    return Path(_folder.name)


@cache
def ledger(visits: int) -> Path:
    """A closed ledger with so many invented visits, written through the journal; the same for the same number."""
    path = folder() / f"演示{visits}.ktledger"
    from commissioner_app import demo

    rng = random.Random(2022)
    with demo.make(path, 0) as made:
        drafts = demo.visit_drafts(made, visits, rng)
        for first in range(0, len(drafts), PART):
            made.write("登记演示服务记录", drafts[first : first + PART])
    return path


def child(arguments: Sequence[str], **variables: str) -> "subprocess.Popen[str]":
    """A Python process of this checkout whose output is read line by line."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", env=env, cwd=folder(),
    )  # fmt: skip


def median(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def peak_mb() -> float:
    """Peak resident memory of this process in MB."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset / 2**20)
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's pages from before exec
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


@contextmanager
def screen() -> Iterator[str | None]:
    """A display of our own by Xvfb (":7"), None where there is no Xvfb."""
    import shutil

    if not sys.platform.startswith("linux") or shutil.which("Xvfb") is None:
        yield None
        return
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read, encoding="ascii") as file:
            number = file.readline().strip()
        yield f":{number}" if number else None
    finally:
        server.terminate()
        server.wait()

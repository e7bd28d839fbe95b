"""`python -m benchmarks [NAME ...]`: all measurements or the named ones; arguments after a single NAME go to it."""

import platform
import sys
import time
from collections.abc import Sequence
from importlib import import_module

NAMES = {
    "start": "process start to a painted window, 100,000 visits, against a bare PySide6 window",
    "visits_page": "the page 服务记录 at 100,000 visits: open, sort, filter, search; memory",
    "writing": "100,000 visits with history against a bare executemany; saving one visit",
    "figures": "figures of a year at 100,000 visits against a scan of the bare table",
    "tables": "100,000 rows read from .xlsx against calamine alone, written against XlsxWriter alone",
    "report_table": "the report's list of visits against a plain LongTable",
    "simulate": "random histories of many stations beside the reference model: does anything differ?",
    "packages": "a package of 100,000 visits made and merged against a bare executemany; 1,000 photos",
    "kills": "saves and imports killed at random moments: is anything lost?",
    "fuzz_packages": "100,000 broken packages: each refused in one sentence or untouched",
}


def main(argv: Sequence[str]) -> int:
    """Run them one after another; 1 if one of them says that its goal is not met."""
    words = list(argv)
    unknown = words[:1] if words and words[0] not in NAMES else []
    if unknown:
        print(f"unknown: {unknown[0]}\n" + "\n".join(f"  {n:13} {text}" for n, text in NAMES.items()))
        return 2
    several = all(w in NAMES for w in words)
    chosen, rest = (words or list(NAMES), []) if several else (words[:1], words[1:])
    print(f"{platform.platform()}, Python {platform.python_version()}, {_processor()}")
    missed = []
    for name in chosen:
        print(f"\n== {name}: {NAMES[name]}", flush=True)
        begun = time.perf_counter()
        if import_module(f"benchmarks.{name}").run(rest) != 0:
            missed.append(name)
        print(f"   ({time.perf_counter() - begun:.0f} s)", flush=True)
    print("\n" + ("goals missed: " + ", ".join(missed) if missed else "all goals met"))
    return int(bool(missed))


def _processor() -> str:
    import os

    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next(
                (line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), ""
            )
    except OSError:
        model = platform.processor()
    return f"{os.cpu_count()} × {model or platform.machine()}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

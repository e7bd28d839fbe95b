"""Process start to a painted window with 100,000 visits in the ledger, against a bare PySide6 QMainWindow.

Both are started the same way, in turn; the time runs from the start of the process to the line that it
writes once its window has been painted. `frame` is our window painted, `window` the
same with its ledger open, `figures` with the figures of 工作台 read and painted.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import data

GOAL = 2.0

_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
window = QMainWindow()
window.resize(1366, 768)
window.show()
def painted():
    app.processEvents()
    print("window", flush=True)
    app.quit()
QTimer.singleShot(0, painted)
app.exec()
"""


def _figures(path: Path) -> None:
    """The child: our window until nothing is being read any more."""
    from commissioner_app import ledgers
    from ui import tasks
    from ui.app import make_application
    from ui.context import Context
    from ui.main_window import LedgerWindow

    app = make_application()
    window = LedgerWindow(Context(ledgers.open_ledger(path)))
    window.resize(1366, 768)
    window.show()
    app.processEvents()
    while tasks.busy():
        app.processEvents()
        time.sleep(0.001)
    app.processEvents()
    print("window", flush=True)
    sys.stdout.flush()
    import os

    os._exit(0)


def _started(arguments: Sequence[str], variables: dict[str, str], mark: str = "window") -> float | None:
    begun = time.perf_counter()
    process = data.child(arguments, **variables)
    assert process.stdout is not None
    found = None
    for line in process.stdout:
        if line.startswith(mark) and found is None:
            found = (time.perf_counter() - begun) * 1000
    _, errors = process.communicate()
    if found is None:
        print("   did not start: " + (errors.strip().splitlines() or ["?"])[-1])
    return found


def run(argv: Sequence[str]) -> int:
    """0 if the window comes within twice the time of a bare one, on every platform tried."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.child:
        _figures(options.child)
    path = str(data.ledger(options.visits))
    kinds = {
        "bare": ["-c", _BARE],
        "frame": ["-m", "commissioner_app", "--ledger", path, "--smoke-window"],
        "window": ["-m", "commissioner_app", "--ledger", path, "--smoke-window"],
        "figures": ["-m", "benchmarks.start", "--child", path],
    }
    met = True
    with data.screen() as display:
        platforms = [("offscreen", {"QT_QPA_PLATFORM": "offscreen"})]
        if display:
            platforms.append(("xcb", {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}))
        for name, variables in platforms:
            times: dict[str, list[float]] = {kind: [] for kind in kinds}
            for turn in range(options.runs + 1):  # the first fills the disk cache
                for kind in list(kinds):
                    took = _started(kinds[kind], variables, "frame" if kind == "frame" else "window")
                    if took is None:
                        met = False
                        del kinds[kind]
                    elif turn:
                        times[kind].append(took)
            bare = data.median(times["bare"])
            for kind, found in times.items():
                if found:
                    ms = data.median(found)
                    note = f"   {ms / bare:.2f} × bare" if kind != "bare" else ""
                    goal = f" (goal {GOAL:.0f})" if kind == "frame" else ""
                    print(f"   {name:9} {kind:8} {ms:6.0f} ms{note}{goal}")
                    met = met and (kind != "frame" or ms <= GOAL * bare)
    return int(not met)


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))

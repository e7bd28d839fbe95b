"""Work in the background that waits for a test, so that a test never waits for luck."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QThreadPool, Slot

from ui.tasks import Progress


@contextmanager
def held() -> Iterator[None]:
    """Work that is asked for inside the block begins after it."""
    pool = QThreadPool.globalInstance()
    gate, most = threading.Event(), pool.maxThreadCount()
    pool.setMaxThreadCount(1)
    pool.start(gate.wait)
    try:
        yield
    finally:
        pool.setMaxThreadCount(most)
        gate.set()


class AtFirstReport(QObject):
    """Does something on the GUI thread when work first reports, and has the work wait until it is done."""

    def __init__(self, progress: Progress, act: Callable[[], object]) -> None:
        super().__init__(progress)
        self._act = act
        self._progress = progress
        progress.changed.connect(self._come, Qt.ConnectionType.BlockingQueuedConnection)

    @Slot(int, int, str)
    def _come(self, _done: int, _total: int, _text: str) -> None:
        self._progress.changed.disconnect(self._come)
        self._act()

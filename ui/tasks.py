"""Long work off the GUI thread: results come back on it, unless nobody wants them any more."""

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

REPORT_EVERY_S = 0.05


class Cancelled(Exception):
    """Raised by ``Progress.check`` in the work after 取消; neither done nor failed is called."""


class Progress(QObject):
    """How far a piece of work is; ``report`` may be called from any thread, as often as one likes."""

    changed = Signal(int, int, str)
    finished = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._cancelled = threading.Event()
        self._last = 0.0

    @property
    def cancelled(self) -> bool:
        """True once 取消 was pressed."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next ``check``."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise Cancelled after 取消; call it where stopping leaves nothing half done."""
        if self.cancelled:
            raise Cancelled

    def report(self, done: int, total: int, text: str = "") -> None:
        """Tell how far it is (``total`` 0: not known); a report soon after another is left out, the last
        is not.
        """
        now = time.monotonic()
        if done >= total > 0 or now - self._last >= REPORT_EVERY_S:
            self._last = now
            self.changed.emit(done, total, text)


class _Job(QRunnable):
    def __init__(self, fn: Callable[[], Any], relay: "_Relay") -> None:
        super().__init__()
        self.setAutoDelete(False)
        self._fn = fn
        self._relay = relay

    def run(self) -> None:
        if self._relay.superseded:  # superseded before its turn came: nobody reads what it would find
            self._relay.ended.emit(None, Cancelled())
            return
        try:
            result, error = self._fn(), None
        except BaseException as caught:
            result, error = None, caught
        self._relay.ended.emit(result, error)


class _Relay(QObject):
    """Lives on the GUI thread; ``ended`` crosses over to it."""

    ended = Signal(object, object)

    def __init__(
        self,
        done: Callable[[Any], object] | None,
        failed: Callable[[BaseException], object] | None,
        owner: QObject | None,
        key: str,
        progress: Progress | None,
    ) -> None:
        super().__init__()
        self._done, self._failed, self._owner, self._key, self._progress = done, failed, owner, key, progress
        self.wanted = True
        self.superseded = False
        self.job: _Job | None = None
        self.ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def is_for(self, owner: QObject | None, key: str) -> bool:
        return bool(key) and self._owner is owner and self._key == key

    def drop(self) -> None:
        self.wanted = False
        if self._progress is not None:
            self._progress.cancel()

    @Slot(object, object)
    def _deliver(self, result: object, error: BaseException | None) -> None:
        _running.discard(self)
        if self._progress is not None:
            self._progress.finished.emit()
        gone = self._owner is not None and not shiboken6.isValid(self._owner)
        if not self.wanted or gone or isinstance(error, Cancelled):
            return
        if error is None:
            if self._done is not None:
                self._done(result)
        elif self._failed is not None:
            self._failed(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)


_running: set[_Relay] = set()


def run(
    fn: Callable[[], Any],
    *,
    done: Callable[[Any], object] | None = None,
    failed: Callable[[BaseException], object] | None = None,
    owner: QObject | None = None,
    key: str = "",
    progress: Progress | None = None,
) -> None:
    """Run ``fn`` on a thread of the pool, then ``done(result)`` or ``failed(error)`` on the GUI thread.

    Neither is called when ``owner`` was destroyed meanwhile, or when a later call with the same owner and
    ``key`` has superseded this one. Without ``failed`` an error goes to sys.excepthook. ``fn`` touches no
    widget; it may call ``progress.report`` and ``progress.check``.
    """
    for older in _running:
        if older.is_for(owner, key):
            older.drop()
            older.superseded = True
    relay = _Relay(done, failed, owner, key, progress)
    relay.job = _Job(fn, relay)
    _running.add(relay)
    QThreadPool.globalInstance().start(relay.job)


def busy() -> bool:
    """True while any work has not been delivered or dropped."""
    return bool(_running)


def shut_down() -> None:
    """Ask all work to stop, wait for it, and deliver nothing more; for the closing of the window."""
    for relay in _running:
        relay.drop()
    QThreadPool.globalInstance().waitForDone()
    _running.clear()

"""Context: the open ledger as the pages see it; reading and operations on a worker thread, what changed as a signal."""

import contextlib
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from commissioner_app import batches, history, ledgers, periods, statistics
from commissioner_app.divisions import Divisions
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.periods import Period
from ui import tasks

WATCH_MS = 1000

ALL_KINDS = frozenset(
    {
        "appointment", "appointment_person", "assignment", "attachment", "batch", "category", "commissioner",
        "commissioner_private", "organisation", "recipient", "setting", "station", "team", "team_task", "visit",
        "visit_companion",
    }
)  # fmt: skip


class Context(QObject):
    """Attributes: ledger, divisions, period (what the top bar shows), batch (the one the period belongs to).

    role is the station's, rights the role whose rights it has now (see ledgers.rights).

    `changed` carries the kinds of records that changed, whoever changed them; `periodChanged` comes when another
    period is chosen. `said` carries a sentence for the bottom of the window and whether it can be undone; `refused`
    one that a person must read.
    """

    changed = Signal(object)
    periodChanged = Signal()
    said = Signal(str, bool)
    refused = Signal(str)
    _written = Signal(object)

    def __init__(self, ledger: Ledger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ledger = ledger
        self.divisions = Divisions.of(ledger)
        self.demo = ledgers.is_demo(ledger)
        self.batches = batches.all_batches(ledger)
        self.period: Period = statistics.default_period(ledger)
        self.batch = statistics.batch_of(self.batches, self.period)
        self.role, self.unit, self.county = ledgers.station_values(ledger)
        self.rights = ledgers.rights(ledger)
        self._stop = ledger.subscribe(self._written.emit)
        self._written.connect(self._note, Qt.ConnectionType.QueuedConnection)
        self._version = ledger.data_version()
        self._arrival = history.latest_arrival(ledger)
        self.looked: set[str] = set()  # records marked 新到 that have been opened since
        self._own: set[object] = set()  # operations of this window that the watch has not come across yet
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.look_for_others)
        self._watch.start()

    def close(self) -> None:
        """Stop watching; the ledger is closed by who opened it."""
        self._watch.stop()
        self._stop()

    # -- reading and doing -----------------------------------------------------------------------------

    def read(
        self,
        fn: Callable[[], Any],
        done: Callable[[Any], object],
        owner: QObject,
        key: str = "",
        progress: tasks.Progress | None = None,
        failed: Callable[[str], object] | None = None,
    ) -> None:
        """Read on a worker thread and hand the result to `done`; a later read of the same key supersedes it.

        A known failure goes to `failed`, if given, else to `refused`.
        """

        def fail(error: BaseException) -> None:
            if failed is not None and isinstance(error, LedgerError):
                failed(str(error))
            else:
                self._failed(error)

        tasks.run(fn, done=done, failed=fail, owner=owner, key=key, progress=progress)

    def do(
        self,
        fn: Callable[[], Outcome],
        sentence: str = "",
        *,
        done: Callable[[Outcome], object] | None = None,
        failed: Callable[[str], object] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Carry out an operation on a worker thread; afterwards say `sentence` with 撤销 beside it.

        A known failure goes to `failed`, if given, else to `refused`; nothing changed then.
        """

        def succeed(outcome: Outcome) -> None:
            if sentence and outcome.operation is not None:
                self.said.emit(sentence, True)
            if done is not None:
                done(outcome)

        def fail(error: BaseException) -> None:
            if failed is not None and isinstance(error, LedgerError):
                failed(str(error))
            else:
                self._failed(error)

        tasks.run(fn, done=succeed, failed=fail, owner=owner or self)

    def keep_looked(self) -> None:
        """Take the mark 新到 for good from what has been opened; when a page is left, so that no list jumps."""
        records = list(self.looked)

        def keep() -> None:
            from commissioner_app import exchange  # loads the cryptography, which the start does not need

            with contextlib.suppress(LedgerError):  # a ledger that cannot be written keeps its marks
                exchange.seen_arrivals(self.ledger, records)

        if records:
            self.read(keep, lambda _none: self.looked.difference_update(records), self)

    def undo(self) -> None:
        """Ctrl+Z: take back the latest operation of this station."""
        self.do(lambda: history.undo(self.ledger), done=self._undone)

    def redo(self) -> None:
        """Ctrl+Y."""
        self.do(
            lambda: history.redo(self.ledger), done=lambda outcome: self._undone(outcome, self.tr("已重做"))
        )

    def _undone(self, outcome: Outcome, said: str = "") -> None:
        if outcome.operation is None:
            self.refused.emit(self.tr("这一步之后的内容已被改动，没有可以撤销的部分。"))
        elif outcome.skipped:
            text = self.tr("{0}；其中 {1} 处之后被改过，保持现状。").format(
                said or self.tr("已撤销"), len(outcome.skipped)
            )
            self.said.emit(text, False)
        else:
            what = history.label_of(self.ledger, outcome.operation)
            self.said.emit(what + ("" if said else self.tr("，可按 Ctrl+Y 重做")), False)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, LedgerError):
            self.refused.emit(str(error))
        elif isinstance(error, OSError):
            self.refused.emit(
                self.tr("文件读写失败：{0}。台账没有改动。").format(error.strerror or str(error))
            )
        else:
            import sys

            sys.excepthook(type(error), error, error.__traceback__)

    # -- what changed ----------------------------------------------------------------------------------

    def look_for_others(self) -> None:
        """Notice what another process has written to the ledger."""
        try:
            version = self.ledger.data_version()
        except LedgerError:
            return
        if version != self._version:
            self._version = version
            came, self._arrival = history.since(self.ledger, self._arrival)
            foreign = [operation for operation in came if operation not in self._own]
            self._own.difference_update(came)
            if foreign or not came:
                self._refresh(ALL_KINDS)

    def _note(self, outcome: Outcome) -> None:
        if outcome.operation is not None:
            self._own.add(outcome.operation)
        self._refresh(outcome.entities)

    def _refresh(self, kinds: frozenset[str]) -> None:
        if kinds & {"batch", "setting", "station"}:
            self.batches = batches.all_batches(self.ledger)
            self.demo = ledgers.is_demo(self.ledger)
            self.role, self.unit, self.county = ledgers.station_values(self.ledger)
            known = {(p.start, p.end) for p in periods.choices(self.batches)}
            if (self.period.start, self.period.end) not in known:
                self.period = statistics.default_period(self.ledger)
                self.periodChanged.emit()
            self.batch = statistics.batch_of(self.batches, self.period)
        self.rights = ledgers.rights(self.ledger)
        self.changed.emit(kinds)

    # -- period ----------------------------------------------------------------------------------------

    def period_choices(self) -> list[Period]:
        """The periods that the top bar offers."""
        return periods.choices(self.batches) or [self.period]

    def set_period(self, period: Period) -> None:
        """Show another period on all pages."""
        if period != self.period:
            self.period = period
            self.batch = statistics.batch_of(self.batches, period)
            self.periodChanged.emit()
            self.changed.emit(ALL_KINDS)

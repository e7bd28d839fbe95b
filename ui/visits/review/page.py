"""ReviewPage: one pending visit after the other fills the page; keys decide, and every decision can be undone."""

import time
from array import array
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from commissioner_app import reviewing, visits
from commissioner_app.ledgers import Outcome
from commissioner_app.reviewing import Case
from ui.context import Context
from ui.theme import Size
from ui.visits import doubts
from ui.visits.doubts import Sentence
from ui.visits.marks import state_of
from ui.visits.opinion import ask_opinion
from ui.visits.review.findings import FindingsCard
from ui.visits.review.pictures import Pictures
from ui.visits.review.sheet import Sheet
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState

DECIDE_AFTER_S = 0.3
"""A visit has been in view so long before a key decides on it: a key pressed twice decides once."""


class ReviewPage(QWidget):
    """`begin` takes the row numbers of the pending ones; `ended` carries the visit that was in view last, or ""."""

    ended = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._queue: array[int] = array("q")
        self._at = 0
        self._decided: dict[int, str] = {}
        self._case: Case | None = None
        self._busy = False
        self._shown_at = 0.0
        self.progress = label("", "cardtitle")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.left = label("", "caption")
        self.sheet = Sheet(context.divisions)
        self.pictures = Pictures(context)
        self.findings = FindingsCard(context)
        self.end = EmptyState("done", "", action=self.tr("回到列表"))
        self.end.begun.connect(self.finish)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("逐条审核"))
        self._build()
        self._keys()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP_MID)
        for part in (self.progress, self.bar, self.left):
            head.addWidget(part)
        head.addStretch(1)
        self.close_button = button(self.tr("结束审核"), icon="close", on_click=self.finish)
        self.close_button.setToolTip(self.tr("结束审核（Esc）"))
        head.addWidget(self.close_button)
        column.addLayout(head)
        self.body = QWidget()
        row = QHBoxLayout(self.body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self.sheet, 5)
        right = QVBoxLayout()
        right.setSpacing(Size.GAP_MID)
        right.addWidget(self.pictures, 1)
        right.addWidget(self.findings)
        row.addLayout(right, 6)
        column.addWidget(self.body, 1)
        self.finished = Card(flush=True)
        self.finished.body.addWidget(self.end)
        self.finished.hide()
        column.addWidget(self.finished, 1)
        self.foot = QWidget()
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(Size.GAP)
        self.previous = button(self.tr("上一条  K"), on_click=lambda: self.step(-1))
        self.previous.setToolTip(self.tr("上一条（K 或 ↑）"))
        self.next = button(self.tr("下一条  J"), on_click=lambda: self.step(1))
        self.next.setToolTip(self.tr("下一条，暂不决定（J 或 ↓）"))
        self.back = button(self.tr("退回…  R"), "danger", on_click=self.return_visit)
        self.approve = button(self.tr("审核通过  Enter"), "primary", on_click=self.pass_visit)
        self.approve.setToolTip(self.tr("审核通过（Enter、P 或 F8）"))
        self.hint = label(self.tr("← → 换照片，PageDown 翻阅文字，Ctrl+Z 撤销"), "caption")
        foot.addWidget(self.previous)
        foot.addWidget(self.next)
        foot.addWidget(self.hint)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.approve)
        column.addWidget(self.foot)

    def _keys(self) -> None:
        once: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Return", self._enter), ("Enter", self._enter), ("P", self.pass_visit),
            ("R", self.return_visit), ("Esc", self.finish),
        )  # fmt: skip
        often: tuple[tuple[str, Callable[[], object]], ...] = (
            ("J", lambda: self.step(1)), ("Down", lambda: self.step(1)), ("K", lambda: self.step(-1)),
            ("Up", lambda: self.step(-1)), ("Left", lambda: self.pictures.step(-1)),
            ("Right", lambda: self.pictures.step(1)), ("PgDown", lambda: self.sheet.page(1)),
            ("PgUp", lambda: self.sheet.page(-1)),
        )  # fmt: skip
        for keys, do in (*once, *often):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat((keys, do) in often)
            shortcut.activated.connect(do)

    # -- the queue -------------------------------------------------------------------------------------

    def begin(self, rowids: "array[int]", visit: str | None = None) -> None:
        """Go through these, first the one in `visit` if it is among them."""
        self._queue, self._decided, self._case = rowids, {}, None
        at = visits.rowid_of(self._context.ledger, visit) if visit else None
        self._at = rowids.index(at) if at is not None and at in rowids else 0
        self._go(self._at)
        self.setFocus()

    @property
    def case(self) -> Case | None:
        """The visit in view."""
        return self._case

    def step(self, step: int) -> None:
        """The next or previous one, without a decision."""
        at = self._at + step
        if 0 <= at < len(self._queue) and not self._busy and not self.finished.isVisible():
            self._go(at)

    def _go(self, at: int) -> None:
        self._at = at
        self._case = None
        self._enable()
        self._read()

    def _read(self) -> None:
        ledger = self._context.ledger
        rowid = self._queue[self._at] if self._at < len(self._queue) else -1

        def read() -> tuple[int, Case | None, tuple[Sentence, ...]]:
            row = visits.rows(ledger, [rowid]).get(rowid)
            case = reviewing.case(ledger, row.id) if row else None
            found = doubts.sentences(ledger, [row.id]).get(row.id, ()) if case and row else ()
            return rowid, case, found

        self._context.read(read, self._show, self, "case")

    def _show(self, found: tuple[int, Case | None, tuple[Sentence, ...]]) -> None:
        rowid, case, sentences = found
        if not self._queue or rowid != self._queue[self._at]:
            return
        before, self._case = self._case, case
        if case is None:  # deleted meanwhile
            self._decided[rowid] = "gone"
            self._next_pending()
            return
        same = before is not None and before.opened.id == case.opened.id
        fresh = same and before is not None and before.opened.seen != case.opened.seen and case.pending
        if not same or fresh:
            self._shown_at = time.monotonic()
        if case.pending:
            self._decided.pop(rowid, None)
        else:
            self._decided[rowid] = case.state
        if not same or case != before:
            self.sheet.show_case(case, fresh)
        self.pictures.show_pictures(case.pictures, case.papers)
        self.findings.show_findings(case.opened.id, sentences)
        self._say()
        self._enable()

    def _say(self) -> None:
        total, passed = len(self._queue), sum(s == "passed" for s in self._decided.values())
        returned = sum(s == "returned" for s in self._decided.values())
        self.progress.setText(self.tr("第 {0} / {1} 条").format(self._at + 1, f"{total:,}"))
        self.bar.setRange(0, total)
        self.bar.setValue(len(self._decided))
        told = [self.tr("已通过 {0}").format(passed)] if passed else []
        told += [self.tr("已退回 {0}").format(returned)] if returned else []
        told.append(self.tr("还剩 {0}").format(f"{total - len(self._decided):,}"))
        self.left.setText(" · ".join(told))
        self.bar.setAccessibleName(f"{self.progress.text()}，{self.left.text()}")

    def _enable(self) -> None:
        case, focused = self._case, QApplication.focusWidget()
        if focused in (self.approve, self.back, self.previous, self.next):
            self.setFocus()  # a button that is switched off would hand the keyboard to the next one
        free = case is not None and not self._busy
        self.approve.setEnabled(bool(free and case and case.pending))
        self.back.setEnabled(bool(free and case and case.state in ("submitted", "passed")))
        self.previous.setEnabled(self._at > 0)
        self.next.setEnabled(self._at + 1 < len(self._queue))

    def refresh(self) -> None:
        """Something has been written: by a decision, by 撤销, by somebody else."""
        if not self._queue:
            return
        ledger, decided = self._context.ledger, list(self._decided)

        def read() -> dict[int, str]:
            return {n: state_of(row) for n, row in visits.rows(ledger, decided).items()}

        def show(states: dict[int, str]) -> None:
            for rowid, state in states.items():
                if state == reviewing.PENDING:
                    self._decided.pop(rowid, None)
                elif rowid in self._decided:
                    self._decided[rowid] = state
            if self.finished.isVisible() and len(self._decided) < len(self._queue):
                self._next_pending()
            else:
                self._read()

        self._context.read(read, show, self, "states")

    # -- deciding --------------------------------------------------------------------------------------

    def _enter(self) -> None:
        """Enter presses the button that has the keyboard; else it passes the visit."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton) and focused is not self.approve and self.isAncestorOf(focused):
            focused.click()
        elif self.finished.isVisible():
            self.finish()
        else:
            self.pass_visit()

    def _may_decide(self, seen: QPushButton) -> bool:
        return (
            seen.isEnabled()
            and not self._busy
            and not self.finished.isVisible()
            and time.monotonic() - self._shown_at >= DECIDE_AFTER_S
        )

    def pass_visit(self) -> None:
        """Pass the visit in view as it is shown (F8, too, which the page of visits hands on)."""
        case, c = self._case, self._context
        if case is None or not self._may_decide(self.approve):
            return
        o = case.opened
        self._decide(
            lambda: visits.pass_visits(c.ledger, [o.id], opened={o.id: o.seen}),
            self.tr("审核通过：{0}").format(self._name(case)),
            "passed",
        )

    def return_visit(self) -> None:
        """Return the visit in view with an opinion."""
        case, c = self._case, self._context
        if case is None or not self._may_decide(self.back):
            return
        opinion = ask_opinion(self)
        if not opinion:
            return
        o = case.opened
        self._decide(
            lambda: visits.return_visits(c.ledger, [o.id], opinion, opened={o.id: o.seen}),
            self.tr("已退回：{0}").format(self._name(case)),
            "returned",
        )

    def _decide(self, fn: Callable[[], Outcome], said: str, state: str) -> None:
        rowid = self._queue[self._at]
        self._busy = True
        self._enable()

        def done(_outcome: Outcome) -> None:
            self._busy = False
            self._decided[rowid] = state
            self._next_pending()

        def fail(sentence: str) -> None:
            self._busy = False
            self._enable()
            self._context.refused.emit(sentence)

        self._context.do(fn, said, done=done, failed=fail, owner=self)

    def _name(self, case: Case) -> str:
        return f"{case.row.names or '—'} {case.row.date or ''}".strip()

    def _next_pending(self) -> None:
        """On to the next one that waits, after the last one to those that were passed over."""
        count = len(self._queue)
        order = [*range(self._at + 1, count), *range(min(self._at + 1, count))]
        following = next((n for n in order if self._queue[n] not in self._decided), None)
        self._finish_shown(following is None)
        if following is not None:
            self._go(following)

    def _finish_shown(self, on: bool) -> None:
        self.finished.setVisible(on)
        self.body.setVisible(not on)
        self.foot.setVisible(not on)
        if on:
            self._case = None
            states: list[Any] = list(self._decided.values())
            self.progress.setText(self.tr("全部看完"))
            self.bar.setValue(self.bar.maximum())
            told = self.tr("通过 {0} 条，退回 {1} 条。").format(
                states.count("passed"), states.count("returned")
            )
            self.left.setText("")
            self.end.set_sentence(
                self.tr("待审核的记录已全部看完：{0}按 Ctrl+Z 可撤销刚才的决定。").format(told)
            )
            self.end.button.setFocus()

    def finish(self) -> None:
        """Back to the list."""
        seen = self._case.opened.id if self._case else ""
        self._queue, self._case = array("q"), None
        self._finish_shown(False)
        self.ended.emit(seen)

"""接收: files are dropped or chosen, looked at one after the other, and taken or left."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from commissioner_app import exchange, paths
from commissioner_app.errors import LedgerError
from commissioner_app.exchange import SUFFIX, Envelope, Inspection, Receipt, phrases
from ui import tasks
from ui.context import Context
from ui.exchange.asking import LockedPage, ReadingPage, TroublePage
from ui.exchange.drop import packages_of
from ui.exchange.preview import Preview
from ui.exchange.received import ReceivedCard
from ui.exchange.start import KEPT_IN, StartPage
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import label, restyle


class ReceivePanel(QWidget):
    """``wants`` asks for another page or section."""

    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._queue: list[Path] = []
        self._path: Path | None = None
        self._envelope: Envelope | None = None
        self._phrases: dict[str, str] = {}  # by set of parts: the next part needs the same one
        self._phrase: str | None = None
        self._busy = False
        self._progress: tasks.Progress | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        self.waiting = label("", "notice", tone="info", wrap=True)
        self.waiting.hide()
        column.addWidget(self.waiting)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        self.start = StartPage(context)
        self.start.offered.connect(self.offer)
        self.start.chooseWanted.connect(self.choose)
        self.reading = ReadingPage()
        self.reading.stopped.connect(self._cancel)
        self.locked = LockedPage()
        self.locked.unlocked.connect(self._unlock)
        self.locked.left.connect(self.leave)
        self.trouble = TroublePage()
        self.trouble.again.connect(self._again)
        self.trouble.left.connect(self.next)
        self.preview = Preview(context.divisions)
        self.preview.taken.connect(self.take)
        self.preview.left.connect(self.leave)
        self.preview.refused.connect(self.refuse)
        self.result = ReceivedCard()
        self.result.arrivalsWanted.connect(lambda: self.wants.emit("visits", {"arrived": True}))
        self.result.conflictsWanted.connect(lambda: self.wants.emit("exchange", "conflicts"))
        self.result.keptWanted.connect(lambda: self.wants.emit("exchange", "kept"))
        self.result.nextWanted.connect(self.next)
        for part in (self.start, self.reading, self.locked, self.trouble, self.preview, self.result):
            self.stack.addWidget(part)
        shortcut = QShortcut(QKeySequence("Ctrl+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.choose)

    # -- coming in -------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look anew for packages in sight."""
        self.start.refresh()

    def activated(self) -> None:
        """To the front."""
        if self.stack.currentWidget() is self.start:
            self.start.drop.chooser.setFocus()
        elif self.stack.currentWidget() is self.preview:
            self.preview.focus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Who comes back finds the files in sight, not the result of the last one; others that wait stay."""
        super().hideEvent(event)
        if not event.spontaneous() and self.stack.currentWidget() is self.result and not self._queue:
            self._path = None
            self.stack.setCurrentWidget(self.start)

    def choose(self) -> None:
        """Ask for files."""
        start = paths.read_settings().get(KEPT_IN)
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("选择收到的文件"),
            start if isinstance(start, str) else str(paths.documents()),
            self.tr("数据包 (*{0});;所有文件 (*)").format(SUFFIX),
        )
        if names:
            with contextlib.suppress(OSError):  # it can be received also where settings cannot be kept
                paths.write_settings(**{KEPT_IN: str(Path(names[0]).parent)})
            self.offer([Path(name) for name in names])

    def offer(self, files: Sequence[Path]) -> None:
        """Look at these files one after the other; what is no package is named in one sentence."""
        good = packages_of(list(files))
        if len(good) < len(files):
            other = next(path for path in files if path not in good)
            self._context.said.emit(
                self.tr("“{0}”不是数据包，这里只接收 {1} 文件。").format(other.name, SUFFIX), False
            )
        known = {*self._queue, *([self._path] if self._is_open() and self._path else [])}
        self._queue += [path for path in good if path not in known]
        self._queue.sort(key=_order)
        self._show_waiting()
        if good and not self._is_open():
            self.next()

    def _is_open(self) -> bool:
        """Whether a file is being looked at that waits for a decision."""
        return self.stack.currentWidget() in (self.reading, self.locked, self.preview)

    def next(self) -> None:
        """Look at the next file; without one, back to the beginning."""
        if self._busy:
            return
        if not self._queue:
            self._path = None
            self.stack.setCurrentWidget(self.start)
            self._show_waiting()
            self.refresh()
            self.start.drop.chooser.setFocus()
            return
        self._path = self._queue.pop(0)
        self._show_waiting()
        self._again()

    def _again(self) -> None:
        path = self._path
        assert path is not None

        def unless_left(act: Callable[[Any], object]) -> Callable[[Any], object]:
            return lambda answer: act(answer) if self._path is path else None

        self._say_reading(self.tr("正在读取 {0}…").format(path.name))
        tasks.run(
            lambda: exchange.envelope(path),
            done=unless_left(self._opened),
            failed=unless_left(self._fail),
            owner=self,
            key="envelope",
        )

    def _opened(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._phrase = self._phrases.get(envelope.set)
        if envelope.sealed == "passphrase" and self._phrase is None:
            assert self._path is not None
            self.stack.setCurrentWidget(self.locked)
            self.locked.ask(self._path.name)
        else:
            self._inspect()

    def _unlock(self, typed: str) -> None:
        self._phrase = phrases.tidy(typed)
        self._inspect()

    def _inspect(self) -> None:
        ledger, path, phrase = self._context.ledger, self._path, self._phrase
        assert path is not None

        def done(found: Inspection) -> None:
            if not progress.cancelled:  # 取消 came after all was read: another file may be in its place
                self._inspected(found)

        def failed(error: BaseException) -> None:
            envelope = self._envelope
            if envelope is not None and envelope.sealed == "passphrase" and phrases.was_wrong(error):
                self._phrases.pop(envelope.set, None)
                self.stack.setCurrentWidget(self.locked)
                self.locked.ask(path.name, str(error))
            else:
                self._fail(error)

        self._say_reading(self.tr("正在读取 {0}…").format(path.name))
        progress = tasks.Progress(self.tr("正在读取数据包"))
        self._run(
            lambda tell: exchange.inspect(ledger, path, phrase, tell),
            done,
            failed,
            progress,
            self.next,
        )

    def _inspected(self, inspection: Inspection) -> None:
        if self._envelope is not None and self._phrase is not None:
            self._phrases[self._envelope.set] = self._phrase
        self.preview.show_inspection(inspection)
        self.preview.set_busy(False)
        self.stack.setCurrentWidget(self.preview)
        self.preview.focus()

    # -- deciding --------------------------------------------------------------------------------------

    def take(self) -> None:
        """接收: merge what the file holds; all or nothing."""
        ledger, path, phrase = self._context.ledger, self._path, self._phrase
        inspection, accept = self.preview.inspection, self.preview.accepting()
        if path is None or inspection is None or self._busy:
            return
        code = inspection.sender.fingerprint
        self.preview.set_busy(True)

        def done(receipt: Receipt) -> None:
            self.preview.set_busy(False)
            self.result.show_receipt(receipt, inspection, len(self._queue))
            self.stack.setCurrentWidget(self.result)
            self.result.setFocus()

        def failed(error: BaseException) -> None:
            self.preview.set_busy(False)
            self._fail(error)

        progress = tasks.Progress(self.tr("正在接收{0}的文件").format(inspection.sender.name))
        self._run(
            lambda tell: exchange.apply(ledger, path, phrase, accept, tell, compared=code),
            done,
            failed,
            progress,
            lambda: self.preview.set_busy(False),
        )

    def leave(self) -> None:
        """不接收: nothing is written, the file stays where it is."""
        if not self._busy:
            self.next()

    def refuse(self) -> None:
        """拒绝此单位, after a question."""
        inspection = self.preview.inspection
        if inspection is None or inspection.sender.station is None or self._busy:
            return
        sender, name, ledger = inspection.sender, inspection.sender.name, self._context.ledger
        question = self.tr("拒绝“{0}”？").format(name)
        words = self.tr(
            "以后它发来的文件都不再接收，这一份也不写入台账。以后核对清楚了，可以在“使用单位”里改为认可。"
        )
        if ask(self, question, words, [self.tr("拒绝此单位")], danger=True) != 0:
            return

        def done(_result: object) -> None:
            self._context.said.emit(self.tr("已拒绝“{0}”，文件没有接收。").format(name), False)
            self.next()

        self._context.read(lambda: exchange.refuse(ledger, sender), done, self, "refuse")

    # -- working ---------------------------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[Callable[[int, int], None]], Any],
        done: Callable[[Any], object],
        failed: Callable[[BaseException], object],
        progress: tasks.Progress,
        cancelled: Callable[[], object],
    ) -> None:
        self._busy, self._progress = True, progress

        def tell(count: int, total: int) -> None:
            progress.check()
            progress.report(count, total)

        def ended() -> None:
            self._busy, self._progress = False, None
            if progress.cancelled:
                cancelled()

        def fail(error: BaseException) -> None:
            if not progress.cancelled:
                failed(error)

        progress.changed.connect(self.reading.report)
        progress.finished.connect(ended)
        tasks.run(lambda: work(tell), done=done, failed=fail, owner=self, progress=progress)
        watch = getattr(self.window(), "watch", None)
        if watch is not None:
            watch(progress)

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
        else:  # it is still being opened
            self.next()

    def _say_reading(self, text: str) -> None:
        self.reading.begin(text)
        self.stack.setCurrentWidget(self.reading)

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, LedgerError):
            sentence = str(error)
        elif isinstance(error, OSError):
            sentence = self.tr("文件读不出来：{0}。台账没有改动。").format(error.strerror or str(error))
        else:
            self.stack.setCurrentWidget(self.start)
            raise error
        assert self._path is not None
        self.stack.setCurrentWidget(self.trouble)
        self.trouble.tell(self._path.name, sentence, len(self._queue))

    # -- what waits ------------------------------------------------------------------------------------

    def _show_waiting(self) -> None:
        names = "、".join(path.name for path in self._queue[:3])
        if len(self._queue) > 3:
            names += self.tr(" 等")
        self.waiting.setText(self.tr("还有 {0} 个文件等着接收：{1}").format(len(self._queue), names))
        self.waiting.setVisible(bool(self._queue))
        restyle(self.waiting)
        self.result.set_waiting(len(self._queue))


def _order(path: Path) -> tuple[str, str]:
    """Parts of one set beside each other and in order: their names differ in the part only."""
    return str(path.parent), path.name

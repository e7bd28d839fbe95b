"""TaskBar: long work at the bottom of the window: what, how far, how long still, 取消."""

import time

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from ui.tasks import Progress
from ui.theme import Size
from ui.widgets.basic import button, label


class TaskBar(QFrame):
    """Shows the latest Progress it was given until that is finished; without work it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress: Progress | None = None
        self._begun = 0.0
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, Size.TIGHT, Size.GAP_WIDE, Size.TIGHT)
        row.setSpacing(Size.GAP_MID)
        self.what = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.left = label("", "caption")
        self.cancel = button(self.tr("取消"), "link", on_click=self._cancel)
        row.addWidget(self.what)
        row.addWidget(self.bar, 1)
        row.addWidget(self.left)
        row.addWidget(self.cancel)
        self.hide()

    def watch(self, progress: Progress) -> None:
        """Show this work."""
        if self._progress is not None:
            self._progress.changed.disconnect(self._report)
            self._progress.finished.disconnect(self._finish)
        self._progress = progress
        self._begun = time.monotonic()
        progress.changed.connect(self._report)
        progress.finished.connect(self._finish)
        self.what.setText(progress.title)
        self.left.setText("")
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.show()

    def _report(self, done: int, total: int, text: str) -> None:
        if self._progress is None or self._progress.cancelled:
            return
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)
        self.bar.setAccessibleName(text or self._progress.title)
        parts = [text] if text else []
        if total > 0:
            parts.append(f"{done:,} / {total:,}")
            if left := remaining(time.monotonic() - self._begun, done, total):
                parts.append(left)
        self.left.setText("  ".join(parts))

    def _cancel(self) -> None:
        if self._progress is not None:
            self._progress.cancel()
            self.cancel.setEnabled(False)
            self.left.setText(self.tr("正在取消…"))

    def _finish(self) -> None:
        self._progress = None
        self.hide()


def remaining(elapsed: float, done: int, total: int) -> str:
    """How long still, in words, from the seconds ``elapsed``; empty while that would be a guess."""
    if elapsed < 2 or done <= 0 or done >= total:
        return ""
    seconds = elapsed * (total - done) / done
    if seconds < 10:
        return "还要几秒"
    if seconds < 55:
        return f"约 {round(seconds / 10) * 10} 秒"
    return f"约 {max(1, round(seconds / 60))} 分钟"

"""The frame of 导入名单: its three steps above, what goes on and the buttons below, a line for what must be read."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Size, Tone
from ui.widgets.basic import button, label, restyle, tabs
from ui.widgets.glyph import Glyph

WIDEST, HIGHEST = 1360, 860
_MARGIN = 48


class ImportFrame(QDialog):
    """``stack`` holds the steps; the buttons only say what is wanted."""

    saveWanted = Signal()
    backWanted = Signal()
    forwardWanted = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._doing = ""
        self.setWindowTitle(self.tr("导入名单"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(self._room())
        self.stack = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, Size.GAP_MID)
        whole.setSpacing(Size.GAP + Size.TIGHT)
        whole.addLayout(self._head())
        self.notice = label("", "notice", wrap=True)
        self.notice.hide()
        whole.addWidget(self.notice)
        whole.addWidget(self.stack, 1)
        whole.addLayout(self._foot())

    def _room(self) -> QSize:
        owner = self.parentWidget()
        around = owner.window().size() if owner is not None else QSize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        return QSize(min(around.width() - _MARGIN, WIDEST), min(around.height() - _MARGIN, HIGHEST))

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.steps = tabs(self.tr("1  来源"), self.tr("2  核对列"), self.tr("3  预演"))
        self.steps.setAccessibleName(self.tr("导入的三步"))
        row.addWidget(self.steps)
        row.addStretch(1)
        self.file = Glyph("document", "sub", Size.ICON)
        self.name = label("", "sub")
        row.addWidget(self.file)
        row.addWidget(self.name)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.save = button(self.tr("另存问题行…"), icon="export", on_click=self.saveWanted.emit)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(2 * Size.COLUMN_WIDEST)
        self.bar.hide()
        self.state = label("", "sub", wrap=True)
        self.cancel = button(self.tr("取消"), on_click=self.reject)
        self.cancel.setToolTip(self.tr("取消（Esc）"))
        self.back = button(self.tr("上一步"), on_click=self.backWanted.emit)
        self.back.setToolTip(self.tr("上一步（Alt+←）"))
        self.next = button("", "primary", on_click=self.forwardWanted.emit)
        for part in (self.save, self.bar):
            row.addWidget(part)
        row.addWidget(self.state, 1)
        for part in (self.cancel, self.back, self.next):
            row.addWidget(part)
        return row

    def tell(self, text: str, tone: Tone = "info") -> None:
        """Say something above the step that must be read; "" takes it away."""
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def wait(self, doing: str) -> None:
        """Say what goes on, with a bar that moves; "" for nothing any more."""
        self._doing = doing
        self.bar.setVisible(bool(doing))
        self.state.setText(doing)

    def note(self, text: str) -> None:
        """Say something beside the buttons while nothing goes on."""
        if not self._doing:
            self.state.setText(text)

    def show_steps(self, step: int, open_: Sequence[bool], free: bool) -> None:
        """Mark the step in front and those that can be gone to; not `free` while it is being written."""
        blocked = self.steps.blockSignals(True)
        for n, on in enumerate(open_):
            self.steps.setTabEnabled(n, on)
        self.steps.setCurrentIndex(step)
        self.steps.blockSignals(blocked)
        self.file.setVisible(bool(self.name.text()))
        for part in (self.steps, self.cancel, self.back):
            part.setEnabled(free)

    def show_next(self, text: str, tip: str, visible: bool, enabled: bool) -> None:
        """What the main button does."""
        self.next.setText(text)
        self.next.setAccessibleName(text)
        self.next.setToolTip(tip)
        self.next.setVisible(visible)
        self.next.setEnabled(enabled)

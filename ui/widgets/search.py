"""SearchBox: the search of the top bar with its list of hits."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from ui import icons
from ui.theme import Size
from ui.widgets.basic import label

if TYPE_CHECKING:
    from ui.widgets.droplist import DropList, Hit

DELAY_MS = 120


class SearchBox(QLineEdit):
    """Asks ``source`` for hits a moment after the last key; ``activated`` carries the Hit that was taken.

    ``source`` answers by calling what it is given, now or later: an answer to an older question is dropped.
    """

    activated = Signal(object)

    def __init__(self, shortcut: str = "Ctrl+K", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: Callable[[str, Callable[[Sequence[Hit]], None]], None] | None = None
        self._asked = ""
        self.setPlaceholderText(self.tr("搜索姓名、单位、村、内容，拼音也行"))
        self.setAccessibleName(self.tr("搜索全部内容和命令"))
        self.setClearButtonEnabled(False)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._hint: QLabel = label(
            QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText), "caption"
        )
        self._hint.setParent(self)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setToolTip(self.tr("搜索全部内容和命令（{0}）").format(self._hint.text()))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY_MS)
        self._timer.timeout.connect(self.ask)
        self._drop: DropList | None = None
        self.textEdited.connect(lambda _text: self._timer.start())
        self.textChanged.connect(lambda _text: self._show_hint())

    @property
    def drop(self) -> "DropList":
        """The list of hits, made at the first question: the start of the window does not wait for it."""
        if self._drop is None:
            from ui.widgets.droplist import DropList

            self._drop = DropList(self, choose_first=True)
            self._drop.taken.connect(self._take)
        return self._drop

    def set_source(self, source: "Callable[[str, Callable[[Sequence[Hit]], None]], None]") -> None:
        """``source(text, answer)`` is called with what was typed and a function that takes the hits."""
        self._source = source

    def ask(self) -> None:
        """Ask for what stands in the box now."""
        self._timer.stop()
        self._asked = typed = self.text().strip()
        if not typed or self._source is None:
            self.drop.close_panel()
            return
        self._source(typed, lambda hits: self._answer(typed, hits))

    def _answer(self, typed: str, hits: "Sequence[Hit]") -> None:
        if typed != self._asked or not self.hasFocus():
            return
        from ui.widgets.droplist import Hit

        nothing = Hit(self.tr("没有找到“{0}”").format(typed), icon="search")
        self.drop.offer(hits or [nothing], 2 * Size.SIDEBAR)

    def _take(self, hit: "Hit") -> None:
        if hit.key is None:
            return
        self.clear()
        self.activated.emit(hit)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_hint()
        if self.text():
            self._timer.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        """Only where it stands beside nothing else."""
        self._hint.setVisible(not self.text() and not self.hasFocus() and self.width() >= Size.SEARCH)

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self._show_hint()
        size = self._hint.sizeHint()
        self._hint.setGeometry(
            self.width() - size.width() - Size.GAP - 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

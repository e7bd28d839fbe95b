"""DropSheet: while files are dragged over the window it lies over everything and says what will happen."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.glyph import Glyph


class DropSheet(QWidget):
    """``dropped`` carries local files that were let go anywhere over the window.

    `words(files)` says what would happen with them. The sheet comes up before any field below the pointer
    hears of the files: a text field would take their paths as text. What `zones(files)` names stays uncovered
    and takes them itself.
    """

    dropped = Signal(list)

    def __init__(
        self,
        window: QWidget,
        words: Callable[[list[Path]], str],
        zones: Callable[[list[Path]], list[QWidget]] = lambda _files: [],
    ) -> None:
        super().__init__(window)
        self._window, self._words, self._zones = window, words, zones
        self._watching = False
        self.setAcceptDrops(True)
        window.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setSpacing(Size.GAP_MID)
        column.addStretch(1)
        column.addWidget(Glyph("export", "accent", Size.EMPTY_ICON), 0, Qt.AlignmentFlag.AlignHCenter)
        self.text = label("", "cardtitle")
        column.addWidget(self.text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        window.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window and kind == QEvent.Type.Show and not self._watching:
            handle = self._window.windowHandle()
            if handle is not None:
                handle.installEventFilter(self)
                self._watching = True
        elif kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            self.come(event.mimeData())
            if watched is self._window and self.isVisible():
                event.acceptProposedAction()
        elif kind == QEvent.Type.Drop and watched is self._window and isinstance(event, QDropEvent):
            self._let_go(event)
        elif kind == QEvent.Type.Drop and self.isVisible():
            QTimer.singleShot(0, self.hide)  # after who lies below the pointer has taken them
        elif kind == QEvent.Type.DragLeave or (kind == QEvent.Type.Resize and self.isVisible()):
            if kind == QEvent.Type.DragLeave:
                self.hide()
            else:
                self.setGeometry(self._window.rect())
        return False

    def come(self, data: QMimeData) -> None:
        """Cover the window if these are files."""
        files = local_files(data)
        if files:
            self.text.setText(self._words(files))
            self.setGeometry(self._window.rect())
            covered = QRegion(self.rect())
            for zone in self._zones(files):
                covered -= zone.visibleRegion().translated(zone.mapTo(self._window, QPoint(0, 0)))
            self.setMask(covered)
            self.show()
            self.raise_()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._let_go(event)

    def _let_go(self, event: QDropEvent) -> None:
        files = local_files(event.mimeData())
        self.hide()
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(t.bg)
        ground.setAlphaF(0.94)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(QColor(t.accent), 2, Qt.PenStyle.DashLine))
        edge = Size.GAP_WIDE
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(box, Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.end()


def local_files(data: QMimeData) -> list[Path]:
    """The files of this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]

"""The preview: pages below one another, drawn when they come into view, zoomed by Ctrl+wheel, + and −."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app.pdfpages import Box, PdfPages, Picture
from ui import tasks, theme
from ui.theme import Size

ZOOMS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
POINTS_TO_PIXELS = 96 / 72
MARK_STRENGTH = 90


def image_of(picture: Picture) -> QImage:
    """A rendered page as an image of its own."""
    form = QImage.Format.Format_RGB32
    return QImage(picture.data, picture.width, picture.height, picture.stride, form).copy()


def _let_go(held: list[PdfPages], *_: object) -> None:
    """Close what is shown when its window goes."""
    for pages in held:
        pages.close()
    held.clear()


class PageView(QWidget):
    """One page; blank until its picture has come."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self.pixmap: QPixmap | None = None
        self.asked = 0.0  # the scale that was asked for
        self.marks: list[tuple[Box, bool]] = []  # what was searched for; True: the hit one is at
        self.points = 1.0  # pixels per point
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)  # paper is white in the dark scheme too
        if self.pixmap is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self.rect(), self.pixmap)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for (
            x,
            y,
            width,
            height,
        ), at_it in self.marks:  # the paper is white, so are its marks those of the light
            box = QRectF(x * self.points, y * self.points, width * self.points, height * self.points)
            mark = QColor(theme.DARK.warn)
            mark.setAlpha(255 if at_it else MARK_STRENGTH)
            painter.fillRect(box.adjusted(-1, -1, 1, 1), mark)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(theme.color("line"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class Preview(QScrollArea):
    """`pageChanged` carries the number of the page in view, from 1, and how many there are.

    `found` carries the number of the hit in view, from 1, and how many there are.
    """

    pageChanged = Signal(int, int)
    zoomChanged = Signal(float)
    found = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("报告预览"))
        self._pages: PdfPages | None = None
        self._held: list[PdfPages] = []
        self.destroyed.connect(partial(_let_go, self._held))
        self._views: list[PageView] = []
        self._hits: list[tuple[int, list[Box]]] = []
        self._hit = -1
        self._zoom = 0.0  # 0: as wide as there is room
        inner = QWidget()
        inner.setProperty("scrolled", True)
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP_MID)
        self._column.setSpacing(Size.GAP_MID)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setWidget(inner)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._later.timeout.connect(self._draw_visible)
        self.verticalScrollBar().valueChanged.connect(lambda _v: self._scrolled())

    def show_pages(self, pages: PdfPages, stay: bool = True) -> None:
        """Show a document, at the page that was in view (`stay`) or from its beginning."""
        at = self.current_page()
        old, self._pages = self._pages, pages
        self._hits, self._hit = [], -1
        self._held[:] = [pages]
        for view in self._views:
            self._column.removeWidget(view)
            view.deleteLater()
        self._views = [PageView(n) for n in range(len(pages))]
        for view in self._views:
            self._column.addWidget(view, 0, Qt.AlignmentFlag.AlignHCenter)
        if old is not None:
            old.close()
        self._resize_views()
        self.zoomChanged.emit(self.zoom)
        self.pageChanged.emit(min(at, len(pages)) if stay and at else 1, len(pages))
        if not stay:
            self.verticalScrollBar().setValue(0)
        elif at > 1:
            QTimer.singleShot(0, lambda: self.go_to(min(at, len(pages))))
        self._later.start()

    def count(self) -> int:
        """How many pages there are."""
        return len(self._views)

    @property
    def zoom(self) -> float:
        """The zoom in force: 1.0 is as large as on paper."""
        if self._zoom:
            return self._zoom
        if not self._pages or not len(self._pages):
            return 1.0
        room = max(self.viewport().width() - 2 * Size.GAP_MID, 200)
        widest = max(width for width, _ in self._pages.sizes)
        return min(room / (widest * POINTS_TO_PIXELS), 1.5)

    def set_zoom(self, zoom: float) -> None:
        """Another zoom; 0 for as wide as there is room."""
        at = self.current_page()
        self._zoom = zoom
        self._resize_views()
        self.zoomChanged.emit(self.zoom)
        QTimer.singleShot(0, lambda: self.go_to(at))

    def step_zoom(self, step: int) -> None:
        """The next larger (1) or smaller (−1) zoom."""
        now = self.zoom
        wanted = [z for z in ZOOMS if (z > now + 0.01 if step > 0 else z < now - 0.01)]
        if wanted:
            self.set_zoom(wanted[0] if step > 0 else wanted[-1])

    def current_page(self) -> int:
        """The number of the page at the top of the view, from 1; 0 without pages."""
        top = self.verticalScrollBar().value() + self.viewport().height() // 3
        found = 0
        for view in self._views:
            if view.y() <= top:
                found = view.number + 1
        return found or min(len(self._views), 1)

    def go_to(self, page: int) -> None:
        """Bring a page (from 1) to the top."""
        if 1 <= page <= len(self._views):
            self.verticalScrollBar().setValue(self._views[page - 1].y() - Size.GAP)

    # -- search ----------------------------------------------------------------------------------------

    def search(self, text: str) -> None:
        """Mark a text wherever it stands and go to its first place from the page in view; `found` says how many."""
        self._hits, self._hit = [], -1
        self._mark()
        pages = self._pages
        if not text or pages is None:
            self.found.emit(0, 0)
            return

        def work() -> list[tuple[int, list[Box]]]:
            return [(n, boxes) for n in range(len(pages)) for boxes in pages.find(n, text)]

        def show(hits: list[tuple[int, list[Box]]]) -> None:
            if pages is self._pages:
                self._hits = hits
                now = self.current_page() - 1
                self._hit = (
                    next((n for n, (page, _) in enumerate(hits) if page >= now), 0 if hits else -1) - 1
                )
                self.step_hit(1)

        tasks.run(work, done=show, failed=lambda _e: None, owner=self, key="search")

    def step_hit(self, step: int) -> None:
        """To the next (1) or the last (−1) place of what was searched for; after the end from the beginning."""
        if self._hits:
            self._hit = (self._hit + step) % len(self._hits)
            self._mark()
            page, boxes = self._hits[self._hit]
            view = self._views[page]
            top = view.y() + int(boxes[0][1] * view.points) if boxes else view.y()
            if not 0 <= top - self.verticalScrollBar().value() < self.viewport().height() - Size.ROW:
                self.verticalScrollBar().setValue(top - self.viewport().height() // 3)
        self.found.emit(self._hit + 1, len(self._hits))

    def _mark(self) -> None:
        marks: dict[int, list[tuple[Box, bool]]] = {}
        for n, (page, boxes) in enumerate(self._hits):
            marks.setdefault(page, []).extend((box, n == self._hit) for box in boxes)
        for view in self._views:
            if view.marks or view.number in marks:
                view.marks = marks.get(view.number, [])
                view.update()

    def _resize_views(self) -> None:
        if not self._pages:
            return
        factor = self.zoom * POINTS_TO_PIXELS
        for view, (width, height) in zip(self._views, self._pages.sizes, strict=True):
            view.points = factor
            view.setFixedSize(QSize(int(width * factor), int(height * factor)))
        self._later.start()

    def _scrolled(self) -> None:
        self._later.start()
        self.pageChanged.emit(self.current_page(), len(self._views))

    def _draw_visible(self) -> None:
        pages = self._pages
        if pages is None:
            return
        self.pageChanged.emit(self.current_page(), len(self._views))
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        scale = round(self.zoom * POINTS_TO_PIXELS * self.devicePixelRatioF(), 3)
        for view in self._views:
            near = view.y() <= bottom + self.viewport().height() and view.y() + view.height() >= top
            if near and view.asked != scale:
                view.asked = scale
                self._draw(pages, view, scale)
            elif not near and view.pixmap is not None:
                view.pixmap, view.asked = None, 0.0  # memory stays that of a few pages

    def _draw(self, pages: PdfPages, view: PageView, scale: float) -> None:
        def show(picture: Picture) -> None:
            if view.asked == scale and pages is self._pages:
                view.pixmap = QPixmap.fromImage(image_of(picture))
                view.update()

        tasks.run(lambda: pages.render(view.number, scale), done=show, failed=lambda _e: None, owner=view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._zoom:
            self._resize_views()
            self.zoomChanged.emit(self.zoom)
        self._later.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step_zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.step_zoom(-1)
        elif (
            event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.go_to(self.current_page() + (1 if event.key() == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)

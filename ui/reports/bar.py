"""The bar above the preview: page, search, zoom."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from ui import icons
from ui.reports.preview import Preview
from ui.theme import Size
from ui.widgets.basic import button, label

_PAGE_WIDTH = 52
_SEARCH_WIDTH = 190


class PreviewBar(QWidget):
    """`state` is a label for what the page says about its work."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self._preview = preview
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        row.setSpacing(Size.GAP)
        self.page = QLineEdit()
        self.page.setFixedWidth(_PAGE_WIDTH)
        self.page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.page.setValidator(QIntValidator(1, 999_999, self.page))
        self.page.setAccessibleName(self.tr("页码"))
        self.page.setToolTip(self.tr("输入页码后按 Enter"))
        self.page.returnPressed.connect(self._go)
        self.pages = label("", "caption")
        self.search = _Search(self.tr("在材料中查找"))
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(lambda: self._find(1))
        self.search.bar = self
        self.hits = label("", "caption")
        self.state: QLabel = label("", "caption")
        self.zoom = label("", "caption")
        up = button(self.tr("上一页"), "tool", icon="up", on_click=lambda: self._step(-1))
        up.setToolTip(self.tr("上一页（Ctrl+PgUp）"))
        down = button(self.tr("下一页"), "tool", icon="down", on_click=lambda: self._step(1))
        down.setToolTip(self.tr("下一页（Ctrl+PgDn）"))
        smaller = button(self.tr("缩小"), "tool", icon="zoom-out", on_click=lambda: preview.step_zoom(-1))
        larger = button(self.tr("放大"), "tool", icon="zoom-in", on_click=lambda: preview.step_zoom(1))
        fit = button(self.tr("适合宽度"), "link", on_click=lambda: preview.set_zoom(0))
        for part in (up, down, self.page, self.pages, self.search, self.hits):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.state)
        row.addStretch(1)
        for part in (smaller, self.zoom, larger, fit):
            row.addWidget(part)
        preview.pageChanged.connect(self._show_page)
        preview.zoomChanged.connect(lambda z: self.zoom.setText(f"{z * 100:.0f} %"))
        preview.found.connect(self._show_hits)
        self._searched = ""

    def search_again(self) -> None:
        """Mark what was searched for in another document."""
        self._searched = ""
        if self.search.text().strip():
            self._find(1)
        else:
            self._preview.search("")

    def _step(self, step: int) -> None:
        self._preview.go_to(self._preview.current_page() + step)

    def _go(self) -> None:
        self._preview.go_to(min(int(self.page.text() or 1), self._preview.count()))
        self.page.selectAll()

    def _show_page(self, page: int, of: int) -> None:
        if not self.page.hasFocus() or not self.page.isModified():
            self.page.setText(str(page) if of else "")
        self.page.setModified(False)
        self.pages.setText(self.tr("/ {0} 页").format(f"{of:,}") if of else "")

    def _typed(self, text: str) -> None:
        if not text.strip():
            self._searched = ""
            self._preview.search("")

    def _find(self, step: int) -> None:
        text = self.search.text().strip()
        if text and text == self._searched:
            self._preview.step_hit(step)
        elif text:
            self._searched = text
            self._preview.search(text)

    def _show_hits(self, at: int, of: int) -> None:
        words = self.tr("{0} / {1} 处").format(f"{at:,}", f"{of:,}") if of else self.tr("没有找到")
        self.hits.setText(words if self._searched else "")


class _Search(QLineEdit):
    """Enter to the next place, Shift+Enter to the one before, Esc clears."""

    bar: PreviewBar

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setToolTip(self.tr("在材料中查找（Ctrl+F），Enter 下一处，Shift+Enter 上一处"))
        self.setClearButtonEnabled(True)
        self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.bar._find(-1)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

"""The text of 粘贴识别: what was taken stands on a quiet ground, the part of the chosen visit in a frame."""

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from ui import theme
from ui.theme import Size
from ui.visits.pastemarks import GROUPS, Mark, group_name
from ui.widgets.basic import label


class PasteText(QPlainTextEdit):
    """``pasted`` comes after something was pasted, ``replaced`` before all of the text gives way to another."""

    pasted = Signal()
    replaced = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("要识别的文字"))
        self.setPlaceholderText(
            self.tr("在微信里长按或选中消息，复制后到这里按 Ctrl+V。\n\n"
                    "例如：7月3日上午到温县祥云镇大玉兰村指导铁棍山药种植，现场培训32人。\n一次可以粘贴多条。")
        )  # fmt: skip
        self.document().setDocumentMargin(Size.GAP)
        self._marks: list[Mark] = []
        self._frame: tuple[int, int] | None = None
        self._asked: frozenset[str] = frozenset()
        theme.notifier().changed.connect(self._paint_marks)

    def set_marks(self, marks: list[Mark]) -> None:
        """Show what was taken."""
        self._marks = marks
        self._paint_marks()

    def marks(self) -> list[Mark]:
        """What is marked."""
        return list(self._marks)

    def set_frame(self, span: tuple[int, int] | None) -> None:
        """Frame a part of the text (UTF-16 units) and bring its beginning into sight."""
        self._frame = span
        if span is not None:
            self._reveal(*span)
        self._paint_marks()
        self.viewport().update()

    def frame(self) -> tuple[int, int] | None:
        """The framed part."""
        return self._frame

    def emphasise(self, fields: frozenset[str]) -> None:
        """Underline what these fields of the framed visit were read from."""
        if fields != self._asked:
            self._asked = fields
            self._paint_marks()

    def emphasised(self) -> list[Mark]:
        """What is underlined."""
        low, high = self._frame or (0, 0)
        return [m for m in self._marks if low <= m.start < high and self._asked & set(m.fields)]

    def tip_at(self, position: int) -> str:
        """What was read from the character at a position; "" where nothing was."""
        hit = [m for m in self._marks if m.start <= position < m.end]
        return min(hit, key=lambda m: m.end - m.start).tip if hit else ""

    def _reveal(self, start: int, end: int) -> None:
        if self.hasFocus():
            return  # whoever types there keeps the place
        for at in (end, start):
            cursor = self.textCursor()
            cursor.setPosition(min(at, self.document().characterCount() - 1))
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def _paint_marks(self) -> None:
        last = self.document().characterCount() - 1
        strong = self.emphasised()
        shown = []
        for mark in self._marks:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(mark.start, last))
            cursor.setPosition(min(mark.end, last), QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setBackground(theme.mark(list(GROUPS).index(mark.group)))
            if mark in strong:
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
                look.setUnderlineColor(theme.color("accent"))
                look.setFontWeight(700)
            selection.cursor, selection.format = cursor, look  # type: ignore[attr-defined]
            shown.append(selection)
        self.setExtraSelections(shown)

    def replace_all(self, text: str) -> None:
        """Put a text in the place of what is there; Ctrl+Z in the text brings that back."""
        self.replaced.emit()
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)

    def insertFromMimeData(self, source: QMimeData) -> None:
        cursor = self.textCursor()
        if cursor.selectionEnd() - cursor.selectionStart() == self.document().characterCount() - 1:
            self.replaced.emit()
        super().insertFromMimeData(source)
        self.pasted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._frame is None or self._frame[0] >= self._frame[1]:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.drawPath(self._outline(*self._frame))
        painter.end()

    def _outline(self, start: int, end: int) -> QPainterPath:
        """The line around a part of the text, as it runs over its lines."""
        whole, right = QPainterPath(), self.viewport().width() - Size.TIGHT
        block, edge = self.document().findBlock(start), self.contentOffset()
        while block.isValid() and block.position() < end:
            box = self.blockBoundingGeometry(block).translated(edge)
            for n in range(block.layout().lineCount()):
                line = block.layout().lineAt(n)
                first = max(start - block.position(), line.textStart())
                last = min(end - block.position(), line.textStart() + line.textLength())
                if last <= first:
                    continue
                left, stop = _x(block.layout(), n, first), _x(block.layout(), n, last)
                # A line that goes on below reaches the edge, so that the frame is one shape.
                goes_on = end - block.position() > line.textStart() + line.textLength()
                top = box.top() + line.y()
                rect = QRectF(box.left() + left - 2, top - 0.5, 0, line.height() + 1)
                rect.setRight(right if goes_on else min(box.left() + stop + 2, right))
                path = QPainterPath()
                path.addRect(rect)
                whole = whole.united(path)
            block = block.next()
        return whole.simplified()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cursor = self.cursorForPosition(event.pos())
            # The cursor's place is between two characters: the nearer side is the one pointed at.
            at = cursor.position() - (1 if self.cursorRect(cursor).left() > event.pos().x() else 0)
            tip = self.tip_at(at)
            QToolTip.showText(event.globalPos(), tip, self.viewport()) if tip else QToolTip.hideText()
            return True
        return super().viewportEvent(event)


def _x(layout: QTextLayout, line: int, position: int) -> float:
    x: Any = layout.lineAt(line).cursorToX(position)
    return float(x[0] if isinstance(x, tuple) else x)  # PySide gives the place of the cursor with it


class Legend(QWidget):
    """The grounds of the groups that occur, with their names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.TIGHT)
        self._parts: dict[str, tuple[_Swatch, QWidget]] = {}
        for n, group in enumerate(GROUPS):
            swatch, words = _Swatch(n), label(group_name(group), "caption")
            row.addWidget(swatch)
            row.addWidget(words)
            row.addSpacing(Size.TIGHT)
            self._parts[group] = (swatch, words)
        row.addStretch(1)
        self.show_groups(set())

    def show_groups(self, groups: set[str]) -> None:
        """Name these."""
        for group, parts in self._parts.items():
            for part in parts:
                part.setVisible(group in groups)


class _Swatch(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(Size.ICON - 2, Size.ICON - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mark(self._number))
        painter.drawRoundedRect(self.rect(), 3, 3)
        painter.end()

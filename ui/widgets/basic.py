"""Labels, buttons and combo boxes in the variants of the style sheet, so that no page sets a property by
hand.
"""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QWidget,
)

from ui import icons
from ui.theme import Size, Tone

Role = Literal["", "caption", "sub", "error", "cardtitle", "pagetitle", "figure", "notice", "appname"]
Kind = Literal["", "primary", "link", "danger", "tool", "chip"]


def label(text: str = "", role: Role = "", *, tone: Tone = "plain", wrap: bool = False) -> QLabel:
    """A text in one of the roles of the style sheet; plain text only, whatever it holds."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if tone != "plain":
        made.setProperty("tone", tone)
    return made


def button(
    text: str,
    kind: Kind = "",
    *,
    icon: str = "",
    shortcut: str = "",
    on_click: Callable[[], object] | None = None,
) -> QPushButton:
    """A button; ``shortcut`` works in its window and is named in the tooltip.

    With ``kind="tool"`` the text is only the tooltip and the accessible name, the icon is what is seen.
    """
    made = QPushButton("" if kind == "tool" else text)
    made.setAutoDefault(False)
    made.setAccessibleName(text)
    if kind:
        made.setProperty("kind", kind)
    if icon:
        made.setIcon(
            icons.icon(icon, "on" if kind == "primary" else "sub", "on" if kind == "primary" else "accent")
        )
        made.setIconSize(QSize(Size.ICON, Size.ICON))
    if kind in ("link", "tool", "chip"):
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    tip = text if kind == "tool" else ""
    if shortcut:
        keys = QKeySequence(shortcut)
        made.setShortcut(keys)
        tip = f"{text}（{keys.toString(QKeySequence.SequenceFormat.NativeText)}）"
    if tip:
        made.setToolTip(tip)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


def restyle(widget: QWidget) -> None:
    """Make the style sheet look again at ``widget`` after one of its properties has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def tabs(*texts: str) -> QTabBar:
    """A row of tabs as wide as their words."""
    made = QTabBar()
    made.setExpanding(False)
    made.setDrawBase(False)
    for text in texts:
        made.addTab(text)
    return made


class _Rows(QStyledItemDelegate):
    def __init__(self, height: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._height = height

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self._height)


def roomy_rows(view: QAbstractItemView, height: int = Size.ROW) -> None:
    """Give a list or tree rows of the usual height; a style sheet cannot."""
    view.setItemDelegate(_Rows(height, view))


def rule() -> QFrame:
    """A horizontal line."""
    made = QFrame()
    made.setProperty("rule", True)
    return made


class Combo(QComboBox):
    """A choice of one; the wheel scrolls the page instead of changing a value in passing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setMaxVisibleItems(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def scroll(inner: QWidget) -> QScrollArea:
    """``inner`` in an area that scrolls vertically and has no frame or ground of its own."""
    area = QScrollArea()
    inner.setProperty("scrolled", True)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area

"""A column of the board: heading, counts by category, and the list of its cards."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.assignments.cardlist import CardList
from ui.assignments.cards import CardText
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.pill import Pill, caption_font

COLUMN = 184
PAD_SIDE = 10

Words = Callable[[list[str], str], str]
"""What would happen if these places were let go over this county ("" for 待安排)."""


@dataclass(frozen=True)
class ColumnText:
    """A column: the county's code ("" for 待安排), its name, its cards, how many it has without a filter.

    ``counts`` says how many cards there are of each category; ``folds``: it may be put back on the shelf.
    """

    county: str
    name: str
    cards: tuple[CardText, ...]
    count: int
    counts: str = ""
    folds: bool = False


class OneLine(QWidget):
    """A caption of one line, cut off where there is no room; the tooltip has the whole."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._strong = "", False
        self.setFixedHeight(Size.PILL)

    def set(self, text: str, strong: bool = False) -> None:
        """Show a text, a strong one in the accent's colour."""
        self._text, self._strong = text, strong
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.update()

    def text(self) -> str:
        """The whole text."""
        return self._text

    def minimumSizeHint(self) -> QSize:
        return QSize(0, Size.PILL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = caption_font(self.font())
        font.setBold(self._strong)
        painter.setFont(font)
        painter.setPen(QColor(theme.tokens().accent_ink if self._strong else theme.tokens().sub))
        short = painter.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, short)
        painter.end()


class BoardColumn(QFrame):
    """One column with its heading, counts and cards."""

    addWanted = Signal()
    foldWanted = Signal()

    def __init__(self, county: str, name: str) -> None:
        super().__init__()
        self.county, self.name = county, name
        self._lit = False
        self._counts = ""
        self.words: Words = lambda _places, _county: ""
        self.setMinimumWidth(COLUMN)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD_SIDE, Size.GAP, PAD_SIDE - 4, Size.TIGHT)
        column.setSpacing(Size.TIGHT)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.setContentsMargins(0, 0, 4, 0)
        self.count = Pill("0", "info")
        words = self.tr("把选中的名额安排到{0}").format(name) if county else self.tr("把选中的名额放回待安排")
        self.add = _flat(button(words, "tool", icon="add", on_click=self.addWanted.emit))
        fold = self.tr("收起{0}一列").format(name)
        self.fold = _flat(button(fold, "tool", icon="close", on_click=self.foldWanted.emit))
        head.addWidget(label(name, "cardtitle"))
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.fold)
        head.addWidget(self.add)
        column.addLayout(head)
        self.under = OneLine()
        column.addWidget(self.under)
        self.list = CardList(
            self.tr("把名额拖到这里，\n或选中后按 M") if county else self.tr("所有名额都已安排")
        )
        self.list.over.connect(self._light)
        self.list.focused.connect(self.update)
        column.addWidget(self.list, 1)

    def set_movable(self, movable: bool, nothing: str) -> None:
        """Whether cards may come and go; `nothing` stands in an empty column where they may not."""
        self.list.set_movable(movable)
        self.add.setVisible(movable)
        if not movable and self.county:
            self.list.hint = nothing

    def show_cards(self, text: ColumnText) -> None:
        """Show these cards; what was selected stays so where it is still here."""
        shown = len(text.cards)
        self.count.set(f"{shown:,}" if shown == text.count else f"{shown:,}/{text.count:,}", "info")
        self._counts = text.counts
        self.under.set(text.counts)
        self.fold.setVisible(text.folds)
        spoken = self.tr("{0}，{1} 个名额").format(self.name, text.count)
        self.list.setAccessibleName(spoken + (f"，{text.counts}" if text.counts else ""))
        kept = {card.place.id for card in self.selected()}
        at = self.current()
        y = self.list.verticalScrollBar().value()
        if self.list.cards.show(text.cards):
            self.select(kept, at.place.id if at else None)
            self.list.verticalScrollBar().setValue(y)

    def selected(self) -> list[CardText]:
        """The selected cards, in order."""
        cards = self.list.cards.cards()
        chosen = self.list.selectionModel().selection()
        parts = (chosen.at(n) for n in range(chosen.count()))
        rows = sorted(row for part in parts for row in range(part.top(), part.bottom() + 1))
        return [cards[row] for row in rows if row < len(cards)]

    def current(self) -> CardText | None:
        """The card that the keyboard is on."""
        row = self.list.currentIndex().row()
        cards = self.list.cards.cards()
        return cards[row] if 0 <= row < len(cards) else None

    def select(self, places: set[str], current: str | None = None) -> None:
        """Select these places as far as they are here."""
        selection = self.list.selectionModel()
        rows = sorted(row for row in (self.list.cards.row_of(p) for p in places) if row >= 0)
        here = self.list.cards.row_of(current) if current else -1
        flag = QItemSelectionModel.SelectionFlag
        if here >= 0:
            selection.setCurrentIndex(self.list.cards.index(here), flag.NoUpdate)
        wanted = QItemSelection()
        for first, last in _runs(rows):
            wanted.select(self.list.cards.index(first), self.list.cards.index(last))
        selection.select(wanted, flag.ClearAndSelect)

    def _light(self, places: list[str]) -> None:
        """Say what would happen while cards are dragged above."""
        self._lit = bool(places)
        self.under.set(self.words(places, self.county) if places else self._counts, strong=self._lit)
        self.update()

    def is_lit(self) -> bool:
        """Whether cards would fall here."""
        return self._lit

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.tokens()
        here = self.list.hasFocus() and not self.list.cards.cards()
        edge = 1.0 if self._lit else 0.5 if here else 0.0
        painter.setPen(QPen(QColor(t.accent), 2 * edge) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent_soft if self._lit else t.side))
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawRoundedRect(box, Size.CARD_RADIUS, Size.CARD_RADIUS)
        painter.end()


def _flat(made: QPushButton) -> QPushButton:
    """A button of the heading: seen only as a sign until the pointer is over it."""
    made.setFlat(True)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has M
    made.setStyleSheet("QPushButton:!hover { background: transparent; border-color: transparent; }")
    return made


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Rows that follow each other, as (first, last)."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found

"""Two records side by side: what differs is chosen field by field, what is the same stands below."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import differences, merging
from commissioner_app.differences import Parts
from commissioner_app.merging import Comparison, Side
from ui.clearing import clear
from ui.exchange.values import MarkedText
from ui.theme import Size
from ui.widgets.basic import label, restyle, rule
from ui.widgets.pill import Pill

CAPTION = 72


class Cell(QFrame):
    """A value that may stay; ``chosen`` is sent by a click, Enter or Space, ``moved`` by ← and →."""

    chosen = Signal()
    moved = Signal(int)

    def __init__(self, name: str, parts: Parts) -> None:
        super().__init__()
        self.setProperty("card", True)
        self.setProperty("value", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP + 2, Size.GAP - 2, Size.GAP + 2, Size.GAP - 2)
        row.setSpacing(Size.GAP)
        self.text = MarkedText(parts)
        row.addWidget(self.text, 1)
        self.pill = Pill("", "accent")
        row.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        self._told = _tr("{0}：{1}").format(name, self.text.plain())
        self.mark(False)

    def mark(self, on: bool) -> None:
        """Show whether this value stays."""
        self.setProperty("chosen", on)
        self.pill.set(_tr("保留") if on else "", "accent")
        self.setAccessibleName(_tr("{0}，保留").format(self._told) if on else self._told)
        restyle(self)

    def is_chosen(self) -> bool:
        """Whether this value stays."""
        return bool(self.property("chosen"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            self.chosen.emit()
        elif event.key() in steps and not event.modifiers():
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class Sides(QWidget):
    """Shows a Comparison; ``choice`` tells which side (0, 1) stays for each field."""

    def __init__(self) -> None:
        super().__init__()
        self._holder = QVBoxLayout(self)
        self._holder.setContentsMargins(0, 0, Size.GAP, 0)
        self._cells: dict[str, tuple[Cell, Cell]] = {}
        self._choice: dict[str, int] = {}

    def choice(self) -> dict[str, int]:
        """Which side's value stays, by field."""
        return dict(self._choice)

    def cells(self, name: str) -> tuple[Cell, Cell]:
        """Both values of a field that differs."""
        return self._cells[name]

    def differing(self) -> list[str]:
        """The fields that are chosen one by one."""
        return list(self._cells)

    def show_nothing(self) -> None:
        """Without a pair."""
        clear(self._holder)
        self._cells, self._choice = {}, {}

    def show_sides(self, comparison: Comparison) -> None:
        """Show two records; what is proposed to stay is chosen at first."""
        self.show_nothing()
        self._choice = merging.proposed(comparison)
        part = QWidget()
        grid = QGridLayout(part)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Size.GAP)
        grid.setVerticalSpacing(Size.GAP - 2)
        grid.setColumnMinimumWidth(0, CAPTION)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        for n, side in enumerate(comparison.sides):
            grid.addWidget(_heading(side), 0, n + 1)
        at = 1
        same: list[tuple[str, str]] = []
        for name, caption in comparison.fields:
            words = [side.words[name] for side in comparison.sides]
            if not merging.differs(comparison, name):
                if words[0] != "—":
                    same.append((caption, words[0]))
                continue
            head = label(caption, "caption")
            grid.addWidget(head, at, 0)
            if merging.is_list(comparison, name):
                for n, text in enumerate(words):
                    grid.addWidget(label(text, wrap=True), at, n + 1)
                at += 1
                grid.addWidget(label(_tr("两边的都保留"), "caption"), at, 1, 1, 2)
            else:
                pair = self._pair(name, caption, words)
                for n, cell in enumerate(pair):
                    grid.addWidget(cell, at, n + 1)
                head.setBuddy(pair[self._choice[name]])
            at += 1
        if same:
            grid.addWidget(rule(), at, 0, 1, 3)
            for caption, text in same:
                at += 1
                grid.addWidget(label(caption, "caption"), at, 0)
                grid.addWidget(label(text, "sub", wrap=True), at, 1, 1, 2)
        self._holder.addWidget(part)
        self._holder.addStretch(1)

    def _pair(self, name: str, caption: str, words: list[str]) -> tuple[Cell, Cell]:
        parts = differences.marked(words)
        cells = (Cell(caption, parts[0]), Cell(caption, parts[1]))
        self._cells[name] = cells
        for n, cell in enumerate(cells):
            cell.chosen.connect(lambda n=n: self.choose(name, n))
            cell.moved.connect(lambda step: cells[0 if step < 0 else 1].setFocus())
        self.choose(name, self._choice[name])
        return cells

    def choose(self, name: str, side: int) -> None:
        """Let the value of one side stay."""
        self._choice[name] = side
        for n, cell in enumerate(self._cells[name]):
            cell.mark(n == side)


def _heading(side: Side) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(Size.GAP + 2, 0, 0, Size.GAP)
    column.setSpacing(2)
    column.addWidget(label(side.title, "cardtitle", wrap=True))
    for caption, text in side.facts:
        column.addWidget(label(f"{caption}：{text}", "caption", wrap=True))
    column.addStretch(1)
    return part


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sides", text)

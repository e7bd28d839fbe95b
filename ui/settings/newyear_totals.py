"""TotalsGrid: each category before and after, with the number of new places to be typed in."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from commissioner_app.years import MOST_FRESH, Total
from ui.theme import Size
from ui.widgets.basic import label, rule

FRESH = 64


class TotalsGrid(QWidget):
    """``edited`` when the number of new places of a category has changed; `fresh` holds them by name."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Size.GAP)
        self._grid.setVerticalSpacing(Size.TIGHT)
        self._grid.setColumnStretch(0, 1)
        self._names: list[str] = []
        self._cells: dict[tuple[str, str], QLabel] = {}
        self.boxes: dict[str, QSpinBox] = {}

    def fresh(self) -> dict[str, int]:
        """New places by the name of their category."""
        return {name: box.value() for name, box in self.boxes.items() if box.value()}

    def show_totals(self, totals: Sequence[Total], usable: Sequence[str]) -> None:
        """Show these; `usable` are the categories of the new batch, which may get new places."""
        names = [t.name for t in totals]
        if names != self._names or set(self.boxes) != set(usable):
            self._build(names, usable, self.fresh())
        sums = [0] * 5
        for t in totals:
            parts = (t.before, t.stay, t.open, t.leave, t.after)
            sums = [a + b for a, b in zip(sums, parts, strict=True)]
            self._write(t.name, parts)
        self._write("", tuple(sums))

    def total(self, name: str, column: str) -> str:
        """What stands in a cell: before, stay, open, leave or after of a category ("" for the sum)."""
        return self._cells[name, column].text()

    def _write(self, name: str, parts: Sequence[int]) -> None:
        for column, value in zip(("before", "stay", "open", "leave", "after"), parts, strict=True):
            self._cells[name, column].setText(f"{value:,}")

    def _build(self, names: list[str], usable: Sequence[str], kept: Mapping[str, int]) -> None:
        while self._grid.count():
            part = self._grid.takeAt(0).widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self._names, self._cells, self.boxes = names, {}, {}
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        heads = (_tr("类别"), _tr("去年"), _tr("续聘"), _tr("保留"), _tr("退出"), _tr("新增"), _tr("今年"))
        for column, text in enumerate(heads):
            self._grid.addWidget(
                label(text, "caption"), 0, column, right if column else Qt.AlignmentFlag.AlignLeft
            )
        self._grid.addWidget(rule(), 1, 0, 1, len(heads))
        row = 2
        for name in [*names, ""]:
            if not name:
                self._grid.addWidget(rule(), row, 0, 1, len(heads))
                row += 1
            head = label(name or _tr("合计"))
            head.setToolTip(name)
            self._grid.addWidget(head, row, 0)
            for column, key in ((1, "before"), (2, "stay"), (3, "open"), (4, "leave"), (6, "after")):
                cell = label("", "cardtitle" if key == "after" else "")
                cell.setAlignment(right)
                self._grid.addWidget(cell, row, column)
                self._cells[name, key] = cell
            if name and name in usable:
                box = QSpinBox()
                box.setRange(0, MOST_FRESH)
                box.setFixedWidth(FRESH)
                box.setAlignment(right)
                box.setAccessibleName(_tr("{0}新增名额").format(name))
                box.setValue(kept.get(name, 0))
                box.valueChanged.connect(lambda _value: self.edited.emit())
                self._grid.addWidget(box, row, 5)
                self.boxes[name] = box
            row += 1
        self._grid.setRowStretch(row, 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewYearTotals", text)

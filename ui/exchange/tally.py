"""TallyRow: a few figures beside each other, each with what it counts."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Size, Tone
from ui.widgets.basic import label


class TallyRow(QWidget):
    """Figures as (what, number, tone)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Size.GAP_WIDE + Size.GAP)
        self._row.addStretch(1)
        self._cells: list[QWidget] = []

    def show_figures(self, figures: list[tuple[str, str, Tone]]) -> None:
        """Show these in place of the earlier ones."""
        for old in self._cells:
            old.hide()
            old.deleteLater()
        self._cells = []
        for at, (what, number, tone) in enumerate(figures):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            figure = label(number, "figure", tone=tone)
            figure.setAccessibleName(f"{what} {number}")
            column.addWidget(figure)
            column.addWidget(label(what, "caption"))
            self._row.insertWidget(at, cell)
            self._cells.append(cell)

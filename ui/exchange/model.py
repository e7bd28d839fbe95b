"""Rows for the tables of the exchange: finished texts, some of them in the tone of a state."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt

from ui.history.rows import Index, RowsModel
from ui.theme import Tone
from ui.widgets.table import Column, ToneRole


class TonedRows(RowsModel):
    """A RowsModel whose column `toned` is coloured by the word that stands in it."""

    def __init__(
        self, columns: Sequence[Column], tones: dict[str, Tone], parent: QObject | None = None
    ) -> None:
        super().__init__(columns, parent)
        self._tones = tones
        self._toned = {at for at, column in enumerate(columns) if column.toned}

    def set_tones(self, tones: dict[str, Tone]) -> None:
        """Which word has which tone."""
        self._tones = tones

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == ToneRole and index.column() in self._toned:
            tone = self._tones.get(str(super().data(index)), "plain")
            return None if tone == "plain" else tone
        return super().data(index, role)

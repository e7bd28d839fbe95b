"""VisitTable: the list of visits; where it is narrow, what is told elsewhere makes room for 服务内容."""

from PySide6.QtCore import QEvent

from ui.widgets.table import DataTable, Layout

_NARROW = {"who": 84, "place": 150, "half_days": 56, "state": 84}
_NARROWER = {**_NARROW, "place": 118}
_STEPS: tuple[tuple[int, dict[str, int]], ...] = ((700, _NARROWER), (760, _NARROW))
"""Below these widths of the table (in a window of 1280 and of 1366 pixels) columns stand closer."""

_SPARED = "trained"


class VisitTable(DataTable):
    """What a user has arranged is left as it is; what is arranged here is not kept as the user's layout."""

    _now: dict[str, int] = {}  # noqa: RUF012 - replaced, never changed
    _spared = False

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def load_layout(self, layout: Layout | None) -> None:
        super().load_layout(layout)
        self._now, self._spared = {}, False
        self._fit()

    def show_column(self, number: int, on: bool) -> None:
        if self._columns[number].key == _SPARED:
            self._spared = False
        super().show_column(number, on)

    def layout_now(self) -> Layout:
        found = super().layout_now()
        usual = {column.key: column.width for column in self._columns}
        found["widths"] = {k: usual[k] if w == self._now.get(k) else w for k, w in found["widths"].items()}
        if self._spared:
            found["hidden"] = [key for key in found["hidden"] if key != _SPARED]
        return found

    def _fit(self) -> None:
        wanted = next((widths for below, widths in _STEPS if self.width() < below), {})
        if wanted is self._now or self.model() is None:
            return
        before, self._now = self._now, wanted
        settled, self._settled = self._settled, False
        for at, column in enumerate(self._columns):
            if self.columnWidth(at) == before.get(column.key, column.width):
                self.setColumnWidth(at, wanted.get(column.key, column.width))
            if column.key == _SPARED and (self._spared or (wanted and not self.isColumnHidden(at))):
                self._spared = bool(wanted)
                self.setColumnHidden(at, bool(wanted))
        self._settled = settled

"""The table of places: other columns where the batch has 考核要求, each arrangement remembered by itself."""

from typing import cast

from commissioner_app import paths
from ui.commissioners.model import columns
from ui.widgets.table import DataTable, Layout

PLAIN, COMPARED = "table_commissioners", "table_commissioners_compared"
"""The settings that keep the two arrangements."""


class PlacesTable(DataTable):
    """With a rule set 考核进度 stands where 次数 and 天数 were: it tells both, and beside each the demand.

    It is wide: 类别, which the chips and the detail show, too, is hidden then until somebody wants it.
    """

    def __init__(self) -> None:
        self._key = ""
        super().__init__(columns(), keep=lambda layout: paths.write_settings(**{self._key: layout}))

    def compare(self, on: bool) -> None:
        """Show the columns for a batch with a rule set, or for one without."""
        key = COMPARED if on else PLAIN
        if key == self._key:
            return
        self._key = key
        kept = paths.read_settings().get(key)
        self.load_layout(cast("Layout", kept) if isinstance(kept, dict) else self._designed())

    def reset_layout(self) -> None:
        """Back to the columns as they were designed for what is shown."""
        self.load_layout(self._designed())
        self._remember()

    def _designed(self) -> Layout:
        made = columns()
        hidden = {column.key for column in made if column.hidden}
        if self._key == COMPARED:
            hidden = hidden - {"progress"} | {"visits", "days", "category"}
        return {"order": [column.key for column in made], "hidden": sorted(hidden)}

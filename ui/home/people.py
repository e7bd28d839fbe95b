"""The figures of every commissioner in the period, in a dialog of 工作台."""

from collections import Counter

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app.statistics import Overview
from commissioner_app.visits import days_text
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.table import Column, DataTable

Index = QModelIndex | QPersistentModelIndex


class PeopleModel(QAbstractTableModel):
    """One row a place: code, name, category, figures, last visit; sorted in memory."""

    def __init__(self, o: Overview, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns = [
            Column("code", self.tr("名额编号"), 120),
            Column("name", self.tr("姓名"), 100),
            Column("category", self.tr("类别"), 110),
            Column("visits", self.tr("服务次数"), 84, numeric=True),
            Column("days", self.tr("现场天数"), 84, numeric=True),
            Column("trained", self.tr("培训人次"), 84, numeric=True),
            Column("last", self.tr("最近服务"), 110, stretch=True),
        ]
        shared = Counter(m.place.id for m in o.by_person)
        self.rows = [
            (
                m.place.code,
                m.name if m.commissioner else "—",
                m.place.category_name,
                m.figures.visits,
                m.figures.half_days,
                m.figures.trained,
                m.last or "—",
                m.place.id,
                (m.commissioner or "") if shared[m.place.id] > 1 else "",
            )
            for m in o.by_person
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self.columns[section].title if shown else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        value = self.rows[index.row()][index.column()]
        if index.column() == 4:
            return days_text(int(value))
        return f"{value:,}" if isinstance(value, int) else value

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        self.rows.sort(key=lambda r: r[column], reverse=order == Qt.SortOrder.DescendingOrder)
        self.layoutChanged.emit()


class PeopleDialog(QDialog):
    """`chosen` carries the filter that lists somebody's visits."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, o: Overview) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("各特派员情况"))
        self.resize(760, 560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        column.addWidget(label(self.tr("各特派员情况"), "cardtitle"))
        column.addWidget(label(o.period.text + self.tr("；双击查看其服务记录"), "caption"))
        self.model = PeopleModel(o, self)
        self.table = DataTable(self.model.columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("各特派员情况"))
        self.table.activated.connect(self._choose)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("关闭"), on_click=self.close))
        column.addLayout(row)

    def _choose(self, index: QModelIndex) -> None:
        row = self.model.rows[index.row()]
        self.chosen.emit(
            {
                "appointment": row[7],
                "commissioner": row[8] or None,
                "label": row[1] if row[1] != "—" else row[0],
            }
        )
        self.close()

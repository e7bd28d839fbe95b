"""The beginning of 接收: where to drop files, and the packages that lie on a stick or in the folders used last."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import maintenance, paths
from commissioner_app.exchange import found
from commissioner_app.exchange.found import Found
from ui.context import Context
from ui.exchange import words
from ui.exchange.destination import KEPT, LOOK_MS
from ui.exchange.drop import DropArea
from ui.exchange.model import TonedRows
from ui.theme import Size
from ui.widgets.basic import label
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph
from ui.widgets.table import Column, DataTable

KEPT_IN = "exchange_opened"
"""The setting that keeps the folder from which a package was opened last."""


class StartPage(QWidget):
    """``offered`` carries packages to look at; ``chooseWanted`` asks for the dialog."""

    offered = Signal(list)
    chooseWanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._hits: list[Found] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP_MID)
        self.drop = DropArea()
        self.drop.chooseWanted.connect(self.chooseWanted)
        column.addWidget(self.drop, 1)
        column.addWidget(self._sight(), 1)
        column.addWidget(self._steps())
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.refresh)

    def _sight(self) -> Card:
        self.sight = Card(
            self.tr("U 盘和常用文件夹里的数据包"), caption=self.tr("双击或按 Enter 查看"), flush=True
        )
        columns = [
            Column("name", self.tr("文件"), 300, stretch=True),
            Column("where", self.tr("位置"), 150),
            Column("when", self.tr("修改时间"), 146),
            Column("size", self.tr("大小"), 96, numeric=True),
            Column("state", self.tr("状态"), 92, toned=True),
        ]
        self.model = TonedRows(columns, {self.tr("未接收"): "warn"}, self)
        self.table = DataTable(columns)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("看到的数据包"))
        self.table.activated.connect(lambda index: self._open(index.row()))
        self.sight.body.addWidget(self.table, 1)
        self.sight.hide()
        return self.sight

    def _steps(self) -> Card:
        self.steps = Card(self.tr("怎样收到文件"))
        for text in (
            self.tr("对方在“数据交换”里生成文件，拷到 U 盘，或用微信、邮件发来。"),
            self.tr("把文件拖到上面，或在文件管理器里双击它；先看清内容，再点“接收”。"),
            self.tr("重复接收同一份文件不会重复登记；内容不一致的两边都保留，由您核对。"),
        ):
            line = QHBoxLayout()
            line.setSpacing(Size.GAP)
            line.addWidget(Glyph("check", "accent"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(label(text, "sub", wrap=True), 1)
            self.steps.body.addLayout(line)
        return self.steps

    def refresh(self) -> None:
        """Look anew for packages on sticks and in the folders used last."""
        ledger = self._context.ledger
        settings = paths.read_settings()
        folders = {Path(v) for v in (settings.get(KEPT_IN), settings.get(KEPT)) if isinstance(v, str)}
        self._context.read(lambda: found.packages(ledger, folders), self._show, self, "sight")

    def _show(self, hits: list[Found]) -> None:
        if hits == self._hits:
            return
        self._hits = hits
        rows = [
            (
                hit.path.name,
                hit.where,
                words.moment(int(hit.modified * 1000)),
                maintenance.size_text(hit.size),
                self.tr("已接收") if hit.received else self.tr("未接收"),
            )
            for hit in hits
        ]
        self.model.set_rows(rows, [hit.path for hit in hits])
        self.sight.setVisible(bool(hits))
        self.steps.setVisible(not hits)

    def _open(self, row: int) -> None:
        self.offered.emit([self.model.key(each) for each in self.table.selected_rows() or [row]])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()

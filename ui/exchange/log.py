"""往来记录: what was sent and received, newest first."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import exchange, maintenance, paths
from commissioner_app.exchange import LogEntry
from ui.context import Context
from ui.exchange import words
from ui.exchange.model import TonedRows
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable

MOST = 500


class LogPanel(QWidget):
    """``wants`` asks for another section."""

    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._entries: list[LogEntry] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        card = Card(flush=True)
        column.addWidget(card)
        self.bar = QWidget()
        top = QHBoxLayout(self.bar)
        top.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, 0)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._fill())
        top.addWidget(self.chips, 1)
        columns = [
            Column("when", self.tr("时间"), 146),
            Column("direction", self.tr("方向"), 64, toned=True),
            Column("peer", self.tr("单位或人员"), 200, stretch=True),
            Column("file", self.tr("文件"), 224),
            Column("new", self.tr("新增"), 60, numeric=True),
            Column("changed", self.tr("修改"), 60, numeric=True),
            Column("conflicts", self.tr("不一致"), 70, numeric=True),
            Column("refused", self.tr("待处理"), 84, numeric=True),
            Column("photos", self.tr("照片"), 60, numeric=True),
            Column("size", self.tr("大小"), 86, numeric=True),
            Column("actor", self.tr("经办人"), 84),
        ]
        self.model = TonedRows(columns, {self.tr("发送"): "info", self.tr("接收"): "accent"}, self)
        self.table = DataTable(columns, keep=lambda layout: paths.write_settings(exchange_log_table=layout))
        self.table.setModel(self.model)
        self.table.load_layout(paths.read_settings().get("exchange_log_table"))
        self.table.setAccessibleName(self.tr("往来记录列表"))
        top.addWidget(
            button(self.tr("选择列"), "tool", icon="columns", on_click=lambda: self.table.column_menu())
        )
        self.empty = EmptyState("history", "", action=self.tr("发送文件"), link=self.tr("接收文件"))
        self.empty.begun.connect(lambda: self.wants.emit("exchange", "send"))
        self.empty.linked.connect(lambda: self.wants.emit("exchange", "receive"))
        self.table.set_empty(self.empty)
        card.body.addWidget(self.bar)
        card.body.addWidget(self.table, 1)
        self.foot = label("", "caption")
        self.foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.foot)

    def refresh(self) -> None:
        """List anew."""
        ledger = self._context.ledger
        self._context.read(lambda: exchange.log(ledger, MOST), self._show, self, "log")

    def activated(self) -> None:
        """To the front."""
        self.table.setFocus()

    def _show(self, entries: list[LogEntry]) -> None:
        self._entries = entries
        sent = sum(e.direction == "sent" for e in entries)
        self.chips.set_chips(
            [
                ("all", self.tr("全部"), len(entries)),
                ("sent", self.tr("发送"), sent),
                ("received", self.tr("接收"), len(entries) - sent),
            ]
        )
        self.bar.setVisible(bool(entries))
        self.foot.setVisible(bool(entries))
        self.empty.set_sentence(
            self.tr("没有符合条件的往来。") if entries else self.tr("还没有发送或接收过文件。")
        )
        self._fill()

    def _fill(self) -> None:
        wanted = self.chips.current()
        shown = [e for e in self._entries if wanted in ("", "all") or e.direction == wanted]
        self.model.set_rows(
            [
                (
                    words.moment(e.at),
                    self.tr("发送") if e.direction == "sent" else self.tr("接收"),
                    e.name or words.DASH,
                    e.file,
                    *(words.number(n) if n else words.DASH for n in (e.new, e.changed)),
                    *(words.number(n) if n else words.DASH for n in (e.conflicts, e.refused, e.photos)),
                    maintenance.size_text(e.bytes),
                    e.actor or words.DASH,
                )
                for e in shown
            ],
            shown,
        )
        self.foot.setText(self.tr("共 {0} 次").format(words.number(len(shown))))

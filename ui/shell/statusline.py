"""StatusLine: which ledger, whose station, who is at it, the last backup, what waits to be sent, and the mark of
training data.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.theme import Size, Tone
from ui.widgets.basic import button, label
from ui.widgets.pill import Pill


class StatusLine(QFrame):
    """``actorClicked`` is sent when the user wants to switch the 经办人, ``unsentClicked`` to send what waits."""

    actorClicked = Signal()
    unsentClicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self.setFixedHeight(Size.STATUS)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_WIDE, 0, Size.GAP_WIDE, 0)
        row.setSpacing(20)
        self._ledger, self._station, self._backup = label(), label(), label()
        self.actor = button("", on_click=self.actorClicked.emit)
        self.actor.setToolTip(self.tr("切换经办人"))
        self.unsent = button("", on_click=self.unsentClicked.emit)
        self.unsent.setToolTip(self.tr("生成上报文件"))
        self.mark = Pill()
        for part in (self._ledger, self._station):
            row.addWidget(part)
        # The button's own padding stands in for part of the gap, so that its text lines up with the others.
        row.addSpacing(-5)
        row.addWidget(self.actor)
        row.addSpacing(-5)
        row.addWidget(self._backup)
        row.addSpacing(-5)
        row.addWidget(self.unsent)
        row.addSpacing(-5)
        row.addWidget(self.mark)
        row.addStretch(1)
        for hidden in (self._ledger, self._station, self.actor, self._backup, self.unsent):
            hidden.hide()

    def set_ledger(self, name: str, path: str = "") -> None:
        """The ledger's file; its full path is the tooltip."""
        _say(self._ledger, self.tr("台账：{0}").format(name) if name else "")
        self._ledger.setToolTip(path)

    def set_station(self, name: str) -> None:
        """The unit that uses this computer."""
        _say(self._station, self.tr("本机：{0}").format(name) if name else "")

    def set_actor(self, name: str) -> None:
        """The person whose name stands with what is written from now on."""
        self.actor.setText(self.tr("经办人：{0}").format(name or "—"))
        self.actor.setAccessibleName(self.tr("经办人 {0}，切换").format(name))
        self.actor.show()

    def set_backup(self, text: str) -> None:
        """When the last backup was, as 今天 09:12."""
        _say(self._backup, self.tr("上次备份：{0}").format(text) if text else "")

    def set_unsent(self, text: str) -> None:
        """How much has not been handed up yet, or nothing."""
        self.unsent.setText(text)
        self.unsent.setAccessibleName(text)
        self.unsent.setVisible(bool(text))

    def set_mark(self, text: str, tone: Tone = "warn") -> None:
        """演示数据, or nothing."""
        self.mark.set(text, tone)


def _say(part: QLabel, text: str) -> None:
    part.setText(text)
    part.setVisible(bool(text))

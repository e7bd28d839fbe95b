"""操作历史: every operation, what it changed, and 撤销这一步 for any of them."""

from itertools import groupby
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from commissioner_app import history, pinyin
from commissioner_app.ledgers import Outcome
from ui import icons
from ui.context import Context
from ui.history.changes import ChangeList, Group
from ui.history.panel import HistoryPanel
from ui.history.rows import RowsModel
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable

MOST = 5000
STEPS = 300
WIDTH, HEIGHT = 1120, 660
DETAIL = 440


class HistoryDialog(QDialog):
    """List at the left, what an operation changed at the right."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._all: list[history.OperationInfo] = []
        self._undone: set[Any] = set()
        self._shown: history.OperationInfo | None = None
        self.setWindowTitle(self.tr("操作历史"))
        self.resize(WIDTH, HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP_MID)
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._list(), 1)
        row.addWidget(self._detail())
        QShortcut(QKeySequence("Ctrl+F"), self, self.search.setFocus)
        context.changed.connect(self.reload)
        self.reload()

    def _list(self) -> QWidget:
        card = Card(flush=True)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, 0)
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self._filter())
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("查找操作、经办人、单位，拼音也行"))
        self.search.setAccessibleName(self.tr("查找操作"))
        self.search.setToolTip(self.tr("查找操作（Ctrl+F）"))
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(lambda _text: self._filter())
        self.search.setFixedWidth(Size.SEARCH * 2 // 3)
        head.addWidget(self.chips, 1)
        head.addWidget(self.search)
        card.body.addLayout(head)
        columns = [
            Column("when", self.tr("时间"), 140),
            Column("actor", self.tr("经办人"), 90),
            Column("station", self.tr("使用单位"), 130),
            Column("label", self.tr("操作"), 160, stretch=True),
            Column("changes", self.tr("改动"), 70, numeric=True),
        ]
        self.table = DataTable(columns)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setAccessibleName(self.tr("操作列表"))
        self.model = RowsModel(columns, self)
        self.table.setModel(self.model)
        self.table.set_empty(EmptyState("history", self.tr("没有符合条件的操作。")))
        self.table.selected.connect(lambda _count: self._choose())
        card.body.addWidget(self.table, 1)
        self.count = label("", "caption")
        self.count.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        card.body.addWidget(self.count)
        return card

    def _detail(self) -> QWidget:
        self.detail = Card(self.tr("改了什么"), flush=True)
        self.detail.setFixedWidth(DETAIL)
        self.what = label("", "sub", wrap=True)
        self.what.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        self.detail.body.addWidget(self.what)
        self.changes = ChangeList(self.tr("这一步的改动"), self.tr("在左边选一步操作，看它改了什么。"))
        self.changes.setContentsMargins(Size.GAP_MID, Size.GAP, 0, 0)
        self.detail.body.addWidget(self.changes, 1)
        self.notice = label("", "notice", tone="info", wrap=True)
        self.notice.hide()
        foot = QVBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        foot.addWidget(self.notice)
        buttons = QHBoxLayout()
        self.undo = button(self.tr("撤销这一步"), icon="undo", on_click=self._take_back)
        self.undo.setEnabled(False)
        buttons.addWidget(self.undo)
        buttons.addStretch(1)
        buttons.addWidget(button(self.tr("关闭"), on_click=self.reject))
        foot.addLayout(buttons)
        self.detail.body.addLayout(foot)
        return self.detail

    # -- reading ---------------------------------------------------------------------------------------

    def reload(self, _kinds: object = None) -> None:
        """Read the operations anew; the chosen one stays chosen."""
        ledger = self._context.ledger
        self._context.read(lambda: history.operations(ledger, MOST), self._read, self, "operations")

    def _read(self, found: list[history.OperationInfo]) -> None:
        self._all = found
        self._undone = _taken_back(found)
        mine = sum(1 for o in found if o.mine)
        chips: list[tuple[str, str, int | None]] = [
            ("all", self.tr("全部"), len(found)),
            ("mine", self.tr("本机"), mine),
        ]
        if mine < len(found):
            chips.append(("others", self.tr("其他"), len(found) - mine))
        self.chips.set_chips(chips)
        self._filter()

    def _filter(self) -> None:
        typed = self.search.text()
        kind = self.chips.current()
        chosen = [
            o
            for o in self._all
            if (kind != "mine" or o.mine)
            and (kind != "others" or not o.mine)
            and pinyin.found(typed, o.label, o.station, history.when_text(o.wall), people=[o.actor])
        ]
        keep = self._shown
        rows = [
            (
                history.when_text(o.wall),
                o.actor or "—",
                o.station or "—",
                o.label + (self.tr("（已撤销）") if o.id in self._undone else ""),
                f"{o.changes:,}",
            )
            for o in chosen
        ]
        self.model.set_rows(rows, chosen)
        more = self.tr("，更早的没有列出") if len(self._all) >= MOST else ""
        self.count.setText(self.tr("共 {0} 步操作").format(f"{len(chosen):,}") + more)
        at = next((n for n, o in enumerate(chosen) if keep is not None and o.id == keep.id), -1)
        if at >= 0:
            self.table.selectRow(at)
        else:
            self._show(None)

    def _choose(self) -> None:
        rows = self.table.selected_rows()
        chosen = self.model.key(rows[0]) if rows else None
        if chosen is not None:
            assert isinstance(chosen, history.OperationInfo)
            self._show(chosen)

    def _show(self, info: history.OperationInfo | None) -> None:
        if info is None or self._shown is None or info.id != self._shown.id:
            self.notice.hide()
        self._shown = info
        self.undo.setEnabled(info is not None and info.id not in self._undone)
        if info is None:
            self.detail.set_title(self.tr("改了什么"))
            self.what.setText("")
            self.changes.show_groups([])
            return
        redo = info.label.startswith("撤销：")
        self.undo.setText(self.tr("重做这一步") if redo else self.tr("撤销这一步"))
        self.undo.setAccessibleName(self.undo.text())
        self.detail.set_title(info.label)
        facts = [history.when_text(info.wall), info.actor, info.station]
        self.what.setText(" · ".join(f for f in facts if f))
        ledger, identity = self._context.ledger, info.id
        self._context.read(
            lambda: history.operation_steps(ledger, identity, STEPS), self._show_steps, self, "steps"
        )

    def _show_steps(self, steps: list[tuple[str, str, str, str, str]]) -> None:
        groups = [
            Group(f"{kind} {title}".strip(), "", tuple((field, old, new) for _k, _t, field, old, new in part))
            for (kind, title), found in groupby(steps, lambda step: step[:2])
            for part in [list(found)]
        ]
        self.changes.show_groups(groups)
        shown = self._shown
        if shown is not None and shown.changes > STEPS:
            self.what.setText(self.what.text() + self.tr("；只列出前 {0} 处改动").format(STEPS))

    # -- undoing ---------------------------------------------------------------------------------------

    def _take_back(self) -> None:
        info, ledger = self._shown, self._context.ledger
        if info is None:
            return
        self.undo.setEnabled(False)

        def work() -> Outcome:
            return history.undo(ledger, info.id)

        self._context.do(work, done=self._told, failed=self._refused, owner=self)

    def _told(self, outcome: Outcome) -> None:
        ledger, skipped = self._context.ledger, outcome.skipped
        if outcome.operation is None:
            self._say(self.tr("这一步之后的内容都已被改动，没有可以撤销的部分。"))
        elif not skipped:
            self._say(self.tr("已撤销。列表最上面一步就是这次撤销，也可以再撤销它。"))
        else:

            def tell(words: list[str]) -> None:
                rest = self.tr("等") if len(skipped) > len(words) else ""
                names = "、".join(words)
                self._say(self.tr("已撤销。以下内容之后被改过，保持现状：{0}{1}。").format(names, rest))

            self._context.read(lambda: history.skipped_words(ledger, skipped), tell, self, "skipped")

    def _refused(self, sentence: str) -> None:
        self.undo.setEnabled(True)
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.notice.setText(sentence)
        self.notice.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # Enter in the search closes nothing
        else:
            super().keyPressEvent(event)


def show_history(window: QWidget, context: Context) -> None:
    """Show the history over a window until it is closed."""
    dialog = HistoryDialog(context, window)
    dialog.exec()
    dialog.deleteLater()


def show_record_history(window: QWidget, context: Context, record: str) -> None:
    """Show the history of one record over a window until it is closed."""
    dialog = RecordDialog(context, record, window)
    dialog.exec()
    dialog.deleteLater()


class RecordDialog(QDialog):
    """The history of one record, where its editor has no tab for it."""

    def __init__(self, context: Context, record: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("历史"))
        self.resize(DETAIL + 2 * Size.GAP_WIDE, HEIGHT - 2 * Size.GAP_WIDE)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        card = Card(self.tr("这一条的历史"))
        self.panel = HistoryPanel(context)
        card.body.addWidget(self.panel, 1)
        column.addWidget(card, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("关闭"), on_click=self.reject))
        column.addLayout(row)
        self.panel.show_record(record)


def _taken_back(found: list[history.OperationInfo]) -> set[Any]:
    """The operations that an undo has taken back and no redo has brought again."""
    by_id = {o.id: o for o in found}
    state: dict[Any, bool] = {}
    for o in sorted(found, key=lambda o: o.wall):
        if o.undoes is None:
            continue
        target, taking = o.undoes, True
        while target in by_id and by_id[target].undoes is not None:
            target, taking = by_id[target].undoes, not taking  # type: ignore[assignment]
        state[target] = taking
    return {identity for identity, taken in state.items() if taken}

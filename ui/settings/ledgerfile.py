"""设置 → 台账: the file, its check, its backups, and the way to another ledger."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from commissioner_app import backups, demo, maintenance, paths
from commissioner_app.errors import LedgerError
from commissioner_app.maintenance import Backup, FileFacts
from ui import tasks
from ui.context import Context
from ui.history.rows import RowsModel
from ui.settings.backup import back_up, restore
from ui.settings.section import Facts, Section
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.table import Column, DataTable


class LedgerSection(Section):
    """The file and what can be done with it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, wide=True)
        columns = QHBoxLayout()
        columns.setSpacing(Size.GAP_MID)
        left = QVBoxLayout()
        left.setSpacing(Size.GAP_MID)
        file = Card(self.tr("台账文件"))
        self.facts = Facts()
        file.body.addWidget(self.facts)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.checker = button(self.tr("检查台账"), icon="check", on_click=self.check)
        row.addWidget(self.checker)
        row.addWidget(button(self.tr("打开文件夹"), icon="folder", on_click=self._show_folder))
        row.addStretch(1)
        file.body.addLayout(row)
        self.result = label("", "notice", tone="accent", wrap=True)
        self.bad = label("", "notice", tone="bad", wrap=True)
        self.repair = button(self.tr("备份并修复"), icon="restore", on_click=lambda: self.check(repair=True))
        for part in (self.result, self.bad, self.repair):
            part.hide()
            file.body.addWidget(part)
        left.addWidget(file)
        other = Card(self.tr("其他台账"))
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.open = button(self.tr("打开其他台账…"), icon="folder", on_click=self._open)
        self.new = button(self.tr("新建台账…"), icon="add", on_click=self._new)
        self.demo = button(self.tr("演示台账"), icon="training", on_click=self._demo)
        for made in (self.open, self.new, self.demo):
            row.addWidget(made)
        row.addStretch(1)
        other.body.addLayout(row)
        left.addWidget(other)
        left.addStretch(1)
        columns.addLayout(left, 1)
        columns.addWidget(self._backups(), 1)
        self.column.addLayout(columns, 1)

    def _backups(self) -> Card:
        card = Card(self.tr("备份"), caption=self.tr("每天自动备份一次，旧的按日、按月保留"), flush=True)
        columns = [
            Column("when", self.tr("时间"), 170),
            Column("why", self.tr("说明"), 200, stretch=True),
            Column("size", self.tr("大小"), 110, numeric=True),
        ]
        self.table = DataTable(columns)
        self.table.setAccessibleName(self.tr("备份列表"))
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.setMinimumHeight(5 * Size.ROW)
        self.model = RowsModel(columns, self)
        self.table.setModel(self.model)
        self.empty = EmptyState("backup", self.tr("还没有备份。"), action=self.tr("立即备份"))
        self.empty.begun.connect(self.back_up)
        self.table.set_empty(self.empty)
        card.body.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, Size.GAP)
        row.setSpacing(Size.GAP)
        self.backer = button(self.tr("立即备份"), "primary", icon="backup", on_click=self.back_up)
        self.restorer = button(self.tr("恢复…"), icon="restore", on_click=self._restore)
        self.restorer.setEnabled(False)
        self.table.selected.connect(lambda count: self.restorer.setEnabled(count > 0))
        row.addWidget(self.backer)
        row.addWidget(self.restorer)
        row.addWidget(button(self.tr("备份到其他位置…"), on_click=self._back_up_to))
        row.addStretch(1)
        card.body.addLayout(row)
        return card

    # -- showing ---------------------------------------------------------------------------------------

    def refresh(self, kinds: frozenset[str]) -> None:
        ledger = self.context.ledger
        self.context.read(lambda: maintenance.facts(ledger), self._show_facts, self, "facts")
        self._list()

    def _show_facts(self, facts: FileFacts) -> None:
        self.facts.show_facts(
            [
                (self.tr("位置"), str(facts.path)),
                (self.tr("大小"), maintenance.size_text(facts.size)),
                (self.tr("改动"), self.tr("{0} 条，全部保留在历史里").format(f"{facts.changes:,}")),
                (self.tr("密码"), self.tr("已设置，文件加密保存") if facts.encrypted else self.tr("未设置")),
            ]
        )

    def _list(self) -> None:
        path = self.context.ledger.path
        self.context.read(lambda: maintenance.listed_backups(path), self._show_backups, self, "backups")

    def _show_backups(self, found: list[Backup]) -> None:
        rows = [
            (b.when.strftime("%Y-%m-%d %H:%M:%S"), b.why or self.tr("备份"), maintenance.size_text(b.size))
            for b in found
        ]
        self.model.set_rows(rows, found)

    # -- check -----------------------------------------------------------------------------------------

    def check(self, repair: bool = False) -> None:
        """Check the whole ledger on a worker thread; cancelling leaves nothing changed."""
        ledger = self.context.ledger
        progress = tasks.Progress(self.tr("正在修复台账") if repair else self.tr("正在检查台账"))

        def tell(count: int) -> None:
            progress.report(count, 0, self.tr("已检查 {0} 条记录").format(f"{count:,}"))
            if not repair:
                progress.check()

        def failed(error: BaseException) -> None:
            self.checker.setEnabled(True)
            if not isinstance(error, LedgerError):
                raise error
            self._say([], str(error))

        for part in (self.result, self.bad, self.repair):
            part.hide()
        self.checker.setEnabled(False)
        progress.finished.connect(self._check_ended)
        tasks.run(
            lambda: maintenance.check(ledger, repair, tell), done=self._checked, failed=failed, owner=self,
            progress=progress,
        )  # fmt: skip
        self.ledger_window().watch(progress)

    def _check_ended(self) -> None:
        self.checker.setEnabled(True)

    def _checked(self, result: Any) -> None:
        counts = self.tr("{0} 条记录、{1} 条改动、{2} 次操作").format(
            f"{result.records:,}", f"{result.changes:,}", f"{result.operations:,}"
        )
        fixed = self.tr("已重建 {0} 行。").format(f"{result.repaired:,}") if result.repaired else ""
        self._say(result.faults, fixed + self.tr("台账完好：{0}，签名和引用都一致。").format(counts))

    def _say(self, faults: list[str], good: str) -> None:
        self.result.setText(good)
        self.result.setVisible(not faults)
        self.bad.setText(self.tr("台账有问题：") + "；".join(faults))
        self.bad.setVisible(bool(faults))
        self.repair.setVisible(bool(faults))

    # -- backups ---------------------------------------------------------------------------------------

    def back_up(self) -> None:
        """立即备份."""
        back_up(self.ledger_window(), self.context, self._list)

    def _back_up_to(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("备份到其他位置"))
        if not folder:
            return
        ledger, window = self.context.ledger, self.ledger_window()

        def failed(error: BaseException) -> None:
            window.toast(self.tr("备份没有做成：{0}").format(error))

        def made(path: Path) -> None:
            window.toast(self.tr("已备份并核对：{0}").format(path))

        tasks.run(lambda: backups.make(ledger, to=Path(folder)), done=made, failed=failed, owner=self)

    def _restore(self) -> None:
        rows = self.table.selected_rows()
        if rows:
            backup = self.model.key(rows[0])
            assert isinstance(backup, Backup)
            window, context = self.ledger_window(), self.context
            # The window goes meanwhile: not from inside a click on one of its buttons.
            QTimer.singleShot(0, lambda: restore(window, context, backup))

    # -- other ledgers ---------------------------------------------------------------------------------

    def _open(self) -> None:
        from ui.wizard import opening

        chosen, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("打开其他台账"),
            str(self.context.ledger.path.parent),
            self.tr("服务台账 (*.ktledger)"),
        )
        if chosen:
            window = self.ledger_window()
            QTimer.singleShot(0, lambda: opening.switch_ledger(window, Path(chosen)))

    def _new(self) -> None:
        from ui.wizard import opening

        window = self.ledger_window()
        ledger = opening.welcome(window, begin_new=True)
        if ledger is not None:
            QTimer.singleShot(0, lambda: opening.replace_window(window, ledger))

    def _demo(self) -> None:
        from ui.wizard import opening

        window = self.ledger_window()
        self.demo.setEnabled(False)

        def made(ledger: Any) -> None:
            opening.replace_window(window, ledger)

        def failed(error: BaseException) -> None:
            self.demo.setEnabled(True)
            window.toast(self.tr("演示台账没有建成：{0}").format(error))

        tasks.run(
            lambda: demo.make(paths.free_path(paths.documents(), "演示台账", paths.SUFFIX), photos=True), done=made, failed=failed,
            owner=self,
        )  # fmt: skip

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.ledger.path.parent)))

"""导入名单: three quiet steps in one window – 来源, 核对列, 预演 – and nothing written before its last button."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QWidget

from commissioner_app import paths, statistics
from commissioner_app.imports import grid, problems, shape
from commissioner_app.imports.grid import Workbook
from commissioner_app.ledgers import Outcome
from ui.context import Context
from ui.importing.columns import ColumnsStep
from ui.importing.edits import EditsView, Returned
from ui.importing.frame import ImportFrame
from ui.importing.planmodel import Rehearsed
from ui.importing.planning import Planning
from ui.importing.reading import Found, Look, understand
from ui.importing.rehearsal import RehearsalStep
from ui.importing.source import SourceStep, clipboard, tables_of
from ui.shell.dropping import DropSheet
from ui.widgets.ask import ask

SOURCE, COLUMNS, REHEARSAL = range(3)
_EDITS = 3
"""Where in the stack the edits of a table that came back are shown, in place of the rehearsal."""


class ImportWindow(ImportFrame):
    """``imported`` carries the 名额编号 of those who were written.

    `look(book)` tells whether a table was exported here and comes back; then its edits are shown instead.
    """

    imported = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None, look: Look | None = None) -> None:
        super().__init__(parent)
        self._context, self._look = context, look
        self._book: Workbook | None = None
        self._returned: Returned | None = None
        self._writing = False
        self.planning = Planning(context, self)
        self.source = SourceStep()
        self.columns = ColumnsStep(context)
        self.rehearsal = RehearsalStep()
        self.edits = EditsView()
        for step in (self.source, self.columns, self.rehearsal, self.edits):
            self.stack.addWidget(step)
        self._sheet = DropSheet(self, lambda files: self.tr("松开鼠标，读取 {0}").format(files[0].name))
        self._connect()
        self.go(SOURCE)

    def _connect(self) -> None:
        self._sheet.dropped.connect(self._take_files)
        self.steps.currentChanged.connect(self._to_step)
        self.saveWanted.connect(self._save_problems)
        self.backWanted.connect(self._back)
        self.forwardWanted.connect(self.forward)
        self.source.fileWanted.connect(self._choose_file)
        self.source.pasteWanted.connect(self.paste)
        self.source.stopped.connect(self._stop)
        self.columns.changed.connect(self._columns_changed)
        self.rehearsal.decided.connect(lambda: self.planning.decide(self.rehearsal.decisions))
        self.rehearsal.yearChosen.connect(self._choose_year)
        self.rehearsal.tableWanted.connect(self._look_up)
        self.planning.began.connect(self._began)
        self.planning.planned.connect(self._planned)
        self.planning.failed.connect(self._not_planned)
        self._context.changed.connect(self._ledger_changed)
        for keys, do in (
            ("Ctrl+O", self._choose_file),
            (QKeySequence.StandardKey.Paste, self._paste_key),
            ("Ctrl+Return", self.forward),
            ("Ctrl+Enter", self.forward),
            ("Alt+Left", self._back),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # -- 1 来源 ----------------------------------------------------------------------------------------

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("导入名单"),
            str(paths.documents()),
            self.tr("表格 (*.xlsx *.xls *.xlsm *.et *.csv);;所有文件 (*)"),
        )
        if name:
            self.open_file(Path(name))

    def _take_files(self, files: list[Path]) -> None:
        self.open_file((tables_of(files) or files)[0])

    def open_file(self, path: Path) -> None:
        """Read a file and show its columns; a file that is no table leaves the first step with the reason."""
        self._read(path.name, lambda: grid.read(path))

    def _paste_key(self) -> None:
        if self.step() == SOURCE:
            self.paste()

    def paste(self) -> None:
        """Read the table in the clipboard, or the file that was copied in the file manager."""
        files, text, html = clipboard()
        if files:
            self._take_files(files)
        elif text.strip() or html.strip():
            self._read(self.tr("粘贴的表格"), lambda: grid.pasted(text, html))
        else:
            self.source.ask(self.tr("剪贴板里没有表格。请先在 WPS、Excel 或微信里选中表格并复制，再粘贴。"))

    def _read(self, name: str, open_book: Callable[[], Workbook]) -> None:
        if self._writing or not self._may_drop():
            return
        ledger, year, look = self._context.ledger, self.planning.year, self._look
        self._book = self._returned = None
        self.planning.spoil()
        self.rehearsal.decisions.clear()
        self.name.setText("")
        self.go(SOURCE)
        self.source.begin(name)
        self._context.read(
            lambda: understand(open_book(), ledger, year, look),
            lambda found: self._show(name, found),
            self,
            "source",
            failed=self.source.ask,
        )

    def _stop(self) -> None:
        self._context.read(lambda: None, lambda _none: None, self, "source")  # what comes late is not wanted
        self.source.ask()

    def _show(self, name: str, found: Found) -> None:
        self.source.ask()
        self._book, self._returned = found.book, found.returned
        self.name.setText(name)
        if found.returned is not None:
            r = found.returned
            self.edits.show_edits(r.edits, r.problems, r.sentence)
            self.go(REHEARSAL)
        else:
            self.columns.take(found.book, found.proposals, found.known)
            told = shape.told_year(found.proposals)
            if any(b.year == told for b in self._context.batches):
                self.planning.year = told
            self.go(COLUMNS)

    # -- 2 核对列 and 3 预演 ---------------------------------------------------------------------------

    def _columns_changed(self) -> None:
        self.planning.spoil()
        self.tell("")
        self._show_foot()

    def _look_up(self, sheet: str, number: int, left: int) -> None:
        self.go(COLUMNS)
        self.columns.show_row(sheet, number, left)

    def _choose_year(self, year: int | None) -> None:
        if year != self.planning.year:
            self.planning.year = year
            self.tell("")
            self._plan()

    def _plan(self) -> None:
        if self._book is not None:
            self.planning.make(self._book, self.columns.proposals(), self.rehearsal.decisions)

    def _began(self, doing: str) -> None:
        self.wait(doing)
        self._show_foot()

    def _planned(self, found: Rehearsed) -> None:
        self.rehearsal.show_batches(self._context.batches, found.plan.year)
        self.rehearsal.show_plan(found)
        self.wait("")
        if found.plan.year_warning:
            self.tell(found.plan.year_warning)
        self._show_foot()

    def _not_planned(self, sentence: str) -> None:
        self.wait("")
        self.tell(sentence, "bad")
        self._show_foot()

    def _ledger_changed(self, _kinds: object) -> None:
        # Somebody else wrote: what would happen may be another thing now.
        if not self._writing:
            self.planning.spoil()
            if self.step() == REHEARSAL and self._returned is None:
                self._plan()

    def _save_problems(self) -> None:
        made = self.planning.made
        if made is None:
            return
        stem = self.tr("{0} 问题行").format(Path(made.book.name).stem)
        name, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("另存问题行"),
            str(paths.free_path(paths.documents(), stem, ".xlsx")),
            self.tr("Excel 表格 (*.xlsx);;CSV (*.csv)"),
        )
        if not name:
            return
        path = Path(name)
        self._context.read(
            lambda: problems.save_problems(made, path),
            lambda rows: self.tell(self.tr("已把 {0} 行存到 {1}。").format(f"{rows:,}", path.name), "info"),
            self,
            "problems",
            failed=lambda sentence: self.tell(sentence, "bad"),
        )

    # -- writing ---------------------------------------------------------------------------------------

    def _write(self) -> None:
        if self._returned is not None:
            run = self._returned.write
            said = self.tr("已写入 {0} 处修改").format(f"{len(self._returned.edits):,}")
        else:
            run = self.planning.write(self.columns.told())
            said = self.tr("已导入 {0} 人").format(f"{self.rehearsal.writing():,}")
        self._writing = True
        self.wait(self.tr("正在写入台账…"))
        self._show_foot()
        self._context.do(run, said, done=self._written, failed=self._not_written, owner=self)

    def _written(self, _outcome: Outcome) -> None:
        made = self.planning.made
        if self._returned is None and made is not None:
            self._show_batch(made.batch)
            self.imported.emit(self.rehearsal.codes())
        self.accept()

    def _show_batch(self, wanted: str) -> None:
        """What was imported is looked at now, so its batch is the one shown."""
        c = self._context
        if c.batch is None or c.batch.id != wanted:
            for period in c.period_choices():
                batch = statistics.batch_of(c.batches, period)
                if batch is not None and batch.id == wanted:
                    c.set_period(period)
                    return

    def _not_written(self, sentence: str) -> None:
        self._writing = False
        self.wait("")
        self.tell(sentence, "warn")
        self._show_foot()
        if self._returned is None:
            self._plan()

    # -- going about -----------------------------------------------------------------------------------

    def step(self) -> int:
        """Which step is in front."""
        return min(self.stack.currentIndex(), REHEARSAL)

    def go(self, step: int) -> None:
        """Bring a step to the front."""
        self.stack.setCurrentIndex(_EDITS if step == REHEARSAL and self._returned is not None else step)
        self.tell("")
        self._show_foot()
        if step == SOURCE:
            self.source.choose.setFocus()
        elif step == COLUMNS:
            self.columns.view.setFocus()
        elif self._returned is not None:
            self.edits.table.setFocus()
        else:
            self.rehearsal.table.setFocus()
            if not self.planning.fresh:
                self._plan()

    def _to_step(self, step: int) -> None:
        if step == REHEARSAL and self._returned is None:
            self._rehearse()
        else:
            self.go(step)

    def _rehearse(self) -> None:
        why = "" if self.columns.busy() else self.columns.problem()
        if self.columns.busy() or why:
            self.go(COLUMNS)
            if why:
                self.columns.insist(why)
        else:
            self.go(REHEARSAL)

    def _back(self) -> None:
        if self.step() > SOURCE and not self._writing:
            self.go(SOURCE if self._returned is not None else self.step() - 1)

    def forward(self) -> None:
        """The main button: the next step, or 导入."""
        if self.step() == REHEARSAL:
            if self._can_write():
                self._write()
        elif self._returned is not None:
            self.go(REHEARSAL)
        elif self._book is not None:
            if self.step() == SOURCE:
                self.go(COLUMNS)
            else:
                self._rehearse()

    def _can_write(self) -> bool:
        if self._writing:
            return False
        if self._returned is not None:
            return bool(self._returned.edits)
        made = self.planning.made
        return made is not None and self.planning.fresh and not self.planning.busy and made.writes

    def _show_foot(self) -> None:
        step, ready, returned = self.step(), self._book is not None, self._returned
        made = self.planning.made if self.planning.fresh and returned is None else None
        self.show_steps(step, (True, ready and returned is None, ready), not self._writing)
        self.back.setVisible(step != SOURCE)
        self.save.setVisible(step == REHEARSAL and made is not None and bool(made.problems))
        text, tip = self.tr("下一步"), self.tr("下一步（Ctrl+Enter）")
        if step == REHEARSAL:
            number = len(returned.edits) if returned is not None else self.rehearsal.writing()
            text = self.tr("写入 {0} 处修改") if returned is not None else self.tr("导入 {0} 人")
            text, tip = text.format(f"{number:,}"), self.tr("写入台账（Ctrl+Enter），之后可以撤销")
        self.show_next(text, tip, ready, step != REHEARSAL or self._can_write())
        sentence = ""
        if step == REHEARSAL and made is not None:
            if made.undecided:
                sentence = self.tr("还有 {0} 行需要确认，没有确认的不会导入。").format(f"{made.undecided:,}")
            elif not made.writes:
                sentence = self.tr("名单里的人员台账里都有了，没有要写入的内容。")
        self.note(sentence)

    # -- leaving ---------------------------------------------------------------------------------------

    def _may_drop(self) -> bool:
        number = len(self.rehearsal.decisions)
        if not number:
            return True
        return ask(
            self,
            self.tr("放弃这次导入？"),
            self.tr("已经确认的 {0} 行要重新确认，台账没有改动。").format(f"{number:,}"),
            [self.tr("放弃")],
            danger=True,
        ) == 0  # fmt: skip

    def reject(self) -> None:
        """Esc, 取消 and the window's cross; while it is being written nothing can be stopped."""
        if not self._writing and self._may_drop():
            super().reject()

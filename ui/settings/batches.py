"""设置 → 选派批次."""

import datetime as dt
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app import batches, obligations
from commissioner_app.batches import BatchRow, CategoryLine, OpenedCategories
from ui.context import Context
from ui.settings.categories import CategoryTable
from ui.settings.newyear import begin_year
from ui.settings.section import Section
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import Combo, button, label, roomy_rows
from ui.widgets.card import Card
from ui.widgets.dateedit import PeriodField
from ui.widgets.form import Form

LIST = 240


class BatchSection(Section):
    """The batches beside the one that is being edited."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, wide=True)
        self._batch: BatchRow | None = None
        self._opened: object = None
        self._categories = OpenedCategories()
        self._saving = False
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        years = Card(self.tr("选派批次"), flush=True)
        years.setFixedWidth(LIST)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("选派批次列表"))
        roomy_rows(self.list)
        self.list.currentRowChanged.connect(self._choose)
        years.body.addWidget(self.list, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.GAP, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.go_on = button(self.tr("新年度批次…"), icon="add", on_click=self.go_on_from_last)
        self.go_on.setToolTip(self.tr("从上一批次续聘、保留名额，建立新一年的批次"))
        self.new = button(self.tr("空白批次…"), on_click=self._create)
        self.new.setToolTip(self.tr("只有常用类别，没有名额的批次"))
        foot.addWidget(self.go_on)
        foot.addWidget(self.new)
        years.body.addLayout(foot)
        for each in (self.go_on, self.new):
            each.setVisible(context.rights == "bureau")
        row.addWidget(years)
        row.addWidget(self._editor(), 1)
        self.column.addLayout(row, 1)

    def _editor(self) -> QWidget:
        self.card = Card(self.tr("批次"))
        self.form = Form(columns=2)
        self.name, self.document = QLineEdit(), QLineEdit()
        self.document.setPlaceholderText(self.tr("正式文件下达后填写"))
        self.state = Combo()
        self.state.addItems(list(batches.STATES))
        self.service, self.evaluation = PeriodField(), PeriodField()
        self.rule_set = Combo()
        self.rule_set.currentIndexChanged.connect(lambda _at: self._explain_rules())
        self.form.add("name", self.tr("名称"), self.name, required=True)
        self.form.add("document", self.tr("文号"), self.document)
        self.form.add("state", self.tr("状态"), self.state, check=self._state_problem)
        self.form.add("rule_set", self.tr("考核要求"), self.rule_set)
        self.form.add("service", self.tr("服务期"), self.service)
        self.form.add("evaluation", self.tr("考核期"), self.evaluation)
        self.card.body.addWidget(self.form)
        self.rules_note = label("", "caption", wrap=True)
        self.card.body.addWidget(self.rules_note)
        self.source = label("", "caption", wrap=True)
        self.card.body.addWidget(self.source)
        self.card.body.addWidget(label(self.tr("类别"), "cardtitle"))
        self.categories = CategoryTable()
        # It takes what room there is, and asks for no more than its least height: all is seen without scrolling.
        self.categories.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.card.body.addWidget(self.categories, 1)
        row = QHBoxLayout()
        row.addWidget(label(self.tr("考核期决定“年度”统计和报告的起止日期。"), "caption", wrap=True), 1)
        self.saver = button(self.tr("保存"), "primary", on_click=self.save)
        self.saver.setToolTip(self.tr("保存（Ctrl+S）"))
        row.addWidget(self.saver)
        self.card.body.addLayout(row)
        return self.card

    # -- showing ---------------------------------------------------------------------------------------

    def refresh(self, kinds: frozenset[str]) -> None:
        # What is being typed stays; saving it knows what it was opened with.
        if not self.dirty() and not self._saving:
            self._list(self._batch.id if self._batch else None)

    def _list(self, keep: str | None) -> None:
        """List the batches and show the one to keep, else the latest."""
        found = self.context.batches
        self.list.blockSignals(True)
        self.list.clear()
        for batch in found:
            state = f"  {batch.state}" if batch.state else ""
            self.list.addItem(self.tr("{0}年度").format(batch.year or "—") + state)
        at = next((n for n, b in enumerate(found) if b.id == keep), 0)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._show(found[at] if found else None)

    def _choose(self, at: int) -> None:
        found = self.context.batches
        if not 0 <= at < len(found):
            return
        if self._batch is not None and found[at].id != self._batch.id and not self.may_leave():
            back = next((n for n, b in enumerate(found) if b.id == self._batch.id), at)
            self.list.blockSignals(True)
            self.list.setCurrentRow(back)
            self.list.blockSignals(False)
            return
        self._show(found[at])

    def _show(self, batch: BatchRow | None) -> None:
        self._batch = batch
        self.card.setEnabled(batch is not None)
        if batch is None:
            return
        self._opened = self.context.ledger.seen(batch.id)
        self.card.set_title(self.tr("{0}年度选派批次").format(batch.year or "—"))
        with self.form.loading():
            self.name.setText(batch.name)
            self.document.setText(batch.document_number)
            self.state.setCurrentIndex(max(0, self.state.findText(batch.state)))
            self.service.set_period(_date(batch.service_from), _date(batch.service_to))
            self.evaluation.set_period(_date(batch.evaluation_from), _date(batch.evaluation_to))
            self._list_rules(batch)
        self._explain_rules()
        self.source.setText(self.tr("批次来源：{0}").format(batch.source) if batch.source else "")
        self.source.setVisible(bool(batch.source))
        self._categories = batches.open_categories(self.context.ledger, batch.id)
        self.categories.set_lines(self._categories.lines)

    def _list_rules(self, batch: BatchRow) -> None:
        self.rule_set.clear()
        self.rule_set.addItem(self.tr("不设考核要求"), "")
        for each in obligations.rule_sets():
            self.rule_set.addItem(each.name, each.id)
        if obligations.problem(batch):  # kept until another one is chosen
            self.rule_set.addItem(batch.rule_set, batch.rule_set)
        self.rule_set.setCurrentIndex(max(0, self.rule_set.findData(batch.rule_set)))

    def _explain_rules(self) -> None:
        """What the chosen rule set says and which notice says so."""
        chosen = self.rule_set.currentData() or ""
        rules = obligations.rule_set(chosen)
        if rules is not None:
            text = self.tr("考核要求依据：{0}。{1}").format(rules.source, rules.note)
        elif chosen and self._batch is not None:
            text = obligations.problem(self._batch)
        else:
            text = self.tr("不设考核要求时不作比较，只提醒长期没有记录的人员。")
        self.rules_note.setText(text)
        self.rule_set.setAccessibleDescription(text)

    def show_rule_set(self) -> None:
        """Go to the 考核要求 of the batch that the window shows."""
        batch = self.context.batch
        at = next((n for n, b in enumerate(self.context.batches) if batch and b.id == batch.id), -1)
        if at >= 0:
            self.list.setCurrentRow(at)
        self.rule_set.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- editing ---------------------------------------------------------------------------------------

    def values(self) -> dict[str, object]:
        """The fields that differ from what was opened."""
        b = self._batch
        if b is None:
            return {}
        shown: dict[str, tuple[object, object]] = {
            "name": (self.name.text().strip(), b.name),
            "document_number": (self.document.text().strip(), b.document_number),
            "state": (self.state.currentText(), b.state or batches.STATES[0]),
            "rule_set": (self.rule_set.currentData() or None, b.rule_set or None),
            "service_period": (_texts(self.service), [b.service_from, b.service_to]),
            "evaluation_period": (_texts(self.evaluation), [b.evaluation_from, b.evaluation_to]),
        }
        return {name: now for name, (now, before) in shown.items() if now != before}

    def lines(self) -> list[CategoryLine] | None:
        """The categories as they stand, None where they are as they were opened."""
        lines = self.categories.lines()
        return None if lines == list(self._categories.lines) else lines

    def dirty(self) -> bool:
        """Whether something was typed that is not saved."""
        return bool(self.values()) or self.lines() is not None

    def may_leave(self) -> bool:
        if not self.dirty():
            return True
        question = self.tr("批次的修改还没有保存")
        answer = ask(self, question, self.tr("离开前要保存吗？"), [self.tr("保存"), self.tr("放弃")])
        if answer == 0:
            if self.form.first_invalid() or self.categories.first_invalid():
                return False
            self.save()
        elif answer == 1:
            self._show(self._batch)
        return answer >= 0

    def save(self) -> None:
        """Ctrl+S: the changed fields together."""
        self.categories.settle()
        batch, values, lines = self._batch, self.values(), self.lines()
        if batch is None or self.form.first_invalid() or self.categories.first_invalid():
            return
        if not values and lines is None:
            return
        ledger, opened = self.context.ledger, self._opened
        wanted = (self._categories, lines) if lines is not None else None
        self._saving = True

        def refused(sentence: str) -> None:
            self._saving = False
            if values.keys() & {"service_period", "evaluation_period"}:
                self.form.set_error("service", sentence)
            else:
                self.context.refused.emit(sentence)

        def saved(_outcome: object) -> None:
            self._saving = False
            self.context.batches = batches.all_batches(ledger)
            self._list(batch.id)

        self.context.do(
            lambda: batches.save(ledger, batch, values, opened, wanted),  # type: ignore[arg-type]
            self.tr("已保存{0}年度批次").format(batch.year or ""),
            done=saved, failed=refused, owner=self,
        )  # fmt: skip

    def _state_problem(self) -> str:
        settled = self.state.currentText() == batches.STATES[1]
        missing = settled and not self.document.text().strip()
        return self.tr("已选派的批次请填写文号。") if missing else ""

    def go_on_from_last(self) -> None:
        """新年度批次: a new batch from the last one."""
        if self.may_leave():
            begin_year(self, self.context, self._shown_new)

    def _shown_new(self, year: int) -> None:
        """The new batch is there: show it."""
        self.context.batches = batches.all_batches(self.context.ledger)
        self._list(next((b.id for b in self.context.batches if b.year == year), None))

    def _create(self) -> None:
        if not self.may_leave():
            return
        taken = {b.year for b in self.context.batches}
        dialog = YearDialog(self, taken)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            year, ledger = dialog.chosen(), self.context.ledger

            def made(_outcome: object) -> None:
                found = batches.all_batches(ledger)
                self.context.batches = found
                self._list(next((b.id for b in found if b.year == year), None))
                self.name.setFocus(Qt.FocusReason.OtherFocusReason)

            self.context.do(
                partial(batches.create, ledger, year),
                self.tr("已建立{0}年度批次").format(year),
                done=made,
                owner=self,
            )
        dialog.deleteLater()


class YearDialog(QDialog):
    """The year of a new batch, with its usual categories and periods."""

    def __init__(self, parent: QWidget | None, taken: set[int | None]) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setWindowTitle(self.tr("新建选派批次"))
        self.setMinimumWidth(Size.DIALOG - Size.PERIOD // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        column.addWidget(label(self.tr("新建哪一年的批次？"), "cardtitle"))
        column.addWidget(
            label(self.tr("带有常用类别，服务期和考核期先按自然年填写，可以再改。"), "sub", wrap=True)
        )
        self.form = Form(columns=1)
        years = [y for y in taken if y]
        self.year = QLineEdit(str(max(years) + 1 if years else dt.date.today().year))
        self.form.add("year", self.tr("年份"), self.year, required=True, check=self._problem)
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        ok = button(self.tr("新建"), "primary", on_click=self._take)
        ok.setDefault(True)
        row.addWidget(ok)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        column.addLayout(row)
        self.year.selectAll()

    def chosen(self) -> int:
        """The year."""
        return int(self.year.text())

    def _problem(self) -> str:
        text = self.year.text().strip()
        if not text.isdigit() or not 2000 <= int(text) <= 2100:
            return self.tr("请填写年份，如 2023。")
        return self.tr("这一年已经有批次了。") if int(text) in self._taken else ""

    def _take(self) -> None:
        if not self.form.first_invalid():
            self.accept()


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _texts(field: PeriodField) -> list[str | None]:
    return [d.isoformat() if d else None for d in field.period()]

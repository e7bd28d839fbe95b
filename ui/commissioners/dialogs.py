"""Dialogs of 特派员: what an import would do, and 换人 from a day on."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QVBoxLayout, QWidget

from commissioner_app import tenures
from commissioner_app.imports.result import ImportResult
from commissioner_app.rows import Named, PlaceRow
from ui.commissioners.entry import spare_titles
from ui.commissioners.sheets import suggestions
from ui.context import Context
from ui.editing import Sheet
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.dateedit import DateField
from ui.widgets.suggest import SuggestEdit


class _Dialog(QDialog):
    def __init__(self, title: str, accept: str, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.setWindowTitle(title)
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        self.inside = QVBoxLayout()
        self.inside.setSpacing(Size.GAP)
        column.addLayout(self.inside, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        self.yes = button(accept, "primary", on_click=self.accept)
        self.yes.setDefault(True)
        row.addWidget(self.yes)
        column.addLayout(row)


class ImportPreview(_Dialog):
    """What reading a list would do: counts, and the rows that could not be read; 导入 does it."""

    def __init__(self, file_name: str, result: ImportResult, parent: QWidget) -> None:
        super().__init__(self.tr("导入名单"), self.tr("导入"), parent)
        changes = result.created + result.updated
        self.inside.addWidget(label(file_name, "cardtitle", wrap=True))
        text = self.tr("读到 {0} 行人员：新录入 {1}，更新 {2}，没有变化 {3}。").format(
            f"{result.rows:,}", f"{result.created:,}", f"{result.updated:,}", f"{result.unchanged:,}"
        )
        self.summary = label(text, wrap=True)
        self.inside.addWidget(self.summary)
        if result.skipped:
            skipped = self.tr("跳过 {0} 行标题、小计和说明。").format(f"{result.skipped:,}")
            self.inside.addWidget(label(skipped, "caption"))
        self.problems = QListWidget()
        self.problems.setAccessibleName(self.tr("没有读入的行"))
        self.problems.setWordWrap(True)
        for p in result.problems:
            where = self.tr("第 {0} 行").format(p.row) if p.row else p.sheet
            self.problems.addItem(f"{where}：{p.message}")
        if result.problems:
            heading = self.tr("{0} 行没有读入，改好表格后可以再导入一次：").format(len(result.problems))
            self.inside.addWidget(label(heading, "notice", tone="warn", wrap=True))
            lines = self.problems.count() + sum(len(p.message) > 30 for p in result.problems)
            self.problems.setFixedHeight(min(lines, 10) * (Size.PILL + 2) + Size.GAP)
            self.inside.addWidget(self.problems)
        else:
            self.problems.setParent(self)
            self.problems.hide()
        self.inside.addWidget(
            label(self.tr("导入先填派出单位、服务团和受援县相符的空名额；可以撤销。"), "caption", wrap=True)
        )
        self.yes.setEnabled(changes > 0)
        if not changes:
            self.yes.setToolTip(self.tr("没有可以导入的内容"))


class ChangePerson(_Dialog):
    """换人: who comes (known without a place, or new) and from which day on."""

    def __init__(
        self, context: Context, place: PlaceRow, spare: Sequence[Named], on: str, parent: QWidget
    ) -> None:
        super().__init__(self.tr("换人"), self.tr("换人"), parent)
        self._context, self._place = context, place
        self._spare = {title: record for record, title in spare_titles(spare).items()}
        self._names = {each.id: each.name for each in spare}
        names = suggestions(list(self._spare), people=True)
        self.name = SuggestEdit(lambda: names)
        self.day = DateField(date.fromisoformat(on))
        self.inside.addWidget(label(self.tr("{0}的名额 {1}").format(place.name, place.code), "cardtitle"))
        note = self.tr("{0}的任期到换人前一天为止，此前的服务记录仍归{0}。").format(place.name)
        self.inside.addWidget(label(note, "caption", wrap=True))
        self.form = Sheet(2)
        self.form.add("name", self.tr("接任的特派员"), self.name, required=True)
        self.form.add("day", self.tr("从哪一天起"), self.day, required=True)
        self.inside.addWidget(self.form)
        self.after = label("", "notice", tone="info", wrap=True)
        policy = self.after.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the dialog does not grow while one types
        self.after.setSizePolicy(policy)
        self.after.setMinimumHeight(2 * Size.CONTROL)
        self.after.hide()
        self.inside.addWidget(self.after)
        self.inside.addStretch(1)
        self.form.edited.connect(lambda _name: self._look_after())
        self._look_after()

    def _look_after(self) -> None:
        """Tell of visits that whoever leaves has made after the day: they stay theirs, too."""
        day, ledger, place = self.day.value(), self._context.ledger, self._place
        person = place.commissioner
        if day is None or person is None:
            self._tell(0)
            return
        self._context.read(
            lambda: tenures.made_from(ledger, place.id, person, day.isoformat()), self._tell, self, "after"
        )

    def _tell(self, visits: int) -> None:
        text = self.tr("{0}在这一天以后还有 {1} 条服务记录，仍归{0}；如有记错的请到服务记录中改正。")
        self.after.setText(text.format(self._place.name, f"{visits:,}"))
        self.after.setVisible(visits > 0)

    def accept(self) -> None:
        if self.form.first_invalid():
            return
        super().accept()

    def answer(self) -> tuple[str, str | None, str]:
        """(name, the record of somebody known or None, day)."""
        typed = str(self.form.value("name"))
        known = self._spare.get(typed)
        return self._names.get(known or "", typed), known, str(self.form.value("day"))

"""Dialogs of 特派员: 换人 from a day on."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import tenures
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

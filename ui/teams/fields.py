"""The form of a team's own fields, and the row of its figures."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import pinyin, teams
from commissioner_app.divisions import Divisions
from commissioner_app.rows import Figures, PlaceRow
from commissioner_app.visits import INDUSTRIES
from ui.editing import Sheet
from ui.theme import Size
from ui.widgets.barchart import number_text
from ui.widgets.basic import Combo, label
from ui.widgets.suggest import SuggestEdit, Suggestion


class TeamFields(Sheet):
    """Name, level, industry, sending organisation, county, leader, words about its task, remark."""

    def __init__(self, divisions: Divisions, organisations: Callable[[], Sequence[Suggestion]]) -> None:
        super().__init__(2)
        level, county = Combo(), Combo()
        self.leader = Combo()
        level.addItem("—", None)
        for each in teams.LEVELS:
            level.addItem(each, each)
        county.addItem("—", None)
        for d in divisions.counties():
            county.addItem(d.name, d.code)
        self.leader.addItem("—", None)
        for combo in (level, county, self.leader):
            combo.setMinimumContentsLength(4)
            combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        tasks, remark = QPlainTextEdit(), QPlainTextEdit()
        for text, height in ((tasks, 72), (remark, 52)):
            text.setFixedHeight(height)
            text.setTabChangesFocus(True)
        industries = [(i, pinyin.initials(i)) for i in INDUSTRIES]
        self.name = QLineEdit()
        tr, add = self.tr, self.add
        add("name", tr("名称"), self.name, span=2, required=True)
        add("level", tr("级别"), level)
        add("industry", tr("产业"), SuggestEdit(lambda: industries))
        add("organisation_name", tr("派出单位"), SuggestEdit(organisations), span=2)
        add("county", tr("服务县"), county)
        add("leader", tr("团长"), self.leader)
        add("tasks", tr("任务说明"), tasks, span=2)
        add("remark", tr("备注"), remark, span=2)

    def offer_leaders(self, places: Sequence[PlaceRow]) -> None:
        """The places of which one may lead; who is chosen stays so."""
        with self.loading():
            kept = self.leader.currentData()
            self.leader.clear()
            self.leader.addItem("—", None)
            for place in places:
                self.leader.addItem(place.name or place.code, place.id)
                self.leader.setItemData(self.leader.count() - 1, place.code, Qt.ItemDataRole.ToolTipRole)
            self.leader.setCurrentIndex(max(self.leader.findData(kept), 0))


def set_editable(sheet: Sheet, editable: bool) -> None:
    """Let a form be changed or only read: texts can still be selected and copied."""
    for widget in sheet.fields():
        plain = isinstance(widget, QPlainTextEdit) or type(widget) in (QLineEdit, SuggestEdit)
        if plain and isinstance(widget, (QLineEdit, QPlainTextEdit)):
            widget.setReadOnly(not editable)
        else:
            widget.setEnabled(editable)


class FigureRow(QWidget):
    """The team's totals of the period: visits, days, trained, households, villages."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Size.TIGHT, 0, Size.TIGHT)
        row.setSpacing(Size.GAP)
        self._numbers = []
        tr = self.tr
        for caption in (tr("次数"), tr("天数"), tr("培训人次"), tr("服务农户"), tr("服务村")):
            column = QVBoxLayout()
            column.setSpacing(0)
            number = label("", "cardtitle")
            column.addWidget(number)
            column.addWidget(label(caption, "caption"))
            row.addLayout(column, 1)
            self._numbers.append((number, caption))

    def show_figures(self, f: Figures, period: str) -> None:
        """Show the totals of a period."""
        days = number_text(f.half_days / 2)
        texts = (f"{f.visits:,}", days, f"{f.trained:,}", f"{f.households:,}", f"{f.villages:,}")
        for (number, caption), text in zip(self._numbers, texts, strict=True):
            number.setText(text)
            number.setAccessibleName(f"{caption} {text}")
        self.setToolTip(self.tr("{0}的合计；一同服务的一次只计一次").format(period))

    def texts(self) -> list[str]:
        """The numbers shown, in order."""
        return [number.text() for number, _ in self._numbers]

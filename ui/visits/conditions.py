"""更多条件: whose visits, which team's, served to whom, between which days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import makers, pinyin, recipients, teams
from commissioner_app.visit_conditions import Conditions, titles
from ui.context import Context
from ui.theme import Size
from ui.widgets.basic import Combo, button, label
from ui.widgets.dateedit import PeriodField
from ui.widgets.form import Form
from ui.widgets.suggest import SuggestEdit, Suggestion


class ConditionsDialog(QDialog):
    """`conditions()` are those it was opened with, with what was chosen here in the place of its own fields."""

    def __init__(self, parent: QWidget, context: Context, before: Conditions) -> None:
        super().__init__(parent)
        self._before = before
        ledger = context.ledger
        self._makers = makers.listed(ledger, context.batch)
        self._recipients = {r.name: r.id for r in recipients.listed(ledger)}
        known = titles(ledger, before)
        self.setWindowTitle(self.tr("更多条件"))
        self.setMinimumWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        column.addWidget(label(self.tr("更多条件"), "cardtitle"))
        self.form = Form(1)
        self.who = SuggestEdit(self._people)
        self.who.setPlaceholderText(self.tr("姓名或名额编号，拼音首字母也行"))
        self.team = Combo()
        self.team.addItem(self.tr("不限"), None)
        for row in teams.listed(ledger, context.batch.id if context.batch else None):
            self.team.addItem(row.name, row.id)
        if before.team and self.team.findData(before.team) < 0:
            self.team.addItem(known.get("team", ""), before.team)
        self.recipient = SuggestEdit(lambda: [(name, pinyin.keys(name)) for name in self._recipients])
        self.recipient.setPlaceholderText(self.tr("受援单位名称"))
        self.period = PeriodField()
        self.period.setToolTip(self.tr("不填则按窗口右上角所选的期间"))
        self.form.add("who", self.tr("特派员"), self.who, check=self._who_problem)
        self.form.add("team", self.tr("服务团"), self.team)
        self.form.add("recipient", self.tr("受援单位"), self.recipient, check=self._recipient_problem)
        self.form.add("period", self.tr("服务日期（不填则按所选期间）"), self.period)
        column.addWidget(self.form)
        row_ = QHBoxLayout()
        row_.setSpacing(Size.GAP)
        self.clear_button = button(self.tr("清空"), on_click=self.clear)
        row_.addWidget(self.clear_button)
        row_.addStretch(1)
        row_.addWidget(button(self.tr("取消"), on_click=self.reject))
        self.go = button(self.tr("应用"), "primary", on_click=self._go)
        self.go.setDefault(True)
        row_.addWidget(self.go)
        column.addLayout(row_)
        with self.form.loading():
            who = next((m for m in self._makers if self._is(m, before)), None)
            self.who.setText(
                who.title if who else known.get("commissioner") or known.get("appointment") or ""
            )
            self._kept_who = self.who.text()
            self.team.setCurrentIndex(max(self.team.findData(before.team), 0))
            self.recipient.setText(known.get("recipient", ""))
            self.period.set_period(_date(before.start), _date(before.end))
        self.who.setFocus()

    def conditions(self) -> Conditions:
        """What is asked for now."""
        found = replace(
            self._before, team=self.team.currentData(), recipient=self._recipient(),
            start=_iso(self.period.period()[0]), end=_iso(self.period.period()[1]), label="", day=None,
        )  # fmt: skip
        if self.who.text().strip() == self._kept_who:
            return found
        who = makers.find(self._makers, self.who.text())
        return replace(
            found,
            commissioner=who.commissioner if who else None,
            appointment=who.place if who and not who.commissioner else None,
        )

    def clear(self) -> None:
        """Ask for nothing here."""
        self.who.clear()
        self.team.setCurrentIndex(0)
        self.recipient.clear()
        self.period.set_period(None, None)
        self.who.setFocus()

    @staticmethod
    def _is(maker: makers.Maker, c: Conditions) -> bool:
        if c.commissioner:
            return maker.commissioner == c.commissioner
        return bool(c.appointment) and maker.place == c.appointment

    def _people(self) -> Sequence[Suggestion]:
        return [(m.title, f"{pinyin.keys(m.name, True)} {m.code.lower()}") for m in self._makers]

    def _who_problem(self) -> str:
        text = self.who.text().strip()
        if not text or text == self._kept_who or makers.find(self._makers, text):
            return ""
        return self.tr("名单里没有这位特派员，请从提示中选择")

    def _recipient(self) -> str | None:
        text = self.recipient.text().strip()
        return self._recipients.get(text)

    def _recipient_problem(self) -> str:
        text = self.recipient.text().strip()
        return "" if not text or text in self._recipients else self.tr("没有这个受援单位，请从提示中选择")

    def _go(self) -> None:
        if not self.form.first_invalid():
            self.accept()


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None

"""FilterBar: what the visits are narrowed to; every condition is seen and can be taken away by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from commissioner_app.visit_conditions import Conditions, titles
from ui.context import Context
from ui.theme import Size
from ui.visits.conditions import ConditionsDialog
from ui.visits.saved import ManageDialog, SaveDialog, fill_menu
from ui.visits.switch import ViewSwitch
from ui.widgets.basic import Combo, button
from ui.widgets.chips import ChipRow
from ui.widgets.flow import FlowLayout

FILTER_MS = 150
"""So long after the last key the list is filtered."""

_COUNTY = 128
_OTHERS = ("appointment", "commissioner", "team", "recipient", "start", "end", "extra")
"""What is shown as chips that can be taken away."""


class FilterBar(QWidget):
    """`changed`: something else is asked for; the chips' counts are given by `set_chips`."""

    changed = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__()
        self._context = context
        self._more = Conditions()
        self._titles: dict[str, str] = {}
        self._removable: list[QPushButton] = []
        self.chips = ChipRow()
        self.chips.changed.connect(lambda _key: self.changed.emit())
        self.switch = ViewSwitch(page)
        self.saved = button(self.tr("常用筛选"), "tool", icon="bookmark", on_click=self.open_saved)
        self.menu = button(self.tr("导入、导出、打印和列"), "tool", icon="more")
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选：姓名、单位、村、内容，拼音也行（Ctrl+F）"))
        self.filter.setAccessibleName(self.tr("筛选服务记录"))
        self.filter.setClearButtonEnabled(True)
        self.typing = QTimer(self)
        self.typing.setSingleShot(True)
        self.typing.setInterval(FILTER_MS)
        self.typing.timeout.connect(self.changed)
        self.filter.textChanged.connect(lambda _t: self.typing.start())
        self.county = Combo()
        self.county.setAccessibleName(self.tr("受援县"))
        self.county.setFixedWidth(_COUNTY)
        self.county.addItem(self.tr("全部受援县"), None)
        for d in context.divisions.counties():
            self.county.addItem(d.name, d.code)
        self.county.currentIndexChanged.connect(lambda _i: self.changed.emit())
        self.rule = Combo()
        self.rule.setAccessibleName(self.tr("待核实的事项"))
        self.rule.currentIndexChanged.connect(lambda _i: self.changed.emit())
        self.always = button(self.tr("不限期间"), "chip", on_click=self.changed.emit)
        self.always.setCheckable(True)
        self.always.setToolTip(self.tr("也列出日期不在右上角所选期间内的记录"))
        self.narrow = button(self.tr("更多条件"), "tool", icon="filter", on_click=self.ask_conditions)
        self.narrow.setToolTip(self.tr("更多条件：特派员、服务团、受援单位、日期"))
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_MID, Size.GAP + Size.TIGHT, Size.GAP_MID, Size.TIGHT)
        column.setSpacing(Size.GAP)
        first = QHBoxLayout()
        first.setSpacing(Size.GAP)
        first.addWidget(self.chips, 1)
        first.addWidget(self.menu, 0, Qt.AlignmentFlag.AlignTop)
        second = QHBoxLayout()
        second.setSpacing(Size.GAP)
        second.addWidget(self.filter, 1)
        for part in (self.county, self.always, self.narrow, self.saved, self.switch):
            second.addWidget(part)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Size.GAP)
        holder = QWidget()
        self._flow = FlowLayout(holder, Size.GAP)
        self._flow.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.rule, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(holder, 1)
        self.rule.hide()
        self.keep = button(self.tr("存为常用…"), "link", on_click=self.save_conditions)
        self.keep.setFixedHeight(Size.CONTROL)
        line.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignTop)
        self._line.hide()
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self._line)

    # -- conditions ------------------------------------------------------------------------------------

    def conditions(self) -> Conditions:
        """What is asked for now."""
        return replace(
            self._more,
            state=self.chips.current() or "all",
            text=" ".join(self.filter.text().split()),
            county=self.county.currentData() or self._more.county,
            always=self.always.isChecked(),
            rule=None if self.rule.isHidden() else self.rule.currentData(),
        )

    def show_conditions(self, c: Conditions) -> None:
        """Show conditions without sending `changed`; their chip is chosen where it is there already."""
        parts = (self.filter, self.county, self.chips, self.rule)
        for part in parts:
            part.blockSignals(True)
        at = max(self.county.findData(c.county), 0)
        self.filter.setText(c.text)
        self.county.setCurrentIndex(at)
        self.chips.set_current(c.state)
        self.always.setChecked(c.always)
        self.rule.setCurrentIndex(max(self.rule.findData(c.rule), 0))
        for part in parts:
            part.blockSignals(False)
        self.typing.stop()
        self._more = replace(c, county=None if at else c.county, text="", rule=None)
        self._titles = titles(self._context.ledger, c)
        self._show_more()

    def use(self, conditions: Conditions) -> None:
        """Put conditions in force as somebody chooses them from the menu."""
        self.used.emit(conditions)

    used = Signal(object)

    def set_day(self, day: str | None) -> None:
        """Only one day, or all again; sends `changed` if that is something else."""
        if day != self._more.day:
            self._more = replace(self._more, day=day)
            self._show_more()
            self.changed.emit()

    def set_chips(self, chips: Sequence[tuple[str, str, int | None]]) -> None:
        """Quick filters with their counts."""
        self.chips.set_chips(chips)

    def set_rules(self, rules: Mapping[str, tuple[str, int]], on: bool) -> None:
        """The rules by which doubts can be told apart (title, how many); shown while the chip of doubts is chosen."""
        blocked = self.rule.blockSignals(True)
        now = self.rule.currentData()
        self.rule.clear()
        self.rule.addItem(self.tr("全部事项"), None)
        for key, (title, count) in rules.items():
            self.rule.addItem(f"{title} {count:,}", key)
        self.rule.setCurrentIndex(max(self.rule.findData(now), 0))
        self.rule.setVisible(on)
        self.rule.blockSignals(blocked)
        self._show_line()

    def _show_line(self) -> None:
        self._line.setVisible(bool(self._removable) or not self.rule.isHidden())

    def _show_more(self) -> None:
        """The conditions that have no field of their own, each with its ×."""
        for chip in self._removable:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._removable = []
        for fields, text in self._told():
            chip = button(f"{text}  ×", "chip", on_click=partial(self._take_away, fields))
            chip.setAccessibleName(self.tr("去掉条件：{0}").format(text))
            chip.setToolTip(self.tr("去掉这个条件"))
            self._flow.addWidget(chip)
            self._removable.append(chip)
        self._show_line()

    def _told(self) -> list[tuple[tuple[str, ...], str]]:
        c = self._more
        told: list[tuple[tuple[str, ...], str]] = []
        if c.label:
            told.append(((*_OTHERS, "county", "label"), c.label))
        else:
            words = {
                "appointment": self.tr("名额：{0}"), "commissioner": self.tr("特派员：{0}"),
                "team": self.tr("服务团：{0}"), "recipient": self.tr("受援单位：{0}"),
            }  # fmt: skip
            told += [((n,), words[n].format(self._titles.get(n) or "—")) for n in words if getattr(c, n)]
            if c.start or c.end:
                told.append((("start", "end"), self.tr("{0} 至 {1}").format(c.start or "…", c.end or "…")))
            if c.extra:
                told.append((("extra",), c.extra))
        if c.day:
            day = date.fromisoformat(c.day)
            told.append((("day",), self.tr("{0}年{1}月{2}日").format(day.year, day.month, day.day)))
        return told

    def _take_away(self, names: Sequence[str]) -> None:
        blank = Conditions()
        self._more = replace(self._more, **{n: getattr(blank, n) for n in names})
        self._show_more()
        self.changed.emit()

    def told(self) -> list[str]:
        """The conditions shown as chips that can be taken away, in words."""
        return [text for _, text in self._told()]

    # -- menus and dialogs -----------------------------------------------------------------------------

    def ask_conditions(self) -> None:
        """Ask for whose visits, and between which days."""
        dialog = ConditionsDialog(self, self._context, self.conditions())
        if dialog.exec() == ConditionsDialog.DialogCode.Accepted:
            self.show_conditions(dialog.conditions())
            self.changed.emit()

    def open_saved(self) -> None:
        """The menu of filters with a name."""
        menu = QMenu(self)
        fill_menu(menu, self._context, self)
        menu.popup(self.saved.mapToGlobal(self.saved.rect().bottomLeft()))

    def save_conditions(self) -> None:
        """Give what is in force a name."""
        c = replace(self.conditions(), label="", day=None)
        if SaveDialog(self, self._context, c, self.words()).exec():
            self._context.said.emit(self.tr("已存为常用筛选"), False)

    def manage_saved(self) -> None:
        """Rename and delete filters with a name."""
        ManageDialog(self, self._context).exec()

    def words(self) -> str:
        """The conditions in force as people read them."""
        c = self.conditions()
        told = self.told()
        if c.state != "all":
            told.insert(0, self.chips.chip(c.state).text().rsplit(" ", 1)[0])
        if self.county.currentData():
            told.append(self.county.currentText())
        if c.text:
            told.append(self.tr("含“{0}”").format(c.text))
        if c.rule:
            told.append(self.rule.currentText().rsplit(" ", 1)[0])
        if c.always:
            told.append(self.always.text())
        return "，".join(told) or self.tr("全部记录")

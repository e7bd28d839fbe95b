"""新年度批次: two steps – year, periods and categories; then who stays, which places stay open, who leaves."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import batches, people, periods, pinyin, teams, years
from commissioner_app.batches import CategoryLine
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.years import CHOICES, Category, Choice, Plan
from ui import icons
from ui.context import Context
from ui.settings.categories import CategoryTable
from ui.settings.newyear_model import Entry, PlacesModel, columns
from ui.settings.newyear_totals import TotalsGrid
from ui.theme import Size
from ui.widgets.ask import ask
from ui.widgets.basic import button, label
from ui.widgets.card import Card
from ui.widgets.chips import ChipRow
from ui.widgets.dateedit import PeriodField
from ui.widgets.empty import EmptyState
from ui.widgets.form import Form
from ui.widgets.table import DataTable

WIDTH, HEIGHT, SIDE, LEFT = 1120, 664, 376, 420


@dataclass(frozen=True)
class Start:
    """What the dialog begins with: the plan proposed, years that are taken, names of last year's teams and of senders."""

    plan: Plan
    taken: frozenset[int]
    teams: dict[str, str]
    senders: dict[str, str]


def read_start(ledger: Ledger) -> Start | None:
    """What to begin with; None where no batch has places to go on from."""
    last = years.source_of(ledger)
    if last is None:
        return None
    plan = years.proposed(ledger, last=last)
    known = {t.id: t.name for t in teams.listed(ledger, last.id)}
    pinyin.warm(w.place.name for w in plan.wishes)
    return Start(plan, years.taken(ledger), known, {o.id: o.name for o in people.organisations(ledger)})


def begin_year(owner: QWidget, context: Context, then: Callable[[int], object] | None = None) -> None:
    """Open the dialog over a window; `then` is called with the year that was made."""

    def show(start: Start | None) -> None:
        if start is None:
            context.refused.emit(
                QCoreApplication.translate(
                    "NewYear", "还没有带名额的批次可以沿用。请先录入或导入本年度名单。"
                )
            )
            return
        dialog = NewYearDialog(context, start, owner)
        if then is not None:
            dialog.made.connect(then)
        dialog.open()

    context.read(lambda: read_start(context.ledger), show, owner, "newyear")


class NewYearDialog(QDialog):
    """``made`` carries the year once its batch is there."""

    made = Signal(int)

    def __init__(self, context: Context, start: Start, parent: QWidget | None = None) -> None:
        super().__init__(parent.window() if parent is not None else None)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._start, self._plan = context, start, start.plan
        self._touched = self._busy = False
        self.setWindowTitle(self.tr("新年度批次"))
        self.resize(WIDTH, HEIGHT)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        whole.setSpacing(Size.GAP)
        self.heading = label("", "cardtitle")
        self.caption = label("", "caption", wrap=True)
        whole.addWidget(self.heading)
        whole.addWidget(self.caption)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._first())
        self.stack.addWidget(self._second())
        whole.addWidget(self.stack, 1)
        whole.addLayout(self._foot())
        self._fill(start.plan)
        entries = [Entry(w, w.place.category or "") for w in start.plan.wishes]
        self.places.set_entries(entries, start.teams)
        self.go_to(0)
        self.year.setFocus()
        self.year.selectAll()

    # -- the first step --------------------------------------------------------------------------------

    def _first(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, Size.GAP, 0, 0)
        row.setSpacing(Size.GAP_MID)
        card = Card(self.tr("年度和期间"))
        card.setFixedWidth(LEFT)
        self.form = Form(1)
        self.year, self.name = QLineEdit(), QLineEdit()
        self.service, self.evaluation = PeriodField(), PeriodField()
        self.form.add("year", self.tr("年份"), self.year, required=True, check=self._year_problem)
        self.form.add("name", self.tr("名称"), self.name, required=True)
        self.form.add("service", self.tr("服务期"), self.service, required=True)
        self.form.add("evaluation", self.tr("考核期"), self.evaluation, required=True)
        self.form.edited.connect(self._form_edited)
        card.body.addWidget(self.form)
        self.overlap = label("", "notice", tone="info", wrap=True)
        card.body.addWidget(self.overlap)
        words = self.tr(
            "考核期决定“年度”统计和报告的起止日期，可以与上一年度重叠。文号在正式文件下达后再填。"
        )
        card.body.addWidget(label(words, "caption", wrap=True))
        card.body.addStretch(1)
        row.addWidget(card)
        kinds = Card(self.tr("类别"), caption=self.tr("沿用去年的，名称有变就在这里改"))
        self.categories = CategoryTable(self.tr("去年"), strict=False)
        self.categories.edited.connect(self._categories_edited)
        kinds.body.addWidget(self.categories, 1)
        row.addWidget(kinds, 1)
        return page

    def _fill(self, plan: Plan) -> None:
        with self.form.loading():
            self.year.setText(str(plan.year))
            self.name.setText(plan.name)
            self.service.set_period(*(_date(d) for d in plan.service))
            self.evaluation.set_period(*(_date(d) for d in plan.evaluation))
        counts: dict[str, int] = {}
        for wish in plan.wishes:
            counts[wish.place.category or ""] = counts.get(wish.place.category or "", 0) + 1
        if self.categories.model.rowCount() == 0:
            self.categories.set_lines(
                [
                    CategoryLine(c.source, c.name, c.full_name, c.aliases, counts.get(c.source or "", 0))
                    for c in plan.categories
                ]
            )
        self._show_overlap()

    def _year_problem(self) -> str:
        text = self.year.text().strip()
        if not (text.isascii() and text.isdigit()) or not 2000 <= int(text) <= 2100:
            return self.tr("请填写年份，如 2023。")
        return self.tr("这一年的批次已经有名额了。") if int(text) in self._start.taken else ""

    def _form_edited(self, name: str) -> None:
        self._touched = True
        if name == "year" and not self._year_problem() and int(self.year.text()) != self._plan.year:
            self._plan = years.moved(self._read_form(self._plan.year), int(self.year.text()))
            with self.form.loading():
                self.name.setText(self._plan.name)
                self.service.set_period(*(_date(d) for d in self._plan.service))
                self.evaluation.set_period(*(_date(d) for d in self._plan.evaluation))
        self._show_overlap()

    def _show_overlap(self) -> None:
        self.overlap.setText(years.overlap(self._read_form(self._plan.year)))
        self.overlap.setVisible(bool(self.overlap.text()))

    def _read_form(self, year: int) -> Plan:
        return replace(
            self._plan, year=year, name=self.name.text().strip(), service=_texts(self.service),
            evaluation=_texts(self.evaluation),
        )  # fmt: skip

    def _categories_edited(self) -> None:
        self._touched = True
        self._count()

    # -- the second step -------------------------------------------------------------------------------

    def _second(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, Size.GAP, 0, 0)
        row.setSpacing(Size.GAP_MID)
        card = Card(flush=True)
        top = QVBoxLayout()
        top.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 4, Size.GAP_MID, 0)
        top.setSpacing(Size.GAP)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("筛选姓名、编号、单位、县，拼音首字母也行"))
        self.filter.setAccessibleName(self.tr("筛选"))
        self.filter.setToolTip(self.tr("筛选（Ctrl+F）"))
        self.filter.setClearButtonEnabled(True)
        self.filter.addAction(icons.icon("filter"), QLineEdit.ActionPosition.LeadingPosition)
        self.chips = ChipRow()
        top.addWidget(self.filter)
        top.addWidget(self.chips)
        card.body.addLayout(top)
        self.places = PlacesModel(self._context.divisions.name)
        self.table = DataTable(columns())
        self.table.setModel(self.places)
        self.table.setAccessibleName(self.tr("去年的名额"))
        self.table.set_empty(EmptyState("commissioner", self.tr("没有符合筛选条件的名额。")))
        card.body.addWidget(self.table, 1)
        card.body.addLayout(self._deciding())
        row.addWidget(card, 1)
        row.addWidget(self._side())
        self.chips.changed.connect(lambda _key: self._narrow())
        self.filter.textChanged.connect(lambda _text: self._narrow())
        self.filter.returnPressed.connect(self.table.setFocus)
        self.places.edited.connect(self._edited)
        self.table.selected.connect(lambda _count: self._say_chosen())
        for keys, do in (("Space", self._toggle), ("1", partial(self._choose, "stay")),
                         ("2", partial(self._choose, "open")), ("3", partial(self._choose, "leave"))):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(do)
        find = QShortcut(QKeySequence("Ctrl+F"), page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.filter.setFocus)
        return page

    def _deciding(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        self.chosen = label("", "caption")
        column.addWidget(self.chosen)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.deciders: dict[str, QPushButton] = {}
        for number, (choice, text) in enumerate(CHOICES.items(), 1):
            made = button(text, on_click=partial(self._choose, choice))
            made.setToolTip(self.tr("{0}（{1}）").format(text, number))
            self.deciders[choice] = made
            row.addWidget(made)
        row.addStretch(1)
        self.menus: dict[str, QMenu] = {}
        for key, text in (
            ("category", self.tr("类别")), ("organisation", self.tr("单位")), ("team", self.tr("服务团")),
            ("county", self.tr("受援县")),
        ):  # fmt: skip
            made = button(text)
            made.setToolTip(self.tr("改选中名额的{0}").format(text))
            menu = QMenu(made)
            menu.aboutToShow.connect(partial(self._fill_menu, key, menu))
            made.setMenu(menu)
            self.menus[key] = menu
            row.addWidget(made)
        column.addLayout(row)
        return column

    def _side(self) -> QWidget:
        card = Card(self.tr("名额"))
        card.setFixedWidth(SIDE)
        self.totals = TotalsGrid()
        self.totals.edited.connect(self._edited)
        card.body.addWidget(self.totals)
        card.body.addStretch(1)
        self.teams = QCheckBox()
        self.stays = QCheckBox(self.tr("沿用受援县安排"))
        self.stays.setToolTip(self.tr("从新的服务期第一天起，到服务期结束；三方协议要另签"))
        for box in (self.teams, self.stays):
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._edited())
            card.body.addWidget(box)
        self._notes = label("", "caption", wrap=True)
        card.body.addWidget(self._notes)
        return card

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.error = label("", "error", wrap=True)
        row.addWidget(self.error, 1)
        row.addWidget(button(self.tr("取消"), on_click=self.reject))
        self.back = button(self.tr("上一步"), on_click=lambda: self.go_to(0))
        self.back.setShortcut("Alt+Left")
        self.back.setToolTip(self.tr("上一步（Alt+←）"))
        self.next = button(self.tr("下一步"), "primary", on_click=self._forward)
        self.next.setToolTip(self.tr("（Ctrl+Enter）"))
        row.addWidget(self.back)
        row.addWidget(self.next)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._forward)
        return row

    # -- going on --------------------------------------------------------------------------------------

    def plan(self) -> Plan:
        """The plan as it stands in both steps."""
        year = self._plan.year if self._year_problem() else int(self.year.text())
        return replace(
            self._read_form(year),
            categories=tuple(
                Category(line.name, line.full_name, line.aliases, line.id) for line in self.categories.lines()
            ),
            wishes=self.places.wishes(), fresh=self.totals.fresh(), teams=self.teams.isChecked(),
            stays=self.stays.isChecked(),
        )  # fmt: skip

    def go_to(self, step: int) -> None:
        """Show a step."""
        self.stack.setCurrentIndex(step)
        self.back.setVisible(step == 1)
        self._say("")
        if step:
            self._count()
            self.heading.setText(self.tr("{0}年度：谁续聘，哪些名额换人").format(self.year.text().strip()))
            self.caption.setText(
                self.tr(
                    "选中后按 空格 在续聘与退出之间切换，1 续聘、2 名额保留、3 退出；Ctrl+A 全选筛出的名额。"
                )
            )
            self.next.setText(self.tr("建立{0}年度批次").format(self.year.text().strip()))
            self.table.setFocus()
            if self.places.rowCount() and not self.table.currentIndex().isValid():
                self.table.setCurrentIndex(self.places.index(0, 0))
        else:
            last = self._start.plan.last
            self.heading.setText(self.tr("从{0}年度批次沿用").format(last.year if last else ""))
            self.caption.setText(self.tr("全部内容作为一步操作保存，可以撤销；上一年度的名额和记录不变。"))
            self.next.setText(self.tr("下一步"))

    def _forward(self) -> None:
        if self._busy:
            return
        if self.stack.currentIndex() == 0:
            self.categories.settle()
            if not self.form.first_invalid() and not self.categories.first_invalid():
                self.go_to(1)
            return
        plan = self.plan()
        if wrong := years.problem(plan):
            self._say(wrong)
            return
        if missing := years.unsettled(plan):
            self._say(self.tr("有 {0} 个名额还没有选定新年度的类别。").format(len(missing)))
            records = {w.place.id for w in missing}
            self._clear_filter()
            first = next(n for n, e in enumerate(self.places.shown()) if e.wish.place.id in records)
            self.table.setCurrentIndex(self.places.index(first, 0))
            self.table.setFocus()
            return
        self._create(plan)

    def _create(self, plan: Plan) -> None:
        c, after = self._context, sum(t.after for t in years.totals(plan))
        stay = sum(1 for w in plan.wishes if w.choice == "stay")
        self._busy = True
        self.next.setEnabled(False)

        def done(_outcome: Outcome) -> None:
            c.batches = batches.all_batches(c.ledger)
            c.set_period(periods.evaluation_period(c.batches, plan.year))
            self.made.emit(plan.year)
            self.accept()

        def refuse(sentence: str) -> None:
            self._busy = False
            self.next.setEnabled(True)
            self._say(sentence)

        sentence = self.tr("已建立{0}年度批次：续聘 {1} 人，共 {2} 个名额").format(
            plan.year, f"{stay:,}", f"{after:,}"
        )
        c.do(lambda: years.create(c.ledger, plan), sentence, done=done, failed=refuse, owner=self)

    def reject(self) -> None:
        """Esc asks only if something was chosen."""
        if self._touched and not self._busy:
            question = self.tr("不建立新年度批次了？")
            words = self.tr("这里选定的内容还没有保存，离开后就没有了。")
            if ask(self, question, words, [self.tr("放弃")], danger=True) != 0:
                return
        if not self._busy:
            super().reject()

    def _say(self, text: str) -> None:
        self.error.setText(text)

    # -- deciding --------------------------------------------------------------------------------------

    def _rows(self) -> list[int]:
        return self.table.selected_rows()

    def _choose(self, choice: Choice) -> None:
        rows = self._rows()
        if rows and self.places.choose(rows, choice) < len(rows):
            self._say(self.tr("空名额没有人可续聘，仍按名额保留。"))

    def _toggle(self) -> None:
        self.places.toggle(self._rows())

    def _fill_menu(self, key: str, menu: QMenu) -> None:
        menu.clear()
        pairs: list[tuple[str, str | None]]
        if key == "category":
            pairs = [(line.name, at) for at, line in self.categories.model.rows() if line.name]
        elif key == "organisation":
            pairs = [(name, record) for record, name in self._start.senders.items()]
        elif key == "team":
            pairs = [
                *((name, record) for record, name in self._start.teams.items()),
                (self.tr("不在服务团"), None),
            ]
        else:
            counties = self._context.divisions.counties()
            pairs = [*((d.name, d.code) for d in counties), (self.tr("待安排"), None)]
        for text, value in pairs:
            menu.addAction(text).triggered.connect(
                lambda _on=False, text=text, value=value: self._change(key, text, value)
            )

    def _change(self, key: str, text: str, value: str | None) -> None:
        rows = self._rows()
        if key == "category":
            self.places.set_category(rows, value or "")
        elif key == "organisation":
            self.places.change(rows, organisation=value, organisation_name=text)
        else:
            self.places.change(rows, **{key: value})

    def _narrow(self) -> None:
        self.places.narrow(self.chips.current() or "all", self.filter.text())
        self._say_chosen()

    def _clear_filter(self) -> None:
        self.filter.clear()
        self.chips.set_current("all")

    def _edited(self) -> None:
        self._touched = True
        self._say("")
        self._count()

    def _count(self) -> None:
        """Show what it comes to."""
        names = {key: line.name for key, line in self.categories.model.rows() if line.name}
        if names != self.places.category_names():
            blocked = self.places.blockSignals(True)
            self.places.set_categories(names)
            self.places.blockSignals(blocked)
        plan = self.plan()
        self.totals.show_totals(years.totals(plan), list(names.values()))
        counts = {c: sum(1 for w in plan.wishes if w.choice == c) for c in CHOICES}
        chips: list[tuple[str, str, int | None]] = [("all", self.tr("全部"), len(plan.wishes))]
        chips += [(c, text.split("、")[0], counts[c]) for c, text in CHOICES.items()]
        for category in self._start.plan.categories:
            if number := sum(1 for w in plan.wishes if w.place.category == category.source):
                chips.append(
                    (f"category:{category.source}", self.tr("去年{0}").format(category.name), number)
                )
        self.chips.set_chips(chips)
        teams_count = years.team_count(plan)
        self.teams.setText(self.tr("沿用服务团（{0} 个）").format(teams_count))
        self.teams.setEnabled(teams_count > 0)
        notes = [self.tr("续聘的名额记着它接续的是哪一个；编号沿用原来的序号。")]
        if counts["open"]:
            notes.append(self.tr("保留的名额待录入新的特派员。"))
        self._notes.setText("".join(notes))
        self._say_chosen()

    def _say_chosen(self) -> None:
        rows, shown = len(self._rows()), self.places.rowCount()
        self.chosen.setText(
            self.tr("共 {0} 个名额，已选 {1} 个").format(f"{shown:,}", f"{rows:,}")
            if rows
            else self.tr("共 {0} 个名额").format(f"{shown:,}")
        )
        for each in self.deciders.values():
            each.setEnabled(rows > 0)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _texts(field: PeriodField) -> tuple[str | None, str | None]:
    first, last = field.period()
    return (first.isoformat() if first else None), (last.isoformat() if last else None)

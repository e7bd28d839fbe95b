"""工作台: the period at a glance: figures, months, counties, the latest visits, and what needs a person."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import obligation_states, statistics, visits
from commissioner_app.attention import Attention, attention, by_urgency, of_doubts, of_progress
from commissioner_app.obligation_states import Summary
from commissioner_app.statistics import Overview
from commissioner_app.visits import VisitRow, days_text
from ui.clearing import clear
from ui.context import Context
from ui.home.people import PeopleDialog
from ui.home.progress import ProgressCard
from ui.shell.page import Page
from ui.theme import Size
from ui.visits.model import VisitModel
from ui.widgets.barchart import BarChart
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.figure import FigureCard
from ui.widgets.glyph import Glyph
from ui.widgets.progressline import ProgressLine
from ui.widgets.table import Column, DataTable

LATEST = 8
COUNTIES = 6
CHECKED = frozenset(
    {"visit", "assignment", "appointment_person", "batch", "setting", "attachment", "doubt_answer"}
)
"""What doubts depend on."""

CHECK_AFTER_MS = 100
"""The first time all visits are read for doubts, on one of few cores: not before the page has been painted."""


class HomePage(Page):
    """Everything here leads to where it can be dealt with: `wants` names the page and what to show."""

    key, icon = "home", "dashboard"
    shows = frozenset(
        {
            "visit",
            "appointment",
            "appointment_person",
            "commissioner",
            "assignment",
            "batch",
            "team",
            "category",
            "setting",
            "attachment",
            "doubt_answer",
        }
    )
    wants = Signal(str, object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._overview: Overview | None = None
        self._found: dict[str, list[Attention]] = {}  # what needs a person, by where it was found
        self._unchecked = False  # whether something has changed that doubts depend on
        grid = QGridLayout(self)
        grid.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID + 4, Size.GAP_WIDE, Size.GAP_MID + 4)
        grid.setSpacing(Size.GAP_MID)
        figures = QHBoxLayout()
        figures.setSpacing(Size.GAP_MID)
        self.cards: dict[str, FigureCard] = {}
        for key, text, icon, target in (
            ("places", self.tr("名额"), "commissioner", ("commissioners", None)),
            ("visits", self.tr("服务次数"), "walk", ("visits", {})),
            ("days", self.tr("现场天数"), "days", ("visits", {})),
            ("trained", self.tr("培训人次"), "training", ("visits", {})),
            ("pending", self.tr("待审核"), "clock", ("visits", {"state": "submitted"})),
        ):
            card = FigureCard(text, icon=icon, clickable=True)
            card.activated.connect(lambda target=target: self.wants.emit(*target))
            self.cards[key] = card
            figures.addWidget(card, 1)
        grid.addLayout(figures, 0, 0, 1, 2)
        self.months = Card(self.tr("每月服务次数"), caption=" ")
        self.chart = BarChart(self.tr("次"))
        self.months.body.addWidget(self.chart)
        upper = QHBoxLayout()
        upper.setSpacing(Size.GAP_MID)
        upper.addWidget(self.months, 1)
        self.progress = ProgressCard()
        self.progress.wants.connect(self.wants)
        upper.addWidget(self.progress, 1)
        grid.addLayout(upper, 1, 0)
        self.counties = Card(self.tr("各受援县情况"), link=self.tr("各特派员情况"))
        self.counties.linked.connect(self.show_people)
        self._county_lines = QVBoxLayout()
        self._county_lines.setSpacing(Size.GAP + 1)
        self.counties.body.addLayout(self._county_lines)
        self.counties.body.addStretch(1)
        self._rules_line = QHBoxLayout()
        self._rules_line.setSpacing(Size.TIGHT)
        self.counties.body.addLayout(self._rules_line)
        grid.addWidget(self.counties, 1, 1)
        latest = Card(self.tr("最近服务"), link=self.tr("查看全部"), flush=True)
        latest.linked.connect(lambda: self.wants.emit("visits", {}))
        self.model = VisitModel(lambda ids: visits.rows(context.ledger, ids), context.divisions, self)
        self.model.columns = [
            Column("date", self.tr("日期"), 104),
            Column("who", self.tr("特派员"), 104),
            Column("place", self.tr("地点"), 190),
            Column("ways", self.tr("方式"), 150, stretch=True),
            Column("half_days", self.tr("天数"), 64, numeric=True),
            Column("state", self.tr("状态"), 100, toned=True),
        ]
        self.table = DataTable(self.model.columns)
        self.table.setModel(self.model)
        self.table.setSortingEnabled(False)
        self.table.setAccessibleName(self.tr("最近服务"))
        self.table.activated.connect(self._open_visit)
        empty = EmptyState(
            "visit", self.tr("还没有服务记录。"), action=self.tr("登记服务"), link=self.tr("从 Excel 导入")
        )
        empty.begun.connect(lambda: self.wants.emit("visits", "new"))
        empty.linked.connect(lambda: self.wants.emit("visits", {}))
        self.table.set_empty(empty)
        latest.body.addWidget(self.table)
        grid.addWidget(latest, 2, 0)
        self.attention = Card(self.tr("需要留意"))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, Size.GAP, 0)
        self._notes = QVBoxLayout()
        self._notes.setSpacing(Size.GAP + Size.TIGHT)
        column.addLayout(self._notes)
        column.addStretch(1)
        self.attention.body.addWidget(scroll(holder))
        grid.addWidget(self.attention, 2, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        grid.setRowStretch(1, 4)
        grid.setRowStretch(2, 5)

    def caption(self) -> str:
        return self._context.period.text

    def refresh(self, kinds: frozenset[str]) -> None:
        c = self._context
        period, batch = c.period, c.batch

        def read() -> tuple[Overview, list[int], list[Attention]]:
            o = statistics.overview(c.ledger, period)
            f = statistics.visit_filter(period, statistics.Scope(), states=())
            latest = list(visits.listed_rowids(c.ledger, f, "date", True)[:LATEST])
            return o, latest, attention(c.ledger, o)

        self._unchecked |= bool(kinds & CHECKED)
        if kinds <= {"setting", "attachment", "doubt_answer"}:
            self._read_doubts()
            return
        c.read(read, self._show, self, "home")
        c.read(lambda: obligation_states.summary(c.ledger, batch), self._show_progress, self, "progress")

    def activated(self) -> None:
        self._read_doubts()

    def _read_doubts(self) -> None:
        if not self._unchecked or self._overview is None or not self.isVisible():
            return
        self._unchecked = False
        c = self._context
        f = statistics.visit_filter(c.period, statistics.Scope(), states=())

        def read() -> list[Attention]:
            from commissioner_app import doubts  # loads the calendar of holidays

            return of_doubts(doubts.all_of(c.ledger, f))

        c.read(read, partial(self._note, "doubts"), self, "doubts")

    def _show(self, found: tuple[Overview, list[int], list[Attention]]) -> None:
        from array import array

        o, latest, notes = found
        self._overview = o
        t, empty = o.total, len(o.places) - o.people
        note = self.tr("已录入 {0} 人").format(o.people) + (
            self.tr("，{0} 个待补").format(empty) if empty else ""
        )
        self.cards["places"].set_figure(f"{len(o.places):,}", note)
        active = sum(1 for _, f in o.by_place if f.visits)
        self.cards["visits"].set_figure(
            f"{t.visits:,}", self.tr("{0} 个村、{1} 个受援单位").format(t.villages, t.recipients)
        )
        mean = f"{t.half_days / 2 / active:.1f}" if active else "—"
        self.cards["days"].set_figure(
            days_text(t.half_days), self.tr("有记录的 {0} 人，人均 {1} 天").format(active, mean)
        )
        self.cards["trained"].set_figure(
            f"{t.trained:,}", self.tr("技术培训 {0} 场").format(f"{t.trainings:,}")
        )
        pending = o.states.get("submitted", 0) + o.states.get("stale", 0)
        self.cards["pending"].set_figure(f"{pending:,}", self.tr("草稿 {0} 条，已退回 {1} 条").format(
            o.states.get("draft", 0), o.states.get("returned", 0)))  # fmt: skip
        self.cards["pending"].set_tone("warn" if pending else "accent")
        months = [(f"{int(m[5:])}月", f.visits) for m, f in o.by_month]
        self.chart.set_bars(months)
        self.months.set_caption(o.period.long_text)
        self._show_counties(o)
        self.model.set_rowids(array("q", latest))
        self._note("figures", notes)
        QTimer.singleShot(CHECK_AFTER_MS, self, self._read_doubts)

    def _show_progress(self, s: Summary | None) -> None:
        self.progress.show_summary(s)
        clear(self._rules_line)
        if s is not None and s.rule_set is None and not s.problem:
            self._rules_line.addWidget(label(self.tr("考核要求：未设置"), "caption"))
            if self._context.rights == "bureau":
                choose = button(
                    self.tr("选择…"), "link", on_click=lambda: self.wants.emit("settings", "rule_set")
                )
                choose.setAccessibleName(self.tr("选择考核要求"))
                self._rules_line.addWidget(choose)
            self._rules_line.addStretch(1)
        self._note("progress", of_progress(s) if s is not None else [])

    def _note(self, source: str, notes: list[Attention]) -> None:
        self._found[source] = notes
        order = ("figures", "progress", "doubts")
        self._show_notes(by_urgency([note for key in order for note in self._found.get(key, ())]))

    def _show_counties(self, o: Overview) -> None:
        clear(self._county_lines)
        most = max((f.visits for _, _, _, f in o.by_county), default=0) or 1
        rows = sorted(o.by_county, key=lambda r: -r[3].visits)
        for _, name, places, f in rows[:COUNTIES]:
            text = self.tr("{0} 人 · {1} 次 · {2} 天").format(places, f"{f.visits:,}", days_text(f.half_days))
            self._county_lines.addWidget(ProgressLine(name, text, f.visits / most))
        if len(rows) > COUNTIES:
            self._county_lines.addWidget(
                label(self.tr("另有 {0} 个县（市、区）").format(len(rows) - COUNTIES), "caption")
            )
        if not rows:
            self._county_lines.addWidget(label(self.tr("还没有安排受援县。"), "caption"))
        waiting = sum(1 for p in o.places if not p.assignments)
        if waiting:
            line = QHBoxLayout()
            line.addWidget(label(self.tr("待安排 {0} 个名额").format(waiting), "caption"))
            line.addStretch(1)
            line.addWidget(
                button(self.tr("去安排"), "link", on_click=lambda: self.wants.emit("assignments", None))
            )
            self._county_lines.addLayout(line)

    def _show_notes(self, notes: list[Attention]) -> None:
        clear(self._notes)
        icons = {"bad": "error", "warn": "warning", "info": "info"}
        for note in notes:
            line = QHBoxLayout()
            line.setSpacing(Size.GAP)
            line.addWidget(Glyph(icons[note.tone], note.tone), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(note.text, wrap=True))
            if note.detail:
                words.addWidget(label(note.detail, "caption", wrap=True))
            line.addLayout(words, 1)
            target = (note.page, note.what)
            link = button(self.tr("处理"), "link", on_click=partial(self.wants.emit, *target))
            link.setAccessibleName(self.tr("处理：{0}").format(note.text))
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
            self._notes.addLayout(line)
        if not notes:
            self._notes.addWidget(label(self.tr("目前没有需要处理的事项。"), "caption"))

    def _open_visit(self, index: object) -> None:
        row = self.model.visit(index.row())  # type: ignore[attr-defined]
        if row:
            self.wants.emit("visits", row.id)

    def show_people(self) -> None:
        """The figures of every commissioner."""
        if self._overview:
            dialog = PeopleDialog(self, self._overview)
            dialog.chosen.connect(lambda what: self.wants.emit("visits", what))
            dialog.open()


__all__ = ["HomePage", "VisitRow"]

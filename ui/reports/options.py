"""The options of one kind of paper, and the wish that they come to."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSpinBox

from commissioner_app import papers, places, statistics, teams
from commissioner_app.batches import reference_day
from commissioner_app.kinds import KINDS, MOST_SHEETS, Kind, Wish
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from ui.context import Context
from ui.widgets.basic import Combo
from ui.widgets.dateedit import DateField, PeriodField
from ui.widgets.form import Form

_STEPS_HEIGHT = 58


class Options(Form):
    """`edited` comes with the name of the field that a person has changed.

    The title stays the paper's own until it is typed: `title_typed`.
    """

    def __init__(self, context: Context, kind: Kind) -> None:
        super().__init__(4)
        self.kind = kind
        self.title_typed = False
        self._context = context
        self.about, self.which, self.year = Combo(), Combo(), Combo()
        self.notice, self.phone = Combo(), Combo()
        self.period, self.signed = PeriodField(), DateField()
        self.title, self.next_steps, self.count = QLineEdit(), QPlainTextEdit(), QSpinBox()
        takes = kind.takes
        if "period" in takes:
            self.add("period", self.tr("期间"), self.period, span=2)
        if "year" in takes:
            self.add("year", self.tr("年度"), self.year)
        if "notice" in takes:
            self.notice.addItem(self.tr("内部名单"), False)
            self.notice.addItem(self.tr("公示稿（隐去个人信息）"), True)
            self.add("notice", self.tr("用途"), self.notice)
        if "phone" in takes:
            self.phone.addItem(self.tr("隐去中间四位"), False)
            self.phone.addItem(self.tr("完整显示（本人已同意）"), True)
            self.add("phone", self.tr("联系电话"), self.phone)
        if len(kind.scopes) > 1:
            names = {"city": self._city(), "county": self.tr("受援县"), "team": self.tr("服务团"),
                     "person": self.tr("特派员")}  # fmt: skip
            for scope in kind.scopes:
                self.about.addItem(names[scope], scope)
            self.add("about", self.tr("范围"), self.about)
        if kind.scopes != ("city",):
            caption = self.tr("名称") if len(kind.scopes) > 1 else self.tr("特派员")
            self.add("which", caption, self.which)
        if "count" in takes:
            self.count.setRange(1, MOST_SHEETS)
            self.add("count", self.tr("份数"), self.count)
        if "text" in takes:
            self.signed.setPlaceholderText(self.tr("留空则打印“年 月 日”"))
            self.next_steps.setPlaceholderText(self.tr("写进报告的最后一部分；不写则没有这一部分"))
            self.next_steps.setFixedHeight(_STEPS_HEIGHT)
            self.next_steps.setTabChangesFocus(True)
            self.add("title", self.tr("标题"), self.title, span=2)
            self.add("signed", self.tr("落款日期"), self.signed, span=2)
            self.add("next_steps", self.tr("下一步打算"), self.next_steps, span=4)
        self.edited.connect(self._edited)
        self.take_period()

    def _city(self) -> str:
        return self.tr("全市") if self._context.role == "bureau" else self.tr("全部")

    # -- what can be chosen ----------------------------------------------------------------------------

    def take_period(self) -> None:
        """The period of the top bar."""
        p = self._context.period
        with self.loading():
            self.period.set_period(date.fromisoformat(p.start), date.fromisoformat(p.end))
        self.fill(self._context.batch.year if self._context.batch else None)

    def fill(self, year: int | None = None) -> None:
        """The years, counties, teams and people that the ledger has now; what is chosen stays where it can."""
        scope = self.scope_kind()
        with self.loading():
            if "year" in self.kind.takes:
                years = [b.year for b in self._context.batches if b.year]
                _fill(self.year, [(self.tr("{0}年度").format(y), y) for y in years], year)
            _fill(self.which, self._choices(scope))
        if "which" in self._fields:
            self.set_visible("which", scope != "city")
        self._load_kept()

    def _choices(self, scope: str) -> list[tuple[str, object]]:
        c = self._context
        found = c.batches
        if "year" in self.kind.takes:
            batch = next((b for b in found if b.year == self.year.currentData()), c.batch)
        else:
            batch = statistics.batch_of(found, self.wanted_period())
        if scope == "county":
            return [(d.name, d.code) for d in c.divisions.counties()]
        if scope == "team":
            return [(t.name, t.id) for t in teams.listed(c.ledger, batch.id if batch else None)]
        if scope == "person":
            listed = places.listed(c.ledger, batch, reference_day(batch))
            return [(f"{p.name}（{p.code}）" if p.name else p.code, p.id) for p in listed]
        return []

    def _edited(self, name: str) -> None:
        if name in ("about", "period", "year"):
            self.fill(self.year.currentData())
        elif name == "which":
            self._load_kept()
        elif name == "title":
            self.title_typed = True

    def _load_kept(self) -> None:
        """Title and text that the officer has kept for this scope and period."""
        if "text" not in self.kind.takes:
            return
        kept = papers.saved_title(self._context.ledger, self.scope(), self.wanted_period())
        self.title_typed = bool(kept.get("title"))
        with self.loading():
            self.title.setText(kept.get("title", ""))
            self.title.setCursorPosition(0)
            self.next_steps.setPlainText(kept.get("next_steps", ""))

    def show_title(self, title: str) -> None:
        """The paper's own title, where none was typed."""
        if not self.title_typed and "text" in self.kind.takes:
            with self.loading():
                self.title.setText(title)
                self.title.setCursorPosition(0)

    # -- the wish --------------------------------------------------------------------------------------

    def scope_kind(self) -> str:
        """city, county, team or person."""
        return str(self.about.currentData()) if self.about.count() else self.kind.scopes[0]

    def scope(self) -> Scope:
        """What the paper is about."""
        scope, which = self.scope_kind(), self.which.currentData()
        if scope == "county":
            return Scope(county=which)
        if scope == "team":
            return Scope(team=which)
        return Scope(place=which) if scope == "person" else Scope()

    def lacks(self) -> str:
        """What the ledger does not have yet for this paper, in words; "" where all is there."""
        if self.scope_kind() == "city" or self.which.currentData() is not None:
            return ""
        if self.scope_kind() == "team":
            return self.tr("这一年度没有服务团。请选别的范围，或先在“服务团”里添加。")
        return self.tr("这一年度还没有特派员名额。请先在“特派员”里录入或导入名单。")

    def wanted_period(self) -> Period:
        """The period asked for; its label is that of the top bar where it is the same."""
        first, last = self.period.period() if "period" in self.kind.takes else (None, None)
        c = self._context
        if first is None or last is None:
            return c.period
        start, end = first.isoformat(), last.isoformat()
        known = [p for p in c.period_choices() if (p.start, p.end) == (start, end)]
        return known[0] if known else Period(start, end)

    def wish(self) -> Wish:
        """What is asked for now."""
        text = "text" in self.kind.takes
        return Wish(
            self.kind.id,
            self.wanted_period(),
            self.scope(),
            year=self.year.currentData(),
            notice=bool(self.notice.currentData()),
            phone=bool(self.phone.currentData()),
            count=self.count.value() if "count" in self.kind.takes else 1,
            title=self.title.text().strip() if text and self.title_typed else "",
            next_steps=self.next_steps.toPlainText().strip() if text else None,
            signed=self.signed.value() if text else None,
        )

    def take(self, wish: Wish, *, scope_only: bool = False) -> None:
        """Show the options of a wish; scope_only: of a paper of another kind, what both kinds have."""
        with self.loading():
            if not scope_only or "period" in KINDS[wish.kind].takes:
                p = wish.period
                self.period.set_period(date.fromisoformat(p.start), date.fromisoformat(p.end))
            at = self.about.findData(wish.scope.kind)
            if at >= 0:
                self.about.setCurrentIndex(at)
        self.fill(wish.year)
        with self.loading():
            which = wish.scope.county or wish.scope.team or wish.scope.place
            at = self.which.findData(which)
            if which and at >= 0:
                self.which.setCurrentIndex(at)
            if not scope_only:
                self.notice.setCurrentIndex(max(self.notice.findData(wish.notice), 0))
                self.phone.setCurrentIndex(max(self.phone.findData(wish.phone), 0))
                self.count.setValue(wish.count)
        self._load_kept()
        if not scope_only and "text" in self.kind.takes:
            with self.loading():
                self.signed.set_value(wish.signed)
                self.next_steps.setPlainText(wish.next_steps or "")
                self.title.setText(wish.title)
                self.title.setCursorPosition(0)
            self.title_typed = bool(wish.title)


def _fill(combo: Combo, entries: Sequence[tuple[str, object]], wanted: object = None) -> None:
    """The entries of a combo; the one wanted, else the one chosen before, stays the current one."""
    now = combo.currentData() if wanted is None else wanted
    combo.clear()
    for text, key in entries:
        combo.addItem(text, key)
    combo.setCurrentIndex(max(combo.findData(now), 0) if entries else -1)

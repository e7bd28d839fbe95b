"""Sheet: all that a visit says, to be read; what was changed after its review stands first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from commissioner_app.divisions import Divisions
from commissioner_app.labels import FIELDS
from commissioner_app.reviewing import PENDING, Case
from commissioner_app.visits import STALE, STATES, days_text
from ui.clearing import clear
from ui.theme import Size
from ui.visits.marks import day_text
from ui.visits.model import TONES
from ui.widgets.basic import label, restyle, rule, scroll
from ui.widgets.card import Card
from ui.widgets.pill import Pill

_LONG = ("content", "problem", "solution")


class Sheet(Card):
    """`show_case` fills it; PageUp and PageDown of the page scroll it."""

    def __init__(self, divisions: Divisions) -> None:
        super().__init__(flush=True)
        self._divisions = divisions
        self.title = label("", "pagetitle", wrap=True)
        self.pill = Pill()
        self.caption = label("", "caption", wrap=True)
        self.notice = label("", "notice", tone="warn", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.caption.setContentsMargins(Size.GAP_WIDE, 0, Size.GAP_WIDE, 0)
        self.body.addWidget(self.caption)
        box = QVBoxLayout()
        box.setContentsMargins(Size.GAP_WIDE, 0, Size.GAP_WIDE, 0)
        box.addWidget(self.notice)
        self.body.addLayout(box)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Size.GAP_WIDE, Size.GAP, Size.GAP_WIDE, Size.GAP_MID)
        self._column.setSpacing(Size.GAP)
        self.area = scroll(inner)
        self.area.setAccessibleName(self.tr("服务记录的内容"))
        self.body.addWidget(self.area, 1)
        self.texts: dict[str, str] = {}

    def show_case(self, case: Case, fresh: bool) -> None:
        """Show a visit; `fresh`: it has just changed while it was being read."""
        v, o = case.row, case.opened
        self.title.setText(f"{v.names or '—'}　{day_text(v.date or '—')}")
        self.pill.set(STATES.get(case.state, ""), TONES.get(case.state, "plain"))
        self.caption.setText(" · ".join(t for t in (v.number or "", v.organisation) if t))
        self._tell(case, fresh)
        clear(self._column)
        self.texts = {}
        if case.changed:
            self._changes(case)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Size.GAP_MID)
        grid.setVerticalSpacing(Size.GAP)
        grid.setColumnStretch(1, 1)
        for name, text in self._facts(case).items():
            at = grid.rowCount()
            grid.addWidget(label(name, "sub"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_value(text), at, 1)
            self.texts[name] = text
        self._column.addWidget(holder)
        for field in _LONG:
            text = str(o.values.get(field) or "")
            if text or field == "content":
                name = FIELDS["visit"][field]
                self._column.addSpacing(Size.GAP)
                self._column.addWidget(label(name, "sub"))
                self._column.addWidget(_value(text or "—"))
                self.texts[name] = text
        self._column.addStretch(1)
        self.area.verticalScrollBar().setValue(0)

    def _tell(self, case: Case, fresh: bool) -> None:
        text, tone = "", "warn"
        review = case.opened.values.get("review") or ["draft", None, None, None]
        if case.opened.conflicts:
            names = "、".join(FIELDS["visit"].get(f, f) for f in sorted(case.opened.conflicts))
            text, tone = self.tr("填报不一致：{0}，请先回到列表核对。").format(names), "bad"
        elif fresh:
            text = self.tr("内容刚刚有改动，现在显示的是最新内容。")
        elif case.changed or case.opened.stale:
            why = f"{review[2]}。" if case.state == PENDING and review[2] else ""
            text = STALE + self.tr("：请核对改动的内容。") + why
        elif case.state == "returned":
            text, tone = self.tr("已退回：{0}").format(review[2] or ""), "bad"
        elif case.state == PENDING and review[2]:
            text, tone = str(review[2]), "info"
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

    def _changes(self, case: Case) -> None:
        self._column.addWidget(label(self.tr("审核后的改动"), "cardtitle"))
        for change in case.changed:
            self._column.addWidget(
                label(f"{change.label}　{change.actor} {change.when}", "caption", wrap=True)
            )
            self._column.addWidget(_value(self.tr("原：{0}").format(change.old)))
            self._column.addWidget(_value(self.tr("现：{0}").format(change.new)))
        self._column.addWidget(rule())

    def _facts(self, case: Case) -> dict[str, str]:
        v, values = case.row, case.opened.values
        time = "–".join(t for t in (v.start_time, v.end_time) if t)
        until = self.tr("至 {0}").format(day_text(v.end_date)) if v.end_date else ""
        days = self.tr("{0} 天").format(days_text(v.half_days)) if v.half_days is not None else ""
        contact = values.get("recipient_contact") or [None, None]
        facts = {
            self.tr("时间"): "，".join(t for t in (until, time, days) if t),
            self.tr("地点"): self._divisions.text(v.county, v.township, v.village),
            self.tr("受援单位"): v.recipient_name,
            self.tr("联系人"): " ".join(str(t) for t in contact if t),
            self.tr("同行人员"): "、".join(case.opened.companions),
            self.tr("服务方式"): "、".join(v.ways),
            self.tr("产业、主题"): " · ".join(t for t in (v.industry, v.topic) if t),
            self.tr("培训人数"): "" if v.trained is None else self.tr("{0} 人次").format(f"{v.trained:,}"),
            self.tr("服务农户"): ""
            if v.households is None
            else self.tr("{0} 户").format(f"{v.households:,}"),
            self.tr("新品种"): "、".join(values.get("varieties") or ()),
            self.tr("新技术"): "、".join(values.get("techniques") or ()),
            self.tr("发放物资"): values.get("materials") or "",
            self.tr("受援方意见"): "　".join(
                str(t) for t in (values.get("satisfaction"), values.get("opinion")) if t
            ),
            self.tr("备注"): values.get("remark") or "",
        }
        always = (self.tr("时间"), self.tr("地点"), self.tr("受援单位"), self.tr("服务方式"))
        return {name: text or "—" for name, text in facts.items() if text or name in always}

    def page(self, step: int) -> None:
        """Scroll by most of what is seen."""
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + step * max(self.area.height() - 2 * Size.ROW, Size.ROW))


def _value(text: str) -> QLabel:
    made = label(text, wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made

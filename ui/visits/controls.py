"""The controls of the visit editor: how they lie, how they look, what is wrong with what stands in one."""

from collections.abc import Iterable

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from commissioner_app import pinyin, visit_entry, visits
from ui.context import Context
from ui.visits.fieldvalues import clock_text
from ui.visits.growing import GrowingText
from ui.visits.hints import Hints
from ui.visits.people import NamesList, WhoList
from ui.visits.place import PlaceEdit
from ui.visits.recipient import RecipientEdit, WordEdit
from ui.widgets.basic import Combo, restyle
from ui.widgets.dateedit import DateField
from ui.widgets.form import Form
from ui.widgets.picklist import PickList

PARTS = {"time": ("date", "days", "start_time", "end_time", "end_date"), "where": ("place",),
          "recipient_contact": ("contact", "contact_phone")}  # fmt: skip
"""Fields of the journal that are several controls here, or one of another name."""


class VisitControls(Form):
    """One control for each thing a visit log holds; `photos` lie among them."""

    def __init__(self, context: Context, hints: Hints, photos: QWidget) -> None:
        super().__init__(2)
        self._context, self._hints = context, hints
        self._disputed: set[str] = set()
        self.locked = False
        self._make()
        self._lay_out(photos)
        hints.changed.connect(self._take_hints)
        self._take_hints()

    def _make(self) -> None:
        tr, hints = self.tr, self._hints
        self.who = WhoList()
        self.date, self.end_date = DateField(), DateField()
        self.start_time, self.end_time, self.days = QLineEdit(), QLineEdit(), QLineEdit()
        self.start_time.setPlaceholderText(tr("如 9:00"))
        self.end_time.setPlaceholderText(tr("如 11:30"))
        self.days.setPlaceholderText(tr("如 0.5、半天"))
        self.place = PlaceEdit(self._context.divisions, hints)
        self.recipient = RecipientEdit(hints)
        self.ways = PickList(visits.WAYS, free=True)
        self.industry = Combo()
        self.industry.setEditable(True)
        self.industry.addItems(["", *visits.INDUSTRIES])
        self.topic = WordEdit(lambda: hints.texts("topic"))
        self.content = GrowingText(96, 220)
        self.problem_text, self.solution = GrowingText(56, 160), GrowingText(56, 160)
        self.opinion, self.remark = GrowingText(56, 160), GrowingText(56, 160)
        self.varieties, self.techniques = PickList(free=True), PickList(free=True)
        for picks in (self.ways, self.varieties, self.techniques):
            picks.fits = pinyin.found
        self.companions = NamesList()
        self.trained, self.households = QLineEdit(), QLineEdit()
        self.materials = WordEdit(lambda: hints.texts("materials"))
        self.contact, self.contact_phone = WordEdit(lambda: hints.texts("contact")), QLineEdit()
        self.satisfaction = Combo()
        self.satisfaction.addItems(["", *visits.SATISFACTION])
        self.typical = QCheckBox(tr("可作典型案例"))
        self.typical.setToolTip(tr("服务工作报告的典型案例从这里选取"))

    def _lay_out(self, photos: QWidget) -> None:
        tr, add = self.tr, self.add
        add("who", tr("特派员"), self.who, span=2, required=True, check=self._check_who)
        add("date", tr("日期"), self.date, required=True, check=self._check_date)
        add("days", tr("天数"), self.days, required=True, check=self._check_days)
        add("start_time", tr("开始时间"), self.start_time, check=lambda: self._check_clock(self.start_time))
        add("end_time", tr("结束时间"), self.end_time, check=lambda: self._check_clock(self.end_time))
        add("place", tr("地点"), self.place, span=2, required=True)
        add("recipient", tr("受援单位"), self.recipient, span=2)
        add("ways", tr("服务方式"), self.ways, span=2)
        add("industry", tr("产业"), self.industry)
        add("topic", tr("主题"), self.topic)
        add("content", tr("服务内容"), self.content, span=2, required=True)
        add("photos", tr("照片和材料"), photos, span=2)
        add("trained", tr("培训人数（人次）"), self.trained, check=lambda: _check_number(self, self.trained))
        add(
            "households",
            tr("服务农户（户）"),
            self.households,
            check=lambda: _check_number(self, self.households),
        )
        add("problem", tr("存在问题"), self.problem_text, span=2)
        add("solution", tr("解决办法"), self.solution, span=2)
        add("varieties", tr("新品种"), self.varieties)
        add("techniques", tr("新技术"), self.techniques)
        add("materials", tr("发放物资"), self.materials, span=2)
        add("end_date", tr("结束日期（多日服务）"), self.end_date)
        add("companions", tr("同行人员"), self.companions)
        add("contact", tr("受援方联系人"), self.contact)
        add("contact_phone", tr("联系电话"), self.contact_phone)
        add("opinion", tr("受援方意见"), self.opinion, span=2)
        add("satisfaction", tr("满意度"), self.satisfaction)
        add("typical", tr("典型案例"), self.typical)
        add("remark", tr("备注"), self.remark, span=2)

    def _take_hints(self) -> None:
        lists = dict(self._hints.known.lists)
        used = lists.get("companions", ())
        lists["companions"] = (*used, *(n for n, p in self.who.places.items() if p.name and n not in used))
        for name, picks in (("ways", self.ways), ("varieties", self.varieties), ("techniques", self.techniques),
                            ("companions", self.companions)):  # fmt: skip
            if name in lists:
                blocked = picks.blockSignals(True)  # what is chosen stays; its order may change
                picks.set_choices(lists[name])
                picks.blockSignals(blocked)
        text, words = self.industry.currentText(), ["", *lists.get("industry", visits.INDUSTRIES)]
        if [self.industry.itemText(n) for n in range(self.industry.count())] != words:
            blocked = self.industry.blockSignals(True)
            self.industry.clear()
            self.industry.addItems(words)
            self.industry.setCurrentText(text)
            self.industry.blockSignals(blocked)

    # -- looks -----------------------------------------------------------------------------------------

    def set_head(self, name: str, text: str) -> None:
        """Another caption above a field."""
        self._fields[name].head.setText(text)

    def mark_disputed(self, names: Iterable[str]) -> None:
        """Say 填报不一致 beside the captions of these fields of the journal."""
        self._disputed = {part for name in names for part in PARTS.get(name, (name,))}
        tip = self.tr("几处填报的内容不同，各处填写的都已保留，请点“核对”选定")
        for name, field in self._fields.items():
            if name != "photos":
                field.head.setText(self._caption(name))
                field.head.setToolTip(tip if name in self._disputed else "")

    def _caption(self, name: str) -> str:
        field = self._fields[name]
        text = field.caption + (self.tr("（必填）") if field.required else "")
        if name == "who" and len(self.who.values()) > 1:
            text = self.tr("特派员 · {0} 人，每人各计一次").format(len(self.who.values()))
        return text + (self.tr(" · 填报不一致") if name in self._disputed else "")

    def set_locked(self, on: bool) -> None:
        """Only to be read, and copied from."""
        self.locked = on
        for name, field in self._fields.items():
            widget = field.widget
            if name == "photos":
                continue
            if isinstance(widget, (PickList, QComboBox, QCheckBox)):
                widget.setEnabled(not on)
            elif isinstance(widget, (QLineEdit, QPlainTextEdit)):
                widget.setReadOnly(on)
                for action in widget.actions() if isinstance(widget, DateField) else ():
                    action.setEnabled(not on)
            if bool(widget.property("locked")) != on:
                widget.setProperty("locked", on)
                restyle(widget)

    def _check_who(self) -> str:
        chosen = self.who.values()
        unknown = [w for w in chosen if w not in self.who.places]
        if unknown:
            return self.tr("名单里没有“{0}”").format(unknown[0])
        return "" if chosen else self.tr("请选择特派员")

    def _check_date(self) -> str:
        day, end = self.date.value(), self.end_date.value()
        return self.tr("结束日期早于开始日期") if day and end and end < day else ""

    def _check_days(self) -> str:
        if not self.days.text().strip():
            return self.tr("请填写天数，按半天计")
        found = visit_entry.half_days_typed(self.days.text())
        return "" if found else self.tr("请按半天填写，如 0.5、1、1.5")

    def _check_clock(self, box: QLineEdit) -> str:
        text = box.text().strip()
        if text and clock_text(text) is None:
            return self.tr("请写成 9:00 的形式")
        start, end = clock_text(self.start_time.text()), clock_text(self.end_time.text())
        if box is self.end_time and start and end and end < start and self.end_date.value() is None:
            return self.tr("结束时间早于开始时间")
        return ""


def _check_number(form: VisitControls, box: QLineEdit) -> str:
    text = box.text().strip()
    good = not text or (text.isdigit() and text.isascii() and len(text) < 8)
    return "" if good else form.tr("请填整数，如 32")

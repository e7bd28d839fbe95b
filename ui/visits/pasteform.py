"""The form of one pasted visit: what was found stands in the controls, what is open or wrong under them, in words."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import pastes, pinyin, recipients, visits
from commissioner_app.recognise import Where
from ui.context import Context
from ui.theme import Size
from ui.visits.pastevalues import Controls
from ui.widgets.basic import Combo, label, restyle
from ui.widgets.dateedit import DateField
from ui.widgets.form import Check, Form
from ui.widgets.picklist import PickList
from ui.widgets.suggest import SuggestEdit

SELDOM = ("end_date", "start_time", "end_time", "companions", "contact", "phone", "satisfaction", "materials")
"""Controls that stand there only where something was said, or when asked for."""


class PasteForm(Form):
    """``edited`` carries the control that a person changed; ``placeChosen`` a Where, ``recipientChosen`` an id."""

    placeChosen = Signal(object)
    recipientChosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(4)
        self._context = context
        self._doubts: dict[str, QLabel] = {}
        self._wrong: dict[str, str] = {}
        self._all = False
        self._build()

    def _build(self) -> None:
        c, d, tr = self._context, self._context.divisions, self.tr
        self.who, self.ways = who_list(), PickList(visits.WAYS, free=True)
        self.county, self.industry, self.satisfaction = Combo(), Combo(), Combo()
        self.county.addItem("", None)
        for county in d.counties():
            self.county.addItem(county.name, county.code)
        self.industry.setEditable(True)
        self.industry.addItems(["", *visits.INDUSTRIES])
        self.satisfaction.addItems(["", *visits.SATISFACTION])
        self.township = SuggestEdit(lambda: _suggested(t.name for t in d.children(self._county())))
        self.village = SuggestEdit(lambda: _suggested(v.name for v in d.children(self._township())))
        self.recipient = SuggestEdit(lambda: recipients.suggestions(c.ledger, self._county()))
        topic = SuggestEdit(lambda: _suggested(visits.used_words(c.ledger, "topic")))
        self.date, self.end_date, self.days = DateField(), DateField(), QLineEdit()
        self.days.setPlaceholderText(tr("如 0.5"))
        self.places, self.known = self._choice(self._take_place), self._choice(self._take_recipient)
        add = self.add
        add("who", tr("特派员"), self.who, span=2)
        add("date", tr("日期"), self.date)
        add("days", tr("天数"), self.days)
        add("end_date", tr("结束日期（多日服务）"), self.end_date)
        add("start_time", tr("开始时间"), QLineEdit())
        add("end_time", tr("结束时间"), QLineEdit())
        add("companions", tr("同行人员"), QLineEdit())
        add("places", tr("文中的地点是哪一处"), self.places, span=4)
        add("county", tr("受援县"), self.county)
        add("township", tr("乡镇"), self.township)
        add("village", tr("村"), self.village, span=2)
        add("known", tr("台账里是哪一个受援单位"), self.known, span=4)
        add("recipient", tr("受援单位"), self.recipient, span=2)
        add("ways", tr("服务方式"), self.ways, span=2)
        add("industry", tr("产业"), self.industry)
        add("topic", tr("主题"), topic)
        add("trained", tr("培训人数（人次）"), QLineEdit())
        add("households", tr("服务农户（户）"), QLineEdit())
        add("varieties", tr("新品种"), PickList(free=True), span=2)
        add("techniques", tr("新技术"), PickList(free=True), span=2)
        add("problem", tr("存在问题"), QLineEdit(), span=2)
        add("solution", tr("解决办法"), QLineEdit(), span=2)
        content = QPlainTextEdit()
        content.setFixedHeight(Size.CONTROL + Size.ROW)
        content.setTabChangesFocus(True)
        add("content", tr("服务内容"), content, span=4)
        add("contact", tr("受援方联系人"), QLineEdit())
        add("phone", tr("联系电话"), QLineEdit())
        add("materials", tr("发放物资"), QLineEdit())
        add("satisfaction", tr("满意度"), self.satisfaction)

    def add(
        self,
        name: str,
        caption: str,
        widget: QWidget,
        *,
        span: int = 1,
        required: bool = False,
        check: Check | None = None,
    ) -> QWidget:
        """A field with a line for its doubt under it; what is wrong with it is told by `show_wrong`."""
        super().add(
            name, caption, widget, span=span, required=required, check=lambda: self._wrong.get(name, "")
        )
        doubt = label("", "caption", tone="warn", wrap=True)
        doubt.hide()
        item = self._grid.itemAt(self._grid.count() - 1)
        box = item.layout() if item is not None else None
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(2, doubt)
        self._doubts[name] = doubt
        return widget

    def names(self) -> list[str]:
        """All controls."""
        return list(self._fields)

    def name_of(self, widget: QWidget | None) -> str:
        """The control that a widget is, or is part of; "" for another widget."""
        while widget is not None and widget is not self:
            for name, field in self._fields.items():
                if field.widget is widget:
                    return name
            widget = widget.parentWidget()
        return ""

    def load(self, values: Controls) -> None:
        """Put a visit's values into the controls."""
        with self.loading():
            for name in values:
                if name in self._fields and self.value(name) != values[name]:
                    self._put(self.widget(name), values[name])
        self._show_seldom(values)

    def show_all(self, on: bool) -> None:
        """Show the controls that are seldom needed, too."""
        self._all = on
        self._show_seldom({name: self.value(name) for name in SELDOM})

    def _show_seldom(self, values: Controls) -> None:
        for name in SELDOM:
            inside = self.widget(name).hasFocus()
            self.set_visible(name, self._all or inside or bool(values.get(name)) or name in self._wrong)

    def value(self, name: str) -> Any:
        """What stands in a control: words, of a list the words, of the county its code."""
        widget = self.widget(name)
        if isinstance(widget, PickList):
            return widget.values()
        if isinstance(widget, QPlainTextEdit):
            return widget.toPlainText()
        if isinstance(widget, QLineEdit):
            return widget.text()
        if isinstance(widget, QComboBox):
            return (widget.currentData() or "") if name == "county" else widget.currentText()
        raise TypeError(name)

    def _put(self, widget: QWidget, value: Any) -> None:
        if isinstance(widget, PickList):
            widget.set_values(value)
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText(value)
        elif isinstance(widget, QLineEdit):
            widget.setText(value)
            widget.setCursorPosition(0)
        elif widget is self.county:
            self.county.setCurrentIndex(max(self.county.findData(value or None), 0))
        elif isinstance(widget, QComboBox):
            widget.setCurrentText(value)

    # -- what is open or wrong -------------------------------------------------------------------------

    def show_wrong(self, wrong: dict[str, str], doubts: dict[str, str]) -> None:
        """Say under the controls what keeps the visit from being saved, else what a person should look at."""
        self._wrong = wrong
        for name, field in self._fields.items():
            field.touched = True
            if name in wrong and name in SELDOM:
                self.set_visible(name, True)
            self._show(field, self.problem(name))
            doubt = "" if self.shown_error(name) else doubts.get(name, "")
            line = self._doubts[name]
            line.setText(doubt)
            line.setVisible(bool(doubt))
            if doubt:
                field.widget.setAccessibleDescription(doubt)

    def doubt(self, name: str) -> str:
        """The doubt that stands under a control now."""
        return self._doubts[name].text()

    def offer_places(self, places: Iterable[Where]) -> None:
        """Offer what a name may stand for; nothing to choose hides the choice."""
        self._offer("places", [(pastes.place_text(self._context.divisions, p), p) for p in places])

    def offer_recipients(self, known: Iterable[tuple[str, str]]) -> None:
        """Offer recipients of one name as (id, words)."""
        self._offer("known", [(words, record) for record, words in known])

    def _offer(self, name: str, choices: list[tuple[str, object]]) -> None:
        combo = self.widget(name)
        assert isinstance(combo, QComboBox)
        blocked = combo.blockSignals(True)
        combo.clear()
        combo.addItem(self.tr("请选择（{0} 处）").format(len(choices)), None)
        for words, value in choices:
            combo.addItem(words, value)
        combo.setProperty("unsure", True)
        restyle(combo)
        combo.blockSignals(blocked)
        self.set_visible(name, bool(choices))

    def _choice(self, take: Callable[[], object]) -> Combo:
        made = Combo()
        made.activated.connect(lambda _i: take())
        return made

    def _take_place(self) -> None:
        if isinstance(place := self.places.currentData(), Where):
            self.placeChosen.emit(place)

    def _take_recipient(self) -> None:
        if record := self.known.currentData():
            self.recipientChosen.emit(str(record))

    def _county(self) -> str | None:
        return self.value("county") or None

    def _township(self) -> str | None:
        return self._context.divisions.find(self._county(), self.township.text())


def who_list() -> PickList:
    """A picker of the roster: found by name, code or pinyin; nobody who is not in it can be added."""
    made = PickList(free=True)
    made.adds = False
    made.fits = lambda needle, text: pinyin.found(needle, text, people=[text])
    return made


def _suggested(texts: Iterable[str]) -> list[tuple[str, str]]:
    return [(text, pinyin.keys(text)) for text in texts]

"""The fields of the visit editor: from the journal's values to controls and back."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from commissioner_app import batches, pinyin, places, recipients, visits
from commissioner_app.places import PlaceRow
from ui.context import Context
from ui.widgets.basic import Combo
from ui.widgets.dateedit import DateField
from ui.widgets.form import Form
from ui.widgets.picklist import PickList
from ui.widgets.suggest import SuggestEdit

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)")
_TEXTS = ("topic", "content", "problem", "solution", "materials", "opinion", "remark")
_LISTS = ("ways", "varieties", "techniques")
_NUMBERS = ("trained", "households")
_PARTS = {"time": ("date", "days", "start_time", "end_time", "end_date"), "where": ("county", "township", "village"),
          "recipient_contact": ("contact", "contact_phone")}  # fmt: skip
"""Fields of the journal that are several controls here."""


def clock_text(text: str) -> str | None:
    """9:05, 905 and 09：05 are 09:05; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    return f"{int(found.group(1)):02d}:{found.group(2)}" if found else None


class VisitFields(Form):
    """All fields of a visit. `values` and `load` speak the journal's fields; names of places are words here."""

    def __init__(self, context: Context) -> None:
        super().__init__(2)
        self._context = context
        self._places: dict[str, PlaceRow] = {}
        self._days_typed = False
        self._loaded: dict[str, str | None] = {}
        self._loaded_date: str | None = None
        d = context.divisions
        self.who = PickList(free=True)
        self.who.adds = False
        self.who.fits = lambda needle, text: pinyin.found(needle, text, people=[text])
        self.date = DateField()
        self.end_date = DateField()
        self.start_time, self.end_time, self.days = QLineEdit(), QLineEdit(), QLineEdit()
        self.start_time.setPlaceholderText(self.tr("如 9:00"))
        self.end_time.setPlaceholderText(self.tr("如 11:30"))
        self.days.setPlaceholderText(self.tr("如 0.5"))
        self.county = Combo()
        self.county.addItem("", None)
        for county in d.counties():
            self.county.addItem(county.name, county.code)
        self.township = SuggestEdit(lambda: _suggested(t.name for t in d.children(self._county())))
        self.village = SuggestEdit(lambda: _suggested(v.name for v in d.children(self._township())))
        self.recipient = SuggestEdit(lambda: recipients.suggestions(context.ledger, self._county()))
        self.ways = PickList(visits.WAYS, free=True)
        self.industry = Combo()
        self.industry.setEditable(True)
        self.industry.addItems(["", *visits.INDUSTRIES])
        self.satisfaction = Combo()
        self.satisfaction.addItems(["", *visits.SATISFACTION])
        self.topic = SuggestEdit(lambda: _suggested(visits.used_words(context.ledger, "topic")))
        texts = {name: QPlainTextEdit() for name in ("content", "problem", "solution", "opinion", "remark")}
        for name, box in texts.items():
            box.setFixedHeight(96 if name == "content" else 56)
            box.setTabChangesFocus(True)
        self.content = texts["content"]
        self.varieties, self.techniques = PickList(free=True), PickList(free=True)
        self.trained, self.households, self.companions = QLineEdit(), QLineEdit(), QLineEdit()
        self.contact, self.contact_phone, self.materials = QLineEdit(), QLineEdit(), QLineEdit()
        self.companions.setPlaceholderText(self.tr("多人用顿号分开"))
        tr, add = self.tr, self.add
        add("who", tr("特派员"), self.who, span=2, required=True, check=self._check_who)
        add("date", tr("日期"), self.date, required=True, check=self._check_date)
        add("days", tr("天数"), self.days, required=True, check=self._check_days)
        add("start_time", tr("开始时间"), self.start_time, check=lambda: self._check_clock(self.start_time))
        add("end_time", tr("结束时间"), self.end_time, check=lambda: self._check_clock(self.end_time))
        add("county", tr("受援县"), self.county, required=True)
        add("township", tr("乡镇"), self.township)
        add("village", tr("村"), self.village)
        add("end_date", tr("结束日期（多日服务）"), self.end_date)
        add("recipient", tr("受援单位"), self.recipient, span=2)
        add("ways", tr("服务方式"), self.ways)
        add("industry", tr("产业"), self.industry)
        add("topic", tr("主题"), self.topic, span=2)
        add("content", tr("服务内容"), texts["content"], span=2, required=True)
        add("problem", tr("存在问题"), texts["problem"], span=2)
        add("solution", tr("解决办法"), texts["solution"], span=2)
        add("trained", tr("培训人数（人次）"), self.trained, check=lambda: self._check_number(self.trained))
        add(
            "households",
            tr("服务农户（户）"),
            self.households,
            check=lambda: self._check_number(self.households),
        )
        add("varieties", tr("新品种"), self.varieties)
        add("techniques", tr("新技术"), self.techniques)
        add("materials", tr("发放物资"), self.materials)
        add("companions", tr("同行人员"), self.companions)
        add("contact", tr("受援方联系人"), self.contact)
        add("contact_phone", tr("联系电话"), self.contact_phone)
        add("satisfaction", tr("满意度"), self.satisfaction)
        add("opinion", tr("受援方意见"), texts["opinion"], span=2)
        add("remark", tr("备注"), texts["remark"], span=2)
        self._texts: dict[str, QPlainTextEdit | QLineEdit] = {
            **texts,
            "topic": self.topic,
            "materials": self.materials,
        }
        self.edited.connect(self._follow)

    # -- values ----------------------------------------------------------------------------------------

    def set_places(self, found: list[PlaceRow]) -> None:
        """The places that may be named; somebody's name stands for theirs, the code for one without a person."""
        named: dict[str, PlaceRow] = {}
        for p in found:
            text = p.name or p.code
            named[text if text not in named else f"{text}（{p.code}）"] = p
        self._places = named
        self.who.set_choices(list(named))
        inside = self._context.period
        self.date.period = self.end_date.period = (
            date.fromisoformat(inside.start),
            date.fromisoformat(inside.end),
        )

    def load(self, values: dict[str, Any], recipient_name: str, companions: list[str]) -> None:
        """Show a visit's values."""
        d = self._context.divisions
        with self.loading():
            by_id = {p.id: text for text, p in self._places.items()}
            self.who.set_values([by_id.get(w[0], w[0] or "") for w in values.get("who") or []])
            time = values.get("time") or [None] * 5
            self.date.set_value(date.fromisoformat(time[0]) if time[0] else None)
            self.end_date.set_value(date.fromisoformat(time[1]) if time[1] else None)
            self.start_time.setText(time[2] or "")
            self.end_time.setText(time[3] or "")
            self.days.setText(visits.days_text(time[4]).replace(",", ""))
            where = values.get("where") or [None] * 3
            self.county.setCurrentIndex(max(self.county.findData(where[0]), 0))
            self.township.setText(d.name(where[1]))
            self.village.setText(d.name(where[2]))
            self.recipient.setText(recipient_name)
            contact = values.get("recipient_contact") or [None, None]
            self.contact.setText(contact[0] or "")
            self.contact_phone.setText(contact[1] or "")
            for name in _LISTS:
                getattr(self, name).set_values(values.get(name) or [])
            for name, box in self._texts.items():
                text = values.get(name) or ""
                box.setText(text) if isinstance(box, QLineEdit) else box.setPlainText(text)
            for name in _NUMBERS:
                value = values.get(name)
                getattr(self, name).setText("" if value is None else str(value))
            self.industry.setCurrentText(values.get("industry") or "")
            self.satisfaction.setCurrentText(values.get("satisfaction") or "")
            self.companions.setText("、".join(companions))
        self._days_typed = time[4] is not None
        self._loaded = {w[0]: w[1] for w in values.get("who") or []}
        self._loaded_date = time[0]

    def values(self) -> dict[str, Any]:
        """The journal's fields as they stand; call after `first_invalid` has said that all is well."""
        chosen = [self._places[w].id for w in self.who.values() if w in self._places]
        day, end = self.date.value(), self.end_date.value()
        iso = day.isoformat() if day else None
        county = self.county.currentText()
        contact = [self.contact.text().strip() or None, self.contact_phone.text().strip() or None]
        found: dict[str, Any] = {
            "who": sorted(self._who(chosen, iso), key=str) or None,
            "time": [
                iso, end.isoformat() if end and end != day else None,
                clock_text(self.start_time.text()), clock_text(self.end_time.text()), self._half_days(),
            ],
            "where": self._context.divisions.where(county, self.township.text(), self.village.text()),
            "recipient_contact": contact if any(contact) else None,
            "industry": self.industry.currentText().strip() or None,
            "satisfaction": self.satisfaction.currentText() or None,
        }  # fmt: skip
        for name in _LISTS:
            found[name] = getattr(self, name).values() or None
        for name, box in self._texts.items():
            text = box.text() if isinstance(box, QLineEdit) else box.toPlainText()
            found[name] = text.strip() or None
        for name in _NUMBERS:
            digits = getattr(self, name).text().strip()
            found[name] = int(digits) if digits.isdigit() else None
        return found

    def _who(self, chosen: list[str], iso: str | None) -> list[list[str | None]]:
        """Places with their people: who made a visit stays its maker; only another date asks anew who holds a place."""
        found = visits.who_of(self._places.values(), chosen, iso or "")
        if iso != self._loaded_date:
            return found
        return [[place, self._loaded.get(place or "", person)] for place, person in found]

    def companion_names(self) -> list[str]:
        """Those who went along."""
        return [n for n in re.split(r"[、，,\s]+", self.companions.text()) if n]

    def mark_disputed(self, names: Iterable[str]) -> None:
        """Say 填报不一致 beside the captions of these fields of the journal."""
        wanted = {part for name in names for part in _PARTS.get(name, (name,))}
        for name, field in self._fields.items():
            must = self.tr("（必填）") if field.required else ""
            field.head.setText(field.caption + must + (self.tr(" · 填报不一致") if name in wanted else ""))
            tip = self.tr("几处填报的内容不同，各处填写的都已保留，请点“核对”选定")
            field.head.setToolTip(tip if name in wanted else "")

    # -- checks and help while typing ------------------------------------------------------------------

    def _county(self) -> str | None:
        code = self.county.currentData()
        return str(code) if code else None

    def _township(self) -> str | None:
        return self._context.divisions.find(self._county(), self.township.text())

    def _half_days(self) -> int | None:
        try:
            value = float(self.days.text().strip().removesuffix(self.tr("天")) or "nan") * 2
        except ValueError:
            return None
        return int(value) if value == value and value == int(value) and value > 0 else None

    def _follow(self, name: str) -> None:
        """Days come from times until somebody types them; a village tells its township."""
        if name == "days":
            self._days_typed = bool(self.days.text())
        if name in ("start_time", "end_time") and not self._days_typed:
            found = visits.half_days_between(
                clock_text(self.start_time.text()), clock_text(self.end_time.text())
            )
            if found:
                with self.loading():
                    self.days.setText(visits.days_text(found))
        if name == "who" and not self._county():
            # The county that all who are named are assigned to.
            day = (
                self.values()["time"][0] if self.date.value() else batches.reference_day(self._context.batch)
            )
            chosen = [self._places[w] for w in self.who.values() if w in self._places]
            counties = {c for p in chosen for c in p.counties(day)}
            if len(counties) == 1:
                with self.loading():
                    self.county.setCurrentIndex(max(self.county.findData(counties.pop()), 0))
        if name == "village" and not self.township.text() and self._county():
            township = self._context.divisions.where(self._county(), None, self.village.text())[1]
            if township:
                with self.loading():
                    self.township.setText(self._context.divisions.name(township))

    def _check_who(self) -> str:
        chosen = self.who.values()
        unknown = [w for w in chosen if w not in self._places]
        if unknown:
            return self.tr("名单里没有“{0}”").format(unknown[0])
        return "" if chosen else self.tr("请选择特派员")

    def _check_date(self) -> str:
        day, end = self.date.value(), self.end_date.value()
        return self.tr("结束日期早于开始日期") if day and end and end < day else ""

    def _check_days(self) -> str:
        if not self.days.text().strip():
            return self.tr("请填写天数，按半天计")
        return "" if self._half_days() else self.tr("请按半天填写，如 0.5、1、1.5")

    def _check_clock(self, box: QLineEdit) -> str:
        text = box.text().strip()
        if text and clock_text(text) is None:
            return self.tr("请写成 9:00 的形式")
        start, end = clock_text(self.start_time.text()), clock_text(self.end_time.text())
        if box is self.end_time and start and end and end < start and self.end_date.value() is None:
            return self.tr("结束时间早于开始时间")
        return ""

    def _check_number(self, box: QLineEdit) -> str:
        text = box.text().strip()
        return (
            ""
            if not text or (text.isdigit() and text.isascii() and len(text) < 8)
            else self.tr("请填整数，如 32")
        )


def _suggested(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Texts with what their pinyin finds them by."""
    return [(text, pinyin.keys(text)) for text in texts]


def all_places(context: Context, values: dict[str, Any] | None = None) -> list[PlaceRow]:
    """The places of the batch that the period belongs to, and those that a visit's values name from another year."""
    found = places.listed(context.ledger, context.batch)
    named = {w[0] for w in (values or {}).get("who") or []} - {p.id for p in found}
    if named:
        on = ((values or {}).get("time") or [None])[0]
        found += [p for p in places.listed(context.ledger, None, on) if p.id in named]
    return found

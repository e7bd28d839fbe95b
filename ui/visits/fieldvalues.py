"""Between the journal's fields of a visit and the controls of its editor."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit

from commissioner_app import visit_entry, visits
from ui.visits.place import PlaceEdit
from ui.widgets.picklist import PickList

if TYPE_CHECKING:
    from ui.visits.fields import VisitFields

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)")
_LISTS = ("ways", "varieties", "techniques")
_NUMBERS = ("trained", "households")
_TEXTS = ("topic", "content", "problem", "solution", "materials", "opinion", "remark")


def clock_text(text: str) -> str | None:
    """9:05, 905 and 09：05 are 09:05; None for anything else."""
    found = _TIME.fullmatch(text.strip())
    return f"{int(found.group(1)):02d}:{found.group(2)}" if found else None


def write(fields: "VisitFields", values: dict[str, Any], recipient: str, companions: list[str]) -> None:
    """Put a visit's values into the controls."""
    f = fields
    f.who.set_records(w[0] for w in values.get("who") or [])
    time = values.get("time") or [None] * 5
    f.date.set_value(_day(time[0]))
    f.end_date.set_value(_day(time[1]))
    f.start_time.setText(time[2] or "")
    f.end_time.setText(time[3] or "")
    f.days.setText(visits.days_text(time[4]).replace(",", ""))
    f.place.set_where(values.get("where") or [None] * 3)
    f.recipient.setText(recipient)
    contact = values.get("recipient_contact") or [None, None]
    f.contact.setText(contact[0] or "")
    f.contact_phone.setText(contact[1] or "")
    for name in _LISTS:
        _picks(f, name).set_values(values.get(name) or [])
    for name in _TEXTS:
        _put_text(f, name, values.get(name) or "")
    for name in _NUMBERS:
        value = values.get(name)
        _put_text(f, name, "" if value is None else str(value))
    f.industry.setCurrentText(values.get("industry") or "")
    f.satisfaction.setCurrentText(values.get("satisfaction") or "")
    f.companions.set_values(companions)
    f.typical.setChecked(bool(values.get("typical")))


def read(fields: "VisitFields") -> dict[str, Any]:
    """What stands in the controls as values of the journal; who and typical are the form's own business."""
    f = fields
    day, end = f.date.value(), f.end_date.value()
    contact = [f.contact.text().strip() or None, f.contact_phone.text().strip() or None]
    found: dict[str, Any] = {
        "time": [
            day.isoformat() if day else None, end.isoformat() if end and end != day else None,
            clock_text(f.start_time.text()), clock_text(f.end_time.text()),
            visit_entry.half_days_typed(f.days.text()),
        ],
        "where": f.place.where(),
        "recipient_contact": contact if any(contact) else None,
        "industry": f.industry.currentText().strip() or None,
        "satisfaction": f.satisfaction.currentText() or None,
    }  # fmt: skip
    for name in _LISTS:
        found[name] = _picks(f, name).values() or None
    for name in _TEXTS:
        found[name] = _text(f, name).strip() or None
    for name in _NUMBERS:
        digits = _text(f, name).strip()
        found[name] = int(digits) if digits.isdigit() else None
    return found


def reading(fields: "VisitFields") -> dict[str, Any]:
    """The controls one by one as plain values, right or wrong."""
    found: dict[str, Any] = {}
    for name, widget in _controls(fields):
        if isinstance(widget, PickList):
            found[name] = widget.values()
        elif isinstance(widget, PlaceEdit):
            found[name] = {"text": widget.text(), "where": widget.where()}
        elif isinstance(widget, QCheckBox):
            found[name] = widget.isChecked()
        elif isinstance(widget, QComboBox):
            found[name] = widget.currentText()
        elif isinstance(widget, QPlainTextEdit):
            found[name] = widget.toPlainText()
        elif isinstance(widget, QLineEdit):
            found[name] = widget.text()
    return found


def writing(fields: "VisitFields", state: dict[str, Any]) -> None:
    """Put back what `reading` gave; what it lacks stays as it is."""
    for name, widget in _controls(fields):
        if name not in state:
            continue
        value = state[name]
        if isinstance(widget, PickList):
            widget.set_values(value)
        elif isinstance(widget, PlaceEdit):
            widget.set_where(value["where"])
            if widget.where()[0] is None:
                widget.setText(value["text"])
        elif isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        elif isinstance(widget, QComboBox):
            widget.setCurrentText(value)
        elif isinstance(widget, QPlainTextEdit):
            widget.setPlainText(value)
        elif isinstance(widget, QLineEdit):
            widget.setText(value)


def _controls(fields: "VisitFields") -> list[tuple[str, Any]]:
    return [(name, field.widget) for name, field in fields._fields.items() if name != "photos"]


def _picks(fields: "VisitFields", name: str) -> PickList:
    widget = fields.widget(name)
    assert isinstance(widget, PickList)
    return widget


def _text(fields: "VisitFields", name: str) -> str:
    widget = fields.widget(name)
    return widget.toPlainText() if isinstance(widget, QPlainTextEdit) else widget.text()  # type: ignore[attr-defined]


def _put_text(fields: "VisitFields", name: str, text: str) -> None:
    widget = fields.widget(name)
    if isinstance(widget, QPlainTextEdit):
        widget.setPlainText(text)
    else:
        widget.setText(text)  # type: ignore[attr-defined]


def _day(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso) if iso else None
    except ValueError:
        return None

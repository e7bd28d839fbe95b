"""A pasted visit as its form holds it – a text or a list by control – and as the values of a visit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from PySide6.QtCore import QCoreApplication

from commissioner_app import pastes, visits
from commissioner_app.divisions import Divisions
from commissioner_app.pastes import Pasted
from commissioner_app.places import PlaceRow
from commissioner_app.recognise import Recognised
from commissioner_app.visits import NewVisit
from ui.widgets.datetext import Period, parse_date

Controls = dict[str, Any]
LISTS = ("who", "ways", "varieties", "techniques")
NUMBERS = ("trained", "households")
TEXTS = ("industry", "topic", "problem", "solution", "content", "materials", "satisfaction")
_CONTROLS = {"time": "date", "half_days": "days", "where": "county", "places": "county"}
"""Fields of the rules and of `visits.problems` that go by another name in the form."""
_PLACE = {"county", "township", "village"}
_TIME = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)")


@dataclass(frozen=True)
class Surroundings:
    """What the values of a form mean: the divisions, the roster by the words that its picker shows, the period."""

    divisions: Divisions
    places: Mapping[str, PlaceRow]
    period: Period | None

    def words_of(self, place: str | None) -> list[str]:
        """A place of the roster as the picker shows it."""
        return [text for text, p in self.places.items() if p.id == place][:1]


@dataclass
class Item:
    """One visit of the paste: what was found, what a person wrote over it, whether it is to be saved."""

    pasted: Pasted
    said: str
    typed: Controls = field(default_factory=dict)
    ticked: bool = True
    aside: bool = False
    """Its text was taken away as a whole: what was written comes back only with the very same words."""

    @property
    def found(self) -> Recognised:
        """What the rules found."""
        return self.pasted.found


def control_of(name: str) -> str:
    """The control of the form that a field of the rules or of `visits.problems` belongs to."""
    return _CONTROLS.get(name, name)


def recognised(item: Item, around: Surroundings, chosen: list[str]) -> Controls:
    """What the rules found, by control; `chosen` is whose text it is where its message names nobody."""
    f, d = item.found, around.divisions
    values: Controls = {
        "who": around.words_of(item.pasted.sender) or chosen,
        "date": f.date, "end_date": f.end_date, "start_time": f.start_time, "end_time": f.end_time,
        "days": visits.days_text(f.half_days).replace(",", ""),
        "county": f.county, "township": d.name(f.township), "village": pastes.village_name(d, f.village),
        "recipient": f.recipient, "recipient_id": f.recipient_id, "contact": f.contact, "phone": f.phone,
        "companions": "、".join(f.companions),
    }  # fmt: skip
    for name in ("ways", "varieties", "techniques"):
        values[name] = list(getattr(f, name))
    for name in NUMBERS:
        number = getattr(f, name)
        values[name] = "" if number is None else str(number)
    for name in TEXTS:
        values[name] = getattr(f, name)
    return {name: value if isinstance(value, list) else value or "" for name, value in values.items()}


def standing(item: Item, around: Surroundings, chosen: list[str]) -> Controls:
    """What stands in the form: what was found, and over it what a person wrote."""
    values = recognised(item, around, chosen) | item.typed
    if "recipient" in item.typed and "recipient_id" not in item.typed:
        values["recipient_id"] = ""  # another name is another recipient
    return values


def new_visit(values: Controls, around: Surroundings) -> NewVisit:
    """The visit that a form tells; what cannot be read is left out (`wrong` says so)."""
    day, end = _day(values["date"], around), _day(values["end_date"], around)
    chosen = [around.places[w].id for w in values["who"] if w in around.places]
    contact = [values["contact"].strip() or None, values["phone"].strip() or None]
    county = around.divisions.name(values["county"])
    fields: dict[str, Any] = {
        "who": sorted(visits.who_of(around.places.values(), chosen, day or ""), key=str) or None,
        "time": [
            day, end if end != day else None, _clock(values["start_time"]), _clock(values["end_time"]),
            _half_days(values["days"]),
        ],
        "where": around.divisions.where(county, values["township"], values["village"]),
        "recipient_contact": contact if any(contact) else None,
    }  # fmt: skip
    for name in ("ways", "varieties", "techniques"):
        fields[name] = values[name] or None
    for name in NUMBERS:
        fields[name] = int(values[name]) if _is_number(values[name]) else None
    for name in TEXTS:
        fields[name] = values[name].strip() or None
    if values["recipient_id"]:
        fields["recipient"] = values["recipient_id"]
    told = {name: value for name, value in fields.items() if value is not None}
    companions = tuple(n for n in re.split(r"[、，,\s]+", values["companions"]) if n)
    return NewVisit(told, values["recipient"].strip(), companions)


def place_is_open(item: Item) -> bool:
    """Whether a name stands for several places and nobody has said which."""
    return bool(item.found.places) and not _PLACE & set(item.typed)


def wrong(item: Item, values: Controls, around: Surroundings) -> dict[str, str]:
    """What keeps a form from being saved, in words, by control."""
    found: dict[str, str] = {}
    unknown = [w for w in values["who"] if w not in around.places]
    if unknown:
        found["who"] = _tr("名单里没有“{0}”。").format(unknown[0])
    for name in ("date", "end_date"):
        if values[name].strip() and _day(values[name], around) is None:
            found[name] = _tr("请写成 2022-09-28 或 9.28 的形式。")
    if values["days"].strip() and _half_days(values["days"]) is None:
        found["days"] = _tr("请按半天填写，如 0.5、1、1.5。")
    for name in ("start_time", "end_time"):
        if values[name].strip() and _clock(values[name]) is None:
            found[name] = _tr("请写成 9:00 的形式。")
    for name in NUMBERS:
        if values[name].strip() and not _is_number(values[name]):
            found[name] = _tr("请填整数，如 32。")
    for problem in visits.problems(new_visit(values, around).values):
        if problem.blocking:
            found.setdefault(control_of(problem.field), problem.message)
    if "county" in found and place_is_open(item):
        found["places"] = _open_place(item)  # there it is mended at once
        del found["county"]
    return found


def doubts(item: Item, values: Controls, around: Surroundings) -> dict[str, str]:
    """What the rules would not decide and what `visits.problems` asks, by control; silent where a person wrote."""
    found: dict[str, list[str]] = {}
    for doubt in item.found.doubts:
        found.setdefault(control_of(doubt.field), []).append(doubt.message)
    for problem in visits.problems(new_visit(values, around).values):
        if not problem.blocking:
            found.setdefault(control_of(problem.field), []).append(problem.message)
    settled = set(item.typed) | (_PLACE if _PLACE & set(item.typed) else set())
    if place_is_open(item):
        found = {name: some for name, some in found.items() if name not in _PLACE}
        found["places"] = [_open_place(item)]
    if item.found.recipient_ids and not {"recipient", "recipient_id"} & settled:
        found["known"] = found.pop("recipient", [])
    return {name: "".join(some) for name, some in found.items() if some and name not in settled}


def _open_place(item: Item) -> str:
    said = [d.message for d in item.found.doubts if control_of(d.field) in _PLACE]
    return "".join(said) or _tr("这个名称不止一处，请选择。")


def _day(text: str, around: Surroundings) -> str | None:
    found = parse_date(text, date.today(), around.period)
    return found.isoformat() if found else None


def _clock(text: str) -> str | None:
    found = _TIME.fullmatch(text.strip())
    return f"{int(found.group(1)):02d}:{found.group(2)}" if found else None


def _half_days(text: str) -> int | None:
    try:
        value = float(text.strip().removesuffix("天")) * 2
    except ValueError:
        return None
    return int(value) if 0 < value < 10_000 and value == int(value) else None


def _is_number(text: str) -> bool:
    text = text.strip()
    return text.isascii() and text.isdigit() and len(text) < 8


def _tr(text: str) -> str:
    return QCoreApplication.translate("PasteValues", text)

"""What helps while a visit is being typed: with what it opens, days from times, the day of a copy."""

import datetime as dt
from dataclasses import dataclass

from commissioner_app.periods import today
from commissioner_app.visits import half_days_between
from db.ledger import Ledger
from db.queries import visits as queries
from db.queries.roster import BatchRow, PlaceRow

LAST_PLACE = "last_place"
"""Under which the ledger keeps, for this laptop alone, for whom a visit was logged last."""

_NOON, _AFTERNOON = "12:00", "13:00"
_HALF, _WHOLE = 1, 2
_WORDS = {
    "半天": _HALF,
    "上午": _HALF,
    "下午": _HALF,
    "全天": _WHOLE,
    "一天": _WHOLE,
    "整天": _WHOLE,
    "两天": 4,
    "三天": 6,
}


@dataclass(frozen=True)
class Opening:
    """With what a new visit of somebody opens: county and township where they were last, whom they served there."""

    county: str | None
    township: str | None
    recipient: str = ""
    contact: str | None = None
    contact_phone: str | None = None


def opening(
    ledger: Ledger, place: PlaceRow | None, day: str, county: str | None = None, given: str | None = None
) -> Opening:
    """What is likely for a new visit of a place on a day; `county` is the station's own, `given` is certain.

    The county is that of the place's stay; of several the one of its last visit. Township and recipient are those of
    the last visit if it was in that county.
    """
    if place is None:
        return Opening(county, None)
    with ledger.read() as connection:
        last = queries.last_visit(connection, place.id)
    stays = list(dict.fromkeys(place.counties(day)))
    there = last.county if last else None
    if given:
        found: str | None = given
    elif len(stays) == 1:
        found = stays[0]
    elif stays:
        found = there if there in stays else county if county in stays else None
    else:
        found = there or county
    if last is None or last.county != found:
        return Opening(found, None)
    return Opening(found, last.township, last.recipient_name, last.contact, last.contact_phone)


def half_days_of(date: str | None, end_date: str | None, start: str | None, end: str | None) -> int | None:
    """Half days that dates (ISO) and times (HH:MM) tell; None where they tell nothing.

    Of several days each counts whole, but the first for half that begins after noon, and the last that ends by then.
    """
    if not date or not end_date or end_date <= date:
        return half_days_between(start, end)
    days = (dt.date.fromisoformat(end_date) - dt.date.fromisoformat(date)).days + 1
    late = bool(start and start >= _NOON)
    early = bool(end and end < _AFTERNOON)
    return days * _WHOLE - late * _HALF - early * _HALF


def half_days_typed(text: str) -> int | None:
    """Half days that somebody has written: 0.5, 1.5天, 半天, 全天; None for anything else or what is no half."""
    plain = text.strip().replace("．", ".")
    if plain in _WORDS:
        return _WORDS[plain]
    try:
        value = float(plain.removesuffix("天").strip()) * 2
    except ValueError:
        return None
    return int(value) if 0 < value < 10_000 and value == int(value) else None


def likely_day(batch: BatchRow | None, start: str, end: str, after: str | None = None) -> str | None:
    """The day of a new visit: today where it lies in the period shown or the batch's service period.

    Else the day after another visit's (`after`), else None: then the officer is writing up an earlier year.
    """
    now = today()
    inside = start <= now <= end
    if batch and batch.service_from and batch.service_from <= now <= (batch.service_to or now):
        inside = True
    if inside:
        return now
    try:
        return (dt.date.fromisoformat(after) + dt.timedelta(days=1)).isoformat() if after else None
    except ValueError:
        return None


def last_place(ledger: Ledger) -> str:
    """For whom a visit was logged here last (record of a place), "" if nobody."""
    return ledger.local(LAST_PLACE)


def remember_place(ledger: Ledger, place: str) -> None:
    """Note for whom a visit was logged."""
    if ledger.local(LAST_PLACE) != place:
        ledger.set_local(LAST_PLACE, place)

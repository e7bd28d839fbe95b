"""粘贴识别 over a ledger: what its rules may know of it, and what they found in the terms of a visit."""

from typing import Any

from commissioner_app import batches, places, recipients
from commissioner_app.divisions import Divisions
from commissioner_app.ledgers import station_values
from commissioner_app.periods import today as present_day
from commissioner_app.recognise import Known, KnownRecipient, Recognised
from db.ledger import Ledger


def known(
    ledger: Ledger, place: str | None = None, today: str | None = None, period: tuple[str, str] | None = None
) -> Known:
    """What the rules may use: place: whose text it is (名额), which decides between places of one name."""
    batch = batches.current(batches.all_batches(ledger))
    now = today or present_day()
    if period is None:
        whole = batch is not None and batch.service_from and batch.service_to
        period = (batch.service_from, batch.service_to) if batch and whole else _year(now)  # type: ignore[assignment]
    assert period is not None
    found = places.listed(ledger, batch)
    own = [a.county for p in found if p.id == place for a in p.assignments if a.county]
    county = station_values(ledger)[2]
    if not own and county:
        own = [county]
    return Known(
        Divisions.of(ledger), period, now, tuple(dict.fromkeys(own)),
        tuple(KnownRecipient(r.id, r.name, r.county) for r in recipients.listed(ledger)),
        tuple(sorted({p.name for p in found if p.name})),
    )  # fmt: skip


def known_without_ledger(today: str | None = None, period: tuple[str, str] | None = None) -> Known:
    """What the rules know without a ledger: the divisions that ship."""
    now = today or present_day()
    return Known(Divisions.shipped(), period or _year(now), now)


def _year(day: str) -> tuple[str, str]:
    return f"{day[:4]}-01-01", f"{day[:4]}-12-31"


def as_json(found: Recognised, known: Known) -> dict[str, Any]:
    """A draft with the names of `recognise --json`; places by their everyday names, null or [] for what is not said."""
    name = known.divisions.name
    spans: dict[str, list[int]] = {}
    for span in found.spans:
        field = {"half_days": "days"}.get(span.field, span.field)
        first = spans.setdefault(field, [span.start, span.end])
        spans[field] = [min(first[0], span.start), max(first[1], span.end)]
    return {
        "date": found.date,
        "end_date": found.end_date,
        "days": found.half_days / 2 if found.half_days is not None else None,
        "start_time": found.start_time,
        "end_time": found.end_time,
        "county": name(found.county) if found.county else None,
        "township": name(found.township) if found.township else None,
        "village": name(found.village) if found.village else None,
        "recipient": found.recipient,
        "ways": list(found.ways),
        "industry": found.industry,
        "topic": found.topic,
        "problem": found.problem,
        "solution": found.solution,
        "trained": found.trained,
        "households": found.households,
        "varieties": list(found.varieties),
        "techniques": list(found.techniques),
        "materials": found.materials,
        "contact": found.contact,
        "phone": found.phone,
        "satisfaction": found.satisfaction,
        "companions": list(found.companions),
        "content": found.content,
        "doubts": [d.message for d in found.doubts],
        "spans": spans,
    }

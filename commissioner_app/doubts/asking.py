"""The doubts of some visits, for a list or an editor; also of one that is not saved yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commissioner_app.doubts import desk as desks
from commissioner_app.doubts.checks import Checker, Hit, Log, Seen
from commissioner_app.doubts.desk import Desk, add_text, add_together, logs_of, photo_hit
from commissioner_app.doubts.findings import Finding, told
from db.entities import entities
from db.ledger import Connection, Ledger
from db.queries import doubts as queries
from db.queries import names

FEW = 10
"""Texts of so many visits are held against all others one by one; for more, comparing all at once is no slower."""

UNSAVED = 0
"""Stands for the row number of a visit that has none yet (SQLite counts from 1)."""


@dataclass(frozen=True)
class TakenPhoto:
    """A photo that an editor holds for a visit not saved yet; taken_at: local ISO time, None where it tells none."""

    file_name: str
    sha256: str
    source_sha256: str | None = None
    taken_at: str | None = None


def of_visits(ledger: Ledger, visits: Sequence[str], now: str | None = None) -> dict[str, list[Finding]]:
    """The doubts of some visits, each in the order of the rules; [] where there is none.

    Answered from what `all_of` has read; for a few visits, where it has not, only their people and the texts are read.
    now: today as ISO date.
    """
    desk = desks.of(ledger)
    with desk.lock, ledger.read() as connection:
        desk.refresh(connection, now)
        rows = {rowid: visit for visit, rowid in queries.rowids(connection, visits).items()}
        if len(rows) > FEW:
            desk.read_all(connection)
        if desk.complete:
            met = {rowid: desk.met(rowid) for rowid in rows}
            if desk.rules.on("near_text") and (desk.texts is None or desk.texts.near is None):
                _texts(connection, desk, met)  # the rule was off when everything was read
        else:
            met = _met(connection, desk, list(rows))
        found = told(connection, desk.rules, desk.reference, met, rows, {})
    return {visit: [] for visit in visits} | {rows[rowid]: list_ for rowid, list_ in found.items()}


def of_values(
    ledger: Ledger,
    values: Mapping[str, Any],
    visit: str | None = None,
    photos: Sequence[TakenPhoto] | None = None,
    now: str | None = None,
) -> list[Finding]:
    """The doubts of what an editor holds: values of the journal's fields, laid over those of `visit` where it is saved.

    photos: those not saved yet. Of a new visit without `photos` nothing is said about photos. now: today as ISO date.
    """
    folded = ledger.folded(visit) if visit else None
    fields = entities()["visit"].fields
    whole = {**(folded.values if folded else {}), **{f: fields[f].canonical(v) for f, v in values.items()}}
    desk = desks.of(ledger)
    with desk.lock, ledger.read() as connection:
        desk.refresh(connection, now)
        rowid = queries.rowids(connection, [visit]).get(visit, UNSAVED) if visit else UNSAVED
        checker = desk.checker()
        seen = _seen(checker, rowid, whole)
        met = dict(checker.alone(seen))
        kept = [(name, taken) for _, name, taken in queries.photos(connection, [rowid])]
        if rowid != UNSAVED or photos is not None:
            met.update(checker.photos(seen, [*kept, *((p.file_name, p.taken_at) for p in photos or ())]))
        hashes = queries.photo_hashes(connection, [rowid])
        for p in photos or ():
            hashes += [(rowid, sha, p.file_name) for sha in {p.sha256, p.source_sha256 or p.sha256}]
        _reused(connection, {rowid: met}, hashes)
        add_together(met, rowid, _together(connection, checker, [seen]))
        if desk.rules.on("near_text"):
            add_text(met, desk.read_texts(connection).like(whole.get("content"), rowid))
        own = {rowid: (seen.date, _names(connection, whole.get("who")), seen.county)}
        ids = {rowid: visit} if visit and rowid != UNSAVED else {}
        return told(connection, desk.rules, desk.reference, {rowid: met}, ids, own)[rowid]


def _seen(checker: Checker, rowid: int, whole: Mapping[str, Any]) -> Seen:
    time = whole.get("time") or [None] * 5
    where = whole.get("where") or [None] * 3
    return checker.seen(
        rowid, time, where[0], checker.whose(whole.get("who")), tuple(whole.get("ways") or ()),
        whole.get("trained"), whole.get("households"),
    )  # fmt: skip


def _names(connection: Connection, who: Any) -> str:
    pairs = [p for p in who or () if isinstance(p, list | tuple) and len(p) == 2]
    return "、".join(
        names.name(connection, "commissioner", person) or names.name(connection, "appointment", place)
        for place, person in pairs
    )


def _met(connection: Connection, desk: Desk, rowids: list[int]) -> dict[int, dict[str, Hit]]:
    """What some visits have met, found without reading all others but their texts."""
    checker = desk.checker()
    seen = [checker.see(row) for row in queries.visits(connection, rowids)]
    met: dict[int, dict[str, Hit]] = {v.rowid: dict(checker.alone(v)) for v in seen}
    photos: dict[int, list[tuple[str, str | None]]] = {}
    for rowid, name, taken in queries.photos(connection, met):
        photos.setdefault(rowid, []).append((name, taken))
    for v in seen:
        met[v.rowid].update(checker.photos(v, photos.get(v.rowid)))
    _reused(connection, met, queries.photo_hashes(connection, met))
    together = _together(connection, checker, seen)
    for v in seen:
        add_together(met[v.rowid], v.rowid, together)
    if desk.rules.on("near_text"):
        _texts(connection, desk, met)
    return met


def _together(
    connection: Connection, checker: Checker, seen: Sequence[Seen]
) -> list[dict[str, dict[int, Hit]]]:
    """What the people of some visits meet, with these visits as they are seen here."""
    people = {p for v in seen for p in v.whose.people}
    here = {v.rowid: v for v in seen}
    found = []
    for person, log in logs_of(connection, checker, people).items():
        rows = [row for row in log if row[0] not in here]
        own = Log()
        for v in seen:
            if person in v.whose.people:
                own.add(v, checker.county(v.county))
        found.append(checker.together([*rows, *own]))
    return found


def _texts(connection: Connection, desk: Desk, met: dict[int, dict[str, Hit]]) -> None:
    texts = desk.read_texts(connection)
    for rowid, content in queries.texts(connection, met):
        add_text(met[rowid], texts.like(content, rowid))


def _reused(
    connection: Connection, met: dict[int, dict[str, Hit]], hashes: Sequence[tuple[int, str, str]]
) -> None:
    """Add which photos (visit's row number, hash, file's name) stand at other visits too."""
    at: dict[str, list[int]] = {}
    for sha, rowid in queries.visits_with_photos(connection, [sha for _, sha, _ in hashes]) if hashes else ():
        at.setdefault(sha, []).append(rowid)
    names_of: dict[int, dict[str, None]] = {}
    others: dict[int, dict[int, None]] = {}
    for rowid, sha, name in hashes:
        elsewhere = [r for r in at.get(sha, ()) if r != rowid]
        if elsewhere:
            names_of.setdefault(rowid, {})[name] = None
            others.setdefault(rowid, {}).update(dict.fromkeys(elsewhere))
    for rowid, names_ in names_of.items():
        met[rowid]["photo_reused"] = photo_hit(list(names_), others[rowid])

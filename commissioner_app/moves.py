"""变动记录: where a place has been, and who moved it when; told from the journal, removed stays included."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from commissioner_app.history import when_text
from commissioner_app.labels import Reader, field_label
from db.entities import DELETED
from db.journal.changes import Change, ChangeId
from db.journal.rights import counted
from db.ledger import Ledger
from db.queries import journal, roster


@dataclass(frozen=True)
class PastStay:
    """A stay as it is now, or as it was when it was removed."""

    id: str
    county: str
    start: str | None
    end: str | None
    removed: bool

    @property
    def period(self) -> str:
        """2022-04-01 至 2022-09-30."""
        return f"{self.start or '—'} 至 {self.end or '—'}"


@dataclass(frozen=True)
class Move:
    """One operation that touched the stays of a place; lines tell what it did, one sentence each."""

    operation: ChangeId
    when: str
    actor: str
    station: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Trail:
    """All stays in order of their beginning, and all moves, the newest first."""

    stays: tuple[PastStay, ...]
    moves: tuple[Move, ...]


def trail(ledger: Ledger, place: str) -> Trail:
    """Where a place has been. What does not count (kept aside) is no move."""
    with ledger.read() as connection:
        records = roster.stays(connection, place)
    reader, valid = Reader(ledger), ledger.certificates()
    told: dict[ChangeId, list[tuple[Change, str]]] = {}
    past: list[PastStay] = []
    for record in records:
        now: dict[str, Any] = {}
        for change in sorted(counted(ledger.history(record), valid), key=lambda c: c.order):
            lines = _told(reader, now, change.values)
            now.update(change.values)
            if lines:
                operation = ChangeId(change.id.session, change.operation)
                told.setdefault(operation, []).extend((change, line) for line in lines)
        if now:
            start, end = _pair(now.get("period"))
            past.append(PastStay(record, _county(reader, now), start, end, bool(now.get(DELETED))))
    with ledger.read() as connection:
        infos = {o: journal.operation(connection, o, ledger.station) for o in told}
    moves = []
    for operation, found in sorted(told.items(), key=lambda item: item[1][0][0].order, reverse=True):
        info = infos[operation]
        # What ended is told before what began.
        lines = [line for c, line in found if c.kind != "insert"] + [
            line for c, line in found if c.kind == "insert"
        ]
        moves.append(
            Move(
                operation,
                when_text(found[0][0].wall),
                info.actor if info else "",
                info.station if info else "",
                info.label if info else "",
                tuple(lines),
            )
        )
    return Trail(tuple(sorted(past, key=lambda s: (s.start or "", s.id))), tuple(moves))


def _told(reader: Reader, now: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """What a change of a stay did, in sentences, `now` being what the stay was before."""
    if not now:
        then = dict(values)
        start, end = _pair(then.get("period"))
        towns = _towns(reader, then.get("where"))
        text = f"安排到{_county(reader, then)}，{start or '—'} 至 {end or '—'}"
        return [text + (f"，{towns}" if towns else "")]
    after = {**now, **values}
    before, county = _county(reader, now), _county(reader, after)
    lines = []
    if DELETED in values and bool(values[DELETED]) != bool(now.get(DELETED)):
        start, end = _pair(after.get("period"))
        verb = "删除" if values[DELETED] else "恢复"
        lines.append(f"{verb}在{before}的安排（{start or '—'} 至 {end or '—'}）")
    if county != before:
        lines.append(f"由{before}改为{county}")
    elif "where" in values and (towns := _towns(reader, values["where"])) != _towns(reader, now.get("where")):
        lines.append(f"{county}的乡镇：{_towns(reader, now.get('where')) or '—'} → {towns or '—'}")
    if "period" in values and (line := _period(county, _pair(now.get("period")), _pair(values["period"]))):
        lines.append(line)
    for name in ("recipients", "agreement", "remark"):
        if name in values and values[name] != now.get(name):
            old, new = (reader.value("assignment", name, v) for v in (now.get(name), values[name]))
            lines.append(f"{county}的{field_label('assignment', name)}：{old} → {new}")
    return lines


def _period(county: str, old: tuple[str | None, str | None], new: tuple[str | None, str | None]) -> str:
    if old == new:
        return ""
    if old[0] == new[0] and new[1] and (old[1] is None or new[1] < old[1]):
        return f"在{county}到 {new[1]} 为止（原为 {old[1] or '—'}）"
    return f"在{county}的起止日期：{old[0] or '—'} 至 {old[1] or '—'} → {new[0] or '—'} 至 {new[1] or '—'}"


def _pair(value: Any) -> tuple[str | None, str | None]:
    """A period of the journal; a foreign value of another shape is none."""
    if isinstance(value, list) and len(value) == 2:
        return (str(value[0]) if value[0] else None, str(value[1]) if value[1] else None)
    return None, None


def _county(reader: Reader, values: Mapping[str, Any]) -> str:
    where = values.get("where")
    code = where[0] if isinstance(where, list) and where else None
    return reader.place(str(code), None) if code else "（未填受援县）"


def _towns(reader: Reader, where: Any) -> str:
    codes = where[1] if isinstance(where, list) and len(where) == 2 and isinstance(where[1], list) else []
    return "、".join(reader.place(None, str(code)) for code in codes)

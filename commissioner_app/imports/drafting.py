"""What a row that has found its place writes: the place's fields, the person, the stay in a county, the leader."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from commissioner_app import people, places
from commissioner_app.imports import cells
from commissioner_app.imports.actions import Action, FieldChange
from commissioner_app.imports.match import Known, same_phone
from commissioner_app.imports.placing import Places, Wish
from commissioner_app.imports.records import Record
from db.errors import Refused
from db.ids import computed_id, new_id
from db.ledger import Draft
from db.queries.imports import KnownPerson
from db.queries.roster import PlaceRow

_OWN = {"性别": "gender", "出生年月": "birth_month", "院系部门": "department", "职称": "title", "职务": "post",
        "学历学位": "degree", "专业": "specialty", "备注": "remark"}  # fmt: skip
_PRIVATE = {"联系电话": "phone", "电子邮箱": "email", "身份证号": "id_number"}


class Writing:
    """The drafts of one row, and the fields that change by them, in words."""

    def __init__(
        self, where: Places, known: Known, record: Record, wish: Wish, leaders: dict[str, str]
    ) -> None:
        self.where, self.known, self.record, self.wish = where, known, record, wish
        self.values = record.values
        self.name = self.values.get("姓名", "")
        self.notes = [*record.notes, *wish.notes]
        self.changes: list[FieldChange] = []
        self.drafts: list[Draft] = []
        self._leaders = leaders

    def place(self, place: PlaceRow, action: Action) -> None:
        """What the row says of the place itself."""
        wish = self.wish
        told = {
            "category": (wish.category.id if wish.category else None, place.category, "类别", place.category_name,
                         wish.category.name if wish.category else ""),
            "team": (wish.team.id if wish.team else None, place.team, "服务团", place.team_name,
                     wish.team.name if wish.team else ""),
            "funding": (self.values.get("经费来源"), place.funding or None, "经费来源", place.funding,
                        self.values.get("经费来源", "")),
        }  # fmt: skip
        if not place.organisation:  # the person's own unit may differ from the place's sender: that one stays
            told["organisation"] = (self.where.organisation(wish.unit), None, "派出单位", "", wish.unit)
        if action is Action.NEW_PLACE:
            values = {f: new for f, (new, *_) in told.items() if new}
            self.drafts.append(places.draft(place.code, self.where.batch.id, values))
            return
        values = {f: new for f, (new, old, *_) in told.items() if new and new != old}
        if values:
            self.drafts.append(Draft("appointment", place.id, "update", values))
            self.changes += [FieldChange(*told[f][2:]) for f in values]

    def person(self, person: KnownPerson | None, place: PlaceRow | None) -> None:
        """Drafts for the person, and for taking a place where one is given."""
        own, private = dict(self._own(person)), dict(self._private(person))
        record = person.id if person else new_id()
        if person is None:
            self.drafts.append(Draft("commissioner", record, "insert", {"name": self.name, **own}))
        elif own:
            self.drafts.append(Draft("commissioner", record, "update", own))
        if place is not None:
            self.drafts.append(people.tenure_draft(place.id, record, _free_from(place), None))
        if private:
            self.drafts.append(
                Draft("commissioner_private", people.private_id(record), "update", {"commissioner": record, **private})
            )  # fmt: skip

    def _own(self, person: KnownPerson | None) -> Iterator[tuple[str, Any]]:
        if person is not None and person.name != self.name:
            yield "name", self._changed("姓名", person.name, self.name)
        unit = self.wish.unit
        if unit and not (person and self.known.same_unit(unit, person)):
            yield "organisation", self.where.organisation(unit)
            if person is not None:
                self._changed("派出单位", person.organisation_name, unit)
        for name, column in _OWN.items():
            new = self.values.get(name, "")
            old = str(getattr(person, column)) if person else ""
            if new and (new != old and (column != "birth_month" or new != people.birth_month(old))):
                yield column, self._changed(name, old, new) if person else new
        industries = cells.listed(self.values.get("服务产业", ""))
        if industries and (person is None or set(industries) != set(person.industries)):
            if person is not None:
                self._changed("服务产业", "、".join(person.industries), "、".join(industries))
            yield "industries", industries

    def _private(self, person: KnownPerson | None) -> Iterator[tuple[str, str]]:
        for name, column in _PRIVATE.items():
            new, old = self.values.get(name, ""), str(getattr(person, column)) if person else ""
            same = same_phone(new, old) if column == "phone" and old else new == old
            if not new or "*" in new or same:
                continue
            if person is not None:
                shown = (people.mask_id(old), people.mask_id(new)) if column == "id_number" else (old, new)
                self._changed(name, *shown)
            yield column, new

    def _changed(self, name: str, old: str, new: str) -> str:
        self.changes.append(FieldChange(name, old, new))
        return new

    def stay(self, place: PlaceRow) -> None:
        """The county of the row: where the place has none yet; another one is a problem, not overwritten."""
        wish, batch, divisions = self.wish, self.where.batch, self.where.divisions
        assigned = [a.county for a in place.assignments]
        start, end = self.record.period
        if (start or end) and (not wish.county or assigned):
            self.notes.append("服务期限没有写入：" + ("受援县安排已有期限。" if assigned else "没有受援县。"))
        wanted = [wish.county] if wish.county else list(wish.candidates)
        if not wanted or set(wanted) <= set(assigned):
            return
        shown = "、".join(divisions.name(c) for c in wanted)
        if assigned:
            raise Refused(f"台账里 {place.code} 的受援县与表中“{shown}”不同，请在受援县安排中调整。")
        if wish.county:
            where = [wish.county, list(wish.townships) or None]
            period = [start or batch.service_from, end or batch.service_to]
            values = {"appointment": place.id, "where": where, "period": period}
            self.drafts.append(Draft("assignment", computed_id("assignment", place.id), "insert", values))
            self._changed("受援县", "", shown)
        elif set(wanted) != set(place.candidate_counties):
            self.drafts.append(
                Draft("appointment", place.id, "update", {"candidate_counties": sorted(wanted)})
            )
            self._changed("候选受援县", "、".join(map(divisions.name, place.candidate_counties)), shown)
            self.notes.append("受援县有几个，作为候选，先列为待安排。")

    def leader(self, place: PlaceRow) -> None:
        team = self.wish.team or next((t for t in self.where.teams if t.id == place.team), None)
        if not team or not self.values.get("团内职务", "").startswith("团长") or team.leader == place.id:
            return
        other = self._leaders.setdefault(team.id, self.record.key)
        if other != self.record.key:
            self.notes.append(f"“{team.name}”在表中已有一位团长，这一位没有写成团长。")
            return
        self.drafts.append(Draft("team", team.id, "update", {"leader": place.id}))
        self._changed("团长", "", self.name)


def _free_from(place: PlaceRow) -> str | None:
    """The day after the last day that somebody held the place, None where nobody ever did."""
    last = max((h.held_to for h in place.people if h.held_to), default=None)
    return (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat() if last else None

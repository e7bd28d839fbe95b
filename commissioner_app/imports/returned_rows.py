"""What the edited cells of a returned roster mean, record by record."""

import re
from collections.abc import Sequence
from typing import Any, Protocol

from commissioner_app import batches, people, tables
from commissioner_app.divisions import Divisions
from commissioner_app.labels import Reader, field_label
from commissioner_app.stamps import Stamp
from db.entities import entities
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal import merged
from db.journal.fold import Folded
from db.ledger import Draft, Ledger
from db.queries import roster
from db.queries.roster import Named, PlaceRow

NOWHERE = ("", "待安排", "待定", "—", "-")

_PERSON = {
    "姓名": "name", "性别": "gender", "出生年月": "birth_month", "院系部门": "department", "职称": "title", "职务": "post",
    "学历学位": "degree", "专业": "specialty", "服务产业": "industries", "备注": "remark",
}  # fmt: skip
_PRIVATE = {"联系电话": "phone", "电子邮箱": "email", "身份证号": "id_number"}


class Row(Protocol):
    """A row with a mark, as `returned.MarkedRow`."""

    @property
    def sheet(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def record(self) -> str: ...
    @property
    def cells(self) -> dict[str, Any]: ...
    @property
    def edited(self) -> frozenset[str]: ...


Told = tuple[str, str, dict[str, Any]]
"""entity, record, values that the edited cells say."""

Change = tuple[str, str, str, str, bool]
"""who, field, before, after, disputed."""


class Rows:
    """What all kinds of rows need: the ledger now, and the records as the export showed them."""

    fixed: tuple[str, ...] = ("名额编号",)
    """Columns that tell the row: edited ones mean that only some columns were sorted."""

    def __init__(self, ledger: Ledger, stamp: Stamp, rows: Sequence[Row]) -> None:
        self.ledger = ledger
        self.divisions = Divisions.of(ledger)
        self.reader = Reader(ledger, self.divisions)
        self.batches = batches.all_batches(ledger)
        day = batches.reference_day(batches.current(self.batches))
        with ledger.read() as connection:
            self.places = {p.id: p for p in roster.places(connection, None, day)}
            self.recipients = roster.recipients(connection)
            self.teams = roster.teams(connection, None)
            self.stands = merged.stands(connection)
        wanted = {i for row in rows for i in self.records(row)}
        wanted |= {self.standing(i) for i in wanted}
        self.then = ledger.as_of(stamp.knew, sorted(wanted))

    def standing(self, record: str) -> str:
        """The record that stands for one that was merged since the export, else itself."""
        return self.stands.get(record, record)

    def records(self, row: Row) -> list[str]:
        """The records that a row tells of."""
        raise NotImplementedError

    def place(self, row: Row) -> PlaceRow:
        """The place of a row. Raises Refused where it is gone."""
        found = self.places.get(row.record.split("|")[0])
        if found is None:
            raise Refused("台账里已经没有这个名额。")
        for column in self.fixed:
            if column in row.edited:
                raise Refused(f"“{column}”与导出时不同，可能只对一部分列排了序，这一行没有导入。")
        return found

    def county(self, cell: Any) -> str | None:
        """The county of a cell, None for 待安排. Raises Refused."""
        word = tables.text(cell)
        if word in NOWHERE:
            return None
        code = self.divisions.county_code(word)
        if code is None:
            raise Refused(f"受援县“{word}”不是本市的县（市、区）。")
        return code

    def changes(self, who: str, told: Sequence[Told]) -> tuple[list[Change], list[Draft]]:
        """The edits and drafts of what the cells say, over what the export showed. Raises Refused."""
        edits: list[Change] = []
        drafts: list[Draft] = []
        for entity, exported, values in told:
            record = self.standing(exported)
            then, now = self.then.get(exported), self.ledger.folded(record)
            base = then if record == exported else self.then.get(record)
            if now is not None and now.deleted:
                raise Refused(f"台账里已经删除了{who}的这项内容。")
            fields = entities()[entity].fields
            wanted = {}
            for name, raw in values.items():
                value = fields[name].canonical(raw)
                was = then.values.get(name) if then else None
                if value == was or (now is not None and now.values.get(name) == value):
                    continue
                wanted[name] = value
                edits.append((
                    who, field_label(entity, name), self.reader.value(entity, name, was),
                    self.reader.value(entity, name, value), _disputed(base, now, name),
                ))  # fmt: skip
            if wanted:
                drafts.append(Draft(entity, record, "update", wanted, base.shown if base else {}))
        return edits, drafts


def _disputed(then: Folded | None, now: Folded | None, name: str) -> bool:
    """Whether somebody has written the field since the export: both values will stand beside each other."""
    before = set(then.heads.get(name, ())) if then else set()
    return now is not None and bool(set(now.heads.get(name, ())) - before)


class RosterRows(Rows):
    """Rows of the exported roster: place|person|stay…"""

    def records(self, row: Row) -> list[str]:
        place, person, *stays = row.record.split("|")
        found = [place, *stays]
        if person:
            found += [person, people.private_id(person), people.private_id(self.standing(person))]
        return [*found, *(t.id for t in self.teams)]

    def read(self, row: Row) -> tuple[list[Change], list[Draft]]:
        """What the edited cells of a row would change. Raises Refused."""
        place = self.place(row)
        _, person, *stays = row.record.split("|")
        told: list[Told] = []
        drafts: list[Draft] = []
        own = self._own(row)
        private = self._private(row)
        who = place.name or tables.text(row.cells.get("姓名")) or place.code
        unit = self._unit(row, place, person, drafts)
        if person:
            if "姓名" in row.edited and (row.edited & {"联系电话", "派出单位", "身份证号"}):
                raise Refused(f"名额 {place.code} 的姓名和联系方式都改了，像是换人；换人请在窗口中办理。")
            if "姓名" in row.edited and not own.get("name"):
                raise Refused("姓名被清空；移出名额请在窗口中办理。")
            own |= unit.get("commissioner", {})
            told += [("commissioner", person, own)] if own else []
            told += (
                [("commissioner_private", people.private_id(self.standing(person)), private)]
                if private
                else []
            )
        elif own.get("name"):
            return self._newcomer(place, own | unit.get("commissioner", {}), private, drafts)
        elif own or private:
            raise Refused("这个名额还没有人，请先填写姓名。")
        values = self._place(row, place) | unit.get("appointment", {})
        told += [("appointment", place.id, values)] if values else []
        told += self._leader(row, place, values)
        edits, more = self.changes(who, told)
        if "受援县" in row.edited:
            stay_edits, stay_drafts = self._stay(row, place, stays, who)
            edits += stay_edits
            more += stay_drafts
        return edits, [*drafts, *more]

    def _categories(self, batch: str | None) -> list[Named]:
        return batches.categories(self.ledger, batch) if batch else []

    def _own(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, name in _PERSON.items():
            if column not in row.edited:
                continue
            text = tables.text(row.cells[column])
            if name == "name":
                found[name] = people.tidy_name(text)
            elif name == "industries":
                found[name] = tables.listed(row.cells[column])
            elif name == "birth_month":
                problem = people.birth_month_problem(text)
                if problem:
                    raise Refused(problem)
                found[name] = people.birth_month(text)
            else:
                found[name] = text
        return found

    def _private(self, row: Row) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, name in _PRIVATE.items():
            if column not in row.edited:
                continue
            text = tables.text(row.cells[column])
            if name == "phone":
                text = re.sub(r"[\s-]", "", text) if re.fullmatch(r"[\s\d-]*1[\s\d-]*", text) else text
            problem = {
                "phone": people.phone_problem,
                "email": people.email_problem,
                "id_number": people.id_number_problem,
            }[name]("" if "*" in text else text)
            if problem or "*" in text:
                raise Refused(problem or f"“{column}”里有星号，无法读入。")
            found[name] = text
        return found

    def _unit(self, row: Row, place: PlaceRow, person: str, drafts: list[Draft]) -> dict[str, dict[str, Any]]:
        """派出单位 stands for the place's sender where it has one, and for the person's unit where that was the same."""
        if "派出单位" not in row.edited:
            return {}
        name = re.sub(r"\s+", "", tables.text(row.cells["派出单位"]))
        record, made = people.organisation_drafts(self.ledger, name)
        drafts += made
        then_place, then_person = self.then.get(place.id), self.then.get(person)
        of_place = then_place.values.get("organisation") if then_place else None
        of_person = then_person.values.get("organisation") if then_person else None
        found: dict[str, dict[str, Any]] = {}
        if of_place:
            found["appointment"] = {"organisation": record}
        if not of_place or of_place == of_person:
            found["commissioner"] = {"organisation": record}
        return found

    def _place(self, row: Row, place: PlaceRow) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "经费来源" in row.edited:
            found["funding"] = tables.text(row.cells["经费来源"])
        if "类别" in row.edited:
            word = tables.text(row.cells["类别"])
            hits = [c for c in self._categories(place.batch) if word in (c.name, c.full_name, *c.aliases)]
            if not hits:
                raise Refused(f"这个批次没有“{word}”这个类别，请先在设置中添加。")
            found["category"] = hits[0].id
        if "服务团" in row.edited:
            word = re.sub(r"\s+", "", tables.text(row.cells["服务团"]))
            teams = [t for t in self.teams if t.name == word and t.batch in (None, place.batch)]
            if word and not teams:
                raise Refused(f"没有“{word}”这个服务团，请先新建。")
            found["team"] = teams[0].id if word else None
        return found

    def _leader(self, row: Row, place: PlaceRow, values: dict[str, Any]) -> list[Told]:
        if "团内职务" not in row.edited:
            return []
        team = values.get("team", place.team)
        word = tables.text(row.cells["团内职务"])
        if word not in ("", "团长", "成员"):
            raise Refused(f"团内职务“{word}”应为团长或成员。")
        if not team:
            if word:
                raise Refused("这个名额不在服务团里，没有团内职务。")
            return []
        if word == "团长":
            return [("team", team, {"leader": place.id})]
        return [("team", team, {"leader": None})] if any(t.leader == place.id for t in self.teams) else []

    def _stay(
        self, row: Row, place: PlaceRow, stays: list[str], who: str
    ) -> tuple[list[Change], list[Draft]]:
        county = self.county(row.cells["受援县"])
        if len(stays) > 1:
            raise Refused("这个名额同时有几段安排，请在受援县安排中调整。")
        if stays:
            if county is None:
                raise Refused("改回待安排请在受援县安排中办理。")
            return self.changes(who, [("assignment", stays[0], {"where": [county, None]})])
        return first_stay(self, place, county, who)

    def _newcomer(
        self, place: PlaceRow, own: dict[str, Any], private: dict[str, Any], drafts: list[Draft]
    ) -> tuple[list[Change], list[Draft]]:
        """Somebody's name stands now at a place that was open."""
        name = own["name"]
        if place.name == name:
            return [], []
        if place.commissioner:
            raise Refused(f"名额 {place.code} 现为{place.name}，表中为{name}；换人请在窗口中办理。")
        namesakes = [p for p in self.places.values() if p.name == name and p.batch == place.batch]
        if namesakes:
            raise Refused(f"名单里已有{name}（{namesakes[0].code}），请在窗口中安排到名额 {place.code}。")
        record = new_id()
        drafts.append(Draft("commissioner", record, "insert", own))
        if private:
            drafts.append(
                Draft(
                    "commissioner_private",
                    people.private_id(record),
                    "update",
                    {"commissioner": record, **private},
                )
            )
        drafts.append(people.tenure_draft(place.id, record, people.free_from(self.ledger, place.id), None))
        return [(name, "名额", "—", place.code, False)], drafts


def first_stay(rows: Rows, place: PlaceRow, county: str | None, who: str) -> tuple[list[Change], list[Draft]]:
    """A county now stands where the export said 待安排."""
    if county is None:
        return [], []
    if place.assignments:
        if county in [a.county for a in place.assignments]:
            return [], []
        raise Refused(f"台账里 {place.code} 已有受援县，请在受援县安排中调整。")
    batch = next((b for b in rows.batches if b.id == place.batch), None)
    period = [batch.service_from, batch.service_to] if batch else None
    draft = Draft("assignment", computed_id("assignment", place.id), "insert", {
        "appointment": place.id, "where": [county, None], "period": period,
    })  # fmt: skip
    return [(who, "受援县", "待安排", rows.divisions.name(county), False)], [draft]

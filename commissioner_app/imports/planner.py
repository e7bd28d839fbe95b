"""Making a plan: each row of the lists against the ledger, nobody known doubled, nothing guessed, nothing written."""

from dataclasses import dataclass, field
from typing import Any

from commissioner_app.imports.actions import KEEP, OTHER, SAME_AS, SKIP, Action, PlanRow
from commissioner_app.imports.drafting import Writing
from commissioner_app.imports.match import Answer, Known, alike, same_phone
from commissioner_app.imports.placing import Places, Wish
from commissioner_app.imports.records import Record
from db.errors import Refused
from db.ledger import Draft
from db.queries.imports import KnownPerson
from db.queries.roster import PlaceRow

_ROLES = ("团长", "副团长", "成员", "团员")


@dataclass
class _Met:
    """Somebody whom a row before has named."""

    row: PlanRow
    unit: str
    phone: str
    wish: Wish


@dataclass
class Planner:
    """Plans row after row; `drafts` is what the rows so far would write."""

    known: Known
    places: Places
    decisions: dict[str, str]
    drafts: list[Draft] = field(default_factory=list)
    met: dict[str, list[_Met]] = field(default_factory=dict)
    persons: dict[str, PlanRow] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    leaders: dict[str, str] = field(default_factory=dict)

    def row(self, record: Record) -> PlanRow:
        """What a row would do; its drafts are taken up unless it is a problem or has to be decided."""
        if self.decisions.get(record.key) == SKIP:
            return self.told(record, Action.SKIP)
        if record.problem:
            return self.told(record, Action.PROBLEM, reason=record.problem)
        try:
            _roles(record)
            wish = self.places.wish(record)
            found = _Row(self, record, wish).plan()
        except (Refused, ValueError) as error:
            return self.told(record, Action.PROBLEM, reason=str(error))
        self._keep(found, wish, record)
        return found

    def told(self, record: Record, action: Action, **more: Any) -> PlanRow:
        """A row of the plan for a record."""
        return PlanRow(
            record.key, record.sheet, record.row, record.part, record.values.get("姓名", ""), record.values,
            " / ".join(record.sections), action, notes=record.notes, proposal=record.proposal, **more,
        )  # fmt: skip

    def _keep(self, row: PlanRow, wish: Wish, record: Record) -> None:
        """Remember whom the row named, and take up what it writes with the category, team and unit it needs."""
        if row.action in (Action.ASK, Action.PROBLEM):
            return
        for draft in row.drafts:
            for value in draft.values.values():
                if isinstance(value, str) and value in self.places.made and value not in self._used:
                    self._used.add(value)
                    self.drafts.append(self.places.made[value])
        self.drafts += row.drafts
        if row.name:
            self.met.setdefault(row.name, []).append(
                _Met(row, wish.unit, record.values.get("联系电话", ""), wish)
            )


def _roles(record: Record) -> None:
    """团长 in the column of categories is what somebody is in the team."""
    values = record.values
    if values.get("类别") in _ROLES:
        values["团内职务"] = values.pop("类别")
        if not record.sections and "服务团" not in values:
            values["类别"] = "服务团成员"


class _Row(Writing):
    """One row on its way to its place. Raises Refused where it cannot go there."""

    def __init__(self, planner: "Planner", record: Record, wish: Wish) -> None:
        super().__init__(planner.places, planner.known, record, wish, planner.leaders)
        self.p = planner
        self.code = self.values.get("名额编号", "").replace(" ", "")
        self.phone = self.values.get("联系电话", "")

    def plan(self) -> PlanRow:
        by_code = self.where.by_code.get(self.code) if self.code else None
        if not self.name:
            if by_code is None:
                raise Refused(f"台账里没有名额“{self.code}”。" if self.code else "没有姓名。")
            return self._empty_place(by_code)
        twice = self._twice()
        if twice is not None:
            return twice
        answer = self._who(by_code)
        if answer.candidates:
            return self.p.told(self.record, Action.ASK, candidates=answer.candidates, reason=answer.reason)
        self.notes += answer.notes
        return self._placed(answer.person, by_code, answer)

    # -- who -------------------------------------------------------------------------------------------

    def _twice(self) -> PlanRow | None:
        """The row of somebody whom a row before has named already, None for anybody else."""
        if self.p.decisions.get(self.record.key) == OTHER:
            return None
        for met in self.p.met.get(self.name, ()):
            phones = self.phone and met.phone
            if phones and not same_phone(self.phone, met.phone):
                continue
            units = self.wish.unit and met.unit
            if (
                units
                and not phones
                and not (met.unit.startswith(self.wish.unit) or self.wish.unit.startswith(met.unit))
            ):
                continue
            if self.code and met.row.place and self.code != met.row.place and self.code in self.where.by_code:
                continue
            where = f"第 {met.row.row} 行"
            other = [
                word
                for word, mine, theirs in (
                    ("受援县", self.wish.county, met.wish.county), ("类别", self.wish.category, met.wish.category),
                    ("服务团", self.wish.team and self.wish.team.id, met.wish.team and met.wish.team.id),
                )
                if mine and theirs and mine != theirs
            ]  # fmt: skip
            if other:
                raise Refused(f"与{where}是同一个人，但{'、'.join(other)}不同，请核对。")
            self.notes.append(f"与{where}是同一个人，只读入一次。")
            return self._done(Action.SAME, met.row.place)
        return None

    def _who(self, by_code: PlaceRow | None) -> Answer:
        known, decided = self.known, self.p.decisions.get(self.record.key, "")
        for prefix in (SAME_AS, KEEP):
            if decided.startswith(prefix):
                person = known.by_id.get(decided.removeprefix(prefix))
                if person is None:
                    raise Refused("已选定的这个人不在台账里了，请重新选择。")
                if prefix == KEEP:
                    self.name = person.name
                return Answer(person)
        holder = known.by_id.get(by_code.commissioner or "") if by_code else None
        if holder is not None and holder.name == self.name:
            return Answer(holder)
        answer = known.who(self.name, self.wish.unit, self.phone) if decided != OTHER else Answer()
        if holder is None or by_code is None or (answer.person and answer.person.id != holder.id):
            return answer
        if any(c.commissioner == holder.id for c in answer.candidates):
            return answer
        if alike(holder.name, self.name) >= 60 and decided != OTHER:
            near = known.candidate(holder, 85, "名额编号相同，姓名相近")
            return Answer(
                None, (near,), f"名额 {self.code} 现为{holder.name}，表中为{self.name}；是同一个人吗？"
            )
        raise Refused(f"名额 {by_code.code} 现为{holder.name}，表中为{self.name}；换人请在窗口中办理。")

    # -- where -----------------------------------------------------------------------------------------

    def _placed(self, person: KnownPerson | None, by_code: PlaceRow | None, answer: Answer) -> PlanRow:
        where = self.where
        place = where.by_person.get(person.id) if person else None
        if person is not None:
            before = self.p.persons.get(person.id)
            if before is not None:
                raise Refused(f"与第 {before.row} 行（{before.name}）都指台账里的{person.name}，请核对。")
            if place is not None and by_code is not None and by_code.id != place.id:
                raise Refused(f"{person.name}在台账里是名额 {place.code}，表中为 {by_code.code}，请核对。")
            if place is None and by_code is None and person.id in where.once:
                code = where.once[person.id].code
                self.notes.append(f"{person.name}曾在名额 {code}，已经离任，没有再安排名额。")
                self.person(person, None)
                return self._met_person(
                    person, self._done(Action.CHANGE if self.changes else Action.SAME, code)
                )
        action = Action.SAME
        if place is None:
            if by_code is not None and by_code.id in where.filled:
                raise Refused(f"名额 {by_code.code} 在表中已有{where.filled[by_code.id]}，请核对。")
            if by_code is not None and by_code.commissioner:
                raise Refused(
                    f"名额 {by_code.code} 现为{by_code.name}，表中为{self.name}；换人请在窗口中办理。"
                )
            place, action = by_code or where.open_place(self.wish), Action.FILL
            if place is None:
                place, action = where.new_place(self.wish, self.code), Action.NEW_PLACE
            elif self.code and by_code is None:
                self.notes.append(f"台账里没有名额“{self.code}”，用了空名额 {place.code}。")
        self.place(place, action)
        self.person(person, place if action is not Action.SAME else None)
        self.stay(place)
        self.leader(place)
        if action is Action.SAME and self.changes:
            action = Action.CHANGE
        if action in (Action.FILL, Action.NEW_PLACE):
            where.take(place, self.name)
        done = self._done(action, place.code, fresh=person is None)
        return self._met_person(person, done)

    def _met_person(self, person: KnownPerson | None, row: PlanRow) -> PlanRow:
        if person is not None:
            self.p.persons[person.id] = row
        return row

    def _empty_place(self, place: PlaceRow) -> PlanRow:
        self.place(place, Action.SAME)
        self.stay(place)
        return self._done(Action.CHANGE if self.changes else Action.SAME, place.code)

    def _done(self, action: Action, place: str, fresh: bool = False) -> PlanRow:
        self.record.notes = tuple(self.notes)
        wish, divisions = self.wish, self.where.divisions
        return self.p.told(
            self.record, action, place=place, fresh=fresh, changes=tuple(self.changes), drafts=tuple(self.drafts),
            category=wish.category.name if wish.category else "", team=wish.team.name if wish.team else "",
            county="、".join(map(divisions.name, [wish.county] if wish.county else wish.candidates)),
        )  # fmt: skip

"""Import of a roster table: people fill open places; nobody known is doubled; one operation."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from commissioner_app import batches, people, places, tables
from commissioner_app.divisions import Divisions
from commissioner_app.imports import rows
from commissioner_app.imports.result import ImportResult, RowProblem
from db.errors import Refused
from db.ids import computed_id, new_id
from db.ledger import Connection, Draft, Ledger
from db.queries import roster
from db.queries.roster import BatchRow, Named, PersonRow, PlaceRow, TeamRow

COLUMNS: dict[str, Sequence[str]] = {
    "名额编号": ("名额代码",),
    "姓名": ("特派员姓名", "特派员", "科技特派员", "科技特派员姓名", "成员姓名"),
    "性别": (),
    "出生年月": ("出生日期",),
    "派出单位": ("工作单位", "所在单位", "单位", "选派单位", "派出单位名称", "单位名称"),
    "院系部门": ("院系", "部门", "所在部门"),
    "职称": ("专业技术职务", "技术职称", "职称职务", "专业技术职称"),
    "职务": ("行政职务",),
    "学历学位": ("学历", "学位"),
    "专业": ("专业特长", "研究方向", "从事专业", "所学专业", "专业领域", "特长"),
    "服务产业": ("产业", "服务领域"),
    "联系电话": ("手机", "电话", "手机号", "手机号码", "联系方式"),
    "电子邮箱": ("邮箱", "电子邮件"),
    "身份证号": ("身份证号码", "身份证"),
    "类别": ("选派类别", "特派员类别", "类型", "派出类别"),
    "服务团": ("服务团名称", "所属服务团", "产业服务团"),
    "团内职务": ("团内分工", "成员类别"),
    "受援县": ("服务县", "派驻地", "派驻县", "受援县区", "服务县区", "受援县市区", "服务地", "服务地点"),
    "经费来源": ("经费", "资助方式"),
    "备注": (),
}
"""The glossary's column names, as `export roster` writes them, with the synonyms of published lists."""


@dataclass
class _Row:
    """One person as the table has it."""

    number: int
    sheet: str
    values: dict[str, str]
    category: str = ""


@dataclass
class _Plan:
    """What the rows so far would make of the ledger."""

    places: list[PlaceRow]
    categories: list[Named]
    teams: list[TeamRow]
    organisations: dict[str, str]
    drafts: list[Draft] = field(default_factory=list)
    result: ImportResult = field(default_factory=ImportResult)
    taken: set[str] = field(default_factory=set)

    def mark(self) -> Callable[[], None]:
        """Remember how things stand; calling what is returned brings them back."""
        places_, categories, teams = list(self.places), list(self.categories), list(self.teams)
        organisations, taken, drafts = dict(self.organisations), set(self.taken), len(self.drafts)

        def back() -> None:
            self.places, self.categories, self.teams = places_, categories, teams
            self.organisations, self.taken = organisations, taken
            del self.drafts[drafts:]

        return back


def import_roster(ledger: Ledger, path: Path, year: int | None = None, dry_run: bool = False) -> ImportResult:
    """Read a roster table into the batch of a year (default: the latest). Raises Refused where nothing is read."""
    book = tables.read(path)
    found: list[_Plan] = []

    def build(connection: Connection) -> list[Draft]:
        found.append(_make_plan(ledger, connection, book, year))
        return found[-1].drafts

    if dry_run:
        with ledger.read() as connection:
            build(connection)
    else:
        # Planned inside the write transaction: nobody can write between what is read and what is written.
        ledger.write(f"导入名单 {path.name}", build)
    return found[-1].result


def _make_plan(ledger: Ledger, connection: Connection, book: tables.Workbook, year: int | None) -> _Plan:
    batch = batches.current(roster.batches(connection), year)
    if batch is None:
        raise Refused("台账里还没有选派批次，请先建立批次。")
    divisions = Divisions.of(ledger)
    plan = _Plan(
        roster.places(connection, batch.id, batches.reference_day(batch)),
        roster.categories(connection, batch.id),
        roster.teams(connection, batch.id),
        {name: o.id for o in roster.organisations(connection) for name in (o.name, *o.aliases)},
    )
    for name in book.hidden:
        plan.result.problems.append(RowProblem(0, f"工作表“{name}”是隐藏的，没有读入。", name))
    found_header = False
    for sheet in book.sheets:
        header = tables.find_header(sheet, COLUMNS, "姓名")
        if header is None:
            continue
        found_header = True
        for row in _rows(sheet, header, plan):
            plan.result.rows += 1
            undo = plan.mark()
            try:
                _plan_row(plan, batch, divisions, row, ledger)
            except (Refused, ValueError) as error:
                undo()  # nothing is written for a row that is named as a problem
                plan.result.problems.append(RowProblem(row.number, str(error), sheet.name))
    if not found_header:
        raise Refused("没有找到表头：名单里要有“姓名”和“派出单位”等列。")
    if not plan.result.rows:
        raise Refused("表格里没有一行人员，没有导入。")
    return plan


def _rows(sheet: tables.Sheet, header: tables.Header, plan: _Plan) -> list[_Row]:
    """The rows that look like records; a section row sets the category of those below it."""
    found, category = [], ""
    known = {w for c in plan.categories for w in (c.name, c.full_name, *c.aliases)}
    plan.result.skipped += header.row
    for n, cells in enumerate(sheet.rows[header.row + 1 :], header.row + 2):
        words = [tables.text(c) for c in cells]
        filled = [w for w in words if w]
        first = filled[0] if filled else ""
        if not filled or rows.is_no_record(first):
            plan.result.skipped += 1
            continue
        name = rows.section(first)
        if len(set(filled)) == 1 and (rows.is_numbered(first) or name in known):
            category = name
            plan.result.skipped += 1
            continue
        values = {name: words[c] for name, c in header.columns.items() if c < len(words) and words[c]}
        header_again = values.get("姓名") in ("姓名", *COLUMNS["姓名"])
        if header_again or (len(filled) == 1 and "姓名" not in values):
            plan.result.skipped += 1
            continue
        found.append(_Row(n, sheet.name, values, category))
    return found


def _plan_row(plan: _Plan, batch: BatchRow, divisions: Divisions, row: _Row, ledger: Ledger) -> None:
    values = row.values
    name = people.tidy_name(values.get("姓名", ""))
    role = re.search(r"[（(](团长|副团长|成员|组长)[）)]$", name)
    if role:
        name = name[: role.start()]
        values.setdefault("团内职务", role.group(1))
    if values.get("类别") in ("团长", "副团长", "成员"):
        values["团内职务"] = values.pop("类别")
        row.category = row.category or "服务团成员"
    code = values.get("名额编号", "").replace(" ", "")
    by_code = next((p for p in plan.places if p.code == code), None) if code else None
    if code and by_code is None and not name:
        raise Refused(f"台账里没有名额“{code}”。")
    if not name and by_code is None:
        raise Refused("没有姓名。")
    phone = re.sub(r"[\s-]", "", values.get("联系电话", ""))
    masked_id = values.get("身份证号", "")
    problem = people.phone_problem(phone) or ("" if "*" in masked_id else people.id_number_problem(masked_id))
    if problem:
        raise Refused(problem)
    if values.get("受援县") in ("待安排", "待定", "—"):
        values.pop("受援县")
    county = divisions.county_code(values.get("受援县")) if values.get("受援县") else None
    if county is None and "、" in values.get("受援县", ""):
        # As our own export writes a place with two stays at once: known ones are left as they are.
        codes = {divisions.county_code(w) for w in values["受援县"].split("、")}
        if by_code is not None and codes <= {a.county for a in by_code.assignments}:
            values.pop("受援县")
    if values.get("受援县") and county is None:
        raise Refused(f"受援县“{values['受援县']}”不是本市的县（市、区）。")
    team = _team(plan, batch, values)
    category = _category(plan, batch, values, row, team)
    organisation = re.sub(r"\s+", "", values.get("派出单位", ""))
    place = by_code or _known_place(plan, name, organisation, phone)
    if place is not None and place.id in plan.taken and place.name == name:
        plan.result.unchanged += 1  # the same person a second time in the list
        return
    if place is not None and place.name and name and place.name != name:
        raise Refused(f"名额 {place.code} 现为{place.name}，表中为{name}；换人请在窗口中办理。")
    before = len(plan.drafts)
    created = False
    if place is None:
        place, created = _open_place(plan, batch, category, organisation, team, county, row)
    organisation_id = _organisation(plan, organisation)
    updates = {f: v for f, v in (("organisation", organisation_id), ("team", team.id if team else None),
                                 ("category", category.id if category else None),
                                 ("funding", values.get("经费来源"))) if v}  # fmt: skip
    if place.organisation is None or not place.organisation:
        pass
    elif organisation_id and place.organisation != organisation_id:
        updates.pop(
            "organisation", None
        )  # the person's own unit differs from the place's sender: keep the place
    if not created:
        known = {
            "organisation": place.organisation,
            "team": place.team,
            "category": place.category,
            "funding": place.funding,
        }
        updates = {f: v for f, v in updates.items() if v != known[f]}
    if updates:
        plan.drafts.append(Draft("appointment", place.id, "update", updates))
    filled = False
    if name:
        filled = _person(plan, place, name, organisation_id, phone, values, ledger)
    if county and county not in [a.county for a in place.assignments]:
        if place.assignments:
            raise Refused(
                f"台账里 {place.code} 的受援县与表中“{values['受援县']}”不同，请在受援县安排中调整。"
            )
        plan.drafts.append(
            Draft("assignment", computed_id("assignment", place.id), "insert", {
                "appointment": place.id, "where": [county, None], "period": [batch.service_from, batch.service_to],
            })
        )  # fmt: skip
    if team and "团长" in values.get("团内职务", "") and team.leader != place.id:
        plan.drafts.append(Draft("team", team.id, "update", {"leader": place.id}))
    if created or filled:
        plan.result.created += 1
    elif len(plan.drafts) > before:
        plan.result.updated += 1
    else:
        plan.result.unchanged += 1
    plan.taken.add(place.id)


def _known_place(plan: _Plan, name: str, organisation: str, phone: str) -> PlaceRow | None:
    """The place of somebody known: same name, and neither unit nor phone speaks against it. Raises Refused."""
    same = [p for p in plan.places if name and p.name == name]
    fitting = [
        p
        for p in same
        if not (phone and p.phone and phone != p.phone)
        and not (
            organisation
            and p.organisation_name
            and organisation != p.organisation_name
            and phone != (p.phone or "-")
        )
    ]
    if len(fitting) > 1:
        by_phone = [p for p in fitting if phone and p.phone == phone]
        if len(by_phone) != 1:
            raise Refused(f"台账里有 {len(fitting)} 位{name}，无法确定是哪一位；请写明名额编号。")
        return by_phone[0]
    if not fitting and same and not phone and len(same) == 1:
        raise Refused(
            f"台账里有一位{name}，单位是{same[0].organisation_name}，与表中不同；请写明名额编号或电话。"
        )
    return fitting[0] if fitting else None


def _category(
    plan: _Plan, batch: BatchRow, values: dict[str, str], row: _Row, team: TeamRow | None
) -> Named | None:
    word = values.get("类别") or row.category
    if not word:
        return None
    plain = re.sub(r"[\s“”\"（）()]", "", word)
    for c in plan.categories:
        if plain in (c.name, c.full_name) or plain in c.aliases:
            return c
    hits = [
        c
        for c in plan.categories
        if any(a in plain for a in (c.name, c.full_name, *c.aliases) if len(a) >= 2)
    ]
    if len(hits) == 1:
        return hits[0]
    if len(hits) > 1:
        longest = max(
            hits, key=lambda c: max(len(a) for a in (c.name, c.full_name, *c.aliases) if a in plain)
        )
        return longest
    made = Named(computed_id("category", batch.year, word), word)
    plan.drafts.append(batches.category_draft(batch.id, batch.year, word, len(plan.categories)))
    plan.categories.append(made)
    return made


def _team(plan: _Plan, batch: BatchRow, values: dict[str, str]) -> TeamRow | None:
    word = re.sub(r"\s+", "", values.get("服务团", ""))
    if not word or word in ("无", "—", "-", "否"):
        return None
    hits = [t for t in plan.teams if word == t.name] or [
        t for t in plan.teams if word in t.name or t.name in word
    ]
    if len(hits) > 1:
        raise Refused(f"“{word}”不止一个服务团，请写全称。")
    if hits:
        return hits[0]
    made = TeamRow(
        computed_id("team", batch.year, word),
        None,
        word,
        "",
        "",
        None,
        "",
        None,
        None,
        "",
        "",
        0,
        disputed=False,
    )
    plan.drafts.append(Draft("team", made.id, "insert", {"name": word, "batch": batch.id}))
    plan.teams.append(made)
    return made


def _organisation(plan: _Plan, name: str) -> str | None:
    if not name:
        return None
    if name not in plan.organisations:
        plan.organisations[name] = computed_id("organisation", name)
        plan.drafts.append(Draft("organisation", plan.organisations[name], "insert", {"name": name}))
    return plan.organisations[name]


def _open_place(
    plan: _Plan, batch: BatchRow, category: Named | None, organisation: str, team: TeamRow | None,
    county: str | None, row: _Row,
) -> tuple[PlaceRow, bool]:  # fmt: skip
    """An open place whose sender, team and county agree or are not yet known; a new one where there is none."""

    def agrees(p: PlaceRow) -> bool:
        counties = [a.county for a in p.assignments]
        return (
            p.commissioner is None and p.id not in plan.taken
            and (not organisation or not p.organisation_name or organisation.startswith(p.organisation_name))
            and (team is None or p.team is None or p.team == team.id)
            and (county is None or not counties or county in counties)
            and (county is None or bool(counties) or not p.candidate_counties or county in p.candidate_counties)
        )  # fmt: skip

    open_ = [p for p in plan.places if agrees(p)]
    if category is not None:
        open_ = [p for p in open_ if p.category == category.id]
    else:
        # Without a category a row fills a place only where sender, team and county leave one kind.
        told = [
            p for p in open_
            if (organisation and p.organisation_name and organisation.startswith(p.organisation_name))
            or (team and p.team == team.id)
            or (county and county in [a.county for a in p.assignments])
        ]  # fmt: skip
        fitting = told or open_
        open_ = fitting if len({p.category for p in fitting}) == 1 else []
    if open_:
        # The place that already says most of what the row says.
        best = max(
            open_,
            key=lambda p: (
                bool(team and p.team == team.id), bool(organisation and p.organisation_name == organisation),
                bool(county and county in [a.county for a in p.assignments]), -plan.places.index(p),
            ),
        )  # fmt: skip
        return best, False
    code = row.values.get("名额编号") or places.next_code(
        plan.places, batch.year, category.name if category else ""
    )
    made = PlaceRow(
        computed_id("appointment", batch.id, code), code, batch.id, category.id if category else None,
        category.name if category else "", None, "", None, "", "", (), "", False,
    )  # fmt: skip
    plan.places.append(made)
    plan.drafts.append(places.draft(code, batch.id, {}))
    return made, True


def _person(
    plan: _Plan,
    place: PlaceRow,
    name: str,
    organisation: str | None,
    phone: str,
    values: dict[str, str],
    ledger: Ledger,
) -> bool:
    """Drafts for the person of a place; True where somebody new takes it."""
    masked_id = values.get("身份证号", "")
    own = {
        "name": name, "organisation": organisation, "gender": values.get("性别"), "title": values.get("职称"),
        "birth_month": values.get("出生年月"), "post": values.get("职务"), "degree": values.get("学历学位"),
        "specialty": values.get("专业"), "department": values.get("院系部门"), "remark": values.get("备注"),
        "industries": tables.listed(values.get("服务产业")) or None,
    }  # fmt: skip
    own = {f: v for f, v in own.items() if v}
    private = {
        "phone": phone,
        "email": values.get("电子邮箱"),
        "id_number": "" if "*" in masked_id else masked_id,
    }
    private = {f: v for f, v in private.items() if v}
    if "*" in phone:
        private.pop("phone", None)
    record = place.commissioner
    if record is None:
        record = new_id()
        plan.drafts.append(Draft("commissioner", record, "insert", own))
        plan.drafts.append(people.tenure_draft(place.id, record, None, None))
        index = plan.places.index(place)
        plan.places[index] = replace(
            place, commissioner=record, name=name, phone=phone, organisation_name=values.get("派出单位", ""),
            people=(PersonRow("", record, name, None, None),),
        )  # fmt: skip
        fresh = True
    else:
        known = people.person(ledger, record)
        changed = {f: v for f, v in own.items() if known.get(f) != v}
        if changed:
            plan.drafts.append(Draft("commissioner", record, "update", changed))
        private = {f: v for f, v in private.items() if known.get(f) != v}
        fresh = False
    if private:
        plan.drafts.append(
            Draft(
                "commissioner_private",
                people.private_id(record),
                "update",
                {"commissioner": record, **private},
            )
        )
    return fresh

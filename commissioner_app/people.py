"""Commissioners, their private data, and who holds which place from when to when."""

import re
from typing import Any

from commissioner_app.periods import day
from db.errors import Refused
from db.ids import computed_id, new_id
from db.journal.changes import Heads
from db.ledger import Draft, Ledger, Outcome
from db.queries import roster
from db.queries.roster import Named

PERSON_FIELDS = ("name", "gender", "birth_month", "organisation", "department", "title", "post", "degree",
                 "specialty", "industries", "remark")  # fmt: skip
PRIVATE_FIELDS = ("phone", "id_number", "email")

_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|\d{7,8}")
_MONTH = re.compile(r"(\d{4})(?:[-./年])?(\d{1,2})月?(?:[-./]?\d{1,2}日?)?")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def phone_problem(text: str) -> str:
    """What is wrong with a phone number, "" for a good or empty one."""
    compact = re.sub(r"[\s()（）]", "", text)
    return "" if not compact or _PHONE.fullmatch(compact) else "电话号码应为 11 位手机号，或带区号的座机号。"


def id_number_problem(text: str) -> str:
    """What is wrong with an ID number by GB 11643-1999 (18 digits, check digit mod 11-2); "" for a good one."""
    value = text.strip().upper()
    if not value:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", value):
        return "身份证号应为 18 位。"
    check = "10X98765432"[sum(int(d) * w for d, w in zip(value, _WEIGHTS, strict=False)) % 11]
    return "" if value[17] == check else "身份证号的校验位不对，请核对。"


def birth_month(text: str) -> str:
    """A month of birth as YYYY-MM: 1980.5, 1980年5月 and 198005 are 1980-05; what is none stays as it is."""
    found = _MONTH.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return text.strip()
    year, month = int(found[1]), int(found[2])
    return f"{year:04d}-{month:02d}" if 1900 <= year <= 2099 and 1 <= month <= 12 else text.strip()


def birth_month_problem(text: str) -> str:
    """What is wrong with a month of birth, "" for a good or empty one."""
    good = not text.strip() or re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", birth_month(text))
    return "" if good else "出生年月请写成 1980-05 的形式。"


def email_problem(text: str) -> str:
    """What is wrong with an e-mail address, "" for a good or empty one."""
    good = not text.strip() or re.fullmatch(r"[^@\s，、；]+@[^@\s，、；]+\.[A-Za-z]{2,}", text.strip())
    return "" if good else "电子邮箱的写法不对，如 name@example.cn。"


def mask_phone(phone: str) -> str:
    """138****1234; short ones are masked whole."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else "*" * len(digits)


def mask_id(number: str) -> str:
    """4108**********1234."""
    return f"{number[:4]}**********{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def private_id(commissioner: str) -> str:
    """The record of somebody's private data; computed, so that two stations write the same one."""
    return computed_id("commissioner_private", commissioner)


def tidy_name(text: str) -> str:
    """A name without the spaces that lists put into it: 张　三 → 张三; Latin names keep one space."""
    compact = re.sub(r"\s+", " ", text.replace("\u3000", " ")).strip()
    return compact if re.search(r"[A-Za-z]", compact) else compact.replace(" ", "")


def person(ledger: Ledger, commissioner: str) -> dict[str, Any]:
    """All fields of a commissioner, private ones included; {} where there is no such person."""
    folded = ledger.folded(commissioner)
    if folded is None or folded.deleted:
        return {}
    private = ledger.folded(private_id(commissioner))
    values = dict(folded.values)
    if private and not private.deleted:
        values |= {f: private.values.get(f) for f in PRIVATE_FIELDS}
    return values


def seen(ledger: Ledger, commissioner: str) -> dict[str, Heads]:
    """What an editor of the person shows when it opens, for both records."""
    return {r: ledger.seen(r) for r in (commissioner, private_id(commissioner))}


def organisation_drafts(ledger: Ledger, name: str) -> tuple[str | None, list[Draft]]:
    """The organisation of that name or alias, with the drafts that make it where it is new."""
    wanted = re.sub(r"\s+", "", name)
    if not wanted:
        return None, []
    with ledger.read() as connection:
        for found in roster.organisations(connection):
            if wanted == found.name or wanted in found.aliases:
                return found.id, []
    record = computed_id("organisation", wanted)
    return record, [Draft("organisation", record, "insert", {"name": wanted})]


def person_drafts(
    ledger: Ledger,
    commissioner: str | None,
    values: dict[str, Any],
    opened: dict[str, Heads] | None = None,
) -> tuple[str, str, list[Draft]]:
    """(label, the person's record, drafts) of creating or changing a person. Raises Refused."""
    values = dict(values)
    drafts: list[Draft] = []
    if "name" in values:
        values["name"] = tidy_name(str(values["name"] or ""))
        if not values["name"]:
            raise Refused("请填写姓名。")
    elif commissioner is None:
        raise Refused("请填写姓名。")
    for problem in (
        phone_problem(str(values.get("phone") or "")),
        id_number_problem(str(values.get("id_number") or "")),
        birth_month_problem(str(values.get("birth_month") or "")),
    ):
        if problem:
            raise Refused(problem)
    if values.get("birth_month"):
        values["birth_month"] = birth_month(str(values["birth_month"]))
    if "organisation_name" in values:
        values["organisation"], made = organisation_drafts(ledger, str(values.pop("organisation_name") or ""))
        drafts += made
    record = commissioner or new_id()
    own = {f: v for f, v in values.items() if f in PERSON_FIELDS}
    private = {f: v for f, v in values.items() if f in PRIVATE_FIELDS}
    opened = opened or {}
    if own or commissioner is None:
        drafts.append(
            Draft("commissioner", record, "update" if commissioner else "insert", own, opened.get(record))
        )
    if private and (any(private.values()) or commissioner):
        secret = private_id(record)
        drafts.append(
            Draft(
                "commissioner_private",
                secret,
                "update",
                {"commissioner": record, **private},
                opened.get(secret) or None,
            )
        )
    label = f"录入特派员 {values['name']}" if commissioner is None else f"修改特派员 {values.get('name', '')}"
    return label.strip(), record, drafts


def save_person(
    ledger: Ledger,
    commissioner: str | None,
    values: dict[str, Any],
    *,
    place: str | None = None,
    held_from: str | None = None,
    opened: dict[str, Heads] | None = None,
) -> Outcome:
    """Create or change a person; `organisation_name` in values finds or makes the sending organisation.

    With `place` a new person takes that place from `held_from` on (the whole period for None). Raises Refused.
    """
    label, record, drafts = person_drafts(ledger, commissioner, values, opened)
    if commissioner is None and place:
        drafts.append(tenure_draft(place, record, held_from, None))
    return ledger.write(label, drafts)


def save_entry(
    ledger: Ledger,
    place: str,
    *,
    place_values: dict[str, Any] | None = None,
    place_opened: Heads | None = None,
    commissioner: str | None = None,
    person_values: dict[str, Any] | None = None,
    opened: dict[str, Heads] | None = None,
    joins: bool = False,
) -> Outcome:
    """Save a place and the person on it in one operation, as the window shows them together.

    Without `commissioner` person_values with a name make a new person on the place; with `joins` a known one
    takes it. Whoever comes to a place that somebody has left begins the day after. Raises Refused.
    """
    drafts: list[Draft] = []
    label = "修改名额"
    if place_values:
        values = dict(place_values)
        if "organisation_name" in values:
            values["organisation"], made = organisation_drafts(
                ledger, str(values.pop("organisation_name") or "")
            )
            drafts += made
        drafts.append(Draft("appointment", place, "update", values, place_opened))
    record = commissioner
    if person_values:
        label, record, more = person_drafts(ledger, commissioner, person_values, opened)
        drafts += more
    if record is not None and (joins or commissioner is None):
        drafts.append(tenure_draft(place, record, free_from(ledger, place), None))
        label = label if commissioner is None else "安排特派员到名额"
    return ledger.write(label, drafts)


def change_person(
    ledger: Ledger, place: str, from_day: str, *, commissioner: str | None = None, name: str = ""
) -> Outcome:
    """换人: somebody known, or a new person of that name, holds a place from a day on. Raises Refused.

    Whoever holds it now leaves the day before; visits stay with who made them.
    """
    from_day = day(from_day)
    with ledger.read() as connection:
        rows = roster.open_tenures(connection, place)
    if any(held_from and held_from >= from_day for _, held_from in rows):
        raise Refused("换人的日期要晚于现任特派员开始的日期。")
    drafts = leave_drafts(ledger, place, from_day)
    record, who = commissioner, name
    if record is None:
        _, record, made = person_drafts(ledger, None, {"name": name})
        drafts += made
    else:
        who = str(person(ledger, record).get("name") or "")
    drafts.append(tenure_draft(place, record, from_day, None))
    return ledger.write(f"换人：{tidy_name(who)}", drafts)


def free_from(ledger: Ledger, place: str) -> str | None:
    """The day from which a place is open: the one after the last person's last, None if nobody ever held it."""
    import datetime as dt

    with ledger.read() as connection:
        last = roster.last_tenure_end(connection, place)
    return (dt.date.fromisoformat(last) + dt.timedelta(days=1)).isoformat() if last else None


def spare(ledger: Ledger) -> list[Named]:
    """People who hold no place now; the note is their sending organisation."""
    with ledger.read() as connection:
        return roster.spare_people(connection)


def organisation_names(ledger: Ledger) -> list[str]:
    """The names of the sending organisations."""
    with ledger.read() as connection:
        return [o.name for o in roster.organisations(connection)]


def tenure_draft(place: str, commissioner: str, held_from: str | None, held_to: str | None) -> Draft:
    """Somebody takes a place."""
    return Draft("appointment_person", new_id(), "insert", {
        "appointment": place, "commissioner": commissioner, "period": [held_from, held_to],
    })  # fmt: skip


def leave_drafts(ledger: Ledger, place: str, from_day: str | None) -> list[Draft]:
    """Drafts that end the time of whoever holds a place now; visits stay with who made them."""
    import datetime as dt

    drafts = []
    with ledger.read() as connection:
        rows = roster.open_tenures(connection, place)
    for record, held_from in rows:
        if from_day is None:
            raise Refused("这个名额已经有人，请写明从哪一天起换人。")
        last = (dt.date.fromisoformat(day(from_day)) - dt.timedelta(days=1)).isoformat()
        drafts.append(Draft("appointment_person", record, "update", {"period": [held_from, last]}))
    return drafts


def leave_place(ledger: Ledger, tenure: str) -> Outcome:
    """Take somebody out of a place, as if entered by mistake (the person and the visits stay)."""
    return ledger.write("移出名额", [Draft("appointment_person", tenure, "delete", {"_deleted": True})])


def delete_person(ledger: Ledger, commissioner: str) -> Outcome:
    """Delete a person and their times at places; refused while visits name them."""
    with ledger.read() as connection:
        visits = roster.visits_naming(connection, "commissioner", commissioner)
        tenures = roster.tenures_of(connection, commissioner)
    if visits:
        raise Refused(f"这位特派员有 {visits} 条服务记录，不能删除。可以改为结束其任期。")
    drafts = [Draft("appointment_person", t, "delete", {"_deleted": True}) for t in tenures]
    drafts.append(Draft("commissioner", commissioner, "delete", {"_deleted": True}))
    if ledger.folded(private_id(commissioner)):
        drafts.append(Draft("commissioner_private", private_id(commissioner), "delete", {"_deleted": True}))
    return ledger.write("删除特派员", drafts)

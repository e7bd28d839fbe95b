"""The people of a list as its rows tell them: fields read, several people in one cell taken apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from commissioner_app import people as rules
from commissioner_app.imports import cells
from commissioner_app.imports.fields import NUMBER, SPAN
from commissioner_app.imports.persons import Person, identity, is_mobile, is_plain, people, phones
from commissioner_app.imports.shape import Proposal
from db.bulk import collector_resting

_EACH = ("性别", "出生年月", "职称", "职务", "学历学位", "团内职务")
"""Of these several people of one row have one each, or one for all."""
_ONE_ONLY = ("身份证号", "电子邮箱", "名额编号")
"""Of these nobody has another's."""
_SIGNS = re.compile(r"[、，,;；\n]+")
_DITTO = frozenset(("同上", "同前", "〃", "″", '"', "“", "”"))
"""What stands for the word above it."""
_WRAPPED = re.compile(r"\s*\n\s*")


@dataclass
class Record:
    """One person as the list has it, or a row that cannot be read (problem says why).

    key: stable name in the file; row as Excel counts; part: 0, or 1, 2 … for the others of the same row.
    """

    key: str
    proposal: Proposal
    row: int
    part: int
    values: dict[str, str]
    sections: tuple[str, ...] = ()
    period: tuple[str | None, str | None] = (None, None)
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.proposal.sheet.name


def read(proposals: Sequence[Proposal]) -> list[Record]:
    """Every person and every unreadable row of the lists that are included, in the order of the file."""
    lists = [_Rows(n, p) for n, p in enumerate(proposals) if p.included]
    with collector_resting(sum(len(p.data) for p in proposals)):
        return [record for one in lists for record in one]


class _Rows:
    """The records of one list."""

    def __init__(self, number: int, proposal: Proposal) -> None:
        self._number, self._proposal = number, proposal
        at = {name: c for c, name in proposal.columns.items()}
        self._name = at.pop("姓名", -1)
        self._phone = at.pop("联系电话", -1)
        self._typed = [(at.pop(name), name) for name in ("出生年月", "身份证号", SPAN) if name in at]
        at.pop(NUMBER, None)
        self._read: dict[tuple[str, str], str] = {}
        self._plain = [(c, name) for name, c in at.items()]

    def __iter__(self) -> Iterator[Record]:
        p = self._proposal
        sections: dict[str, tuple[str, ...]] = {"": ()}
        for row in p.data:
            told = p.sections[row - p.first]
            if told not in sections:
                sections[told] = tuple(told.split("\n"))
            yield from self._row(row, sections[told])

    def _row(self, row: int, sections: tuple[str, ...]) -> list[Record]:
        key = f"{self._number}:{row + 1}"
        first = Record(f"{key}:0", self._proposal, row + 1, 0, {}, sections)
        raw, words = self._proposal.sheet.rows[row], self._proposal.sheet.filled[row]
        width = len(words)
        if not _DITTO.isdisjoint(words):
            plain = {c for c, _name in self._plain}
            words = [
                self._same_above(row, c) if c in plain and w in _DITTO else w for c, w in enumerate(words)
            ]
        values = first.values
        for c, name in self._plain:
            if c < width and (word := words[c]) and word not in cells.NOTHING:
                values[name] = word
        try:
            c = self._phone
            word = words[c] if 0 <= c < width else ""
            numbers = [word] if is_mobile(word) else self._phones(raw, words) if word else []
            for c, name in self._typed:
                word = words[c] if c < width else ""
                cell = raw[c] if c < len(raw) and raw[c] != "" else word
                known = self._read.get((name, word), "") if type(cell) is str else ""
                if known:
                    values[name] = known
                elif word:
                    _typed(first, name, cell)
                    if name == "出生年月":  # a list has few different months
                        self._read[name, word] = values.get(name, "")
            name = words[self._name] if 0 <= self._name < width else ""
            if is_plain(name) and len(numbers) < 2 and "身份证号" not in values:
                # Nearly every row: one person, one number, nothing to take apart.
                values["姓名"] = name
                if numbers:
                    values["联系电话"] = numbers[0]
                _unwrap(values)
                return [first]
            who = people(name, len(numbers))
            if len(who) < 2:
                _one(first, who, numbers)
                return [first]
            return [
                Record(f"{key}:{n}", self._proposal, row + 1, n, shared, sections, first.period)
                for n, shared in enumerate(_several(values, who, numbers))
            ]
        except ValueError as error:
            first.problem = str(error)
            first.values.setdefault("姓名", words[self._name] if 0 <= self._name < width else "")
            return [first]

    def _same_above(self, row: int, column: int) -> str:
        """What 同上 stands for: the word of the nearest person above who has one of their own."""
        filled = self._proposal.sheet.filled
        for above in range(row - 1, self._proposal.first - 1, -1):
            if above in self._data and column < len(filled[above]) and filled[above][column] not in _DITTO:
                return filled[above][column]
        return ""

    @cached_property
    def _data(self) -> frozenset[int]:
        return frozenset(self._proposal.data)

    def _phones(self, raw: list[Any], words: list[str]) -> list[str]:
        c = self._phone
        cell = raw[c] if c < len(raw) and raw[c] != "" else words[c]
        try:
            return phones(cell)
        except ValueError as error:
            if re.search(r"[eE]\+?\d", words[c]):
                raise ValueError(
                    f"联系电话“{words[c]}”丢了后面的数字，请在表格中把这一列改成文本后重填。"
                ) from error
            raise ValueError(f"联系电话“{words[c]}”无法读懂：{rules.phone_problem('?')}") from error


def _typed(record: Record, name: str, cell: Any) -> None:
    """A month, an ID number or a period. Raises ValueError with a sentence."""
    shown = cells.text(cell)
    try:
        if name == SPAN:
            record.period = cells.period(cell)
            return
        if "*" in shown:
            record.values[name] = shown  # masked, as our own export writes it: says nothing
            return
        many = name == "身份证号" and _SIGNS.search(shown)
        read = shown if many else identity(cell) if name == "身份证号" else _months(cell)
    except ValueError as error:
        why = {
            SPAN: "如 2022年4月—2023年3月",
            "出生年月": "请写成 1980-05 的形式",
            "身份证号": "长号码要写成文本",
        }[name]
        raise ValueError(f"{name}“{shown}”无法读懂（{why}）。") from error
    if read:
        record.values[name] = read


def _months(cell: Any) -> str:
    if isinstance(cell, str) and len(parts := [p for p in _SIGNS.split(cells.text(cell)) if p]) > 1:
        return "、".join(filter(None, map(cells.month, parts)))
    return cells.month(cell) or ""


def _one(record: Record, who: list[Person], numbers: list[str]) -> None:
    """The row of one person, or of none (a place that has nobody yet). Raises ValueError with a sentence."""
    values = record.values
    told = who[0] if who else Person("")
    if told.name:
        values["姓名"] = told.name
    every = list(dict.fromkeys([*([told.phone] if told.phone else []), *numbers]))
    if every:
        mobile = next((p for p in every if len(p) == 11 and p.startswith("1")), every[0])
        values["联系电话"] = mobile
        record.notes = tuple(f"另有电话 {p}，没有写入。" for p in every if p != mobile)
    _add(values, told)
    _unwrap(values)
    problem = (
        rules.id_number_problem(values.get("身份证号", "")) if "*" not in values.get("身份证号", "") else ""
    )
    if problem:
        raise ValueError(problem)


def _unwrap(values: dict[str, str]) -> None:
    """Line breaks within a cell are the width of its column."""
    for name, word in values.items():
        if "\n" in word:
            values[name] = _WRAPPED.sub("、" if name == "服务产业" else " ", word)


def _add(values: dict[str, str], told: Person) -> None:
    """What stands beside the name, where the row has no column for it."""
    for name, word in (
        ("派出单位", told.unit),
        ("团内职务", told.role),
        ("性别", told.gender),
        ("职称", told.title),
    ):
        if word:
            values.setdefault(name, word)


def _several(values: dict[str, str], who: list[Person], numbers: list[str]) -> list[dict[str, str]]:
    """The values of each of several people of one row. Raises ValueError with a sentence."""
    n = len(who)
    found: list[dict[str, str]] = [{} for _ in who]
    for name, word in values.items():
        for one, part in zip(found, _shares(name, word, n), strict=True):
            if part:
                one[name] = _WRAPPED.sub(" ", part)
    if numbers and len(numbers) != n:
        raise ValueError(f"有 {n} 个姓名、{len(numbers)} 个电话，对不上。")
    for k, (one, told) in enumerate(zip(found, who, strict=True)):
        one["姓名"] = told.name
        phone = told.phone or (numbers[k] if numbers else "")
        if phone:
            one["联系电话"] = phone
        _add(one, told)
        problem = rules.id_number_problem(one.get("身份证号", ""))
        if problem:
            raise ValueError(f"{told.name}：{problem}")
    return found


def _shares(name: str, word: str, n: int) -> list[str]:
    lines = [p.strip() for p in word.split("\n") if p.strip()]
    if len(lines) == n:
        return lines
    parts = [p.strip() for p in _SIGNS.split(word) if p.strip()]
    if name in _ONE_ONLY or (name in _EACH and len(parts) > 1):
        if len(parts) != n:
            raise ValueError(f"有 {n} 个姓名、{len(parts)} 个{name}，对不上。")
        return parts
    if name == "派出单位" and len(parts) == n:
        return parts
    if name == "受援县" and len(parts) > 1:
        raise ValueError(f"有 {n} 个姓名、{len(parts)} 个受援县，无法确定各自去哪里，请分行填写。")
    return [word] * n

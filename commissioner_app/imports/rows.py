"""What each row of a real list is: a person, a section, a total, a note, a signature line, nothing."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from commissioner_app.imports.fields import NUMBER, knows
from commissioner_app.imports.grid import Sheet


class Kind(StrEnum):
    """What a row is, in the words of the screen."""

    TITLE = "标题"
    INFO = "单位日期行"
    HEADER = "表头"
    SECTION = "分组行"
    DATA = "人员"
    TOTAL = "合计"
    NOTE = "说明"
    SIGNATURE = "签字"
    EMPTY = "空行"


_TOTAL = re.compile(r"^[（(]?(?:小计|合计|总计|共计|累计|本页小计)")
_NOTE = re.compile(r"^(?:注[:：\d]|备注[:：]|说明[:：]|附[:：]|附件|填表说明|公示期|注意|※|\*|★)")
_SIGNATURE = re.compile(
    r"^(?:填表人|填报人|制表人|制表[:：]|编制人|编制[:：]|审核人|审核[:：]|复核人?[:：]|批准人?[:：]|经办人[:：]|单位盖章|单位[（(](?:盖章|公章)|"
    r"[（(]?(?:盖章|公章|签字|签章)|(?:单位)?负责人(?:[:：]|[（(]签|签字)|主管领导|日期[:：]|填报日期|填表日期|联系人[:：]|联系电话[:：]|填报单位)"
)
_SECTION = re.compile(
    r"^(?:(?:[（(]?(?:[一二三四五六七八九十]+|\d{1,2})[）)、.．]|第[一二三四五六七八九十]+[类组部分]+)[:：、]?)?(.+?)(?:[（(][^（()）]*[）)])?[:：]?$"
)
_LEVELS = (
    re.compile(r"^(?:[一二三四五六七八九十]+[、.．]|第[一二三四五六七八九十]+[类组部])"),
    re.compile(r"^[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"^(?:\d{1,2}[、.．)）]|[（(]\d{1,2}[）)])(?!\d)"),
)
_BARE_NUMERAL = re.compile(r"^[（(]?[一二三四五六七八九十]+[）)]?[、.．]?$")
_GROUP = re.compile(
    r"服务团|特派员|省派|校派|市派|县派|三区|省资助|县选|团队|大学|学院$|科学院|研究[院所]|[县市区]$|中心$|[局厅]$|公司$|单位$|人选$"
)
_INFO = re.compile(r"单位[:：]|日期[:：]|时间[:：]|填报|制表|^\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?$")
_DATE_ALONE = re.compile(r"^\d{4}\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*(?:\d{1,2}\s*日?)?$")
_TOLD = re.compile(
    r"(派出单位|选派单位|工作单位|受援县|服务县|派驻县|类别|选派类别|服务团)\s*[:：]\s*([^\s:：]+)"
)
_SENTENCE = re.compile(r"[。；;]|，.*，")


def ending(first: str) -> Kind | None:
    """TOTAL, NOTE or SIGNATURE for a row that begins with these words (合　计 too), None for any other."""
    plain = re.sub(r"\s+", "", first)
    for pattern, kind in ((_TOTAL, Kind.TOTAL), (_SIGNATURE, Kind.SIGNATURE), (_NOTE, Kind.NOTE)):
        if pattern.match(plain):
            return kind
    return None


def is_no_record(first: str) -> bool:
    """Whether a row that begins with these words is a total, a note or a signature line."""
    return ending(first) is not None


def section(text: str) -> str:
    """The name in a section row: 一、产业科技特派员服务团（18人） → 产业科技特派员服务团."""
    found = _SECTION.match(re.sub(r"\s+", "", text))
    return found.group(1) if found else ""


def level(text: str) -> int:
    """1 for 一、, 2 for （一）, 3 for 1., 0 for what is not numbered."""
    plain = re.sub(r"\s+", "", text)
    return next((n for n, p in enumerate(_LEVELS, 1) if p.match(plain)), 0)


@dataclass(frozen=True)
class Layout:
    """What is needed to tell rows apart: columns {column: field}, header rows, words that name sections, the
    sections already in force above the first row as (level, text), what a person said of rows, columns from–to."""

    columns: dict[int, str]
    header: tuple[int, ...]
    known: Collection[str] = frozenset()
    above: tuple[tuple[int, str], ...] = ()
    told: Mapping[int, Kind] = field(default_factory=dict)
    span: tuple[int, int] = (0, 1 << 20)


class Reader:
    """Tells row after row of a sheet what it is, and keeps the sections in force."""

    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.stack = list(layout.above)
        self._layout = layout
        self._own = (
            sheet.texts
            if layout.span[0] == 0 and layout.span[1] >= sheet.width
            else _part(sheet, layout.span)
        )
        fields = {name: c for c, name in layout.columns.items()}
        self._name = fields.get("姓名", -1)
        self._number = fields.get(NUMBER, -1)
        self._data = sorted(c for c, name in layout.columns.items() if name != NUMBER)
        self._rest = [c for c in self._data if c != self._name and c < sheet.width]
        self._far = max(self._rest, default=0)
        self._edge = min(layout.columns, default=0)
        self._wide = {(a.top, a.left) for a in sheet.merged if a.right - a.left >= 2}
        self._titles = {w for h in layout.header for w in self._own[h] if w}
        self._told: list[str] = []
        self.sections = ""
        self._join()

    def kind(self, row: int) -> Kind:
        """What a row below the header is."""
        own = self._own[row]
        name = own[self._name] if 0 <= self._name < len(own) else ""
        if name and self._numbered(own) and not (knows(name) or _TOTAL.match(name)):
            return Kind.DATA  # nearly every row
        words = [w for w in own if w]
        if not words:
            return Kind.EMPTY
        first = words[0]
        found = ending(first) or (ending(name) if name else None)
        if found is not None:
            return found
        if (first in self._titles and self.is_same_header(row)) or (
            knows(name) and sum(knows(w) for w in words) > 1
        ):
            return Kind.HEADER
        if len(set(words)) == 1:
            return self._alone(row, own.index(first), first)
        return self._several(row, own, words, name)

    def _numbered(self, own: list[str]) -> bool:
        """Whether a row begins with its number, a name follows, and something more."""
        return (
            bool(self._name)
            and own[0][:1].isdigit()
            and self._far < len(own)
            and any(own[c] for c in self._rest)
        )

    def _several(self, row: int, own: list[str], words: list[str], name: str) -> Kind:
        first = words[0]
        if (
            _BARE_NUMERAL.match(first)
            and len(words) <= 3
            and (section(words[1]) in self._layout.known or _GROUP.search(words[1]))
        ):
            return self._enter(first + "、" + words[1], words[1])
        # 一、省派科技特派员 | 16人: a section with its count beside it.
        if level(first) in (1, 2) and len(words) <= 3 and (not name or name == first):
            return self._enter(first, first)
        if any(c < len(own) and own[c] for c in self._data):
            return Kind.DATA
        return Kind.EMPTY if words == [own[self._number]] else Kind.NOTE

    def _alone(self, row: int, column: int, text: str) -> Kind:
        """What a row is that says only one thing."""
        layout, group = self._layout, section(text)
        short = len(text) <= 40 and not _SENTENCE.search(text)
        if level(text) in (1, 2) and short:
            return self._enter(text, text)
        if _DATE_ALONE.match(text):
            return Kind.SIGNATURE
        if column == self._number:
            return Kind.EMPTY if text.isdigit() else Kind.NOTE
        stands_out = (row, column) in self._wide or column == self._edge
        if column in self._rest and not stands_out:
            return Kind.DATA
        if short and (group in layout.known or text in layout.known or _GROUP.search(group)):
            return self._enter(text, text)
        if column == self._name and (row, column) not in self._wide and len(text) <= 12 and short:
            return Kind.DATA
        return Kind.NOTE

    def _enter(self, numbered: str, text: str) -> Kind:
        """A section begins: it ends those of its own level and below."""
        depth = level(numbered)
        if not depth:
            loose = [d for d, t in self.stack if not level(t)]
            depth = loose[-1] if loose else (self.stack[-1][0] + 1 if self.stack else 1)
        self.stack = [(d, t) for d, t in self.stack if d < depth]
        self.stack.append((depth, text))
        self._join()
        return Kind.SECTION

    def _join(self) -> None:
        self.sections = "\n".join((*self._told, *(section(t) or t for _, t in self.stack)))

    def is_same_header(self, row: int) -> bool:
        """Whether a header in the middle (of the next printed page) says the same as the one above."""
        above = [self._own[h] for h in self._layout.header]
        return all(any(c < len(a) and a[c] == w for a in above) for c, w in enumerate(self._own[row]) if w)

    def said(self, row: int, kind: Kind) -> Kind:
        """A row as a person says it is; as a section it is in force from here on."""
        words = [w for w in self._own[row] if w]
        return self._enter(words[0], words[0]) if kind is Kind.SECTION and words else kind

    def before(self, row: int, seen_title: bool) -> Kind:
        """What a row above the header is."""
        words = list(dict.fromkeys(w for w in self._own[row] if w))
        if not words:
            return Kind.EMPTY
        told = [f"{name}：{word}" for name, word in _TOLD.findall(" ".join(words))]
        if told:
            self._told += told
            self._join()
            return Kind.INFO
        numbered = level(words[0]) in (1, 2) and len(words[0]) <= 40
        if len(words) == 1 and (numbered or section(words[0]) in self._layout.known):
            return self._enter(words[0], words[0])
        if any(_INFO.search(w) for w in words):
            return Kind.INFO
        if len(words) == 1 and len(words[0]) <= 60 and not _SENTENCE.search(words[0]):
            return Kind.INFO if seen_title and "：" in words[0] else Kind.TITLE
        return Kind.NOTE


def _part(sheet: Sheet, span: tuple[int, int]) -> list[list[str]]:
    """The texts of some columns; a row that says just one thing (a section) says it for every column."""
    found = []
    for row in sheet.texts:
        alone = len({w for w in row if w}) == 1
        found.append(row if alone else [w if span[0] <= c < span[1] else "" for c, w in enumerate(row)])
    return found


def classify(
    sheet: Sheet, layout: Layout, first: int, last: int, whole: bool
) -> tuple[list[Kind], list[str], int, tuple[tuple[int, str], ...]]:
    """(kinds, sections in force, next, sections at the end) of the rows first–last.

    next is the row of a header with other columns that ends them; `whole` goes on over such a header.
    """
    reader = Reader(sheet, layout)
    kinds: list[Kind] = []
    sections: list[str] = []
    top = layout.header[0] if layout.header else first
    below = layout.header[-1] + 1 if layout.header else first
    row = first
    for row in range(first, last + 1):
        if row < top:
            kind = reader.before(row, Kind.TITLE in kinds)
        elif row < below:
            kind = Kind.HEADER
        else:
            kind = reader.kind(row)
            if kind is Kind.HEADER and not whole and not reader.is_same_header(row):
                break
        if row in layout.told:
            kind = reader.said(row, layout.told[row])
        kinds.append(kind)
        sections.append(reader.sections)
    else:
        row = last + 1
        _end(kinds, {r - first for r in layout.told})
    return kinds, sections, row, tuple(reader.stack)


def _end(kinds: list[Kind], told: set[int]) -> None:
    """Behind the last person nothing begins: 一、公示时间 is a note."""
    for n in range(len(kinds) - 1, -1, -1):
        if kinds[n] is Kind.DATA:
            return
        if kinds[n] is Kind.SECTION and n not in told:
            kinds[n] = Kind.NOTE

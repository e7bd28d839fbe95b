"""What an import would do, row by row: made without writing, decided by a person, then written as one operation."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.match import Candidate
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.shape import Proposal, told_year
from db.ledger import Draft


class Action(StrEnum):
    """What happens to a row."""

    FILL = "fill"
    NEW_PLACE = "place"
    CHANGE = "change"
    SAME = "same"
    ASK = "ask"
    PROBLEM = "problem"
    SKIP = "skip"


ACTIONS: dict[Action, str] = {
    Action.FILL: "入名额", Action.NEW_PLACE: "新增名额", Action.CHANGE: "更新", Action.SAME: "未变",
    Action.ASK: "待确认", Action.PROBLEM: "有问题", Action.SKIP: "不导入",
}  # fmt: skip
"""The words of the screen."""

SAME_AS, KEEP, OTHER, SKIP = "same:", "keep:", "other", "skip"
"""Decisions: same:<person> (the list's name is taken over), keep:<person> (the ledger's name stays), somebody else,
not imported."""

HIDDEN_OF_OURS = "台账信息"
"""The hidden sheet that our own export adds; it is no list."""


@dataclass(frozen=True)
class FieldChange:
    """A field that changes, in words."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class PlanRow:
    """One person of the list, or a row that cannot be read.

    Attributes: key: its stable name in the file, for decisions; row as Excel counts; part: 0, or 1, 2 … for the
    others of the same row; values {name in FIELDS: text}; section: the section rows above it; place: the 名额编号 it
    goes to; category, team, county, as understood; fresh: new to the ledger; candidates, reason: for what has to be
    decided or cannot be read; notes: what is worth a look though it is written.
    """

    key: str
    sheet: str
    row: int
    part: int
    name: str
    values: dict[str, str]
    section: str
    action: Action
    place: str = ""
    category: str = ""
    team: str = ""
    county: str = ""
    fresh: bool = False
    changes: tuple[FieldChange, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    proposal: Proposal | None = field(default=None, repr=False, compare=False)
    drafts: tuple[Draft, ...] = field(default=(), repr=False, compare=False)

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's own cells as text."""
        return tuple(self.proposal.sheet.texts[self.row - 1]) if self.proposal else ()

    @property
    def does(self) -> tuple[object, ...]:
        """What would happen, to tell whether it is still the same when it is written."""
        return (self.key, self.action, self.place, self.fresh, self.changes)


@dataclass(frozen=True)
class Plan:
    """What an import would do. drafts: what would be written; batch: its id."""

    book: Workbook
    proposals: tuple[Proposal, ...]
    year: int | None
    batch: str
    batch_name: str
    batch_year: int | None
    decisions: Mapping[str, str]
    rows: tuple[PlanRow, ...]
    drafts: tuple[Draft, ...] = field(default=(), repr=False)

    @cached_property
    def counts(self) -> dict[Action, int]:
        """How many rows of each action."""
        found = Counter(r.action for r in self.rows)
        return {a: found[a] for a in Action}

    @cached_property
    def skipped(self) -> int:
        """Rows of the lists that are no people."""
        people: dict[int, set[int]] = {}
        every: dict[int, set[int]] = {}
        for p in self.proposals:
            if p.included:
                people.setdefault(id(p.sheet), set()).update(p.data)
                every.setdefault(id(p.sheet), set()).update(range(p.first, p.last + 1))
        return sum(len(rows - people[sheet]) for sheet, rows in every.items())

    @property
    def undecided(self) -> int:
        """How many rows wait for a decision."""
        return self.counts[Action.ASK]

    @property
    def writes(self) -> bool:
        """Whether anything would be written."""
        return bool(self.drafts)

    @cached_property
    def year_warning(self) -> str:
        """That the titles name another year than the batch's, "" where they do not."""
        told = told_year(self.proposals)
        if told is None or told == self.batch_year:
            return ""
        return f"名单标题写的是{told}年度，这里是“{self.batch_name}”，请核对年度。"

    @cached_property
    def problems(self) -> tuple[RowProblem, ...]:
        """Sheets that are not read (row 0), and the rows that are not written because of what is in them."""
        found = [
            RowProblem(0, f"工作表“{n}”是隐藏的，没有读入。", n)
            for n in self.book.hidden
            if n != HIDDEN_OF_OURS
        ]
        found += [
            RowProblem(0, p.reason, p.sheet.name) for p in self.proposals if not p.included and p.reason
        ]
        if self.year_warning:
            found.append(RowProblem(0, self.year_warning))
        found += [
            RowProblem(r.row, r.reason, r.sheet)
            for r in self.rows
            if r.action in (Action.PROBLEM, Action.ASK)
        ]
        return tuple(found)

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """The columns that hold something and are not read, as 工作表：列."""
        several = len({p.sheet.name for p in self.proposals if p.included}) > 1
        found = [
            f"{p.sheet.name}：{title}" if several else title
            for p in self.proposals
            if p.included
            for title in p.unmapped.values()
        ]
        return tuple(dict.fromkeys(found))

    @cached_property
    def result(self) -> ImportResult:
        """The counts of `import --json`."""
        n = self.counts
        return ImportResult(
            len(self.rows) - n[Action.SKIP], n[Action.FILL] + n[Action.NEW_PLACE], n[Action.CHANGE], n[Action.SAME],
            self.skipped + n[Action.SKIP], list(self.problems), list(self.ignored),
        )  # fmt: skip

    @property
    def sentence(self) -> str:
        """What to tell the user."""
        return self.result.sentence

    @property
    def titles(self) -> Sequence[str]:
        """The widest header of the lists."""
        return max((p.titles for p in self.proposals if p.included), key=len, default=())

    def same_as(self, other: "Plan") -> bool:
        """Whether the other plan would do the same."""
        return [r.does for r in self.rows] == [r.does for r in other.rows]


def with_decisions(made: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Decisions with more of them; "" takes one back."""
    return {k: v for k, v in {**made, **more}.items() if v}

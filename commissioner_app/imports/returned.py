"""A table that was exported, edited in Excel and comes back: only the cells that somebody edited become changes.

Each is compared with what the export showed, not with the table now, and replaces what was shown then: where the ledger
has gone on since, both values stand beside each other as 填报不一致.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commissioner_app import stamps, tables
from commissioner_app.divisions import Divisions
from commissioner_app.imports import grid, memory, shape
from commissioner_app.imports import plan as roster_plan
from commissioner_app.imports.actions import Plan
from commissioner_app.imports.result import ImportResult, RowProblem
from commissioner_app.imports.returned_rows import RosterRows
from commissioner_app.imports.returned_stays import AssignmentRows
from commissioner_app.imports.rows import is_no_record
from commissioner_app.imports.shape import Kind, Proposal
from commissioner_app.stamps import Stamp
from db.errors import Refused
from db.ledger import Connection, Draft, Ledger, Outcome

_HANDLERS: dict[str, type[RosterRows] | type[AssignmentRows]] = {
    "roster": RosterRows,
    "assignments": AssignmentRows,
}
"""Kind of stamp → how its rows are read."""


KINDS = tuple(_HANDLERS)
"""Kinds of exported tables that come back here; visits come back through imports.visits."""


@dataclass(frozen=True)
class Edit:
    """One edited cell: what the export showed, what the table says; disputed: the ledger has another value since."""

    sheet: str
    row: int
    who: str
    field: str
    before: str
    after: str
    disputed: bool


@dataclass
class Returned:
    """What a returned table would do. fresh: what would become of rows that somebody has added, None without any."""

    path: Path
    result: ImportResult = field(default_factory=ImportResult)
    edits: list[Edit] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    added: dict[str, set[int]] = field(default_factory=dict)
    fresh: Plan | None = None


@dataclass(frozen=True)
class MarkedRow:
    """A row that carries a mark: its record as the export named it, its cells by header, and the edited headers."""

    sheet: str
    row: int
    record: str
    cells: dict[str, Any]
    edited: frozenset[str]


def plan(ledger: Ledger, path: Path, stamp: Stamp) -> Returned:
    """What a returned roster or 受援县安排 would change. Raises Refused."""
    found = _edited(ledger, path, stamp)
    if found.added and stamp.kind == "roster":
        year = int(stamp.about["year"]) if stamp.about.get("year", "").isdigit() else None
        book = grid.read(path)
        proposals = [
            _only(p, found.added.get(p.sheet.name, set()))
            for p in shape.propose(book, roster_plan.known_words(ledger, year), memory.load())
        ]
        try:
            found.fresh = roster_plan.make(ledger, book, proposals, year)
        except Refused:  # notes and signatures below the list, nobody's row
            found.result.skipped += sum(map(len, found.added.values()))
            return found
        more = found.fresh.result
        found.result.rows += more.rows
        found.result.created += more.created
        found.result.updated += more.updated
        found.result.unchanged += more.unchanged
        found.result.problems += more.problems
    elif found.added:
        for sheet, rows in found.added.items():
            message = "受援县安排不能在表格里加行，请在窗口中安排。"
            found.result.problems += [RowProblem(n + 1, message, sheet) for n in sorted(rows)]
    return found


def _only(proposal: Proposal, rows: set[int]) -> Proposal:
    """The proposal with nothing to read but some rows."""
    for n in range(proposal.first, proposal.last + 1):
        if n not in rows and proposal.kinds[n - proposal.first] == Kind.DATA:
            proposal = shape.with_kind(proposal, n, Kind.NOTE)
    return proposal


def _edited(ledger: Ledger, path: Path, stamp: Stamp) -> Returned:
    found = Returned(path)
    handler = _HANDLERS.get(stamp.kind)
    if handler is None:
        raise Refused("这个表格不是名单或受援县安排，请在服务记录页导入。")
    rows = list(marked(path, stamp, found))
    seen: dict[str, int] = {}
    touched = [r for r in rows if r.edited]
    handling = handler(ledger, stamp, touched)
    for row in rows:
        found.result.rows += 1
        before = len(found.drafts)
        try:
            if row.record in seen:
                raise Refused(f"这一行与第 {seen[row.record]} 行是同一条记录（可能复制了整行），没有导入。")
            seen[row.record] = row.row
            if not row.edited:
                found.result.unchanged += 1
                continue
            edits, drafts = handling.read(row)
            found.edits += [Edit(row.sheet, row.row, *edit) for edit in edits]
            found.drafts += drafts
            if edits:
                found.result.updated += 1
            else:
                found.result.unchanged += 1
        except (Refused, ValueError) as error:
            del found.drafts[before:]
            message = str(error) if isinstance(error, Refused) else f"无法读懂“{error}”。"
            found.result.problems.append(RowProblem(row.row, message, row.sheet))
    found.drafts = _together(found.drafts)
    return found


def _together(drafts: list[Draft]) -> list[Draft]:
    """One draft a record: two rows may tell of one team, 成员 where its leader was and 团长 where they are now.

    Two rows that say different things of one field (people who were merged since) stay two: both values will be shown.
    """
    found: list[Draft] = []
    first: dict[tuple[str, str, str], Draft] = {}
    for draft in drafts:
        earlier = first.setdefault((draft.entity, draft.record, draft.kind), draft)
        both = earlier.values.keys() & draft.values.keys()
        if earlier is draft or any(
            None not in (earlier.values[f], draft.values[f]) and earlier.values[f] != draft.values[f]
            for f in both
        ):
            found.append(draft)
            continue
        earlier.values.update(
            {f: v for f, v in draft.values.items() if v is not None or f not in earlier.values}
        )
    return found


def apply(ledger: Ledger, planned: Returned) -> Outcome:
    """Write what was planned as one operation. Raises Refused where the ledger has changed since."""
    divisions = Divisions.of(ledger)

    def build(connection: Connection) -> list[Draft]:
        more = roster_plan.anew(connection, divisions, planned.fresh) if planned.fresh else ()
        return [*planned.drafts, *more]

    return ledger.write(f"从表格更新 {planned.path.name}", build)


def marked(path: Path, stamp: Stamp, found: Returned) -> Iterator[MarkedRow]:
    """The rows of a returned table that carry a mark; those without are noted in `fresh`. Raises Refused."""
    book = tables.read(path)
    any_header = False
    for sheet in book.sheets:
        header = next(
            (n for n, row in enumerate(sheet.rows) if stamps.COLUMN in map(tables.text, row[-300:])), None
        )
        if header is None:
            continue
        any_header = True
        titles = [tables.text(c) for c in sheet.rows[header]]
        at = titles.index(stamps.COLUMN)
        columns = {name: titles.index(name) for name in stamp.columns if name in titles}
        found.result.skipped += header
        for n, cells in enumerate(sheet.rows[header + 1 :], header + 2):
            by_name = {name: cells[c] if c < len(cells) else None for name, c in columns.items()}
            told = stamps.edited(stamp, cells[at] if at < len(cells) else None, by_name)
            if told is not None:
                yield MarkedRow(sheet.name, n, told[0], by_name, frozenset(told[1]))
                continue
            filled = [w for w in map(tables.text, cells) if w]
            if len(filled) < 2 or is_no_record(filled[0]):
                found.result.skipped += 1
            else:
                found.added.setdefault(sheet.name, set()).add(n - 1)
    if not any_header:
        raise Refused("表格里的“记录标识”列不见了，无法认出导出时的各行。")

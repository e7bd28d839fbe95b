"""The rows of an import that were not written, as a table to be mended and imported again."""

from pathlib import Path

from commissioner_app import tables
from commissioner_app.imports.actions import Action, Plan, PlanRow

_OURS = ("工作表", "行", "原因")


def save_problems(plan: Plan, path: Path) -> int:
    """Write the rows that could not be read or decided (.xlsx, .csv): sheet, row, reason and the row's own cells.

    Lists of different headers keep their own columns side by side by title. Returns the number of rows. Raises
    Refused, DiskTrouble.
    """
    whole = [p for p in plan.problems if not p.row]
    rows = [r for r in plan.rows if r.action in (Action.PROBLEM, Action.ASK)]
    titles: dict[str, None] = {}
    told = [_cells(r) for r in rows]
    for cells in told:
        titles.update(dict.fromkeys(cells))
    table: list[list[object]] = [[p.sheet, "—", p.message] for p in whole]
    table += [
        [r.sheet, r.row, r.reason, *(cells.get(t, "") for t in titles)]
        for r, cells in zip(rows, told, strict=True)
    ]
    header = [*_OURS, *titles]
    tables.write(path, "没有导入的行", header, table, [14, 6, 44, *(16 for _ in titles)])
    return len(table)


def _cells(row: PlanRow) -> dict[str, str]:
    """The row's cells by the titles of its list; columns without a title go by their number."""
    found: dict[str, str] = {}
    titles = row.proposal.titles if row.proposal else ()
    for c, cell in enumerate(row.cells):
        title = (titles[c] if c < len(titles) else "").split(" · ")[-1] or f"第 {c + 1} 列"
        if title in found or title in _OURS:
            title = f"{title}（第 {c + 1} 列）"
        if cell or (c < len(titles) and titles[c]):
            found[title] = cell
    return found

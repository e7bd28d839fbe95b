"""Reading 100,000 rows from .xlsx, as far as people with their fields, against python-calamine alone; the plan too.

Both read the same file in turn. Ours finds header and columns, tells what every row is, and makes the persons of
the rows; calamine alone hands over the cells as Python values. Both only compute, on one thread, so processor time is
compared: it stays the same beside other work. Then, for information, what planning all of it
against a ledger with the places of 2022 costs. Writing: an export with its
stamp against XlsxWriter alone, the same cells.
"""

import argparse
import gc
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import data

GOAL_READ = 2.0
GOAL_WRITE = 1.2

_HEADER = [
    "序号",
    "姓名",
    "工作单位",
    "专业技术职务",
    "研究方向",
    "联系电话",
    "类别",
    "服务县",
    "性别",
    "出生年月",
]
_UNITS = ("河南农业大学", "河南师范大学", "演示研究院", "演示学院")
_WIDTHS = (8, 12, 22, 12, 18, 14, 10, 10, 6, 10)


def _rows(count: int) -> list[list[Any]]:
    letters = "明华国建文军丽伟芳强磊敏静洋勇艳杰娟涛霞"
    rows: list[list[Any]] = []
    for n in range(count):
        name = "演示" + "".join(letters[n // 20**k % 20] for k in range(4))
        rows.append([
            n + 1, name, _UNITS[n % 4], ("教授", "副教授", "讲师")[n % 3], "作物栽培与耕作", float(13800000000 + n),
            "校派", ("温县", "修武县", "博爱县")[n % 3], "男女"[n % 2], f"19{60 + n % 35}年{n % 12 + 1}月",
        ])  # fmt: skip
    return rows


def _file(path: Path, rows: list[list[Any]]) -> None:
    """A list as offices make it: merged title, unit and date, header, people, a note."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名单")
    sheet.merge_range(0, 0, 0, 9, "演示：科技特派员选派名单")
    sheet.write_string(1, 0, "填报单位：演示单位")
    for n, row in enumerate([_HEADER, *rows], 2):
        sheet.write_row(n, 0, row)
    sheet.write_string(len(rows) + 3, 0, "注：演示数据。")
    book.close()


def _alone(path: Path) -> tuple[float, int]:
    from python_calamine import CalamineWorkbook

    begun = time.process_time()
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return time.process_time() - begun, len(rows)


def _ours(path: Path) -> tuple[float, int]:
    from commissioner_app.imports import grid, records, shape

    begun = time.process_time()
    found = sum(1 for r in records.read(shape.propose(grid.read(path))) if not r.problem)
    return time.process_time() - begun, found


def _plan(path: Path) -> tuple[float, int]:
    from commissioner_app.imports import grid, plan, shape
    from commissioner_app.ledgers import NewLedger, create

    with create(
        data.folder() / "演示导入.ktledger", NewLedger("bureau", roster="2022", actor="演示员")
    ) as ledger:
        book = grid.read(path)
        proposals = shape.propose(book, plan.known_words(ledger))
        begun = time.process_time()
        made = plan.make(ledger, book, proposals)
        return time.process_time() - begun, made.result.created


def _write_alone(path: Path, rows: list[list[Any]]) -> float:
    import xlsxwriter

    begun = time.process_time()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate([_HEADER, *rows]):
        for c, value in enumerate(row):
            sheet.write(n, c, value)
    book.close()
    return time.process_time() - begun


def _write_ours(path: Path, rows: list[list[Any]]) -> float:
    from commissioner_app import sheets
    from commissioner_app.stamps import Stamp

    layout = sheets.Layout("名单", "演示：选派名单", _HEADER, _WIDTHS, "单位：演示", "制表日期：演示")
    begun = time.process_time()
    marked = ((f"01a20b69-fead-7608-952f-{n:012d}", row) for n, row in enumerate(rows))
    sheets.write(path, layout, marked, Stamp("roster", "{}", tuple(_HEADER)))
    return time.process_time() - begun


def run(argv: Sequence[str]) -> int:
    """0 if reading costs at most twice calamine alone, and writing 1.2 times XlsxWriter alone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    rows = _rows(options.rows)
    path = data.folder() / "演示名单.xlsx"
    _file(path, rows)
    alone, ours, bare, written = [], [], [], []
    for _ in range(options.runs):
        alone.append(_alone(path)[0])
        gc.collect()
        seconds, people = _ours(path)
        assert people == options.rows
        ours.append(seconds)
        gc.collect()
        bare.append(_write_alone(data.folder() / "裸写.xlsx", rows))
        written.append(_write_ours(data.folder() / "写.xlsx", rows))
    ratio = data.median([a / b for a, b in zip(ours, alone, strict=True)])
    print(f"   calamine alone       {data.median(alone):6.2f} s")
    print(
        f"   read as people       {data.median(ours):6.2f} s   {ratio:.2f} × calamine (goal {GOAL_READ:.0f})"
    )
    seconds, made = _plan(path)
    print(f"   plan of all rows     {seconds:6.2f} s   {made:,} would be created (information)")
    more = data.median([a / b for a, b in zip(written, bare, strict=True)])
    print(f"   XlsxWriter alone     {data.median(bare):6.2f} s")
    print(
        f"   export with stamp    {data.median(written):6.2f} s   {more:.2f} × XlsxWriter (goal {GOAL_WRITE})"
    )
    return int(ratio > GOAL_READ or more > GOAL_WRITE)

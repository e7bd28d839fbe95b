"""填报表: one workbook for one commissioner, who fills it in without this program and sends it back by WeChat."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commissioner_app import batches, ledgers, stamps, visits
from commissioner_app.divisions import Divisions
from commissioner_app.stamps import Stamp
from db.errors import DiskTrouble, Refused
from db.ids import new_id
from db.ledger import Ledger
from db.queries import roster
from db.queries.roster import PlaceRow

KIND = "form"
ROWS = 40
"""Room for so many visits; rows may be added below."""

COLUMNS = (
    ("日期", 12), ("结束日期", 12), ("天数", 7), ("受援县", 10), ("乡镇", 14), ("村", 14), ("受援单位", 22), ("联系人", 10),
    ("联系电话", 14), ("服务方式", 14), ("产业", 12), ("主题", 18), ("服务内容", 44), ("存在问题", 24), ("解决问题", 24),
    ("培训人数", 9), ("服务农户", 9), ("新品种", 14), ("新技术", 14), ("发放物资", 16), ("备注", 14),
)  # fmt: skip
"""The columns of `export visits` that a commissioner fills in, with their widths."""

NEEDED = ("日期", "天数", "受援县", "服务内容")

_NOTE = (
    "每次服务填一行，绿色标题的列必填；天数按半天填（0.5、1、1.5）；服务方式有几种的用顿号隔开。填好后把文件发回即可，"
    "改了再发也可以，不会重复。请不要改动标题行。"
)
_HEADER = 3
LISTS = "选项"


def file_name(place: PlaceRow) -> str:
    """服务填报表_张三.xlsx."""
    return f"服务填报表_{place.name or place.code}.xlsx"


def write(ledger: Ledger, place: str, path: Path) -> None:
    """Write the form of a place's present commissioner. Raises Refused, DiskTrouble."""
    if path.suffix.lower() != ".xlsx":
        raise Refused("填报表写成 .xlsx 文件，文件名请以 .xlsx 结尾。")
    found = batches.all_batches(ledger)
    with ledger.read() as connection:
        row = next((p for p in roster.places(connection, None, _day(ledger, place)) if p.id == place), None)
    if row is None or row.commissioner is None:
        raise Refused("这个名额还没有特派员，先填写姓名再导出填报表。")
    batch = next((b for b in found if b.id == row.batch), None)
    period = (
        (batch.service_from, batch.service_to) if batch and batch.service_from and batch.service_to else None
    )
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(ledger, row, period, part)
        os.replace(part, path)
    except OSError as error:
        raise DiskTrouble(f"填报表没有写成：{error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _day(ledger: Ledger, place: str) -> str:
    with ledger.read() as connection:
        batch = next((p.batch for p in roster.places(connection, None, "") if p.id == place), None)
    return batches.reference_day(next((b for b in batches.all_batches(ledger) if b.id == batch), None))


def _write(ledger: Ledger, place: PlaceRow, period: tuple[str, str] | None, path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    try:
        sheet = book.add_worksheet("填报表")
        song = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        last = len(COLUMNS) - 1
        unit = ledgers.station_values(ledger)[1]
        demo = "（演示数据）" if ledgers.is_demo(ledger) else ""
        sheet.set_row(0, 34)
        sheet.merge_range(0, 0, 0, last, f"科技特派员服务填报表{demo}",
                          book.add_format({**song, "font_size": 18, "bold": True, "align": "center"}))  # fmt: skip
        about = f"姓名：{place.name}　　派出单位：{place.organisation_name or '—'}　　名额编号：{place.code}"
        about += f"　　服务期：{period[0]} 至 {period[1]}" if period else ""
        sheet.write_string(1, 0, f"{about}　　收表单位：{unit}", book.add_format({**song, "bold": True}))
        sheet.merge_range(
            2, 0, 2, last, _NOTE, book.add_format({**song, "text_wrap": True, "font_color": "#555555"})
        )
        sheet.set_row(2, 34)
        lined = {**song, "border": 1, "text_wrap": True}
        head = {**lined, "bold": True, "align": "center"}
        for c, (name, width) in enumerate(COLUMNS):
            color = {"bg_color": "#CFE8DC"} if name in NEEDED else {"bg_color": "#F0F0F0"}
            sheet.write_string(_HEADER, c, name, book.add_format({**head, **color}))
            sheet.set_column(c, c, width)
        sheet.write_string(_HEADER, last + 1, stamps.COLUMN)
        sheet.set_column(last + 1, last + 1, 8, None, {"hidden": True})
        formats = {
            name: book.add_format(
                {
                    **lined,
                    "num_format": {"日期": "yyyy-mm-dd", "结束日期": "yyyy-mm-dd", "联系电话": "@"}.get(
                        name, "General"
                    ),
                }
            )
            for name, _ in COLUMNS
        }
        for n in range(ROWS):
            row = _HEADER + 1 + n
            sheet.set_row(row, 24)
            for c, (name, _) in enumerate(COLUMNS):
                sheet.write_blank(row, c, None, formats[name])
            sheet.write_string(row, last + 1, f"{n + 1:02d}")
        _choices(ledger, place, book, sheet)
        sheet.freeze_panes(_HEADER + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(_HEADER)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, _HEADER + ROWS, last)
        told = Stamp(
            KIND, "", tuple(name for name, _ in COLUMNS),
            {"form": new_id(), "place": place.id, "person": place.commissioner or "", "name": place.name},
        )  # fmt: skip
        hidden = book.add_worksheet(stamps.SHEET)
        for n, text in enumerate(stamps.lines(told)):
            hidden.write_string(n, 0, text)
        hidden.very_hidden()
        sheet.activate()
    finally:
        book.close()


def _choices(ledger: Ledger, place: PlaceRow, book: Any, sheet: Any) -> None:
    """Drop-downs: the place's own counties first, the townships of the county that stands in the row, ways, industries."""
    divisions = Divisions.of(ledger)
    mine = [a.county for a in place.assignments if a.county] + list(place.candidate_counties)
    counties = sorted(divisions.counties(), key=lambda d: (d.code not in mine, d.code))
    lists = book.add_worksheet(LISTS)
    columns: list[tuple[str, Sequence[str]]] = [
        ("县", [d.name for d in counties]),
        ("天", ["0.5", "1", "1.5", "2", "2.5", "3"]),
        ("方式", visits.WAYS),
        ("产业", visits.INDUSTRIES),
        *((f"乡_{d.name}", [t.name for t in divisions.children(d.code)]) for d in counties),
    ]
    for c, (name, items) in enumerate(columns):
        for n, item in enumerate(items):
            if name == "天":
                lists.write_number(n, c, float(item))
            else:
                lists.write_string(n, c, item)
        letter = _letters(c)
        book.define_name(name, f"='{LISTS}'!${letter}$1:${letter}${max(len(items), 1)}")
    lists.hide()
    at = {name: c for c, (name, _) in enumerate(COLUMNS)}
    first, end = _HEADER + 1, _HEADER + ROWS
    # A choice is an offer: what is not in the list may be typed.
    offer = {"validate": "list", "error_type": "information", "show_error": False}
    for name, source in (("天数", "=天"), ("受援县", "=县"), ("服务方式", "=方式"), ("产业", "=产业")):
        sheet.data_validation(first, at[name], end, at[name], {**offer, "source": source})
    county = f"${_letters(at['受援县'])}{first + 1}"
    sheet.data_validation(
        first, at["乡镇"], end, at["乡镇"], {**offer, "source": f'=INDIRECT("乡_"&{county})'}
    )


def _letters(column: int) -> str:
    """The letters of a column: 0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text

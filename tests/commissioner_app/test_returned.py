"""A table goes out, is edited in Excel and comes back: exactly what was edited changes, also when the ledger went on."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from commissioner_app import assignments, batches, demo, exports, history, people, places, stamps, visits
from commissioner_app.imports import returned
from commissioner_app.imports.returned import Returned
from commissioner_app.imports.roster import import_roster
from commissioner_app.imports.visits import import_visits
from commissioner_app.ledgers import Ledger
from db.check import check
from db.journal.changes import Draft
from db.queries import visits as queries
from db.queries.visits import VisitFilter

Edit = Callable[[Any, dict[str, int]], None]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "演示.ktledger"
    demo.make(path).close()
    return path


@pytest.fixture
def ledger(prepared: Path, tmp_path: Path) -> Iterator[Ledger]:
    path = tmp_path / "演示.ktledger"
    path.write_bytes(prepared.read_bytes())
    with Ledger.open(path) as opened:
        yield opened


def edit(path: Path, change: Edit) -> Path:
    """Edit a table as a person does; the rows begin at 4."""
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[3] if cell.value}
    change(sheet, columns)
    back = path.with_name(path.stem + "（改）.xlsx")
    book.save(back)
    return back


def planned(ledger: Ledger, path: Path) -> Returned:
    stamp = stamps.read(path)
    assert stamp is not None
    return returned.plan(ledger, path, stamp)


def bring(ledger: Ledger, path: Path) -> Returned:
    found = planned(ledger, path)
    returned.apply(ledger, found)
    assert not check(ledger).faults
    return found


def place(ledger: Ledger, n: int) -> places.PlaceRow:
    return places.listed(ledger, batches.all_batches(ledger)[0])[n]


def value(ledger: Ledger, record: str | None, field: str) -> Any:
    assert record
    folded = ledger.folded(record)
    assert folded is not None
    return folded.values.get(field)


def test_a_table_that_nobody_edited_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    for export in (exports.export_roster, exports.export_assignments):
        path = tmp_path / f"{export.__name__}.xlsx"
        rows = export(ledger, path)
        found = planned(ledger, edit(path, lambda _sheet, _columns: None))
        assert (found.result.rows, found.result.unchanged, found.drafts) == (rows, rows, [])
        assert not found.result.problems and not found.added


def test_only_the_edited_cells_change(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")
    first, second = place(ledger, 0), place(ledger, 1)
    # The ledger goes on: other cells of the same people, written since.
    people.save_person(ledger, first.commissioner, {"specialty": "台账里改的"})

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(4, columns["职称"]).value = "研究员（改）"
        sheet.cell(5, columns["联系电话"]).value = 13900001111.0

    found = bring(ledger, edit(tmp_path / "名单.xlsx", change))
    assert [(e.who, e.field, e.after, e.disputed) for e in found.edits] == [
        (first.name, "职称", "研究员（改）", False), (second.name, "联系电话", "13900001111", False),
    ]  # fmt: skip
    assert value(ledger, first.commissioner, "specialty") == "台账里改的"
    assert value(ledger, first.commissioner, "title") == "研究员（改）"
    assert second.commissioner and people.person(ledger, second.commissioner)["phone"] == "13900001111"


def test_what_was_written_since_stands_beside_the_edited_cell(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")
    first = place(ledger, 0)
    people.save_person(ledger, first.commissioner, {"title": "台账里的职称"})

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(4, columns["职称"]).value = "表格里的职称"

    found = bring(ledger, edit(tmp_path / "名单.xlsx", change))
    assert [e.disputed for e in found.edits] == [True]
    folded = ledger.folded(first.commissioner or "")
    assert folded is not None and folded.conflicts == {"title"}
    # A second import of the same file says nothing new.
    assert not planned(ledger, tmp_path / "名单（改）.xlsx").drafts


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice here")
def test_rows_sorted_columns_moved_and_saved_by_another_office(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")
    last = place(ledger, 37)

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(41, columns["学历学位"]).value = "博士"
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=41)]
        header, body = rows[0], rows[1:][::-1]
        order = [len(header) - 1, *range(len(header) - 1)]  # the hidden column first, the rows upside down
        for n, row in enumerate([header, *body], 3):
            for c, at in enumerate(order, 1):
                sheet.cell(n, c).value = row[at]

    back = edit(tmp_path / "名单.xlsx", change)
    for kind in ("xls", "xlsx"):
        folder = tmp_path / kind
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", kind,
             "--outdir", str(folder), str(back)], check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        found = planned(ledger, folder / f"{back.stem}.{kind}")
        assert [(e.who, e.field, e.after) for e in found.edits] == [(last.name, "学历学位", "博士")]
        assert found.result.rows == 38 and not found.result.problems


def test_a_row_torn_from_its_mark_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")

    def change(sheet: Any, columns: dict[str, int]) -> None:
        for column in range(1, columns[stamps.COLUMN]):  # only the columns in sight were sorted
            one, other = sheet.cell(4, column), sheet.cell(5, column)
            one.value, other.value = other.value, one.value
        mark = columns[stamps.COLUMN]
        sheet.cell(7, mark).value = sheet.cell(6, mark).value  # a row that was copied

    found = planned(ledger, edit(tmp_path / "名单.xlsx", change))
    assert not found.drafts
    assert [p.row for p in found.result.problems] == [4, 5, 7]
    assert "排了序" in found.result.problems[0].message and "同一条" in found.result.problems[2].message


def test_changes_of_person_category_team_county_and_leader(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")
    open_place = next(n for n in range(38) if not place(ledger, n).commissioner)
    waiting = next(n for n in range(38) if not place(ledger, n).assignments)
    leader, member = place(ledger, 0), place(ledger, 1)

    def change(sheet: Any, columns: dict[str, int]) -> None:
        def put(n: int, column: str, text: str | None) -> None:
            sheet.cell(4 + n, columns[column]).value = text

        put(0, "团内职务", "成员")
        put(1, "团内职务", "团长")
        put(2, "姓名", "演示另一人")
        put(2, "联系电话", "13900002222")
        put(3, "受援县", "温县")
        put(4, "类别", "没有的类别")
        put(5, "身份证号", "123")
        put(open_place, "姓名", "演　示新人")
        put(open_place, "派出单位", "演示农学院")
        put(open_place, "联系电话", "13900003333")
        put(waiting, "受援县", "博爱县")

    found = bring(ledger, edit(tmp_path / "名单.xlsx", change))
    assert [p.row for p in found.result.problems] == [6, 8, 9]
    assert "换人" in found.result.problems[0].message
    assert value(ledger, leader.team, "leader") == member.id
    assert place(ledger, 3).counties("2022-09-01") == ["410825"]
    new = place(ledger, open_place)
    assert (new.name, new.organisation_name, new.phone) == ("演示新人", "演示农学院", "13900003333")
    assert [a.county for a in place(ledger, waiting).assignments] == ["410822"]


def test_rows_that_somebody_added_are_people_like_any_list(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(4, columns["职称"]).value = "研究员（改）"
        for column, text in (
            ("姓名", "演示新来"),
            ("派出单位", "河南农业大学"),
            ("类别", "省派"),
            ("联系电话", "13911112222"),
        ):
            sheet.cell(42, columns[column]).value = text
        sheet.cell(44, 1).value = "填表人：演示"

    path = edit(tmp_path / "名单.xlsx", change)
    result = import_roster(ledger, path, dry_run=True)
    assert (result.created, result.updated, result.problems) == (1, 1, [])
    before = len(history.operations(ledger))
    assert import_roster(ledger, path).created == 1
    names = [p.name for p in places.listed(ledger, batches.all_batches(ledger)[0])]
    assert (
        names.count("演示新来") == 1
        and value(ledger, place(ledger, 0).commissioner, "title") == "研究员（改）"
    )
    assert len(history.operations(ledger)) == before + 1
    again = import_roster(ledger, path)
    assert (again.created, again.updated, again.problems) == (0, 0, [])


def test_the_stays_come_back_with_agreement_and_recipients(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_assignments(ledger, tmp_path / "安排.xlsx")
    first = place(ledger, 0)
    assignments.save(ledger, first.assignments[0].id, {"remark": "台账里的备注"})

    def change(sheet: Any, columns: dict[str, int]) -> None:
        for column, text in (("乡镇", "七贤镇、云台山镇"), ("签订日期", "2022年4月8日"), ("协议状态", "已签"),
                             ("受援单位", "演示合作社、演示基地"), ("结束日期", "2022.12.31")):  # fmt: skip
            sheet.cell(4, columns[column]).value = text
        sheet.cell(5, columns["协议状态"]).value = "签了"

    found = bring(ledger, edit(tmp_path / "安排.xlsx", change))
    (stay,) = place(ledger, 0).assignments
    assert {len(t) for t in stay.townships} == {9}, stay.townships  # codes, both found
    assert (stay.agreement_date, stay.agreement_state, stay.assigned_to) == (
        "2022-04-08",
        "已签",
        "2022-12-31",
    )
    assert len(stay.recipients) == 2 and stay.remark == "台账里的备注"
    assert [p.row for p in found.result.problems] == [5]


def test_the_notice_hides_what_nobody_needs(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "公示.xlsx"
    first = place(ledger, 0)
    people.save_person(
        ledger, first.commissioner, {"id_number": "410825199001011237", "email": "a@example.cn"}
    )
    assert exports.export_roster(ledger, path, notice=True) == 31
    words = [
        str(c) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for c in row if c
    ]
    assert "138****0001" in words and stamps.read(path) is None
    assert not any(first.phone in w or "41082519" in w or "@" in w for w in words)
    assert "演示" in words[0] and "公示" in words[0]


def test_visits_come_back_and_only_edited_cells_change(ledger: Ledger, tmp_path: Path) -> None:
    exports.export_visits(ledger, tmp_path / "服务记录.xlsx")
    with ledger.read() as connection:
        rowids = queries.visit_rowids(connection, VisitFilter(), "date", descending=False)
        rows = [queries.visit_rows(connection, [r])[r] for r in rowids[:4]]
    visits.save(ledger, rows[0].id, {"content": "台账里改的内容"})
    visits.save(ledger, rows[1].id, {"content": "台账里也改了"})

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(4, columns["培训人数"]).value = 77
        sheet.cell(5, columns["服务内容"]).value = "表格里改的内容"
        sheet.cell(6, columns["天数"]).value = "一天多"
        sheet.cell(7, columns["编号"]).value = "别的编号"

    back = edit(tmp_path / "服务记录.xlsx", change)
    result = import_visits(ledger, back)
    assert (result.updated, result.unchanged, result.created) == (2, 214 - 4, 0)
    assert [(p.row, p.sheet) for p in result.problems] == [(6, "服务记录"), (7, "服务记录")]
    assert (value(ledger, rows[0].id, "trained"), value(ledger, rows[0].id, "content")) == (
        77,
        "台账里改的内容",
    )
    folded = ledger.folded(rows[1].id)
    assert folded is not None and folded.conflicts == {"content"}
    assert import_visits(ledger, back).updated == 0  # a second time it says nothing new
    assert not check(ledger).faults


def test_edits_of_people_who_were_merged_since_reach_the_one_that_stands(
    ledger: Ledger, tmp_path: Path
) -> None:
    exports.export_roster(ledger, tmp_path / "名单.xlsx")
    one, other = (place(ledger, n).commissioner or "" for n in (0, 1))
    low, high = sorted((one, other))
    ledger.write("合并", [Draft("commissioner", high, "update", {"merged_into": low})])

    def change(sheet: Any, columns: dict[str, int]) -> None:
        sheet.cell(4 if one == high else 5, columns["职务"]).value = "演示主任"
        sheet.cell(4, columns["职称"]).value = "演示甲级"
        sheet.cell(5, columns["职称"]).value = "演示乙级"
        sheet.cell(5 if one == high else 4, columns["联系电话"]).value = "13900001111"

    found = bring(ledger, edit(tmp_path / "名单.xlsx", change))
    assert not found.result.problems
    standing = ledger.folded(low)
    assert standing is not None and standing.values["post"] == "演示主任"
    assert standing.conflicts == {"title"} and standing.values["title"] in ("演示甲级", "演示乙级")
    assert people.person(ledger, low)["phone"] == "13900001111"

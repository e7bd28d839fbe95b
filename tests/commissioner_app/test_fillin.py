"""填报表: out to one commissioner, back through WeChat: onto that person, twice, renamed, with rows added or moved."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from commissioner_app import batches, demo, fillin, places, visits
from commissioner_app.imports.visits import import_visits
from commissioner_app.ledgers import Ledger
from db.check import check
from db.errors import Refused
from db.queries import visits as queries
from db.queries.visits import VisitFilter, VisitRow

Fill = Callable[[Any, dict[str, int]], None]
FIRST = 5


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


def place(ledger: Ledger, n: int = 0) -> places.PlaceRow:
    return places.listed(ledger, batches.all_batches(ledger)[0])[n]


@pytest.fixture
def form(ledger: Ledger, tmp_path: Path) -> Path:
    path = tmp_path / fillin.file_name(place(ledger))
    fillin.write(ledger, place(ledger).id, path)
    return path


def fill(path: Path, change: Fill, name: str = "填好.xlsx") -> Path:
    book = load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(cell.value): cell.column for cell in sheet[FIRST - 1] if cell.value}
    change(sheet, columns)
    book.save(path.parent / name)
    return path.parent / name


def put(sheet: Any, columns: dict[str, int], row: int, **values: Any) -> None:
    for column, value in values.items():
        sheet.cell(row, columns[column]).value = value


def two(sheet: Any, columns: dict[str, int]) -> None:
    put(sheet, columns, FIRST, 日期="2022-07-03", 天数=0.5, 受援县="修武县", 乡镇="七贤镇", 服务内容="演示：查看苗情",
        培训人数="32人", 服务方式="现场指导、技术培训", 受援单位="演示合作社")  # fmt: skip
    put(sheet, columns, FIRST + 1, 日期="7月9日", 天数="1天", 受援县="修武", 服务内容="演示：讲解防病")


def rows(ledger: Ledger, place_id: str) -> list[VisitRow]:
    with ledger.read() as connection:
        found = queries.visit_rowids(connection, VisitFilter(appointment=place_id), "date", descending=False)
        by = queries.visit_rows(connection, found)
    return [by[r] for r in found if (by[r].content or "").startswith("演示：")]


def test_what_is_filled_in_becomes_the_persons_visits_however_often_it_comes(
    ledger: Ledger, form: Path
) -> None:
    back = fill(form, two, "服务填报表_演示一(1).xlsx")
    first = import_visits(ledger, back)
    assert (first.created, first.problems) == (2, [])
    one, other = rows(ledger, place(ledger).id)
    assert (one.date, one.half_days, one.trained, one.state) == ("2022-07-03", 1, 32, "submitted")
    assert one.who == ((place(ledger).id, place(ledger).commissioner),) and one.names == place(ledger).name
    assert one.recipient_name == "演示合作社" and one.ways == ("技术培训", "现场指导")
    assert (other.date, other.half_days) == ("2022-07-09", 2)
    again = import_visits(ledger, shutil.copyfile(back, form.parent / "别的名字.xlsx"))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert not check(ledger).faults


def test_sent_again_only_what_the_commissioner_changed_changes(ledger: Ledger, form: Path) -> None:
    back = fill(form, two)
    import_visits(ledger, back)
    one, other = rows(ledger, place(ledger).id)
    visits.save(ledger, one.id, {"trained": 30})  # the office has corrected a figure
    visits.save(ledger, other.id, {"trained": 5})

    def change(sheet: Any, columns: dict[str, int]) -> None:
        put(sheet, columns, FIRST, 服务内容="演示：查看苗情，补种")
        put(sheet, columns, FIRST + 1, 培训人数=8)
        put(sheet, columns, FIRST + 2, 日期="2022-08-01", 天数=1, 受援县="修武县", 服务内容="演示：第三次")

    result = import_visits(ledger, fill(back, change, "再填.xlsx"))
    assert (result.created, result.updated) == (1, 2)
    one, other, third = rows(ledger, place(ledger).id)
    assert (one.content, one.trained, one.disputed) == ("演示：查看苗情，补种", 30, False)
    assert other.disputed and third.content == "演示：第三次"  # 5 by the office, 8 by the form


def test_rows_added_copied_columns_moved_and_saved_by_another_office(
    ledger: Ledger, form: Path, tmp_path: Path
) -> None:
    def change(sheet: Any, columns: dict[str, int]) -> None:
        two(sheet, columns)
        last = max(columns.values())
        for c in range(1, last + 1):  # a row copied with its hidden mark, then its date changed
            sheet.cell(FIRST + 2, c).value = sheet.cell(FIRST, c).value
        put(sheet, columns, FIRST + 2, 日期="2022-07-04")
        put(
            sheet,
            columns,
            FIRST + fillin.ROWS,
            日期="2022-07-20",
            天数=1,
            受援县="修武县",
            服务内容="演示：加行",
        )
        block = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST - 1)]
        for n, values in enumerate(block, FIRST - 1):
            for c, value in enumerate(reversed(values), 1):
                sheet.cell(n, c).value = value

    back = fill(form, change)
    if shutil.which("soffice"):
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xls",
             "--outdir", str(tmp_path / "xls"), str(back)], check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        back = tmp_path / "xls" / "填好.xls"
    result = import_visits(ledger, back)
    assert (result.created, result.problems) == (4, [])
    assert [r.date for r in rows(ledger, place(ledger).id)] == [
        "2022-07-03",
        "2022-07-04",
        "2022-07-09",
        "2022-07-20",
    ]
    assert import_visits(ledger, back).created == 0


def test_what_cannot_be_read_is_named_and_the_rest_comes(ledger: Ledger, form: Path) -> None:
    def change(sheet: Any, columns: dict[str, int]) -> None:
        two(sheet, columns)
        put(sheet, columns, FIRST + 2, 日期="改天", 天数=1, 受援县="修武县", 服务内容="演示：不知哪天")
        put(sheet, columns, FIRST + 3, 日期="2022-07-05", 受援县="洛阳", 天数=1, 服务内容="演示：外地")
        put(sheet, columns, FIRST + 4, 日期="2022-07-06", 受援县="修武县", 天数=1)

    result = import_visits(ledger, fill(form, change))
    assert result.created == 2 and [p.row for p in result.problems] == [FIRST + 2, FIRST + 3, FIRST + 4]


def test_a_form_has_choices_and_says_whose_it_is(ledger: Ledger, form: Path) -> None:
    sheet = load_workbook(form).worksheets[0]
    formulas = {v.formula1 for v in sheet.data_validations.dataValidation}
    assert {"天", "县", "方式", "产业"} <= {str(f).lstrip("=") for f in formulas} and any(
        "INDIRECT" in str(f) for f in formulas
    )
    words = "".join(str(c.value) for row in sheet.iter_rows(max_row=2) for c in row if c.value)
    assert place(ledger).name in words and "演示" in words and place(ledger).code in words
    assert "138" not in words  # nothing that nobody needs
    free = next(n for n in range(38) if not place(ledger, n).commissioner)
    with pytest.raises(Refused, match="还没有特派员"):
        fillin.write(ledger, place(ledger, free).id, form)


def test_a_form_of_another_ledger_is_refused_row_by_row(ledger: Ledger, form: Path, tmp_path: Path) -> None:
    back = fill(form, two)
    with Ledger.create(tmp_path / "空.ktledger") as other:
        other.make_station({"role": "bureau", "name": "演示"}, "演示")
        result = import_visits(other, back)
        assert (
            result.created == 0
            and len(result.problems) == 2
            and place(ledger).name in result.problems[0].message
        )

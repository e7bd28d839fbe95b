"""Reading cells and tables: what offices really put into them."""

import contextlib
import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissioner_app import tables
from db.errors import Refused

PERIOD = ("2022-04-01", "2023-03-31")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2022-7-3", "2022-07-03"), ("2022年7月3日", "2022-07-03"), ("2022.7.3", "2022-07-03"), ("20220703", "2022-07-03"),
        ("２０２２－７－３".replace("－", "-"), "2022-07-03"), (44745, "2022-07-03"), (44745.0, "2022-07-03"),
        (dt.datetime(2022, 7, 3), "2022-07-03"), (dt.date(2022, 7, 3), "2022-07-03"), ("7月3日", "2022-07-03"),
        ("2.14", "2023-02-14"), ("", None), ("—", None),
    ],
)  # fmt: skip
def test_dates(cell: object, day: str | None) -> None:
    assert tables.date(cell, PERIOD) == day


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["{0}-{1}-{2}", "{0}年{1}月{2}日", "{0}.{1}.{2}", "{0}/{1}/{2}"]),
)
def test_every_way_of_writing_a_date_is_that_date(day: dt.date, form: str) -> None:
    assert tables.date(form.format(day.year, day.month, day.day)) == day.isoformat()


@given(st.text(max_size=12) | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.none())
def test_any_cell_is_read_or_refused_by_a_value_error(cell: object) -> None:
    for read in (tables.date, tables.number, tables.half_days):
        with contextlib.suppress(ValueError):
            read(cell)
    assert isinstance(tables.text(cell), str)


@pytest.mark.parametrize(
    ("cell", "halves"), [("0.5", 1), (1, 2), (1.5, 3), ("2天", 4), ("半天", 1), ("1.0", 2), ("", None)]
)
def test_half_days(cell: object, halves: int | None) -> None:
    assert tables.half_days(cell) == halves


@pytest.mark.parametrize("cell", ["0.3", "很久", "-1"])
def test_what_is_no_half_day_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        tables.half_days(cell)


def test_phones_from_office_systems_stay_whole() -> None:
    assert tables.text(13800001234.0) == "13800001234"
    assert tables.text("１３８００００１２３４") == "13800001234"


def test_hidden_sheets_are_not_read_but_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["姓名", "单位"])
    hidden = book.create_sheet("旧名单")
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    read = tables.read(tmp_path / "a.xlsx")
    assert [s.name for s in read.sheets] == ["Sheet"] and read.hidden == ["旧名单"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("姓名,单位\n张三,河南农业大学\n".encode(encoding))
    assert tables.read(tmp_path / "a.csv").sheets[0].rows[1] == ["张三", "河南农业大学"]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    rows = [["甲", 1.5, None], ["=SUM(A1)", 3, "2022-07-03"]]
    for name in ("a.xlsx", "a.csv"):
        tables.write(tmp_path / name, "表", ["姓名", "天数", "日期"], rows, (10, 10, 10))
        read = tables.read(tmp_path / name).sheets[0].rows
        assert tables.text(read[1][0]) == "甲" and tables.half_days(read[1][1]) == 3
        assert "SUM" in tables.text(read[2][0])
    assert not list(tmp_path.glob("*.part"))


def test_a_table_cannot_be_written_where_there_is_no_room_for_it(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="xlsx"):
        tables.write(tmp_path / "a.docx", "表", ["a"], [], (1,))

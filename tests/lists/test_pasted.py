"""Tables from the clipboard of WPS, Excel, LibreOffice and WeChat, and web pages that call themselves .xls."""

from pathlib import Path

import pytest

from commissioner_app.imports import grid, plan, shape
from commissioner_app.imports.grid import Area
from commissioner_app.imports.roster import import_roster
from commissioner_app.ledgers import Ledger
from db.errors import Refused

EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-x:y} td {color:red}--></style>
<body><!--StartFragment--><table border=0><col width=72>
<tr height=18><td colspan=4 class=xl1>演示名单<br>
  （2022年）</td></tr>
<tr><td rowspan=2>姓名</td><td colspan=2>单位<span style='mso-spacerun:yes'>&nbsp;</span></td><td rowspan=2>手机</td></tr>
<tr><td>名称</td><td>部门</td></tr>
<tr><td>演示张<span>　</span>三</td><td rowspan=2 class=xl2>河南农业大学</td><td>农学院</td><td align=right x:num="13800000001">1.38E+10</td></tr>
<tr><td>演示李四</td><td>植保&amp;土肥</td><td sdval="13800000002" sdnum="1033;">13800000002</td></tr>
</table><!--EndFragment--></body></html>"""


def one(text: str, html: str = "") -> grid.Sheet:
    (sheet,) = grid.pasted(text, html).sheets
    return sheet


def test_the_web_form_of_excel_keeps_merged_areas_and_whole_numbers() -> None:
    sheet = one("不用这一段", EXCEL)
    assert sheet.rows[0][0] == "演示名单\n（2022年）"
    assert sheet.merged == (
        Area(0, 0, 0, 3),
        Area(1, 0, 2, 0),
        Area(1, 1, 1, 2),
        Area(1, 3, 2, 3),
        Area(3, 1, 4, 1),
    )
    assert sheet.rows[3] == ["演示张　三", "河南农业大学", "农学院", 13800000001]
    assert sheet.rows[4] == ["演示李四", "", "植保&土肥", 13800000002]
    (found,) = shape.propose(grid.pasted("", EXCEL))
    assert found.header == (1, 2) and found.columns == {
        0: "姓名",
        1: "派出单位",
        2: "院系部门",
        3: "联系电话",
    }


def test_pasted_people_come_into_the_ledger(roster: Ledger) -> None:
    book = grid.pasted("", EXCEL)
    made = plan.make(roster, book, shape.propose(book, plan.known_words(roster)))
    assert [(r.row, r.name, r.values["派出单位"], r.values["联系电话"]) for r in made.rows] == [
        (4, "演示张三", "河南农业大学", "13800000001"), (5, "演示李四", "河南农业大学", "13800000002"),
    ]  # fmt: skip
    assert plan.apply(roster, made).operation


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t单位\t手机\n演示甲\t河南农业大学\t13800000001\n", '姓名\t单位\t手机\r\n"演示甲"\t河南农业大学\t13800000001\r\n',
        "姓名,单位,手机\n演示甲,河南农业大学,13800000001", "姓名，单位，手机\n演示甲，河南农业大学，13800000001",
        "姓名   单位   手机\n演示甲   河南农业大学   13800000001", "| 姓名 | 单位 | 手机 |\n| 演示甲 | 河南农业大学 | 13800000001 |",
    ],
)  # fmt: skip
def test_lines_of_text(text: str) -> None:
    assert one(text).texts == [["姓名", "单位", "手机"], ["演示甲", "河南农业大学", "13800000001"]] or [
        [c for c in row if c] for row in one(text).texts
    ] == [["姓名", "单位", "手机"], ["演示甲", "河南农业大学", "13800000001"]]


def test_a_cell_of_several_lines_stays_one_cell() -> None:
    assert one('姓名\t单位\n"演示甲\n演示乙"\t河南农业大学\n').rows[1] == ["演示甲\n演示乙", "河南农业大学"]


@pytest.mark.parametrize(
    ("text", "html"), [("", ""), ("  \n", ""), ("", "<p>没有表格</p>"), ("", "<table></table>")]
)
def test_nothing_on_the_clipboard_is_said(text: str, html: str) -> None:
    with pytest.raises(Refused, match=r"。$"):
        grid.pasted(text, html)


def test_web_pages_that_call_themselves_xls(tmp_path: Path, roster: Ledger) -> None:
    page = EXCEL.replace("<head>", '<head><meta charset="gb2312">')
    for name, data in (
        ("a.xls", page.encode("gb18030")),
        ("b.xls", EXCEL.encode("utf-8")),
        ("c.xls", EXCEL.encode("utf-16")),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        result = import_roster(roster, file)
        assert result.created + result.unchanged == 2 and not result.problems
    (tmp_path / "t.xls").write_text("姓名\t单位\n演示王五\t河南农业大学\n", "gb18030")
    assert import_roster(roster, tmp_path / "t.xls").created == 1


def test_hostile_spans_cost_nothing() -> None:
    page = "<table><tr><td rowspan=99999999 colspan=99999999>姓名</td></tr><tr><td>x</table><table><tr><td>b<table><tr><td>c</table>"
    sheets = grid.pasted("", page).sheets
    assert (
        sheets[0].merged == (Area(0, 0, 1, 16383),)
        and sheets[1].rows == [["b"]]
        and sheets[2].rows == [["c"]]
    )

"""The proposal: header, columns and kinds of rows found by themselves, changed by a person, remembered."""

from collections.abc import Sequence
from typing import Any

import pytest

from commissioner_app.imports import fields, grid, memory, shape
from commissioner_app.imports.fields import COLUMNS, FIELDS, meaning, meaning_below
from commissioner_app.imports.grid import Area, Sheet, Workbook
from commissioner_app.imports.rows import Kind

PERSON = ["1", "演示甲", "河南农业大学", "教授"]


def book(*rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()) -> Workbook:
    return Workbook(
        [Sheet("名单", [list(r) for r in rows], tuple(Area(*m) for m in merged))], [], "演示.xlsx"
    )


def only(
    *rows: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = (), known: Sequence[str] = ()
) -> shape.Proposal:
    (found,) = shape.propose(book(*rows, merged=merged), known)
    return found


def test_the_columns_of_the_export_are_all_read() -> None:
    found = only(list(COLUMNS), ["x"] * len(COLUMNS))
    assert list(found.columns.values()) == list(COLUMNS) and set(found.sure.values()) == {1.0}


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("特派员姓名", "姓名"), ("姓　名", "姓名"), ("工作单位", "派出单位"), ("所在单位", "派出单位"), ("专业技术职务", "职称"),
        ("专业特长", "专业"), ("研究方向", "专业"), ("手机", "联系电话"), ("联系电话（手机）", "联系电话"), ("服务县", "受援县"),
        ("派驻地", "受援县"), ("受援县（市、区）", "受援县"), ("选派类别", "类别"), ("科技特派员职称", "职称"), ("手机/电话", "联系电话"),
        ("序 号", "序号"), ("派驻时间", "服务期限"), ("出生日期", "出生年月"), ("Ｅｍａｉｌ", "电子邮箱"), ("拟派驻县区", "受援县"),
        ("联系人", ""), ("联系人电话", ""), ("受援单位", ""), ("单位联系电话", ""), ("编号", ""), ("身高", ""), ("单位性质", ""), ("", ""),
    ],
)  # fmt: skip
def test_synonyms_and_what_is_about_somebody_else(title: str, field: str) -> None:
    assert meaning(title)[0] == field


@pytest.mark.parametrize(
    ("titles", "field"),
    [
        (("派出单位", "名称"), "派出单位"), (("派出单位", "联系电话"), ""), (("派出单位", "院系"), "院系部门"), (("基本情况", "姓名"), "姓名"),
        (("联系人", "姓名"), ""), (("联系", "电话"), "联系电话"), (("受援县", "联系人"), ""), (("派出单位", "性质"), ""), (("姓名", ""), "姓名"),
    ],
)  # fmt: skip
def test_columns_under_a_group(titles: tuple[str, ...], field: str) -> None:
    assert meaning_below(titles)[0] == field


def test_every_row_has_a_kind() -> None:
    found = only(
        ["附件1"], ["演示名单"], ["填报单位：演示", "", "2022年3月"], ["序号", "姓名", "单位", "职称"], ["一、省派科技特派员（2人）"], PERSON,
        ["", "", "", ""], ["2", "演示乙", "", ""], ["小　计", "2"], ["序号", "姓名", "单位", "职称"], ["3", "演示丙", "", ""], ["4"],
        ["（二）温县"], ["5", "", "河南农业大学", ""], ["合计", "3"], ["注：演示。"], ["一、公示期五天"], ["填表人：演示", "审核人：演示"], ["2022年3月28日"],
    )  # fmt: skip
    assert [k.value for k in found.kinds] == [
        "标题", "标题", "单位日期行", "表头", "分组行", "人员", "空行", "人员", "合计", "表头", "人员", "空行", "分组行", "人员", "合计", "说明",
        "说明", "签字", "签字",
    ]  # fmt: skip
    assert found.data == [5, 7, 10, 13]
    assert [found.sections[r] for r in found.data] == ["省派科技特派员"] * 3 + ["省派科技特派员\n温县"]
    assert (found.header, found.confidence) == ((3,), 0.75) or found.confidence > 0.6


def test_totals_and_short_rows() -> None:
    rows = (
        ["序号", "姓名", "单位", "职称"],
        ["1", "演示甲", "x"],
        ["2", "合计", "1人", ""],
        ["3", "演示乙"],
        ["", "小计"],
    )
    assert [k.value for k in only(*rows).kinds] == ["表头", "人员", "合计", "人员", "合计"]


def test_a_header_over_two_rows_with_and_without_merged_areas() -> None:
    top = ["序号", "基本情况", "", "", "联系方式", ""]
    below = ["", "姓名", "单位", "职称", "手机", "邮箱"]
    person = ["1", "演示甲", "河南农业大学", "教授", "13800000001", "a@example.cn"]
    for merged in ((), ((0, 0, 1, 0), (0, 1, 0, 3), (0, 4, 0, 5))):
        found = only(top, below, person, merged=merged)
        assert found.header == (0, 1) and found.data == [2]
        assert found.columns == {0: "序号", 1: "姓名", 2: "派出单位", 3: "职称", 4: "联系电话", 5: "电子邮箱"}
        assert found.titles[5] == "联系方式 · 邮箱"


def test_an_area_over_several_people_is_each_ones() -> None:
    found = only(
        ["姓名", "单位"], ["演示甲", "河南农业大学"], ["演示乙", ""], ["", ""], merged=[(1, 1, 3, 1)]
    )
    assert found.sheet.filled[2][1] == "河南农业大学" and found.data == [1, 2]


def test_a_row_of_one_word_is_a_section_only_where_it_names_something() -> None:
    rows = (
        ["姓名", "单位"],
        ["修武县", ""],
        ["演示甲", "a"],
        ["某某", ""],
        ["演示乙", "b"],
        ["", "演示大学"],
    )
    assert [k.value for k in only(*rows).kinds] == ["表头", "分组行", "人员", "人员", "人员", "人员"]
    assert only(*rows, known=["某某"]).kinds[3] is Kind.SECTION


def test_lists_without_a_header_are_proposed_by_content_and_left_to_a_person() -> None:
    (found,) = shape.propose(
        grid.pasted(
            "1\t演示张三\t河南农业大学\t教授\t13800000001\t温县\n2\t演示李四\t河南农业大学\t讲师\t13800000002\t温县"
        )
    )
    assert not found.included and found.reason.endswith("。") and found.confidence < 0.8
    assert found.columns == {0: "序号", 1: "姓名", 2: "派出单位", 3: "职称", 4: "联系电话", 5: "受援县"}
    assert shape.with_included(found, True).included and len(found.data) == 2


def test_a_person_changes_columns_header_and_rows() -> None:
    found = only(
        ["姓名", "单位", "备用电话"],
        ["代号", "b", "c"],
        ["演示甲", "河南农业大学", "13800000001"],
        ["演示乙", "", ""],
    )
    assert found.unmapped == {2: "备用电话"} and found.data == [1, 2, 3]
    changed = shape.with_columns(found, {**found.columns, 2: "联系电话"})
    assert changed.unmapped == {} and changed.sure[2] == 1.0 and not changed.remembered
    lower = shape.with_header(changed, (0, 1))
    assert lower.header == (0, 1) and lower.data == [2, 3] and lower.titles[0] == "姓名 · 代号"
    noted = shape.with_kind(found, 3, Kind.NOTE)
    assert noted.data == [1, 2] and shape.with_columns(noted, noted.columns).data == [1, 2]
    grouped = shape.with_kind(found, 1, Kind.SECTION)
    assert grouped.sections[2] == "代号"


def test_what_a_proposal_lacks_is_said() -> None:
    found = only(["姓名", "单位"], ["演示甲", "x"])
    assert shape.missing(found) == ""
    assert "姓名" in shape.missing(shape.with_columns(found, {1: "派出单位"}))
    assert "两列都是“派出单位”" in shape.missing(
        shape.with_columns(found, {0: "姓名", 1: "派出单位", 2: "派出单位"})
    )
    assert "没有一行人员" in shape.missing(shape.with_kind(found, 1, Kind.NOTE))


def test_no_sheet_is_left_out() -> None:
    sheets = [
        Sheet("甲", [["姓名", "单位"], ["演示甲", "x"]]),
        Sheet("空", []),
        Sheet("说明", [["请如实填写。"], [""]]),
    ]
    found = shape.propose(Workbook(sheets))
    assert [(p.sheet.name, p.included) for p in found] == [("甲", True), ("说明", False)]
    assert "说明" in found[1].reason and [k.value for k in found[1].kinds] == ["说明", "空行"]


# -- memory --------------------------------------------------------------------------------------------


def test_a_mapping_is_remembered_for_tables_of_the_same_shape() -> None:
    rows = (["姓名", "单位", "备用电话", "特长说明"], ["演示甲", "河南农业大学", "13800000001", "小麦"])
    first = only(*rows)
    shape.remember(shape.with_columns(first, {0: "姓名", 1: "派出单位", 2: "联系电话"}))
    (again,) = shape.propose(book(["演示标题"], *rows), (), memory.load())
    assert (
        again.remembered
        and again.columns == {0: "姓名", 1: "派出单位", 2: "联系电话"}
        and again.header == (1,)
    )
    (other,) = shape.propose(book([*rows[0], "年龄"], [*rows[1], "40"]), (), memory.load())
    assert not other.remembered and 2 not in other.columns
    shape.forget(again)
    assert not shape.propose(book(*rows), (), memory.load())[0].remembered


def test_a_header_that_only_a_person_saw_is_remembered() -> None:
    rows = (["人", "哪里"], ["演示甲", "河南农业大学"])
    (lost,) = shape.propose(book(*rows))
    assert not lost.included
    shown = shape.with_columns(shape.with_header(lost, (0,)), {0: "姓名", 1: "派出单位"})
    shape.remember(shown)
    (found,) = shape.propose(book([""], *rows), (), memory.load())
    assert found.included and found.remembered and found.header == (1,) and found.data == [2]


def test_a_broken_memory_is_no_memory(own_home: Any) -> None:
    shape.remember(only(["姓名", "单位"], ["演示甲", "x"]))
    file = own_home / "settings" / "import-shapes.json"
    for text in ("{", "[]", '{"a": 1}', '{"a": {"x": "姓名"}}'):
        file.write_text(text)
        assert memory.load().shapes == {}
    for n in range(memory._MOST + 5):
        memory.remember([f"姓名{n}", "单位"], {0: "姓名"})
    assert len(memory.load().shapes) == memory._MOST and memory.load().find(["姓名3", "单位"]) is None


def test_what_may_be_chosen_for_a_column_is_what_is_read() -> None:
    assert set(FIELDS) == {*COLUMNS, "序号", "服务期限"} and all(fields.knows(n) for n in FIELDS)

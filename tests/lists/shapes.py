"""Lists as bureaus really publish them, all of training people (演示), each with what has to come out of it.

A shape fills an openpyxl workbook; people and problems are what an import into the shipped roster of 2022 has to
give. `generate.py` turns the workbooks into .xls and .xlsx with LibreOffice.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True)
class Who:
    """Somebody whom the ledger has to hold after the import; "" for what the list does not say."""

    name: str
    unit: str
    category: str
    county: str = ""
    phone: str = ""
    title: str = ""
    specialty: str = ""
    birth_month: str = ""


@dataclass(frozen=True)
class Shape:
    """problems: (sheet, Excel's row, words of the reason); skipped: rows that are no people."""

    name: str
    fill: Callable[[Workbook], None]
    people: Sequence[Who]
    problems: Sequence[tuple[str, int, str]] = ()
    skipped: int = 0


NORMAL, FARM = "河南师范大学", "河南农业大学"
TEAM = "服务团成员"


def _put(sheet: Worksheet, *rows: Sequence[Any]) -> None:
    for row in rows:
        sheet.append(list(row))


def _merged(book: Workbook) -> None:
    """Merged title, unit and date, a header over two rows, sections, units merged over their people, notes, signatures."""
    s = book.active
    s.title = "名单"
    _put(
        s,
        ["焦作市2022年度科技特派员选派名单（演示）"],
        ["填报单位：演示科技局", None, None, None, None, None, "2022年3月28日"],
        ["序号", "基本情况", None, None, None, "联系方式", "受援县"],
        [None, "姓名", "工作单位", "职称", "研究方向", "手机", None],
        ["一、产业科技特派员服务团（3人）"],
        [1, "演示张　三", NORMAL, "教授", "中药材栽培", 13800000001, "修武县"],
        [2, "演示李四", None, "副教授", "怀山药育种", "13800000002", "修武县"],
        [3, "演示王五", None, "讲师", None, None, "修武县"],
        [None, None, None, None, None, None, None],
        ["二、校派科技特派员"],
        [4, "演示赵六", FARM, "教授", "小麦栽培", "138-0000-0004", "温县"],
        [5, None, FARM, "教授", None, None, "温县"],
        ["小计", None, 2],
        ["合　计", None, 5],
        ["注：本名单以正式文件为准。"],
        ["填表人：演示甲", None, None, "审核人：演示乙", None, None, "2022年3月28日"],
    )
    for area in ("A1:G1", "A3:A4", "B3:E3", "G3:G4", "A5:G5", "A10:G10", "C6:C8", "A15:G15"):
        s.merge_cells(area)


MERGED = Shape(
    "合并单元格", _merged,
    [
        Who("演示张三", NORMAL, TEAM, "修武县", "13800000001", "教授", "中药材栽培"),
        Who("演示李四", NORMAL, TEAM, "修武县", "13800000002", "副教授", "怀山药育种"),
        Who("演示王五", NORMAL, TEAM, "修武县", "", "讲师"),
        Who("演示赵六", FARM, "校派", "温县", "13800000004", "教授", "小麦栽培"),
    ],
    [("名单", 12, "没有姓名")], 11,
)  # fmt: skip


def _sheets(book: Workbook) -> None:
    """A sheet per category, named by it; one hidden, one with nothing but an explanation, one empty."""
    first = book.active
    first.title = "省派"
    _put(
        first,
        ["姓名", "派出单位", "职称"],
        ["演示孙一", "演示研究院", "研究员"],
        ["演示孙二", "演示研究院", "副研究员"],
    )
    second = book.create_sheet("校派")
    _put(
        second,
        ["附件2"],
        ["校派科技特派员名单"],
        ["特派员姓名", "所在单位", "派驻地（市、区）"],
        ["演示钱一", FARM, "博爱县"],
    )
    _put(book.create_sheet("填表说明"), ["一、请按实际情况填写。"], ["二、电话请填写手机号码。"])
    book.create_sheet("Sheet4")
    hidden = book.create_sheet("去年名单")
    _put(hidden, ["姓名", "单位"], ["演示旧人", FARM])
    hidden.sheet_state = "hidden"


SHEETS = Shape(
    "多个工作表", _sheets,
    [
        Who("演示孙一", "演示研究院", "省派", "", "", "研究员"), Who("演示孙二", "演示研究院", "省派", "", "", "副研究员"),
        Who("演示钱一", FARM, "校派", "博爱县"),
    ],
    [("去年名单", 0, "隐藏"), ("填表说明", 0, "没有找到名单")], 4,
)  # fmt: skip


def _several(book: Workbook) -> None:
    """Several people in a cell, with their phones beside them or in it."""
    s = book.active
    s.title = "汇总"
    _put(
        s,
        ["受援县", "科技特派员", "派出单位", "职称", "联系电话", "类别"],
        ["温县", "演示周一、演示周二", FARM, "教授", "13800000011、13800000012", "校派"],
        ["修武县", "演示周三\n演示周四", FARM, "副教授\n讲师", "13800000013\n13800000014", "校派"],
        ["修武县", "演示吴一（13800000015），演示吴二 13800000016", NORMAL, None, None, "服务团成员"],
        ["修武县", "团长：演示郑一；成员：演示郑二", NORMAL, "教授；讲师", None, "产业科技特派员服务团"],
        ["修武县", "演示冯一、演示冯二、演示冯三", NORMAL, None, "13800000017、13800000018", "服务团成员"],
        ["修武县", "演示陈一等5人", NORMAL, None, None, "服务团成员"],
    )


SEVERAL = Shape(
    "一格多人", _several,
    [
        Who("演示周一", FARM, "校派", "温县", "13800000011", "教授"),
        Who("演示周二", FARM, "校派", "温县", "13800000012", "教授"),
        Who("演示周三", FARM, "校派", "修武县", "13800000013", "副教授"),
        Who("演示周四", FARM, "校派", "修武县", "13800000014", "讲师"),
        Who("演示吴一", NORMAL, TEAM, "修武县", "13800000015"), Who("演示吴二", NORMAL, TEAM, "修武县", "13800000016"),
        Who("演示郑一", NORMAL, TEAM, "修武县", "", "教授"), Who("演示郑二", NORMAL, TEAM, "修武县", "", "讲师"),
    ],
    [("汇总", 6, "3 个姓名、2 个电话"), ("汇总", 7, "没有写出每一个人")], 1,
)  # fmt: skip


def _typed(book: Workbook) -> None:
    """Full-width digits and letters, phones as numbers, dates in every form, IDs with a wrong check digit."""
    s = book.active
    s.title = "登记表"
    _put(
        s,
        ["科技特派员登记表（演示）"],
        [
            "序　号",
            "姓　　名",
            "出生年月",
            "所在单位",
            "专业技术职务（职称）",
            "联系电话/手机",
            "身份证号码",
            "电子邮箱",
            "选派类别",
        ],
        [
            "１",
            "演示 卫 一",
            "１９７８年５月",
            FARM,
            "教授",
            "１３８０００００２１１",
            "１１０１０５１９４９１２３１００２Ｘ",
            "ｙａｎｓｈｉ@example.cn",
            "校派",
        ],
        ["２", "演示蒋二", 1980.5, FARM, "讲师", 13800000212.0, None, None, "校派"],
        ["３", "演示沈三", "1980.11", FARM, "讲师", "1.3800000213E+10", None, None, "校派"],
        ["４", "演示韩四", dt.date(1981, 3, 12), FARM, "讲师", "0391-1234567", None, None, "校派"],
        ["５", "演示杨五", 29342, FARM, "讲师", "+86 138 0000 0215", None, None, "校派"],
        ["６", "演示朱六", "1979-07", FARM, "讲师", "1.38E+10", None, None, "校派"],
        ["７", "演示秦七", "不详", FARM, "讲师", None, None, None, "校派"],
        ["８", "演示尤八", None, FARM, "讲师", "1380000", None, None, "校派"],
        ["９", "演示许九", None, FARM, "讲师", "123", None, None, "校派"],
        ["１０", "演示何十", None, FARM, "讲师", None, "110105194912310021", None, "校派"],
    )
    s.merge_cells("A1:I1")
    s["C6"].number_format = "yyyy-mm"


TYPED = Shape(
    "全角和数字", _typed,
    [
        Who("演示卫一", FARM, "校派", "", "13800000211", "教授", "", "1978-05"),
        Who("演示蒋二", FARM, "校派", "", "13800000212", "讲师", "", "1980-05"),
        Who("演示沈三", FARM, "校派", "", "13800000213", "讲师", "", "1980-11"),
        Who("演示韩四", FARM, "校派", "", "0391-1234567", "讲师", "", "1981-03"),
        Who("演示杨五", FARM, "校派", "", "13800000215", "讲师", "", "1980-05"),
        Who("演示尤八", FARM, "校派", "", "1380000", "讲师"),
    ],
    [("登记表", 8, "丢了后面的数字"), ("登记表", 9, "出生年月“不详”"), ("登记表", 11, "联系电话“123”"), ("登记表", 12, "校验位")], 2,
)  # fmt: skip


def _sections(book: Workbook) -> None:
    """Nested sections (category, then county), the header again on the next page, numbers that begin anew."""
    s = book.active
    s.title = "公示"
    _put(
        s,
        ["附件1"], ["拟选派科技特派员公示名单（演示）"], [],
        ["一、省派科技特派员（共4名）"],
        ["序号", "姓名", "单位", "职务职称", "技术特长"],
        ["（一）修武县"],
        [1, "演示曹一", "演示研究院", "研究员", "土壤"],
        [2, "演示曹二", "演示研究院", "研究员", "植保"],
        ["（二）温县"],
        [1, "演示严一", "演示研究院", "研究员", "蔬菜"],
        ["序号", "姓名", "单位", "职务职称", "技术特长"],
        [2, "演示严二", "演示研究院", "研究员", "果树"],
        ["二、校派科技特派员"],
        ["", "博爱县（1名）"],
        [1, "演示金一", FARM, "教授", "小麦、玉米"],
        [2],
        [],
        ["公示期为5个工作日，自2022年3月28日起。"],
        ["一、公示期间有异议的，请书面反映。"],
        ["演示科学技术局"], ["2022年3月28日"],
    )  # fmt: skip
    for row in (2, 4, 6, 9, 13, 18, 19):
        s.merge_cells(start_row=row, start_column=1, end_row=row, end_column=5)


SECTIONS = Shape(
    "逐级分组", _sections,
    [
        Who("演示曹一", "演示研究院", "省派", "修武县", "", "研究员", "土壤"),
        Who("演示曹二", "演示研究院", "省派", "修武县", "", "研究员", "植保"),
        Who("演示严一", "演示研究院", "省派", "温县", "", "研究员", "蔬菜"),
        Who("演示严二", "演示研究院", "省派", "温县", "", "研究员", "果树"),
        Who("演示金一", FARM, "校派", "博爱县", "", "教授", "小麦、玉米"),
    ],
    [], 16,
)  # fmt: skip


def _beside(book: Workbook) -> None:
    """Two lists side by side to save paper."""
    s = book.active
    s.title = "名单"
    _put(
        s,
        ["校派科技特派员名单（演示）"],
        ["序号", "姓名", "工作单位", "序号", "姓名", "工作单位"],
        [1, "演示魏一", FARM, 4, "演示魏四", FARM],
        [2, "演示魏二", FARM, 5, None, FARM],
        [3, "演示魏三", FARM],
    )
    s.merge_cells("A1:F1")


BESIDE = Shape(
    "左右两栏", _beside,
    [Who(f"演示魏{n}", FARM, "校派") for n in "一二三四"],
    [("名单", 4, "没有姓名")], 2,
)  # fmt: skip


def _blocks(book: Workbook) -> None:
    """A second list with other columns below the first; the county told above the header."""
    s = book.active
    s.title = "两张表"
    _put(
        s,
        ["省派科技特派员"], ["受援县：温县"],
        ["姓名", "单位", "职称"], ["演示陶一", "演示研究院", "研究员"], ["演示陶二", "演示研究院", "研究员"],
        ["共计", "2人"], [],
        ["校派科技特派员"],
        ["序号", "单位", "姓名", "手机", "服务县"], [1, FARM, "演示姜一", "13800000031", "博爱县"], [2, FARM, "演示姜二", None, "火星县"],
    )  # fmt: skip


BLOCKS = Shape(
    "上下两表", _blocks,
    [
        Who("演示陶一", "演示研究院", "省派", "温县", "", "研究员"), Who("演示陶二", "演示研究院", "省派", "温县", "", "研究员"),
        Who("演示姜一", FARM, "校派", "博爱县", "13800000031"),
    ],
    [("两张表", 11, "火星县")], 7,
)  # fmt: skip


def _groups(book: Workbook) -> None:
    """Grouped columns, some of which are about somebody else; words of the ledger's glossary in other words."""
    s = book.active
    s.title = "需求对接"
    _put(
        s,
        ["科技特派员与受援单位对接表（演示）"],
        [
            "序号",
            "科技特派员",
            None,
            None,
            None,
            "派出单位",
            None,
            "受援单位",
            None,
            None,
            "派驻县区",
            "选派类型",
        ],
        [
            None,
            "姓名",
            "专业特长",
            "技术职称",
            "手机号码",
            "名称",
            "联系电话",
            "名称",
            "联系人",
            "联系电话",
            None,
            None,
        ],
        [
            1,
            "演示戚一",
            "食用菌",
            "教授",
            "13800000041",
            FARM,
            "0371-11111111",
            "演示合作社",
            "演示农户",
            "13900000041",
            "温县",
            "校派",
        ],
        [
            2,
            "演示戚二",
            "畜牧",
            "教授",
            "13800000042",
            FARM,
            "0371-11111111",
            "演示农场",
            "演示农户",
            "13900000042",
            "温县、修武县",
            "校派",
        ],
    )
    for area in ("A1:L1", "A2:A3", "B2:E2", "F2:G2", "H2:J2", "K2:K3", "L2:L3"):
        s.merge_cells(area)


GROUPS = Shape(
    "分组表头", _groups,
    [
        Who("演示戚一", FARM, "校派", "温县", "13800000041", "教授", "食用菌"),
        Who("演示戚二", FARM, "校派", "", "13800000042", "教授", "畜牧"),
    ],
    [], 3,
)  # fmt: skip

SHAPES = {s.name: s for s in (MERGED, SHEETS, SEVERAL, TYPED, SECTIONS, BESIDE, BLOCKS, GROUPS)}

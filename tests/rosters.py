"""Lists as offices really send them, with invented people: for the tests of the import window and its pictures."""

from pathlib import Path

import xlsxwriter

PEOPLE = (
    ("演示　林嘉", "女", "河南师范大学", "教授", "中药材栽培", "13800000001", "jia@example.com", "修武县"),
    ("演示高远", "男", "河南师范大学", "副教授", "植物保护", 13800000002.0, "", "修武县"),
    ("演示周明", "男", "河南师范大学", "讲师", "土壤肥料", "１３８００００００03", "", "修武县"),
    ("演示丁", "女", "河南农业大学", "教授", "设施蔬菜", "138 0000 0004", "ding@example.com", "温县"),
    ("演示戊", "男", "河南农业大学", "高级农艺师", "食用菌", "1380000000", "", "博爱县"),
    ("演示己", "男", "河南农业大学", "研究员", "农产品加工", "13800000006", "", "温县"),
    (
        "演示庚",
        "女",
        "焦作市农林科学研究院",
        "研究员",
        "果树栽培与病虫害绿色防控",
        "13800000007",
        "",
        "武陟县",
    ),
    ("演示辛", "男", "河南科技学院", "副教授", "小麦育种", "13800000008", "", "乌有县"),
)
"""Two of them cannot be read: a phone of ten digits, a county that is none."""

HEAD = ("序号", "姓名", "性别", "工作单位", "专业技术职务", "研究方向", "联系方式", "", "服务县", "照片")
SECTIONS = ("一、产业科技特派员服务团", "二、校派科技特派员", "三、省派科技特派员")


def messy(path: Path, rows: int = 0, notes_sheet: bool = True) -> Path:
    """A published list: merged title, a line for unit and date, a header of two rows, sections, a total, notes,
    a signature; `rows` more people of 省派 below."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("选派名单")
    middle = book.add_format({"align": "center", "bold": True})
    sheet.merge_range(0, 0, 0, 9, "2022年度焦作市科技特派员选派名单（演示）", middle)
    sheet.write(1, 0, "填报单位：焦作市科技局（演示）")
    sheet.write(1, 7, "日期：2022年4月")
    for column, word in enumerate(HEAD):
        if column in (6, 7):
            continue
        sheet.merge_range(2, column, 3, column, word, middle)
    sheet.merge_range(2, 6, 2, 7, HEAD[6], middle)
    sheet.write(3, 6, "手机", middle)
    sheet.write(3, 7, "邮箱", middle)
    at, number = 4, 0
    parts = ((SECTIONS[0], PEOPLE[:3]), (SECTIONS[1], PEOPLE[3:6]), (SECTIONS[2], PEOPLE[6:]))
    for title, people in parts:
        sheet.merge_range(at, 0, at, 9, title)
        at += 1
        more = [_more(n) for n in range(rows)] if title == SECTIONS[2] else []
        for person in (*people, *more):
            number += 1
            sheet.write_row(at, 0, (number, *person))
            at += 1
    sheet.write_row(at, 0, ("合计", f"{number} 人"))
    sheet.write(at + 1, 0, "备注：演示数据，不涉及任何真实人员。")
    sheet.write(at + 2, 0, "填表人：演示员　　审核人：演示员　　单位（盖章）")
    if notes_sheet:
        other = book.add_worksheet("填表说明")
        other.write(0, 0, "填表说明")
        other.write(1, 0, "1.“服务县”请填写县（市、区）全称。")
    book.close()
    return path


def _more(n: int) -> tuple[object, ...]:
    return (f"演示{_digits(n)}", "男", f"演示大学{n % 40}", "讲师", "植物保护", f"139{n:08d}", "", "温县")


def _digits(n: int) -> str:
    return "".join("零一二三四五六七八九"[int(c)] for c in str(n))


PASTED = (
    "姓名\t派出单位\t职称\t联系电话\t类别\t受援县\n"
    "演示甲\t河南农业大学\t教授\t13800000001\t校派\t温县\n"
    "演示乙\t河南农业大学\t副教授\t13800000002\t校派\t修武县\n"
)
"""What WPS and Excel put on the clipboard as plain text."""

"""Rows of real lists that are no records: totals, notes, signatures; and section rows."""

import re

_NO_RECORD = re.compile(
    r"^(小计|合计|总计|共计|累计|注[:：]|备注[:：]|说明[:：]|附[:：]|填表人|填报人|制表人|审核人|审核[:：]|单位盖章|单位[（(]盖章|"
    r"负责人[:：]|日期[:：]|联系人[:：]|联系电话[:：]|公示期)"
)
_SECTION = re.compile(r"^(?:[（(]?[一二三四五六七八九十]+[）)、.．])?\s*(.+?)(?:[（(].*)?$")


def is_no_record(first: str) -> bool:
    """Whether a row that begins with these words is a total, a note or a signature line (合　计 too)."""
    return bool(_NO_RECORD.match(re.sub(r"\s+", "", first)))


def section(text: str) -> str:
    """The name in a section row: 一、产业科技特派员服务团（18人） → 产业科技特派员服务团."""
    found = _SECTION.match(re.sub(r"\s+", "", text))
    return found.group(1) if found else ""


def is_numbered(text: str) -> bool:
    """Whether it begins as section rows do: 一、 or （一）."""
    return bool(re.match(r"^[（(]?[一二三四五六七八九十]+[）)、.．]", text))

"""What was taken from where in a pasted text: fields in six groups, each with its quiet ground; spans as Qt counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QCoreApplication

from commissioner_app.divisions import Divisions
from commissioner_app.recognise import Recognised
from commissioner_app.visits import days_text

GROUPS: dict[str, tuple[str, ...]] = {
    "time": ("date", "end_date", "start_time", "end_time", "half_days"),
    "place": ("county", "township", "village"),
    "people": ("recipient", "contact", "phone", "companions", "satisfaction"),
    "work": ("ways", "industry", "topic", "problem", "solution"),
    "figure": ("trained", "households"),
    "novelty": ("varieties", "techniques", "materials"),
}
"""Fields by the group whose ground they have; the order is that of `theme.mark`."""


@dataclass(frozen=True)
class Mark:
    """A piece of the text in UTF-16 units, its group, and the fields read from it with their values as words."""

    start: int
    end: int
    group: str
    fields: tuple[str, ...]
    tip: str


class Units:
    """Positions in code points as UTF-16 units, which Qt counts: an emoji is two."""

    def __init__(self, text: str) -> None:
        self._plain = text.isascii() or max(text, default="") < "\U00010000"
        self._at = [] if self._plain else [0, *accumulate(2 if c >= "\U00010000" else 1 for c in text)]

    def __call__(self, position: int) -> int:
        return position if self._plain else self._at[min(position, len(self._at) - 1)]


def marks(text: str, found: Iterable[Recognised], divisions: Divisions) -> list[Mark]:
    """What to mark: pieces from which several fields were read are marked once, in the group of the first."""
    units = Units(text)
    pieces: dict[tuple[int, int], dict[str, list[str]]] = {}
    for one in found:
        for span in one.spans:
            words = pieces.setdefault((span.start, span.end), {}).setdefault(span.field, [])
            value = _words(span.field, span.value, divisions)
            if value not in words:
                words.append(value)
    made = []
    for (start, end), fields in pieces.items():
        group = next((g for g, names in GROUPS.items() if next(iter(fields)) in names), "work")
        tip = "\n".join(f"{field_name(f)}：{'、'.join(v)}" for f, v in fields.items())
        made.append(Mark(units(start), units(end), group, tuple(fields), tip))
    # Shorter pieces lie over longer ones.
    return sorted(made, key=lambda m: (m.start - m.end, m.start))


def _words(name: str, value: str | int, divisions: Divisions) -> str:
    if name == "half_days" and isinstance(value, int):
        return _tr("{0} 天").format(days_text(value))
    if name in GROUPS["place"]:
        return divisions.name(str(value))
    return f"{value:,}" if isinstance(value, int) else value


def group_name(group: str) -> str:
    """A group in the legend."""
    return {
        "time": _tr("时间"), "place": _tr("地点"), "people": _tr("受援方"), "work": _tr("服务内容"),
        "figure": _tr("人数户数"), "novelty": _tr("品种技术"),
    }[group]  # fmt: skip


def field_name(name: str) -> str:
    """A field of the rules as the form's caption has it."""
    return {
        "date": _tr("日期"), "end_date": _tr("结束日期"), "start_time": _tr("开始时间"),
        "end_time": _tr("结束时间"), "half_days": _tr("天数"), "county": _tr("受援县"), "township": _tr("乡镇"),
        "village": _tr("村"), "recipient": _tr("受援单位"), "contact": _tr("联系人"), "phone": _tr("联系电话"),
        "companions": _tr("同行人员"), "satisfaction": _tr("满意度"), "ways": _tr("服务方式"),
        "industry": _tr("产业"), "topic": _tr("主题"), "problem": _tr("存在问题"), "solution": _tr("解决办法"),
        "trained": _tr("培训人数"), "households": _tr("服务农户"), "varieties": _tr("新品种"),
        "techniques": _tr("新技术"), "materials": _tr("发放物资"),
    }.get(name, name)  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("PasteMarks", text)

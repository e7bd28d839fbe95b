"""The dates of a text on which a visit was made: 7月3日至5日, 7月3、4日, 昨天（9月14日）, 周一至周三."""

import datetime as dt
import re
from dataclasses import dataclass

from commissioner_app.recognise.days import (
    DAY_ONLY,
    FULL,
    NO_YEAR,
    NTH_WEEK,
    RELATIVE,
    WEEK_BASE,
    DayReader,
    number,
)
from commissioner_app.recognise.moods import ADVICE, CANCELLED, PAST, PLAN, Moods

_JOIN = re.compile(r"[ ,(（]{0,2}$|[ ]*[(（]?(?:即|也就是|就是)[ ]*$")

_NOT_BEFORE = re.compile(
    r"(?:截至|截止到?|截至到|自|预计|计划|定于|拟于|将于|待|等到|直到|生于|早在|持续到|延迟到|推迟到|"
    r"改到|改在|pH值?|PH值?|EC值?|单价|平均|亩产|增长|温度|得分|价格) ?$"
)
_NOT_AFTER = re.compile(
    r" ?(?:左右|前后)? ?(?:之?前(?!往|去)|以前|以后|之后|以来|起|开始(?=[^,。;\n]{0,3}(?:发|出|种|生|"
    r"下|降|实|执|试))|截止|到期|"
    r"(?:播种|定植|移栽|种|栽|收获|收割|下种|购买|买|发病|出苗|开花|引进|签订?|印发|下发|成立|"
    r"建成)(?:下|入)?(?:的|后|以后|之后|了的))"
)


@dataclass(frozen=True)
class DateHit:
    """A date of the text: its stays (first and last day), and the halves that a range begins and ends with.

    weekday: it is only a day of the week (周五), without 上 or 本.
    """

    start: int
    end: int
    stays: tuple[tuple[dt.date, dt.date], ...]
    exact: bool
    half_from: str | None = None
    half_to: str | None = None
    note: str = ""
    weekday: bool = False


def find_within(
    text: str,
    start: int,
    end: int,
    moods: Moods,
    period: tuple[str, str],
    today: dt.date,
    skip: list[tuple[int, int]],
) -> list[DateHit]:
    """The dates of a range on which a visit was made: none that is planned, looks back or tells the age of something.

    `skip` are ranges that hold no date (list numbers). Days without a year belong to the period, relative ones
    count from `today`.
    """
    reader = DayReader(text, period, today)
    kinds = (
        ("exact", FULL),
        ("exact", NO_YEAR),
        ("only", DAY_ONLY),
        ("relative", RELATIVE),
        ("week", WEEK_BASE),
    )
    starts = sorted(
        ((m.start(), m.end(), kind, m) for kind, p in kinds for m in p.finditer(text, start, end)),
        key=lambda s: (s[0], -s[1]),
    )
    hits: list[DateHit] = []
    reach = 0
    for begin, stop, kind, match in starts:
        if begin < reach or any(a <= begin < b for a, b in skip):
            continue
        if kind == "week":
            reader.weeks_back = match["which"].count("上")
            continue
        day: dt.date | None
        if kind == "exact":
            found = reader.day(begin)
            if found is None:
                continue
            stop, day = found
        elif kind == "only":
            day = reader.day_only(number(match["d"]), begin)
        else:
            if match["wd"] and NTH_WEEK.search(text[max(0, begin - 12) : begin]):
                continue  # 8月份第三周，周四: no day that can be told
            if match["day"] and match["day"][0] == "今" and any(_heads_a_line(text, h) for h in hits):
                continue  # in a diary that is headed by its day, 今天 is that day
            day = reader.relative(match)
        if day is None:
            continue
        stays: list[tuple[dt.date, dt.date]] = [(day, day)]
        half_from = half_to = None
        note = ""
        if kind == "relative":
            if match["wd"]:
                stop, stays = reader.weekdays(stop, day, bool(match["which"]))
        else:
            stop, stays, half_from, half_to = reader.following(stop, day)
            reader.month = (stays[-1][1].year, stays[-1][1].month)
        reach = stop
        if _NOT_BEFORE.search(text[max(0, begin - 6) : begin]) or (
            _NOT_AFTER.match(text, stop) and not _is_range(stays)
        ):
            continue
        if moods.at(begin, PLAN | PAST | CANCELLED | ADVICE):
            continue
        weekday = kind == "relative" and bool(match["wd"]) and not match["which"]
        hit = DateHit(begin, stop, tuple(stays), kind == "exact", half_from, half_to, note, weekday)
        if hits and _same_day_again(text, hits[-1], hit):
            hits[-1] = _joined(hits[-1], hit)
        else:
            hits.append(hit)
    return hits


def _heads_a_line(text: str, hit: DateHit) -> bool:
    """Whether a date stands as a heading does: 2022年10月31日 星期一 多云."""
    before, behind = text[max(0, hit.start - 2) : hit.start], text[hit.end : hit.end + 1]
    return (
        hit.exact and (not before.strip() or before[-1] in "\n:【") and behind in ("", " ", "\n", "】", "(")
    )


def _is_range(stays: list[tuple[dt.date, dt.date]]) -> bool:
    return stays[0][0] != stays[-1][1]


def _same_day_again(text: str, before: DateHit, hit: DateHit) -> bool:
    """昨天（9月14日）, 9月5日(周一): one day said twice."""
    between = text[before.end : hit.start]
    return len(between) <= 3 and _JOIN.fullmatch(between) is not None and not (before.exact and hit.exact)


def _joined(before: DateHit, hit: DateHit) -> DateHit:
    sure, other = (before, hit) if before.exact or not hit.exact else (hit, before)
    note = ""
    said = other.stays[0][0]
    if other.weekday:  # 9月2日（周五）: whichever week that was
        said = sure.stays[0][0]
        wrong = said.weekday() != other.stays[0][0].weekday()
    else:
        wrong = not any(first <= said <= last for first, last in sure.stays)
    if wrong:
        note = "星期或“昨天”等与写明的日期对不上，按写明的日期填。"
    return DateHit(before.start, hit.end, sure.stays, True, sure.half_from, sure.half_to, note)

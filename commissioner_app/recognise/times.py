"""Half days and times of day: 上午, 全天, 两天半, 9:00-11:30, 上午9点到11点半."""

import re
from dataclasses import dataclass

from commissioner_app.recognise.dates import DateHit
from commissioner_app.recognise.moods import ADVICE, PLAN, Moods
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import numeral
from commissioner_app.visits import half_days_between

_LABELS = {
    word: label
    for label, some in {
        "am": "上午 早上 早晨 清晨 一早 一大早 今早 大清早 前半晌 半晌 早",
        "noon": "中午 晌午",
        "pm": "下午 午后 后半晌",
        "night": "傍晚 晚上 晚间 夜里 今晚 昨晚 当晚 晚",
    }.items()
    for word in some.split()
}
_WHOLE = r"上下午|上、下午|上午、?(?:和|及)?下午|全天|一整天|整整一天|整一天|一天时间|整天|整日|全日|一天到晚"
# 晚 and 早 by themselves only before a time: 晚7:00.
_DAY_PART = "|".join([*sorted((w for w in _LABELS if len(w) > 1), key=len, reverse=True), r"[晚早](?= ?\d)"])
_HALF = re.compile(rf"(?P<whole>{_WHOLE})|(?P<label>{_DAY_PART})")
_EACH = re.compile(r"(?:每天|每日|天天|各|都是|均为?)的? ?$")
_LIMIT = re.compile(r"(?: ?\d{1,2}(?:点|时|:\d\d))?(?:钟|左右)?(?:之?前|以前|之?后|以后)")
_OFF = re.compile(
    r"[^,。;!?\n]{0,12}?(?:从[^,。;!?\n]{1,8}出发|动身|启程|在[^,。;!?\n]{0,8}开会|去开会|回校|返校|回单位|返回|回来|赶回|回家|返程|"
    r"离开|整理材料|写材料|写总结|休息|入住|在路上|回到单位)"
)
_HABIT = re.compile(r"(?:每天|每日|天天|宜在|要在|应在|最好|避开|选择?)(?:的|在)? ?$")

_DURATION = re.compile(
    r"(?P<left>共计?|总共|合计|历时|为期|用时|耗时|时长|时间|天数|服务|待了?|呆了?|住了?|蹲点|驻点|"
    r"驻村|蹲了|忙了|忙活了|干了|讲了|培训了?|"
    r"指导了?|用了|花了|进行了?|连续|跑了|转了|看了|计|前后|工作|了|[县村镇乡市区]|街道|[\s,。;:、()!\"]|^)(?: ?[:：])? ?"
    r"(?P<all>(?P<n>\d{1,2}(?:\.[05])?|半|一|两|二|三|四|五|六|七|八|九|十[一二三四五六七八九]?|0\.5)(?P<mid>个)? ?"
    r"(?P<unit>半天|多?半天|整天|工作日|天)(?P<half>半)?)"
    r"(?!\d|之?前|之?后|以[前后内上下]|内|左右[浇打喷施]|[浇打喷施追]?一次|一遍|[一二两三]次|龄|苗|不|"
    r"没|到晚|比|能|可|就|要喂|喂|浇)"
)
# 下乡4天，分别是: the sum of visits that follow.
_OF_SEVERAL = re.compile(r"[^。;!?\n]{0,4}分别| ?:")
_BIG_HALF = re.compile(r"(?<![一二两三\d])(?:大半天|小半天|半天)(?!.{0,2}[前后])")

_H = r"(?:[01]?\d|2[0-4]|十[一二]?|[一二两三四五六七八九])"
_POINT = (
    rf"(?:(?P<h{{n}}>{_H}) ?(?:点钟?|时(?!间|候|节|常|而))(?: ?(?P<half{{n}}>半|一刻|三刻|"
    rf"(?P<m{{n}}>[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?) ?分?(?!钟|\d|人|户|[个名亩]))|(?=整|"
    rf"许|多|左右|\D|$))(?:整|许|多|左右)?|(?P<g{{n}}>[01]?\d|2[0-3]):(?P<k{{n}}>[0-5]\d)(?!\d|:\d))"
)


def _point(n: int) -> str:
    return _POINT.replace("{n}", str(n))


_RANGE = re.compile(
    rf"(?<![\d.:])(?P<p1>{_DAY_PART})? ?{_point(1)} ?(?:-+|至|到) ?(?P<p2>{_DAY_PART})? ?{_point(2)}"
    rf"|(?<![\d.:])(?P<p3>{_DAY_PART}) ?(?P<h3>{_H}) ?(?:-+|至|到) ?(?P<h4>{_H}) ?点"
)
_SINGLE = re.compile(rf"(?<![\d.:])(?P<p1>{_DAY_PART})? ?{_point(1)}")
_NO_CLOCK = re.compile(
    r" ?(?:建议|意见|要求|问题|体会|内容|措施|比例|稀释|配比|的比|兑水|之?前|以前|以后|之?后(?=[,浇打喷]))"
)
_RATIO = re.compile(r"(?:按|比例|比为|兑水|稀释|配比) ?$")
_COMING = re.compile(r" ?(?:到|开始|开课|集合|抵达|开会|走|离|结束)")
_LEAVING = re.compile(r" ?(?:返回|结束|离开|回到|返程|才?回|收工|散会|走|离)")


@dataclass(frozen=True)
class HalfHit:
    """A word for a part of the day: am, noon, pm, night or whole; `each`: on every day of a stay."""

    start: int
    end: int
    label: str
    each: bool = False


@dataclass(frozen=True)
class ClockHit:
    """Times of day, HH:MM; the second may be open. The words of the day parts are within."""

    start: int
    end: int
    begin: str | None
    finish: str | None
    mid: int = 0


@dataclass(frozen=True)
class Days:
    """A number of days as half days: 两天半 is 5; `each`: on every day of a stay (每天半天)."""

    start: int
    end: int
    half_days: int
    each: bool = False


def halves(text: str, moods: Moods) -> list[HalfHit]:
    """The parts of the day at which something was done; not those of advice, plans and habits."""
    found = []
    for match in _HALF.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 4) : start]
        if moods.at(start, ADVICE | PLAN) or _LIMIT.match(text, end):
            continue
        if _OFF.match(text, end) and not _SINGLE.match(text, start):
            continue
        each = bool(_EACH.search(before))
        if not each and _HABIT.search(before):
            continue
        found.append(HalfHit(start, end, "whole" if match["whole"] else _LABELS[match["label"]], each))
    return found


def clocks(text: str, moods: Moods) -> list[ClockHit]:
    """Times of day, from–to or one alone."""
    found: list[ClockHit] = []
    reach = 0
    for match in _RANGE.finditer(text):
        if moods.at(match.start(), ADVICE | PLAN) or _RATIO.search(
            text[max(0, match.start() - 4) : match.start()]
        ):
            continue
        g = match.groupdict()
        if g["p3"]:
            begin, finish = _clock(g["h3"], None, g["p3"]), _clock(g["h4"], None, g["p3"])
        else:
            begin = _time(g, 1, g["p1"])
            finish = _time(
                g, 2, g["p2"] or (g["p1"] if _LABELS.get(g["p1"] or "") in ("pm", "night") else None)
            )
        if begin and finish and finish <= begin and int(finish[:2]) < 12:
            finish = f"{int(finish[:2]) + 12:02d}{finish[2:]}"
        if begin and finish and begin < finish:
            found.append(ClockHit(match.start(), match.end(), begin, finish))
    ranges = [(c.start, c.end) for c in found]
    for match in _SINGLE.finditer(text):
        start, end = match.span()
        if start < reach or any(a < end and start < b for a, b in ranges) or moods.at(start, ADVICE | PLAN):
            continue
        leaving = bool(_LEAVING.match(text, end))
        if (
            _NO_CLOCK.match(text, end)
            or (_OFF.match(text, end) and not leaving)
            or _RATIO.search(text[max(0, start - 4) : start])
        ):
            continue
        g = match.groupdict()
        digits = (g["h1"] or "0").isdigit()
        free = start == 0 or text[start - 1] in " ,。;\n日号于在(" or g["p1"]
        coming = _COMING.match(text, end)
        if not free or not (digits or g["p1"] or g["half1"] or coming) or (g["h1"] == "一" and not g["p1"]):
            continue
        time = _time(g, 1, g["p1"])
        if time:
            found.append(ClockHit(start, end, None if leaving else time, time if leaving else None))
            reach = end
    return sorted(found, key=lambda c: c.start)


def durations(text: str, moods: Moods) -> list[Days]:
    """Numbers of days that were served."""
    found = []
    for match in _DURATION.finditer(text):
        start, end = match.span("all")
        if moods.at(start, ADVICE | PLAN) or _OF_SEVERAL.match(text, end):
            continue
        word, unit = match["n"], match["unit"]
        if unit.endswith("半天"):
            count = (numeral(word) or 0) if word != "半" else 1
            value = int(count) if match["mid"] or word in ("半",) else int(count) * 2 + 1
            if word in ("一",) and not match["mid"]:
                continue
        elif word == "半":
            value = 1
        else:
            value = int((numeral(word) or 0) * 2)
        value += 1 if match["half"] else 0
        if 0 < value <= 120:
            found.append(Days(start, end, value, bool(_EACH.search(text[max(0, start - 4) : start]))))
    if not found:
        for match in _BIG_HALF.finditer(text):
            if not moods.at(match.start(), ADVICE | PLAN):
                each = bool(_EACH.search(text[max(0, match.start() - 4) : match.start()]))
                found.append(Days(match.start(), match.end(), 1, each))
    return found


def spent(
    date: DateHit | None, stay: int, parts: list[HalfHit], times: list[ClockHit], lengths: list[Days]
) -> tuple[int | None, list[Span]]:
    """The half days of a visit and where they were read; `stay` is the number of its days (1 where no date is told)."""
    total = sum(d.half_days for d in lengths)
    if stay > 1 and len(lengths) > 1 and total == stay * 2:
        return total, [Span(d.start, d.end, "half_days", total) for d in lengths]  # 培训2天+指导1天
    if lengths:
        first = lengths[0]
        value = first.half_days * stay if first.each else first.half_days
        return value, [Span(first.start, first.end, "half_days", value)]
    whole = [p for p in parts if p.label == "whole"]
    if stay > 1 and date is not None:
        each = [p for p in parts if p.each and p.label != "whole"]
        value = stay * 2
        spans = [(date.start, date.end)]
        if each:
            value = stay * min(2, len({p.label for p in each}))
            spans.append((each[0].start, each[0].end))
        else:
            value -= date.half_from in ("下午", "晚上")
            value -= date.half_to in ("上午", "早上")
        return value, [Span(a, b, "half_days", value) for a, b in spans]
    if whole:
        return 2, [Span(whole[0].start, whole[0].end, "half_days", 2)]
    full = [c for c in times if c.begin and c.finish]
    begin, finish = times_of(times)
    outside = {p.label for p in parts if not any(c.start <= p.start < c.end for c in full)}
    inside = {p.label for p in parts} - outside
    if full and not outside:
        value = half_days_between(full[0].begin, full[0].finish) or 1
        if len(full) > 1 and {p.label for p in parts} >= {"am", "pm"}:
            value = 2
        return value, [Span(full[0].start, full[0].end, "half_days", value)]
    labels = outside | inside
    if labels:
        value = min(2, len(labels))
        seen: dict[str, HalfHit] = {}
        for p in parts:
            seen.setdefault(p.label, p)
        return value, [Span(p.start, p.end, "half_days", value) for p in list(seen.values())[:2]]
    if begin and finish:
        found = half_days_between(begin.value, finish.value)  # type: ignore[arg-type]
        if found:
            return found, [Span(s.start, s.end, "half_days", found) for s in (begin, finish)]
    return None, []


def times_of(times: list[ClockHit]) -> tuple[Span | None, Span | None]:
    """The first beginning and the last end that are told."""
    begins = [c for c in times if c.begin]
    ends = [c for c in times if c.finish]
    begin = Span(begins[0].start, begins[0].end, "start_time", begins[0].begin or "") if begins else None
    finish = Span(ends[-1].start, ends[-1].end, "end_time", ends[-1].finish or "") if ends else None
    if begin and finish and str(finish.value) <= str(begin.value):
        finish = None
    return begin, finish


def _time(g: dict[str, str | None], n: int, part: str | None) -> str | None:
    if g[f"g{n}"]:
        return _clock(g[f"g{n}"], g[f"k{n}"], part)
    minute = {"半": "30", "一刻": "15", "三刻": "45"}.get(g[f"half{n}"] or "", g[f"m{n}"])
    return _clock(g[f"h{n}"], minute, part)


def _clock(hour: str | None, minute: str | None, part: str | None) -> str | None:
    h, m = numeral(hour or ""), numeral(minute or "0")
    if h is None or m is None or h > 24 or m > 59:
        return None
    label = _LABELS.get(part or "")
    if (label in ("pm", "night") and h < 12) or (label == "noon" and h < 5) or (label is None and 1 <= h < 6):
        h += 12  # nobody visits at three in the night
    if h >= 24:
        return None
    return f"{int(h):02d}:{int(m):02d}"

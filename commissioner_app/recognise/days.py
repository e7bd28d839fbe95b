"""One day as people write it, with and without a year: 7月3日, 七月三号, 7.3, 2022/7/3, 3号, 昨天, 上周五."""

import datetime as dt
import re

from commissioner_app.recognise.text import numeral

_CN = "[一二三四五六七八九十]"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十{_CN}?|十{_CN}?|[一二三四五六七八九])"
_UNIT = (
    r"(?! ?(?:\d|[.%‰]\d|%|个|名|人|户|份|万|亿|亩|斤|公斤|元|年|岁|次|天|级|批|项|米|厘米|吨|度|℃|倍|"
    r"周|株|cm|mm|kg|pH|[-/.]\d))"
)
# A place in the text where a bare 7.3 or 7/3 can be a date: a beginning of something.
_FREE = (
    r"(?:^|(?<=[\s,。;:!?、()\[\]【】\"|])|(?<=[于在][\s:])|(?<=[于我们村镇乡县社寨庄沟营屯])|"
    r"(?<=[^\x00-\u2fff\u4e00-\u9fff\uff00-\uffef]))"
)
_AFTER_SHORT = r"(?= ?(?:$|[^0-9A-Za-z.%/]))"
_HALF = r"(?: ?(?:上午|下午|早上|晚上|全天|中午))?"

FULL = re.compile(
    rf"(?P<y>(?:20)?\d\d|[二两][〇零0Oo][一二三四五六七八九〇零0Oo]{{2}}) ?年 ?(?P<m>{_MONTH}) ?月(?:份"
    rf")? ?(?P<d>{_DAY})(?: ?[日号]|(?=\D|$))"
    rf"|(?<![\d.])(?P<y2>20\d\d) ?[-./·] ?(?P<m2>1[0-2]|0?[1-9]) ?[-./·] ?(?P<d2>3[01]|[12]\d|"
    rf"0?[1-9])(?![\d])(?:日|号)?"
    rf"|{_FREE}(?P<y4>2\d)[.](?P<m4>1[0-2]|0?[1-9])[.](?P<d4>3[01]|[12]\d|0?[1-9])(?![\d.])"
    rf"|(?<!\d)(?P<y3>20\d\d)(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)"
)
_NO_YEAR_FORMS = (
    rf"(?<![\d一二三四五六七八九十年])(?P<m>{_MONTH}) ?月(?:份)? ?(?P<d>{_DAY})(?: ?[日号](?!公路|楼|"
    rf"棚|地块)|{_UNIT}(?![上中下]旬|[一二三四五六七八九十百]))"
    rf"|(?<![\d一二三四五六七八九十年])(?P<m6>{_MONTH}) ?月 ?(?P<d6>3[01]|[12]\d|0?[1-9])(?= ?(?:-|至|"
    rf"到|[、,]) ?\d{{1,2}} ?[月日号]|(?:[、,]\d{{1,2}}){{1,6}}[日号])"
    rf"|{_FREE}(?P<m2>1[0-2]|0?[1-9])[./·](?P<d2>3[01]|[12]\d|0?[1-9])(?![\d月])[日号]?{_UNIT}{_AFTER_SHORT}"
    rf"|{_FREE}(?P<m3>1[0-2]|0[1-9])-(?P<d3>3[01]|[12]\d|0[1-9])(?!\d){_UNIT}{_AFTER_SHORT}"
    rf"|{_FREE}(?P<m4>1[0-2]|0?[1-9])\.(?P<d4>3[01]|[12]\d|0?[1-9])(?=(?:-|到|至)(?:1[0-2]|[1-9])\.\d|"
    rf"-\d{{1,2}}[\s号日]|[,、]\d{{1,2}}\.\d)"
    rf"|{_FREE}(?P<m5>1[0-2]|0?[1-9])/(?P<d5>3[01]|[12]\d|0?[1-9])(?=(?:-|到|至)(?:1[0-2]|[1-9])/\d)"
)
NO_YEAR = re.compile(_NO_YEAR_FORMS)
_NO_YEAR_NEXT = re.compile(_NO_YEAR_FORMS.replace(_FREE, ""))
DAY_ONLY = re.compile(
    rf"(?:^|(?<=[\s,。;:!?、()])|(?<=本月)|(?<=上月)|(?<=这个月)|(?<=上个月))(?P<d>{_DAY}) ?(?:号|"
    rf"日)(?![\u4e00-\u9fff]?(?:棚|地|楼|院|线|库|机|井|车间|大棚|公路|田|文))"
)
_WEEK = r"(?:周|星期|礼拜)"
RELATIVE = re.compile(
    rf"(?P<day>大前天|前天|前日|前儿个?|昨天|昨日|昨晚|昨儿个?|昨(?=上午|下午)|今天|今日|今早|今晚|"
    rf"今儿个?|今(?=上午|下午))"
    rf"|(?P<ago>[1-9]|[一二两三四五六七八九十])天(?:之)?前(?=[ ,到去在上下]|$)"
    rf"|(?<![每隔两三四五六一二几半\d逢])(?P<which>上上个?|上个?|本|"
    rf"这个?)?{_WEEK}(?P<wd>[一二三四五六日天])(?P<wd2>[二三四五六日天])?(?![\u4e00-\u9fff]?"
    rf"[村庄街社屯])"
)
_DAYS_BACK = {"大前": 3, "前": 2, "昨": 1, "今": 0}
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAY_RANGE = re.compile(r" ?(?P<sep>-|至|到|、|和)? ?")
NTH_WEEK = re.compile(rf"第[一二三四五]个?{_WEEK}[^。;!?\n]{{0,6}}$")
WEEK_BASE = re.compile(rf"(?P<which>上上|上|本|这)个?{_WEEK}(?![一二三四五六日天])")
_MONTH_BEFORE = re.compile(r"(?:本月|上月|这个月|上个月)$")

_RANGE = re.compile(r" ?(?P<half1>上午|下午|早上|晚上)? ?(?:-+|至|到) ?")
_RANGE_DAY = re.compile(rf"(?P<d>{_DAY}) ?[日号]")
_RANGE_BARE = re.compile(r"(?P<d>3[01]|[12]\d|0?[1-9])(?![\d./:点时]| ?[个人户份亩斤名])")
_LIST = re.compile(
    rf"(?: ?(?:[、和与及,]|以及) ?|(?<=[号日])(?={_DAY}[号日]))(?P<d>{_DAY})(?: ?[日号]|"
    rf"(?= ?[、和与及,] ?{_DAY}(?: ?[日号]|[、和与及,])))(?! ?棚)"
)
_LIST_SIGN = re.compile(r" ?[、和与及] ?(?=\d{1,2} ?[月./·])")
_HALF_AFTER = re.compile(r" ?(?P<half>上午|下午|早上|晚上)")


class DayReader:
    """Reads the days of one text: what each says, and what goes on behind it."""

    def __init__(self, text: str, period: tuple[str, str], today: dt.date) -> None:
        self.text = text
        self.first, self.last = dt.date.fromisoformat(period[0]), dt.date.fromisoformat(period[1])
        self.today = today
        self.month: tuple[int, int] | None = None  # the year and month named last
        self.weeks_back = 0

    def day(self, at: int, going_on: bool = False) -> tuple[int, dt.date] | None:
        """The day that is written at a position with a month, and where it ends; `going_on` behind a 至 or -."""
        match = FULL.match(self.text, at)
        if match:
            found = self._full(match)
            return (match.end(), found) if found else None
        match = (_NO_YEAR_NEXT if going_on else NO_YEAR).match(self.text, at)
        if match:
            found = self.without_year(*_parts(match))
            return (match.end(), found) if found else None
        return None

    def _full(self, match: re.Match[str]) -> dt.date | None:
        g = match.groupdict()
        year = g["y"] or g["y2"] or g["y3"] or g["y4"]
        month, day = (g["m"] or g["m2"] or g["m3"] or g["m4"]), (g["d"] or g["d2"] or g["d3"] or g["d4"])
        if not year.isdigit():
            year = "".join(
                str("〇一二三四五六七八九".find(c)) for c in re.sub("[零0Oo]", "〇", year).replace("两", "二")
            )
        whole = int(year) if len(year) == 4 else 2000 + int(year)
        return _date(whole, number(month), number(day))

    def without_year(self, month: int, day: int) -> dt.date | None:
        """The day of a month in the period: its latest up to today, else its first; outside it the latest past one."""
        years = range(self.first.year, self.last.year + 1)
        inside = [d for d in (_date(y, month, day) for y in years) if d and self.first <= d <= self.last]
        past = [d for d in inside if d <= self.today]
        if inside:
            return past[-1] if past else inside[0]
        back = (_date(self.today.year - n, month, day) for n in range(9))
        return next((d for d in back if d and d <= self.today), None)

    def day_only(self, day: int, start: int) -> dt.date | None:
        """3号 without a month: of the month named last, else the latest one up to today."""
        before = _MONTH_BEFORE.search(self.text[max(0, start - 4) : start])
        if before or self.month is None:
            last = before is not None and before.group().startswith("上")
            first = self.today.replace(day=1)
            for _ in range(14):
                if last:
                    first = (first - dt.timedelta(days=1)).replace(day=1)
                found = _date(first.year, first.month, day)
                if found and (found <= self.today or before):
                    return found
                last = True
            return None
        return _date(self.month[0], self.month[1], day)

    def relative(self, match: re.Match[str]) -> dt.date:
        """The day of 昨天, 三天前, 上周五, seen from today."""
        if match["day"]:
            word = match["day"]
            return self._back(_DAYS_BACK["大前" if word.startswith("大前") else word[0]])
        if match["ago"]:
            return self._back(int(numeral(match["ago"]) or 0))
        weekday, which = _WEEKDAYS[match["wd"]], match["which"]
        monday = self.today - dt.timedelta(days=self.today.weekday())
        if which:
            weeks = which.count("上")
            return monday + dt.timedelta(days=weekday - 7 * weeks)
        found = monday + dt.timedelta(days=weekday - 7 * self.weeks_back)
        return found if found <= self.today else found - dt.timedelta(days=7)

    def _back(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    def following(
        self, at: int, day: dt.date
    ) -> tuple[int, list[tuple[dt.date, dt.date]], str | None, str | None]:
        """What goes on behind a day: 至5日, -7.5, 、4日; where it ends, the stays, the halves of first and last day."""
        match = _RANGE.match(self.text, at)
        if match:
            last = self.day(match.end(), going_on=True)
            if last is None:
                single = _RANGE_DAY.match(self.text, match.end())
                if single is None and self.text[match.end() - 1] == "-":
                    single = _RANGE_BARE.match(self.text, match.end())
                if single:
                    found = _date(day.year, day.month, number(single["d"]))
                    last = (single.end(), found) if found else None
            if last and last[1] < day and last[1].month < day.month:
                later = _date(day.year + 1, last[1].month, last[1].day)
                last = (last[0], later) if later else None
            if last and last[1] > day:
                half = _HALF_AFTER.match(self.text, last[0])
                end = half.end() if half else last[0]
                return end, [(day, last[1])], match["half1"], half["half"] if half else None
        stays, end = [(day, day)], at
        while more := self._listed(end, day):
            stop, found = more
            if found <= stays[-1][1]:
                break
            if found - stays[-1][1] == dt.timedelta(days=1):
                stays[-1] = (stays[-1][0], found)
            else:
                stays.append((found, found))
            end = stop
        return end, stays, None, None

    def _listed(self, at: int, day: dt.date) -> tuple[int, dt.date] | None:
        """The next day of a list: 、8日 of the same month, 、7月8日, 、7.8."""
        match = _LIST.match(self.text, at)
        if match:
            found = _date(day.year, day.month, number(match["d"]))
            return (match.end(), found) if found else None
        sign = _LIST_SIGN.match(self.text, at)
        return self.day(sign.end(), going_on=True) if sign else None

    def weekdays(self, end: int, first: dt.date, named: bool) -> tuple[int, list[tuple[dt.date, dt.date]]]:
        """周一至周三, 周一、周二, 周三四, 周二和周四: where it ends and the stays, behind a weekday that ends at `end`.

        named: the first says which week it is in; else they are days of the last week that is over.
        """
        pair = self.text[end - 2 : end]
        if pair[0] in _WEEKDAYS and _WEEKDAYS[pair[1]] == _WEEKDAYS[pair[0]] + 1:
            return end, [(first, first + dt.timedelta(days=1))]
        stays = [(first, first)]
        while True:
            match = _WEEKDAY_RANGE.match(self.text, end)
            second = RELATIVE.match(self.text, match.end()) if match and match["sep"] else None
            if match is None or second is None or not second["wd"]:
                break
            begin, before = stays[-1]
            # 上周二和周四: the week of the one before, unless another is named
            day = self.relative(second) if second["which"] else _in_week(before, _WEEKDAYS[second["wd"]])
            listed = match["sep"] in "、和"
            if day == before or (day < before and not (listed and second["which"])):
                break
            if not listed or (day - before).days == 1:
                stays[-1] = (begin, day)
            else:
                stays.append((day, day))
            end = second.end()
        if not named and stays[-1][1] > self.today:
            week = dt.timedelta(days=7)
            stays = [(a - week, b - week) for a, b in stays]
        return end, stays


def _in_week(day: dt.date, weekday: int) -> dt.date:
    """The day of the same week."""
    return day + dt.timedelta(days=weekday - day.weekday())


def _parts(match: re.Match[str]) -> tuple[int, int]:
    g = match.groupdict()
    pairs = (("m", "d"), ("m2", "d2"), ("m3", "d3"), ("m4", "d4"), ("m5", "d5"), ("m6", "d6"))
    month, day = next((g[m], g[d]) for m, d in pairs if g[m])
    return number(month), number(day)


def number(word: str) -> int:
    """The number of a word that a rule has let through."""
    return int(numeral(word) or 0)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None

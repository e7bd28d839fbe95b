"""Dates as people type them: 2022-9-28, 9.28, 2022年9月28日, 20220928, 今天, 昨天."""

import re
import unicodedata
from datetime import date, timedelta

_WORDS = {"今天": 0, "今日": 0, "昨天": -1, "昨日": -1, "前天": -2, "明天": 1, "后天": 2}
_FULL = re.compile(r"(\d{4}|\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")

Period = tuple[date, date]


def parse_date(text: str, today: date, period: Period | None = None) -> date | None:
    """The date that ``text`` says, or None if it says none.

    Without a year it is the day that lies in ``period`` (of several the latest not after ``today``, else the
    earliest), and without a period or such a day the one in the year of ``today``. Two figures of a year mean
    20xx. Full-width figures and signs count as plain ones.
    """
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
    if plain in _WORDS:
        return today + timedelta(days=_WORDS[plain])
    if found := _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
        return _date(year + 2000 if year < 100 else year, month, day)
    if found := _SHORT.fullmatch(plain):
        month, day = (int(part) for part in found.groups())
        return _in_period(month, day, today, period)
    return None


def _in_period(month: int, day: int, today: date, period: Period | None) -> date | None:
    if period is not None:
        years = range(period[0].year, period[1].year + 1)
        inside = [d for d in (_date(year, month, day) for year in years) if d and period[0] <= d <= period[1]]
        if inside:
            return max((d for d in inside if d <= today), default=inside[0])
    return _date(today.year, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2199 else None
    except ValueError:
        return None

"""Days off: weekends and public holidays with the working days made up for them (调休)."""

import datetime as dt
from functools import lru_cache

WEEKDAYS = "一二三四五六日"
LONGEST = 62
"""Days of a stay that are looked at; a longer one is a slip of the year."""


@lru_cache(maxsize=20_000)
def day_off(ordinal: int) -> str:
    """国庆节假期 / 星期日 for a day off, "" for a working day; outside the library's years only weekends count."""
    day = dt.date.fromordinal(ordinal)
    weekday = f"星期{WEEKDAYS[day.weekday()]}"
    # Imported here: the tables of the years are not needed to open the window.
    import chinese_calendar

    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return weekday if day.weekday() >= 5 else ""
    if not off:
        return ""
    if not name:
        return weekday
    chinese = str(chinese_calendar.Holiday(name).chinese)
    return f"{chinese if chinese.endswith(('节', '旦', '日')) else chinese + '节'}假期"


def days_off(start: int, end: int, half_days: int | None) -> str:
    """The days off that a visit must have used, in words; "" where its half days fit into working days."""
    if end < start or end - start >= LONGEST:
        return ""
    found = [(day, name) for day in range(start, end + 1) if (name := day_off(day))]
    working = 2 * (end - start + 1 - len(found))
    if not found or max(half_days or 1, 1) <= working:
        return ""
    shown = "、".join(f"{dt.date.fromordinal(day).isoformat()} 是{name}" for day, name in found[:3])
    return shown + (f"等 {len(found)} 天" if len(found) > 3 else "")

"""Dates and periods: the year of a visit is a period of a batch, not the calendar year."""

import datetime as dt
from dataclasses import dataclass

from db.errors import Refused
from db.queries.roster import BatchRow


@dataclass(frozen=True)
class Period:
    """Inclusive ISO dates with the label people see."""

    start: str
    end: str
    label: str = ""

    @property
    def text(self) -> str:
        """2022-04-01 至 2022-12-31."""
        return f"{self.start} 至 {self.end}"

    @property
    def long_text(self) -> str:
        """2022年4月1日至12月31日; the second year stands only where it differs."""
        a, b = dt.date.fromisoformat(self.start), dt.date.fromisoformat(self.end)
        first = f"{a.year}年{a.month}月{a.day}日"
        last = f"{b.month}月{b.day}日" if a.year == b.year else f"{b.year}年{b.month}月{b.day}日"
        return first if a == b else f"{first}至{last}"

    def months(self) -> list[str]:
        """The months of the period as YYYY-MM."""
        year, month = int(self.start[:4]), int(self.start[5:7])
        found = []
        while f"{year:04d}-{month:02d}" <= self.end[:7] and year <= 9999:
            found.append(f"{year:04d}-{month:02d}")
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return found


def day_text(iso: str) -> str:
    """2022年9月28日 from an ISO date or time; the text itself where it is none."""
    try:
        found = dt.date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{found.year}年{found.month}月{found.day}日"


def day(text: str) -> str:
    """An ISO date checked; raises Refused for an impossible one."""
    try:
        return dt.date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Refused(f"日期“{text}”不存在，请写成 2022-09-28 的形式。") from error


def evaluation_period(batches: list[BatchRow], year: int) -> Period:
    """The evaluation period of the batch of a year, the calendar year where there is no such batch."""
    for b in batches:
        if b.year == year and b.evaluation_from and b.evaluation_to:
            return Period(b.evaluation_from, b.evaluation_to, f"{year}年度考核期")
    if not 1 <= year <= 9999:
        raise Refused(f"年份“{year}”不存在。")
    return Period(f"{year:04d}-01-01", f"{year:04d}-12-31", f"{year}年")


def choices(batches: list[BatchRow]) -> list[Period]:
    """The periods the window offers: evaluation and service period of every batch."""
    found = []
    for b in batches:
        if b.evaluation_from and b.evaluation_to:
            found.append(Period(b.evaluation_from, b.evaluation_to, f"{b.year}年度考核期"))
        if (
            b.service_from
            and b.service_to
            and (b.service_from, b.service_to) != (b.evaluation_from, b.evaluation_to)
        ):
            found.append(Period(b.service_from, b.service_to, f"{b.year}年度服务期"))
    return found


def today() -> str:
    """Today's date on this laptop, ISO."""
    return dt.date.today().isoformat()

"""Cells as offices write them, read into plain values; what cannot be read raises ValueError, nothing is guessed."""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

NOTHING = frozenset({"", "-", "—", "——", "–", "－", "/", "无", "暂无"})
"""What people write into a cell that has nothing to say."""

# Zero-width and directional marks that come along from web pages and WeChat.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0c\x0e-\x1f\x7f]")
# Characters with a plain twin: full-width figures and letters, radicals that PDF readers put for characters.
_TWINS = {
    code: plain
    for code in (*range(0xFF10, 0xFF5B), *range(0x2F00, 0x2FD6))
    if chr(code).isalnum() or code < 0xFF00
    for plain in [unicodedata.normalize("NFKC", chr(code))]
} | {0x3000: " ", 0xA0: " ", 0x2002: " ", 0x2003: " ", 0x2009: " ", 0x0B: "\n", 0x2028: "\n", 0x2029: "\n"}
_ODD = re.compile("[" + "".join(map(chr, _TWINS)) + _UNSEEN.pattern[1:])


def text(cell: Cell) -> str:
    """A cell as text: full-width digits and letters made plain, 13800001234.0 → 13800001234, dates ISO."""
    if type(cell) is str:
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        if _ODD.search(cell):
            cell = _UNSEEN.sub("", cell).translate(_TWINS)
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return cell.strftime("%H:%M")
    return text(str(cell))


class Texts(dict[str, str]):
    """The texts of cells, each different text read once: lists say the same unit and title again and again."""

    def __missing__(self, cell: str) -> str:
        found = self[cell] = text(cell)
        return found

    def row(self, cells: Iterable[Any]) -> list[str]:
        """The texts of a row's cells."""
        return [
            self[c] if type(c) is str else str(int(c)) if type(c) is float and c.is_integer() else text(c) for c in cells
        ]  # fmt: skip


def compact(cell: Cell) -> str:
    """A cell's text without any space, with the half-width twin of every sign: for numbers, phones, addresses."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text(cell)))


def number(cell: Cell) -> int | None:
    """A whole number: 32, 32人, 1,200; None for nothing. Raises ValueError for what is none."""
    found = text(cell).replace(",", "").replace("，", "")
    if found in NOTHING:
        return None
    match = re.fullmatch(r"(\d+)(?:\.0+)?\s*(?:人次|人|户|名|次|个)?", found)
    if not match:
        raise ValueError(found)
    return int(match.group(1))


def half_days(cell: Cell) -> int | None:
    """Days as half days: 0.5, 1, 1.5天, 半天. Raises ValueError for what is none."""
    found = text(cell).removesuffix("天").strip()
    if found in ("", "-", "—"):
        return None
    if found == "半":
        return 1
    match = re.fullmatch(r"(\d+)(?:\.(\d+))?", found)
    if not match:
        raise ValueError(found)
    fraction = (match.group(2) or "").rstrip("0")
    if fraction not in ("", "5"):
        raise ValueError(found)
    return int(match.group(1)) * 2 + (1 if fraction else 0)


def listed(cell: Cell) -> list[str]:
    """The items of a cell that lists several: 、，,;；/ and line breaks part them."""
    return [part for part in (p.strip() for p in re.split(r"[、，,;；/\n]+", text(cell))) if part]


# -- days and months -----------------------------------------------------------------------------------

_DATE_SIGNS = str.maketrans({"·": ".", "－": "-", "／": "/", "．": "."})
_SERIALS = range(20_000, 80_001)
"""Excel's day numbers from 1954 to 2119."""


def clock(cell: Cell) -> str | None:
    """A time of day as HH:MM: 9:00, 09:00:00, 9：30, Excel's 0.375; None for nothing. Raises ValueError."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    found = text(cell)
    if found in ("", "-", "—"):
        return None
    match = re.search(r"(?:^|\s)([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：][0-5]\d)?$", found)
    if not match:
        raise ValueError(found)
    return f"{int(match.group(1)):02d}:{match.group(2)}"


def _day_text(cell: Cell) -> str:
    """A date's text with plain signs, without what follows as a time of day."""
    found = text(cell)
    # 2022/7/3 0:00, 2022-07-03T14:30, 7月3日 9:00, Excel's 44745.6.
    found = re.sub(r"[T\s]\s*\d{1,2}[:：]\d{2}([:：]\d{2})?$|(?<=日)\s*\d{1,2}[:：]\d{2}$", "", found)
    found = re.sub(r"^(\d{5})\.\d+$", r"\1", found)
    found = re.sub(r"\s*([-./年月·－／．])\s*", r"\1", found.strip()).translate(_DATE_SIGNS)
    if re.search(r"\s", found):
        raise ValueError(found)
    return found


def _serial(found: str) -> dt.date | None:
    if re.fullmatch(r"\d{5}", found, re.ASCII) and int(found) in _SERIALS:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(found))
    return None


def date(cell: Cell, period: tuple[str, str] | None = None) -> str | None:
    """A date as ISO: 2022-7-3, 2022年7月3日, 2022.7.3, 20220703, Excel's 44745; 7月3日 belongs to the period.

    None for nothing. Raises ValueError for what is none.
    """
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and not cell.is_integer() and cell < 13:
        raise ValueError(text(cell))  # 7.10 typed as a number is 7.1: no telling which day was meant
    found = _day_text(cell)
    if found in ("", "-", "—"):
        return None
    match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", found) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", found
    )
    if match:
        return dt.date(*(int(g) for g in match.groups())).isoformat()
    match = re.fullmatch(r"(\d{1,2})[-./月](\d{1,2})日?", found)
    if match:
        month_, day = int(match.group(1)), int(match.group(2))
        start, end = period or ("0001-01-01", "9999-12-31")
        for year in range(int(start[:4]), int(end[:4]) + 1):
            candidate = dt.date(year, month_, day).isoformat()
            if start <= candidate <= end:
                return candidate
        return dt.date(int(start[:4]), month_, day).isoformat()
    day_ = _serial(found)
    if day_ is None:
        raise ValueError(found)
    return day_.isoformat()


def month(cell: Cell) -> str | None:
    """A month as YYYY-MM: 1980.5, 1980年5月, 198005, 1980-05-12, Excel's 29342; None for nothing.

    Raises ValueError for what is none, and for 1980.1 that came as a number: it may have been 1980.10.
    """
    if isinstance(cell, float) and not cell.is_integer() and round(cell * 100) % 100 == 10 and cell < 2200:
        raise ValueError(text(cell))
    return _month(cell.isoformat() if isinstance(cell, dt.date) else text(cell))


@lru_cache(maxsize=5_000)
def _month(told: str) -> str | None:
    if told in NOTHING:
        return None
    found = _day_text(told).removesuffix("生")
    match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", found) or re.fullmatch(r"(\d{4})(\d{2})", found)
    year, month_ = (int(match[1]), int(match[2])) if match else (0, 0)
    if match is None:
        day = date(found)
        if day is None:
            raise ValueError(found)
        year, month_ = int(day[:4]), int(day[5:7])
    if not (1900 <= year <= 2199 and 1 <= month_ <= 12):
        raise ValueError(found)
    return f"{year:04d}-{month_:02d}"


def _edge(found: str, end: bool, year: str = "") -> str:
    """The first or last day that a day, month or year names; the year may be left out."""
    found = found.strip()
    whole = re.fullmatch(r"(\d{4})年?度?", found)
    if whole:
        return f"{whole[1]}-12-31" if end else f"{whole[1]}-01-01"
    if year and re.fullmatch(r"\d{1,2}月?", found):
        found = f"{year}-{found.removesuffix('月')}"
    try:
        named = month(found) if re.fullmatch(r"\d{4}[-./年]\d{1,2}月?|\d{6}", found) else None
        if named is None:
            day = date(found, (f"{year}-01-01", f"{year}-12-31") if year else None)
            if day is None or (not year and not re.match(r"\d{4}", found)):
                raise ValueError(found)
            return day
    except ValueError as error:
        raise ValueError(found) from error
    last = calendar.monthrange(int(named[:4]), int(named[5:]))[1]
    return f"{named}-{last:02d}" if end else f"{named}-01"


def period(cell: Cell) -> tuple[str | None, str | None]:
    """From–to as ISO dates: 2022年4月—2023年3月, 2022.4-2023.3, 2022-04-01至2023-03-31, 2022年4月起, 44652.

    One day or month alone is where it begins; a year alone is the whole year. Raises ValueError.
    """
    if isinstance(cell, (dt.date, dt.datetime)):
        return date(cell), None
    found = re.sub(r"\s+", "", text(cell)).translate(_DATE_SIGNS)
    if found in NOTHING:
        return None, None
    if isinstance(cell, float) and not cell.is_integer() and round(cell * 100) % 100 == 10 and cell < 2200:
        raise ValueError(found)
    open_ = re.fullmatch(r"(?:自|从)?(.+?)(?:起|以来|开始|至今)", found)
    if open_:
        return _edge(open_[1], False), None
    parts = re.split(r"至|到|—+|–|~|～|－－?|--", found)
    if len(parts) == 1 and (dashed := re.fullmatch(r"(\d{4}[./年]\d{1,2}(?:[./月]\d{0,2}日?)?)-(.+)", found)):
        parts = [
            dashed[1],
            dashed[2],
        ]  # 2022.4-2023.3: the dash parts only where the dates are written with dots
    if len(parts) == 1:
        start = _edge(parts[0], False)
        return start, f"{start[:4]}-12-31" if re.fullmatch(r"\d{4}年?度?", parts[0]) else None
    if len(parts) != 2:
        raise ValueError(found)
    start = _edge(parts[0], False)
    end = _edge(parts[1], True, start[:4]) if parts[1] not in ("今", "") else None
    if end is not None and end < start:
        raise ValueError(found)
    return start, end

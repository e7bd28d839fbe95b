"""What is personal, and how it is written: phone, ID number, month of birth, e-mail; what is wrong; masks."""

import datetime as dt
import re
import unicodedata

from commissioner_app.periods import today
from db.ids import computed_id

_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,5})?|\d{7,8}")
_MONTH = re.compile(r"(\d{4})(?:[-./年])?(\d{1,2})月?(?:[-./]?\d{1,2}日?)?")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def phone_problem(text: str) -> str:
    """What is wrong with a phone number, "" for a good or empty one."""
    compact = re.sub(r"[\s()（）]", "", text)
    return "" if not compact or _PHONE.fullmatch(compact) else "电话号码应为 11 位手机号，或带区号的座机号。"


def tidy_id(text: str) -> str:
    """An ID number as it is stored: half-width, without spaces, X in capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def id_number_problem(text: str) -> str:
    """What is wrong with an ID number by GB 11643-1999; "" for a good or empty one.

    18 digits, a day of birth that exists and has been, the check digit by mod 11-2.
    """
    value = tidy_id(text)
    if not value:
        return ""
    if not re.fullmatch(r"\d{17}[\dX]", value):
        return "身份证号应为 18 位。"
    if _born(value) is None:
        return "身份证号中的出生日期不对，请核对。"
    check = "10X98765432"[sum(int(d) * w for d, w in zip(value, _WEIGHTS, strict=False)) % 11]
    return "" if value[17] == check else "身份证号的校验位不对，请核对。"


def id_number_tells(text: str) -> tuple[str, str] | None:
    """(month of birth as YYYY-MM, 男 or 女) of a good ID number, None for any other."""
    value = tidy_id(text)
    if not value or id_number_problem(value):
        return None
    return f"{value[6:10]}-{value[10:12]}", "男" if int(value[16]) % 2 else "女"


def _born(value: str) -> dt.date | None:
    try:
        found = dt.date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        return None
    return found if found.year >= 1900 and found.isoformat() <= today() else None


def birth_month(text: str) -> str:
    """A month of birth as YYYY-MM: 1980.5, 1980年5月 and 198005 are 1980-05; what is none stays as it is."""
    found = _MONTH.fullmatch(re.sub(r"\s", "", text))
    if not found:
        return text.strip()
    year, month = int(found[1]), int(found[2])
    return f"{year:04d}-{month:02d}" if 1900 <= year <= 2099 and 1 <= month <= 12 else text.strip()


def birth_month_problem(text: str) -> str:
    """What is wrong with a month of birth, "" for a good or empty one."""
    good = not text.strip() or re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", birth_month(text))
    return "" if good else "出生年月请写成 1980-05 的形式。"


def email_problem(text: str) -> str:
    """What is wrong with an e-mail address, "" for a good or empty one."""
    good = not text.strip() or re.fullmatch(r"[^@\s，、；]+@[^@\s，、；]+\.[A-Za-z]{2,}", text.strip())
    return "" if good else "电子邮箱的写法不对，如 name@example.cn。"


def mask_phone(phone: str) -> str:
    """138****1234; short ones are masked whole."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else "*" * len(digits)


def mask_id(number: str) -> str:
    """4108**********1234."""
    return f"{number[:4]}**********{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def private_id(commissioner: str) -> str:
    """The record of somebody's private data; computed, so that two stations write the same one."""
    return computed_id("commissioner_private", commissioner)


def tidy_name(text: str) -> str:
    """A name without the spaces that lists put into it: 张　三 → 张三; Latin names keep one space."""
    compact = re.sub(r"\s+", " ", text.replace("\u3000", " ")).strip()
    return compact if re.search(r"[A-Za-z]", compact) else compact.replace(" ", "")

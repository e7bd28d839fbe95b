"""Who a cell names: names with spaces inside, several people in one cell, phones and ID numbers beside them."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from commissioner_app.imports.cells import NOTHING, Cell, compact, text

COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛尉迟东方皇甫公孙慕容长孙宇文司徒令狐夏侯南宫端木澹台轩辕申屠太史淳于单于公冶宗政濮阳赫连钟离闻人万俟独孤呼延"
        "百里东郭西门拓跋演示",
    )
)
"""Surnames of two characters; 演示 begins the names of training data."""

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文牛樊兰殷施洪翟安倪温芦聂焦齐葛祁毕"
    "耿詹关柴霍裴路岳冉单解仇申娄郜靳晋原党茹蔺逯苗荆司尚滑琚"
)
"""Common surnames: two words that both begin with one are two people."""

_ROLES = "团长|副团长|团员|成员|组长|副组长|队长"
_ROLE = re.compile(rf"^({_ROLES})\s*[:：]\s*|[（(]\s*({_ROLES})\s*[）)]")
_GENDER = re.compile(r"[（(]\s*([男女])\s*[）)]")
_UNIT = re.compile(r"[（(]\s*([^（()）]*(?:大学|学院|研究院|研究所|中心|公司|局|站|场|所|院))\s*[）)]")
_MARKS = re.compile(r"^[*＊※★☆▲△●○#＃√]+\s*|\s*[*＊※★☆▲△●○#＃√]+$|[（(]\s*(?:新增|新任|续聘|续任|新)\s*[）)]")
"""What lists put beside a name to say something of the row, explained in a note below: *张三, 张三（新增）."""
_NATION = re.compile(r"[（(]\s*([男女])?\s*[、，,;；]?\s*[\u4e00-\u9fff]{1,5}族\s*[）)]")
_NOBODY = frozenset(("待定", "空缺", "未定", "待录入", "待安排", "待选派", "暂缺", "缺"))
_GONE = re.compile(r"[（(]\s*(?:已?(?:调离|调出|退出|退休|离职|去世|病故|取消|辞聘|解聘))\s*[）)]")
_NUMBERED = re.compile(r"(?:^|(?<=[\s、，,;；]))\s*(?:[(（]\d{1,3}[)）]|\d{1,3}[.．、)）](?!\d))\s*")
_TITLE = re.compile(
    r"(?<=\S\S)\s*((?:正高级|高级|助理|副)?(?:教授|研究员|农艺师|畜牧师|兽医师|工程师|讲师|实验师|推广研究员))$"
)
_IN_NAME = re.compile(
    r"[（(]?\s*(?:(?:电话|手机|联系电话)\s*[:：]?\s*)?((?:\+?86[- ]?)?1\d{2}[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-\d{7,8})\s*[）)]?"
)


@dataclass(frozen=True)
class Person:
    """What the name's cell says of one person; "" for what it does not."""

    name: str
    phone: str = ""
    unit: str = ""
    role: str = ""
    gender: str = ""
    title: str = ""


def people(cell: Cell, several: int = 0) -> list[Person]:
    """The people of a cell: 张　三; 张三、李四; 张三 13800000001，李四 13900000002; 团长：张三; 1.张三 2.李四.

    several: how many people another cell of the row tells (its phones), 0 for unknown. Raises ValueError with a
    sentence where it cannot be told who is meant.
    """
    whole = text(cell)
    if whole in NOTHING or re.sub(r"\s", "", whole).strip("（()）") in _NOBODY:
        return []
    if is_plain(whole):
        return [Person(whole)]
    found: list[Person] = []
    for part in _parts(_NUMBERED.sub("、", whole)):
        found += _people_of(part, several, whole)
    return found


def is_plain(whole: str) -> bool:
    """Whether a text is one name and nothing else, as nearly every cell is: letters alone, no 教授 or 等人 behind."""
    if whole in _NOBODY:
        return False
    return whole.isalpha() and (len(whole) <= 3 or (len(whole) <= 8 and whole[-1] not in "授员师等人名位"))


def name(cell: Cell) -> str:
    """One name without the spaces that lists put into it: 张　三 → 张三; Latin names keep one space."""
    found = re.sub(r"\s+", " ", text(cell)).strip()
    return found if re.search(r"[A-Za-z]", found) else found.replace(" ", "")


def _parts(whole: str) -> list[str]:
    """Split at 、，,;；/ and line breaks that stand outside brackets."""
    parts, depth = [""], 0
    for c in whole:
        depth += (c in "（(") - (c in "）)")
        if c in "、，,;；/\n" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += c
    return [p.strip() for p in parts if p.strip()]


def _people_of(part: str, several: int, whole: str) -> list[Person]:
    told = Person("")
    found = _IN_NAME.findall(part)
    rest = _IN_NAME.sub(" ", part).strip()
    if gone := _GONE.search(rest):
        raise ValueError(f"“{whole}”写明{gone[0].strip('（()） ')}，没有导入；仍在任的请去掉括号里的字。")
    rest = _MARKS.sub("", rest).strip()
    if nation := _NATION.search(rest):
        told = replace(told, gender=nation[1] or "")
        rest = (rest[: nation.start()] + rest[nation.end() :]).strip()
    # What keyboards put for the dot within a name: 古丽•演示 is 古丽·演示.
    rest = re.sub(r"(?<=[\u4e00-\u9fff])\s*[•・‧∙⋅･．]\s*(?=[\u4e00-\u9fff])", "·", rest)
    for pattern, field in ((_ROLE, "role"), (_GENDER, "gender"), (_UNIT, "unit"), (_TITLE, "title")):
        match = pattern.search(rest)
        if match:
            told = replace(told, **{field: next(g for g in match.groups() if g)})
            rest = (rest[: match.start()] + rest[match.end() :]).strip()
    rest = rest.strip(" :：-—")
    if re.search(r"等\s*(?:\d+|[一二三四五六七八九十]+)?\s*[人名位]?$", rest) and len(rest) > 2:
        raise ValueError(f"“{whole}”没有写出每一个人的姓名。")
    names = _names(rest, max(several, len(found)), whole)
    if found and len(found) != len(names):
        raise ValueError(f"“{whole}”里有 {len(names)} 个姓名、{len(found)} 个电话，对不上。")
    numbers = [phones(p)[0] for p in found] or [""] * len(names)
    return [replace(told, name=n, phone=p) for n, p in zip(names, numbers, strict=True)]


def _names(rest: str, several: int, whole: str) -> list[str]:
    """The names of words that only spaces part. Raises ValueError."""
    if not rest:
        raise ValueError(f"“{whole}”里没有姓名。")
    words = rest.split()
    if not re.search(r"[A-Za-z]", rest) and len(words) > 1:
        lengths = [len(w) for w in words]
        compound = words[0] in COMPOUND or "".join(words[:2]) in COMPOUND
        letters = max(lengths[words[0] in COMPOUND :]) == 1 and len("".join(words)) <= (4 if compound else 3)
        if letters or (len(words) == 2 and (compound or min(lengths) == 1) and several < 2):
            words = ["".join(words)]
        elif len(words) == several or all(_looks_like_name(w) for w in words):
            pass
        else:
            raise ValueError(f"“{whole}”是一个人还是几个人？请用顿号分开。")
    else:
        words = [" ".join(words)]
    for word in words:
        if not any(c.isalpha() for c in word) or (len(word) > 10 and not re.search(r"[A-Za-z·•（(]", word)):
            raise ValueError(f"“{word}”不像姓名。")
    return words


def _looks_like_name(word: str) -> bool:
    return 2 <= len(word) <= 4 and (word[0] in _SURNAMES or word[:2] in COMPOUND)


# -- numbers that stand for something ------------------------------------------------------------------

_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|\d{7,8}|1\d{2}\*{4}\d{4}", re.ASCII)


def digits(cell: Cell) -> str:
    """A number that stands for something (phone, ID) as its digits: 13800001234.0 and 1.3800001234E+10 whole.

    Raises ValueError where a spreadsheet has cut digits away: 1.38E+10 may have been 13800001234.
    """
    found = compact(cell)
    if re.fullmatch(r"\d+(\.\d+)?[eE]\+?\d{1,2}", found, re.ASCII):
        value = Decimal(found)
        written = re.sub(r"[eE].*", "", found).replace(".", "")
        if value != value.to_integral_value() or len(str(int(value))) != len(written):
            raise ValueError(found)
        return str(int(value))
    return re.sub(r"^(\d{7,})\.0+$", r"\1", found)


def phones(cell: Cell) -> list[str]:
    """The phone numbers of a cell, without 86 before them or signs within them. Raises ValueError.

    Several are parted by 、，；/ a line break, or by a space between two whole numbers.
    """
    found = []
    for part in re.split(r"[、，,;；/\n]+|或", text(cell)):
        try:
            one = _phone(part)
        except ValueError:
            words = part.split()
            if len(words) < 2:
                raise
            found += [p for p in map(_phone, words) if p]
            continue
        found += [one] if one else []
    return found


def is_mobile(word: str) -> bool:
    """Whether a text is one mobile number and nothing else, as nearly every cell is."""
    return len(word) == 11 and word[0] == "1" and word.isascii() and word.isdigit()


def _phone(part: str) -> str:
    if is_mobile(part):
        return part
    if part.strip() in NOTHING:
        return ""
    plain = re.sub(r"^[^\d+(*]*:", "", digits(part))
    plain = re.sub(r"(?<=\d)(?:转|分机|ext\.?)(?=\d{1,5}$)", "-", plain, flags=re.IGNORECASE)
    plain = re.sub(r"[()\u2010-\u2015]+", "-", plain).strip("-")
    plain = re.sub(r"^(?:\+|00)?86-?(?=1\d{2})", "", re.sub(r"-+", "-", plain))
    if re.fullmatch(r"1\d{10}", plain.replace("-", "")):
        plain = plain.replace("-", "")
    if not _PHONE.fullmatch(plain):
        raise ValueError(text(part))
    return plain


def identity(cell: Cell) -> str:
    """An ID number in capitals without spaces; its check digit is for others to judge. Raises ValueError.

    One that came as a number has lost its last digits: 15 are all that a spreadsheet keeps.
    """
    if text(cell) in NOTHING:
        return ""
    found = digits(cell).upper().lstrip("'")
    if isinstance(cell, (float, int)) and len(found) > 15:
        raise ValueError(found)
    return found

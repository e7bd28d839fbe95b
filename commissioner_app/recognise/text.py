"""Text as the rules read it: plain characters at the same positions, words of a list, numerals, names of people."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

_PLAIN = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_PLAIN |= {ord(c): " " for c in "\u3000\xa0\t\r\u2002\u2003\u2009\ufeff\u200b\ufe0f"}
_PLAIN |= {ord(c): "\n" for c in "\u2028\u2029\x0b\x0c"}
_PLAIN |= {ord(c): "-" for c in "—–−‐‑―─━~～〜∼﹣"}
_PLAIN |= {ord(c): '"' for c in "“”„‟「」『』"}
_PLAIN |= {ord(c): "'" for c in "‘’"}
_PLAIN |= {
    ord("○"): "〇",
    ord("•"): "·",
    ord("・"): "·",
    ord("∶"): ":",
    ord("。"): "。",
    ord("｡"): "。",
    ord("﹒"): ".",
}

# 1,200 is one number, 32，150户 are two: only the comma of plain digits parts thousands.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

HAN = r"\u4e00-\u9fff\u3400-\u4dbf"
SENTENCE_END = "。;!?\n"
CLAUSE_END = ",。;!?\n"

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "廿": 20,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}

NUMERAL = r"(?:\d{1,9}(?:'\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千俩仨]{1,9})"
COUNT = (
    r"(?<![第几\d./:])(?P<pre>大约|大概|差不多|不少于|至少|将近|超过|上(?=[百千])|约|逾|(?<!附|最)近)? ?"
    rf"(?:(?P<low>\d+) ?(?P<sep>-|至|到|、) ?)?(?P<n>(?<![\d几第])(?<!数(?=[十百千万])){NUMERAL}) ?(?P<"
    rf"wan>万)? ?(?P<more>余|多|来|好几|几)? ?"
)
"""A counted figure: 三十余, 约40, 1.2万, 30-40, before its unit."""
COUNT_AFTER = r"(?: ?(?P<post>左右|上下|以上))?"

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮齐康伍余元卜顾孟平黄和穆萧尹姚邵汪祁毛禹狄米贝明"
    "臧计伏成戴宋茅庞熊纪舒屈项"
    "祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁邓"
    "郁单洪包诸左石崔吉龚程"
    "邢裴陆荣翁荀羊惠甄曲家封储靳段富焦巴弓牧车侯全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶司郜黎薄印白"
    "蒲邰赖卓蔺屠蒙池乔阴胥"
    "苍双闻党翟谭贡姬申扶冉宰桑桂牛寿通边扈燕尚农温庄晏柴瞿阎闫充慕连茹习艾鱼容向古易慎戈廖庾终居衡步"
    "都耿满弘匡国文寇广禄"
    "付肖岳原党买"
)
_DOUBLE = "欧阳|上官|司马|诸葛|皇甫|尉迟|令狐|慕容|司徒|夏侯|东方|公孙|宇文|长孙"
NAME = (
    rf"(?:演示[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸]{{1,3}}|(?:{_DOUBLE})[{HAN}]{{1,2}}?|"
    rf"[{_SURNAMES}][{HAN}]{{1,2}}?)"
)
"""A person's name as the rules dare to read one (演示甲 is how training data name people)."""


def plain(text: str) -> str:
    """The text with full-width letters, spaces, dashes and quotes made plain; every character keeps its place."""
    return _THOUSANDS.sub("'", text).translate(_PLAIN)


def numeral(text: str) -> float | None:
    """The number of 32, 1,200, 1.5, 三十二, 两百, 百; None for what is none (十百, 三三)."""
    text = text.replace(",", "").replace("'", "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if not text:
        return None
    total, current, last = 0, None, 10_000
    for c in text:
        if c in _DIGITS:
            if current:
                return None
            current = _DIGITS[c]
        elif c in _UNITS:
            unit = _UNITS[c]
            if unit >= last:
                return None
            total += (1 if current is None else current) * unit
            current, last = None, unit
        else:
            return None
    if current is not None and last in (100, 1000) and text[-2] in _UNITS:
        return float(total + current * last // 10)  # 一百二 is 120
    return float(total + (current or 0))


@dataclass(frozen=True)
class Counted:
    """A figure of the text; `about` where the text itself rounds it."""

    value: int
    about: bool


def counted(match: re.Match[str]) -> Counted | None:
    """The figure of a match of COUNT; None for one that tells no number (几十) or a part of one (1.5人)."""
    groups = match.groupdict()
    word = groups["n"]
    about = bool(groups["pre"] or groups["more"] or groups.get("post"))
    # 三四十, 七八: between two numbers, the lower one is sure.
    pair = re.fullmatch(r"([一二三四五六七八九])([二三四五六七八九])([十百]?)", word)
    if pair and _DIGITS[pair[2]] == _DIGITS[pair[1]] + 1:
        word, about = pair[1] + pair[3], True
    if groups["low"] and (groups["sep"] != "、" or numeral(word) == int(groups["low"]) + 1):
        word, about = groups["low"], True  # 30-40, 7、8
    value = numeral(word)
    if value is None:
        return None
    if groups["wan"]:
        value *= 10_000
    if value != int(value) or value > 1_000_000_000:
        return None
    return Counted(int(value), about)


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


T = TypeVar("T", bound=_Placed)


class Words:
    """A list of words, looked up at every position of a text at once, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = {w for w in words if w}
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {c: sorted(found, reverse=True) for c, found in lengths.items()}

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where words of the list stand: from left to right, the longest at each place, none over another."""
        found, at, words, lengths = [], 0, self._words, self._lengths
        while at < len(text):
            for length in lengths.get(text[at], ()):
                if at + length <= len(text) and text[at : at + length] in words:
                    found.append((at, at + length))
                    at += length
                    break
            else:
                at += 1
        return found


@dataclass(frozen=True)
class Ranged(Generic[T]):
    """Things of a text in the order of their beginnings, cut by range."""

    things: Sequence[T]
    starts: Sequence[int]

    @classmethod
    def of(cls, things: Iterable[T]) -> "Ranged[T]":
        """Things that have a `start`, sorted by it."""
        some = sorted(things, key=lambda t: t.start)
        return cls(some, [t.start for t in some])

    def within(self, start: int, end: int) -> list[T]:
        """Those that begin within start–end."""
        return list(self.things[bisect_left(self.starts, start) : bisect_left(self.starts, end)])


def trimmed(text: str, start: int, end: int, signs: str = " \n,、;:") -> tuple[int, int]:
    """The range without these signs at its ends."""
    while start < end and text[start] in signs:
        start += 1
    while end > start and text[end - 1] in signs:
        end -= 1
    return start, end

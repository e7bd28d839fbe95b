"""How a paste is laid out: the messages of a copied chat, the numbers and bullets of lists."""

import datetime as dt
import re
from dataclasses import dataclass

_CLOCK = r"(?:上午|下午|早上|晚上|中午|凌晨)? ?\d{1,2}:\d{2}(?::\d{2})?"
_DATE = r"(?:20)?\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?"
_HEADER = re.compile(
    rf"(?P<open>[\[(【])?(?P<who>[^\n:,。;!?]{{0,20}}?)[ \])】:]*(?P<date>{_DATE}) *(?:星期.|"
    rf"周.)? *(?P<time>{_CLOCK})[ \])】]*(?P<more>.*)"
)
_LONGEST_HEADER = 60
_RULER = re.compile(rf"[ -]*(?P<date>{_DATE})[ -]*")
_NAME_LINE = re.compile(r"[^\n,。;:、!?\d]{1,12}:?")

_NO_SENDER = re.compile(r"到|在|去|赴|指导|培训|村|镇|乡|街道|县|市")
_SENDER = re.compile(r"[^:]{1,16}:[ ]?")

_MARKER = re.compile(
    r"(?:^|(?<=[\n。;:! )]))[ ]{0,3}(?:(?P<number>\d{1,2})(?:[.、)](?!\d)|[.](?=\d{1,2}月|20\d\d)|、)|"
    r"[(](?P<paren>\d{1,2}|[一二三四五六七八九十]{1,2})[)]|(?P<circle>[①-⑳])|"
    r"(?P<han>[一二三四五六七八九十]{1,2})、|(?P<nth>第[一二三四五六七八九十](?:站|家|处|场|"
    r"个)?[、,:])|(?<=\n)(?P<bullet>[-·*●■◆✅▪◦√>])[ ]?)[ ]*"
)


@dataclass(frozen=True)
class Message:
    """A message of a chat, or a whole text: the range of its words, and the day and place of its head."""

    start: int
    end: int
    day: dt.date | None = None
    head: tuple[int, int] | None = None


def messages(text: str) -> list[Message]:
    """The messages of a copied chat; a text without heads is one message."""
    heads: list[tuple[int, int, dt.date]] = []
    at, before = 0, (0, "")
    for line in text.split("\n"):
        head = _head(line) if len(line) <= _LONGEST_HEADER else None
        if head:
            start = at
            if head.alone and _NAME_LINE.fullmatch(before[1].strip()):
                start = before[0]  # the name stands on a line of its own
            heads.append((start, at + head.length, head.day))
        before = (at, line)
        at += len(line) + 1
    if not heads:
        return [Message(0, len(text))]
    found = []
    if text[: heads[0][0]].strip():
        found.append(Message(0, heads[0][0]))
    for n, (start, end, day) in enumerate(heads):
        upto = heads[n + 1][0] if n + 1 < len(heads) else len(text)
        found.append(Message(end, max(end, upto), day, (start, end)))
    return found


@dataclass(frozen=True)
class _Head:
    """The head of a message: its day, its length in its line, whether it names nobody."""

    day: dt.date
    length: int
    alone: bool


def _head(line: str) -> _Head | None:
    """张三 2022/7/3 18:22, [2022-07-03 18:22] 张三: 今天…, —— 2022-07-03 ——; None for another line."""
    margin = len(line) - len(line.lstrip(" "))
    match = _HEADER.fullmatch(line.strip(" ")) or _RULER.fullmatch(line.strip(" "))
    if match is None:
        return None
    g = match.groupdict()
    who, more = (g.get("who") or "").strip(), g.get("more") or ""
    # Words behind the time belong to the head only where brackets set it apart.
    if (more.strip() and not g.get("open")) or _NO_SENDER.search(who):
        return None
    numbers = [int(n) for n in re.findall(r"\d+", g["date"])]
    try:
        day = dt.date(numbers[0] + (2000 if numbers[0] < 100 else 0), numbers[1], numbers[2])
    except (ValueError, IndexError):
        return None
    length = margin + (match.start("more") if more.strip() else match.end())
    sender = _SENDER.match(more)
    if sender:
        length += sender.end()
    return _Head(day, length, not who and "time" in g and not more.strip())


def markers(text: str) -> list[tuple[int, int]]:
    """The numbers and bullets of lists: at least two of one kind, the first of them a first one."""
    kinds: dict[str, list[re.Match[str]]] = {}
    for match in _MARKER.finditer(text):
        kind = match.lastgroup or ""
        kinds.setdefault(kind, []).append(match)
    found = []
    for kind, some in kinds.items():
        if len(some) >= 2 and (kind == "bullet" or _first(some[0]) or len(some) >= 3):
            found += [m.span() for m in some]
    return sorted(found)


def _first(match: re.Match[str]) -> bool:
    word = match.group().strip(" .、():,;")
    return word in ("1", "一", "①") or word.startswith("第一")

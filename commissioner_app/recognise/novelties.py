"""New varieties and techniques that were brought, and what was handed out."""

import re
from collections.abc import Iterable
from functools import cache

from commissioner_app.recognise.moods import ADVICE, NOT, PAST, PLAN, Moods
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import HAN, NUMERAL, trimmed
from commissioner_app.recognise.vocabulary import words

_SKIP = PLAN | NOT | PAST | ADVICE
_BRING = re.compile(
    r"(?:引进|引种|引入|推广|试种|示范种植|示范推广|示范|更换|换成|换上|换种|改种|选用|种上|带来|带去|送来|筛选出?|推介)"
)
_QUOTED = re.compile(r"[\"《'](?P<name>[^\"》'\n]{2,16})[\"》']")
_NUMBERED = (
    rf"(?:[{HAN}]{{1,4}}|[A-Z]{{1,4}})-?\d{{1,4}}(?:-\d{{1,3}})?[A-Z]?(?:号)?|"
    rf"[{HAN}]{{1,4}}[一二三四五六七八九十]{{1,2}}号|[A-Z]{{1,4}}-?\d{{1,4}}"
)
_VARIETY = re.compile(_NUMBERED)
_UNIT_BEHIND = re.compile(
    r" ?[余多来]? ?(?:亩|斤|公斤|元|人|户|个|株|棵|份|吨|米|%|项|种(?!子)|袋|头|只|天|月|日|年|万|场|"
    r"期|次|盒|瓶|千克|kg|倍|℃|度|点)"
)
_NO_HEAD = re.compile(
    r"^(?:惠及|农户|覆盖|辐射|面积|培训|种植|示范|品种|技术|指导|大约|约|共|亩产|亩|每亩|一共|其中|"
    r"发放|带动|服务|预计|达|达到|优良品种|良种|新品种|引进|推广|的|了|和|及|与|试种|小麦新品种|"
    r"小麦品种|玉米品种|玉米新品种|花生品种|花生新品种|个|资料|时|时间|第|电话|月|年|日|在|于)+"
)
_KIND = re.compile(
    r"(?:小麦|玉米|花生|大豆|水稻|山药|地黄|牛膝|菊花|番茄|辣椒|西瓜|草莓|葡萄|桃|红薯|谷子|油菜|香菇|"
    r"羊肚菌|蔬菜|苹果)?(?:优质|高产|抗病|优良|脱毒)?(?:新)?(?:优)?品种"
)
_LIST_END = re.compile(
    rf"等|{NUMERAL}(?:个|种)|(?:小麦|玉米|花生|大豆|水稻|山药|地黄|新|优质|高产|抗病)*(?:品种|良种)|"
    rf"[,。;!?\n()]|$|种植|示范|面积|在|到|亩|试种"
)

_SPREAD = r"(?:试验示范|示范推广|示范应用|推广应用|推广使用|推广普及|推广|引进|示范|应用|推行|引入|普及)"
_TECHNIQUES = re.compile(
    rf"{_SPREAD}(?:了)?(?:\d+项|[一二两三四五]项)?(?P<list>[^,。;!?\n]{{2,44}}?)(?P<tail>(?:等)?(?:"
    rf"[一二两三四五六七八九十\d]+(?:项|个|种))?(?:新)?(?P<word>技术|模式|工艺))(?!员|人员|需求|服务|"
    rf"难题|骨干|问题|指导|培训)"
)
_MORE_TECHNIQUES = re.compile(
    r"[、和与及]+(?P<name>[^,。;!?\n、和与及]{2,20}?(?:技术|模式|工艺))(?!员|人员|需求|服务)"
)
_SEPARATOR = re.compile(r"[、/+]|(?<=技术)[和与及]|(?<=模式)[和与及]|[和与及](?=[^和与及、]{3,}$)")
_VAGUE = re.compile(
    r"^(?:新|先进|适用|实用|农业|科学|相关|新型|种植|栽培|养殖|一些|多项|关键|配套|高效|现代|成熟|的|"
    r"等|几项|优质|高产|病虫害防治|有关|各项|该|这项|此|其|两项|三项|绿色|标准化)*$"
)

_GIVE = re.compile(
    r"(?:免费)?(?:发放|分发|派发|散发|赠送|赠予|捐赠|捐助|送去|送上|送来|送给|提供|"
    r"(?<![开出颁签研自印沙激批并突启爆诱多频转])发(?!现|生|病|展|酵|芽|黄|言|动|挥|起|布|表|育|热|霉|"
    r"送|放|票|明))"
    r"(?:了)?(?:给)?(?P<what>[^,。;!?\n]{2,40})"
)
_HANDED = re.compile(
    rf"资料|手册|明白纸|种子$|种苗$|农药$|化肥$|肥料$|农膜$|宣传|图书|书籍|材料|挂图|(?:\d|"
    rf"{NUMERAL}) ?余?多?(?:份|本|册|张|套|袋|斤|公斤|千克|株|棵|瓶|箱|吨|包|粒|桶|台|盒|把|kg|枚|只|"
    rf"盆|捆|头|尾)"
)
_TAKER = re.compile(
    rf"^(?:给|为|向)?(?:[{HAN}]{{0,8}}?(?:农户|村民|群众|农民|种植户|合作社|社员|大家|学员|药农|果农))(?=[{HAN}《\"])"
)


_SPREADING = re.compile(
    r"(?:开展|进行|组织|做好?|抓好?)(?:了)?(?P<list>[^,。;!?\n]{2,40}?)(?P<tail>等?(?:\d+项|"
    r"[一二两三四五]项)?技术)(?:的)?(?:试验)?(?:示范)?推广"
)
_SENTENCE = re.compile(r"[。;!?\n]")
_LISTED = re.compile(r"(?:新品种|优良品种|良种|品种)(?:是|为|叫|有|:|-)? ?")
_LISTED_NAME = re.compile(rf"[{HAN}A-Za-z0-9-]{{2,8}}?(?=[、和与及,。;!?\n()等]|$)")
_TECHNIQUE_HEAD = re.compile(r"(?:使用|应用|了|新型|的|实施|采用|以)+")


@cache
def _known_techniques() -> "re.Pattern[str]":
    """推广, 示范 and the like before a technique that goes by its name alone (滴灌)."""
    names = "|".join(map(re.escape, sorted(words()["techniques"]["names"], key=len, reverse=True)))
    return re.compile(rf"{_SPREAD}(?:了)?[^,。;!?\n、]{{0,6}}?(?P<name>{names})")


def varieties(text: str, start: int, end: int, moods: Moods) -> list[Span]:
    """Names of varieties that were brought (引进, 推广, 试种), not of those that merely stand in the field."""
    found: dict[str, Span] = {}
    for match in _BRING.finditer(text, start, end):
        if moods.at(match.start(), _SKIP):
            continue
        stop = _SENTENCE.search(text, match.end(), end)
        limit = min(stop.start() if stop else end, match.end() + 60)
        comma = text.find(",", match.end(), limit)
        if comma > 0 and not re.search(r"品种|良种", text[match.end() : comma]):
            limit = comma  # names in the next clause belong to 引进了两个新品种, only
        clause = text[match.end() : limit]
        kind = re.search(r"品种|良种|种子|种苗|新种", clause)
        for a, b in _names(text, match.end(), limit, bool(kind)):
            name = text[a:b]
            if not moods.at(a, _SKIP):
                found.setdefault(name, Span(a, b, "varieties", name))
    return sorted(found.values(), key=lambda s: s.start)


def _names(text: str, start: int, limit: int, kind: bool) -> Iterable[tuple[int, int]]:
    """Names of varieties between two places: in quotes, with numbers, or listed behind 品种."""
    quoted = [
        m.span("name") for m in _QUOTED.finditer(text, start, limit)
        if (kind or _VARIETY.fullmatch(m["name"])) and not re.search(r"技术|模式|手册|工程|品牌|商标", m["name"])
        and not re.match(r" ?(?:技术|模式|手册|栽培|品牌|商标|工程)", text[m.end() : m.end() + 4])
    ]  # fmt: skip
    if quoted:
        yield from quoted
        return
    numbered = []
    for m in _VARIETY.finditer(text, start, limit):
        a, b = m.span()
        head = _NO_HEAD.match(text[a:b])
        if head:
            a += head.end()
        kind_here = _KIND.match(text, a, b)
        if kind_here:
            a = kind_here.end()
        if not re.search(r"号|[A-Z]", text[a:b]) and _UNIT_BEHIND.match(text, b):
            if not re.match(r" ?(?:个|种)", text[b : b + 2]):
                continue
            continue
        if (
            b - a >= 3
            and re.match(rf"[{HAN}A-Z]", text[a:b])
            and not re.search(r"(?:面积|亩|约|共|每|产|第|达|为|电话)$", re.sub(r"[\d号-]+$", "", text[a:b]))
        ):
            numbered.append((a, b))
    if numbered:
        yield from numbered
        return
    listed = _LISTED.search(text, start, limit)
    if listed:
        at = listed.end()
        while at < limit:
            name = _LISTED_NAME.match(text, at, limit)
            if (
                name is None
                or _LIST_END.match(text, at)
                or re.search(r"种植|示范|推广|面积|培训|指导|亩|个|的|了", name.group())
            ):
                break
            yield name.span()
            at = name.end()
            if text[at : at + 1] not in "、和与及" or at >= limit:
                break
            at += 1


def techniques(text: str, start: int, end: int, moods: Moods) -> list[Span]:
    """Names of techniques that were brought (推广水肥一体化技术)."""
    found: dict[str, Span] = {}
    for match in _TECHNIQUES.finditer(text, start, end):
        if moods.at(match.start(), _SKIP):
            continue
        tail = match["tail"]
        bare = tail in ("技术", "模式", "工艺")
        a, b = match.start("list"), match.end() if bare else match.end("list")
        if not re.search(r"品种[^,]*[、和与及]", match["list"]) and re.search(r"品种", match["list"]):
            continue
        items = list(_items(text, a, b))
        while bare and (
            more := _MORE_TECHNIQUES.match(text, match.end() if len(items) < 2 else items[-1][1])
        ):
            items.append(_clean(text, *more.span("name")))
        for x, y in items:
            name = text[x:y]
            if (
                not _VAGUE.fullmatch(re.sub(r"(?:技术|模式|工艺)$", "", name))
                and "品种" not in name
                and y - x <= 24
            ):
                found.setdefault(name, Span(x, y, "techniques", name))
    for match in _SPREADING.finditer(text, start, end):
        if moods.at(match.start(), _SKIP) or any(
            match.start() <= s.start < match.end() for s in found.values()
        ):
            continue
        bare = match["tail"] == "技术"
        for x, y in _items(text, match.start("list"), match.end("tail") if bare else match.end("list")):
            name = text[x:y]
            if not _VAGUE.fullmatch(re.sub(r"技术$", "", name)) and 2 < y - x <= 24:
                found.setdefault(name, Span(x, y, "techniques", name))
    for match in _known_techniques().finditer(text, start, end):
        a, b = match.span("name")
        if moods.at(a, _SKIP) or any(s.start < b and a < s.end for s in found.values()):
            continue
        found.setdefault(match["name"], Span(a, b, "techniques", match["name"]))
    return sorted(found.values(), key=lambda s: s.start)


def _items(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    at = start
    for sep in _SEPARATOR.finditer(text, start, end):
        yield _clean(text, at, sep.start())
        at = sep.end()
    yield _clean(text, at, end)


def _clean(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = trimmed(text, start, end)
    head = _TECHNIQUE_HEAD.match(text, start, end)
    return (head.end() if head else start), end


def materials(text: str, start: int, end: int, moods: Moods) -> Span | None:
    """What was handed out, with its number: 技术资料80份."""
    for match in _GIVE.finditer(text, start, end):
        if moods.at(match.start(), _SKIP):
            continue
        a, b = match.span("what")
        taker = _TAKER.match(text[a:b])
        if taker:
            a += taker.end()
        if not _HANDED.search(text[a:b]):
            continue
        a, b = trimmed(text, a, b)
        return Span(a, b, "materials", text[a:b])
    return None

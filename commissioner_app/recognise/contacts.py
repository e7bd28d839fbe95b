"""The recipient's contact and phone, how satisfied they were, and who went along."""

import re
from functools import lru_cache

from commissioner_app.recognise.moods import PLAN, Moods
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import NAME

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")
_ROLES = (
    "联系人|负责人|理事长|社长|场长|总经理|经理|董事长|户主|会长|棚主|老板|村支书|支部书记|村主任|"
    "厂长|法人代表|法人|对接人|技术负责人|园长"
)
_CONTACT = re.compile(
    rf"(?:{_ROLES})(?:是|为|叫)?[: ]{{0,2}}(?P<name>{NAME})(?=先生|女士|同志|[ ,。;、!()\n]|$|电话|"
    rf"手机|联系|说|反映|介绍|表示|1[3-9]\d|\d|等|陪同|对|家|反应|很|非常|十分|特别|也|都|在|带|主动)"
)
_BY_PHONE = re.compile(
    rf"(?:^|(?<=[\s,。;:、(]))(?P<name>{NAME})(?:先生|女士|同志)?[ :,(]{{0,2}}(?:的)?(?:联系)?(?:电话|"
    rf"手机|手机号)?[: ]{{0,2}}$"
)

_SATISFIED = re.compile(
    r"(?P<no>不是?(?:很|太|大|怎么)?满意|不太满意|不够满意)"
    r"|(?P<rather>较为?满意|比较满意|基本满意|还算满意|还比较满意|挺满意|尚满意)"
    r"|(?P<yes>(?:非常|十分|很|特别|都|表示|均|相当)?满意(?!度|率|的?答复|吗|不满意))"
    r"|(?:满意度|满意程度|评价|反映|反响|评价为)(?:为|是|:|：)? ?(?P<label>不满意|较满意|满意|一般)(?!化|性)"
)
_GRADES = {"no": "不满意", "rather": "较满意", "yes": "满意"}


def phone(text: str, start: int, end: int) -> Span | None:
    """A phone number; its value has no gaps: 13800000000."""
    match = _MOBILE.search(text, start, end)
    if match:
        return Span(match.start(), match.end(), "phone", re.sub(r"[ -]", "", match.group()))
    match = _LANDLINE.search(text, start, end)
    return Span(match.start(), match.end(), "phone", match.group()) if match else None


def contact(text: str, start: int, end: int, number: Span | None, people: tuple[str, ...]) -> Span | None:
    """The contact: behind 联系人, 负责人 and the like, or before the phone number."""
    match = _CONTACT.search(text, start, end)
    if match:
        return Span(*match.span("name"), "contact", match["name"])
    if number is not None:
        before = _BY_PHONE.search(text, max(start, number.start - 14), number.start)
        if before and before["name"] not in people:
            return Span(*before.span("name"), "contact", before["name"])
    return None


def satisfaction(text: str, start: int, end: int, moods: Moods) -> Span | None:
    """满意, 较满意, 一般 or 不满意, where the text says so."""
    if text.find("满意", start, end) < 0 and text.find("一般", start, end) < 0:
        return None
    for match in _SATISFIED.finditer(text, start, end):
        if moods.at(match.start(), PLAN):
            continue
        grade = match["label"] or next(_GRADES[k] for k in _GRADES if match[k])
        a, b = match.span("label") if match["label"] else match.span()
        return Span(a, b, "satisfaction", grade)
    return None


@lru_cache(maxsize=8)
def _beside(people: tuple[str, ...]) -> "re.Pattern[str]":
    names = "|".join(map(re.escape, sorted(people, key=len, reverse=True)))
    before = r"和|与|同|跟|带着?|带领|会同|携|陪同|同行(?:人员)?[: ]{0,2}|随行(?:人员)?[: ]{0,2}|、|及"
    return re.compile(rf"(?:{before})(?P<name>{names})")


def companions(text: str, start: int, end: int, people: tuple[str, ...]) -> list[Span]:
    """Known people who went along: 和演示二一起, 同行：演示二、演示三."""
    if not people:
        return []
    found: dict[str, Span] = {}
    for match in _beside(people).finditer(text, start, end):
        if match.group()[0] in "、及" and not any(s.end == match.start() for s in found.values()):
            continue
        found.setdefault(match["name"], Span(*match.span("name"), "companions", match["name"]))
    return list(found.values())

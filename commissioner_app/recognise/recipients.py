"""Recipients in a text: known ones by their name as people shorten it, others by what ends their name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from commissioner_app.divisions import Divisions
from commissioner_app.recognise.chains import Chain
from commissioner_app.recognise.moods import PLAN, Moods
from commissioner_app.recognise.places import level_of
from commissioner_app.recognise.text import HAN, NAME, Words
from commissioner_app.recognise.vocabulary import KnownRecipient, shipped, words

_SHORTER = (
    (r"(?:农民)?(?:种植|养殖|种养)?专业合作社$", "合作社"),
    (r"(?:农民)?专业合作社$", "合作社"),
    (r"(?:有限责任|股份有限|有限)公司$", "公司"),
    (r"(?:科技)?(?:有限责任|股份有限|有限)公司$", ""),
    (r"(?:科技)?公司$", ""),
)
_ALWAYS = (
    "农民专业合作社|专业合作社|合作社联合社|联合社|股份合作社|合作社|家庭农场|股份有限公司|"
    "有限责任公司|有限公司|农业公司|公司|集团|研究所|专业协会|种植协会|养殖协会"
)
_PLACED = (
    "农场|养殖场|种猪场|养猪场|猪场|养鸡场|鸡场|养牛场|奶牛场|牛场|养羊场|羊场|种羊场|渔场|林场|苗圃|"
    "种植园|采摘园|产业园|科技园|农业园|园区|生态园|葡萄园|果园|示范园|庄园|"
    "种植基地|养殖基地|示范基地|试验基地|基地|加工厂|食品厂|面粉厂|饲料厂|制药厂|药厂|粉条厂|工厂|"
    "服务站|农机站|孵化园|工坊|育苗场|育苗中心"
)
_SUFFIX = re.compile(rf"(?P<any>{_ALWAYS})|(?P<placed>{_PLACED})")
_BUILT = re.compile(r"(?:建设|建立|打造|新建|筹建|建成|创建|建起|建了?|规划|落实|改造|设立)[^,。;\n]*$")

# Behind these a name begins.
_STRONG = re.compile(
    r"建(?!议|业|国|华|民|军|平|强|新|伟|文)|建立|建设|打造|新建|建成|创建|筹建|共建|签订|申报|注册|"
    r"引进|推广|到了|去了|来了|到|去|在|赴|前往|来到|走访了?|走进|深入|帮助|帮扶|帮|联系|对接|指导|"
    r"服务|位于|至|进入|请|组织|依托|协助|支持|考察|参观|调研|检查|查看|看望|"
    r"社区|村里|镇上|县里|上午|下午|今天|昨天|前天|全天|解决|建议|针对|围绕|通过|培训|是|从|让|于|"
    r"(?:^|(?<=[\s,。;:、]))(?:联合|推动|促成|发展|培育|根据|签约|邀请|由|被|把|将|并|还|又|再|先后)"
)
# At the very beginning of a name they belong to it: 到至诚合作社.
_OF_NAMES = ("至", "于", "从", "是")
_WEAK = re.compile(r"和|为|与|给|对|同|向|的|及|跟")
_RUN = re.compile(rf"[{HAN}A-Za-z0-9()]{{0,24}}$")
_FOLLOWS = re.compile(r"[ ]?(?:化|法|章程|建设标准|联席|登记|带头)")

_GROWER = re.compile(
    rf"(?P<all>(?:(?:种植|养殖|种粮|种养|种药|种菜|蔬菜|山药|菊花|地黄|牛膝|怀药|玉米|小麦|花生|葡萄|"
    rf"果树|养猪|养羊|养牛|养鸡|水产)?(?:种植|养殖)?(?:大户|专业户)|(?:山药|菊花|地黄|牛膝|怀药|玉米|"
    rf"小麦|花生|葡萄|蔬菜|果树|药材|西瓜|辣椒|番茄)?种植户|养殖户|药农|果农|菜农|菇农|粮农|蜂农|农户|"
    rf"村民|农民|社员|棚主)"
    rf"[:：]? ?(?P<name>{NAME}))(?=家|的|反映|说|反应|,|。|、|;|!| |\n|$|\(|\d|电话|等|联系|处|那|介绍|"
    rf"田|地|棚|咨询|提出|表示|发现|种|养|承包|流转|指导|打|来电|看|去|来|在|到|把|给|请|问|用|从|拿|"
    rf"有|是|主要|很|也|都)"
)


@dataclass(frozen=True)
class Found:
    """A recipient of the text; `ids` are the known ones it may be, `counties` theirs."""

    start: int
    end: int
    name: str
    ids: tuple[str, ...] = ()
    counties: tuple[str | None, ...] = ()
    sure: bool = True


class RecipientIndex:
    """Known recipients by every name that people use for them."""

    def __init__(self, recipients: Iterable[KnownRecipient], divisions: Divisions) -> None:
        prefixes = sorted(
            {d.name for d in divisions.by_code.values() if d.level < 3}
            | {re.sub(r"[县市]$", "", d.name) for d in divisions.by_code.values() if d.level < 2},
            key=len, reverse=True,
        )  # fmt: skip
        place = re.compile(rf"(?:{'|'.join(map(re.escape, prefixes))})+") if prefixes else None
        self.by_word: dict[str, list[KnownRecipient]] = {}
        for r in recipients:
            for word in _names(r.name, place):
                holders = self.by_word.setdefault(word, [])
                if r not in holders:
                    holders.append(r)
        self._words = Words(self.by_word)

    def find(self, text: str) -> list[Found]:
        """Where known recipients are named."""
        found = []
        for start, end in self._words.find(text):
            holders = self.by_word[text[start:end]]
            names = {r.name for r in holders}
            if len(names) > 1 and not any(r.name == text[start:end] for r in holders):
                continue  # one short name of different recipients tells neither
            exact = [r for r in holders if r.name == text[start:end]] or holders
            found.append(
                Found(start, end, exact[0].name, tuple(r.id for r in exact), tuple(r.county for r in exact))
            )
        return found


def _names(name: str, place: "re.Pattern[str] | None") -> set[str]:
    found = {name}
    match = place.match(name) if place else None
    if match and len(name) - match.end() >= 4:
        found.add(name[match.end() :])
    for pattern, short in _SHORTER:
        for word in list(found):
            shorter = re.sub(pattern, short, word)
            if len(shorter) >= 4 and not _generic(shorter):
                found.add(shorter)
    return {w for w in found if w == name or len(w) >= 4}


def find(text: str, known: list[Found], chains: list[Chain], moods: Moods) -> list[Found]:
    """All recipients of a text from left to right: the known ones, and what looks like the name of one."""
    found = list(known)
    taken = [(k.start, k.end) for k in known]
    for match in _SUFFIX.finditer(text):
        start, end = match.span()
        if any(a < end and start < b for a, b in taken) or _FOLLOWS.match(text, end):
            continue
        name = _named(text, start, end, bool(match["placed"]), chains, taken)
        if name and not moods.at(start, PLAN):
            found.append(name)
            taken.append((name.start, name.end))
    for match in _GROWER.finditer(text):
        start, end = match.span("all")
        if not any(a < end and start < b for a, b in taken) and not moods.at(start, PLAN):
            found.append(Found(start, end, text[start:end].replace(" ", "")))
    return sorted(found, key=lambda f: f.start)


def _named(
    text: str, start: int, end: int, placed: bool, chains: list[Chain], taken: list[tuple[int, int]]
) -> Found | None:
    """The name that ends with a suffix at start–end; None where nothing but common words stands before it."""
    run = _RUN.search(text, max(0, start - 24), start)
    low = run.start() if run else start
    low = max([low, *(b for _, b in taken if b <= start)])
    before = [c for c in chains if c.end <= start and c.end >= low]
    chain = before[-1] if before else None
    if chain is not None:
        low = chain.end
    body, strong = low, False
    for cut in _STRONG.finditer(text, low, start):
        if not (cut.group() in _OF_NAMES and cut.start() == body and (strong or chain)):
            body, strong = cut.end(), True
    if text[body : body + 1] == "的":
        body += 1
    for weak in _WEAK.finditer(text, body, start):
        # 为民合作社, 和谐合作社 after 到 or a village are names; 与演示公司 is not one.
        whole = weak.group() in "和为" and weak.end() < start
        whole = whole and ((strong and not chain) or _generic(text[weak.end() + 1 : start]))
        if weak.start() > body or not whole:
            body = weak.end()
    touching = chain is not None and text[chain.end : body] in ("", " ", "的")
    if placed and not _is_placed(text, body, chain if touching else None):
        return None
    words_before = text[body:start]
    if _generic(words_before):
        if chain is None or not touching or text[chain.end : body] == "的":
            return None
        level = max(chain.ranges)
        if (
            _some(words_before)
            or (level < 3 and not _crops(words_before))
            or not _COMMUNAL.search(text[start:end])
        ):
            return None
        a = chain.ranges[level][0]
        return Found(a, end, text[a:end].replace(" ", ""))
    if chain is not None and touching and text[chain.end : body] == "" and _only_county(chain):
        body = chain.start
        if text[:body].endswith(("焦作市", "焦作")):
            body -= 3 if text[:body].endswith("焦作市") else 2
    if text[:body].endswith(("焦作市", "焦作")) and chain is None:
        body -= 3 if text[:body].endswith("焦作市") else 2
    name = text[body:end]
    return Found(body, end, name.replace(" ", "")) if end - body <= 30 else None


def _only_county(chain: Chain) -> bool:
    return max(chain.ranges) == 1 and all(level_of(c) == 1 for c in chain.codes)


def _is_placed(text: str, body: int, chain: Chain | None) -> bool:
    """Whether somebody went there: 到…基地, not 建设…基地."""
    at = chain.start if chain else body
    before = text[max(0, at - 16) : at]
    if _BUILT.search(before) or _BUILT.search(text[max(0, body - 12) : body]):
        return False
    return bool(
        re.search(
            r"(?:到了?|去了?|在|赴|前往|来到?|走访了?|走进|深入|位于|进|访|至|查看|地点:?|单位:?|对象:?)$",
            before,
        )
    ) or (chain is not None and bool(re.search(r"(?:^|[\s,。;:!?(日号午天])$", before)))


_COMMUNAL = re.compile(r"合作社|联合社|基地$|协会$")
_SOME = re.compile(
    r"[该这那某各几多]|[一二两三四五六七八九十\d俩]+(?:家|个|处)?$|当地|本地|我|他|自己|其[他它]"
)


@cache
def _patterns() -> "tuple[re.Pattern[str], re.Pattern[str]]":
    crops = [w for group in ("crops", "works", "fields") for ws in words()[group].values() for w in ws]
    some = sorted({*shipped("common")["recipients"], *crops}, key=len, reverse=True)
    generic = re.compile(rf"(?:{'|'.join(map(re.escape, some))}|[ ()])*(?:{_PLACED}|{_ALWAYS})?")
    return generic, re.compile("|".join(map(re.escape, crops)))


def _generic(body: str) -> bool:
    """Whether the words before 合作社 and the like name nobody: 一家, 当地山药种植."""
    return _patterns()[0].fullmatch(body) is not None


def _crops(body: str) -> bool:
    return _patterns()[1].search(body) is not None


def _some(body: str) -> bool:
    """一家, 该, 几个: one that is not named."""
    return _SOME.search(body) is not None

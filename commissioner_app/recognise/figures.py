"""People trained and households served; figures that are something else (亩, 斤, 一行3人, 全村320户) stay out."""

import re
from dataclasses import dataclass

from commissioner_app.recognise.moods import ADVICE, NOT, PAST, PLAN, Moods
from commissioner_app.recognise.result import Span
from commissioner_app.recognise.text import COUNT, COUNT_AFTER, Counted, counted, numeral

_PEOPLE = (
    r"农民|群众|学员|农户|种植户|养殖户|种粮户|种粮大户|药农|果农|菜农|社员|村民|老乡|乡亲|乡里乡亲|"
    r"技术员|骨干|带头人|工人|大户|职工|妇女|老百姓|干部|农机手|机手|居民|学生|示范户|脱贫户|社员代表|人"
)
_PERSONS = re.compile(
    rf"{COUNT}(?:号)?(?P<unit>人次|余?人(?!均|家|口|大|工|力|类|民|社|才|参(?!加|训|会|与|观)|为)|"
    rf"个(?:{_PEOPLE})|(?:名|位)(?!列|于|置|次|优|单)){COUNT_AFTER}"
)
_TRAINING = re.compile(
    r"培训|参训|受训|参加|参会|参与|到场|到会|听课|听讲|听众|学员|观摩|来了|来的|出席|学习|实到|签到|"
    r"讲课|授课|讲座|讲授|观看|收看|上课|堂课|宣讲|办班|听|讲(?!究)|课|教|人数"
)
_AROUND = re.compile(
    r"一行|同行|带队|陪同|随行|共有$|全村|该村|人口|现有|社员(?:共|有)|拥有|雇|用工|专家|户均|人均|"
    r"每人|组成|招收|工人$|应到|应参加|报名|吸纳|就业|务工|安排|解决.{0,4}就业|团队|老师|教授|我们$|"
    r"村干部$"
)
_CONSULTED = re.compile(
    r"咨询|服务(?:群众|农民|农户|村民|人员|人次)?|受益|惠及|解答|答疑|接待|慰问|救助|覆盖|带动|辐射|增收"
)
_BEHIND = re.compile(
    r" ?(?:一组|小组|陪同|组成|的?队伍|的?团队|同行|前往|一行|家庭|/|的?工作组|专家|的(?:村|合作社|公司)|受益|报名)"
)
_TOTAL = re.compile(r"(?:共计?|总共|合计|总计|一共|累计|共有?培训|总人数|人数)[^,。;\n]{0,6}$")
_PART = re.compile(r"其中|包括|含|(?:有|男|女|妇女|贫困户|党员)$")
_EACH = re.compile(r"(?:每[场期班次天批]|每一[场期])[^,。;\n]{0,5}$")
_TIMES = re.compile(r"(?P<n>\d{1,2}|[一二两三四五六七八九十]+) ?(?:场|期|个班|批|轮)(?:次)?")
_LABELLED = re.compile(
    r"(?:培训|参训|参加|参会|听课|受训|学习|到场|到会|总)[^,。;\n\d]{0,4}?人(?:数|次)(?:为|是|共|:|"
    r" ){0,3}(?P<about>约|近)? ?(?P<n>\d{1,6})(?! ?[年月日.:/\d%])"
)
_ROUNDED = re.compile(r"(?:约|大约|大概|差不多|将近|得有)(?:来了?|有|是|到了?|共)$")
_RIGHT = re.compile(r"[^,。;!?\n]{0,12}")
_IN_TURN = re.compile(r"(?:第[一二三四五六1-6](?:场|期|班|批|次|天|节)|上午|下午|晚上)[^,。;!?\n\d]{0,8}$")
_AND = re.compile(r"[、和及与][^,。;\n\d]{0,10}$")

_HOUSEHOLDS = re.compile(
    rf"{COUNT}(?P<unit>户(?!外|口|主|籍|均|型|用|县)|家(?:农户|种植户|养殖户|果农|菜农)|个(?:农户|"
    rf"种植户|养殖户|种粮大户|种植大户|大户)){COUNT_AFTER}"
)
_NOT_SERVED = re.compile(
    r"全村|共有|该村|全镇|全县|全乡|现有|社员|总户数|其中|拥有|原有|入社|成员|辖|人口|组成|村里有|有$|贫困户共"
)
_LED = re.compile(r"带动|辐射|惠及|受益|覆盖|影响|预计")


@dataclass(frozen=True)
class Figure:
    """A figure with where it stands; `about` where the text rounds it; a note where it is not certain what it counts."""

    value: int
    spans: tuple[Span, ...]
    about: bool = False
    note: str = ""


@dataclass
class _Candidate:
    start: int
    end: int
    count: Counted
    rank: int  # 2 a total, 1 people trained, 0 people guided
    each: bool


def trained(text: str, start: int, end: int, moods: Moods, training: bool, guiding: bool) -> Figure | None:
    """People trained in a part; `training`, `guiding`: whether its ways are 技术培训, 现场指导."""
    found = [
        c
        for c in (_person(text, m, moods, training, guiding) for m in _PERSONS.finditer(text, start, end))
        if c
    ]
    if not found:
        label = next(
            (m for m in _LABELLED.finditer(text, start, end) if not moods.at(m.start(), PLAN | NOT | PAST)),
            None,
        )
        if label is None:
            return None
        value = int(label["n"])
        return Figure(value, (Span(label.start(), label.end(), "trained", value),), bool(label["about"]))
    spans: tuple[Span, ...]
    best = max(c.rank for c in found)
    some = [c for c in found if c.rank == best]
    first = some[0]
    chosen, total = [first], first.count.value
    if first.each:
        times = next(
            (t for t in _TIMES.finditer(text, start, end) if not moods.at(t.start(), PLAN | NOT)), None
        )
        if times is None:
            return None
        n = int(numeral(times["n"]) or 0)
        spans = (
            Span(times.start(), times.end(), "trained", total * n), Span(first.start, first.end, "trained", total * n),
        )  # fmt: skip
        return Figure(total * n, spans, first.count.about)
    in_turn = [c for c in some if _IN_TURN.search(text[max(start, c.start - 12) : c.start])]
    if len(in_turn) > 1 and best < 2:
        chosen, total = in_turn, sum(c.count.value for c in in_turn)
    elif best < 2:
        for c in some[1:]:
            if not _AND.fullmatch(text[chosen[-1].end : c.start]):
                break
            chosen.append(c)
            total += c.count.value
    others = sorted({c.count.value for c in some if c not in chosen and c.count.value != total})
    note = f"文中还有 {'、'.join(map(str, others))} 人，只填了前一个数。" if others else ""
    if not note and best == 0:
        note = "原文说的是指导的人数，按培训人数填，请核对。"
    spans = tuple(Span(c.start, c.end, "trained", total) for c in chosen)
    return Figure(total, spans, any(c.count.about for c in chosen), note)


def _person(
    text: str, match: re.Match[str], moods: Moods, training: bool, guiding: bool
) -> _Candidate | None:
    start, end = match.span()
    count = counted(match)
    if count is None or moods.at(start, PLAN | NOT | PAST | ADVICE):
        return None
    clause = re.search(r"[^,。;:!?\n()、]*$", text[max(0, start - 30) : start])
    left = clause.group() if clause else ""
    sentence = re.search(r"[^。;!?\n]*$", text[max(0, start - 40) : start])
    if _ROUNDED.search(left):
        count = Counted(count.value, True)
    right_match = _RIGHT.match(text, end)
    right = right_match.group() if right_match else ""
    unit = match["unit"]
    near_left = re.split(r"\d+ ?(?:人次|人|户|名|位)", left)[
        -1
    ]  # 应到50人实到46人: what belongs to this figure
    if (
        _AROUND.search(near_left)
        and not (near_left.endswith("共有") and _TRAINING.search(right))
        and not re.search(r"培训[^,。]*$", left)
    ):
        return None
    if (
        _BEHIND.match(text, end)
        or (_PART.search(left) and not _TRAINING.search(left + right))
        or left.startswith("其中")
    ):
        return None
    if unit in ("名", "位") and not (
        re.match(rf" ?[^,。;\n\d]{{0,6}}?(?:{_PEOPLE})", text[end : end + 10])
        or re.search(rf"(?:{_PEOPLE}|居民)$", left)
        or _TRAINING.search(left)
        or _TRAINING.match(right)
    ):
        return None
    if re.search(r"农户|种植户|养殖户|种粮户|种粮大户|大户", unit) and not _TRAINING.search(left + right):
        return None
    near = _TRAINING.search(left) or _TRAINING.search(right)
    if not near and _CONSULTED.search(left):
        return None
    each = bool(_EACH.search(left))
    if near or training:
        whole = _TOTAL.search(text[max(0, start - 10) : start])
        if not near and sentence and re.search(r"咨询|一行|全村", sentence.group()):
            return None
        return _Candidate(start, end, count, 2 if whole and not each else 1, each)
    if guiding and re.search(r"指导[^,。;]{0,8}$", left):
        return _Candidate(start, end, count, 0, each)
    return None


def households(text: str, start: int, end: int, moods: Moods) -> Figure | None:
    """Households served in a part; those led (带动) where no others are told."""
    served: list[Figure] = []
    led: list[Figure] = []
    for match in _HOUSEHOLDS.finditer(text, start, end):
        count = counted(match)
        at = match.start()
        if count is None or moods.at(at, PLAN | NOT | PAST | ADVICE):
            continue
        clause = re.search(r"[^,。;:!?\n()]*$", text[max(0, at - 24) : at])
        left = clause.group() if clause else ""
        if _NOT_SERVED.search(left) and not re.search(r"服务|走访|指导|带动|入户|惠及", left):
            continue
        if match["unit"].startswith("个") and _TRAINING.search(left):
            continue  # 给十来个种粮户讲: people
        if re.match(r" ?(?:人家|社员|共有)", text[match.end() : match.end() + 4]):
            continue
        right = re.match(r"[^,。;!?\n]{0,8}", text[match.end() : match.end() + 8])
        kind = led if _LED.search(left) or (right and re.search(r"受益", right.group())) else served
        kind.append(Figure(count.value, (Span(at, match.end(), "households", count.value),), count.about))
    some = served or led
    if not some:
        return None
    others = sorted({f.value for f in some[1:]} - {some[0].value})
    if others:
        note = f"文中还有 {'、'.join(map(str, others))} 户，只填了前一个数。"
        return Figure(some[0].value, some[0].spans, some[0].about, note)
    return some[0]

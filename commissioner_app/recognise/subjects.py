"""Industry and topic: by the crops, works and fields that a text names."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commissioner_app.recognise.moods import PLAN, Moods
from commissioner_app.recognise.text import HAN, Words
from commissioner_app.recognise.vocabulary import words

_TIERS = ("crops", "works", "breeds", "fields", "alone")
_TAIL = re.compile(rf"[{HAN}]{{1,5}}(?=[,。;!?\n)]|$)")
_WORK_TAIL = re.compile(
    rf"[{HAN}]{{1,8}}?(?:技术|管理|防治|防控|修剪|栽培|种植|加工|育苗|贮藏|储藏|保鲜|养护|播种|收获|"
    rf"补种)(?!户|大户|园|场|基地|员|需求|公司|合作社|难题|服务)"
)
_TAUGHT_TAIL = re.compile(rf"[{HAN}]{{1,8}}?(?=(?:现场|技术)?(?:指导|培训|讲座|授课))")
_IN_QUOTES = re.compile(r"[^\"'》\n,。]{1,12}(?=[\"》])")
_QUOTED_TAIL = re.compile(r"[\"'][^\"'\n,。]{2,10}[\"']")
_NO_WORK = re.compile(
    r"进行|车间|企业|现场|问题|实地|[的了和及与并时咋吗呢地社班课会户]|人(?!工)|讲|工作|情况|服务|指导|培训|开展"
)
_NO_TOPIC = re.compile(
    r"[的了和及与户人并后时等咋吗呢地园场社]|工作|情况|种植户|农户|服务|一天|半天|问题|技术员|现场|"
    r"培训|班|会|课|大户|开展"
)
# 加工 of something that is no crop of the list: 羊皮加工.
_OF_SOMETHING = ("加工", "深加工", "烘干")
_THING = re.compile(
    rf"(?<![{HAN}])(?!指导|开展|培训|学习|调研|建设|解决|提高|改进|优化|完善|帮|做|搞|对|到|在|去|的|"
    rf"了)[{HAN}]{{1,4}}$|(?<=[的])[{HAN}]{{1,4}}$"
)
_NUMBER = re.compile(r"\d{1,4}(?:-\d+)?号?")


@dataclass(frozen=True)
class Subject:
    """A word of an industry, with the words that go with it as a topic; industry "" for a topic without one."""

    start: int
    end: int
    industry: str
    tier: str
    last: int


class SubjectIndex:
    """The shipped words and those of the officer."""

    def __init__(self, own: Mapping[str, Sequence[str]]) -> None:
        self._meaning: dict[str, tuple[str, str]] = {}
        shipped = words()
        broad = {w: i for tier in ("fields", "works") for i, ws in shipped[tier].items() for w in ws}
        for word in shipped["topic"]["alone"]:
            industry = next((i for w, i in broad.items() if w in word), "")
            self._meaning[word] = (industry, "fields" if industry else "alone")
        for tier in reversed(_TIERS[:-1]):
            for industry, some in shipped[tier].items():
                for word in some:
                    # 水肥一体化 is a topic by itself and tells an industry.
                    self._meaning[word] = (industry, tier)
        for industry, some in own.items():
            for word in some:
                self._meaning[word] = (industry, "crops")
        self._words = Words(self._meaning)
        after, before = sorted(shipped["topic"]["after"], key=len, reverse=True), shipped["topic"]["before"]
        pest = r"[^\W\d_的了有得是都无没和与及发染生防中因问解]{1,4}?(?:病|虫|螟|螨)害?"
        self._after = re.compile(
            rf" ?[\"']?(?:{'|'.join(map(re.escape, after))}|{pest})[\"']?(?!户|大户|园|场|基地|专业|合作|[不差少]|率|咨询|服务)"
        )
        self._before = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, before), key=len, reverse=True))})+$")

    def find(self, text: str) -> list[Subject]:
        """All subjects of a text, topics that go on (山药 + 种植) as one."""
        raw = self._words.find(text)
        ends = {a: b for a, b in raw}
        found: list[Subject] = []
        reach = 0
        for start, end in raw:
            if start < reach:
                continue
            industry, tier = self._meaning[text[start:end]]
            last, at = end, end
            while True:
                number = _NUMBER.match(text, at) if at == end and tier == "breeds" else None
                more = number or self._after.match(text, at)
                # A work that stands right behind a crop tells the industry: 山药 + 深加工.
                follower = ends.get(at) or (ends.get(at + 1) if text[at : at + 1] == " " else None)
                if more and more.group().strip() == "技术" and at == end:
                    more = None  # 山药技术 is no topic of its own, 山药栽培技术 is
                word = text[at:follower].strip() if follower else ""
                if follower and self._works_in(word) and (more is None or follower >= more.end()):
                    industry, tier = self._works_in(word), "works"
                    at = last = follower
                elif more:
                    inner = self._works_in(text[at : more.end()].strip())
                    if inner:
                        industry, tier = inner, "works"
                    at = last = more.end()
                else:
                    break
            last = self._to_the_end(text, start, last)
            prefix = self._before.search(text, max(0, start - 8), start)
            begin = prefix.start() if prefix and prefix.start() >= reach else start
            if begin == start and text[start:end] in _OF_SOMETHING:
                thing = _THING.search(text, max(reach, start - 4), start)
                begin = thing.start() if thing else start
            found.append(Subject(begin, end, industry, tier, last))
            reach = max(last, end)
        return found

    @staticmethod
    def _to_the_end(text: str, start: int, last: int) -> int:
        """The tail of a topic: up to a work (小麦 + 晚播应变技术), or what ends the clause of 指导 (蛋鸡 + 换羽，)."""
        quoted = _IN_QUOTES.match(text, last) if text[max(0, start - 1) : start] in ('"', "《") else None
        tail = (
            quoted
            or _QUOTED_TAIL.match(text, last)
            or _TAUGHT_TAIL.match(text, last)
            or _WORK_TAIL.match(text, last)
        )
        if tail and not _NO_WORK.search(tail.group()):
            return tail.end()
        tail = _TAIL.match(text, last)
        taught = tail and re.search(r"(?:指导|讲授|讲解|培训|讲|推广)$", text[max(0, start - 3) : start])
        return tail.end() if tail and taught and not _NO_TOPIC.search(tail.group()) else last

    def _works_in(self, word: str) -> str:
        """The industry of a work that a word begins with: 加工工艺 is 加工."""
        for length in range(len(word), 1, -1):
            meaning = self._meaning.get(word[:length])
            if meaning and meaning[1] == "works":
                return meaning[0]
        return ""


_SERVED = re.compile(r"(?:指导|讲授|讲解|培训|讲了?|推广|引进|示范|传授)[^,。;!?\n]{0,6}$")


_TITLE = re.compile(
    r"(?:讲授|讲解|讲课|讲座|讲|题为|题目是?|主题(?:为|是)?|作|"
    r"以)了?(?:题为)?[: ]?[《\"](?P<title>[^》\"\n]{3,24})[》\"]"
)


def title(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The title of a talk: 讲授了《怀菊花高效栽培》."""
    match = _TITLE.search(text, start, end)
    return match.span("title") if match else None


@dataclass(frozen=True)
class Chosen:
    """What tells the industry of a part, and what its topic is."""

    industry: Subject | None
    topic: Subject | None


def choose(
    text: str,
    subjects: list[Subject],
    moods: Moods,
    start: int,
    end: int,
    names: list[tuple[int, int]],
    varieties: list[tuple[int, int]],
) -> Chosen:
    """The first crop or work that is taught, else the first that is named, else what is weaker.

    Words within `names` (of places and recipients) tell an industry where there are no others and are no topic; those
    within new `varieties` tell one before the weaker words do.
    """
    here = [s for s in subjects if start <= s.start and s.last <= end]
    # What is planned comes last: it may be another matter than what was done.
    here = [s for s in here if not moods.at(s.start, PLAN)] or here
    named = [s for s in here if _within(s, names)]
    new = [s for s in here if _within(s, varieties)]
    free = [s for s in here if s not in named and s not in new]
    strong = [s for s in free if s.tier in ("crops", "works", "breeds")]
    weak = [s for s in free if s.tier == "fields"] or [s for s in free if s.tier == "alone"]
    taught = [s for s in strong if _SERVED.search(text, max(start, s.start - 12), s.start)]
    order = (taught, strong, new, weak, [s for s in named if s.tier == "crops"])
    industry = next((s for some in order for s in some if s.industry), None)
    topic = next((s for some in (taught, strong, weak) for s in some), None)
    return Chosen(industry, topic)


def _within(subject: Subject, ranges: list[tuple[int, int]]) -> bool:
    return any(a <= subject.start and subject.end <= b for a, b in ranges)

"""Ways of service (服务方式): the words that tell each of them."""

import re

from commissioner_app.recognise.moods import ADVICE, NOT, PAST, PLAN, Moods
from commissioner_app.recognise.result import Span

_C = r"[^,。;\n]"  # within a clause


def _words(*patterns: str) -> "re.Pattern[str]":
    return re.compile("|".join(patterns))


_RULES = {
    "远程指导": _words(
        r"(?:远程|微信|电话(?!回访|联系|:)|视频|线上|在线|云端|语音|直播|连线|QQ|钉钉|腾讯会议)"
        rf"{_C}{{0,10}}?(?:指导|诊断|答疑|解答|会诊|培训|授课|讲课|讲座|教学|教|沟通处理|举办|开展|学习)",
        r"(?:网上|网络)(?:指导|答疑|授课|讲课|讲座|培训|教学)",
        rf"(?:接到?|打来){_C}{{0,24}}?(?:电话|微信|视频)(?!咨询)",
        r"(?:照片|图片|视频)发(?:过来|来|给我)|发(?:过来|来)的?(?:照片|图片|视频)",
        rf"(?:电话|微信|视频)[里中上]{_C}{{0,10}}?(?:说|讲|教|解答|回复|告诉)",
        r"远程|视频连线|(?:线上|网上|网络)课",
    ),
    "现场指导": _words(
        r"指导(?!思想|员|价|意见|书|站)", r"现场(?:讲解|示范|演示|操作|诊断|会诊)", r"手把手|示范操作"
    ),
    "技术培训": _words(
        r"培训(?!机构|学校|资料|基地|中心|教材|计划|需求|手册|内容|材料)|参训|学员|办班|开课|听课|课堂|上了?一?(?:堂|节)课",
        r"讲座|授课|讲课|上课|讲授|宣讲|田间学校|现场会(?!诊|商|办)|演示会|观摩|(?:参观|考察|外出)学习",
        r"技术(?:座谈|交流|研讨|推广|推进|对接)会|科普(?!宣传|活动|资料|日|周|知识|展|基地)",
        rf"(?:播放|放映|组织观看){_C}{{0,14}}?(?:视频|录像|课件|教学片|专题片)",
        rf"(?:给|为|向|跟|对){_C}{{1,24}}?讲(?!究|话|述|明)|讲了|讲的",
        rf"讲(?!解|究|话|述|明|道|理|师|堂|义|评|价|卫|文|一讲|台|完|清|过|习|信|好){_C}",
    ),
    "技术咨询": _words(r"咨询(?!公司|电话|费|热线)", r"答疑|解答|释疑|答复|有问必答"),
    "引进品种": _words(
        rf"引进{_C}{{0,16}}?(?:品种|种苗|良种|新种|种薯|种子|菌种)|引种(?!\S{{0,2}}期)",
        rf"(?:推广|试种|示范种植|示范|更换|改种){_C}{{0,16}}?(?:新品种|良种)",
    ),
    "引进技术": _words(rf"引进{_C}{{0,20}}?(?:技术|工艺|模式)(?!员|人员|需求)"),
    "示范基地建设": _words(
        rf"(?:建设|建立|打造|新建|筹建|建成|创建|共建|建起|建了?|搞|规划){_C}{{0,14}}?"
        rf"(?:示范|试验){_C}{{0,4}}?(?:基地|田|园区?|点|方|棚|片)",
        r"示范(?:基地|田|园)建设",
    ),
    "需求调研": _words(
        r"调研(?!员)|摸底|走访调查|问卷|(?:技术)?需求(?:调查|征集|对接|收集|摸排|走访)",
        rf"(?:了解|征集|摸清|收集|梳理|摸排){_C}{{0,14}}?(?:需求|难题|困难|诉求)",
    ),
    "成果转化": _words(
        rf"成果转化|转化{_C}{{0,12}}?(?:成果|技术|专利)", r"技术转让|专利转让|专利许可|成果落地"
    ),
}
_SEEN = r"山药|地黄|牛膝|菊花|麦|玉米|花生|大豆|棚|果树|苗|西瓜|连翘|药材|病|地|田|长势|辣椒|番茄|大蒜|水稻|葡萄|桃|苹果"
_WEAK = {
    "技术培训": _words(r"讲解|传授|教学"),
    "现场指导": _words(
        r"现场(?!会|培训|咨询|观摩|解答|答疑|授课|签约|参观|提问|发放|有|到|来|人)[\u4e00-\u9fff]{2}",
        r"查看|察看|检查|会诊|诊断|把脉|巡诊|巡查|巡田|查田|勘查|踏查|查苗|看苗|看了看|看了|下地|田间地头",
        r"教(?:给)?(?:农户|大家|他|群众|种植户|会|如何|怎么)",
        rf"(?:去|到|来|给|帮|下地){_C}{{0,16}}?看(?!到|来|好|法|望|见|守|似|起|看)|看(?=\S{{0,4}}(?:{_SEEN}))",
    ),
}
"""Words that tell a way only where nothing tells one outright: a 讲解 at a training is no second way."""
_BROUGHT = ("引进品种", "引进技术", "示范基地建设")


def find(text: str, start: int, end: int, moods: Moods, apart: list[tuple[int, int]]) -> list[Span]:
    """The ways that a part of the text tells, each with the first word that tells it; `apart`: names, no words."""
    found: list[Span] = []
    remote: list[tuple[int, int]] = []
    for way, pattern in _RULES.items():
        unmeant = NOT | PLAN | PAST | (ADVICE if way in _BROUGHT else 0)
        for match in pattern.finditer(text, start, end):
            a, b = match.span()
            if moods.at(a, unmeant) or _within(a, b, apart):
                continue
            if way == "远程指导":
                remote.append((a, b))
            elif way == "现场指导" and _within(a, b, remote):
                continue
            found.append(Span(a, b, "ways", way))
            break
    if found:
        return found
    for way, pattern in _WEAK.items():
        for match in pattern.finditer(text, start, end):
            a, b = match.span()
            if not moods.at(a, NOT | PLAN | PAST | ADVICE) and not _within(a, a + 1, apart):
                return [Span(a, b, "ways", way)]
    return []


def _within(start: int, end: int, ranges: list[tuple[int, int]]) -> bool:
    return any(a <= start and end <= b for a, b in ranges)

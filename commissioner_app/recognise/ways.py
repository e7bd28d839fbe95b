"""Ways of service (服务方式): the words that tell each of them."""

import re

from commissioner_app.recognise.moods import ADVICE, NOT, PAST, PLAN, Moods
from commissioner_app.recognise.result import Span

_REMOTE = r"(?:远程|微信|电话|视频|线上|网上|在线|网络|云端|语音|直播|连线|QQ|钉钉|腾讯会议)"
_RULES = tuple((way, re.compile(pattern)) for way, pattern in (
    ("远程指导", rf"{_REMOTE}[^,。;\n]{{0,10}}?(?:指导|诊断|答疑|解答|会诊|培训|授课|讲课|讲座|教学|教|沟通处理|"
rf"举办|开展|学习)|(?:接到?|打来)[^,。;\n]{{0,24}}?(?:电话|微信|视频)(?!咨询)|(?:照片|图片|"
rf"视频)发(?:过来|来|给我)|发(?:过来|来)的?(?:照片|图片|视频)|(?:电话|微信|视频)(?:里|中|"
rf"上)[^,。;\n]{{0,10}}?(?:说|讲|教|解答|回复|告诉)|远程|视频连线|(?:线上|网上|网络)课"),
    ("现场指导", r"指导(?!思想|员|价|意见|书|站)|现场(?:讲解|示范|演示|操作|诊断|会诊)|手把手|示范操作"),
    ("技术培训", r"科普(?!宣传|活动|资料|日|周|知识|展|基地)|培训(?!机构|学校|资料|基地|中心|教材|计划|需求|手册|"
r"内容|材料)|讲座|授课|讲课|上课|讲授|宣讲|办班|田间课堂|田间学校|现场会(?!诊|商|办)|演示会|"
r"(?:参观|考察|外出)学习|技术(?:座谈|交流|研讨|推广|推进|对接)会|观摩|开课|听课|学员|课堂|"
r"上了?一?(?:堂|节)课|参训|"
                 r"(?:给|为|向|跟|对)[^,。;\n]{1,24}?讲(?!究|话|述|明)|讲了|讲的|讲(?!解|究|话|述|明|道|理|师|堂|"
r"义|评|价|卫|文|一讲|台|完|清|过|习|信|好)[^,。;\n]"),
    ("技术咨询", r"咨询(?!公司|电话|费|热线)|答疑|解答|释疑|答复|有问必答"),
    ("引进品种", r"引进[^,。;\n]{0,16}?(?:品种|种苗|良种|新种|种薯|种子|菌种)|引种(?!\S{0,2}期)|(?:推广|试种|"
r"示范种植|示范|更换|改种)[^,。;\n]{0,16}?(?:新品种|良种)"),
    ("引进技术", r"引进[^,。;\n]{0,20}?(?:技术|工艺|模式)(?!员|人员|需求)"),
    ("示范基地建设", r"(?:建设|建立|打造|新建|筹建|建成|创建|共建|建起|建了?|搞|规划)[^,。;\n]{0,14}?(?:示范|"
r"试验)[^,。;\n]{0,4}?(?:基地|田|园区?|点|方|棚|片)|示范(?:基地|田|园)建设"),
    ("需求调研", r"调研(?!员)|摸底|(?:技术)?需求(?:调查|征集|对接|收集|摸排|走访)|(?:了解|征集|摸清|收集|梳理|"
r"摸排)[^,。;\n]{0,14}?(?:需求|难题|困难|诉求)|走访调查|问卷"),
    ("成果转化", r"成果转化|转化[^,。;\n]{0,12}?(?:成果|技术|专利)|技术转让|专利转让|专利许可|成果落地"),
))  # fmt: skip
_WEAK = (
    ("技术培训", re.compile(r"讲解|传授|教学|宣传讲")),
    ("现场指导", re.compile(
        r"现场(?:演示|示范|教学|操作|查看|诊断|会诊|办公|解决|处理|观察|调试|教)|手把手|查看|察看|检查|"
r"会诊|诊断|把脉|巡诊|巡查|巡田|查田|看了看|看了|看看|下地|"
        r"田间地头|教(?:给)?(?:农户|大家|他|群众|种植户|会|如何|怎么)|(?:去|到|来|给|帮|"
r"下地)[^,。;\n]{0,16}?看(?!到|来|好|法|望|见|守|似|起)|勘查|踏查|查苗|看苗|看(?=\S{0,4}(?:山药|"
r"地黄|牛膝|菊花|小麦|麦|玉米|花生|大豆|大棚|果树|苗|西瓜|连翘|药材|病|地|田|长势|辣椒|番茄|大蒜|"
r"水稻|葡萄|桃|苹果|核桃))"
    )),
)  # fmt: skip
_SKIP = NOT | PLAN


def find(text: str, start: int, end: int, moods: Moods, apart: list[tuple[int, int]]) -> list[Span]:
    """The ways that a part of the text tells, each with the first word that tells it; `apart`: names, no words."""
    found: dict[str, Span] = {}
    remote: list[tuple[int, int]] = []
    for way, pattern in _RULES:
        for match in pattern.finditer(text, start, end):
            a, b = match.span()
            if any(x <= a and b <= y for x, y in apart):
                continue
            if moods.at(a, _SKIP | PAST) or (
                way in ("引进品种", "引进技术", "示范基地建设") and moods.at(a, ADVICE)
            ):
                continue
            if way == "远程指导":
                remote.append((a, b))
            elif way == "现场指导" and any(x <= a and b <= y for x, y in remote):
                continue
            found[way] = Span(a, b, "ways", way)
            break
    if not found:
        for way, pattern in _WEAK:
            weak = next(
                (m for m in pattern.finditer(text, start, end)
                 if not moods.at(m.start(), _SKIP | PAST | ADVICE) and not any(x <= m.start() < y for x, y in apart)),
                None,
            )  # fmt: skip
            if weak:
                found[way] = Span(weak.start(), weak.end(), "ways", way)
                break
    return list(found.values())

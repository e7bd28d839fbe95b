"""What the columns of a roster mean: the glossary's names, the words of published lists, and near misses."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from commissioner_app.imports.cells import text

COLUMNS: dict[str, Sequence[str]] = {
    "名额编号": ("名额代码",),
    "姓名": ("特派员姓名", "特派员", "科技特派员", "科技特派员姓名", "成员姓名", "人员姓名", "专家姓名",
           "选派人员", "选派人员姓名"),
    "性别": (),
    "出生年月": ("出生日期", "出生年月日"),
    "派出单位": ("工作单位", "所在单位", "单位", "选派单位", "派出单位名称", "单位名称", "所属单位", "依托单位", "现工作单位",
             "工作单位名称", "派员单位", "派出高校", "选派高校", "单位全称"),
    "院系部门": ("院系", "部门", "所在部门", "二级单位", "院系名称", "所在院系"),
    "职称": ("专业技术职务", "技术职称", "职称职务", "专业技术职称", "技术职务", "专业职称", "职务职称"),
    "职务": ("行政职务", "现任职务"),
    "学历学位": ("学历", "学位", "文化程度"),
    "专业": ("专业特长", "研究方向", "从事专业", "所学专业", "专业领域", "特长", "专长", "专业方向", "研究领域", "技术领域",
           "技术特长", "技术专长", "专业专长", "学科专业", "专业技术特长", "从事领域"),
    "服务产业": ("产业", "服务领域", "产业领域", "服务行业"),
    "联系电话": ("手机", "电话", "手机号", "手机号码", "联系方式", "电话号码", "移动电话", "联系手机", "本人电话"),
    "电子邮箱": ("邮箱", "电子邮件", "Email", "E-mail"),
    "身份证号": ("身份证号码", "身份证", "公民身份号码"),
    "类别": ("选派类别", "特派员类别", "类型", "派出类别", "选派类型", "人员类别", "特派员类型", "派出类型"),
    "服务团": ("服务团名称", "所属服务团", "产业服务团", "所在服务团", "团队名称"),
    "团内职务": ("团内分工", "成员类别", "团内身份"),
    "受援县": ("服务县", "派驻地", "派驻县", "受援县区", "服务县区", "受援县市区", "服务地", "服务地点", "派驻县区", "派驻县市区",
            "服务县市区", "受援地", "受援地区", "服务地区", "服务区域", "拟派驻县", "派往县", "选派县", "帮扶县", "县区", "县市区"),
    "经费来源": ("经费", "资助方式", "资助类别"),
    "备注": ("说明",),
}  # fmt: skip
"""The glossary's column names, as `export roster` writes them, with the synonyms of published lists."""

NUMBER, SPAN = "序号", "服务期限"
EXTRA: dict[str, Sequence[str]] = {
    SPAN: ("服务时间", "派驻时间", "选派时间", "服务期", "起止时间", "服务起止时间", "派驻期限", "选派期限", "聘期", "服务年限"),
    NUMBER: ("序", "顺序", "顺序号", "NO", "No.", "№", "记录标识"),
}  # fmt: skip
"""Names that are read but not exported; 序号 says nothing about the person. 记录标识 is our own hidden column."""

FIELDS: tuple[str, ...] = (*COLUMNS, *EXTRA)
"""What a column may be, in the order in which it is offered."""

_SOMEBODY_ELSE = re.compile(
    r"联系人|负责人|经办|对接|受援单位|受援方|服务对象|服务单位|接收单位|需求单位|推荐|监管|企业|合作社|基地|单位(?:联系|电话|手机)|办公"
)
"""A column of these is about somebody else than the commissioner."""

_OWN = re.compile(
    r"^(?:拟选派|拟派|选派|省派|科技|产业|本人|个人)*(?:特派员|成员|专家|人员|个人|本人)(?:的)?(?=.)"
)
_GENERIC = frozenset(("名称", "全称", "单位名称", "姓名", "县名", "县区名称", "类别名称", "具体名称"))
SURE = 0.9
"""From here on a guess needs no second look."""


def plain(word: str) -> str:
    """A header's words without spaces, brackets and what stands in them."""
    return re.sub(r"（.*?）|\(.*?\)|[\s（）()：:*＊＿_]", "", word)


@cache
def _lookup() -> dict[str, str]:
    return {plain(w).upper(): name for name, words in (COLUMNS | EXTRA).items() for w in (name, *words)}


def knows(word: str) -> bool:
    """Whether a cell says exactly what a header says: a header again, on the next page of a list."""
    return word in _lookup() or (" " in word and plain(word).upper() in _lookup())


@lru_cache(maxsize=20_000)
def meaning(title: str) -> tuple[str, float]:
    """(name in FIELDS, how sure) of a header's words; ("", 0) for what is none of ours."""
    word = plain(text(title)).upper()
    if not word or len(word) > 24:
        return "", 0.0
    if word in _lookup():
        return _lookup()[word], 1.0
    if _SOMEBODY_ELSE.search(word):
        return "", 0.0
    own = _OWN.sub("", word)
    if own in _lookup():
        return _lookup()[own], 0.97
    parts = {_lookup().get(p, "") for p in re.split(r"[/／、及和与或]", own) if p}
    if len(parts) == 1 and "" not in parts:
        return parts.pop(), 0.95
    return _near(own)


def _near(word: str) -> tuple[str, float]:
    """The field whose words are most like it, where one is like it at all."""
    from rapidfuzz import fuzz, process

    if len(word) < 3:
        return "", 0.0
    known = [k for k in _lookup() if len(k) >= 3]
    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=66)
    return (_lookup()[best[0]], round(best[1] / 100 * 0.88, 2)) if best else ("", 0.0)


@lru_cache(maxsize=2_000)
def meaning_below(titles: tuple[str, ...]) -> tuple[str, float]:
    """What a column means whose header stands in several rows, the outermost first: 派出单位 · 名称, 基本情况 · 姓名."""
    words = [w for n, w in enumerate(titles) if w and w not in titles[:n]]
    if not words:
        return "", 0.0
    if len(words) == 1:
        return meaning(words[0])
    *outer, last = words
    group = plain("".join(outer))
    whole = meaning("".join(words))
    if whole[1] >= 1 or _SOMEBODY_ELSE.search(group):
        return whole if whole[1] >= 1 else ("", 0.0)
    above, below = meaning(outer[-1]), meaning(last)
    about_unit = above[0] in ("派出单位", "受援县", "服务团")
    if about_unit and plain(last) in _GENERIC:
        return above
    if about_unit and below[0] not in ("院系部门", above[0]):
        # 派出单位 · 联系电话 is the office's number, nobody's own.
        return "", 0.0
    if below[0]:
        return below
    if whole[1] >= SURE:
        return whole
    return (above[0], 0.7) if above[1] >= SURE and not about_unit else ("", 0.0)

"""Forms in a text: lines like 服务日期：…, 培训人数：32."""

import re
from dataclasses import dataclass

LABELS: dict[str, str] = {
    "服务日期": "date", "日期": "date", "服务时间": "date", "时间": "date", "活动时间": "date", "开始日期": "date",
    "服务地点": "where", "地点": "where", "服务地址": "where", "地址": "where", "服务村": "where", "活动地点": "where", "位置": "where", "受援县": "where", "乡镇": "where", "村": "where",
    "服务对象": "recipient", "受援单位": "recipient", "服务单位": "recipient", "对象": "recipient", "受援方": "recipient",
    "服务方式": "ways", "方式": "ways", "服务形式": "ways", "形式": "ways", "服务类型": "ways",
    "产业": "industry", "服务产业": "industry", "产业领域": "industry", "行业": "industry",
    "主题": "topic", "服务主题": "topic", "培训主题": "topic", "题目": "topic", "培训内容": "content",
    "服务内容": "content", "内容": "content", "工作内容": "content", "服务情况": "content", "主要内容": "content", "工作情况": "content", "活动内容": "content",
    "存在问题": "problem", "发现问题": "problem", "存在的问题": "problem", "发现的问题": "problem", "问题": "problem", "解决问题": "problem", "解决的问题": "problem",
    "技术问题": "problem", "主要问题": "problem",
    "解决办法": "solution", "解决措施": "solution", "解决方案": "solution", "解决方法": "solution", "处理措施": "solution", "解决情况": "solution", "处理意见": "solution", "措施": "solution", "对策": "solution",
    "整改建议": "solution", "技术建议": "solution", "建议": "solution", "办法": "solution",
    "培训人数": "trained", "培训人次": "trained", "参训人数": "trained", "参加人数": "trained", "人数": "trained", "培训": "trained", "参训": "trained", "参会人数": "trained", "参加培训人数": "trained", "参加培训": "trained", "培训总人数": "trained", "实到人数": "trained", "听课人数": "trained",
    "服务农户": "households", "服务户数": "households", "带动农户": "households", "农户数": "households", "户数": "households", "农户": "households", "走访农户": "households", "服务农户数": "households",
    "新品种": "varieties", "引进品种": "varieties", "引进新品种": "varieties", "推广品种": "varieties", "品种": "varieties",
    "新技术": "techniques", "引进技术": "techniques", "推广技术": "techniques", "引进新技术": "techniques", "推广新技术": "techniques", "技术": "techniques",
    "发放物资": "materials", "发放资料": "materials", "物资": "materials", "资料": "materials",
    "联系人": "contact", "受援方联系人": "contact", "负责人": "contact", "联系电话": "phone", "电话": "phone", "联系方式": "phone", "手机": "phone", "手机号": "phone",
    "满意度": "satisfaction", "服务评价": "satisfaction", "评价": "satisfaction", "受援方意见": "opinion", "意见": "opinion",
    "同行人员": "companions", "同行": "companions", "同行人": "companions", "随行人员": "companions", "天数": "days", "服务天数": "days", "时长": "days", "服务时长": "days",
    "备注": "remark", "姓名": "who", "特派员": "who", "科技特派员": "who", "特派员姓名": "who", "服务人员": "who", "填报人": "who", "记录人": "who", "编号": "number", "照片": "photos",
}  # fmt: skip
"""What people write before the colon, and the field it names."""

_NAMES = "|".join(sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:^|(?<=[\n;。,、|\s)\]】]))(?:[【\[(]? ?)(?:\d{{1,2}}[.、] ?)?(?P<name>{_NAMES})(?:\([^)\n]{{0,8}}\))?[】\])]? ?(?P<sign>:|】| (?=\S)|(?=\d))"
)
_EMPTY = re.compile(r"[ 无/\-暂没有]*")


@dataclass(frozen=True)
class Labelled:
    """The value that stands behind a label, as a range of the text."""

    field: str
    start: int
    end: int
    label: int


def find(text: str, start: int, end: int) -> dict[str, Labelled]:
    """The labelled values of a part, the first of each field; {} where fewer than two labels stand in it."""
    matches = [m for m in _LABEL.finditer(text, start, end)]
    with_sign = [m for m in matches if m["sign"] in (":", "】")]
    if len(matches) < 2 or (len(with_sign) < 2 and len(matches) < 3) or not matches:
        matches = with_sign
    if not with_sign:
        # Labels without colons are a form only where one after another begins a piece.
        pieces = len(re.findall(r"[;\n]", text[start:end].strip())) + 1
        if len(matches) < 3 or len(matches) < pieces:
            return {}
    if len({LABELS[m["name"]] for m in matches}) < 2:
        return {}
    found: dict[str, Labelled] = {}
    for n, match in enumerate(matches):
        limit = matches[n + 1].start() if n + 1 < len(matches) else end
        stop = text.find("\n", match.end(), limit)
        field = LABELS[match["name"]]
        upto = limit
        if (
            field not in ("content", "problem", "solution", "remark", "opinion")
            and stop >= 0
            and text[match.end() : stop].strip()
        ):
            upto = stop
        a, b = match.end(), upto
        while a < b and text[a] in " \n:":
            a += 1
        while b > a and text[b - 1] in " \n;,、【[(":
            b -= 1
        if field in ("problem", "solution", "topic"):
            while b > a and text[b - 1] in "。;":
                b -= 1
        if a < b and not _EMPTY.fullmatch(text[a:b]):
            found.setdefault(field, Labelled(field, a, b, match.start()))
    return found

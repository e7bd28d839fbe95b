"""Whatever is pasted: nothing raises, spans lie in the text and yield their values, nothing is made up."""

import datetime as dt
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from commissioner_app.recognise import Known, KnownRecipient, Recognised, recognise
from commissioner_app.recognise.text import plain
from commissioner_app.visits import INDUSTRIES, SATISFACTION, WAYS
from tests.commissioner_app.recognise import measure

KNOWN = Known(
    measure.divisions(),
    ("2022-04-01", "2023-03-31"),
    "2022-09-15",
    ("410825",),
    (
        KnownRecipient("r1", "温县演示怀药种植专业合作社", "410825"),
        KnownRecipient("r2", "演示家庭农场", None),
    ),
    ("演示二", "演示三"),
)
_PIECES = st.sampled_from([
    *"，。；、：:！\n （）()-—~.·/0123456789０９一二三十百半两到在去和的了月日号时点年周人户天村镇县社", "7月3日", "7.3", "7/3", "2022-07-03", "昨天", "上周五", "下周", "本周三", "周三四",
    "上午", "下午", "全天", "两天半", "9:00-11:30", "9点到11点半", "温县", "修武", "祥云镇", "祥云", "大玉兰村", "大玉兰", "王庄村", "陈家沟", "三街", "太行街道", "示范区", "北贾社区",
    "指导", "培训", "未", "计划", "建议", "解决", "问题", "线虫病", "铁棍山药", "种植", "小麦", "烘干", "32人", "三十余人", "15户", "120人次", "50亩", "每场", "2场", "共", "引进", "推广", "新品种",
    "“豫麦49”", "水肥一体化技术", "技术", "发放", "资料50份", "合作社", "演示合作社", "演示家庭农场", "有限公司", "基地", "种植户张三", "联系人：", "演示五", "13800000000", "满意", "不满意",
    "1.", "2、", "（一）", "①", "- ", "演示一 2022/7/3 18:22\n", "日期：", "地点：", "内容：", "培训人数：", "😀", "\u200b", "\ufeff", "\U00020000", "同行：", "演示二", "随后", "又到", "针对", "采取", "措施",
])  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(_PIECES, max_size=40).map("".join),
    st.text("0123456789.-/:月日年点时半到至、，", max_size=60),
)
_FIGURES = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千俩仨①-⑳]")
_TOLD = re.compile(r"[0-9０-９零〇一二三四五六七八九十OoＯｏ]|天|日|昨|今|前|周|星期|礼拜")
_WORDS = ("topic", "problem", "solution", "materials", "varieties", "techniques", "companions", "contact")
_NARROW = {c + 0xFEE0: chr(c) for c in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_LISTS = ("ways", "varieties", "techniques", "companions")


def _check(text: str, draft: Recognised) -> None:
    divisions = KNOWN.divisions
    assert 0 <= draft.start <= draft.end <= len(text)
    assert draft.content in text
    for span in draft.spans:
        assert 0 <= span.start < span.end <= len(text)
        piece = text[span.start : span.end]
        value = getattr(draft, span.field)
        assert span.value in value if span.field in _LISTS else span.value == value
        if span.field in _WORDS:
            assert span.value == piece.translate(_NARROW)
        elif span.field in ("trained", "households"):
            assert _FIGURES.search(piece)
        elif span.field in ("date", "end_date"):
            assert _TOLD.search(piece)
        elif span.field in ("start_time", "end_time"):
            assert _FIGURES.search(piece)
        elif span.field == "phone":
            assert re.sub(r"\D", "", plain(piece)) == re.sub(r"\D", "", str(span.value))
    told = {s.field for s in draft.spans}
    for field in (*measure.FIELDS[1:],):
        if field not in ("places", "about") and getattr(draft, field) not in (None, ()):
            assert field in told, field
    for length, code in ((6, draft.county), (9, draft.township), (12, draft.village)):
        assert code is None or (code in divisions.by_code and len(code) == length)
    assert draft.village is None or (draft.township and draft.village.startswith(draft.township))
    assert draft.township is None or (draft.county and draft.township.startswith(draft.county))
    assert len(draft.places) != 1 and all(
        c in divisions.by_code for w in draft.places for c in (w.county, w.township, w.village) if c
    )
    assert set(draft.ways) <= set(WAYS) and (draft.industry or "其他") in INDUSTRIES
    assert draft.satisfaction is None or draft.satisfaction in SATISFACTION
    assert draft.half_days is None or draft.half_days > 0
    assert draft.trained is None or draft.trained >= 0
    first = dt.date.fromisoformat(draft.date) if draft.date else None
    last = dt.date.fromisoformat(draft.end_date) if draft.end_date else None
    assert last is None or (first is not None and first < last)
    for time in (draft.start_time, draft.end_time):
        assert time is None or re.fullmatch(r"[0-2]\d:[0-5]\d", time)
    assert draft.recipient_id in (None, "r1", "r2")
    assert set(draft.about) <= {"trained", "households"}


@settings(max_examples=400)
@given(TEXTS)
@example("")
@example("第一站：8月2日祥云镇裴岭新村；第二站：8月2日番田镇东口村")
@example("7月3日" * 50)
@example("培训" + "十" * 50 + "人")
@example("二零零零年二月三十日到大玉兰村")
@example("9999年12月31日-12月32日")
def test_any_text(text: str) -> None:
    """Never raises; values stand in the text or follow from the names in it."""
    for draft in recognise(text, KNOWN):
        _check(text, draft)


@settings(max_examples=100)
@given(st.lists(_PIECES.filter(lambda p: not _FIGURES.search(p)), max_size=40).map("".join))
def test_no_figure_without_a_numeral(text: str) -> None:
    """A text without figures fills none."""
    for draft in recognise(text, KNOWN):
        assert draft.trained is None and draft.households is None and draft.phone is None
        assert draft.start_time is None and draft.end_time is None


@settings(max_examples=100)
@given(st.lists(_PIECES, max_size=20).map("".join))
def test_wide_characters_mean_the_same(text: str) -> None:
    """Full-width figures and letters are read like plain ones."""
    wide = text.translate({c: chr(c + 0xFEE0) for c in (*range(0x30, 0x3A), *range(0x41, 0x5B))})
    a, b = recognise(text, KNOWN), recognise(wide, KNOWN)
    assert [(d.date, d.half_days, d.trained, d.village, d.ways) for d in a] == [
        (d.date, d.half_days, d.trained, d.village, d.ways) for d in b
    ]


def test_spans_of_real_sentences() -> None:
    """The same holds for every sentence of the tables."""
    for name in ("sentences", "heldout", "blind", "fresh"):
        for case in measure.table(name).cases:
            for draft in recognise(case["text"], KNOWN):
                _check(case["text"], draft)

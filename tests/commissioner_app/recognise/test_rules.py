"""What single rules promise: who decides between places, whose day 昨天 is, what stays open, what is only pointed out."""

from dataclasses import replace

import pytest

from commissioner_app.recognise import Known, KnownRecipient, Recognised, Where, recognise
from tests.commissioner_app.recognise import measure

KNOWN = Known(measure.divisions(), ("2022-04-01", "2023-03-31"), "2022-09-15")


def one(text: str, known: Known = KNOWN) -> Recognised:
    """The only draft of a text."""
    drafts = recognise(text, known)
    assert len(drafts) == 1, drafts
    return drafts[0]


def place(draft: Recognised) -> str:
    """County, township and village by name."""
    return measure.path_of(draft.village or draft.township or draft.county or "")


@pytest.mark.parametrize(
    ("text", "date", "end"),
    [
        ("7月3日到温县", "2022-07-03", None),
        ("2月3日到温县", "2023-02-03", None),  # the period goes on into the next year
        ("七月三日到温县", "2022-07-03", None),
        ("2022.7.3到温县", "2022-07-03", None),
        ("22.7.3到温县", "2022-07-03", None),
        ("7/3到温县", "2022-07-03", None),
        ("07-03 温县", "2022-07-03", None),
        ("7.3-5日 温县", "2022-07-03", "2022-07-05"),
        ("7.3-7.5温县", "2022-07-03", "2022-07-05"),
        ("7月3-5日到温县", "2022-07-03", "2022-07-05"),
        ("7月30日至8月1日到温县", "2022-07-30", "2022-08-01"),
        ("2022年12月30日至1月2日到温县", "2022-12-30", "2023-01-02"),
        ("7月3、4、5日到温县", "2022-07-03", "2022-07-05"),
        ("周一到周三在温县", "2022-09-12", "2022-09-14"),
        ("三天前到温县", "2022-09-12", None),
        ("今年7月份到温县", None, None),
        ("8月32日到温县", None, None),
        ("2月30日到温县", None, None),
        ("每周三到温县", None, None),
        ("在温县亩产7.3", None, None),
        ("在温县pH 7.3", None, None),
        ("到温县北京3号地黄田", None, None),
        ("截至6月30日在温县", None, None),
        ("下周三去温县", None, None),
        ("明天去温县", None, None),
    ],
)
def test_dates(text: str, date: str | None, end: str | None) -> None:
    """A day as people write it; none that is planned, no day or impossible."""
    draft = one(text)
    assert (draft.date, draft.end_date) == (date, end)


def test_the_day_of_a_message_counts() -> None:
    """昨天 in a message is the day before it was sent; without a day of its own the message's is taken, with a doubt."""
    text = "张三 2022/7/3 18:22\n昨天到温县大玉兰村指导\n李四 2022-07-05 08:00\n上午到温县大玉兰村指导\n明天再去温县"
    first, second = recognise(text, KNOWN)
    assert (first.date, second.date) == ("2022-07-02", "2022-07-05")
    assert not first.doubts and [d.field for d in second.doubts] == ["date"]
    assert text[first.start : first.end] == first.content == "昨天到温县大玉兰村指导"


def test_a_date_after_today_is_kept_and_pointed_out() -> None:
    """DESIGN.md: a date without a year that would lie after today is kept and pointed out."""
    draft = one("10月8日到温县指导")
    assert draft.date == "2022-10-08"
    assert [d.message for d in draft.doubts] == ["日期在今天之后，请核对。"]
    assert (
        one("2021年7月3日到温县指导").doubts[0].message == "日期不在 2022-04-01 至 2023-03-31 之内，请核对。"
    )


@pytest.mark.parametrize(
    ("text", "half_days", "times"),
    [
        ("7月3日上午到温县", 1, (None, None)),
        ("7月3日到温县", None, (None, None)),
        ("7月3日全天在温县", 2, (None, None)),
        ("7月3日上午下午都在温县", 2, (None, None)),
        ("7月3日在温县，两天半", 5, (None, None)),
        ("7月3日在温县1.5天", 3, (None, None)),
        ("7月3日-5日在温县", 6, (None, None)),
        ("7月3日下午至5日上午在温县", 4, (None, None)),
        ("7月3日-5日每天上午在温县", 3, (None, None)),
        ("7月3日9:00-11:30在温县", 1, ("09:00", "11:30")),
        ("7月3日上午9点到11点半在温县", 1, ("09:00", "11:30")),
        ("7月3日早8点到下午5点在温县", 2, ("08:00", "17:00")),
        ("7月3日下午2点到温县", 1, ("14:00", None)),
        ("7月3日晚7:00—8:30温县", 1, ("19:00", "20:30")),
        ("7月3日到温县，建议上午10点前浇水", None, (None, None)),
        ("7月3日到温县，按1:50稀释", None, (None, None)),
        ("7月3日到温县，提了3点建议", None, (None, None)),
        ("7月3日到温县，每7天喷一次，连喷3天", None, (None, None)),
    ],
)
def test_half_days_and_times(text: str, half_days: int | None, times: tuple[str | None, str | None]) -> None:
    """Half days follow from words, stays and times; advice is none of them."""
    draft = one(text)
    assert (draft.half_days, (draft.start_time, draft.end_time)) == (half_days, times)


@pytest.mark.parametrize(
    ("text", "own", "path"),
    [
        ("到祥云镇大玉兰村", (), "温县 祥云镇 大玉兰"),
        ("到大玉兰", (), "温县 祥云镇 大玉兰"),
        ("到祥云乡", (), "温县 祥云镇"),
        ("到温县陈家沟", (), "温县 赵堡镇 陈沟"),
        ("到岳村乡", (), "温县 岳村街道"),
        ("到王庄村", (), ""),
        ("到王庄村", ("410825",), "温县 番田镇 王庄"),
        ("到王庄村", ("410821",), "修武县"),
        ("到七贤镇王庄村", ("410825",), "修武县 七贤镇 王庄"),
        ("到太行街道", (), ""),
        ("到太行街道", ("410882",), "沁阳市 太行街道"),
        ("到月山镇", (), "博爱县 月山镇"),
        ("到月山", (), ""),
        ("到博爱县清化镇街道三街", (), "博爱县 清化镇街道"),
        ("到清化镇街道三街社区", (), "博爱县 清化镇街道 三街"),
        ("到西大玉兰村", (), ""),
        ("到温县七贤镇", (), "温县"),
        ("大玉兰路", (), ""),
        ("温泉养生", (), ""),
        ("和平胜利阳光", (), ""),
        ("王村镇", (), ""),
        ("指导新农村建设", (), ""),
    ],
)
def test_places(text: str, own: tuple[str, ...], path: str) -> None:
    """A place is what the names tell, then the own counties; else it is open from where names no longer decide."""
    drafts = recognise(f"7月3日{text}指导", replace(KNOWN, own_counties=own))
    assert place(drafts[0]) == path


def test_what_a_name_leaves_open_is_named() -> None:
    """The places to choose between are all given, in the doubt too."""
    draft = one("7月3日到修武县孟村指导")
    assert (draft.county, draft.township, draft.village) == ("410821", None, None)
    assert {measure.path_of(w.village) for w in draft.places} == {"修武县 七贤镇 孟村", "修武县 周庄镇 孟村"}
    assert draft.places[0] == Where(draft.places[0].county, draft.places[0].township, draft.places[0].village)
    assert "孟村" in draft.doubts[0].message and "周庄镇" in draft.doubts[0].message


def test_a_name_of_no_table_is_pointed_out() -> None:
    """A village that the table lacks is not replaced by another; one that sounds alike is only asked about."""
    assert [d.message for d in one("7月3日到温县西大玉兰村指导").doubts] == [
        "区划表里没有“西大玉兰村”，没有填。"
    ]
    draft = one("7月3日到温县翔云镇指导")
    assert draft.township is None
    assert [d.message for d in draft.doubts] == ["区划表里没有“翔云镇”，是否为同音的温县 祥云镇？"]


def test_an_officers_aliases() -> None:
    """Aliases go by code or by a name of the table, and stand beside those that ship."""
    known = replace(KNOWN, aliases={"太极圣地": "410825106211", "老马村": "马冯营", "泥沟": "没有的村"})
    assert place(one("7月3日到太极圣地指导", known)) == "温县 赵堡镇 陈沟"
    assert place(one("7月3日到老马村指导", known)) == "马村区 安阳城街道 马冯营"
    assert place(one("7月3日到陈家沟指导", known)) == "温县 赵堡镇 陈沟"
    assert place(one("7月3日到泥沟指导", known)) == ""


def test_known_recipients() -> None:
    """Known by short names; of two of one name the county decides, else the own counties, else nobody."""
    known = replace(
        KNOWN,
        recipients=(
            KnownRecipient("a", "温县演示怀药种植专业合作社", "410825"),
            KnownRecipient("b", "演示家庭农场", "410825"),
            KnownRecipient("c", "演示家庭农场", "410822"),
        ),
    )
    draft = one("7月3日到演示怀药合作社指导", known)
    assert (draft.recipient, draft.recipient_id, draft.county) == (
        "温县演示怀药种植专业合作社",
        "a",
        "410825",
    )
    assert one("7月3日到博爱县演示家庭农场指导", known).recipient_id == "c"
    assert one("7月3日到演示家庭农场指导", replace(known, own_counties=("410825",))).recipient_id == "b"
    draft = one("7月3日到演示家庭农场指导", known)
    assert (draft.recipient_id, draft.recipient_ids, draft.county) == (None, ("b", "c"), None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("到先锋种植合作社指导", "先锋种植合作社"),
        ("到为民合作社指导", "为民合作社"),
        ("到大玉兰村为民种植合作社指导", "为民种植合作社"),
        ("走访至诚家庭农场，指导", "至诚家庭农场"),
        ("与演示食品有限公司对接，指导", "演示食品有限公司"),
        ("到温县演示农业有限公司指导", "温县演示农业有限公司"),
        ("到祥云镇演示农业有限公司指导", "演示农业有限公司"),
        ("到种植大户王小明家指导", "种植大户王小明"),
        ("到一家合作社指导", None),
        ("到当地山药种植合作社指导", None),
        ("到合作社指导", None),
        ("建设示范基地50亩，指导", None),
        ("培训种植户50人，指导", None),
    ],
)
def test_names_of_recipients(text: str, name: str | None) -> None:
    """A recipient's name begins behind what leads to it, and nobody is named by a common word."""
    assert one(f"7月3日{text}").recipient == name


@pytest.mark.parametrize(
    ("text", "trained", "households"),
    [
        ("培训32人", 32, None),
        ("培训三十余人", 30, None),
        ("培训120人次", 120, None),
        ("培训一百二十人", 120, None),
        ("培训两场共80人", 80, None),
        ("培训2场，每场40人", 80, None),
        ("培训两场，第一场30人，第二场50人", 80, None),
        ("培训1,200人次", 1200, None),
        ("培训1.2万人次", 12000, None),
        ("培训32，150户受益", None, 150),
        ("培训40人，其中妇女15人", 40, None),
        ("培训几十人", None, None),
        ("计划培训50人", None, None),
        ("原计划培训50人，实到32人", 32, None),
        ("未培训", None, None),
        ("没有培训30人", None, None),
        ("下周培训80人", None, None),
        ("一行5人来培训", None, None),
        ("今年累计培训500人，本次培训32人", 32, None),
        ("培训，亩产1200斤，面积50亩，投入3万元，35度，20%", None, None),
        ("服务15户", None, 15),
        ("带动农户20户", None, 20),
        ("走访15户，带动农户200户", None, 15),
        ("全村320户", None, None),
        ("计划带动50户", None, None),
    ],
)
def test_figures(text: str, trained: int | None, households: int | None) -> None:
    """People trained and households served of this visit, and no other number."""
    draft = one(f"7月3日到温县{text}")
    assert (draft.trained, draft.households) == (trained, households)


def test_rounded_figures_are_marked() -> None:
    """三十余人 is 30, and the text's own rounding stays known."""
    draft = one("7月3日到温县培训三十余人，走访20来户")
    assert (draft.trained, draft.households) == (30, 20)
    assert draft.about == {"trained", "households"}
    assert "原文是约数，按 30 填。" in [d.message for d in draft.doubts]
    assert not one("7月3日到温县培训32人").about


@pytest.mark.parametrize(
    ("text", "varieties", "techniques"),
    [
        ("引进新品种“豫麦49”，推广水肥一体化技术", ("豫麦49",), ("水肥一体化技术",)),
        ("推广郑麦1860、百农4199等小麦新品种5个", ("郑麦1860", "百农4199"), ()),
        ("查看郑麦1860长势", (), ()),
        ("引进新品种3个", (), ()),
        ("计划引进豫麦49", (), ()),
        ("建议推广水肥一体化技术", (), ()),
        ("示范推广滴灌、地膜覆盖等技术", (), ("滴灌", "地膜覆盖")),
        ("推广先进技术", (), ()),
        ("讲解山药种植技术", (), ()),
        ("推广面积100亩", (), ()),
    ],
)
def test_what_was_brought(text: str, varieties: tuple[str, ...], techniques: tuple[str, ...]) -> None:
    """Varieties and techniques that were introduced, by name."""
    draft = one(f"7月3日到温县{text}")
    assert (draft.varieties, draft.techniques) == (varieties, techniques)


def test_several_visits() -> None:
    """Each part has its own content and its own place; what leads in hands on its day and county."""
    text = "8月3日在温县：\n1. 大玉兰村 培训32人\n2. 南贾村 走访11户"
    first, second = recognise(text, KNOWN)
    assert (first.content, second.content) == ("大玉兰村 培训32人", "南贾村 走访11户")
    assert (place(first), place(second)) == ("温县 祥云镇 大玉兰", "温县 祥云镇 南贾")
    assert first.date == second.date == "2022-08-03"
    assert all(first.start <= s.start < first.end for s in first.spans if s.field in ("village", "trained"))


def test_points_of_one_visit_are_no_visits() -> None:
    """A list of what was done at one place is one visit."""
    draft = one("7月3日到大玉兰村：\n1、培训32人\n2、解决线虫病问题\n3、发放资料50份")
    assert (draft.trained, draft.problem, draft.materials) == (32, "线虫病", "资料50份")


def test_an_officers_words_of_an_industry() -> None:
    """An officer's words tell an industry like those that ship."""
    assert one("7月3日到温县指导蝴蝶兰栽培").industry is None
    draft = one("7月3日到温县指导蝴蝶兰栽培", replace(KNOWN, industries={"其他": ("蝴蝶兰",)}))
    assert (draft.industry, draft.topic) == ("其他", "蝴蝶兰栽培")


def test_nothing_is_no_visit() -> None:
    """Thanks, weather and questions are no visits."""
    for text in ("", " \n ", "收到", "好的，谢谢", "今天天气真好", "山药线虫病咋治？", "👍👍"):
        assert recognise(text, KNOWN) == []

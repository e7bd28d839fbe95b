"""Training data: the 38 places with invented people, all marked 演示, and a year of visits."""

import datetime as dt
import random
from pathlib import Path

from commissioner_app import batches, ledgers, people, places, recipients, visits
from commissioner_app.divisions import Divisions
from db.ids import new_id
from db.ledger import Draft, Ledger
from db.queries.roster import PlaceRow

_NUMERALS = "一二三四五六七八九十"
_WORK = (
    ("中药材", "怀山药", "查看铁棍山药长势，讲解线虫病绿色防控，示范土壤处理。", "重茬地块线虫病重。", "建议轮作并选用脱毒种苗。"),
    ("中药材", "怀地黄", "开展怀地黄育苗技术培训，讲解种苗分级，发放技术资料。", "出苗不齐。", "调整浸种时间和覆土厚度。"),
    ("中药材", "怀菊花", "指导怀菊花打顶整枝，与合作社商定烘干加工方案。", "烘干后色泽不匀。", "分段控温烘干。"),
    ("中药材", "怀牛膝", "复查怀牛膝出苗情况，指导间苗定苗和水肥管理。", None, None),
    ("粮油", "小麦", "田间调查小麦条锈病发生情况，指导统防统治用药。", "部分地块见病叶。", "指导一喷三防。"),
    ("蔬菜", "设施番茄", "指导设施番茄水肥一体化安装调试，讲解配方施肥。", "滴灌带堵塞。", "加装过滤器并定期冲洗。"),
    ("果树", "核桃", "示范核桃高接换优和夏季修剪，现场答疑。", None, None),
    ("食用菌", "香菇", "查看香菇菌棒转色情况，指导菇棚通风和温湿度控制。", "菇棚湿度偏高。", "增加早晚通风。"),
    ("农产品加工", "山药粉", "走访加工企业，梳理山药粉护色工艺技术需求三项。", None, None),
)  # fmt: skip
# What each day adds, so that logs differ as people's do; every twentieth is left as it is (内容雷同).
_SEEN = [
    "走访农户了解苗情",
    "现场查看试验田",
    "对照去年同期长势",
    "抽查了三处地块",
    "入棚逐行检查",
    "查看加工车间和库房",
    "与负责人核对台账",
    "取土样送检",
    "拍照留存病株",
    "比较两个品种的表现",
    "检查排水沟渠",
]
_LEFT = [
    "约定半月后复查",
    "留下联系牌方便随时来电",
    "把要点写在合作社的黑板上",
    "交代了雨后管理",
    "提醒注意农药间隔期",
    "帮助制定月度计划",
    "把技术要点发到微信群",
    "答应联系种苗货源",
    "请村里通知其他农户",
    "建议先做小面积对比",
    "约好下次带去样品",
    "记录了三个待解决的问题",
    "商定秋后再测一次产",
]
_PLACES = {
    "410821": (
        ("七贤镇", "演示药材种植专业合作社"),
        ("西村乡", "演示生态农业有限公司"),
        ("云台山镇", "演示家庭农场"),
    ),
    "410825": (
        ("祥云镇", "演示山药种植专业合作社"),
        ("赵堡镇", "演示怀药种植基地"),
        ("武德镇", "演示家庭农场"),
    ),
    "410822": (
        ("磨头镇", "演示地黄种植基地"),
        ("许良镇", "演示食用菌专业合作社"),
        ("孝敬镇", "演示农业科技有限公司"),
    ),
}


def demo_name(n: int) -> str:
    """演示一 … 演示三十八."""
    tens, ones = divmod(n, 10)
    if n <= 10:
        return f"演示{_NUMERALS[n - 1]}"
    head = ("" if tens == 1 else _NUMERALS[tens - 1]) + "十"
    return "演示" + head + (_NUMERALS[ones - 1] if ones else "")


def make(path: Path, visits_wanted: int = 214, seed: int = 2022, *, photos: bool = False) -> Ledger:
    """Make a ledger with training data: the same seed gives the same people, places and visits.

    photos: with drawn pictures, for people who look at it (a few seconds and 6 MB).
    """
    rng = random.Random(seed)
    ledger = ledgers.create(
        path, ledgers.NewLedger("bureau", name="焦作市科技局（演示）", actor="演示员", roster="2022")
    )
    ledgers.mark_demo(ledger)
    batch = batches.all_batches(ledger)[0]
    found = places.listed(ledger, batch)
    _people(ledger, found)
    _assignments(ledger, found)
    made = add_visits(ledger, visits_wanted, rng)
    if photos:
        from commissioner_app import demo_photos

        demo_photos.add(ledger, made, seed)
    return ledger


def _people(ledger: Ledger, found: list[PlaceRow]) -> None:
    """31 of the 38 places get a person; seven stay open, as in a real spring."""
    drafts: list[Draft] = []
    titles = ("教授", "副教授", "研究员", "高级农艺师", "讲师")
    specialties = ("中药材栽培", "植物保护", "土壤肥料", "农产品加工", "设施蔬菜", "食用菌")
    for n, place in enumerate(found, 1):
        if place.code in {f"2022-省派-{i:02d}" for i in range(10, 17)}:
            continue
        record = new_id()
        drafts.append(Draft("commissioner", record, "insert", {
            "name": demo_name(n), "organisation": place.organisation, "title": titles[n % 5], "remark": "演示数据",
            "specialty": specialties[n % 6], "gender": "男" if n % 3 else "女", "industries": [_WORK[n % 9][0]],
        }))  # fmt: skip
        drafts.append(Draft("commissioner_private", people.private_id(record), "insert", {
            "commissioner": record, "phone": f"1380000{n:04d}",
        }))  # fmt: skip
        drafts.append(people.tenure_draft(place.id, record, None, None))
    team = found[0].team
    if team:
        drafts.append(Draft("team", team, "update", {"leader": found[0].id}))
    ledger.write("录入演示人员", drafts)


def _assignments(ledger: Ledger, found: list[PlaceRow]) -> None:
    counties = {"省派": ("410825", "410822", "410821"), "校派": ("410825", "410821", "410822")}
    drafts = []
    for n, place in enumerate(
        p for p in found if p.category_name in counties and p.code not in ("2022-省派-15", "2022-省派-16")
    ):
        county = counties[place.category_name][n % 3]
        drafts.append(Draft("assignment", new_id(), "insert", {
            "appointment": place.id, "where": [county, None], "period": ["2022-04-01", "2023-03-31"],
        }))  # fmt: skip
    ledger.write("安排演示受援县", drafts)


def visit_drafts(ledger: Ledger, count: int, rng: random.Random) -> list[Draft]:
    """Drafts of invented visits in the evaluation period of 2022, all by 演示 people."""
    divisions = Divisions.of(ledger)
    batch = batches.all_batches(ledger)[0]
    day = batches.reference_day(batch)
    staffed = [
        p for p in places.listed(ledger, batch) if p.commissioner and set(p.counties(day)) & set(_PLACES)
    ]
    first = dt.date(2022, 4, 1)
    drafts: list[Draft] = []
    known: dict[tuple[str, str], Draft] = {}
    for n in range(count):
        place = rng.choice(staffed)
        county = rng.choice([c for c in place.counties(day) if c in _PLACES])
        town, recipient = rng.choice(_PLACES[county])
        township = divisions.find(county, town)
        villages = divisions.children(township)
        village = rng.choice(villages).code if villages else None
        where = [county, township, village]
        key = (county, recipient)
        if key not in known:
            known[key] = recipients.draft(recipient, [county, township, None])
            drafts.append(known[key])
        industry, topic, content, problem, solution = rng.choice(_WORK)
        if n % 20:
            content = f"{content[:-1]}；{_SEEN[n % len(_SEEN)]}，{_LEFT[n % len(_LEFT)]}。"
        date = (first + dt.timedelta(days=int(274 * (n + rng.random()) / count))).isoformat()
        ways = rng.sample(visits.WAYS[:7], rng.choice((1, 1, 2)))
        training = "技术培训" in ways
        state = (
            "draft"
            if n > count - 4
            else "submitted"
            if n > count - 18
            else "returned"
            if n % 61 == 9
            else "passed"
        )
        drafts.append(Draft("visit", new_id(), "insert", {
            "number": f"2022-{n + 1:04d}-" + "".join(rng.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4)),
            "who": [[place.id, place.commissioner]],
            "time": [date, None, "09:00", "11:30" if n % 3 else "16:30", 1 if n % 3 else 2],
            "where": where, "recipient": known[key].record, "ways": ways, "industry": industry, "topic": topic,
            "content": content, "problem": problem, "solution": solution,
            "trained": rng.randrange(15, 60) if training else rng.randrange(0, 8) or None,
            "households": rng.randrange(1, 12), "satisfaction": "满意",
            "varieties": ["演示脱毒种苗"] if "引进品种" in ways else None,
            "techniques": ["水肥一体化"] if "引进技术" in ways else None,
            "review": [state, "演示员" if state in ("passed", "returned") else None,
                       "请补充现场照片。" if state == "returned" else None, date if state in ("passed", "returned") else None],
        }))  # fmt: skip
    return drafts


def add_visits(ledger: Ledger, count: int, rng: random.Random) -> list[tuple[str, str]]:
    """Write invented visits in one operation; gives them as (record, day)."""
    drafts = visit_drafts(ledger, count, rng)
    ledger.write("登记演示服务记录", drafts)
    return [(d.record, d.values["time"][0]) for d in drafts if d.entity == "visit"]

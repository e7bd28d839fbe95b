"""Data for the tests of reports; all of it is invented for training and says so (演示)."""

import datetime
from collections.abc import Iterator

from commissioner_app.reports.data import Figures, Row, ServiceReportData, VisitLine

TITLE = "关于2022年度科技特派员工作开展情况的报告"
_CONTENTS = (
    "查看铁棍山药长势，讲解线虫病绿色防控和水肥一体化技术要点，发放资料40份。",
    "怀地黄苗期管理，指导排灌与追肥。",
    "解答连作障碍与土壤改良问题，建议轮作小麦并检测土壤；约定10月复查。",
    "引进脱毒种苗2个品种，示范面积30亩。",
    "走访种植户，收集技术需求3项。",
)
_WAYS = ("现场指导、技术培训", "现场指导", "技术咨询", "引进品种", "需求调研")


def visits(count: int) -> Iterator[VisitLine]:
    """Visits with every kind of cell: one and two dates, no trained, long and short contents."""
    start = datetime.date(2022, 4, 1)
    for n in range(count):
        day = start + datetime.timedelta(days=n % 270)
        yield VisitLine(
            date=day,
            end_date=day + datetime.timedelta(days=1) if n % 7 == 0 else None,
            commissioner=f"演示{n % 38 + 1}",
            organisation="河南农业大学" if n % 2 else "河南师范大学生命科学学院",
            place=("温县祥云镇大玉兰村", "修武县西村乡", "博爱县柏山镇")[n % 3],
            recipient=("演示山药种植专业合作社", "演示家庭农场", "演示怀地黄种植基地")[n % 3],
            ways=_WAYS[n % 5],
            content=f"（演示第{n + 1}条）" + _CONTENTS[n % 5],
            half_days=n % 4 + 1,
            trained=None if n % 5 == 4 else n % 5 * 8,
            state=("审核通过", "待审核")[n % 6 == 0],
        )


def city(count: int = 40, **changes: object) -> ServiceReportData:
    """The city's report of 2022 in the shape of the design's sketch."""
    values: dict[str, object] = dict(
        title=TITLE,
        unit="焦作市科学技术局",
        scope="焦作市",
        scope_kind="city",
        year_label="2022年度",
        start=datetime.date(2022, 4, 1),
        end=datetime.date(2022, 12, 31),
        signed=datetime.date(2023, 1, 10),
        demo=True,
        places=38,
        people=38,
        categories=[("服务团成员", 18), ("省派", 16), ("校派", 4)],
        teams=[("河南师范大学省中药材产业科技特派员服务团", 18)],
        total=Figures(214, 375, 3460, 681, 89, 64, 50),
        by_county=[
            Row("修武县", 20, Figures(98, 173, 1720, 310, 40, 30, 24)),
            Row("温县", 9, Figures(64, 110, 1040, 205, 27, 20, 15)),
            Row("博爱县", 9, Figures(52, 92, 700, 166, 22, 14, 11)),
        ],
        by_category=[
            Row("服务团成员", 18, Figures(96, 168, 1600, 300, 38, 28, 22)),
            Row("省派", 16, Figures(90, 160, 1500, 301, 40, 28, 22)),
            Row("校派", 4, Figures(28, 47, 360, 80, 11, 8, 6)),
        ],
        by_way=[("现场指导", 120), ("技术培训", 50), ("技术咨询", 44), ("引进品种", 12), ("需求调研", 20)],
        by_month=[
            (f"{month}月", Figures(n, n * 2 - 6, n * 16, n * 3, n // 2, n // 3, n // 4))
            for month, n in zip(range(4, 13), (18, 22, 31, 29, 34, 28, 22, 18, 12), strict=True)
        ],
        visits=list(visits(count)),
        pending=12,
        drafts=3,
        conflicts=2,
        next_steps="一是继续做好服务记录的填报和审核，确保数据真实、准确、完整。\n"
        "二是围绕四大怀药等特色产业，组织服务团深入田间地头开展技术指导和培训。",
    )
    values.update(changes)
    return ServiceReportData(**values)

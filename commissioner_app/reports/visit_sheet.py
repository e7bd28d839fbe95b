"""服务记录单: one page for each visit, to be signed and stamped; and the same form empty, to be filled in by hand."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from commissioner_app.reports.blocks import chinese_date
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.forms import Cell, Form, FormRow, draw_form
from commissioner_app.reports.paper import Paper
from commissioner_app.reports.qr import draw_code

TITLE = "科技特派员服务记录单"
SATISFACTION = ("满意", "较满意", "一般", "不满意")
_DATE = "年　　月　　日"
PHOTOS = 3
"""How many photos a sheet shows."""


@dataclass(frozen=True)
class SheetData:
    """What a sheet says; texts are ready to print, "" leaves room for writing. code: what its QR code says.

    photos: JPEG bytes, at most PHOTOS; more_photos: how many others the visit has.
    """

    number: str = ""
    unit: str = ""
    commissioner: str = ""
    organisation: str = ""
    companions: str = ""
    date: str = ""
    days: str = ""
    place: str = ""
    recipient: str = ""
    contact: str = ""
    ways: str = ""
    topic: str = ""
    content: str = ""
    problem: str = ""
    solution: str = ""
    trained: str = ""
    households: str = ""
    varieties: str = ""
    materials: str = ""
    opinion: str = ""
    satisfaction: str = ""
    review: str = ""
    code: str = ""
    photos: Sequence[bytes] = field(default=())
    more_photos: int = 0
    blank: bool = False


@dataclass(frozen=True)
class SheetInfo:
    """pages; missing: characters that no font has."""

    pages: int
    missing: frozenset[str]


def write_sheets(
    sheets: Iterable[SheetData],
    out: BinaryIO,
    fonts: FontSet,
    demo: bool = False,
    progress: Callable[[int], None] | None = None,
    on_page: Callable[[], None] | None = None,
) -> SheetInfo:
    """Write sheets one after the other; progress(sheets done) and on_page() may raise to give up."""
    paper = Paper(out, fonts, TITLE, "", demo)
    paper.on_page = on_page
    for n, sheet in enumerate(sheets, 1):
        draw_form(paper, form_of(sheet))
        if progress:
            progress(n)
    paper.save()
    return SheetInfo(paper.pages, paper.missing)


def form_of(d: SheetData) -> Form:
    """The form of one visit."""
    boxes = "　".join(f"{'☑' if d.satisfaction == w else '□'}{w}" for w in SATISFACTION)
    rows = [
        FormRow([Cell("特派员", d.commissioner), Cell("派出单位", d.organisation)], 27),
        FormRow([Cell("服务时间", d.date, 1.0), Cell("现场天数", d.days)], 27),
        FormRow([Cell("服务地点", d.place, 1.0), Cell("同行人员", d.companions)], 27),
        FormRow([Cell("受援单位", d.recipient), Cell("联系人\n电话", d.contact)], 27),
        FormRow([Cell("服务方式", d.ways), Cell("产业主题", d.topic)], 27),
        FormRow([Cell("服务内容", d.content)], 84, 3.0),
        FormRow([Cell("存在问题", d.problem)], 42, 1.0),
        FormRow([Cell("解决办法", d.solution)], 42, 1.0),
        FormRow([Cell("培训人数", d.trained), Cell("服务农户", d.households)], 27),
        FormRow([Cell("新品种\n新技术", d.varieties), Cell("发放物资", d.materials)], 30),
    ]
    if d.photos:
        label = "现场照片" if not d.more_photos else f"现场照片\n另有 {d.more_photos} 张"
        rows.append(FormRow([Cell(label, draw=lambda p, x, y, w, h: _photos(p, x, y, w, h, d.photos))], 112))
    rows += [
        FormRow(
            [
                Cell(
                    "受援单位\n意见",
                    "\n".join(t for t in (d.opinion, boxes) if t),
                    foot=("签字（盖章）：" + "　" * 8, _DATE),
                )
            ],
            86,
        ),
        FormRow(
            [
                Cell("特派员签字", foot=("　", _DATE)),
                Cell("县级科技\n主管部门\n意见", d.review, foot=("（盖章）" + "　" * 4, _DATE)),
            ],
            86,
        ),
    ]
    note = "签字盖章后拍照或扫描，把文件拖入程序窗口，按二维码自动归到这次服务。" if d.code else ""
    return Form(
        TITLE,
        f"填报单位：{d.unit}" if d.unit or d.blank else "",
        f"编号：{d.number}" if d.number or d.blank else "",
        rows,
        (lambda p, x, y, w, h: draw_code(p, d.code, x, y, w)) if d.code else None,
        note,
    )


def _photos(paper: Paper, x: float, y: float, width: float, height: float, photos: Sequence[bytes]) -> None:
    """Photos side by side, whole, in their own proportions."""
    import io

    from PIL import Image

    gap = 6.0
    room = (width - gap * (len(photos) - 1)) / len(photos)
    for n, data in enumerate(photos):
        with Image.open(io.BytesIO(data)) as picture:
            scale = min(room / picture.width, height / picture.height)
            w, h = picture.width * scale, picture.height * scale
        left = x + n * (room + gap) + (room - w) / 2
        paper.picture(left, y + (height - h) / 2, w, h, data)


def date_text(start: str, end: str | None, start_time: str | None, end_time: str | None) -> str:
    """2022年9月28日 9:00—11:30; 2022年9月28日至30日."""
    a = datetime.date.fromisoformat(start)
    text = chinese_date(a)
    if end:
        b = datetime.date.fromisoformat(end)
        if b.year != a.year:
            text += f"至{chinese_date(b)}"
        else:
            text += f"至{b.day}日" if b.month == a.month else f"至{b.month}月{b.day}日"
    clock = "—".join(t for t in (start_time, end_time) if t)
    return f"{text} {clock}".strip()

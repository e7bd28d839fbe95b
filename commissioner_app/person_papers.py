"""联系牌, 三方协议 and 个人年度服务情况汇总 from the ledger."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from commissioner_app import (
    batches,
    ledgers,
    people,
    photos,
    places,
    portraits,
    recipients,
    statistics,
    visits,
)
from commissioner_app.divisions import Divisions
from commissioner_app.papers import Written, line_of, put
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from db.errors import Refused
from db.ledger import Ledger
from db.queries.roster import BatchRow, PlaceRow

if TYPE_CHECKING:
    from commissioner_app.reports.fonts import FontSet

_PHOTO = 420
"""Pixels of a card's photo, which is 5 cm high."""

AGREEMENT = "科技特派员服务三方协议"


def write_cards(
    ledger: Ledger,
    out: Path,
    wanted: Sequence[str] | None = None,
    *,
    batch: BatchRow | None = None,
    phone: bool = False,
    system_fonts: bool = False,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write the cards of some places of a batch (default: of everybody, of the latest). Raises Refused, DiskTrouble.

    phone: the person has agreed that the phone is posted; else its middle is hidden. on_page may raise to give up.
    """
    from commissioner_app.reports.cards import Card
    from commissioner_app.reports.cards import write_cards as draw

    batch = batch or batches.current(batches.all_batches(ledger))
    found = [p for p in places.listed(ledger, batch) if p.commissioner and (wanted is None or p.id in wanted)]
    if not found:
        raise Refused("这个范围里还没有特派员，没有生成联系牌。")
    divisions, day = Divisions.of(ledger), batches.reference_day(batch)
    unit = ledgers.station_values(ledger)[1]
    year = f"{batch.year}年度" if batch and batch.year else ""

    def card(p: PlaceRow) -> Card:
        picture = portraits.of_person(ledger, p.commissioner or "")
        photo = photos.thumbnail(picture[1], _PHOTO) if picture and picture[1] else None
        served = [
            divisions.name(a.county) + "、".join(divisions.name(t) for t in a.townships)
            for a in p.assignments
            if a.county in p.counties(day)
        ]
        person = people.person(ledger, p.commissioner or "")
        shown = p.phone if phone else people.mask_phone(p.phone)
        industries = "、".join(person.get("industries") or [])
        rows = [("派出单位", p.organisation_name), ("职　　称", p.title), ("专业特长", p.specialty),
                ("服务产业", industries), ("服务区域", "；".join(served)), ("联系电话", shown)]  # fmt: skip
        return Card(p.name, [r for r in rows if r[1] or r[0] == "联系电话"], unit, year, photo)

    return put(
        out,
        system_fonts,
        lambda file, fonts: draw((card(p) for p in found), file, fonts, ledgers.is_demo(ledger), on_page),
    )


def write_agreements(
    ledger: Ledger,
    out: Path,
    wanted: Sequence[str] | None = None,
    *,
    batch: BatchRow | None = None,
    system_fonts: bool = False,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write 三方协议 of some places of a batch (default: of everybody assigned), a page for each stay, ready to be signed.

    What the ledger knows stands in it (parties, period, place, number); what the three agree on is left open, for no
    notice prescribes it. Raises Refused, DiskTrouble. on_page may raise to give up.
    """
    batch = batch or batches.current(batches.all_batches(ledger))
    found = [
        (p, a) for p in places.listed(ledger, batch) if p.commissioner and (wanted is None or p.id in wanted) for a in p.assignments
    ]  # fmt: skip
    if not found:
        raise Refused("这个范围里还没有已安排受援县的特派员，没有生成协议。")
    divisions, names = Divisions.of(ledger), recipients.names_by_id(ledger)
    demo = ledgers.is_demo(ledger)

    def draw(file: BinaryIO, fonts: "FontSet") -> tuple[int, frozenset[str]]:
        from commissioner_app.reports.forms import Cell, Form, FormRow, draw_form
        from commissioner_app.reports.paper import Paper

        paper = Paper(file, fonts, AGREEMENT, ledgers.station_values(ledger)[1], demo)
        paper.on_page = on_page
        for p, a in found:
            county = divisions.name(a.county) if a.county else ""
            served = county + "、".join(divisions.name(t) for t in a.townships)
            units = "、".join(names.get(r, "") for r in a.recipients)
            period = (
                Period(a.assigned_from, a.assigned_to).long_text if a.assigned_from and a.assigned_to else ""
            )
            sign = ("　", "年　　月　　日")
            rows = [
                FormRow([Cell("甲方\n派出单位", p.organisation_name)], 34),
                FormRow([Cell("乙方\n受援单位", units or county)], 34),
                FormRow(
                    [Cell("丙方\n特派员", "　".join(t for t in (p.name, p.title, p.specialty) if t))], 34
                ),
                FormRow([Cell("服务期限", period), Cell("服务地点", served)], 34),
                FormRow([Cell("服务内容")], 110, 2.0),
                FormRow([Cell("目标任务")], 80, 1.5),
                FormRow([Cell("各方权利\n和义务")], 110, 2.0),
                FormRow([Cell("其他约定")], 60, 1.0),
                FormRow(
                    [
                        Cell("甲方", foot=("（盖章）" + "　" * 2, "年　　月　　日")),
                        Cell("乙方", foot=("（盖章）" + "　" * 2, "年　　月　　日")),
                        Cell("丙方\n签字", foot=sign),
                    ],
                    100,
                ),
            ]
            number = f"协议编号：{a.agreement_number or ''}"
            draw_form(paper, Form(AGREEMENT, number, "", rows))
        paper.save()
        return paper.pages, paper.missing

    return put(out, system_fonts, draw)


def write_summary(
    ledger: Ledger,
    out: Path,
    scope: Scope,
    period: Period,
    *,
    system_fonts: bool = False,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write one person's year: figures, visits, places for the stamps of 派出单位 and 受援县.

    on_page may raise to give up. Raises Refused, DiskTrouble.
    """
    if scope.kind != "person":
        raise Refused("请写明是哪一位特派员（姓名或名额编号）。")
    return put(out, system_fonts, lambda file, fonts: _summary(ledger, scope, period, file, fonts, on_page))


def _summary(
    ledger: Ledger,
    scope: Scope,
    period: Period,
    file: BinaryIO,
    fonts: "FontSet",
    on_page: Callable[[], None] | None,
) -> tuple[int, frozenset[str]]:
    from commissioner_app.reports.forms import Cell, Form, FormRow, draw_form
    from commissioner_app.reports.listing import ListColumn, ListHead, Listing
    from commissioner_app.reports.paper import Paper
    from commissioner_app.reports.registers import dates_text, fitted

    divisions, o = Divisions.of(ledger), statistics.overview(ledger, period, scope)
    place = next((p for p in o.places if p.id == scope.place), o.places[0] if o.places else None)
    if place is None:
        raise Refused("这一期间没有这位特派员的名额。")
    who = scope.person or place.commissioner
    person = people.person(ledger, who) if who else {}
    name = str(person.get("name") or place.name or place.code)
    stays = "；".join(
        divisions.name(a.county) + "、".join(divisions.name(t) for t in a.townships)
        + (f"（{a.assigned_from} 至 {a.assigned_to}）" if a.assigned_from and a.assigned_to else "")
        for a in place.assignments
    )  # fmt: skip
    f = o.total
    ways = "，".join(f"{w} {n:,} 次" for w, n in o.by_way)
    year = f"{o.batch.year}年度" if o.batch and period.label else ""
    stamp = ("（盖章）" + "　" * 5, "年　　月　　日")
    rank = "、".join(str(t) for t in (person.get("title"), person.get("post")) if t)
    phone = place.phone if who == place.commissioner else ""

    def row(*cells: tuple[str, object], least: float = 27.0) -> FormRow:
        return FormRow([Cell(label, str(text or "")) for label, text in cells], least)

    form = Form(
        f"科技特派员{year}服务情况汇总",
        f"姓名：{name}",
        f"服务期间：{period.long_text}",
        [
            row(("姓名", name), ("性别", person.get("gender")), ("出生年月", person.get("birth_month"))),
            row(("派出单位", place.organisation_name), ("职称、职务", rank)),
            row(("专业", person.get("specialty")), ("联系电话", phone)),
            row(("类别", place.category_name), ("服务团", place.team_name)),
            row(("受援县", stays)),
            row(
                ("服务次数", f"{f.visits:,} 次"),
                ("现场天数", f"{visits.days_text(f.half_days)} 天"),
                ("服务村", f"{f.villages:,} 个"),
            ),
            row(
                ("培训", f"{f.trainings:,} 场\n{f.trained:,} 人次"),
                ("服务农户", f"{f.households:,} 户"),
                ("受援单位", f"{f.recipients:,} 个"),
                least=34,
            ),
            row(("服务方式", ways), least=34),
            FormRow([Cell("本人小结", foot=("本人签字：" + "　" * 8, "年　　月　　日"))], 130, 3.0),
            FormRow([Cell("派出单位\n意见", foot=stamp), Cell("受援县\n意见", foot=stamp)], 110, 1.0),
        ],
    )
    paper = Paper(file, fonts, form.title, ledgers.station_values(ledger)[1], ledgers.is_demo(ledger))
    paper.on_page = on_page
    draw_form(paper, form)
    rows = statistics.listed_visits(ledger, period, scope)
    if rows:
        columns = fitted([
            ListColumn("序号", 26, "center"), ListColumn("日期", 55, "center"), ListColumn("服务地点", 96),
            ListColumn("受援单位", 90), ListColumn("服务方式", 66), ListColumn("服务内容", 190),
            ListColumn("天数", 30, "right"), ListColumn("培训", 34, "right"), ListColumn("状态", 48, "center"),
        ])  # fmt: skip
        listing = Listing(
            paper,
            ListHead(f"{name}服务记录", "", f"服务期间：{period.long_text}", "单位：天、人次", "附"),
            columns,
        )
        for n, v in enumerate(rows, 1):
            line = line_of(v, divisions)
            trained = f"{line.trained:,}" if line.trained is not None else ""
            listing.row((str(n), dates_text(line.date, line.end_date), line.place, line.recipient, line.ways, line.content,
                         visits.days_text(line.half_days), trained, line.state))  # fmt: skip
        listing.row(
            (
                "",
                "合计",
                "",
                "",
                "",
                f"共 {f.visits:,} 次",
                visits.days_text(f.half_days),
                f"{f.trained:,}",
                "",
            ),
            bold=True,
        )
        listing.finish()
    paper.save()
    return paper.pages, paper.missing

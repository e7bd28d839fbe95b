"""The kinds of papers: what each is for, which options it takes, what its file is called, how it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from db.errors import Refused

if TYPE_CHECKING:
    import datetime as dt

    from commissioner_app.papers import Written
    from commissioner_app.periods import Period
    from commissioner_app.reports.fonts import FontSet
    from commissioner_app.statistics import Scope
    from db.ledger import Ledger
    from db.queries.roster import BatchRow

Progress = Callable[[int, int, int], bool]
"""Gets the pages written, the entries done and how many entries there are (0: not known); False gives up."""

SCOPES = ("city", "county", "team", "person")
_PLACES = {"county": "受援县", "team": "服务团", "person": "特派员"}
MOST_SHEETS = 500


@dataclass(frozen=True)
class Kind:
    """id: its name on the command line; scopes: what it can be about, the first where nothing is said.

    takes: "period" or "year" (of a batch), and of notice, phone, count and text (title, next steps, date).
    slow: an entry takes so long, for its photos, that many are not waited for.
    """

    id: str
    title: str
    purpose: str
    scopes: tuple[str, ...]
    takes: frozenset[str]
    slow: bool = False


KINDS = {
    k.id: k
    for k in (
        Kind("service", "服务工作报告", "向上级汇报，附图表和记录。", SCOPES, frozenset({"period", "text"})),
        Kind("roster", "选派名单", "存档用的名单，或公示稿。", SCOPES[:3], frozenset({"year", "notice"})),
        Kind("ledger", "服务记录台账", "全部记录，分县列出合计。", SCOPES, frozenset({"period"})),
        Kind(
            "visit-sheet", "服务记录单", "每次服务一张，签字盖章。", SCOPES, frozenset({"period"}), slow=True
        ),
        Kind("blank-sheet", "空白记录单", "带到村里，用笔填写。", ("city",), frozenset({"count"})),
        Kind("statistics", "成效统计表", "按县、类别、月份和人汇总。", SCOPES, frozenset({"period"})),
        Kind("contact-card", "联系牌", "张贴在村里，一页两张。", SCOPES, frozenset({"year", "phone"})),
        Kind("agreement", "三方协议", "供三方签订，一人一页。", SCOPES, frozenset({"year"})),
        Kind(
            "person-summary",
            "个人年度服务情况汇总",
            "一人一年，供单位盖章。",
            ("person",),
            frozenset({"period"}),
        ),
    )
}
"""All kinds that this version prints, in the order in which they are offered."""


@dataclass(frozen=True)
class Wish:
    """What a person asks for; options that the kind does not take are refused.

    year: of the batch (None: the latest). next_steps None: what has been kept with the ledger, as for title "".
    """

    kind: str
    period: "Period"
    scope: "Scope"
    year: int | None = None
    notice: bool = False
    phone: bool = False
    count: int = 1
    title: str = ""
    next_steps: str | None = None
    signed: "dt.date | None" = None


def check(wish: Wish) -> Kind:
    """The kind of a wish; Refused says in words which option it does not take."""
    kind = KINDS.get(wish.kind)
    if kind is None:
        raise Refused(f"没有“{wish.kind}”这种材料。")
    if wish.scope.kind not in kind.scopes:
        if kind.scopes == ("person",):
            raise Refused("请写明是哪一位特派员（姓名或名额编号）。")
        raise Refused(f"{kind.title}不按{_PLACES[wish.scope.kind]}生成。")
    for name, asked, words in (
        ("notice", wish.notice, "没有公示稿"),
        ("phone", wish.phone, "没有公开电话这一选项"),
        ("count", wish.count != 1, "不用写份数"),
        ("text", bool(wish.title or wish.next_steps or wish.signed), "的标题和文字是固定的，不能另写"),
    ):
        if asked and name not in kind.takes:
            raise Refused(f"{kind.title}{words}。")
    if not 1 <= wish.count <= MOST_SHEETS:
        raise Refused(f"份数请写 1 到 {MOST_SHEETS}。")
    return kind


def write(
    ledger: "Ledger",
    wish: Wish,
    out: Path,
    *,
    system_fonts: bool = False,
    progress: Progress | None = None,
    empty: bool = True,
    first: int | None = None,
) -> "Written":
    """Write the paper as PDF, whole or not at all.

    Without data it says so on a page of its own, or is refused where empty is False. first: of a paper of `slow`
    entries only so many, for a preview that is there at once. Raises Refused, DiskTrouble, and ReportCancelled
    after progress has answered False.
    """
    kind = check(wish)
    if out.suffix.lower() != ".pdf":
        raise Refused(f"{kind.title}目前只能写成 PDF，文件名请以 .pdf 结尾。")
    return _WRITERS[kind.id](_Job(ledger, wish, out, system_fonts, progress, empty, first))


def batch_of(ledger: "Ledger", wish: Wish) -> "BatchRow | None":
    """The batch that a wish is about: of its year or, where the kind has a period, of the period."""
    from commissioner_app import batches, statistics

    found = batches.all_batches(ledger)
    if "year" not in KINDS[wish.kind].takes:
        return statistics.batch_of(found, wish.period)
    if wish.year is not None and all(b.year != wish.year for b in found):
        raise Refused(f"台账里没有 {wish.year} 年度的批次。")
    return batches.current(found, wish.year)


def scope_name(ledger: "Ledger", scope: "Scope") -> str:
    """The county, team or person that a paper is about; "" for the city."""
    from commissioner_app import people, places, teams
    from commissioner_app.divisions import Divisions

    if scope.county:
        return Divisions.of(ledger).name(scope.county)
    if scope.team:
        return next((t.name for t in teams.listed(ledger, None) if t.id == scope.team), "")
    if scope.person:
        return str(people.person(ledger, scope.person).get("name") or "")
    if scope.place:
        found = next((p for p in places.listed(ledger, None) if p.id == scope.place), None)
        return (found.name or found.code) if found else ""
    return ""


def time_name(ledger: "Ledger", wish: Wish) -> str:
    """2022, or the dates of a period of another making, as file names have it; "" for blank sheets."""
    takes = KINDS[wish.kind].takes
    if not takes & {"period", "year"}:
        return ""
    if "period" in takes and not wish.period.label:
        return f"{wish.period.start}至{wish.period.end}"
    batch = batch_of(ledger, wish)
    return str(batch.year) if batch and batch.year else wish.period.start[:4]


def file_name(ledger: "Ledger", wish: Wish) -> str:
    """What the paper's file is called unless a person says otherwise: 温县_服务记录台账_2022.pdf."""
    title = KINDS[wish.kind].title + ("公示" if wish.notice else "")
    parts = (scope_name(ledger, wish.scope), title, time_name(ledger, wish))
    return safe_name("_".join(p for p in parts if p)) + ".pdf"


def safe_name(text: str) -> str:
    """Without the characters that no file's name may have on Windows."""
    return "".join(ch for ch in text if ch not in '\\/:*?"<>|' and ch >= " ").strip(" .")


@dataclass
class _Job:
    ledger: "Ledger"
    wish: Wish
    out: Path
    system: bool
    progress: Progress | None
    empty: bool
    first: int | None
    pages: int = 0
    done: int = 0
    total: int = 0

    def page(self) -> None:
        """A page is finished."""
        self.pages += 1
        self.tell()

    def entry(self, done: int) -> None:
        """So many entries are."""
        self.done = done
        self.tell()

    def tell(self) -> None:
        if self.progress is not None and not self.progress(self.pages, self.done, self.total):
            from commissioner_app.reports.paper import ReportCancelled

            raise ReportCancelled

    def nothing(self, heading: str, sentence: str) -> "Written":
        """The paper of somebody who has nothing yet."""
        if not self.empty:
            raise Refused(sentence)
        from commissioner_app import ledgers
        from commissioner_app.papers import put
        from commissioner_app.reports.nothing import write_nothing

        unit = ledgers.station_values(self.ledger)[1]
        demo, title = ledgers.is_demo(self.ledger), KINDS[self.wish.kind].title

        def draw(file: BinaryIO, fonts: "FontSet") -> tuple[int, frozenset[str]]:
            return write_nothing(title, unit, heading, sentence, file, fonts, demo, self.page)

        return put(self.out, self.system, draw)


def _service(job: _Job) -> "Written":
    from commissioner_app import papers

    wish, ledger = job.wish, job.ledger
    kept = papers.saved_title(ledger, wish.scope, wish.period)
    steps = kept.get("next_steps", "") if wish.next_steps is None else wish.next_steps
    full = papers.ReportWish(wish.period, wish.scope, wish.title or kept.get("title", ""), steps, wish.signed)

    def told(done: int, total: int | None) -> bool:
        job.pages, job.done, job.total = job.pages + 1, done, total or 0
        return job.progress is None or job.progress(job.pages, job.done, job.total)

    return papers.write_service_report(ledger, full, job.out, system_fonts=job.system, progress=told)


def _register(job: _Job) -> "Written":
    from commissioner_app import registers

    wish, ledger = job.wish, job.ledger
    if wish.kind == "roster":
        made = registers.roster_register(ledger, wish.year, wish.notice, wish.scope)
    elif wish.kind == "ledger":
        made = registers.visit_register(ledger, wish.period, wish.scope)
    else:
        made = registers.statistics_register(ledger, wish.period, wish.scope)
    return registers.write(ledger, made, job.out, system_fonts=job.system, on_page=job.page)


def _sheets(job: _Job) -> "Written":
    from commissioner_app import statistics, visit_sheets

    wish = job.wish
    found = [v.id for v in statistics.listed_visits(job.ledger, wish.period, wish.scope)]
    if not found:
        return job.nothing(f"服务期间：{wish.period.long_text}", "本期没有服务记录。")
    found = found[: job.first]
    job.total = len(found)
    return visit_sheets.write(
        job.ledger, found, job.out, system_fonts=job.system, progress=job.entry, on_page=job.page
    )


def _blank(job: _Job) -> "Written":
    from commissioner_app import visit_sheets

    return visit_sheets.write_blank(
        job.ledger, job.out, job.wish.count, system_fonts=job.system, on_page=job.page
    )


def _cards(job: _Job) -> "Written":
    from commissioner_app import person_papers, statistics

    ledger, wish = job.ledger, job.wish
    batch = batch_of(ledger, wish)
    places = statistics.overview(ledger, wish.period, wish.scope, batch).places
    wanted = [p.id for p in places if p.commissioner]
    if not wanted:
        year = f"{batch.year}年度" if batch and batch.year else ""
        return job.nothing(year, "这个范围里还没有录入特派员。")
    return person_papers.write_cards(
        ledger, job.out, wanted, batch=batch, phone=wish.phone, system_fonts=job.system, on_page=job.page
    )


def _agreements(job: _Job) -> "Written":
    from commissioner_app import person_papers, statistics

    ledger, wish = job.ledger, job.wish
    batch = batch_of(ledger, wish)
    places = statistics.overview(ledger, wish.period, wish.scope, batch).places
    wanted = [p.id for p in places if p.commissioner and p.assignments]
    if not wanted:
        year = f"{batch.year}年度" if batch and batch.year else ""
        return job.nothing(year, "这个范围里还没有安排受援县的特派员。")
    return person_papers.write_agreements(
        ledger, job.out, wanted, batch=batch, system_fonts=job.system, on_page=job.page
    )


def _summary(job: _Job) -> "Written":
    from commissioner_app import person_papers

    wish = job.wish
    return person_papers.write_summary(
        job.ledger, job.out, wish.scope, wish.period, system_fonts=job.system, on_page=job.page
    )


_WRITERS: dict[str, "Callable[[_Job], Written]"] = {
    "service": _service,
    "roster": _register,
    "ledger": _register,
    "visit-sheet": _sheets,
    "blank-sheet": _blank,
    "statistics": _register,
    "contact-card": _cards,
    "agreement": _agreements,
    "person-summary": _summary,
}

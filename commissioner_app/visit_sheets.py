"""服务记录单 and 空白记录单 from the ledger: visits as they stand, ready to be signed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from commissioner_app import attachments, ledgers, photos, visits
from commissioner_app.attachments import PHOTO
from commissioner_app.divisions import Divisions
from commissioner_app.papers import Written, put
from db.errors import Refused
from db.journal.store import chunks
from db.ledger import Ledger
from db.queries import visits as queries

if TYPE_CHECKING:
    from commissioner_app.reports.fonts import FontSet
    from commissioner_app.reports.visit_sheet import SheetData

_PRINTED = 900
"""Pixels of a photo's longer side on a sheet, where it is 6 cm wide."""


def write(
    ledger: Ledger,
    wanted: Sequence[str],
    out: Path,
    *,
    system_fonts: bool = False,
    progress: Callable[[int], None] | None = None,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write the sheets of some visits (records, in this order) into one PDF. Raises Refused, DiskTrouble.

    progress gets the sheets done, on_page is called after each page; both may raise to give up.
    """
    if not wanted:
        raise Refused("没有选中服务记录。")
    return _write(ledger, out, lambda: _sheets(ledger, wanted), system_fonts, progress, on_page)


def write_blank(
    ledger: Ledger,
    out: Path,
    count: int = 1,
    *,
    system_fonts: bool = False,
    on_page: Callable[[], None] | None = None,
) -> Written:
    """Write empty sheets, to be filled in by hand. Raises DiskTrouble."""
    from commissioner_app.reports.visit_sheet import SheetData

    unit = ledgers.station_values(ledger)[1]
    blank = SheetData(unit=unit, blank=True)
    return _write(ledger, out, lambda: (blank for _ in range(count)), system_fonts, None, on_page)


def _write(
    ledger: Ledger,
    out: Path,
    sheets: "Callable[[], Iterable[SheetData]]",
    system_fonts: bool,
    progress: Callable[[int], None] | None,
    on_page: Callable[[], None] | None,
) -> Written:
    from commissioner_app.reports.visit_sheet import write_sheets

    def draw(file: BinaryIO, fonts: "FontSet") -> tuple[int, frozenset[str]]:
        info = write_sheets(sheets(), file, fonts, ledgers.is_demo(ledger), progress, on_page)
        return info.pages, info.missing

    return put(out, system_fonts, draw)


def _sheets(ledger: Ledger, wanted: Sequence[str]) -> "Iterator[SheetData]":
    from commissioner_app.reports.qr import code_of
    from commissioner_app.reports.visit_sheet import PHOTOS, SheetData, date_text

    divisions = Divisions.of(ledger)
    unit = ledgers.station_values(ledger)[1]
    for part in chunks(wanted, 50):
        with ledger.read() as connection:
            rowids = queries.rowids_of(connection, part)
            rows = queries.visit_rows(connection, list(rowids.values()))
            more = queries.visit_details(connection, list(rowids.values()))
            companions = queries.companions(connection, part)
        for record in part:
            if record not in rowids:
                raise Refused("选中的服务记录有的已不在台账里，请刷新后再打印。")
            v, m = rows[rowids[record]], more[rowids[record]]
            pictures = [a for a in attachments.listed(ledger, "visit", record) if a.kind == PHOTO and a.here]
            state = v.state or "draft"
            yield SheetData(
                number=v.number or "",
                unit=unit,
                commissioner=v.names,
                organisation=v.organisation,
                companions="、".join(n for _, n in companions.get(record, [])),
                date=date_text(v.date, v.end_date, v.start_time, v.end_time) if v.date else "",
                days=f"{visits.days_text(v.half_days)} 天" if v.half_days is not None else "",
                place=divisions.text(v.county, v.township, v.village).replace(" ", ""),
                recipient=v.recipient_name,
                contact="　".join(t for t in (m.contact, m.contact_phone) if t),
                ways="、".join(v.ways),
                topic="　".join(t for t in (v.industry, v.topic) if t),
                content=v.content or "",
                problem=m.problem or "",
                solution=m.solution or "",
                trained=f"{v.trained:,} 人次" if v.trained is not None else "",
                households=f"{v.households:,} 户" if v.households is not None else "",
                varieties="；".join("、".join(t) for t in (m.varieties, m.techniques) if t),
                materials=m.materials or "",
                opinion=m.opinion or "",
                satisfaction=m.satisfaction or "",
                review=visits.STATES["passed"] if state == "passed" and not v.stale else "",
                code=code_of(record),
                photos=[photos.thumbnail(attachments.data(ledger, a), _PRINTED) for a in pictures[:PHOTOS]],
                more_photos=max(0, len(pictures) - PHOTOS),
            )

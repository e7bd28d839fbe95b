"""What the board shows, from the ledger: places, figures and notices of a day, and the columns they make."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from commissioner_app import batches, places, statistics, stay_notices
from commissioner_app.divisions import FIRST_COUNTIES, Divisions
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.rows import BatchRow, Figures, Named, PlaceRow
from commissioner_app.stay_notices import Notice
from ui.assignments.cards import CardText
from ui.assignments.columns import ColumnText
from ui.theme import Tone
from ui.widgets.barchart import number_text

# In a batch the year of a 名额编号 says nothing, and the room of a card is short.
_YEAR = re.compile(r"^\d{4}-")
TONES: tuple[Tone, ...] = ("accent", "warn", "info", "plain")


@dataclass(frozen=True)
class BoardRead:
    """The places as of a day with their figures of the period; empty: the counties without any."""

    on: str = ""
    places: list[PlaceRow] = field(default_factory=list)
    figures: Mapping[str, Figures] = field(default_factory=dict)
    categories: list[Named] = field(default_factory=list)
    notices: Mapping[str, list[Notice]] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)

    def noticed(self, kind: str) -> list[str]:
        """The places for which something of a kind is pointed out."""
        return [p.id for p in self.places if any(n.kind == kind for n in self.notices.get(p.id, ()))]


def read_board(
    ledger: Ledger, batch: BatchRow | None, period: Period, on: str, divisions: Divisions
) -> BoardRead:
    """The board of a day."""
    found = places.listed(ledger, batch, on)
    return BoardRead(
        on,
        found,
        statistics.place_figures(ledger, period)[0],
        batches.categories(ledger, batch.id) if batch else [],
        {p.id: stay_notices.of_place(batch, p, on, divisions.name) for p in found} if batch else {},
        stay_notices.empty_counties([d.code for d in divisions.counties()], found, on),
    )


def columns_of(
    read: BoardRead,
    divisions: Divisions,
    wanted: Callable[[PlaceRow], bool],
    unfolded: Collection[str],
    always: Collection[str] = FIRST_COUNTIES,
) -> tuple[list[ColumnText], list[tuple[str, str]]]:
    """The columns with the cards that are `wanted`, and the shelf: counties that have none and are folded.

    `always`: the counties that have a column in any case.
    """
    homes: dict[str, list[PlaceRow]] = {"": []}
    for place in read.places:
        for county in dict.fromkeys(place.counties(read.on)) or [""]:
            homes.setdefault(county, []).append(place)
    order = [d.code for d in divisions.counties()]
    shown = [c for c in order if c in always or c in homes or c in unfolded]
    shown += sorted(c for c in homes if c and c not in order)
    columns = []
    for county in ["", *shown]:
        here = homes.get(county, [])
        cards = tuple(card_of(read, divisions, p, county) for p in here if wanted(p))
        columns.append(
            ColumnText(
                county,
                divisions.name(county) if county else _tr("待安排"),
                cards,
                len(here),
                _counts(read, cards),
                not here and county in unfolded and county not in always,
            )
        )
    return columns, [(c, divisions.name(c)) for c in order if c not in shown]


def _counts(read: BoardRead, cards: Collection[CardText]) -> str:
    """服务团成员 18 · 省派 5."""
    numbers: dict[str | None, int] = {}
    for card in cards:
        numbers[card.place.category] = numbers.get(card.place.category, 0) + 1
    parts = [f"{c.name} {numbers.pop(c.id):,}" for c in read.categories if c.id in numbers]
    if numbers:
        parts.append(_tr("其他 {0}").format(f"{sum(numbers.values()):,}"))
    return " · ".join(parts)


def card_of(read: BoardRead, divisions: Divisions, p: PlaceRow, county: str) -> CardText:
    """The card of a place in a county's column ("" for 待安排)."""
    f = read.figures.get(p.id, Figures())
    names = divisions.name
    first = [p.organisation_name, p.specialty if p.commissioner else _tr("待录入")]
    lines = [" · ".join(part for part in first if part)]
    second = []
    if county:
        stays = [a for a in p.assignments if a.county == county]
        towns = list(dict.fromkeys(names(t) for a in stays for t in a.townships))
        second += ["、".join(towns)] if towns else []
    if f.visits:
        second.append(_tr("{0} 次 {1} 天").format(f"{f.visits:,}", number_text(f.half_days / 2)))
    elif county and p.commissioner:
        second.append(_tr("本期还没有服务"))
    if not county and p.candidate_counties:
        second.append(_tr("可选：{0}").format("、".join(names(c) for c in p.candidate_counties)))
    if second:
        lines.append(" · ".join(second))
    notices = read.notices.get(p.id, ())
    marks = [n.text for n in notices if n.kind != "none"]  # that one stands in 待安排 is seen
    if p.disputed or any(a.disputed for a in p.assignments):
        marks.insert(0, _tr("填报不一致，请打开核对。"))
    at = next((n for n, c in enumerate(read.categories) if c.id == p.category), len(TONES) - 1)
    return CardText(
        p,
        p.name or _YEAR.sub("", p.code),
        tuple(lines),
        TONES[min(at, len(TONES) - 1)],
        not p.commissioner,
        tuple(marks),
        tuple(n.text for n in notices if n.kind == "none"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("AssignmentsPage", text)

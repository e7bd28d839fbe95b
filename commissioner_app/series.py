"""Papers in series: one for each commissioner, county or team, into a folder or into one PDF with an outline."""

import os
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from commissioner_app import kinds, ledgers, statistics
from commissioner_app.kinds import Wish
from commissioner_app.papers import Written
from commissioner_app.paths import free_path
from commissioner_app.reports.paper import ReportCancelled
from commissioner_app.statistics import Scope
from db.errors import DiskTrouble, Refused
from db.ledger import Ledger

Each = Literal["person", "county", "team"]
EACH: dict[Each, str] = {"person": "特派员", "county": "受援县", "team": "服务团"}
Progress = Callable[[int, int, str], bool]
"""Gets the papers done, how many there are and the name of the next; False gives up."""


@dataclass
class Made:
    """What a series has come to: skipped are names with the reason; after giving up, what was finished stays."""

    out: Path
    written: list[Written] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    cancelled: bool = False

    @property
    def pages(self) -> int:
        """Of all papers."""
        return sum(w.pages for w in self.written)


def possible(wish: Wish) -> list[Each]:
    """What a kind of paper can be made for each of."""
    scopes = kinds.KINDS[wish.kind].scopes
    return [each for each in EACH if each in scopes]


def members(ledger: Ledger, wish: Wish, each: Each) -> list[tuple[str, Scope]]:
    """Name and scope of each paper within what the wish is about; names that occur twice carry the 名额编号."""
    within = Scope() if wish.scope.kind in ("person", each) else wish.scope
    o = statistics.overview(ledger, wish.period, within, kinds.batch_of(ledger, wish))
    if each == "county":
        return [(name, Scope(county=code)) for code, name, _, _ in o.by_county if code and code != "None"]
    if each == "team":
        return [(t.name, Scope(team=t.id)) for t, n in o.teams if n]
    known = [p for p in o.places if p.commissioner]
    often = Counter(p.name for p in known)
    return [(p.name if often[p.name] == 1 else f"{p.name}（{p.code}）", Scope(place=p.id)) for p in known]


def into_folder(
    ledger: Ledger,
    wish: Wish,
    each: Each,
    folder: Path,
    *,
    system_fonts: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write the series into a new folder below this one. Raises Refused where there is nobody, DiskTrouble."""
    title = kinds.KINDS[wish.kind].title
    name = "_".join(p for p in (title, kinds.time_name(ledger, wish), f"按{EACH[each]}") if p)
    target = free_path(folder, kinds.safe_name(name), "")
    made = _write(ledger, wish, each, target, system_fonts, progress)
    if not made.written and not made.cancelled:
        raise Refused(f"这个范围里没有可以生成的{title}。")
    return made


def into_one(
    ledger: Ledger,
    wish: Wish,
    each: Each,
    out: Path,
    *,
    system_fonts: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write the series into one PDF with an outline; nothing is left of it after giving up. Raises as into_folder."""
    from commissioner_app.reports.merging import merge

    title = kinds.KINDS[wish.kind].title
    if out.suffix.lower() != ".pdf":
        raise Refused(f"{title}目前只能写成 PDF，文件名请以 .pdf 结尾。")
    part = out.with_name(out.name + ".part")
    with tempfile.TemporaryDirectory(prefix="commissioner-series-") as folder:
        made = _write(ledger, wish, each, Path(folder), system_fonts, progress)
        if made.cancelled:
            return Made(out, cancelled=True)
        if not made.written:
            raise Refused(f"这个范围里没有可以生成的{title}。")
        parts = [(w.path.stem.split("_")[0], w.path) for w in made.written]
        unit = ledgers.station_values(ledger)[1]
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            merge(parts, part, title, unit)
            os.replace(part, out)
        except OSError as error:
            raise DiskTrouble(f"材料没有写成：{error.strerror or error}") from error
        finally:
            part.unlink(missing_ok=True)
    return replace(made, out=out)


def _write(
    ledger: Ledger, wish: Wish, each: Each, folder: Path, system_fonts: bool, progress: Progress | None
) -> Made:
    made, wanted = Made(folder), members(ledger, wish, each)
    for n, (name, scope) in enumerate(wanted):

        def still(_pages: int = 0, _done: int = 0, _of: int = 0, n: int = n, name: str = name) -> bool:
            return progress is None or progress(n, len(wanted), name)

        one = replace(wish, scope=scope, title="", next_steps=None)
        stem = Path(kinds.file_name(ledger, one)).stem.split("_")[1:]
        out = free_path(folder, kinds.safe_name("_".join([name.replace("_", " "), *stem])), ".pdf")
        try:
            if not still():
                raise ReportCancelled
            made.written.append(
                kinds.write(ledger, one, out, system_fonts=system_fonts, progress=still, empty=False)
            )
        except ReportCancelled:
            made.cancelled = True
            return made
        except Refused as refused:
            made.skipped.append((name, str(refused)))
    if progress is not None:
        progress(len(wanted), len(wanted), "")
    return made

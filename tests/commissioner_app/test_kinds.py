"""Every kind of paper by the command line as a process, and what the registry refuses."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from commissioner_app import demo, kinds, series, statistics
from commissioner_app.kinds import KINDS, Wish
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.reports.paper import ReportCancelled
from commissioner_app.statistics import Scope
from db.errors import Refused

ROOT = Path(__file__).parents[2]
YEAR = Period("2022-04-01", "2022-12-31", "2022年度考核期")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("kinds")
    with demo.make(folder / "演示.ktledger") as made:
        yield made


def text_of(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
        return "".join("".join(p.get_textpage().get_text_bounded().split()) for p in document)


def cli(ledger: Ledger, home: Path, *args: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "commissioner_app", "report", *args, "--ledger", str(ledger.path)],
        capture_output=True, text=True, encoding="utf-8", cwd=home, check=False,
        env={**os.environ, "COMMISSIONER_HOME": str(home), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == code, (args, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("service", ["--county", "温县"], "温县"),
        ("roster", ["--notice"], "名单公示"),
        ("roster", ["--county", "温县"], "2022年度温县科技特派员拟选派名单"),
        ("ledger", ["--county", "温县"], "2022年度温县科技特派员服务记录台账"),
        ("visit-sheet", ["--commissioner", "演示一"], "演示一"),
        ("blank-sheet", ["--count", "3"], "□满意"),
        ("statistics", [], "按特派员"),
        ("contact-card", ["--commissioner", "演示一", "--phone"], "13800000001"),
        ("person-summary", ["--commissioner", "演示一"], "姓名：演示一"),
    ],
)
def test_every_kind_as_a_process(
    ledger: Ledger, tmp_path: Path, kind: str, options: list[str], said: str
) -> None:
    out = tmp_path / "纸.pdf"
    done = cli(ledger, tmp_path, kind, *options, "--year", "2022", "--out", str(out), "--json")
    with pypdfium2.PdfDocument(out.read_bytes()) as document:
        pages = len(document)
    assert json.loads(done.stdout) == {"out": str(out), "pages": pages, "missing": []}
    assert said in text_of(out)
    if kind == "blank-sheet":
        assert pages == 3
    if kind == "roster" and "--county" in options:
        assert "共6个名额" in text_of(out) and "修武县" not in text_of(out)


def test_what_a_kind_does_not_take_is_refused_in_words(ledger: Ledger, tmp_path: Path) -> None:
    done = cli(ledger, tmp_path, "blank-sheet", "--county", "温县", "--out", "x.pdf", code=1)
    assert done.stderr.strip() == "空白记录单不按受援县生成。"
    for wish, words in (
        (Wish("person-summary", YEAR, Scope()), "哪一位"),
        (Wish("ledger", YEAR, Scope(), notice=True), "没有公示稿"),
        (Wish("roster", YEAR, Scope(), phone=True), "公开电话"),
        (Wish("statistics", YEAR, Scope(), count=2), "份数"),
        (Wish("blank-sheet", YEAR, Scope(), count=0), "1 到"),
        (Wish("ledger", YEAR, Scope(), title="另写"), "标题"),
        (Wish("roster", YEAR, Scope(), year=1999), "1999"),
        (Wish("contact-card", YEAR, Scope(), year=1999), "1999"),
        (Wish("nothing", YEAR, Scope()), "没有“nothing”"),
    ):
        with pytest.raises(Refused, match=words):
            kinds.write(ledger, wish, tmp_path / "x.pdf")
    for kind in KINDS:
        scope = Scope() if "city" in KINDS[kind].scopes else Scope(place="x")
        with pytest.raises(Refused, match="PDF"):
            kinds.write(ledger, Wish(kind, YEAR, scope), tmp_path / "x.docx")
    assert list(tmp_path.glob("x*")) == []


def test_files_have_names_that_say_what_they_are(ledger: Ledger) -> None:
    wen = Scope(county="410825")
    assert kinds.file_name(ledger, Wish("ledger", YEAR, wen)) == "温县_服务记录台账_2022.pdf"
    assert kinds.file_name(ledger, Wish("roster", YEAR, Scope(), 2022, True)) == "选派名单公示_2022.pdf"
    assert kinds.file_name(ledger, Wish("blank-sheet", YEAR, Scope())) == "空白记录单.pdf"
    spring = Wish("statistics", Period("2022-04-01", "2022-06-30"), Scope())
    assert kinds.file_name(ledger, spring) == "成效统计表_2022-04-01至2022-06-30.pdf"
    assert kinds.safe_name('a/b\\c:"d"?') == "abcd"


@pytest.mark.parametrize("kind", list(KINDS))
def test_progress_counts_pages_and_gives_up(ledger: Ledger, tmp_path: Path, kind: str) -> None:
    place = statistics.overview(ledger, YEAR).places[0].id
    scope = Scope() if kind in ("roster", "blank-sheet", "contact-card", "statistics") else Scope(place=place)
    wish = Wish(kind, YEAR, scope, count=3 if kind == "blank-sheet" else 1)
    told: list[int] = []

    def count(pages: int, _done: int, _total: int) -> bool:
        told.append(pages)
        return True

    written = kinds.write(ledger, wish, tmp_path / "a.pdf", progress=count)
    assert max(told) == written.pages and told == sorted(told)
    with pytest.raises(ReportCancelled):
        kinds.write(ledger, wish, tmp_path / "b.pdf", progress=lambda *_: False)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf"]


def test_a_series_leaves_out_who_has_nothing_and_says_so(ledger: Ledger, tmp_path: Path) -> None:
    day = Period("2022-04-03", "2022-04-04")
    wish = Wish("visit-sheet", day, Scope())
    made = series.into_folder(ledger, wish, "person", tmp_path)
    found = {v.names for v in statistics.listed_visits(ledger, day, Scope())}
    assert {w.path.name.split("_")[0] for w in made.written} == found
    assert len(made.written) + len(made.skipped) == 31
    assert {why for _, why in made.skipped} == {"本期没有服务记录。"}
    empty = Wish("visit-sheet", Period("2022-03-01", "2022-03-02"), Scope())
    with pytest.raises(Refused):
        series.into_one(ledger, empty, "person", tmp_path / "一.pdf")
    assert not (tmp_path / "一.pdf").exists()
    # The second time beside the first, not over it.
    assert (
        series.into_folder(ledger, wish, "county", tmp_path).out
        != series.into_folder(ledger, wish, "county", tmp_path).out
    )
    inside = series.members(ledger, Wish("ledger", YEAR, Scope(county="410825")), "person")
    assert 0 < len(inside) < 31

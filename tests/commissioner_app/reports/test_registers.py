"""服务记录台账, 选派名单, 成效统计表: read back as a person would, against the ledger's own figures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from commissioner_app import batches, demo, people, places, registers, statistics, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from db.errors import Refused

PERIOD = Period("2022-04-01", "2022-12-31", "2022")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "演示.ktledger"
    demo.make(path).close()
    return path


@pytest.fixture
def ledger(prepared: Path, tmp_path: Path) -> Iterator[Ledger]:
    path = tmp_path / "演示.ktledger"
    path.write_bytes(prepared.read_bytes())
    with Ledger.open(path) as opened:
        yield opened


def pages(pdf: Path) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return ["".join(p.get_textpage().get_text_bounded().split()) for p in document]


def outline(pdf: Path) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return [b.get_title() for b in document.get_toc()]


def outside(pdf: Path) -> list[str]:
    """Text that stands outside the text block of a lying page (page numbers are outside on purpose)."""
    found = []
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            width, height = page.get_size()
            for n in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(n)
                said = text.get_text_bounded(left, bottom, right, top).strip()
                if said and (right > width - 70 or bottom < 40 or top > height - 60) and "—" not in said:
                    found.append(said)
    return found


def test_the_ledger_of_visits_holds_every_visit_and_its_sums(ledger: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "台账.pdf"
    written = registers.write(ledger, registers.visit_register(ledger, PERIOD, Scope()), out)
    found = pages(out)
    whole = "".join(found)
    o = statistics.overview(ledger, PERIOD, Scope())
    assert written.pages == len(found) and not written.missing
    assert f"共{o.total.visits}次" in found[-1] and visits.days_text(o.total.half_days) in found[-1]
    for _, name, _, figures in o.by_county:
        assert f"共{figures.visits}次" in whole and name in outline(out)
    for name, _, figures in o.by_category:
        assert f"{name}{figures.visits}次" in whole
    assert all(str(n) in whole for n in range(1, o.total.visits + 1))
    assert "填表人：" in found[-1] and "（续）" in found[1] and "序号" in found[1]
    assert not outside(out)


def test_a_period_without_visits_gives_a_proper_empty_table(ledger: Ledger, tmp_path: Path) -> None:
    empty = Period("2021-01-01", "2021-01-31")
    for register, word in (
        (registers.visit_register(ledger, empty, Scope()), "本期没有服务记录。"),
        (registers.statistics_register(ledger, empty, Scope()), "合计"),
    ):
        registers.write(ledger, register, tmp_path / "空.pdf")
        (only, *_) = pages(tmp_path / "空.pdf")
        assert word in only or word in "".join(pages(tmp_path / "空.pdf"))


def test_the_roster_names_everyone_and_the_notice_hides_phones(ledger: Ledger, tmp_path: Path) -> None:
    first = places.listed(ledger, batches.all_batches(ledger)[0])[0]
    people.save_person(ledger, first.commissioner, {"name": "演示𬭎䶮"})
    registers.write(ledger, registers.roster_register(ledger, 2022), tmp_path / "名单.pdf")
    whole = "".join(pages(tmp_path / "名单.pdf"))
    assert (
        "拟选派名单" in whole
        and "共38个名额，已落实31人" in whole
        and "演示𬭎䶮" in whole
        and first.phone in whole
    )
    assert [t[:2] for t in outline(tmp_path / "名单.pdf")[1:]] == ["一、", "二、", "三、"]
    registers.write(ledger, registers.roster_register(ledger, 2022, notice=True), tmp_path / "公示.pdf")
    shown = "".join(pages(tmp_path / "公示.pdf"))
    assert "138****0001" in shown and not re.search(r"1\d{10}", shown) and "（待定）" not in shown
    with pytest.raises(Refused, match="没有 1999"):
        registers.roster_register(ledger, 1999)


def test_the_table_of_figures_is_what_the_window_shows(ledger: Ledger, tmp_path: Path) -> None:
    o = statistics.overview(ledger, PERIOD, Scope(county="410825"))
    registers.write(
        ledger, registers.statistics_register(ledger, PERIOD, Scope(county="410825")), tmp_path / "统计.pdf"
    )
    whole = "".join(pages(tmp_path / "统计.pdf"))
    assert "温县" in whole and f"{o.total.trained:,}" in whole
    for month, figures in o.by_month:
        told = f"{month[:4]}年{int(month[5:])}月{figures.visits}{visits.days_text(figures.half_days)}"
        assert told in whole
    assert not outside(tmp_path / "统计.pdf")

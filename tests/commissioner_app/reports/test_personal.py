"""联系牌 and 个人年度服务情况汇总, read back from the PDF against the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from commissioner_app import batches, demo, person_papers, places, statistics, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.periods import Period
from commissioner_app.statistics import Scope
from db.errors import Refused

PERIOD = Period("2022-04-01", "2022-12-31", "2022")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with demo.make(tmp_path_factory.mktemp("demo") / "演示.ktledger") as made:
        yield made


def pages(pdf: Path) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return ["".join(p.get_textpage().get_text_bounded().split()) for p in document]


def test_a_card_hides_the_phone_unless_its_person_agrees(ledger: Ledger, tmp_path: Path) -> None:
    first = places.listed(ledger, batches.all_batches(ledger)[0])[0]
    out = tmp_path / "牌.pdf"
    person_papers.write_cards(ledger, out, [first.id])
    (page,) = pages(out)
    assert first.name in page and first.specialty in page and "修武县" in page and "照片" in page
    assert "138****0001" in page and first.phone not in page
    person_papers.write_cards(ledger, out, [first.id], phone=True)
    assert first.phone in pages(out)[0]
    assert person_papers.write_cards(ledger, out).pages == 16  # 31 people, two to a page
    with pytest.raises(Refused):
        person_papers.write_cards(ledger, out, ["nobody"])


def test_a_persons_year_has_figures_visits_and_places_for_stamps(ledger: Ledger, tmp_path: Path) -> None:
    first = places.listed(ledger, batches.all_batches(ledger)[0])[0]
    scope, out = Scope(place=first.id), tmp_path / "汇总.pdf"
    person_papers.write_summary(ledger, out, scope, PERIOD)
    form, *rest = pages(out)
    o = statistics.overview(ledger, PERIOD, scope)
    for word in (first.name, first.organisation_name, "2022年度", f"{o.total.visits}次",
                 f"{visits.days_text(o.total.half_days)}天", f"{o.total.trained}人次", "派出单位意见", "受援县意见", "（盖章）"):  # fmt: skip
        assert word in form, word
    listed = "".join(rest)
    for v in statistics.listed_visits(ledger, PERIOD, scope):
        assert "".join((v.content or "").split()) in listed
    assert f"共{o.total.visits}次" in listed
    with pytest.raises(Refused, match="哪一位"):
        person_papers.write_summary(ledger, out, Scope(), PERIOD)


def test_an_agreement_names_its_parties_and_leaves_the_terms_to_them(ledger: Ledger, tmp_path: Path) -> None:
    batch = batches.all_batches(ledger)[0]
    out = tmp_path / "协议.pdf"
    first = places.listed(ledger, batch)[0]
    person_papers.write_agreements(ledger, out, [first.id])
    (page,) = pages(out)
    for word in (
        "科技特派员服务三方协议",
        first.organisation_name,
        first.name,
        "修武县",
        "2022年4月1日至2023年3月31日",
        "各方权利和义务",
    ):
        assert word in page, word
    waiting = next(p for p in places.listed(ledger, batch) if not p.assignments)
    with pytest.raises(Refused):
        person_papers.write_agreements(ledger, out, [waiting.id])

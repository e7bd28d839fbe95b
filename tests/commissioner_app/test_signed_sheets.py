"""服务记录单: printed with all that a visit says, signed, scanned, and found again by its code."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFilter

from commissioner_app import attachments, demo, photos, scans, visit_sheets, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.reports.qr import code_of, visit_of
from db.check import check
from db.errors import Refused
from db.queries import visits as queries
from db.queries.visits import VisitFilter, VisitRow


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


def some(ledger: Ledger, count: int) -> list[VisitRow]:
    with ledger.read() as connection:
        rowids = list(queries.visit_rowids(connection, VisitFilter())[:count])
        rows = queries.visit_rows(connection, rowids)
    return [rows[r] for r in rowids]


def drawn(pdf: Path, page: int, dpi: int) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        picture: Image.Image = document[page].render(scale=dpi / 72).to_pil().convert("RGB")
    return picture


def text_of(pdf: Path) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return ["".join(p.get_textpage().get_text_bounded().split()) for p in document]


def scanned(picture: Image.Image, turned: float) -> Image.Image:
    """As a tired scanner gives it: askew, grey, blurred, at 150 dpi, with a stamp across."""
    ImageDraw.Draw(picture).ellipse((900, 1900, 1400, 2300), outline=(200, 0, 0), width=12)
    askew = picture.rotate(turned, expand=True, fillcolor=(235, 233, 228), resample=Image.Resampling.BICUBIC)
    small = askew.resize((askew.width // 2, askew.height // 2), Image.Resampling.BILINEAR)
    return small.filter(ImageFilter.GaussianBlur(1.2)).convert("L").convert("RGB")


@pytest.mark.parametrize("turned", [3.0, -3.0, 180.0, 93.0])
def test_a_signed_sheet_finds_its_visit(ledger: Ledger, tmp_path: Path, turned: float) -> None:
    (visit,) = some(ledger, 1)
    visit_sheets.write(ledger, [visit.id], tmp_path / "单.pdf")
    scan = tmp_path / "IMG_0001.jpg"
    scanned(drawn(tmp_path / "单.pdf", 0, 300), turned).save(scan, quality=55)
    found = scans.look(ledger, [scan])
    assert [p.visit for p in found.pages] == [visit.id] and not found.refused
    added = scans.attach(ledger, [(p, p.visit or "") for p in found.pages])
    (row,) = attachments.listed(ledger, "visit", visit.id)
    assert row.kind == attachments.SCAN and row.here and added.outcome.operation
    # The same scan a second time is known.
    assert scans.attach(ledger, [(p, p.visit or "") for p in found.pages]).known == ("IMG_0001.jpg",)
    assert not check(ledger).faults


def test_many_pages_in_one_scan_and_some_without_a_code(ledger: Ledger, tmp_path: Path) -> None:
    chosen = some(ledger, 3)
    visit_sheets.write(ledger, [v.id for v in chosen], tmp_path / "单.pdf")
    pages = [scanned(drawn(tmp_path / "单.pdf", n, 300), 1.5) for n in (2, 0, 1)]
    pages.insert(1, Image.new("RGB", pages[0].size, "white"))
    scan = tmp_path / "扫描件.pdf"
    pages[0].save(scan, save_all=True, append_images=pages[1:], resolution=150)
    bad = tmp_path / "坏的.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    found = scans.look(ledger, [scan, bad])
    assert [p.visit for p in found.pages] == [chosen[2].id, None, chosen[0].id, chosen[1].id]
    assert found.pages[1].title == "扫描件.pdf 第 2 页"
    assert len(found.refused) == 1 and "坏的.pdf" in found.refused[0] and found.refused[0].endswith("。")
    added = scans.attach(ledger, [(p, p.visit) for p in found.pages if p.visit])
    assert added.outcome.operation and len(added.outcome.records["attachment"]) == 3


def test_a_code_of_another_ledger_and_other_codes_are_nobodys(ledger: Ledger, tmp_path: Path) -> None:
    (visit,) = some(ledger, 1)
    visit_sheets.write(ledger, [visit.id], tmp_path / "单.pdf")
    drawn(tmp_path / "单.pdf", 0, 200).save(tmp_path / "a.png")
    visits.delete(ledger, [visit.id])
    assert [p.visit for p in scans.look(ledger, [tmp_path / "a.png"]).pages] == [None]
    code = code_of(visit.id)
    assert visit_of(code) == visit.id
    assert visit_of(code[:-1] + ("0" if code[-1] != "0" else "1")) is None
    assert visit_of("https://example.cn") is None


def test_a_sheet_says_all_that_the_visit_says(ledger: Ledger, tmp_path: Path) -> None:
    (visit,) = some(ledger, 1)
    values = {
        "problem": "演示问题：线虫病。", "solution": "演示办法：轮作。", "varieties": ["演示一号"], "techniques": ["水肥一体化"],
        "materials": "演示资料 50 份", "opinion": "演示意见", "satisfaction": "较满意", "households": 1234,
        "recipient_contact": ["演示老赵", "13800009999"],
    }  # fmt: skip
    visits.save(ledger, visit.id, values)
    picture = tmp_path / "a.jpg"
    Image.effect_noise((800, 600), 40).convert("RGB").save(picture)
    Image.effect_noise((600, 800), 50).convert("RGB").save(tmp_path / "b.jpg")
    attachments.add_photos(ledger, visit.id, [picture, tmp_path / "b.jpg"])
    written = visit_sheets.write(ledger, [visit.id], tmp_path / "单.pdf")
    assert written.pages == 1 and not written.missing
    (text,) = text_of(tmp_path / "单.pdf")
    for word in (visit.number, visit.names, visit.content, "演示问题：线虫病。", "演示办法：轮作。", "演示一号；水肥一体化",
                 "演示资料50份", "演示意见", "☑较满意", "□不满意", "1,234户", "演示老赵", "13800009999"):  # fmt: skip
        assert "".join((word or "?").split()) in text, word
    with pdfium.PdfDocument(tmp_path / "单.pdf") as document:
        pictures = [o for o in document[0].get_objects() if o.type == 3]
        assert len(pictures) == 2


def test_long_text_shrinks_and_then_goes_on_and_nothing_is_cut(ledger: Ledger, tmp_path: Path) -> None:
    (visit,) = some(ledger, 1)
    for words, pages in ((500, 1), (6000, 3)):
        told = "".join(f"第{n}句话，说明服务的情况。" for n in range(words // 12))
        visits.save(ledger, visit.id, {"content": told})
        written = visit_sheets.write(ledger, [visit.id], tmp_path / "单.pdf")
        assert written.pages <= pages
        whole = "".join(text_of(tmp_path / "单.pdf"))
        for page_head in ("科技特派员服务记录单（续页）", "服务内容（接前页）", "（转续页）"):
            assert (page_head in whole) == (written.pages > 1)
        for n in range(words // 12):
            assert f"第{n}句话" in whole.replace("（转续页）", "") or written.pages > 1
        sentences = sum(whole.count(f"第{n}句话") for n in (0, words // 24, words // 12 - 1))
        assert sentences == 3


def test_empty_sheets_are_for_writing_by_hand(ledger: Ledger, tmp_path: Path) -> None:
    assert visit_sheets.write_blank(ledger, tmp_path / "空白.pdf", 2).pages == 2
    first, second = text_of(tmp_path / "空白.pdf")
    assert first == second and "□满意" in first and "编号：" in first
    with pytest.raises(Refused):
        visit_sheets.write_blank(ledger, tmp_path / "空白.docx")


def test_a_photo_is_printed_small(tmp_path: Path) -> None:
    big = io.BytesIO()
    Image.effect_noise((2000, 1500), 40).convert("RGB").save(big, "JPEG")
    assert max(Image.open(io.BytesIO(photos.thumbnail(big.getvalue(), 900))).size) == 900

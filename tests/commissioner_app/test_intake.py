"""Files on their way into a visit: folders, kinds, signed sheets, what is pointed out about photos."""

from pathlib import Path

import pytest
from PIL import Image

from commissioner_app import attachments, demo, intake, photo_marks, scans, visit_sheets, visits
from commissioner_app.attachments import DOCUMENT, PHOTO, SCAN
from commissioner_app.ledgers import Ledger
from commissioner_app.photo_marks import Seen
from db.queries.visits import VisitFilter, VisitRow


@pytest.fixture
def ledger(tmp_path: Path):
    with demo.make(tmp_path / "演示.ktledger", 30) as made:
        yield made


def rows(ledger: Ledger, count: int) -> list[VisitRow]:
    rowids = visits.listed_rowids(ledger, VisitFilter(states=("passed",)), "date", True)[:count]
    found = visits.rows(ledger, rowids)
    return [found[r] for r in rowids]


def picture(path: Path, taken: str = "", shade: int = 40) -> Path:
    image = Image.effect_noise((96, 64), shade).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, exif=exif.tobytes())
    return path


def pdf(path: Path, pages: int = 2) -> Path:
    first, *rest = [Image.new("RGB", (200, 280), (250, 250, 250 - n)) for n in range(pages)]
    first.save(path, save_all=True, append_images=rest)
    return path


def test_a_folder_gives_its_pictures_by_name_and_nothing_hidden(tmp_path: Path) -> None:
    phone = tmp_path / "DCIM"
    for name in ("b.jpg", "a.JPG", ".thumbnails/x.jpg", "Camera/c.png", "notes.txt", "Camera/d.pdf"):
        (phone / name).parent.mkdir(parents=True, exist_ok=True)
        (phone / name).write_bytes(b"x")
    single = tmp_path / "单张.jpg"
    assert [p.name for p in intake.expand([single, phone])] == [
        "单张.jpg",
        "c.png",
        "d.pdf",
        "a.JPG",
        "b.jpg",
    ]
    assert intake.fits(phone) and intake.fits(single) and not intake.fits(tmp_path / "a.docx")


def test_of_a_folder_those_of_the_day(tmp_path: Path) -> None:
    files = [picture(tmp_path / f"{n}.jpg", f"2022:07:0{n} 23:59:59") for n in range(1, 5)]
    files += [picture(tmp_path / "x.jpg"), tmp_path / "missing.jpg"]
    (tmp_path / "y.jpg").write_bytes(b"no picture")
    files.append(tmp_path / "y.jpg")
    assert intake.of_days(files, "2022-07-02", "2022-07-03") == files[1:3]
    heic = Path(__file__).parent.parent / "data" / "演示.heic"
    assert intake.of_days([heic], "2022-07-03", "2022-07-03") == [heic]


def test_pictures_pdfs_and_what_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    good, paper = picture(tmp_path / "a.webp"), pdf(tmp_path / "资料.pdf")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "坏.jpg").write_bytes(b"broken")
    (tmp_path / "表.docx").write_bytes(b"word")
    every = [
        good,
        paper,
        tmp_path / "坏.pdf",
        tmp_path / "坏.jpg",
        tmp_path / "表.docx",
        tmp_path / "没有.jpg",
    ]
    found = intake.prepare(ledger, every)
    assert [(f.name, f.kind, f.media_type) for _, f in found.files] == [
        ("a.webp", PHOTO, "image/jpeg"), ("资料.pdf", DOCUMENT, "application/pdf"),
    ]  # fmt: skip
    assert found.files[1][1].data == paper.read_bytes()  # a PDF stays as it is
    assert len(found.refused) == 4 and all(
        name in "".join(found.refused) for name in ("坏.pdf", "坏.jpg", "表.docx", "没有.jpg")
    )
    told = intake.refusal(found.refused)
    assert told.startswith("有 4 个文件没有添加：坏.pdf、坏.jpg、表.docx 等") and told.count("。") == 1
    assert intake.refusal(found.refused[:1]) == found.refused[0] and intake.refusal([]) == ""
    small = intake.thumbnail(paper.read_bytes(), "application/pdf", 60)
    assert small and Image.open(__import__("io").BytesIO(small)).height == 60
    assert intake.thumbnail(b"broken", "image/jpeg", 60) is None


def test_signed_sheets_find_their_visits_and_by_hand_this_one(ledger: Ledger, tmp_path: Path) -> None:
    one, other = rows(ledger, 2)
    visit_sheets.write(ledger, [one.id, other.id], tmp_path / "签字.pdf")
    found = intake.prepare(ledger, [tmp_path / "签字.pdf"])
    assert [(of, f.kind, f.media_type) for of, f in found.files] == [
        (one.id, SCAN, "image/jpeg"), (other.id, SCAN, "image/jpeg"),
    ]  # fmt: skip
    by_hand = intake.prepare(ledger, [pdf(tmp_path / "扫描.pdf"), picture(tmp_path / "拍.jpg")], signed=True)
    assert [(of, f.kind, f.name) for of, f in by_hand.files] == [
        (None, SCAN, "扫描-1.jpg"), (None, SCAN, "扫描-2.jpg"), (None, SCAN, "拍.jpg"),
    ]  # fmt: skip
    assert (
        scans.first_visit(tmp_path / "签字.pdf") == one.id
        and scans.first_visit(tmp_path / "扫描.pdf") is None
    )
    added = attachments.add_ready(ledger, [(of or one.id, f) for of, f in (*found.files, *by_hand.files)])
    assert len(added.outcome.records["attachment"]) == 5 and not added.known
    again = attachments.add_ready(ledger, [(of or one.id, f) for of, f in found.files])
    assert again.outcome.operation is None and len(again.known) == 2


def test_giving_up_adds_nothing(ledger: Ledger, tmp_path: Path) -> None:
    class GivenUp(Exception):
        pass

    def stop(done: int, _every: int) -> None:
        if done:
            raise GivenUp

    with pytest.raises(GivenUp):
        intake.prepare(ledger, [picture(tmp_path / "a.jpg"), picture(tmp_path / "b.jpg")], progress=stop)


def test_another_day_and_another_visit_are_pointed_out_and_unknown_is_no_doubt(
    ledger: Ledger, tmp_path: Path
) -> None:
    one, other = rows(ledger, 2)
    day = one.date.replace("-", ":")
    files = [picture(tmp_path / f"{n}.jpg", taken, 30 + n) for n, taken in
             enumerate((f"{day} 10:00:00", "2020:01:01 10:00:00", ""))]  # fmt: skip
    ready = [f for _, f in intake.prepare(ledger, files).files]
    attachments.add_ready(ledger, [(other.id, ready[0])])

    def told(visit: str | None, first: str | None, last: str | None = None) -> dict[str, str]:
        seen = [Seen(f.name, f.kind, f.sha256, f.source_sha256, f.taken_at) for f in ready]
        return {k: "".join(v) for k, v in photo_marks.marks(ledger, visit, seen, first, last).items()}

    found = told(one.id, one.date)
    assert found.keys() == {"0.jpg", "1.jpg"}
    assert found["1.jpg"] == "拍摄于2020年1月1日，不是服务当天。"
    assert "同一张照片也用在" in found["0.jpg"] and other.names in found["0.jpg"]
    # Its own visit is not another one; several days are one service; without a date nothing is said of days.
    assert told(other.id, None) == {}
    assert told(other.id, "2020-01-01", one.date) == {}
    # The same file scaled otherwise elsewhere is known by its source; a deleted use counts no more.
    (row,) = attachments.listed(ledger, "visit", other.id)
    seen = [Seen("x", PHOTO, "0" * 64, row.source_sha256, None)]
    assert photo_marks.marks(ledger, one.id, seen, None, None)
    assert (
        photo_marks.marks(
            ledger, None, [Seen("x", DOCUMENT, row.sha256, row.source_sha256, None)], None, None
        )
        == {}
    )
    attachments.remove(ledger, [row.id])
    assert photo_marks.marks(ledger, one.id, seen, None, None) == {}

"""Signed sheets dropped on the window find their visits; the rest is attached by hand; all in one operation."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, history, visit_sheets, visits
from commissioner_app.ledgers import Ledger
from commissioner_app.visits import VisitFilter
from ui import tasks
from ui.context import Context
from ui.main_window import LedgerWindow
from ui.tasks import Progress
from ui.visits.page import VisitsPage
from ui.visits.signed import SignedDialog

Settle = Callable[[], None]


@pytest.fixture
def window(demo_ledger: Ledger, qtbot: QtBot, settle: Settle) -> Iterator[LedgerWindow]:
    made = LedgerWindow(Context(demo_ledger))
    qtbot.addWidget(made)
    made.show()
    settle()
    made.open("visits")
    settle()
    page = made.page("visits")
    assert isinstance(page, VisitsPage)
    page.bar.switch.choose("calendar")  # no visit is open beside it
    settle()
    yield made
    tasks.shut_down()
    made.close()


@pytest.fixture
def rows(demo_ledger: Ledger) -> list[visits.VisitRow]:
    found = visits.listed_rowids(demo_ledger, VisitFilter(), "date", True)[:3]
    by_row = visits.rows(demo_ledger, found)
    return [by_row[r] for r in found]


@pytest.fixture
def scan(demo_ledger: Ledger, rows: list[visits.VisitRow], tmp_path: Path) -> Path:
    """A scan of three pages: two sheets of visits, between them one without a code."""
    visit_sheets.write(demo_ledger, [rows[0].id, rows[1].id], tmp_path / "单.pdf")
    with pypdfium2.PdfDocument(tmp_path / "单.pdf") as document:
        pages = [document[n].render(scale=2).to_pil().convert("RGB") for n in range(2)]
    pages.insert(1, Image.new("RGB", pages[0].size, "white"))
    path = tmp_path / "扫描件.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=144)
    return path


def dialog_of(window: LedgerWindow, settle: Settle) -> SignedDialog:
    settle()
    settle()
    made: Iterable[SignedDialog] = window.findChildren(SignedDialog)
    (dialog,) = (d for d in made if d.isVisible())
    return dialog


def scans_of(ledger: Ledger, visit: str) -> list[str]:
    return [a.file_name for a in attachments.listed(ledger, "visit", visit) if a.kind == attachments.SCAN]


def test_dropped_anywhere_pages_find_their_visits_and_one_is_attached_by_hand(
    window: LedgerWindow, demo_ledger: Ledger, rows: list[visits.VisitRow], scan: Path, tmp_path: Path, qtbot: QtBot,
    settle: Settle,
) -> None:  # fmt: skip
    bad = tmp_path / "坏的.pdf"
    bad.write_bytes(b"%PDF-1.4")
    assert "识别 2 个签字单文件" in window._drop_words([scan, bad])
    window._sheet.dropped.emit([scan, bad])
    dialog = dialog_of(window, settle)
    assert dialog.isVisible() and "坏的.pdf" in dialog.notice.text()
    lines = dialog.pages.lines
    assert [line.visit.id if line.visit else None for line in lines] == [rows[0].id, None, rows[1].id]
    assert dialog.sums.text() == "共 3 页，1 页未识别" and dialog.go.text() == "归档 2 页"
    said = dialog.pages.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert rows[0].number in said and rows[0].date in said and rows[0].names in said and "已识别" in said
    # The first without a visit is in view; a name and a day find the visit that is meant.
    assert dialog.line() is lines[1] and not dialog.keep.isEnabled()
    dialog.activateWindow()
    dialog.picker.setFocus()
    qtbot.waitUntil(dialog.picker.hasFocus, timeout=5000)
    day = "/".join(str(int(part)) for part in rows[2].date.split("-")[1:])
    dialog.picker.setText(f"{rows[2].names} {day}")
    dialog.picker.look()
    settle()
    hit: Any = dialog.picker.drop.hits()[0].key
    assert hit.id == rows[2].id
    qtbot.keyClick(dialog.picker, Qt.Key.Key_Return)
    assert lines[1].visit.id == rows[2].id and lines[1].by_hand and dialog.go.text() == "归档 3 页"
    assert dialog.sums.text() == "共 3 页"
    # One that is not wanted is left out.
    dialog.list.setCurrentIndex(dialog.pages.index(2))
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert lines[2].left_out and dialog.go.text() == "归档 2 页"
    operations = len(history.operations(demo_ledger))
    told: list[str] = []
    window.context.said.connect(lambda text, _undoable: told.append(text))
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    settle()
    assert told[-1] == "已归档 2 页签字单"
    assert len(history.operations(demo_ledger)) == operations + 1
    assert scans_of(demo_ledger, rows[0].id) and scans_of(demo_ledger, rows[2].id)
    assert not scans_of(demo_ledger, rows[1].id)
    window.context.undo()
    settle()
    settle()
    assert not scans_of(demo_ledger, rows[0].id) and not scans_of(demo_ledger, rows[2].id)


def test_what_is_filed_already_is_not_filed_twice(
    window: LedgerWindow, demo_ledger: Ledger, rows: list[visits.VisitRow], scan: Path, settle: Settle
) -> None:
    told: list[str] = []
    window.context.said.connect(lambda text, _undoable: told.append(text))
    for _ in range(2):
        window.take_files([scan])
        dialog = dialog_of(window, settle)
        dialog.file_all()
        settle()
        settle()
    assert told[-1] == "没有新的签字单，2 页以前已归档" and len(scans_of(demo_ledger, rows[0].id)) == 1


def test_a_photo_of_a_sheet_and_a_picture_that_is_broken(
    window: LedgerWindow, rows: list[visits.VisitRow], scan: Path, tmp_path: Path, settle: Settle
) -> None:
    with pypdfium2.PdfDocument(scan) as document:
        document[0].render(scale=2).to_pil().convert("RGB").rotate(90, expand=True).save(
            tmp_path / "IMG_1.jpg"
        )
    assert "IMG_1.jpg" in window._drop_words([tmp_path / "IMG_1.jpg"])
    window.take_files([tmp_path / "IMG_1.jpg"])
    dialog = dialog_of(window, settle)
    assert dialog.pages.lines[0].visit.id == rows[0].id
    dialog.reject()
    (tmp_path / "坏.jpg").write_bytes(b"no picture")
    refused: list[str] = []
    window.context.refused.connect(refused.append)
    window.take_files([tmp_path / "坏.jpg"])
    settle()
    assert len(refused) == 1 and "坏.jpg" in refused[0]


def test_on_other_pages_and_for_other_files_nothing_is_taken(
    window: LedgerWindow, scan: Path, tmp_path: Path, settle: Settle
) -> None:
    page = window.page("visits")
    assert isinstance(page, VisitsPage)
    assert not page.take_files([tmp_path / "说明.txt"]) and page.drop_words([tmp_path / "说明.txt"]) == ""
    window.open("reports")
    settle()
    window.take_files([scan])
    settle()
    assert not window.findChildren(SignedDialog) and "没有打开" in window._toast.message.text()


def test_looking_is_cancelled(
    window: LedgerWindow, scan: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        window, "watch", lambda progress: progress.cancel() if isinstance(progress, Progress) else None
    )
    window.take_files([scan])
    settle()
    settle()
    assert not window.findChildren(SignedDialog)


def test_the_command_asks_for_files_and_esc_asks_before_choices_are_lost(
    window: LedgerWindow, rows: list[visits.VisitRow], scan: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[str], list[QDialog]],
) -> None:  # fmt: skip
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a: ([str(scan)], ""))
    window.open("visits", "signed")
    dialog = dialog_of(window, settle)
    dialog.assign(rows[2])
    asked = answer("取消")
    dialog.reject()
    assert len(asked) == 1 and dialog.isVisible()
    answer("放弃")
    dialog.reject()
    assert not dialog.isVisible()


def test_beside_an_open_visit_sheets_are_told_from_its_photos(
    window: LedgerWindow, demo_ledger: Ledger, rows: list[visits.VisitRow], scan: Path, tmp_path: Path, qtbot: QtBot,
    settle: Settle,
) -> None:  # fmt: skip
    page = window.page("visits")
    assert isinstance(page, VisitsPage)
    page.bar.switch.choose("table")
    settle()
    window.open("visits", rows[2].id)
    settle()
    assert page.editor.isVisible() and page.editor.visit == rows[2].id
    Image.effect_noise((900, 700), 60).convert("RGB").save(tmp_path / "现场.jpg")
    with pypdfium2.PdfDocument(scan) as document:
        document[0].render(scale=2).to_pil().convert("RGB").save(tmp_path / "单子.jpg")
    window.take_files([tmp_path / "现场.jpg"])
    settle()
    settle()
    assert [a.kind for a in attachments.listed(demo_ledger, "visit", rows[2].id)] == [attachments.PHOTO]
    # With sheets among them all are looked at, and nothing is taken before a person says so.
    window.take_files([tmp_path / "现场.jpg", tmp_path / "单子.jpg", scan])
    dialog = dialog_of(window, settle)
    assert [line.page.file.name for line in dialog.pages.lines] == [
        "现场.jpg",
        "单子.jpg",
        *["扫描件.pdf"] * 3,
    ]
    assert [line.goes for line in dialog.pages.lines] == [False, True, True, False, True]
    dialog.file_all()
    settle()
    settle()
    kinds = {v.id: sorted(a.kind for a in attachments.listed(demo_ledger, "visit", v.id)) for v in rows}
    sheet, photo = attachments.SCAN, attachments.PHOTO
    assert kinds == {rows[0].id: [sheet, sheet], rows[1].id: [sheet], rows[2].id: [photo]}
    # Beside one that has passed photos are refused, sheets are not.
    visits.submit(demo_ledger, [rows[2].id])
    visits.pass_visits(demo_ledger, [rows[2].id])
    qtbot.waitUntil(lambda: page.editor.photos.locked, timeout=5000)
    settle()
    window.take_files([tmp_path / "现场.jpg"])
    settle()
    assert "不能再改" in page.editor.photos.note.text()
    window.take_files([scan])
    assert len(dialog_of(window, settle).pages.lines) == 3


def test_several_tables_are_dropped_at_once(
    window: LedgerWindow,
    demo_ledger: Ledger,
    tmp_path: Path,
    settle: Settle,
    answer: Callable[[str], list[QDialog]],
) -> None:
    files = []
    for n, name in enumerate("甲乙"):
        files.append(tmp_path / f"{name}.csv")
        text = f"特派员,日期,天数,受援县,服务内容\n演示一,2022-06-0{n + 1},1,温县,拖入{n}\n"
        files[-1].write_text(text, "utf-8")
    assert "2 个服务记录表" in window._drop_words(files)
    answer("导入 2 条")
    window.take_files(files)
    settle()
    settle()
    settle()
    assert len(visits.listed_rowids(demo_ledger, VisitFilter(text="拖入"), "date", True)) == 2

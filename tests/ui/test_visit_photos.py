"""Photos and scans in the visit editor: by drop, paste, button and folder; large, with captions, with what is to be noted."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, visit_sheets, visits
from commissioner_app.attachments import DOCUMENT, PHOTO, SCAN, AttachmentRow
from commissioner_app.ledgers import Ledger
from db.queries.visits import VisitFilter, VisitRow
from tests.ui.holds import AtFirstReport, held
from ui.context import Context
from ui.main_window import LedgerWindow
from ui.visits.page import VisitsPage
from ui.visits.photos import asking
from ui.visits.photos.viewer import PhotoViewer
from ui.visits.signed import SignedDialog

Settle = Callable[[], None]
HEIC = Path(__file__).parent.parent / "data" / "演示.heic"


def rows(ledger: Ledger, **f: Any) -> list[VisitRow]:
    rowids = visits.listed_rowids(ledger, VisitFilter(**f), "date", True)
    found = visits.rows(ledger, rowids)
    return [found[r] for r in rowids]


def attached(ledger: Ledger, visit: str) -> list[AttachmentRow]:
    return attachments.listed(ledger, "visit", visit)


def picture(path: Path, taken: str = "", shade: int = 40) -> Path:
    image = Image.effect_noise((160, 120), shade).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, exif=exif.tobytes())
    return path


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], small_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, small_ledger)


@pytest.fixture
def draft(page: VisitsPage, small_ledger: Ledger, settle: Settle) -> VisitRow:
    """A visit that is shown and may be changed."""
    visit = rows(small_ledger, states=("draft",))[0]
    page.show_item(visit.id)
    settle()
    return visit


@pytest.fixture
def window(small_ledger: Ledger, qtbot: QtBot, settle: Settle) -> Any:
    shown: Any = LedgerWindow(Context(small_ledger))
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitExposed(shown)
    settle()
    return shown


def drop(window: Any, *files: Path) -> str:
    """Files let go over the window, as the platform does it; what it said while they hung over it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(f)) for f in files])
    action, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window.windowHandle(), QDragEnterEvent(QPoint(300, 20), action, data, left, none))
    said = str(window._sheet.text.text())
    event = QDropEvent(QPointF(300, 20), action, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(window.windowHandle(), event)
    return said


def test_files_and_a_folder_dropped_on_the_window_go_to_the_visit_that_is_shown(
    window: Any, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    visit = rows(small_ledger, states=("draft",))[0].id
    window.open("visits", visit)
    settle()
    folder = tmp_path / "手机"
    picture(folder / "Camera" / "1.jpg", shade=20)
    picture(folder / "2.png", shade=30)
    (tmp_path / "表.docx").write_bytes(b"word")
    assert "添加到正在填写的服务记录" in drop(window, folder, HEIC, tmp_path / "表.docx")
    settle()
    settle()
    assert [(a.file_name, a.kind) for a in attached(small_ledger, visit)] == [
        ("2.png", PHOTO), ("1.jpg", PHOTO), ("演示.heic", PHOTO),
    ]  # fmt: skip
    strip = window.page("visits").editor.photos
    assert (
        len(strip.album.items) == 3
        and "照片 3" in window.page("visits").editor.fields._fields["photos"].head.text()
    )
    assert strip.note.text() == "“表.docx”不是图片或 PDF，没有添加。" and strip.note.isVisible()
    # On another page, or with nothing open, the window says that it takes packages only.
    window.open("home")
    assert "数据包" in drop(window, HEIC)


def test_photos_of_a_new_visit_wait_and_come_with_it(
    page: VisitsPage, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    page.show_item("new")
    settle()
    f, strip = page.editor.fields, page.editor.photos
    files = [picture(tmp_path / "a.jpg", shade=20), picture(tmp_path / "b.webp", shade=30)]
    assert page.take_files([*files, files[0]])
    settle()
    assert [i.name for i in strip.album.items] == ["a.jpg", "b.webp"] and page.editor.dirty
    assert strip.note.text() == "“a.jpg”已经添加过。"
    strip.album.set_caption(strip.album.items[1].key, "现场讲解")
    # Taken away and brought back before anything is saved.
    strip.view.setCurrentIndex(strip.model.index(0))
    qtbot.keyClick(strip.view, Qt.Key.Key_Delete)
    assert [i.name for i in strip.album.items] == ["b.webp"] and strip.undo.isVisible()
    qtbot.mouseClick(strip.undo, Qt.MouseButton.LeftButton)
    assert len(strip.album.items) == 2 and not strip.undo.isVisible()
    before = len(rows(small_ledger))
    f.who.set_values(["演示三"])
    f.date.setText("2022-07-03")
    f.days.setText("1")
    f.place.set_where(["410821", None, None])
    f.content.setPlainText("指导")
    page.editor.save()
    settle()
    settle()
    visit = page.editor.visit
    assert len(rows(small_ledger)) == before + 1
    assert {(a.file_name, a.caption) for a in attached(small_ledger, visit)} == {
        ("a.jpg", ""),
        ("b.webp", "现场讲解"),
    }
    assert [i.waiting for i in strip.album.items] == [None, None]
    # One operation: undoing it takes the visit and its photos away.
    page._context.undo()
    settle()
    assert len(rows(small_ledger)) == before and attached(small_ledger, visit) == []


def test_saving_waits_for_photos_that_are_still_being_read(
    page: VisitsPage, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    page.show_item("new")
    settle()
    f = page.editor.fields
    f.who.set_values(["演示三"])
    f.date.setText("2022-07-03")
    f.days.setText("1")
    f.place.set_where(["410821", None, None])
    f.content.setPlainText("指导")
    page.take_files([picture(tmp_path / "a.jpg")])
    page.editor.save()
    assert "照片还在添加" in page.editor.notice.text() and page.editor.is_new
    qtbot.waitUntil(lambda: page.editor.visit is not None, timeout=10_000)
    settle()
    assert len(attached(small_ledger, page.editor.visit)) == 1


def test_what_is_still_being_read_does_not_come_to_the_next_visit(
    page: VisitsPage,
    small_ledger: Ledger,
    tmp_path: Path,
    settle: Settle,
    answer: Callable[[str], list[QDialog]],
) -> None:
    page.show_item("new")
    settle()
    with held():
        page.take_files([picture(tmp_path / "a.jpg")])
        page.editor.give_up()
        page.show_item("new")
    settle()
    assert page.editor.is_new and page.editor.photos.album.items == [] and not page.editor.dirty


def test_paste_takes_pictures_and_files_and_leaves_text_to_the_fields(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    content, clipboard = page.editor.fields.content, QGuiApplication.clipboard()
    content.setPlainText("")
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)

    def paste(fill: Callable[[QMimeData], object]) -> None:
        data = QMimeData()
        fill(data)
        clipboard.setMimeData(data)
        qtbot.keyClick(content, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        settle()

    paste(lambda d: d.setImageData(image))
    assert [a.file_name for a in attached(small_ledger, draft.id)] == [
        "粘贴的图片.jpg"
    ] and content.toPlainText() == ""
    paste(lambda d: d.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "b.jpg")))]))
    assert len(attached(small_ledger, draft.id)) == 2 and content.toPlainText() == ""
    paste(lambda d: d.setText("指导种植"))
    assert content.toPlainText() == "指导种植"

    def cells(data: QMimeData) -> None:  # as spreadsheets copy them
        data.setText("表格")
        data.setImageData(image)

    paste(cells)
    assert content.toPlainText() == "指导种植表格" and len(attached(small_ledger, draft.id)) == 2
    paste(lambda d: d.setImageData(image))  # the same once more
    assert "已经添加过" in page.editor.photos.note.text() and len(attached(small_ledger, draft.id)) == 2
    clipboard.clear()  # what a clipboard without a screen still holds at the end crashes the program


def test_the_buttons_ask_for_files_a_folder_and_signed_sheets(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    strip = page.editor.photos
    chosen: list[str] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: (chosen, ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_a, **_k: str(tmp_path / "手机"))
    Image.new("RGB", (200, 280), "white").save(tmp_path / "资料.pdf")
    chosen[:] = [str(tmp_path / "资料.pdf")]
    asking.choose_files(strip)
    settle()
    asking.choose_signed(strip)
    settle()
    picture(tmp_path / "手机" / "1.jpg")
    asking.choose_folder(strip)
    settle()
    settle()
    assert sorted((a.kind, a.file_name) for a in attached(small_ledger, draft.id)) == sorted(
        [(DOCUMENT, "资料.pdf"), (SCAN, "资料-1.jpg"), (PHOTO, "1.jpg")]
    )
    assert page.editor.fields._fields["photos"].head.text() == "照片 1    签字单 1    材料 1"
    # The last tile is the button: Enter on it opens the menu of the three.
    strip.view.setFocus()
    strip.view.setCurrentIndex(strip.model.index(3))
    qtbot.keyClick(strip.view, Qt.Key.Key_Return)
    menu: Any = QApplication.activePopupWidget()
    assert [a.text() for a in menu.actions()] == ["照片、PDF…", "整个文件夹…", "签字单扫描件…"]
    menu.close()


def test_of_a_phones_folder_only_those_of_the_day(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, settle: Settle,
    answer: Callable[[str], list[QDialog]],
) -> None:  # fmt: skip
    day = draft.date.replace("-", ":")
    for n in range(15):
        picture(
            tmp_path / "DCIM" / f"{n:02d}.jpg",
            f"{day} 10:00:00" if n < 2 else "2019:01:01 10:00:00",
            shade=10 + n,
        )
    asked = answer("只添加这 2 张")
    page.take_files([tmp_path / "DCIM"])
    settle()
    settle()
    assert len(asked) == 1 and "15 个文件" in asked[0].windowTitle()
    assert [a.file_name for a in attached(small_ledger, draft.id)] == ["00.jpg", "01.jpg"]


def test_cancel_adds_nothing(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    strip = page.editor.photos
    seen: list[str] = []

    def stop() -> None:
        seen.append(strip.what.text())
        assert strip.working.isVisible()
        qtbot.mouseClick(strip.stop, Qt.MouseButton.LeftButton)

    strip.album.taking.working.connect(lambda progress: AtFirstReport(progress, stop))
    page.take_files([picture(tmp_path / f"{n}.jpg", shade=10 + n) for n in range(6)])
    settle()
    assert seen == ["正在添加 1 / 6"]
    assert attached(small_ledger, draft.id) == [] and not strip.working.isVisible()


def test_another_day_and_another_visit_are_marked_and_follow_the_date_in_the_editor(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, settle: Settle
) -> None:
    other = rows(small_ledger, states=("submitted",))[0]
    shared = picture(tmp_path / "a.jpg", "2022:07:03 10:00:00", 20)
    attachments.add_photos(small_ledger, other.id, [shared])
    page.take_files([shared, picture(tmp_path / "b.jpg", shade=30)])
    settle()
    settle()
    strip = page.editor.photos
    first, second = strip.album.items
    assert (
        "不是服务当天" in "".join(first.marks) and other.names in "".join(first.marks) and second.marks == ()
    )
    assert strip.doubts.isVisible() and strip.doubts.text().startswith(
        "第 1 张：拍摄于2022年7月3日，不是服务当天。同一张"
    )
    page.editor.fields.date.setText("2022-07-03")
    settle()
    assert "不是服务当天" not in strip.doubts.text() and "同一张照片也用在" in strip.doubts.text()


def test_large_with_arrow_keys_caption_save_as_and_delete_with_undo(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    attachments.add_photos(
        small_ledger, draft.id, [picture(tmp_path / f"{n}.jpg", shade=20 + 10 * n) for n in range(3)]
    )
    strip = page.editor.photos
    qtbot.waitUntil(lambda: len(strip.album.items) == 3, timeout=5000)
    settle()
    strip.view.setFocus()
    strip.view.setCurrentIndex(strip.model.index(0))
    qtbot.keyClick(strip.view, Qt.Key.Key_Return)
    viewer: Any = page.window().findChild(PhotoViewer)
    settle()
    assert viewer.isVisible() and "1 / 3" in viewer.title.text() and "拍摄时间未知" in viewer.facts.text()
    assert viewer.geometry() == page.window().rect() and viewer._picture.width() == 160
    assert not viewer.doubt.isVisible()
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert "3 / 3" in viewer.title.text() and not viewer.after.isEnabled()
    qtbot.keyClick(viewer, Qt.Key.Key_Left)
    viewer.caption.setFocus()
    qtbot.keyClicks(viewer.caption, "on site")
    qtbot.keyClick(viewer.caption, Qt.Key.Key_Return)
    settle()
    settle()
    assert [a.caption for a in attached(small_ledger, draft.id)] == ["", "on site", ""] and viewer.isVisible()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / "out.jpg"), ""))
    qtbot.mouseClick(viewer.store, Qt.MouseButton.LeftButton)
    settle()
    saved = attachments.data(small_ledger, attached(small_ledger, draft.id)[1])
    assert (tmp_path / "out.jpg").read_bytes() == saved and Image.open(io.BytesIO(saved)).size == (160, 120)
    viewer.setFocus()
    qtbot.keyClick(viewer, Qt.Key.Key_Delete)
    settle()
    qtbot.waitUntil(lambda: len(strip.album.items) == 2, timeout=5000)
    assert "2 / 2" in viewer.title.text()
    page._context.undo()
    settle()
    qtbot.waitUntil(lambda: len(strip.album.items) == 3, timeout=5000)
    # Esc in the caption leaves the picture, not the visit.
    viewer.caption.setFocus()
    qtbot.keyClick(viewer.caption, Qt.Key.Key_Escape)
    assert not viewer.isVisible() and page.editor.isVisible() and strip.view.hasFocus()


def test_keys_do_not_reach_what_lies_below_a_large_photo(
    window: Any, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    visit = rows(small_ledger, states=("draft",))[0].id
    attachments.add_photos(small_ledger, visit, [picture(tmp_path / "a.jpg")])
    window.open("visits", visit)
    settle()
    settle()
    editor = window.page("visits").editor
    editor.photos.opened.emit(editor.photos.album.items[0].key)
    viewer: Any = window.findChild(PhotoViewer)
    assert viewer.geometry() == window.rect()
    ctrl, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    for at in (viewer, viewer.caption, viewer.store):
        at.setFocus()
        for key, modifier in ((Qt.Key.Key_N, ctrl), (Qt.Key.Key_Return, ctrl), (Qt.Key.Key_1, alt)):
            qtbot.keyClick(at, key, modifier)
        assert window.current() == "visits" and editor.visit == visit and viewer.isVisible()
    viewer.setFocus()
    qtbot.keyClick(viewer, Qt.Key.Key_Z, ctrl)  # 撤销 of what was added
    qtbot.waitUntil(lambda: attached(small_ledger, visit) == [], timeout=5000)
    settle()
    assert not viewer.isVisible()  # nothing is left to be shown


def test_one_that_has_not_arrived_is_a_placeholder_with_a_sentence(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    attachments.add_photos(small_ledger, draft.id, [picture(tmp_path / "a.jpg")])
    settle()
    with small_ledger.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM blob")
    page.show_item(draft.id)
    page.editor.photos.album.reload()
    settle()
    (item,) = page.editor.photos.album.items
    assert not item.here and "还没有收到" in str(
        page.editor.photos.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    )
    page.editor.photos.opened.emit(item.key)
    viewer: Any = page.window().findChild(PhotoViewer)
    assert "还没有收到" in viewer.doubt.text() and viewer.doubt.isVisible() and not viewer.store.isEnabled()
    viewer.leave()


def test_thumbnails_are_made_once(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    attachments.add_photos(small_ledger, draft.id, [picture(tmp_path / "a.jpg")])
    strip = page.editor.photos
    qtbot.waitUntil(lambda: len(strip.album.items) == 1, timeout=5000)
    made: list[str] = []
    strip.thumbs.ready.connect(made.append)
    strip.view.grab()
    qtbot.waitUntil(lambda: len(made) == 1, timeout=5000)
    page.show_item(rows(small_ledger)[4].id)
    settle()
    page.show_item(draft.id)
    settle()
    settle()
    picture_now = strip.thumbs.get(strip.album.items[0])
    assert picture_now is not None and picture_now.width() == 160 and len(made) == 1


def test_a_signed_sheet_dropped_goes_where_its_code_says(
    page: VisitsPage, draft: VisitRow, small_ledger: Ledger, tmp_path: Path, settle: Settle
) -> None:
    other = rows(small_ledger, states=("submitted",))[0]
    visit_sheets.write(small_ledger, [draft.id, other.id], tmp_path / "单.pdf")
    page.take_files([tmp_path / "单.pdf"])
    settle()
    settle()
    made: Iterable[SignedDialog] = page.findChildren(SignedDialog)
    (dialog,) = made
    dialog.file_all()
    settle()
    settle()
    assert [a.kind for a in attached(small_ledger, draft.id)] == [SCAN]
    assert [a.kind for a in attached(small_ledger, other.id)] == [SCAN]

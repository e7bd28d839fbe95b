"""The detail of a person as its users touch it: photo, documents, ID number, career; 换人 with visits."""

import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QImageWriter,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from commissioner_app import attachments, batches, history, ledgers, people, places, portraits, visits
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger
from ui import tasks
from ui.commissioners import dialogs, picture
from ui.commissioners.detail import CAREER, DOCUMENTS, PLACE
from ui.commissioners.page import CommissionersPage
from ui.context import Context
from ui.main_window import LedgerWindow

NUMBER = "11010519491231002X"


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    found = places.listed(made, batches.all_batches(made)[0])
    for n, row in enumerate(found[:3]):
        people.save_entry(made, row.id, person_values={"name": f"演示{'甲乙丙'[n]}"})
    yield made
    made.close()


@pytest.fixture
def page(qtbot, bureau: Ledger) -> Iterator[CommissionersPage]:
    context = Context(bureau)
    made = CommissionersPage(context)
    context.changed.connect(made.note_changes)  # as the window does
    qtbot.addWidget(made)
    made.resize(1170, 680)
    made.show()
    made.come()
    qtbot.waitUntil(lambda: bool(made.model.all_lines()) and ready(made))
    yield made
    tasks.shut_down()
    context.close()


def ready(page: CommissionersPage) -> bool:
    return not tasks.busy() and page.editor._entry is not None


def choose(qtbot, page: CommissionersPage, row: int) -> str:
    """Choose a row and tell the person."""
    qtbot.waitUntil(lambda: ready(page))
    page.table.selectRow(row)
    code = page.model.lines()[row].place.code
    qtbot.waitUntil(lambda: page.editor.row().code == code and ready(page))
    return str(page.editor.row().commissioner)


def image_file(path: Path, width: int, height: int, kind: str = "png") -> Path:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(QColor(40, 120, 200, 255))
    assert QImageWriter(str(path), kind.encode()).write(image)
    return path


def bomb(path: Path, side: int = 30_000) -> Path:
    """A PNG of a few hundred bytes that says it has 900 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 100_000)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b""))
    return path


def drop(widget: QWidget, files: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(f)) for f in files])
    left, none, move = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(10, 10), move, data, left, none)
    QApplication.sendEvent(widget, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(widget, QDropEvent(QPointF(10, 10), move, data, left, none))


# -- photo -------------------------------------------------------------------------------------------------


def test_a_photo_is_chosen_replaced_and_taken_away(qtbot, bureau, page, tmp_path, monkeypatch) -> None:
    person = choose(qtbot, page, 1)
    photo = page.editor.top.photo
    assert not photo.has_photo() and "没有照片" in photo.accessibleName()
    big = image_file(tmp_path / "大.png", 1500, 2100)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(big), ""))
    photo.menu().actions()[0].trigger()
    qtbot.waitUntil(photo.has_photo)
    kept = portraits.of_person(bureau, person)
    assert kept and kept[0].kind == "证件照" and kept[0].file_name == "演示乙.jpg"
    shown = QImage.fromData(kept[1])
    assert kept[1][:2] == b"\xff\xd8" and max(shown.width(), shown.height()) == 600
    drop(photo, [image_file(tmp_path / "b.jpg", 300, 400, "jpeg")])
    qtbot.waitUntil(lambda: portraits.of_person(bureau, person)[0].id != kept[0].id and ready(page))
    assert [a.kind for a in attachments.listed(bureau, "commissioner", person)] == ["证件照"]
    assert page.editor.documents.rows() == []
    page._context.undo()
    qtbot.waitUntil(lambda: portraits.of_person(bureau, person)[0].id == kept[0].id and ready(page))
    photo.setFocus()
    qtbot.keyClick(photo, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not photo.has_photo() and ready(page))
    page._context.undo()
    qtbot.waitUntil(photo.has_photo)
    choose(qtbot, page, 0)
    assert not photo.has_photo()
    saved = tmp_path / "照片.jpg"
    choose(qtbot, page, 1)
    qtbot.waitUntil(photo.has_photo)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(saved), ""))
    photo.save_as()
    assert saved.read_bytes() == kept[1]


def test_a_photo_is_pasted(qtbot, bureau, page) -> None:
    person = choose(qtbot, page, 0)
    image = QImage(200, 300, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    QGuiApplication.clipboard().setImage(image)
    photo = page.editor.top.photo
    photo.setFocus()
    qtbot.keyClick(photo, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(photo.has_photo)
    shown = QImage.fromData(portraits.of_person(bureau, person)[1])
    assert shown.pixelColor(5, 5).lightness() > 250  # transparent became white, not black
    QGuiApplication.clipboard().setText("没有图片")
    with qtbot.waitSignal(page._context.refused) as told:
        photo.paste()
    assert "没有图片" in told.args[0]


@pytest.mark.parametrize("name", ["bomb", "text", "empty", "cut", "svg", "gone"])
def test_what_is_no_photo_is_refused_in_one_sentence(qtbot, bureau, page, tmp_path, name) -> None:
    choose(qtbot, page, 0)
    path = tmp_path / "照片.png"
    if name == "bomb":
        bomb(path)
    elif name == "cut":
        whole = image_file(path, 800, 800).read_bytes()
        path.write_bytes(whole[: len(whole) // 4])
    elif name != "gone":
        path.write_bytes(
            {"text": "不是图片".encode(), "empty": b"", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}[
                name
            ]
        )
    changes = len(history.operations(bureau))
    with qtbot.waitSignal(page._context.refused) as told:
        page.editor.top.photo.take_file(path)
    assert told.args[0].count("。") == 1 and "照片.png" in told.args[0]
    assert ("万像素" in told.args[0]) is (name == "bomb")
    assert len(history.operations(bureau)) == changes and not page.editor.top.photo.has_photo()


def test_a_picture_is_turned_upright_and_never_made_larger() -> None:
    taken = Image.Exif()
    taken[0x0112] = 6  # held upright: the picture lies on its side
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(made, "JPEG", exif=taken)
    upright = QImage.fromData(picture.from_bytes(made.getvalue(), "a.jpg"))
    assert (upright.width(), upright.height()) == (20, 40)
    with pytest.raises(Refused, match="4,000 万像素"):
        picture.from_image(QImage(8000, 5001, QImage.Format.Format_Mono), "a")


# -- documents ---------------------------------------------------------------------------------------------


def test_documents_are_added_opened_saved_and_deleted(qtbot, bureau, page, tmp_path, monkeypatch) -> None:
    person = choose(qtbot, page, 0)
    e = page.editor
    e.tabs.setCurrentIndex(DOCUMENTS)
    assert "拖进来" in e.documents._note.text() and not e.documents.open_button.isEnabled()
    files = []
    for name, size in (("聘书.pdf", 320_000), ("证书.jpg", 1_400_000)):
        files.append(tmp_path / name)
        files[-1].write_bytes(b"x" * size)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(files[0])], ""))
    e.documents.add_button.click()
    qtbot.waitUntil(lambda: len(e.documents.rows()) == 1 and ready(page))
    drop(e.documents, [files[1]])
    qtbot.waitUntil(lambda: len(e.documents.rows()) == 2 and ready(page))
    assert e.tabs.tabText(DOCUMENTS) == "材料 2"
    assert (
        e.documents.list.item(0).text() == "聘书.pdf　320 KB" and "1.4 MB" in e.documents.list.item(1).text()
    )
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    e.documents.list.setCurrentRow(0)
    qtbot.keyClick(e.documents.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    assert Path(opened[0]).name == "聘书.pdf" and Path(opened[0]).stat().st_size == 320_000
    target = tmp_path / "另存.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    e.documents.save_button.click()
    assert target.stat().st_size == 320_000
    folder = tmp_path / "夹"
    folder.mkdir()
    (folder / "聘书.pdf").write_bytes(b"old")
    e.documents.list.selectAll()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    e.documents.save_as()
    assert sorted(p.name for p in folder.iterdir()) == ["聘书 (2).pdf", "聘书.pdf", "证书.jpg"]
    assert (folder / "聘书.pdf").read_bytes() == b"old"
    qtbot.keyClick(e.documents.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not e.documents.rows() and ready(page))
    page._context.undo()
    qtbot.waitUntil(lambda: len(e.documents.rows()) == 2 and ready(page))
    assert len(attachments.listed(bureau, "commissioner", person)) == 2
    with qtbot.waitSignal(page._context.refused) as told:
        e.documents.add_files([tmp_path])
    assert "文件夹" in told.args[0]
    choose(qtbot, page, 5)  # an open place has no documents
    assert not e.tabs.isTabEnabled(DOCUMENTS) and e.tabs.currentIndex() != DOCUMENTS


def test_files_over_the_window_leave_photo_and_documents_uncovered(qtbot, bureau, tmp_path) -> None:
    window = LedgerWindow(Context(bureau))
    qtbot.addWidget(window)
    window.show()
    window.open("commissioners")
    page = window.page("commissioners")
    qtbot.waitUntil(lambda: ready(page) and page.editor.isVisible())
    qtbot.waitUntil(lambda: bool(page.editor.row().commissioner))
    sheet, photo = window._sheet, page.editor.top.photo

    def come(name: str) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        sheet.come(data)

    at = photo.mapTo(window, QPoint(20, 20))
    come("照片.jpg")
    assert sheet.isVisible() and not sheet.mask().contains(at) and "没有盖住" in sheet.text.text()
    assert window.childAt(at) is photo
    come("包.ktpack")
    assert sheet.mask().contains(at) and "查看" in sheet.text.text()
    come("聘书.pdf")
    assert sheet.mask().contains(at)
    page.editor.tabs.setCurrentIndex(DOCUMENTS)
    come("聘书.pdf")
    zone = page.editor.documents
    assert not sheet.mask().contains(zone.mapTo(window, QPoint(20, 40))) and sheet.mask().contains(at)
    sheet.hide()
    qtbot.waitUntil(lambda: not tasks.busy())  # the window and its context are closed by qtbot


# -- ID number ---------------------------------------------------------------------------------------------


def test_an_id_number_is_masked_but_for_the_eye(qtbot, bureau, page) -> None:
    person = choose(qtbot, page, 0)
    field = page.editor.person.id_number
    field.setFocus()
    qtbot.keyClicks(field, NUMBER.lower())
    page.editor.save_button.click()
    qtbot.waitUntil(lambda: people.person(bureau, person).get("id_number") == NUMBER and ready(page))
    page.editor.person.name.setFocus()
    masked = "1101**********002X"
    qtbot.waitUntil(lambda: field.text() == masked)
    qtbot.keyClick(field, Qt.Key.Key_F2)
    assert field.text() == NUMBER
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert field.text() == masked and not field.is_open()
    qtbot.keyClicks(field, "9")
    QGuiApplication.clipboard().setText("4")
    field.paste()
    assert field.text() == masked and not page.editor.dirty()
    field.eye.trigger()
    assert field.text() == NUMBER
    choose(qtbot, page, 1)
    assert field.text() == ""
    choose(qtbot, page, 0)
    assert field.text() == masked
    field.eye.trigger()
    page.editor.person.widget("department").setText("演示学院")
    page.editor.save()
    qtbot.waitUntil(lambda: people.person(bureau, person).get("department") == "演示学院" and ready(page))
    values = [c.values.get("id_number") for c in bureau.history(people.private_id(person))]
    assert [v for v in values if v] == [NUMBER]
    assert all(NUMBER not in f"{s.old}{s.new}" for s in history.person_history(bureau, person))


def test_birth_and_gender_are_filled_in_from_the_id_number(qtbot, bureau, page) -> None:
    person = choose(qtbot, page, 0)
    sheet = page.editor.person
    assert not sheet.fill.isVisibleTo(sheet)
    sheet.id_number.setFocus()
    qtbot.keyClicks(sheet.id_number, "110105194902310021")
    assert "出生日期" in sheet.shown_error("id_number") and not sheet.fill.isVisibleTo(sheet)
    sheet.id_number.selectAll()
    qtbot.keyClicks(sheet.id_number, NUMBER)
    assert sheet.fill.isVisibleTo(sheet) and sheet.fill.text() == "按身份证号填入出生年月和性别"
    sheet.fill.click()
    assert (sheet.value("birth_month"), sheet.value("gender")) == ("1949-12", "女")
    assert not sheet.fill.isVisibleTo(sheet)
    page.editor.save()
    qtbot.waitUntil(lambda: people.person(bureau, person).get("gender") == "女" and ready(page))
    sheet.widget("birth_month").setText("1950-01")  # what somebody wrote stays
    assert not sheet.fill.isVisibleTo(sheet)


# -- 换人 --------------------------------------------------------------------------------------------------


def test_a_change_of_person_keeps_visits_and_sums_for_both(qtbot, bureau, page, monkeypatch) -> None:
    first = choose(qtbot, page, 0)
    row = page.editor.row()

    def visit(person: str, day: str, half_days: int) -> None:
        values = {"who": [[row.id, person]], "time": [day, None, None, None, half_days],
                  "where": ["410821", None, None], "content": "查看长势"}  # fmt: skip
        visits.save(bureau, None, values, submit=True)

    for day in ("2022-05-10", "2022-06-10", "2022-10-20"):
        visit(first, day, 1)
    told: list[str] = []

    def exec_(dialog: dialogs.ChangePerson) -> bool:
        dialog.name.setText("演示接任")
        dialog.day.setText("2022-10-01")
        qtbot.waitUntil(lambda: not dialog.after.isHidden() and not tasks.busy())
        told.append(dialog.after.text())
        dialog.accept()
        return bool(dialog.result())

    monkeypatch.setattr(dialogs.ChangePerson, "exec", exec_)
    page.editor.change_action.trigger()
    qtbot.waitUntil(lambda: page.editor.row().name == "演示接任" and ready(page))
    assert "1 条服务记录，仍归演示甲" in told[0]
    second = str(page.editor.row().commissioner)
    visit(second, "2022-11-01", 4)
    qtbot.waitUntil(lambda: page.model.lines()[0].figures.visits == 4 and ready(page))
    assert page.editor.top.figures.text() == "本期 1 次 · 2 天\n名额共 4 次 · 3.5 天"
    column = [c.key for c in page.model._columns].index("visits")
    cell = page.model.index(0, column)
    assert cell.data() == "4" and "演示接任 1 次、2 天" in cell.data(Qt.ItemDataRole.ToolTipRole)
    page.editor.tabs.setCurrentIndex(CAREER)
    qtbot.waitUntil(lambda: "合计 4 次、3.5 天" in page.editor.career.text())
    text = page.editor.career.text()
    assert (
        "演示接任的任职\n2022年度 · 2022-团-01 · 服务团成员\n2022-10-01 至 服务期末 · 服务 1 次、2 天" in text
    )
    assert "演示甲\n服务期初 至 2022-09-30 · 服务 2 次、1 天" in text
    assert "演示甲\n任期以外 · 服务 1 次、0.5 天" in text
    with qtbot.waitSignal(page.wants) as wanted:
        page.editor.top.visits.click()
    what = wanted.args[1]
    assert what == {"appointment": row.id, "commissioner": second, "label": "演示接任"}
    with qtbot.waitSignal(page.wants) as wanted:
        page.editor.career.visitsWanted.emit(row.id, first, "演示甲")
    f = visits.VisitFilter(appointment=row.id, commissioner=wanted.args[1]["commissioner"])
    assert len(visits.listed_rowids(bureau, f, "date", True)) == 3
    page._context.undo()  # the last visit
    page._context.undo()  # the change
    qtbot.waitUntil(lambda: page.editor.row().name == "演示甲" and ready(page))
    assert page.editor.top.figures.text() == "本期 3 次 · 1.5 天"


def test_the_list_of_visits_shows_only_those_asked_for(qtbot, bureau, page) -> None:
    first, row = choose(qtbot, page, 0), page.editor.row()
    other = choose(qtbot, page, 1)
    changed = page._context.changed
    with qtbot.waitSignal(changed):
        people.change_person(bureau, row.id, "2022-10-01", name="演示接任")
    found = places.listed(bureau, batches.all_batches(bureau)[0])
    for place, person, day in (
        (found[0].id, first, "2022-05-10"),
        (found[0].id, found[0].commissioner, "2022-11-10"),
        (found[1].id, other, "2022-05-10"),
    ):
        values = {"who": [[place, person]], "time": [day, None, None, None, 1],
                  "where": ["410821", None, None], "content": "查看长势"}  # fmt: skip
        with qtbot.waitSignal(changed):
            visits.save(bureau, None, values, submit=True)
    window = LedgerWindow(Context(bureau))
    qtbot.addWidget(window)
    window.show()
    page.wants.connect(window.open)
    choose(qtbot, page, 0)
    qtbot.waitUntil(lambda: page.editor.top.visits.isVisible())
    page.editor.top.visits.click()
    shown = window.page("visits")
    qtbot.waitUntil(lambda: not tasks.busy() and shown.model.rowCount() == 1)
    assert shown.bar.told() == ["演示接任"]
    choose(qtbot, page, 1)
    page.editor.top.visits.click()
    qtbot.waitUntil(lambda: not tasks.busy() and shown.bar.told() == ["演示乙"])
    assert shown.model.rowCount() == 1
    page.wants.disconnect(window.open)


# -- search ------------------------------------------------------------------------------------------------


READINGS = {
    "单演示": "sys shanyan danys", "解演示": "xieys jieys", "仇演示": "qys", "曾演示": "zengyanshi", "尉迟演示": "yuchi ycys",
    "查演示": "zhays", "盖演示": "geyan", "区演示": "ouys", "任演示": "renys", "覃演示": "qinys tanys", "乐演示": "yueys leys",
    "朴演示": "piao", "缪演示": "miaoys", "万俟演示": "moqi", "长孙演示": "zhangsun", "令狐演示": "lhys",
}  # fmt: skip


def test_the_list_is_filtered_by_any_reading_of_a_name(qtbot, bureau, page) -> None:
    rows = [line.place for line in page.model.all_lines()][3:]
    drafts = []
    for row, name in zip(rows, READINGS, strict=False):
        _, person, made = people.person_drafts(bureau, None, {"name": name})
        drafts += [*made, people.tenure_draft(row.id, person, None, None)]
    with qtbot.waitSignal(page._context.changed):
        bureau.write("录入", drafts)
    qtbot.waitUntil(lambda: page.model.all_lines()[3].place.name == "单演示" and ready(page))
    for name, words in READINGS.items():
        for typed in words.split():
            page.filter.setText(typed)
            assert name in [line.place.name for line in page.model.lines()], typed
            assert len(page.model.lines()) <= 4, typed  # 仇, 覃, 区 … may all begin with q


def test_whoever_held_a_place_before_is_found_too(qtbot, bureau, page) -> None:
    choose(qtbot, page, 0)
    with qtbot.waitSignal(page._context.changed):
        people.change_person(bureau, page.editor.row().id, "2022-10-01", name="解演示")
    qtbot.waitUntil(lambda: page.editor.row().name == "解演示" and ready(page))
    for typed in ("演示甲", "ysj", "xys"):
        page.filter.setText(typed)
        assert [line.place.name for line in page.model.lines()] == ["解演示"], typed


def test_typed_text_in_tabs_is_kept_and_an_error_leads_to_its_tab(qtbot, bureau, page) -> None:
    choose(qtbot, page, 0)
    page.editor.place.widget("code").clear()
    page.editor.tabs.setCurrentIndex(CAREER)
    assert page.editor._foot.isVisible()  # what was typed can still be saved
    assert not page.editor.save() and page.editor.tabs.currentIndex() == PLACE
    page.editor.discard()

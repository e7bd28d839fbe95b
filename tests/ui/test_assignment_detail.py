"""The detail of a place on the board: its stays, their agreements and scans, and 变动记录."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QPlainTextEdit

from commissioner_app import assignments, attachments, batches, demo, ledgers, moves, places, recipients
from commissioner_app.ledgers import Ledger, NewLedger
from commissioner_app.rows import PlaceRow
from tests.office import Office
from ui import editing, tasks
from ui.assignments import scans
from ui.assignments.page import AssignmentsPage
from ui.context import Context
from ui.shell.dropping import DropSheet

XIUWU, WEN, BOAI, QINYANG = "410821", "410825", "410822", "410882"


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Ledger]:
    with demo.make(tmp_path / "d.ktledger", visits_wanted=30) as made:
        yield made


@pytest.fixture
def show(qtbot) -> Iterator[Callable[..., AssignmentsPage]]:
    contexts = []

    def make(ledger: Ledger, code: str = "") -> AssignmentsPage:
        context = Context(ledger)
        contexts.append(context)
        page = AssignmentsPage(context)
        context.changed.connect(page.note_changes)  # as the window does
        qtbot.addWidget(page)
        page.resize(1170, 680)
        page.show()
        page.come()
        qtbot.waitUntil(lambda: bool(page.board.counties()) and settled())
        if code:
            page.fold.setChecked(True)
            page.board.choose([by_code(page, code).id])
            qtbot.waitUntil(lambda: bool(page.panel.sheets()) and settled())
        return page

    yield make
    tasks.shut_down()
    for context in contexts:
        context.close()


def settled() -> bool:
    return not tasks.busy()


def by_code(page: AssignmentsPage, code: str) -> PlaceRow:
    return next(p for p in page._read.places if p.code == code)


def stored(ledger: Ledger, code: str) -> PlaceRow:
    return next(p for p in places.listed(ledger, batches.all_batches(ledger)[0]) if p.code == code)


def save(qtbot, page: AssignmentsPage) -> None:
    qtbot.keyClick(page.panel.sheets()[0].period.first, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not page.panel.dirty() and settled())


def test_all_fields_are_saved_together_and_undone(qtbot, training, show):
    page = show(training)
    place = by_code(page, "2022-团-01")
    page.board.choose([place.id])
    qtbot.keyClick(page.board.here().list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 1 and settled())
    sheet = page.panel.sheets()[0]
    qtbot.waitUntil(sheet.period.first.hasFocus)
    # A township by pinyin, another that the table lacks by its name.
    for word in ("qxz", "演示新区"):
        sheet.townships.open_panel()
        sheet.townships._panel.entry.insert(word)  # qtbot types no Chinese
        qtbot.keyClick(sheet.townships._panel.entry, Qt.Key.Key_Return)
        sheet.townships._panel.close_panel()
    assert sheet.townships.values() == ["七贤镇", "演示新区"]
    known = sheet.recipients.choices()
    assert "演示药材种植专业合作社" in known and "演示山药种植专业合作社" not in known  # that one is in 温县
    for word in ("ysyc", "演示新农场"):
        sheet.recipients.open_panel()
        sheet.recipients._panel.entry.insert(word)
        qtbot.keyClick(sheet.recipients._panel.entry, Qt.Key.Key_Return)
        sheet.recipients._panel.close_panel()
    sheet.sheet.widget("number").setText("演示-001")
    sheet.sheet.widget("date").setText("2022-4-20")
    sheet.state.setCurrentText("已签")
    remark = sheet.sheet.widget("remark")
    assert isinstance(remark, QPlainTextEdit)
    remark.setPlainText("演示")
    sheet.period.last.setText("2022-03-01")
    assert not page.panel.save() and sheet.sheet.shown_error("period") == "结束日期早于开始日期"
    sheet.period.last.setText("2023-04-30")
    save(qtbot, page)
    (a,) = stored(training, "2022-团-01").assignments
    names = {r.id: r.name for r in recipients.listed(training)}
    assert {names[r] for r in a.recipients} == {"演示药材种植专业合作社", "演示新农场"}
    assert [page._context.divisions.name(t) for t in sorted(a.townships)] == ["七贤镇", "演示新区"]
    assert (a.agreement_number, a.agreement_date, a.agreement_state) == ("演示-001", "2022-04-20", "已签")
    assert (a.remark, a.assigned_to) == ("演示", "2023-04-30")
    qtbot.waitUntil(lambda: "超出服务期" in page.panel.sheets()[0].notice.text())
    assert any("七贤镇" in line for line in page.board.current().lines) and page.board.current().marks
    assert sorted(page.panel.sheets()[0].recipients.values()) == ["演示新农场", "演示药材种植专业合作社"]
    page._context.undo()
    qtbot.waitUntil(
        lambda: stored(training, "2022-团-01").assignments[0].agreement_number is None and settled()
    )
    qtbot.waitUntil(lambda: page.panel.sheets()[0].sheet.value("number") is None)
    assert "演示新农场" not in {r.name for r in recipients.listed(training)}


def test_what_is_typed_meanwhile_stays_and_what_was_shown_is_replaced(qtbot, training, show):
    page = show(training, "2022-团-02")
    sheet = page.panel.sheets()[0]
    sheet.sheet.widget("number").setText("演示-007")
    stay = sheet.stay.row.id
    assignments.save(training, stay, {"remark": "别处写的"})
    qtbot.waitUntil(
        lambda: page._read.places and stored(training, "2022-团-02") in page._read.places and settled()
    )
    assert page.panel.sheets()[0].sheet.value("number") == "演示-007"
    save(qtbot, page)
    (a,) = stored(training, "2022-团-02").assignments
    assert (a.remark, a.agreement_number) == ("别处写的", "演示-007")


def test_scans_are_dropped_opened_saved_and_deleted(qtbot, training, show, tmp_path, monkeypatch):
    page = show(training, "2022-团-03")
    box = page.panel.sheets()[0].scans
    stay = page.panel.sheets()[0].stay.row.id
    scan, other = tmp_path / "协议.pdf", tmp_path / "危险.exe"
    scan.write_bytes(b"%PDF-1.4 " * 200_000)
    other.write_bytes(b"MZ")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(scan)), QUrl.fromLocalFile(str(other))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(box, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, left, none, QEvent.Type.Drop)
    QApplication.sendEvent(box, event)
    qtbot.waitUntil(lambda: len(attachments.listed(training, "assignment", stay)) == 2 and settled())
    box = page.panel.sheets()[0].scans
    qtbot.waitUntil(lambda: {r.file_name for r in box.rows()} == {"协议.pdf", "危险.exe"})
    rows = {r.file_name: r for r in box.rows()}
    assert rows["协议.pdf"].kind == "三方协议" and scans.size_text(rows["协议.pdf"].size) == "1.8 MB"
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    with qtbot.waitSignal(page._context.said):
        box.open(rows["危险.exe"])  # what came from elsewhere is not run
    box.open(rows["协议.pdf"])
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert opened[0].name == "协议.pdf" and opened[0].read_bytes() == scan.read_bytes()
    target = tmp_path / "另存.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    box.save_as(rows["协议.pdf"])
    qtbot.waitUntil(lambda: target.exists() and settled())
    box.remove(rows["危险.exe"])
    qtbot.waitUntil(lambda: len(attachments.listed(training, "assignment", stay)) == 1 and settled())
    page._context.undo()
    qtbot.waitUntil(lambda: len(page.panel.sheets()[0].scans.rows()) == 2 and settled())


def test_the_sheet_over_the_window_leaves_the_scans_free(qtbot, training, show, tmp_path):
    page = show(training, "2022-团-03")
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(page)
    window.resize(1200, 900)
    sheet = DropSheet(window, lambda _files: "", page.drop_zones)
    window.show()
    box = page.panel.sheets()[0].scans
    page.panel.stack.widget(0).ensureWidgetVisible(box)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "协议.pdf"))])
    sheet.come(data)
    middle = box.mapTo(window, box.rect().center())
    assert page.drop_zones([]) == [box] and not sheet.mask().contains(middle)
    assert sheet.mask().contains(QPoint(5, 5))
    below = window.childAt(middle)
    assert below is box or box.isAncestorOf(below)
    box.set_editable(False)
    sheet.come(data)
    assert sheet.mask().contains(middle)
    page.setParent(None)


def test_moves_and_removed_stays_stand_in_the_trail(qtbot, training, show):
    batch = batches.all_batches(training)[0]
    assignments.move(training, batch, [stored(training, "2022-省派-01")], QINYANG, "2022-10-01")
    page = show(training, "2022-省派-01")
    first, second = page.panel.sheets()
    assert first.sheet.isVisible() and not second.sheet.isVisible()  # what has ended is folded
    second.fold_button.click()
    assert second.sheet.isVisible()
    first.delete_button.click()
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 1 and settled())
    page.panel.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: "删除在沁阳市的安排" in page.panel.trail.text())
    text = page.panel.trail.text()
    assert "沁阳市 2022-10-01 至 2023-03-31 已删除" in text and "演示员 · 焦作市科技局（演示）" in text
    page._context.undo()
    qtbot.waitUntil(lambda: "恢复在沁阳市的安排" in page.panel.trail.text() and settled())
    assert len(moves.trail(training, by_code(page, "2022-省派-01").id).stays) == 2


def test_a_second_stay_is_added_beside_the_first(qtbot, training, show):
    page = show(training, "2022-省派-01")
    first = page.panel.sheets()[0].county
    page.panel.add_button.click()
    picker = page.mover.picker
    assert picker.isVisible() and "" not in picker.shown()
    qtbot.keyClicks(picker.field, "qinyang")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.panel.sheets()) == 2 and settled())
    assert set(stored(training, "2022-省派-01").counties("2022-09-01")) == {first, QINYANG}
    qtbot.waitUntil(lambda: "overlap" in page.tools.notices.buttons())
    assert all("日期重叠" in s.notice.text() for s in page.panel.sheets())


def test_typed_text_is_asked_about_before_another_card_is_shown(qtbot, training, show, monkeypatch):
    page = show(training, "2022-团-01")
    first, second = by_code(page, "2022-团-01"), by_code(page, "2022-团-02")
    page.panel.sheets()[0].sheet.widget("number").setText("演示-002")
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "stay")
    page.board.choose([second.id])
    qtbot.waitUntil(lambda: page.board.selected_ids() == [first.id])
    assert page.panel.dirty() and page.panel.card().place.id == first.id
    assert not page.may_leave()
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "save")
    page.board.choose([second.id])
    qtbot.waitUntil(lambda: page.panel.card().place.id == second.id and settled())
    assert stored(training, "2022-团-01").assignments[0].agreement_number == "演示-002"


def test_a_county_that_works_alone_decides_everything(qtbot, show, tmp_path):
    wanted = NewLedger("county", county="修武县", roster="2022", actor="演示县")
    with ledgers.create(tmp_path / "县.ktledger", wanted) as alone:
        page = show(alone, "2022-团-01")
        assert page.tools.hint.isHidden() or not page.tools.hint.text()
        view = page.board.column(XIUWU).list
        assert view.dragEnabled() and page.panel.move_button.isVisible() and page.panel.rights.isHidden()


def test_a_county_fills_in_its_own_and_moves_nothing(qtbot, office: Office, show, tmp_path):
    county = office["w"]
    page = show(county, "2022-团-01")
    said: list[str] = []
    page._context.said.connect(lambda text, _undo: said.append(text))
    assert "市科技局确定" in page.tools.hint.text() and page.tools.hint.isVisible()
    assert (
        page.board.counties() == ["", XIUWU] and page.board.shelf.isHidden() and page.panel.rights.isHidden()
    )
    view = page.board.column(XIUWU).list
    assert not view.dragEnabled() and not view.acceptDrops() and page.board.column(XIUWU).add.isHidden()
    assert (
        page.tools.move_button.isHidden()
        and page.panel.move_button.isHidden()
        and page.panel.add_button.isHidden()
    )
    for key in (Qt.Key.Key_M, Qt.Key.Key_X):
        qtbot.keyClick(
            view,
            key,
            Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_X else Qt.KeyboardModifier.NoModifier,
        )
    assert page.board.cut_ids() == [] and not page.mover.picker.isVisible()
    assert len(said) == 2 and all("市科技局确定" in text for text in said)
    sheet = page.panel.sheets()[0]
    assert sheet.delete_button.isHidden() and sheet.townships.isEnabled() and sheet.scans.acceptDrops()
    sheet.townships.toggle("七贤镇")
    sheet.recipients.toggle("演示县农场")
    save(qtbot, page)
    (a,) = stored(county, "2022-团-01").assignments
    assert len(a.townships) == 1 and len(a.recipients) == 1
    scan = tmp_path / "协议.pdf"
    scan.write_bytes(b"%PDF")
    page.panel.sheets()[0].scans.add([scan])
    qtbot.waitUntil(lambda: len(attachments.listed(county, "assignment", a.id)) == 1 and settled())


def test_a_commissioner_only_reads(qtbot, office: Office, show):
    page = show(office["c"])
    code = next(p.code for p in page._read.places if p.assignments)
    page.fold.setChecked(True)
    page.board.choose([by_code(page, code).id])
    qtbot.waitUntil(lambda: bool(page.panel.sheets()) and settled())
    sheet = page.panel.sheets()[0]
    number = sheet.sheet.widget("number")
    assert number.isReadOnly() and not sheet.townships.isEnabled() and not sheet.period.first.isEnabled()
    assert not sheet.scans.acceptDrops() and sheet.scans.add_button.isHidden()
    assert page.panel.save_button.isHidden() and "只能查看" in page.panel.rights.text()
    assert ledgers.station_values(office["c"])[0] == "commissioner"

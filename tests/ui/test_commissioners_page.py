"""特派员 as its users touch it: real pages over a real ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import batches, demo, history, ledgers, people, places
from commissioner_app.ledgers import Ledger
from ui import editing, tasks, theme
from ui.commissioners import dialogs
from ui.commissioners.page import CommissionersPage
from ui.context import Context
from ui.history.conflicts import ChooseDialog
from ui.importing.window import ImportWindow


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    yield made
    made.close()


@pytest.fixture
def show(qtbot) -> Iterator[Callable[[Ledger], CommissionersPage]]:
    contexts = []

    def make(ledger: Ledger) -> CommissionersPage:
        context = Context(ledger)
        contexts.append(context)
        page = CommissionersPage(context)
        context.changed.connect(page.note_changes)  # as the window does
        qtbot.addWidget(page)
        page.resize(1170, 680)
        page.show()
        page.come()
        qtbot.waitUntil(lambda: bool(page.model.all_lines()) and ready(page))
        return page

    yield make
    tasks.shut_down()
    for context in contexts:
        context.close()


def ready(page: CommissionersPage) -> bool:
    """Nothing is being read, and the detail shows what is chosen."""
    return not tasks.busy() and page.editor._entry is not None


def fill(qtbot, widget, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text) if text.isascii() else widget.insert(text)


def choose(qtbot, page: CommissionersPage, code: str) -> None:
    row = next(n for n, line in enumerate(page.model.lines()) if line.place.code == code)
    page.table.selectRow(row)
    qtbot.waitUntil(lambda: page.editor.row().code == code and ready(page))


def place(ledger: Ledger, code: str):
    found = places.listed(ledger, batches.all_batches(ledger)[0])
    return next(p for p in found if p.code == code)


def test_a_name_typed_into_an_open_place_creates_the_person_there(qtbot, bureau, show):
    page = show(bureau)
    assert page.caption() == "38 个名额，已录入 0 人"
    assert "待录入 38" in page.chips.chip("open").text()
    choose(qtbot, page, "2022-团-01")
    sheet = page.editor.person
    assert sheet.value("organisation_name") == "河南师范大学"
    fill(qtbot, sheet.name, "演示 甲")
    fill(qtbot, sheet.phone, "13800000000")
    qtbot.keyClick(sheet.phone, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.caption() == "38 个名额，已录入 1 人" and ready(page))
    found = place(bureau, "2022-团-01")
    assert (found.name, found.phone) == ("演示甲", "13800000000")
    assert people.person(bureau, found.commissioner)["organisation"] == found.organisation
    assert page.editor.person.value("name") == "演示甲" and not page.editor.dirty()


def test_wrong_phone_and_id_are_told_at_the_field_and_not_saved(qtbot, bureau, show):
    page = show(bureau)
    sheet = page.editor.person
    fill(qtbot, sheet.name, "演示甲")
    fill(qtbot, sheet.phone, "123")
    assert "11 位" in sheet.shown_error("phone")
    fill(qtbot, sheet.phone, "13800000000")
    assert sheet.shown_error("phone") == ""
    fill(qtbot, sheet.id_number, "410821199001010011")
    assert "校验位" in sheet.shown_error("id_number")
    assert not page.editor.save()
    assert place(bureau, page.editor.row().code).commissioner is None
    fill(qtbot, sheet.id_number, "11010519491231002X")
    assert page.editor.save()
    qtbot.waitUntil(lambda: place(bureau, page.editor.row().code).commissioner is not None and ready(page))
    qtbot.waitUntil(lambda: sheet.id_number.text() == "1101**********002X")
    sheet.id_number.eye.trigger()
    assert sheet.id_number.text() == "11010519491231002X"
    sheet.name.setFocus()
    assert sheet.id_number.text() == "1101**********002X"
    assert sheet.value("id_number") == "11010519491231002X" and not page.editor.dirty()


def test_chips_filter_by_pinyin_and_sort(qtbot, tmp_path, show):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=30) as ledger:
        page = show(ledger)
        assert [page.chips.chip(k).text() for k in ("all", "staffed", "open")] == [
            "全部 38",
            "已录入 31",
            "待录入 7",
        ]
        qtbot.mouseClick(page.chips.chip("open"), Qt.MouseButton.LeftButton)
        assert len(page.model.lines()) == 7
        qtbot.mouseClick(page.chips.chip("all"), Qt.MouseButton.LeftButton)
        fill(qtbot, page.filter, "zwbh")
        assert {line.place.specialty for line in page.model.lines()} == {"植物保护"}
        page.filter.setText("演示二十")
        assert [line.place.name for line in page.model.lines()][:1] == ["演示二十"]
        page.filter.clear()
        page.table.sortByColumn(8, Qt.SortOrder.DescendingOrder)
        counts = [line.figures.visits for line in page.model.lines()]
        assert counts == sorted(counts, reverse=True) and counts[0] > 0
        page.table.selectAll()
        assert page.foot.text().startswith("共 38 个名额，已选 38 个")
        assert len(page.table.copy_text().splitlines()) == 38
        tasks.shut_down()


def test_typed_text_survives_another_write_and_both_values_are_kept(qtbot, tmp_path, show):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=5) as ledger:
        page = show(ledger)
        row = page.editor.row()
        fill(qtbot, page.editor.person.widget("specialty"), "演示专业甲")
        with qtbot.waitSignal(page._context.changed):
            people.save_person(ledger, row.commissioner, {"specialty": "演示专业乙"})
        qtbot.waitUntil(lambda: not tasks.busy() and page.editor.notice.isVisible())
        assert page.editor.person.value("specialty") == "演示专业甲"
        page.editor.save()
        qtbot.waitUntil(lambda: "specialty" in ledger.folded(row.commissioner).conflicts and ready(page))
        assert place(ledger, row.code).specialty == "演示专业甲"
        qtbot.waitUntil(lambda: "填报不一致" in page.editor.conflicts.text.text())
        tasks.shut_down()


def test_leaving_typed_text_asks_and_stay_keeps_it(qtbot, tmp_path, show, monkeypatch):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=5) as ledger:
        page = show(ledger)
        first = page.editor.row().code
        fill(qtbot, page.editor.person.widget("department"), "演示学院")
        monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "stay")
        page.table.selectRow(3)
        qtbot.waitUntil(lambda: page.table.selected_rows() == [0])
        assert page.editor.row().code == first
        assert not page.may_leave()
        monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "save")
        page.table.selectRow(3)
        qtbot.waitUntil(lambda: page.editor.row().code != first and ready(page))
        person = people.person(ledger, place(ledger, first).commissioner)
        assert person["department"] == "演示学院"
        fill(qtbot, page.editor.person.widget("department"), "别的")
        monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "discard")
        assert page.may_leave() and not page.editor.dirty()
        tasks.shut_down()


def test_new_place_remove_from_place_undo_and_take_again(qtbot, bureau, show):
    page = show(bureau)
    menu = page.new_menu.actions()
    assert [a.text() for a in menu][:2] == ["服务团成员名额", "省派名额"]
    menu[1].trigger()
    qtbot.waitUntil(lambda: page.editor.row().code == "2022-省派-17" and ready(page))
    qtbot.waitUntil(lambda: page.editor.person.name.hasFocus())
    fill(qtbot, page.editor.person.name, "演示乙")
    page.editor.save_button.click()
    qtbot.waitUntil(lambda: page.editor.row().name == "演示乙" and ready(page))
    page.editor.leave_action.trigger()
    qtbot.waitUntil(lambda: page.editor.row().commissioner is None and ready(page))
    qtbot.waitUntil(lambda: page.editor._entry.spare != {})
    name = page.editor.person.name
    page.table.setFocus()
    fill(qtbot, name, "演示")
    name.textEdited.emit("演示")
    assert [h.title for h in name.drop.hits()] == ["演示乙"]
    name._take(name.drop.hits()[0])
    qtbot.waitUntil(lambda: "已在台账中" in page.editor.notice.text())
    page.editor.save()
    qtbot.waitUntil(lambda: page.editor.row().name == "演示乙" and ready(page))
    count = len(people.spare(bureau))
    assert count == 0
    page._context.undo()
    qtbot.waitUntil(lambda: page.editor.row().commissioner is None)


def test_another_person_takes_over_from_a_day(qtbot, tmp_path, show, monkeypatch):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=5) as ledger:
        page = show(ledger)
        code, before = page.editor.row().code, page.editor.row().name

        def exec_(dialog: dialogs.ChangePerson) -> bool:
            dialog.name.setText("演示接任")
            dialog.day.setText("2022-10-01")
            dialog.accept()
            return bool(dialog.result())

        monkeypatch.setattr(dialogs.ChangePerson, "exec", exec_)
        page.editor.change_action.trigger()
        qtbot.waitUntil(lambda: page.editor.row().name == "演示接任" and ready(page))
        held = [(h.name, h.held_from, h.held_to) for h in place(ledger, code).people]
        assert held == [(before, None, "2022-09-30"), ("演示接任", "2022-10-01", None)]
        page.editor.tabs.setCurrentIndex(4)
        qtbot.waitUntil(lambda: "换人：演示接任" in page.editor.steps.text())
        assert any(s.label == "换人：演示接任" for s in history.place_history(ledger, place(ledger, code).id))
        tasks.shut_down()


def test_the_import_is_opened_from_the_page_and_by_pasting_on_its_table(qtbot, bureau, show):
    page = show(bureau)
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.import_button.click()
    (window,) = page.findChildren(ImportWindow)
    assert window.isVisible() and window.step() == 0
    window.reject()
    qtbot.waitUntil(lambda: not page.findChildren(ImportWindow))
    QApplication.clipboard().setText("姓名\t派出单位\n演示丙\t河南农业大学\n")
    page.activateWindow()
    page.table.setFocus()
    qtbot.waitUntil(page.table.hasFocus)
    qtbot.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (window,) = page.findChildren(ImportWindow)
    qtbot.waitUntil(lambda: window.step() == 1 and not tasks.busy())
    window.reject()


def test_a_place_with_visits_refuses_and_nothing_changes(qtbot, tmp_path, show):
    with demo.make(tmp_path / "d.ktledger", visits_wanted=60) as ledger:
        page = show(ledger)
        code = next(line.place.code for line in page.model.lines() if line.figures.visits)
        choose(qtbot, page, code)
        with qtbot.waitSignal(page._context.refused) as said:
            page.editor.delete_person_action.trigger()
        assert "服务记录，不能删除" in said.args[0]
        assert place(ledger, code).commissioner
        wanted = []
        page.wants.connect(lambda key, what: wanted.append((key, what)))
        page.editor.top.visits.click()
        found = place(ledger, code)
        assert wanted == [("visits", {"appointment": found.id, "commissioner": None, "label": found.name})]
        tasks.shut_down()


def test_without_a_batch_the_page_says_where_to_begin(qtbot, ledger):
    context = Context(ledger)
    page = CommissionersPage(context)
    qtbot.addWidget(page)
    page.show()
    page.come()
    qtbot.waitUntil(lambda: "还没有选派批次" in page._empty.sentence.text() and not tasks.busy())
    with qtbot.waitSignal(page.wants) as wanted:
        page._empty.button.click()
    assert wanted.args == ["settings", "batch"] and not page.editor.isVisible()
    tasks.shut_down()
    context.close()


def test_export_writes_the_roster_with_masked_ids(qtbot, bureau, show, tmp_path, monkeypatch):
    page = show(bureau)
    found = page.editor.row()
    people.save_entry(bureau, found.id, person_values={"name": "演示甲", "id_number": "11010519491231002X"})
    path = tmp_path / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(page._context.said) as said:
        page.export_menu.actions()[0].trigger()
    assert said.args[0] == "已导出 38 行到 out.csv"
    text = path.read_text("utf-8-sig")
    assert "1101**********002X" in text and "11010519491231002X" not in text


def test_a_conflict_in_a_person_can_be_decided(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = demo.make(tmp_path / "c.ktledger")
    place = next(p for p in places.listed(ledger, None) if p.commissioner)
    person = str(place.commissioner)
    seen = people.seen(ledger, person)
    people.save_person(ledger, person, {"title": "甲"})
    people.save_person(ledger, person, {"title": "乙"}, opened=seen)
    assert ledger.folded(person).conflicts == {"title"}
    page = CommissionersPage(Context(ledger))
    page._context.changed.connect(page.note_changes)
    qtbot.addWidget(page)
    page.show()
    page.come()
    page.show_item(place.id)
    bar = page.editor.conflicts
    qtbot.waitUntil(bar.isVisible, timeout=10_000)
    assert "职称" in bar.text.text()

    def choose(dialog: ChooseDialog) -> int:
        dialog.choose(0, [c.text for c in dialog._groups[0][0].choices].index("甲"))
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(ChooseDialog, "exec", choose)
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not ledger.folded(person).conflicts, timeout=10_000)
    assert people.person(ledger, person)["title"] == "甲"
    qtbot.waitUntil(bar.isHidden, timeout=10_000)
    tasks.shut_down()
    page._context.close()
    ledger.close()

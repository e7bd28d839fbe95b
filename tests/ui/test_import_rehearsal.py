"""导入名单, its third step: what would happen row by row, deciding, writing once, and taking it back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import batches, history, people, places, tables
from commissioner_app.imports.plan import Action
from commissioner_app.ledgers import Ledger
from tests import rosters
from ui import tasks
from ui.context import Context
from ui.importing.window import COLUMNS, REHEARSAL, SOURCE, ImportWindow
from ui.main_window import LedgerWindow
from ui.search.commands import commands
from ui.widgets.ask import Question

Show = Callable[[Path], ImportWindow]


@pytest.fixture
def main(qtbot: QtBot, fresh_ledger: Ledger) -> Iterator[LedgerWindow]:
    """The whole window over a bureau's ledger of 38 open places."""
    window = LedgerWindow(Context(fresh_ledger))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: not tasks.busy(), timeout=10_000)
    yield window
    window.close()


@pytest.fixture
def show(qtbot: QtBot, main: LedgerWindow) -> Show:
    """Drops a file on the window and goes to its rehearsal."""

    def drop(path: Path) -> ImportWindow:
        main.take_files([path])
        window: ImportWindow = main.findChildren(ImportWindow)[-1]
        wait(qtbot)
        assert window.step() == COLUMNS, window.source.trouble.text()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.mouseClick(window.next, Qt.MouseButton.LeftButton)
        wait(qtbot)
        assert window.step() == REHEARSAL, window.notice.text()
        return window

    return drop


def wait(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not tasks.busy(), timeout=10_000)


def known(ledger: Ledger, code: str, **values: str) -> str:
    """Somebody on a place before the import."""
    place = next(p for p in listed(ledger) if p.code == code)
    return people.save_person(ledger, None, values, place=place.id).records["commissioner"][0]


def listed(ledger: Ledger) -> list:
    return places.listed(ledger, batches.all_batches(ledger)[0])


def operations(ledger: Ledger) -> int:
    return len(history.operations(ledger, 99))


def names(ledger: Ledger) -> set[str]:
    return {p.name for p in listed(ledger) if p.name}


def counts(window: ImportWindow) -> dict[str, int]:
    return {a.value: n for a, n in window.rehearsal.plan.counts.items() if n}


def choose(qtbot: QtBot, window: ImportWindow, name: str) -> None:
    table, model = window.rehearsal.table, window.rehearsal.model
    row = next(n for n, line in enumerate(model.lines()) if line.row and line.row.name == name)
    table.setFocus()
    table.selectRow(row)
    qtbot.waitUntil(lambda: window.rehearsal.detail.line is model.lines()[row])


def test_the_rehearsal_writes_nothing_and_the_button_writes_one_operation(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    before = operations(fresh_ledger)
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    model = window.rehearsal.model
    assert counts(window) == {"fill": 6, "problem": 2} and window.next.text() == "导入 6 人"
    assert [line.number for line in model.lines() if line.row] == [6, 7, 8, 10, 11, 12, 14, 15]
    lines = {line.row.name: line for line in model.lines() if line.row}
    assert lines["演示林嘉"].row.place.startswith("2022-团-") and lines["演示林嘉"].row.county == "修武县"
    assert "13800000003" in lines["演示周明"].text and "1380000000" in lines["演示戊"].text
    assert "乌有县" in lines["演示辛"].text
    assert window.rehearsal.batch.currentText() == "2022年度"
    assert operations(fresh_ledger) == before and names(fresh_ledger) == set()
    window.rehearsal.chips.chip("problem").click()
    assert [line.row.name for line in model.lines() if line.row] == ["演示戊", "演示辛"]
    with qtbot.waitSignal(main.context.said) as said:
        qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot)
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    assert said.args == ["已导入 6 人", True]
    assert names(fresh_ledger) == {"演示林嘉", "演示高远", "演示周明", "演示丁", "演示己", "演示庚"}
    assert operations(fresh_ledger) == before + 1
    page = main.page("commissioners")
    qtbot.waitUntil(lambda: page.chips.current() == "imported" and not tasks.busy())
    assert page.chips.chip("imported").text() == "本次导入 6" and len(page.model.lines()) == 6
    assert main._toast.isVisible() and main._toast.button.text() == "撤销"
    main._toast.button.click()
    wait(qtbot)
    assert names(fresh_ledger) == set()
    qtbot.waitUntil(lambda: page.chips.current() == "all" and not tasks.busy())


def test_near_matches_are_decided_with_one_two_and_three(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    ids = [
        known(fresh_ledger, f"2022-团-{n:02d}", name=name, organisation_name="河南师范大学")
        for n, name in ((1, "演示林佳"), (2, "演示高原"), (3, "演示周铭"))
    ]
    wait(qtbot)
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    step, detail = window.rehearsal, window.rehearsal.detail
    assert counts(window)["ask"] == 3 and "3 行需要确认" in window.state.text()
    assert step.detail.line.row.name == "演示林嘉"  # the first that has to be decided is open
    assert detail.candidates.current().name == "演示林佳" and detail.same.isVisible() and detail.notice.text()
    before = operations(fresh_ledger)
    qtbot.keyClick(step.table, Qt.Key.Key_1)
    wait(qtbot)
    assert step.decisions and counts(window)["ask"] == 2
    assert detail.line.row.name == "演示高远"  # on to the next
    qtbot.keyClick(step.table, Qt.Key.Key_2)
    wait(qtbot)
    qtbot.keyClick(step.table, Qt.Key.Key_3)
    wait(qtbot)
    assert counts(window).get("ask", 0) == 0 and counts(window)["skip"] == 1
    # A decision is taken back and made again.
    choose(qtbot, window, "演示高远")
    assert "不是同一人" in detail.notice.text() and detail.back.isVisible() and detail.same.isHidden()
    qtbot.keyClick(step.table, Qt.Key.Key_Backspace)
    wait(qtbot)
    assert counts(window)["ask"] == 1 and detail.line.row.name == "演示高远"
    qtbot.mouseClick(detail.other, Qt.MouseButton.LeftButton)
    wait(qtbot)
    assert operations(fresh_ledger) == before
    with qtbot.waitSignal(main.context.said):
        window.next.click()
    wait(qtbot)
    assert {p.commissioner: p.name for p in listed(fresh_ledger) if p.commissioner in ids} == {
        ids[0]: "演示林嘉", ids[1]: "演示高原", ids[2]: "演示周铭",
    }  # fmt: skip
    assert "演示高远" in names(fresh_ledger) and "演示周明" not in names(fresh_ledger)
    history.undo(fresh_ledger)
    assert names(fresh_ledger) == {"演示林佳", "演示高原", "演示周铭"}


def test_several_rows_are_decided_at_once(
    qtbot: QtBot, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    for n, name in ((1, "演示林佳"), (2, "演示高原"), (3, "演示周铭")):
        known(fresh_ledger, f"2022-团-{n:02d}", name=name, organisation_name="河南师范大学")
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    step = window.rehearsal
    step.chips.chip("ask").click()
    step.table.setFocus()
    step.table.selectAll()
    qtbot.waitUntil(lambda: "3 行" in step.detail.skip.text())
    qtbot.keyClick(step.table, Qt.Key.Key_2)
    wait(qtbot)
    assert len(step.decisions) == 3 and counts(window).get("ask", 0) == 0
    assert step.chips.current() == "all"  # the chip that went empty is gone


def test_going_back_keeps_what_was_decided(
    qtbot: QtBot, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    known(fresh_ledger, "2022-团-01", name="演示林佳", organisation_name="河南师范大学")
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_1)
    wait(qtbot)
    decided = dict(window.rehearsal.decisions)
    assert decided and counts(window).get("ask", 0) == 0
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.step() == COLUMNS
    window.columns.view.fields.chosen.emit(5, "")  # 研究方向 is not imported after all
    wait(qtbot)
    window.forward()
    wait(qtbot)
    assert window.rehearsal.decisions == decided and counts(window).get("ask", 0) == 0
    assert all("专业" not in row.values for row in window.rehearsal.plan.rows)


def test_escape_asks_only_after_a_decision(
    qtbot: QtBot,
    main: LedgerWindow,
    show: Show,
    fresh_ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known(fresh_ledger, "2022-团-01", name="演示林佳", organisation_name="河南师范大学")
    path = rosters.messy(tmp_path / "名单.xlsx")
    window = show(path)
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    window = show(path)
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_1)
    wait(qtbot)
    asked: list[str] = []

    def stay(question: Question) -> int:
        asked.append(question.windowTitle())
        return 0

    monkeypatch.setattr(Question, "exec", stay)
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_Escape)
    assert asked == ["放弃这次导入？"] and window.isVisible()

    def leave(question: Question) -> int:
        question.buttons[0].click()
        return 1

    monkeypatch.setattr(Question, "exec", leave)
    window.close()
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    assert names(fresh_ledger) == {"演示林佳"}


def test_problem_rows_are_saved_as_a_table(
    qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    out = tmp_path / "问题.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    window.save.click()
    wait(qtbot)
    text = out.read_text("utf-8-sig")
    assert "选派名单" in text and "演示戊" in text and "乌有县" in text and "演示林嘉" not in text
    assert "问题.csv" in window.notice.text()


def test_a_table_of_the_same_shape_is_recognised_as_told_before(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    def table(name: str, person: str) -> Path:
        path = tmp_path / name
        header = ["姓名", "派出单位", "类别", "甲方代号"]
        tables.write(path, "名单", header, [[person, "河南农业大学", "校派", "植物保护"]], (10, 20, 8, 10))
        return path

    main.take_files([table("一.xlsx", "演示甲")])
    window: ImportWindow = main.findChildren(ImportWindow)[0]
    wait(qtbot)
    header = window.columns.view.fields
    assert header.combo(3).currentText() == "不导入" and window.columns.restore.isHidden()
    header.chosen.emit(3, "专业")
    wait(qtbot)
    window.forward()
    wait(qtbot)
    with qtbot.waitSignal(main.context.said):
        window.forward()
    wait(qtbot)
    assert next(p for p in listed(fresh_ledger) if p.name == "演示甲").specialty == "植物保护"
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    main.take_files([table("二.xlsx", "演示乙")])
    window = main.findChildren(ImportWindow)[0]
    wait(qtbot)
    assert window.columns.view.fields.combo(3).currentText() == "专业"
    assert "已按上次的设置识别" in window.columns.notice.text() and window.columns.restore.isVisible()
    window.columns.restore.click()
    wait(qtbot)
    assert window.columns.view.fields.combo(3).currentText() == "不导入" and window.columns.restore.isHidden()
    window.reject()
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    main.take_files([tmp_path / "二.xlsx"])
    window = main.findChildren(ImportWindow)[0]
    wait(qtbot)
    assert window.columns.view.fields.combo(3).currentText() == "不导入"  # forgotten for good


def test_what_another_process_writes_meanwhile_is_planned_again(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    assert counts(window) == {"fill": 6, "problem": 2}
    place = next(row.place for row in window.rehearsal.plan.rows if row.name == "演示林嘉")
    known(fresh_ledger, place, name="演示林嘉", organisation_name="河南师范大学", phone="13800000001")
    qtbot.waitUntil(lambda: counts(window).get("fill") == 5 and not tasks.busy())
    assert counts(window)["change"] == 1 and window.next.text() == "导入 6 人"


def test_nothing_new_disables_the_button_and_says_why(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    path = rosters.messy(tmp_path / "名单.xlsx")
    with qtbot.waitSignal(main.context.said):
        show(path).forward()
    wait(qtbot)
    window = show(path)
    assert counts(window) == {"same": 6, "problem": 2}
    assert not window.next.isEnabled() and "都有了" in window.state.text()
    assert window.columns.restore.isHidden()  # nobody had changed a column: nothing to remember


def test_the_list_goes_into_the_batch_that_is_chosen(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    batches.create(fresh_ledger, 2023)
    wait(qtbot)
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    combo = window.rehearsal.batch
    assert {combo.itemText(n) for n in range(combo.count())} == {"2022年度", "2023年度"}
    combo.setCurrentText("2023年度")
    combo.activated.emit(combo.currentIndex())
    wait(qtbot)
    assert window.rehearsal.plan.year == 2023 and counts(window)["place"] == 6
    with qtbot.waitSignal(main.context.said):
        window.forward()
    wait(qtbot)
    later = next(b for b in batches.all_batches(fresh_ledger) if b.year == 2023)
    assert {p.name for p in places.listed(fresh_ledger, later)} >= {"演示林嘉", "演示庚"}
    assert names(fresh_ledger) == set() or main.context.batch.id == later.id
    assert main.context.batch.year == 2023  # what was imported is what is looked at


def test_each_action_has_its_chip_and_the_filter_finds_initials(
    qtbot: QtBot, show: Show, tmp_path: Path
) -> None:
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    step = window.rehearsal
    assert step.chips.chip(Action.FILL.value).text() == "填入名额 6"
    qtbot.keyClick(step.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is step.filter
    qtbot.keyClicks(step.filter, "ysx")
    assert [line.row.name for line in step.model.lines() if line.row] == ["演示辛"]
    qtbot.keyClicks(step.filter, "1")  # a figure typed there is no answer
    assert not step.decisions


def test_a_row_is_looked_up_in_its_table(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    choose(qtbot, window, "演示戊")
    detail = window.rehearsal.detail
    shown = {detail._grid.itemAt(n).widget().text() for n in range(detail._grid.count())}
    assert "1380000000" in shown and any("手机" in text for text in shown)  # as it is written
    qtbot.mouseClick(detail.look, Qt.MouseButton.LeftButton)
    assert window.step() == COLUMNS and window.columns.view.chosen_rows() == [10]
    window.forward()
    wait(qtbot)
    assert detail.line.row.name == "演示戊"  # back where it was


def test_the_commands_open_it_at_its_first_step_and_with_the_clipboard(
    qtbot: QtBot, main: LedgerWindow
) -> None:
    runs = {command.title: command.run for command in commands() if command.run is not None}
    runs["导入名单"](main)
    window: ImportWindow = main.findChildren(ImportWindow)[0]
    assert main.current() == "commissioners" and window.step() == SOURCE and window.isVisible()
    window.reject()
    qtbot.waitUntil(lambda: not main.findChildren(ImportWindow))
    QApplication.clipboard().setText(rosters.PASTED)
    runs["粘贴名单"](main)
    window = main.findChildren(ImportWindow)[0]
    qtbot.waitUntil(lambda: window.step() == COLUMNS and not tasks.busy())
    assert window.name.text() == "粘贴的表格"
    window.forward()
    wait(qtbot)
    assert window.next.text() == "导入 2 人"


def test_the_name_in_the_ledger_can_stay(
    qtbot: QtBot, main: LedgerWindow, show: Show, fresh_ledger: Ledger, tmp_path: Path
) -> None:
    person = known(fresh_ledger, "2022-团-01", name="演示林佳", organisation_name="河南师范大学")
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    detail = window.rehearsal.detail
    assert detail.rename.isVisible() and detail.rename.isChecked()
    detail.rename.click()
    qtbot.keyClick(window.rehearsal.table, Qt.Key.Key_1)
    wait(qtbot)
    with qtbot.waitSignal(main.context.said):
        window.forward()
    wait(qtbot)
    place = next(p for p in listed(fresh_ledger) if p.commissioner == person)
    assert (place.name, place.phone) == ("演示林佳", "13800000001")


def test_a_ledger_that_changed_under_the_button_writes_nothing(
    qtbot: QtBot,
    main: LedgerWindow,
    show: Show,
    fresh_ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = show(rosters.messy(tmp_path / "名单.xlsx"))
    monkeypatch.setattr(window, "_ledger_changed", lambda _kinds: None)  # it has not been told yet
    main.context.changed.disconnect()
    place = next(row.place for row in window.planning.made.rows if row.name == "演示林嘉")
    known(fresh_ledger, place, name="演示另一位", organisation_name="河南师范大学")
    before = operations(fresh_ledger)
    window.forward()
    wait(qtbot)
    assert operations(fresh_ledger) == before and names(fresh_ledger) == {"演示另一位"}
    assert window.isVisible() and "变动" in window.notice.text()
    assert window.planning.fresh and window.next.isEnabled()  # planned anew, and ready
    with qtbot.waitSignal(main.context.said):
        window.forward()
    wait(qtbot)
    assert len(names(fresh_ledger)) == 7

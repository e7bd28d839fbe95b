"""服务团 as its users touch it: real pages over a real ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from commissioner_app import batches, demo, ledgers, teams
from commissioner_app.ledgers import Ledger
from tests.office import Office
from ui import editing, tasks, theme
from ui.context import Context
from ui.teams import members
from ui.teams.page import TeamsPage
from ui.widgets.table import ToneRole


@pytest.fixture(autouse=True)
def _light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


@pytest.fixture
def training(tmp_path: Path) -> Iterator[Ledger]:
    with demo.make(tmp_path / "d.ktledger", visits_wanted=60) as made:
        yield made


@pytest.fixture
def show(qtbot) -> Iterator[Callable[[Ledger], TeamsPage]]:
    contexts = []

    def make(ledger: Ledger) -> TeamsPage:
        context = Context(ledger)
        contexts.append(context)
        page = TeamsPage(context)
        context.changed.connect(page.note_changes)  # as the window does
        qtbot.addWidget(page)
        page.resize(1170, 680)
        page.show()
        page.come()
        qtbot.waitUntil(lambda: not tasks.busy())
        return page

    yield make
    tasks.shut_down()
    for context in contexts:
        context.close()


def listed(ledger: Ledger) -> list:
    found = batches.all_batches(ledger)
    return teams.listed(ledger, found[0].id if found else None)


def test_the_team_with_its_figures_is_changed_and_undone(qtbot, training, show):
    page = show(training)
    row = [page.model.index(0, c).data() for c in range(page.model.columnCount())]
    assert row[0] == "省中药材产业科技特派员服务团" and row[6:8] == ["18", "18"] and int(row[8]) > 0
    assert page.caption() == "1 个服务团，成员 18 人"
    sheet = page.editor.sheet
    assert (sheet.value("level"), sheet.value("county")) == ("省派", "410821")
    f = page.editor.line().figures
    assert page.editor.figures.texts()[0] == row[8] == str(f.visits)
    assert (
        page.editor.figures.texts()[2:] == [str(f.trained), str(f.households), str(f.villages)]
        and f.villages > 0
    )
    sheet.widget("tasks").setPlainText("演示任务")
    qtbot.keyClick(page.editor.name, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: listed(training)[0].tasks == "演示任务" and not page.editor.dirty())
    page.editor.tabs.setCurrentIndex(3)
    qtbot.waitUntil(lambda: "任务说明：演示任务" in page.editor.steps.text())
    page._context.undo()
    qtbot.waitUntil(lambda: sheet.value("tasks") is None and not tasks.busy())


def test_members_leave_and_join_and_one_leads(qtbot, training, show, monkeypatch):
    page = show(training)
    page.editor.tabs.setCurrentIndex(1)
    view = page.editor.members
    assert view.list.item(0).text() == "演示一　2022-团-01（团长）"
    view.list.item(3).setSelected(True)
    view.leader.click()
    qtbot.waitUntil(lambda: "（团长）" in view.list.item(3).text() and not tasks.busy())
    view.list.clearSelection()
    view.list.item(0).setSelected(True)
    qtbot.keyClick(view.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: view.list.count() == 17 and not tasks.busy())
    assert listed(training)[0].places == 17

    def exec_(dialog: members.AddMembers) -> bool:
        assert dialog.list.count() == 21
        dialog.filter.setText("2022-团")
        shown = [n for n in range(dialog.list.count()) if not dialog.list.item(n).isHidden()]
        assert len(shown) == 1
        dialog.list.item(shown[0]).setCheckState(Qt.CheckState.Checked)
        return True

    monkeypatch.setattr(members.AddMembers, "exec", exec_)
    view.add.click()
    qtbot.waitUntil(lambda: view.list.count() == 18 and not tasks.busy())


def test_a_team_is_made_and_deleted(qtbot, training, show):
    page = show(training)
    page.new_button.click()
    assert page.editor.is_new() and page.editor.name.hasFocus()
    page.editor.save_button.click()
    assert page.editor.sheet.shown_error("name") == "请填写名称"
    page.editor.name.setText("演示服务团")
    page.editor.sheet.widget("organisation_name").setText("演示大学")
    page.editor.save_button.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2 and not tasks.busy() and not page.editor.is_new())
    made = next(t for t in listed(training) if t.name == "演示服务团")
    assert made.organisation_name == "演示大学" and page.editor.team_id() == made.id
    page.editor.delete_action.trigger()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1 and not tasks.busy())
    assert page.editor.line().team.name == "省中药材产业科技特派员服务团"


def test_a_new_team_can_be_given_up(qtbot, training, show):
    page = show(training)
    page.new_button.click()
    page.editor.discard_button.click()
    qtbot.waitUntil(lambda: page.editor.team_id() != "" and not tasks.busy())
    page.new_button.click()
    place = page.table.visualRect(page.model.index(0, 0)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not page.editor.is_new() and page.editor.team_id() != "" and not tasks.busy())
    assert len(listed(training)) == 1


def test_without_a_team_the_page_says_how_to_begin(qtbot, tmp_path, show):
    with ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", year=2023)
    ) as ledger:
        page = show(ledger)
        assert page._empty.isVisible() and not page.editor.isVisible()
        page._empty.button.click()
        assert page.editor.is_new() and page.editor.isVisible()
        tasks.shut_down()


def settled() -> bool:
    return not tasks.busy()


def titles(page: TeamsPage) -> list[str]:
    return [t.title for t in page.editor.tasks.list.tasks()]


def test_tasks_are_agreed_changed_and_deleted(qtbot, training, show):
    page = show(training)
    page.editor.tabs.setCurrentIndex(2)
    panel = page.editor.tasks
    assert panel.nothing.isVisible() and not panel.sheet.isVisible()
    panel.add.click()
    assert panel.title.hasFocus() and page.editor.discard_button.text() == "取消"
    qtbot.keyClick(panel.title, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.sheet.shown_error("title") == "请填写任务")
    for title, due in (("示范种植", "2022-12-31"), ("培训六期", "2022-9-30")):
        if not panel.is_new():
            panel.add.click()
        panel.title.setText(title)
        panel.period.last.setText(due)
        qtbot.keyClick(panel.title, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda title=title: title in titles(page) and not panel.is_new() and settled())
    # By due date; both are late by now, and said so in the list, the tab and the table.
    assert titles(page) == ["培训六期", "示范种植"] and "2，逾期 2" in page.editor.tabs.tabText(2)
    column = [c.key for c in page.model._columns].index("tasks")
    assert page.model.index(0, column).data() == "2 项，逾期 2"
    assert page.model.index(0, column).data(ToneRole) == "bad"
    assert "逾期" in panel.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert panel.sheet.value("title") == "培训六期" and panel.sheet.value("state") == "未开始"
    panel.state.setCurrentText("已完成")
    panel.period.last.setText("2023-01-31")
    page.editor.save_button.click()
    qtbot.waitUntil(lambda: titles(page) == ["示范种植", "培训六期"] and settled())
    assert panel.list.currentItem().text() == "培训六期" and "2，逾期 1" in page.editor.tabs.tabText(2)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: titles(page) == ["示范种植"] and settled())
    page._context.undo()
    qtbot.waitUntil(lambda: len(titles(page)) == 2 and settled())
    page.editor.delete_action.trigger()
    qtbot.waitUntil(lambda: teams.tasks(training) == [] and settled())
    page._context.undo()
    qtbot.waitUntil(lambda: len(titles(page)) == 2 and settled())


def test_a_typed_task_is_asked_about(qtbot, training, show, monkeypatch):
    team = listed(training)[0].id
    for title, due in (("甲", "2022-05-01"), ("乙", "2022-06-01")):
        teams.save_task(training, team, None, {"title": title, "period": [None, due]})
    page = show(training)
    page.editor.tabs.setCurrentIndex(2)
    panel = page.editor.tasks
    qtbot.waitUntil(lambda: panel.sheet.value("title") == "甲" and settled())
    panel.sheet.widget("result").setPlainText("完成一半")
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "stay")
    panel.list.setCurrentRow(1)
    assert panel.list.currentItem().text() == "甲" and panel.dirty()
    assert not page.may_leave()
    # What somebody else writes meanwhile neither takes the typed text nor is lost.
    teams.save_task(training, team, panel.list.tasks()[0].id, {"state": "进行中"})
    qtbot.waitUntil(lambda: panel.list.tasks()[0].state == "进行中" and settled())
    assert panel.sheet.value("result") == "完成一半"
    monkeypatch.setattr(editing, "ask_unsaved", lambda *_: "save")
    panel.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: panel.sheet.value("title") == "乙" and settled())
    first = teams.tasks(training, team)[0]
    assert (first.result, first.state) == ("完成一半", "进行中")


def test_others_than_the_bureau_only_read(qtbot, office: Office, show):
    page = show(office["w"])
    e = page.editor
    assert e.rights.isVisible() and "市科技局维护" in e.rights.text()
    assert e.name.isReadOnly() and not e.sheet.widget("county").isEnabled() and e.save_button.isHidden()
    assert page.new_button.isHidden() and e.more.isHidden() and e.members.remove.isHidden()
    e.tabs.setCurrentIndex(2)
    assert e.tasks.add.isHidden() and e.tasks.remove.isHidden()
    e.tabs.setCurrentIndex(1)
    e.members.list.item(0).setSelected(True)
    with qtbot.waitSignal(page._context.said) as said:
        qtbot.keyClick(e.members.list, Qt.Key.Key_Delete)
    assert "市科技局维护" in said.args[0] and e.members.list.count() == 18

"""The lists of 数据交换: 使用单位 and what is decided about them, 往来记录, the packages in sight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from commissioner_app import exchange, maintenance
from commissioner_app.ledgers import Ledger, NewLedger
from tests.machine import Machine, on_linux
from tests.office import Office
from ui.exchange.code import CompareCode
from ui.exchange.log import LogPanel
from ui.exchange.page import ExchangePage
from ui.exchange.stations import StationsPanel

Open = Callable[..., ExchangePage]
Settle = Callable[[], None]
Answer = Callable[[str], list[QDialog]]
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture
def page(office: Office, open_page: Open, settle: Settle) -> ExchangePage:
    """The bureau's 使用单位; the county has told it of x (温县), which nobody has compared there."""
    office.add("x", NewLedger("county", "温县", roster="2022"))
    office.bring("x", "w", accept=True)
    office.bring("w", "b")
    shown = open_page(ExchangePage, office["b"])
    shown.show_item("stations")
    settle()
    return shown


def choose(panel: StationsPanel, name: str) -> None:
    rows = range(panel.model.rowCount())
    panel.table.selectRow(next(n for n in rows if panel.model.index(n, 0).data() == name))


def states(panel: StationsPanel) -> dict[str, str]:
    rows = range(panel.model.rowCount())
    return {panel.model.index(n, 0).data(): panel.model.index(n, 2).data() for n in rows}


def cells(panel: LogPanel, row: int) -> list[str]:
    """A row of the log without its time."""
    return [panel.model.index(row, at).data() for at in range(1, panel.model.columnCount())]


def test_a_station_is_accepted_after_the_comparison(
    page: ExchangePage, office: Office, qtbot: QtBot, settle: Settle, answer: Answer
) -> None:
    panel = page.panel("stations")
    detail, x = panel.detail, exchange.own(office["x"])
    assert panel.own_name.text() == "本机：焦作市科技局"
    assert panel.own_code.boxes.groups() == exchange.own(office["b"]).fingerprint.split()
    assert states(panel) == {
        "修武县科技局": "已认可",
        "温县科技局": "未认可",
        "演示人员1（2022-团-01）": "已认可",
    }
    assert panel.foot.text() == "共 3 个，1 个未认可"
    assert detail.name.text() == "温县科技局"  # the one that waits for a person
    assert detail.code.text() == x.fingerprint and "还没有核对" in detail.note.text()
    assert detail.refuser.isVisible() and not detail.send_button.isVisible() and not detail.ender.isVisible()
    asked = answer("取消")
    qtbot.mouseClick(detail.truster, LEFT)
    settle()
    (question,) = asked
    assert isinstance(question, CompareCode) and question.code.text() == x.fingerprint
    assert office.peer("b", "x").state == "unknown"
    answer("已核对一致，认可")
    qtbot.mouseClick(detail.truster, LEFT)
    settle()
    assert office.peer("b", "x").state == "trusted" and states(panel)["温县科技局"] == "已认可"
    assert not detail.truster.isVisible() and not detail.note.isVisible() and panel.foot.text() == "共 3 个"
    choose(panel, "修武县科技局")
    qtbot.mouseClick(detail.send_button, LEFT)
    settle()
    assert page.current() == "send" and page.panel("send").form.peer.station == office["w"].station


def test_a_station_is_refused_and_accepted_again(
    page: ExchangePage, office: Office, qtbot: QtBot, settle: Settle, answer: Answer
) -> None:
    panel = page.panel("stations")
    asked = answer("拒绝")
    qtbot.mouseClick(panel.detail.refuser, LEFT)
    settle()
    assert asked[0].windowTitle() == "拒绝“温县科技局”？" and office.peer("b", "x").state == "refused"
    assert states(panel)["温县科技局"] == "已拒绝" and panel.detail.note.property("tone") == "bad"
    assert not panel.detail.refuser.isVisible() and panel.detail.truster.isVisible()
    answer("已核对一致，认可")
    qtbot.mouseClick(panel.detail.truster, LEFT)
    settle()
    assert office.peer("b", "x").state == "trusted" and panel.detail.pill.text() == "已认可"


def test_a_lost_laptop_is_ended_by_the_bureau_alone(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle, answer: Answer
) -> None:
    page = open_page(ExchangePage, office["b"])
    page.show_item("stations")
    settle()
    panel = page.panel("stations")
    choose(panel, "演示人员1（2022-团-01）")
    asked = answer("停用")
    with qtbot.waitSignal(page._context.said) as said:
        qtbot.mouseClick(panel.detail.ender, LEFT)
    settle()
    assert asked[0].windowTitle() == "停用“演示人员1（2022-团-01）”的这台电脑？"
    # 撤销 is not offered: it would be refused.
    assert said.args == ["已停用“演示人员1（2022-团-01）”。", False]
    assert office.peer("b", "c").state == "ended" and states(panel)["演示人员1（2022-团-01）"] == "已停用"
    assert panel.detail.pill.text() == "已停用" and panel.detail.note.isVisible()
    assert not panel.detail.ender.isVisible() and not panel.detail.send_button.isVisible()
    other = open_page(ExchangePage, office["w"])
    other.show_item("stations")
    settle()
    county = other.panel("stations")
    choose(county, "演示人员1（2022-团-01）")
    assert county.detail.send_button.isVisible() and not county.detail.ender.isVisible()


def test_without_any_exchange_both_lists_say_how_to_begin(
    fresh_ledger: Ledger, open_page: Open, settle: Settle
) -> None:
    page = open_page(ExchangePage, fresh_ledger)
    page.show_item("stations")
    settle()
    stations = page.panel("stations")
    assert stations.model.rowCount() == 0 and stations.detail.nothing.isVisible()
    assert not stations.foot.isVisible() and not stations.detail.buttons.isVisible()
    page.show_item("log")
    settle()
    log = page.panel("log")
    assert log.empty.isVisible() and log.empty.sentence.text() == "还没有发送或接收过文件。"
    assert not log.bar.isVisible()
    log.empty.linked.emit()
    assert page.current() == "receive"
    log.empty.begun.emit()
    assert page.current() == "send"


def test_the_log_lists_both_directions(office: Office, open_page: Open, settle: Settle) -> None:
    w = office["w"]
    page = open_page(ExchangePage, w)
    page.show_item("log")
    settle()
    panel = page.panel("log")
    before = panel.model.rowCount()
    office.visit("c")
    came = office.make("c", "w")
    exchange.apply(w, came)
    went = office.make("w", "b")
    panel.refresh()
    settle()
    assert panel.model.rowCount() == before + 2 and panel.foot.text() == f"共 {before + 2} 次"
    assert [cells(panel, n) for n in (0, 1)] == [
        ["发送", "焦作市科技局", went.name, "1", "—", "—", "—", "—", maintenance.size_text(went.stat().st_size), "演示县"],
        ["接收", "演示人员1", came.name, "1", "—", "—", "—", "—", maintenance.size_text(came.stat().st_size), "演示县"],
    ]  # fmt: skip
    for key, word, file in (("sent", "发送", went), ("received", "接收", came)):
        panel.chips.set_current(key)
        assert panel.model.index(0, 3).data() == file.name
        assert {panel.model.index(n, 1).data() for n in range(panel.model.rowCount())} == {word}


@on_linux
def test_packages_on_a_stick_are_in_sight(
    office: Office, open_page: Open, machine: Machine, settle: Settle
) -> None:
    w, stick = office["w"], machine.stick("KINGSTON")
    (stick / "上报").mkdir()
    old = office.make("c", "w").rename(stick / "旧.ktpack")
    exchange.apply(w, old)
    new = office.make("c", "w").rename(stick / "上报" / "新.ktpack")
    exchange.send(w, office.peer("w", "c"), stick / "自己.ktpack")
    (stick / "别的.txt").write_text("no package")
    page = open_page(ExchangePage, w)
    page.show_item("receive")
    settle()
    panel = page.panel("receive")
    start = panel.start
    rows = [[start.model.index(n, at).data() for at in (0, 1, 4)] for n in range(start.model.rowCount())]
    assert rows == [["新.ktpack", "KINGSTON", "未接收"], ["旧.ktpack", "KINGSTON", "已接收"]]
    assert start.sight.isVisible() and not start.steps.isVisible()
    start.table.selectRow(0)
    start.table.activated.emit(start.model.index(0, 0))
    settle()
    assert panel.preview.inspection.file == new
    panel.leave()
    machine.pull_out()
    start.refresh()
    settle()
    assert not start.sight.isVisible() and start.steps.isVisible()


def test_who_comes_back_finds_the_files_in_sight_and_not_the_last_result(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(ExchangePage, office["w"])
    page.show_item([office.make("b", "w")])
    settle()
    panel = page.panel("receive")
    assert panel.preview.empty.isVisible() and "没有新内容" in panel.preview.empty.sentence.text()
    qtbot.mouseClick(panel.preview.taker, LEFT)
    settle()
    assert panel.stack.currentWidget() is panel.result and not panel.result.arrivals.isVisible()
    page.show_item("send")
    page.show_item("receive")
    assert panel.stack.currentWidget() is panel.start


def test_files_are_chosen_even_where_settings_cannot_be_kept(
    office: Office, open_page: Open, settle: Settle, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.make("b", "w")
    (own_home / "settings").write_text("a file where the folder should be")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    page = open_page(ExchangePage, office["w"])
    page.show_item("receive")
    panel = page.panel("receive")
    panel.start.drop.chooser.click()
    settle()
    assert panel.preview.inspection.file == file

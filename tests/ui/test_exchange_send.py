"""上报 / 下发: what the page says before it writes a file, and what lies in the folder afterwards."""

import os
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, exchange, paths
from commissioner_app.exchange import joining, phrases
from tests.machine import Machine, on_linux
from tests.office import Office
from tests.ui.holds import AtFirstReport, held
from ui.exchange.page import ExchangePage
from ui.exchange.send import SendPanel

Open = Callable[..., ExchangePage]
Settle = Callable[[], None]
LEFT = Qt.MouseButton.LeftButton
Usage = namedtuple("Usage", "total used free")

pytestmark = pytest.mark.usefixtures("machine")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An empty folder of the disk."""
    folder = tmp_path / "发出"
    folder.mkdir()
    return folder


@pytest.fixture
def panel(office: Office, open_page: Open, target: Path) -> SendPanel:
    """上报 of a commissioner with one new visit; the county is chosen, and the folder."""
    office.visit("c")
    found: SendPanel = open_page(ExchangePage, office["c"]).panel("send")
    found.form.where.choose(target)
    return found


def choose(panel: SendPanel, name: str) -> None:
    rows = range(panel.model.rowCount())
    panel.table.selectRow(next(n for n in rows if panel.model.index(n, 0).data() == name))


def photo(office: Office, visit: str, folder: Path, size: int) -> None:
    file = folder / f"照片{size}.jpg"
    file.write_bytes(os.urandom(size))
    attachments.add(office["c"], "visit", visit, [file])


def sent_by(office: Office, name: str) -> list[str]:
    """The names of the files that a laptop has noted as sent, the latest first."""
    return [e.file for e in exchange.log(office[name]) if e.direction == "sent"]


def test_what_goes_is_counted_and_written(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle, tmp_path: Path, target: Path
) -> None:
    old = office.visit("c", content="县里已收到")
    photo(office, old, tmp_path, 40_000)
    office.bring("c", "w")
    office.bring("w", "c")
    office.edit("c", old, content="又改过")
    photo(office, office.visit("c"), tmp_path, 90_000)
    office.visit("c")
    before = len(sent_by(office, "c"))
    page = open_page(ExchangePage, office["c"])
    panel = page.panel("send")
    form = panel.form
    assert page.tabs.tabText(0) == "上报" and form.go.text() == "生成上报文件"
    assert form.name.text() == "修武县科技局" and form.pill.text() == "已认可" and not form.secret.isVisible()
    texts = [w.text() for w in form.facts.findChildren(QWidget) if w.isVisible()]
    assert texts[:6] == ["新增服务记录", "2", "修改服务记录", "1", "照片和附件", "1"]
    assert texts[6:8] == ["大小", "约 93 KB"] and not form.summary.isVisible()
    assert form.photos.isVisible() and "1 张" in form.photos.text()
    form.where.choose(target)
    form.photos.click()
    settle()
    texts = [w.text() for w in form.facts.findChildren(QWidget) if w.isVisible()]
    assert texts[4:8] == ["照片和附件", "2", "大小", "约 133 KB"]
    page.activateWindow()
    form.file.setFocus()
    qtbot.waitUntil(form.file.hasFocus)
    qtbot.keyClick(form.file, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    (file,) = target.iterdir()
    assert panel.side.currentWidget() is panel.sent and "2 张照片" in panel.sent.about.text()
    assert panel.sent.about.text().startswith("发给修武县科技局：") and str(target) in panel.sent.where.text()
    assert not panel.sent.secret.isVisible() and panel.sent.folder_button.hasFocus()
    came = exchange.inspect(office["w"], file)
    assert (came.new, came.changed, came.attachments) == (2, 1, 1)  # the other photo is there already
    assert sent_by(office, "c")[0] == file.name and len(sent_by(office, "c")) == before + 1
    # The next one gets another name by itself, and never takes the place of the one that is there.
    panel.sent.again.emit()
    settle()
    assert panel.side.currentWidget() is form and form.file.text() not in ("", file.name)
    form.file.setText(file.name)
    qtbot.mouseClick(form.go, LEFT)
    settle()
    assert "同名" in form.form.shown_error("file") and len(sent_by(office, "c")) == before + 1


def test_nothing_new_is_said_and_still_makes_a_receipt(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle
) -> None:
    panel = open_page(ExchangePage, office["c"]).panel("send")
    form = panel.form
    assert "回执" in form.summary.text() and form.summary.isVisible() and not form.facts.isVisible()
    qtbot.mouseClick(form.go, LEFT)
    settle()
    assert "只有回执" in panel.sent.about.text()
    # Nobody has chosen a folder: it lies beside the ledgers, in a folder that was not there yet.
    assert [p.name for p in paths.documents().iterdir()] == sent_by(office, "c")[:1]


def test_one_that_was_never_seen_needs_a_passphrase_and_it_is_forgotten(
    office: Office, open_page: Open, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    page = open_page(ExchangePage, office["b"])
    panel = page.panel("send")
    form = panel.form
    assert page.tabs.tabText(0) == "下发" and not form.secret.isVisible()
    choose(panel, "博爱县")
    settle()
    assert form.name.text() == "博爱县" and form.secret.isVisible() and not form.replaced.isVisible()
    assert form.pill.text() == "未联系过"
    made = form.phrase.text()
    assert phrases.tidy(made.upper().replace("-", " ")) == made and not phrases.problem(made)
    form.where.choose(target)
    form.phrase.setText("短")
    qtbot.mouseClick(form.go, LEFT)
    settle()
    assert not list(target.iterdir()) and form.phrase.hasFocus()
    assert form.secret_form.shown_error("phrase") == "口令至少 8 个字符"
    form.phrase.setText("一个自己定的长口令")
    qtbot.mouseClick(form.go, LEFT)
    settle()
    (file,) = target.iterdir()
    offer = joining.offer(file, "一个自己定的长口令")
    assert (offer.title, offer.fingerprint) == ("博爱县科技局", exchange.own(office["b"]).fingerprint)
    assert panel.sent.secret.isVisible()
    panel.sent.phrase.copy()
    assert QGuiApplication.clipboard().text() == "一个自己定的长口令"
    # Who goes elsewhere and comes back finds the form; the next file gets a passphrase of its own.
    page.show_item("log")
    page.show_item("send")
    settle()
    assert panel.side.currentWidget() is form and not panel.sent.phrase.text()
    assert form.phrase.text() not in ("", made, "一个自己定的长口令")
    assert form.pill.text() == "等待回音"
    choose(panel, "修武县科技局")
    settle()
    assert form.name.text() == "修武县科技局" and not form.secret.isVisible()


def test_a_new_laptop_of_a_known_unit_gets_a_passphrase_and_everything_again(
    panel: SendPanel, office: Office, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    form = panel.form
    assert form.replaced.isVisible() and not form.secret.isVisible()
    few = form.outlook.changes
    form.replaced.click()
    assert "正在计算" in form.summary.text()
    settle()
    assert form.secret.isVisible() and "换了电脑" in form.secret_text.text() and form.outlook.changes > few
    qtbot.mouseClick(form.go, LEFT)
    settle()
    (file,) = target.iterdir()
    assert exchange.envelope(file).sealed == "passphrase"
    assert exchange.inspect(office["w"], file, panel.sent.phrase.text()).new == 1


@on_linux
def test_a_stick_that_is_gone_is_one_sentence_and_the_form_stays(
    panel: SendPanel, office: Office, machine: Machine, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    form = panel.form
    before = sent_by(office, "c")
    stick = machine.stick("KINGSTON")
    form.where.look()
    settle()
    form.where.choose(stick)
    form.file.setText("给县里")
    machine.pull_out()
    qtbot.mouseClick(form.go, LEFT)
    settle()
    assert form.error.isVisible() and form.error.text().startswith("找不到要保存到的文件夹，数据包没有写成。")
    assert form.go.isVisible() and form.file.text() == "给县里" and not stick.exists()
    form.file.setText("a/b")
    assert not form.error.isVisible()
    form.where.choose(target)
    qtbot.mouseClick(form.go, LEFT)
    assert "不能有 /" in form.form.shown_error("file") and sent_by(office, "c") == before


def test_a_file_that_was_written_is_said_to_be_even_where_settings_cannot_be_kept(
    panel: SendPanel, own_home: Path, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    (own_home / "settings").write_text("a file where the folder should be")
    qtbot.mouseClick(panel.form.go, LEFT)
    settle()
    assert panel.side.currentWidget() is panel.sent and not panel.form.error.text()
    assert len(list(target.iterdir())) == 1


def test_cancelling_leaves_no_file(
    panel: SendPanel, office: Office, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    form, before = panel.form, sent_by(office, "c")
    seen: list[tuple[str, int]] = []

    def cancel() -> None:
        seen.append((form.state.text(), len(list(target.iterdir()))))
        qtbot.mouseClick(form.cancel, LEFT)

    with held():
        qtbot.mouseClick(form.go, LEFT)
        assert form.cancel.isVisible() and not form.go.isVisible()
        assert not panel.table.isEnabled() and not form.file.isEnabled()
        AtFirstReport(form._progress, cancel)
    settle()
    ((said, files),) = seen
    assert said.startswith("正在写入并核对…") and said.endswith("%") and files == 1
    assert not list(target.iterdir()) and sent_by(office, "c") == before
    assert form.go.isVisible() and panel.table.isEnabled() and form.file.isEnabled()
    assert "已取消" in form.state.text() and not form.error.isVisible()


def test_who_cancels_too_late_is_told_of_the_file(
    panel: SendPanel, qtbot: QtBot, settle: Settle, target: Path
) -> None:
    form = panel.form
    qtbot.mouseClick(form.go, LEFT)
    QThreadPool.globalInstance().waitForDone()  # written, but nobody has heard of it yet
    qtbot.mouseClick(form.cancel, LEFT)
    settle()
    assert panel.side.currentWidget() is panel.sent and len(list(target.iterdir())) == 1
    panel.sent.again.emit()
    settle()
    assert not form.state.text() and form.go.isVisible()


@on_linux
def test_a_stick_that_comes_is_offered_first(
    office: Office,
    open_page: Open,
    machine: Machine,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.visit("c")
    form = open_page(ExchangePage, office["c"]).panel("send").form
    assert form.where.folder() == paths.documents()
    stick, locked = machine.stick("KINGSTON"), machine.stick("只读盘", "ro")
    form.where.look()
    settle()
    assert form.where.folder() == stick and not form.room.isVisible()
    texts = [b.toolTip() for b in form.where._group.buttons() if b.isEnabled()]
    assert texts == [str(stick), str(paths.documents())]
    (refused,) = [b for b in form.where._group.buttons() if not b.isEnabled()]
    assert refused.toolTip() == str(locked) and "写保护" in refused.accessibleName()
    # The system says that it is nearly full.
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(8_000_000_000, 7_999_999_000, 1_000))
    form.where.look()
    settle()
    assert form.room.isVisible() and "可能放不下" in form.room.text()
    machine.pull_out()
    form.where.look()
    settle()
    assert form.where.folder() == paths.documents() and not form.room.isVisible()


def test_many_receivers_are_filtered(office: Office, open_page: Open, settle: Settle) -> None:
    panel = open_page(ExchangePage, office["b"]).panel("send")
    assert panel.bar.isVisible() and panel.model.rowCount() == 14 and panel.foot.text() == "共 14 个"
    panel.chips.set_current("commissioner")
    assert [panel.model.key(n).role for n in range(panel.model.rowCount())] == ["commissioner"] * 3
    panel.chips.set_current("all")
    panel.filter.setText("bax")
    assert panel.model.rowCount() == 1 and panel.model.key(0).name == "博爱县"
    assert panel.foot.text() == "共 14 个，列出 1 个"
    panel.filter.setText("没有这样的")
    assert panel.model.rowCount() == 0 and panel.empty.sentence.text() == "没有符合条件的单位。"
    settle()
    few = open_page(ExchangePage, office["c"]).panel("send")
    assert not few.bar.isVisible() and few.model.rowCount() == 2

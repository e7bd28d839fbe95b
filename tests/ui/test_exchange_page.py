"""数据交换: what the page shows and asks before it sends, receives or accepts; the use cases are stand-ins here."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import exchange
from commissioner_app.errors import DiskTrouble, Refused
from commissioner_app.exchange import (
    Envelope,
    Inspection,
    Line,
    LogEntry,
    Outlook,
    Peer,
    Receipt,
    Sent,
    phrases,
)
from commissioner_app.exchange.container import sentences
from commissioner_app.exchange.drives import Drive
from commissioner_app.ledgers import Ledger
from ui.exchange import destination, receive, stations
from ui.exchange.page import ExchangePage

Open = Callable[..., ExchangePage]
Settle = Callable[[], None]
DAY = 1_664_350_800_000  # 2022-09-28


def peer(**fields: Any) -> Peer:
    values: dict[str, Any] = dict(
        role="county", name="温县科学技术局", station="w", county="410825", place=None, fingerprint="4821 9037 1156 7043",
        state="trusted", needs_passphrase=False, last_sent=DAY, last_received=DAY, person=None,
    )  # fmt: skip
    return Peer(**{**values, **fields})


COUNTY = peer()
NEW = peer(name="博爱县", station=None, county="410822", fingerprint="", state="unknown", needs_passphrase=True,
           last_sent=None, last_received=None)  # fmt: skip
STRANGER = peer(
    name="修武县科学技术局", station="x", county="410821", state="unknown", last_sent=None, last_received=None
)
SOME = Outlook(new_visits=12, changed_visits=3, others=2, photos=20, bytes=8_400_000, lines=(("新增服务记录", 12), ("修改服务记录", 3), ("受援单位", 2), ("照片和附件", 20)),
               changes=41, photos_sent_before=35)  # fmt: skip
NOTHING = Outlook(
    new_visits=0, changed_visits=0, others=0, photos=0, bytes=3000, lines=(), changes=0, photos_sent_before=0
)


def inspection(path: Path, **fields: Any) -> Inspection:
    values: dict[str, Any] = dict(
        sender=COUNTY, first_contact=False, warning="", introduces=(), made=DAY, actor="演示员", clock_note="", new=2,
        changed=1, unchanged=5, conflicts=1, refused=0, attachments=3, bytes=900_000, by_kind=(("服务记录", 2, 1),),
        lines=(
            Line("visit", "a", "new", "服务记录", "2022-09-28 演示一", "现场指导"),
            Line("visit", "b", "new", "服务记录", "2022-09-27 演示二", "技术培训"),
            Line("visit", "c", "changed", "服务记录", "2022-09-26 演示三", "天数"),
            Line("visit", "d", "conflict", "服务记录", "2022-09-25 演示四", "培训人次"),
        ),
        part=1, of=1, file=path, more=0,
    )  # fmt: skip
    return Inspection(**{**values, **fields})


def entry_of(file: str) -> LogEntry:
    return LogEntry(
        at=DAY, direction="received", peer="w", name="温县科学技术局", file=file, made=DAY, new=12, changed=3, conflicts=1,
        refused=0, photos=20, bytes=8_400_000, actor="演示员",
    )  # fmt: skip


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


class World:
    """What the use cases answer, and what they were asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.addressees = [COUNTY, NEW]
        self.outlook: dict[str | None, Outlook] = {"w": SOME}
        self.peers = [COUNTY, STRANGER]
        self.envelope: Callable[[Path], Envelope] = lambda path: Envelope(1, "", "key", path.stem, 1, 1)
        self.inspect: Callable[[Path, str | None], Inspection] = lambda path, _phrase: inspection(path)
        self.log: list[LogEntry] = []
        self.sent: list[tuple[Peer, Path, str | None, bool]] = []
        self.applied: list[tuple[Path, str | None, bool]] = []
        self.decided: list[tuple[str, str]] = []
        self.hold = False
        patch.setattr(exchange, "addressees", lambda _l: self.addressees)
        patch.setattr(exchange, "peers", lambda _l: self.peers)
        patch.setattr(exchange, "own", lambda _l: peer(role="bureau", name="焦作市科学技术局", county=None))
        patch.setattr(exchange, "outlook", lambda _l, to, photos=False: self.outlook.get(to.station, NOTHING))
        patch.setattr(exchange, "file_name", lambda _l, to: f"下发{to.name}_01.ktpack")
        patch.setattr(exchange, "send", self._send)
        patch.setattr(exchange, "envelope", lambda path: self.envelope(path))
        patch.setattr(
            exchange, "inspect", lambda _l, path, phrase=None, progress=None: self.inspect(path, phrase)
        )
        patch.setattr(exchange, "apply", self._apply)
        patch.setattr(exchange, "log", lambda _l, limit=200: self.log)
        patch.setattr("ui.exchange.page.count_kept", lambda _l: 0)
        patch.setattr(exchange, "unsent", lambda _l: 0)
        patch.setattr(exchange, "trust", lambda _l, station: self.decided.append(("trust", station)))
        patch.setattr(exchange, "refuse", lambda _l, peer: self.decided.append(("refuse", peer.station)))
        patch.setattr(destination, "removable_drives", lambda: self.drives)
        patch.setattr("commissioner_app.exchange.found.removable_drives", lambda: self.drives)
        self.drives: list[Drive] = []

    def _send(
        self,
        _ledger: Ledger,
        to: Peer,
        target: Path,
        passphrase: str | None = None,
        resend_photos: bool = False,
        progress: Any = None,
    ) -> Sent:
        self.sent.append((to, target, passphrase, resend_photos))
        while self.hold:
            progress(1, 10)
            time.sleep(0.01)
        if "满" in target.name:
            raise DiskTrouble("U 盘空间不够，没有写完。台账没有改动。")
        target.write_bytes(b"x" * 5000)
        return Sent((target,), 41, 20, 5000)

    def _apply(
        self,
        _ledger: Ledger,
        path: Path,
        passphrase: str | None = None,
        accept: bool = False,
        progress: Any = None,
    ) -> Receipt:
        self.applied.append((path, passphrase, accept))
        return Receipt(
            sender=COUNTY,
            new=2,
            changed=1,
            unchanged=5,
            conflicts=1,
            refused=0,
            attachments=3,
            records={"visit": ["a"]},
        )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


@pytest.fixture
def page(world: World, open_page: Open, fresh_ledger: Ledger) -> ExchangePage:
    return open_page(ExchangePage, fresh_ledger)


def package(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"KTPACK1\n")
    return path


# -- sending -------------------------------------------------------------------------------------------


def test_what_goes_is_counted_and_written(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    panel = page.panel("send")
    form = panel.form
    assert page.tabs.tabText(0) == "下发" and form.name.text() == "温县科学技术局"
    texts = [w.text() for w in form.facts.findChildren(QWidget) if w.isVisible()]
    assert texts[:2] == ["新增服务记录", "12"] and "照片和附件" in texts and "约 8.4 MB" in texts
    assert form.photos.isVisible() and "35" in form.photos.text() and form.go.text() == "生成下发文件"
    form.where.choose(tmp_path)
    form.photos.click()
    settle()
    page.activateWindow()
    form.file.setFocus()
    qtbot.waitUntil(form.file.hasFocus)
    qtbot.keyClick(form.file, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert world.sent == [(COUNTY, tmp_path / "下发温县科学技术局_01.ktpack", None, True)]
    assert panel.side.currentWidget() is panel.sent and "41 处改动" in panel.sent.about.text()
    assert not panel.sent.secret.isVisible() and panel.sent.folder_button.hasFocus()
    panel.sent.again.emit()
    settle()
    click(qtbot, form.go)
    assert "同名" in form.form.shown_error("file") and len(world.sent) == 1


def test_one_that_was_never_seen_needs_a_passphrase(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    panel = page.panel("send")
    form = panel.form
    panel.table.selectRow(1)
    settle()
    assert form.name.text() == "博爱县" and form.secret.isVisible() and "回执" in form.summary.text()
    made = form.phrase.text()
    assert phrases.tidy(made.upper().replace("-", " ")) == made and not phrases.problem(made)
    form.where.choose(tmp_path)
    form.phrase.setText("短")
    click(qtbot, form.go)
    assert not world.sent and form.secret_form.shown_error("phrase") and form.phrase.hasFocus()
    form.phrase.setText("一个自己定的长口令")
    click(qtbot, form.go)
    settle()
    assert world.sent[0][2] == "一个自己定的长口令"
    assert panel.sent.secret.isVisible()
    panel.sent.phrase.copy()
    assert QGuiApplication.clipboard().text() == "一个自己定的长口令"
    panel.table.selectRow(0)
    settle()
    assert panel.side.currentWidget() is form and not form.secret.isVisible()


def test_who_comes_back_finds_what_is_new_and_not_the_last_result(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    panel = page.panel("send")
    panel.table.selectRow(1)
    settle()
    panel.form.where.choose(tmp_path)
    first = panel.form.phrase.text()
    click(qtbot, panel.form.go)
    settle()
    assert panel.side.currentWidget() is panel.sent
    page.show_item([package(tmp_path, "a.ktpack")])
    settle()
    assert panel.side.currentWidget() is panel.form and not panel.sent.phrase.text()
    assert panel.form.phrase.text() not in ("", first)
    receiving = page.panel("receive")
    click(qtbot, receiving.preview.taker)
    settle()
    assert receiving.stack.currentWidget() is receiving.result
    page.show_item("send")
    page.show_item("receive")
    assert receiving.stack.currentWidget() is receiving.start


def test_a_failure_is_one_sentence_and_the_form_stays(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    form = page.panel("send").form
    form.where.choose(tmp_path)
    form.file.setText("U盘满")
    click(qtbot, form.go)
    settle()
    assert form.error.isVisible() and form.error.text() == "U 盘空间不够，没有写完。台账没有改动。"
    assert form.go.isVisible() and form.file.text() == "U盘满"
    form.file.setText("a/b")
    click(qtbot, form.go)
    assert "不能有 /" in form.form.shown_error("file") and len(world.sent) == 1


def test_cancelling_leaves_no_file(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    form = page.panel("send").form
    form.where.choose(tmp_path)
    world.hold = True
    click(qtbot, form.go)
    qtbot.waitUntil(lambda: bool(world.sent))
    assert form.cancel.isVisible() and not page.panel("send").table.isEnabled()
    click(qtbot, form.cancel)
    settle()
    world.hold = False
    assert not list(tmp_path.glob("*.ktpack")) and form.go.isVisible()
    assert "已取消" in form.state.text() and not form.error.isVisible()


def test_a_stick_that_comes_is_offered_first(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    form = page.panel("send").form
    before = form.where.folder()
    world.drives = [
        Drive(tmp_path, "KINGSTON", 1_000_000, True),
        Drive(tmp_path / "x", "只读盘", 10**9, False),
    ]
    form.where.look()
    settle()
    assert before != tmp_path and form.where.folder() == tmp_path
    texts = [b.toolTip() for b in form.where._group.buttons() if b.isEnabled()]
    assert texts[0] == str(tmp_path) and str(tmp_path / "x") not in texts
    assert form.room.isVisible()  # 8.4 MB do not fit on it
    world.drives = []
    form.where.look()
    settle()
    assert form.where.folder() == before and not form.room.isVisible()


def test_many_receivers_are_filtered(
    world: World, open_page: Open, fresh_ledger: Ledger, settle: Settle
) -> None:
    people = [
        peer(role="commissioner", name=f"演示{n}（省派{n:02}）", station=f"c{n}", place=f"p{n}")
        for n in range(20)
    ]
    world.addressees = [COUNTY, *people]
    panel = open_page(ExchangePage, fresh_ledger).panel("send")
    assert panel.bar.isVisible() and panel.model.rowCount() == 21
    panel.chips.set_current("county")
    assert panel.model.rowCount() == 1
    panel.chips.set_current("all")
    panel.filter.setText("wxkx")
    assert panel.model.rowCount() == 1 and panel.model.key(0) == COUNTY


# -- receiving -----------------------------------------------------------------------------------------


def test_files_are_looked_at_one_after_the_other(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    first, second = package(tmp_path, "a.ktpack"), package(tmp_path, "b.ktpack")
    page.show_item([first, second])
    settle()
    panel = page.panel("receive")
    preview = panel.preview
    assert page.current() == "receive" and panel.stack.currentWidget() is preview
    assert "b.ktpack" in panel.waiting.text() and preview.table.model().rowCount() == 4
    assert preview.code.boxes.groups() == ["4821", "9037", "1156", "7043"] and not preview.refuser.isVisible()
    preview.chips.set_current("conflict")
    assert preview.model.rowCount() == 1
    click(qtbot, preview.taker)
    settle()
    assert world.applied == [(first, None, False)] and panel.stack.currentWidget() is panel.result
    assert "还有 1 个" in panel.result.next.text() and panel.result.to_conflicts.isVisible()
    with qtbot.waitSignal(page.wants) as caught:
        click(qtbot, panel.result.arrivals)
    assert caught.args == ["visits", {"arrived": True}]
    click(qtbot, panel.result.next)
    settle()
    assert panel.stack.currentWidget() is preview and not panel.waiting.isVisible()
    click(qtbot, preview.leaver)
    settle()
    assert panel.stack.currentWidget() is panel.start and len(world.applied) == 1


def test_first_contact_waits_for_the_comparison(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    bureau = peer(role="bureau", name="焦作市科学技术局", station="b")
    world.inspect = lambda path, _phrase: inspection(
        path, sender=STRANGER, first_contact=True, introduces=(bureau,), clock_note="对方电脑的日期快 3 天。"
    )
    path = package(tmp_path, "a.ktpack")
    page.show_item({"file": path})
    settle()
    panel = page.panel("receive")
    preview = panel.preview
    assert (
        preview.first.isVisible()
        and "焦作市科学技术局" in preview.introduces.text()
        and preview.clock.isVisible()
    )
    assert (
        not preview.taker.isEnabled() and preview.compared.isVisible() and not preview.confirmed.isVisible()
    )
    qtbot.keyClick(preview.compared, Qt.Key.Key_Space)
    assert preview.taker.isEnabled() and not preview.why.text()
    click(qtbot, preview.taker)
    settle()
    assert world.applied == [(path, None, True)]


def test_a_warning_needs_a_word_by_phone(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    world.inspect = lambda path, _phrase: inspection(path, warning="温县已有另一个使用单位。")
    page.show_item([package(tmp_path, "a.ktpack")])
    settle()
    preview = page.panel("receive").preview
    assert preview.warning.isVisible() and preview.warning.property("tone") == "bad"
    click(qtbot, preview.taker)
    assert not world.applied
    preview.confirmed.click()
    click(qtbot, preview.taker)
    settle()
    assert world.applied[0][2] is True


def test_a_station_is_refused_after_a_question(
    page: ExchangePage,
    world: World,
    qtbot: QtBot,
    settle: Settle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.inspect = lambda path, _phrase: inspection(path, sender=STRANGER, first_contact=True)
    page.show_item([package(tmp_path, "a.ktpack")])
    settle()
    panel = page.panel("receive")
    monkeypatch.setattr(receive, "ask", lambda *_a, **_k: 0)
    click(qtbot, panel.preview.refuser)
    settle()
    assert world.decided == [("refuse", "x")] and not world.applied
    assert panel.stack.currentWidget() is panel.start


def test_a_passphrase_is_asked_for_once_for_all_parts(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    right = phrases.generate()

    def inspect(path: Path, phrase: str | None) -> Inspection:
        if phrase != right:
            raise Refused(sentences.WRONG_PASSPHRASE)
        return inspection(path, part=int(path.stem[-1]), of=2)

    world.inspect = inspect
    world.envelope = lambda path: Envelope(1, "", "passphrase", "same", int(path.stem[-1]), 2)
    page.show_item([package(tmp_path, "a1.ktpack"), package(tmp_path, "a2.ktpack")])
    settle()
    panel = page.panel("receive")
    assert panel.stack.currentWidget() is panel.locked and panel.locked.phrase.hasFocus()
    panel.locked.phrase.setText("不对")
    qtbot.keyClick(panel.locked.phrase, Qt.Key.Key_Return)
    settle()
    assert panel.locked.form.shown_error("phrase") == sentences.WRONG_PASSPHRASE
    panel.locked.phrase.setText(right.replace("-", "").upper())
    click(qtbot, panel.locked.unlock)
    settle()
    assert panel.stack.currentWidget() is panel.preview and panel.preview.parts.isVisible()
    click(qtbot, panel.preview.taker)
    settle()
    assert "第 1 个" in panel.result.parts.text()
    click(qtbot, panel.result.next)
    settle()
    assert panel.stack.currentWidget() is panel.preview  # without asking again


def test_a_damaged_file_is_one_sentence_and_the_next_comes(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    def envelope(path: Path) -> Envelope:
        if path.stem == "a":
            raise Refused("文件不完整，可能没有拷贝完。")
        return Envelope(1, "", "key", path.stem, 1, 1)

    world.envelope = envelope
    page.show_item([package(tmp_path, "a.ktpack"), package(tmp_path, "b.ktpack")])
    settle()
    panel = page.panel("receive")
    assert (
        panel.stack.currentWidget() is panel.trouble
        and panel.trouble.text.text() == "文件不完整，可能没有拷贝完。"
    )
    click(qtbot, panel.trouble.go_on)
    settle()
    assert panel.stack.currentWidget() is panel.preview and panel.preview.inspection.file.name == "b.ktpack"


def test_other_files_are_named_and_left(page: ExchangePage, qtbot: QtBot, tmp_path: Path) -> None:
    page.show_item("receive")
    with qtbot.waitSignal(page._context.said) as caught:
        page.panel("receive").offer([tmp_path / "表.xlsx"])
    assert (
        "表.xlsx" in caught.args[0]
        and page.panel("receive").stack.currentWidget() is page.panel("receive").start
    )


def test_packages_on_a_stick_are_in_sight(
    page: ExchangePage, world: World, settle: Settle, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    (stick / "上报").mkdir(parents=True)
    for name in ("旧.ktpack", "上报/新.ktpack", "自己.ktpack", "别的.txt"):
        package(stick, name)
    world.drives = [Drive(stick, "KINGSTON", 10**9, True)]
    entry = entry_of("旧.ktpack")
    world.log = [entry, replace(entry, direction="sent", file="自己.ktpack")]
    page.show_item("receive")
    receiving = page.panel("receive")
    panel = receiving.start
    panel.refresh()
    settle()
    rows = [
        (panel.model.index(n, 0).data(), panel.model.index(n, 4).data())
        for n in range(panel.model.rowCount())
    ]
    assert rows == [("新.ktpack", "未接收"), ("旧.ktpack", "已接收")]
    panel.table.selectRow(0)
    panel.table.activated.emit(panel.model.index(0, 0))
    settle()
    assert receiving.preview.inspection.file == stick / "上报/新.ktpack"


# -- stations and log ----------------------------------------------------------------------------------


def test_a_station_is_accepted_after_the_comparison(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.show_item("stations")
    settle()
    panel = page.panel("stations")
    assert panel.own_code.boxes.groups()[0] == "4821" and panel.model.rowCount() == 2
    detail = panel.detail
    assert detail.peer == STRANGER  # the one that waits for a person
    asked: list[stations.CompareCode] = []

    def accept(dialog: stations.CompareCode) -> int:
        asked.append(dialog)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(stations.CompareCode, "exec", accept)
    click(qtbot, detail.truster)
    settle()
    assert world.decided == [("trust", "x")] and asked[0].code.text() == STRANGER.fingerprint
    panel.table.selectRow(0)
    assert detail.ender.isVisible() and not detail.truster.isVisible()
    click(qtbot, detail.send_button)
    settle()
    assert page.current() == "send" and page.panel("send").form.peer == COUNTY


def test_the_log_lists_both_directions(page: ExchangePage, world: World, settle: Settle) -> None:
    page.show_item("log")
    settle()
    panel = page.panel("log")
    assert panel.empty.isVisible()
    entry = entry_of("a.ktpack")
    world.log = [entry, replace(entry, direction="sent", file="b.ktpack")]
    panel.refresh()
    settle()
    assert panel.model.rowCount() == 2
    panel.chips.set_current("sent")
    assert panel.model.rowCount() == 1 and panel.model.index(0, 3).data() == "b.ktpack"


def test_a_new_laptop_of_a_known_unit_gets_a_passphrase(
    page: ExchangePage, world: World, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    form = page.panel("send").form
    form.where.choose(tmp_path)
    assert form.replaced.isVisible() and not form.secret.isVisible()
    form.replaced.click()
    settle()
    assert (
        form.secret.isVisible() and "回执" in form.summary.text()
    )  # what World says of one without a station
    click(qtbot, form.go)
    settle()
    to, _path, phrase, _photos = world.sent[0]
    assert to.station is None and phrase == phrases.tidy(form.phrase.text())

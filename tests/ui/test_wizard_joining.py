"""A ledger from a received file: the 核对码 is compared, what is wrong stands in place, nothing is left behind."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import demo, exchange, ledgers, paths
from commissioner_app.exchange import joining
from commissioner_app.ledgers import Ledger, NewLedger
from db.exchange import making
from db.ids import new_id
from db.ledger import Draft
from db.queries import roster
from ui import app as start
from ui.wizard import opening
from ui.wizard.welcome import Welcome

PHRASE, SAID = "k7m2-9xqp-4hhd-t3wz", "K7M2 9xqp 4hhd t3wz"
XIUWU = "410821"
RETURN, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space
Open = Callable[..., Welcome]

really_exec = QDialog.exec


@pytest.fixture(autouse=True)
def no_unexpected_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests answer real dialogs; one that nobody answers is given up after a while."""

    def limited(dialog: QDialog) -> int:
        QTimer.singleShot(15_000, dialog, dialog.reject)
        return really_exec(dialog)

    monkeypatch.setattr(QDialog, "exec", limited)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    """A bureau's ledger with one person in the first place."""
    with ledgers.create(tmp_path / "b.ktledger", NewLedger("bureau", roster="2022", actor="演示局")) as made:
        with made.read() as connection:
            place = roster.places(connection, None, "2022-09-01")[0]
        person = new_id()
        made.write("录入", [
            Draft("commissioner", person, "insert", {"name": "演示人员1"}),
            Draft("appointment_person", new_id(), "insert", {"appointment": place.id, "commissioner": person}),
        ])  # fmt: skip
        yield made


def package(ledger: Ledger, file: Path, role: str = "county") -> Path:
    """A file with a passphrase for 修武县, or for the first commissioner."""
    someone = next(p for p in exchange.addressees(ledger) if p.role == role and p.county in (XIUWU, None))
    (sent,) = exchange.send(ledger, someone, file, PHRASE).files
    return sent


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Open]:
    """Opens the welcome window as the start of the program does."""
    made: list[Welcome] = []

    def shown(**wishes: Any) -> Welcome:
        dialog = Welcome(**wishes)
        with qtbot.waitExposed(dialog):
            dialog.show()
        dialog.activateWindow()
        made.append(dialog)
        return dialog

    yield shown
    for dialog in made:
        if dialog.ledger is not None:
            dialog.ledger.close()
        dialog.go_to(-1)  # in the midst of the steps closing would ask
        dialog.close()
        dialog.deleteLater()


def press(qtbot: QtBot, key: Qt.Key) -> None:
    """A key to whatever has the keyboard."""
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClick(widget, key)


def written(qtbot: QtBot, text: str) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    qtbot.keyClicks(widget, text)


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def read(qtbot: QtBot, dialog: Welcome, phrase: str = PHRASE) -> None:
    """The file in front is read and its 核对码 taken for compared."""
    dialog.file.secret.field.setText(phrase)
    click(qtbot, dialog.file.secret.read)
    qtbot.waitUntil(lambda: dialog.file.offer is not None, timeout=10_000)
    dialog.file.same.setChecked(True)


def to_place(qtbot: QtBot, dialog: Welcome, target: Path) -> None:
    """From a file that was read to the last step."""
    click(qtbot, dialog.next)
    dialog.own_unit.actor.setText("演示甲")
    click(qtbot, dialog.next)
    click(qtbot, dialog.next)
    assert dialog.steps[dialog.at()] is dialog.place
    dialog.place.place.set_path(target)


def answer(dialog_type: type, do: Callable[[QWidget], None]) -> None:
    """Do something with the next modal dialog of a kind, once it is there."""

    def look() -> None:
        shown = QApplication.activeModalWidget()
        if isinstance(shown, dialog_type):
            do(shown)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def test_a_county_by_keyboard_alone(qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path) -> None:
    welcome = show(package=package(bureau, tmp_path / "w.ktpack"))
    assert [step.title for step in welcome.shown_steps()] == ["文件", "单位", "密码", "位置"]
    assert welcome.at() == 0 and welcome.file.secret.field.hasFocus()
    written(qtbot, SAID)
    press(qtbot, RETURN)
    qtbot.waitUntil(lambda: welcome.file.same.hasFocus(), timeout=10_000)
    assert welcome.file.receiver.text() == "修武县（县科技局）"
    assert welcome.file.source.text() == "焦作市科技局（市科技局）"
    assert welcome.file.code.groups() == exchange.own(bureau).fingerprint.split()
    press(qtbot, RETURN)  # not compared yet
    assert welcome.at() == 0 and welcome.file.unchecked.isVisible() and welcome.file.same.hasFocus()
    press(qtbot, SPACE)
    assert not welcome.file.unchecked.isVisible()
    press(qtbot, RETURN)
    assert welcome.at() == 1 and welcome.own_unit.name.text() == "修武县科技局"
    press(qtbot, RETURN)
    assert welcome.at() == 1 and welcome.own_unit.form.shown_error("actor")
    written(qtbot, "Yan Shi")
    qtbot.keyClick(welcome, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: welcome.at() == 0)
    for _ in range(3):
        press(qtbot, RETURN)
    assert welcome.steps[welcome.at()] is welcome.place  # what was typed and compared has stayed
    with qtbot.waitSignal(welcome.accepted, timeout=10_000):
        press(qtbot, RETURN)
    ledger = welcome.ledger
    assert ledgers.station_values(ledger) == ("county", "修武县科技局", XIUWU) and ledger.actor == "Yan Shi"
    assert ledger.path == paths.documents() / "修武县科技局.ktledger" and welcome.joined is not None
    (sender,) = exchange.peers(ledger)
    assert (sender.role, sender.state) == ("bureau", "trusted") and not ledgers.is_demo(ledger)


def test_a_commissioner_by_mouse_with_a_password_and_its_sheet(
    qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = package(bureau, tmp_path / "c.ktpack", "commissioner")
    welcome = show()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: ("", ""))
    click(qtbot, welcome.received)
    assert welcome.at() == -1  # no file, no step
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(file), ""))
    click(qtbot, welcome.received)
    assert welcome.file.name.text() == "c.ktpack"
    read(qtbot, welcome)
    assert welcome.file.receiver.text() == "科技特派员 演示人员1（2022-团-01）"
    click(qtbot, welcome.next)
    assert (welcome.own_unit.name.text(), welcome.own_unit.actor.text()) == ("演示人员1", "演示人员1")
    click(qtbot, welcome.next)
    click(qtbot, welcome.passwords.kinds.cards["password"])
    for field in (welcome.passwords.fields.first, welcome.passwords.fields.again):
        field.setText("shanyao2022")
    click(qtbot, welcome.next)
    welcome.place.place.set_path(tmp_path / "c.ktledger")
    click(qtbot, welcome.next)
    qtbot.waitUntil(lambda: welcome.steps[welcome.at()] is welcome.sheet, timeout=10_000)
    saver = welcome.sheet.saver
    saver.place.set_path(tmp_path / "恢复单.pdf")
    with qtbot.waitSignal(saver.saved, timeout=10_000):
        press(qtbot, RETURN)
    assert welcome.next.text() == "开始使用"
    click(qtbot, welcome.next)
    assert welcome.result() == Welcome.DialogCode.Accepted and welcome.ledger.encrypted
    own = exchange.own(welcome.ledger)
    assert (own.role, own.name) == ("commissioner", "演示人员1（2022-团-01）")
    assert welcome.ledger.actor == "演示人员1" and own.place and own.person


def test_what_is_wrong_with_a_file_stands_in_place(
    qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = package(bureau, tmp_path / "w.ktpack")
    with joining.create_from_package(tmp_path / "w.ktledger", NewLedger("county"), good, PHRASE) as county:
        above = next(p for p in exchange.addressees(county) if p.role == "bureau")
        (sealed,) = exchange.send(county, above, tmp_path / "key.ktpack").files
    short = tmp_path / "short.ktpack"
    short.write_bytes(good.read_bytes()[:-100])
    welcome = show(package=tmp_path / "gone.ktpack")
    step = welcome.file
    chosen: list[Path] = [sealed]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a, **_k: (str(chosen[0]), ""))

    def trouble() -> str:
        qtbot.waitUntil(step.trouble.isVisible, timeout=10_000)
        assert step.other.hasFocus() and not step.form.isVisible()
        return step.trouble.text()

    assert "找不到" in trouble()
    press(qtbot, RETURN)  # Enter chooses another file
    qtbot.waitUntil(lambda: step.name.text() == "key.ktpack")
    assert "已有台账的电脑" in trouble()
    click(qtbot, welcome.next)
    assert welcome.at() == 0

    chosen[0] = short
    click(qtbot, step.other)
    assert "不完整" in trouble()

    chosen[0] = good
    click(qtbot, step.other)
    click(qtbot, step.secret.read)
    assert "口令" in step.form.shown_error("phrase")
    written(qtbot, "something else")
    press(qtbot, RETURN)
    qtbot.waitUntil(lambda: "口令不对" in step.form.shown_error("phrase"), timeout=10_000)
    assert step.secret.field.hasFocus() and step.secret.field.selectedText() == "something else"
    written(qtbot, PHRASE)  # the wrong one is selected: typing replaces it
    press(qtbot, RETURN)
    qtbot.waitUntil(lambda: step.offer is not None, timeout=10_000)
    step.same.setChecked(True)
    click(qtbot, step.other)  # the same file chosen again is compared again
    assert step.offer is None and not step.same.isChecked() and step.secret.field.text() == ""


def test_a_file_of_another_sender_in_its_place_leaves_nothing(
    qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path
) -> None:
    file, target = package(bureau, tmp_path / "w.ktpack"), tmp_path / "w.ktledger"
    welcome = show(package=file)
    read(qtbot, welcome)
    to_place(qtbot, welcome, target)
    file.unlink()
    with ledgers.create(tmp_path / "x.ktledger", NewLedger("bureau", roster="2022")) as stranger:
        package(stranger, file)
    click(qtbot, welcome.next)
    qtbot.waitUntil(lambda: bool(welcome.error.text()), timeout=10_000)
    assert welcome.error.text() == joining.OTHER_SENDER
    assert welcome.ledger is None and not list(tmp_path.glob("w.ktledger*")) and welcome.next.isEnabled()


def test_making_it_can_be_cancelled(
    qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, go = tmp_path / "w.ktledger", threading.Event()
    welcome = show(package=package(bureau, tmp_path / "w.ktpack"))
    read(qtbot, welcome)
    to_place(qtbot, welcome, target)
    really = joining.create_from_package

    def slowly(*args: Any, progress: Callable[[int, int], None], **wishes: Any) -> Ledger:
        def tell(done: int, total: int) -> None:
            assert go.wait(10)
            progress(done, total)

        return really(*args, progress=tell, **wishes)

    monkeypatch.setattr(joining, "create_from_package", slowly)
    click(qtbot, welcome.next)
    assert welcome.stop.isVisible() and not welcome.next.isEnabled()
    click(qtbot, welcome.stop)
    go.set()
    qtbot.waitUntil(welcome.next.isEnabled, timeout=10_000)
    assert welcome.ledger is None and not list(tmp_path.glob("w.ktledger*")) and not welcome.stop.isVisible()
    with qtbot.waitSignal(welcome.accepted, timeout=10_000):
        click(qtbot, welcome.next)
    assert ledgers.info(welcome.ledger).role == "county"


def test_training_data_stay_training_data(qtbot: QtBot, show: Open, tmp_path: Path) -> None:
    with demo.make(tmp_path / "b.ktledger") as bureau:
        welcome = show(package=package(bureau, tmp_path / "w.ktpack"))
        read(qtbot, welcome)
        assert "演示" in welcome.file.note.text()
        to_place(qtbot, welcome, tmp_path / "w.ktledger")
        with qtbot.waitSignal(welcome.accepted, timeout=20_000):
            click(qtbot, welcome.next)
        county = welcome.ledger
        assert ledgers.is_demo(county)
        above = next(p for p in exchange.addressees(county) if p.role == "bureau")
        (back,) = exchange.send(county, above, tmp_path / "back.ktpack").files
        assert exchange.apply(bureau, back, accept=True).sender.county == XIUWU


def test_a_file_that_tells_no_names(
    qtbot: QtBot, show: Open, bureau: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_named", lambda *_: {})  # as the first versions wrote it
    welcome = show(package=package(bureau, tmp_path / "c.ktpack", "commissioner"))
    read(qtbot, welcome)
    assert welcome.file.receiver.text() == "科技特派员"
    click(qtbot, welcome.next)
    assert (welcome.own_unit.name.text(), welcome.own_unit.actor.text()) == ("科技特派员", "")


def test_a_double_click_without_a_ledger(
    qtbot: QtBot, bureau: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = package(bureau, tmp_path / "w.ktpack")
    seen: list[tuple[Any, ...]] = []

    class Stopped(Exception):
        pass

    def stop(path: Path | None, packages: list[Path]) -> None:
        seen.append((path, packages))
        raise Stopped

    monkeypatch.setattr(opening, "first_ledger", stop)
    monkeypatch.setattr(start, "_handed_over", lambda _packages: False)
    monkeypatch.setattr(start.errors, "install", lambda *_: None)
    with pytest.raises(Stopped):
        start.open_window([str(file)])
    assert seen == [(None, [file])]


def test_the_welcome_begins_with_the_file_given(qtbot: QtBot, bureau: Ledger, tmp_path: Path) -> None:
    file, second = package(bureau, tmp_path / "w.ktpack"), tmp_path / "second.ktpack"

    def join(dialog: QWidget) -> None:
        assert isinstance(dialog, Welcome) and dialog.file.path == file
        read(qtbot, dialog)
        to_place(qtbot, dialog, tmp_path / "w.ktledger")
        click(qtbot, dialog.next)

    answer(Welcome, join)
    packages = [file, second]
    ledger = opening.first_ledger(None, packages)
    assert ledger is not None and packages == [second]  # what it was made from is not looked at again
    ledger.close()


def test_a_ledger_that_is_not_to_be_found_comes_first(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "w.ktpack"
    seen: list[str] = []

    def look(dialog: QWidget) -> None:
        assert isinstance(dialog, Welcome) and dialog.at() == -1 and dialog.retry.isVisible()
        seen.append(dialog.received.accessibleDescription())
        click(qtbot, dialog.received)
        seen.append(dialog.file.name.text())
        qtbot.waitUntil(dialog.file.trouble.isVisible)
        dialog.reject()

    answer(Welcome, look)
    packages = [file]
    assert opening.first_ledger(tmp_path / "gone.ktledger", packages) is None
    assert "w.ktpack" in seen[0] and seen[1] == "w.ktpack" and packages == [file]


def test_every_control_has_a_name(show: Open, tmp_path: Path) -> None:
    welcome = show(package=tmp_path / "w.ktpack")
    assert all(part.accessibleName() for part in (welcome.file.other, welcome.file.secret.read, welcome.stop))
    assert welcome.file.secret.field.accessibleName() == "打开口令" and welcome.rail.accessibleName()

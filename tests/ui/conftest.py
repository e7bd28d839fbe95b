"""Every window test runs without a screen, in the light scheme."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from commissioner_app import demo, ledgers
from commissioner_app.exchange import drives
from commissioner_app.ledgers import Ledger
from tests.machine import Machine
from ui import tasks, theme
from ui.context import Context
from ui.shell.page import Page


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    """The style sheet is part of what is tested: sizes and focus depend on it."""
    theme.apply(qapp, "light")


@pytest.fixture(autouse=True)
def no_unexpected_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dialog that a test does not answer fails it instead of waiting for somebody."""

    def refuse(dialog: QDialog) -> int:
        raise AssertionError(f"unexpected dialog: {dialog.windowTitle()}")

    monkeypatch.setattr(QDialog, "exec", refuse)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[QDialog]]:
    """Answers every dialog from then on with the button of that text, as a person does; returns the dialogs."""

    def choose(text: str) -> list[QDialog]:
        answered: list[QDialog] = []

        def execute(dialog: QDialog) -> int:
            answered.append(dialog)
            dialog.show()
            buttons: Iterable[QPushButton] = dialog.findChildren(QPushButton)
            next(b for b in buttons if b.text() == text).click()
            return dialog.result()

        monkeypatch.setattr(QDialog, "exec", execute)
        return answered

    return choose


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The removable drives of this machine are those that the test puts in: none at first."""
    root = tmp_path / "machine"
    root.mkdir()
    made = Machine(root)
    made.tell()
    monkeypatch.setattr(drives, "MOUNTS", made.mounts)
    monkeypatch.setattr(drives, "BLOCKS", made.blocks)
    monkeypatch.setattr(drives, "LABELS", made.labels)
    return made


@pytest.fixture(scope="session")
def prepared_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The training ledger, made once; tests get copies."""
    path = tmp_path_factory.mktemp("demo") / "演示.ktledger"
    demo.make(path).close()
    return path


@pytest.fixture
def demo_ledger(prepared_demo: Path, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with training data: 38 places, 31 people, 214 visits."""
    path = tmp_path / "演示.ktledger"
    path.write_bytes(prepared_demo.read_bytes())
    ledger = Ledger.open(path)
    yield ledger
    ledger.close()


@pytest.fixture
def small_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Training data with 30 visits: made in a moment."""
    with demo.make(tmp_path / "演示小.ktledger", 30) as ledger:
        yield ledger


@pytest.fixture
def fresh_ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A bureau's ledger with the 38 places of 2022 and nobody in them."""
    ledger = ledgers.create(
        tmp_path / "新.ktledger", ledgers.NewLedger("bureau", roster="2022", actor="演示员")
    )
    yield ledger
    ledger.close()


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[], None]:
    """Waits until all work in the background has been delivered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not tasks.busy(), timeout=20_000)

    return wait


@pytest.fixture
def open_page(qtbot: QtBot, settle: Callable[[], None]) -> Iterator[Callable[..., Page]]:
    """Shows a page over a ledger as the window does."""
    made: list[Page] = []

    def show(kind: type[Page], ledger: Ledger) -> Page:
        context = Context(ledger)
        page = kind(context)
        context.setParent(page)
        context.changed.connect(page.note_changes)
        qtbot.addWidget(page)
        page.resize(1170, 680)
        page.show()
        page.come()
        settle()
        made.append(page)
        return page

    yield show
    tasks.shut_down()
    for page in made:
        page._context.close()  # type: ignore[attr-defined]

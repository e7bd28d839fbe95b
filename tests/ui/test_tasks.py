"""Work off the GUI thread: delivered once, on the right thread, or dropped."""

import sys
import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import tasks
from ui.shell.taskbar import TaskBar, remaining


def test_result_comes_on_the_gui_thread(qtbot: QtBot) -> None:
    threads: list[object] = []
    results: list[int] = []

    def work() -> int:
        threads.append(threading.get_ident())
        return 42

    def done(result: int) -> None:
        results.append(result)
        assert QThread.currentThread() is QApplication.instance().thread()

    tasks.run(work, done=done)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert results == [42] and threads != [threading.get_ident()]


def test_error_goes_to_failed_or_to_the_hook(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[BaseException] = []
    hooked: list[type[BaseException]] = []

    def work() -> None:
        raise ValueError("no")

    tasks.run(work, failed=failed.append)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert [str(error) for error in failed] == ["no"]
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: hooked.append(kind))
    tasks.run(work)
    qtbot.waitUntil(lambda: not tasks.busy())
    assert hooked == [ValueError]


def test_nothing_for_an_owner_that_is_gone(qtbot: QtBot) -> None:
    owner, gate = QObject(), threading.Event()
    results: list[object] = []
    tasks.run(lambda: gate.wait(10), done=results.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert results == []


def test_a_newer_question_supersedes(qtbot: QtBot) -> None:
    owner, gate = QObject(), threading.Event()
    results: list[object] = []
    tasks.run(lambda: gate.wait(10) and "old", done=results.append, owner=owner, key="search")
    tasks.run(lambda: "new", done=results.append, owner=owner, key="search")
    tasks.run(lambda: "other", done=results.append, owner=owner, key="count")
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert sorted(map(str, results)) == ["new", "other"]


def test_cancelled_work_calls_nobody(qtbot: QtBot) -> None:
    progress, bar = tasks.Progress("正在导入"), TaskBar()
    qtbot.addWidget(bar)
    bar.watch(progress)
    assert bar.isVisible()
    begun = threading.Event()
    calls: list[object] = []

    def work() -> None:
        progress.report(1, 2)
        begun.set()
        while True:
            progress.check()

    tasks.run(work, done=calls.append, failed=calls.append, progress=progress)
    assert begun.wait(10)
    bar.cancel.click()
    qtbot.waitUntil(lambda: not tasks.busy())
    assert calls == [] and not bar.isVisible()


def test_shut_down_waits_and_drops() -> None:
    progress = tasks.Progress("x")
    results: list[object] = []

    def work() -> None:
        while not progress.cancelled:
            pass

    tasks.run(work, done=results.append, progress=progress)
    tasks.shut_down()
    QApplication.processEvents()
    assert not tasks.busy() and results == []


def test_remaining_time_in_words() -> None:
    assert remaining(1, 5, 10) == ""
    assert remaining(10, 9, 10) == "还要几秒"
    assert remaining(10, 2, 10) == "约 40 秒"
    assert remaining(60, 1, 4) == "约 3 分钟"

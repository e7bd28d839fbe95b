"""A visit that has passed is locked: it opens with a reason, which stands in the review, and goes back to 待审核."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from commissioner_app import attachments, drafts, visits
from commissioner_app.ledgers import Ledger
from db.queries.visits import VisitFilter
from tests.office import Office
from ui.visits import opinion
from ui.visits.page import VisitsPage

Settle = Callable[[], None]


@pytest.fixture
def page(open_page: Callable[..., VisitsPage], small_ledger: Ledger) -> VisitsPage:
    return open_page(VisitsPage, small_ledger)


def passed(ledger: Ledger) -> str:
    rowids = visits.listed_rowids(ledger, VisitFilter(states=("passed",)), "date", True)
    return visits.rows(ledger, rowids[:1])[rowids[0]].id


@pytest.fixture
def visit(page: VisitsPage, small_ledger: Ledger, settle: Settle) -> str:
    found = passed(small_ledger)
    page.show_item(found)
    settle()
    return found


@pytest.fixture
def reason(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> list[str]:
    """What is written into the question for a reason, after the button was pressed without any."""
    words = ["补录培训人数"]

    def execute(dialog: Any) -> int:
        assert isinstance(dialog, opinion.ReasonDialog)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert dialog.error.text() == "请填写原因"
        dialog.text.setPlainText(words[0])
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", execute)
    return words


def test_nothing_can_be_typed_until_a_reason_is_given(
    page: VisitsPage, visit: str, small_ledger: Ledger, tmp_path: Path, qtbot: QtBot, settle: Settle
) -> None:
    editor = page.editor
    assert editor.top.lock.isVisible() and "已审核通过，修改需写明原因" in editor.top.lock.text.text()
    before = editor.fields.values()
    for name in editor.fields._fields:
        widget = editor.fields.widget(name)
        if name != "photos" and widget.isEnabled():
            assert isinstance(widget, QLineEdit | QPlainTextEdit) and widget.isReadOnly(), name
            qtbot.keyClicks(widget, "xy9")
    qtbot.keyClick(editor.fields.date, Qt.Key.Key_Up)
    qtbot.keyClick(editor.fields.place, Qt.Key.Key_Down)
    assert editor.fields.values() == before and not editor.dirty and not editor.store.isVisible()
    assert not editor.fields.place.drop.isVisible()
    qtbot.keyClick(editor.fields.content, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    # Nor are photos added; a signed sheet may still come.
    Image.effect_noise((80, 60), 40).convert("RGB").save(tmp_path / "a.jpg")
    assert page.drop_words([tmp_path / "a.jpg"]) == "已审核通过，照片不能再改"
    page.take_files([tmp_path / "a.jpg"])
    settle()
    assert attachments.listed(small_ledger, "visit", visit) == [] and "不能再改" in editor.photos.note.text()
    editor.photos.album.taking.files([tmp_path / "a.jpg"], signed=True)
    settle()
    assert [a.kind for a in attachments.listed(small_ledger, "visit", visit)] == ["签字单"]
    assert small_ledger.folded(visit).values["review"][0] == "passed"


def test_a_reason_opens_it_and_goes_with_the_change(
    page: VisitsPage, visit: str, small_ledger: Ledger, qtbot: QtBot, settle: Settle, reason: list[str]
) -> None:
    editor, before = page.editor, small_ledger.folded(visit).values
    qtbot.mouseClick(editor.top.lock.button, Qt.MouseButton.LeftButton)
    assert not editor.top.lock.isVisible() and "修改原因：补录培训人数" in editor.notice.text()
    # Nothing has been changed yet: it is still passed, and Esc locks it again.
    assert small_ledger.folded(visit).values["review"][0] == "passed"
    qtbot.keyClick(editor.fields.content, Qt.Key.Key_Escape)
    assert editor.locked and editor.top.lock.isVisible()
    qtbot.mouseClick(editor.top.lock.button, Qt.MouseButton.LeftButton)
    editor.fields.trained.setText("47")
    qtbot.keyClick(editor.fields.trained, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    settle()
    values = small_ledger.folded(visit).values
    assert values["trained"] == 47 and values["review"] == ["submitted", None, "修改原因：补录培训人数", None]
    assert (
        editor.top.pill.text() == "待审核"
        and "修改原因：补录培训人数" in editor.notice.text()
        and not editor.locked
    )
    # 撤销 takes the change and the reason back together.
    page._context.undo()
    settle()
    assert small_ledger.folded(visit).values == before
    # Passed once more it is locked again.
    visits.pass_visits(small_ledger, [visit])
    qtbot.waitUntil(lambda: editor.locked, timeout=5000)


def test_a_reason_outlives_a_crash_with_what_was_typed(
    page: VisitsPage, visit: str, small_ledger: Ledger, open_page: Callable[..., VisitsPage], qtbot: QtBot,
    settle: Settle, reason: list[str],
) -> None:  # fmt: skip
    qtbot.mouseClick(page.editor.top.lock.button, Qt.MouseButton.LeftButton)
    page.editor.fields.trained.setText("48")
    page.editor.keep_draft()
    again = open_page(VisitsPage, small_ledger)
    qtbot.mouseClick(again.unsaved.restore, Qt.MouseButton.LeftButton)
    settle()
    assert not again.editor.locked and again.editor.fields.trained.text() == "48"
    again.editor.save()
    settle()
    assert small_ledger.folded(visit).values["review"][2] == "修改原因：补录培训人数"
    assert drafts.waiting(small_ledger) == []


def test_a_county_and_a_commissioner_may_reopen_what_is_theirs(office: Office) -> None:
    """The reason is no review: it may be written by whoever may write the visit."""
    visit = office.visit("c")
    visits.submit(office["c"], [visit])
    office.settle()
    for name, trained in (("w", 11), ("c", 12)):
        visits.pass_visits(office["w"], [visit])
        office.settle()
        visits.save(office[name], visit, {"trained": trained}, reason="数字写错")
        office.settle()
        for laptop in ("b", "w", "c"):
            values = office[laptop].folded(visit).values
            assert (values["trained"], values["review"][:3]) == (
                trained,
                ["submitted", None, "修改原因：数字写错"],
            )

"""设置 → 核实规则 as an officer works on it: real section over a real ledger."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from commissioner_app import doubts, history, ledgers
from commissioner_app.doubts import rules as ruling
from commissioner_app.ledgers import Ledger, NewLedger
from ui import tasks
from ui.context import Context
from ui.settings.doubtrules import DoubtRules, word
from ui.settings.page import SettingsPage

Settle = Callable[[], None]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(tmp_path / "a.ktledger", NewLedger("bureau", actor="演示员"))
    yield made
    made.close()


@pytest.fixture
def shown(qtbot: QtBot, ledger: Ledger) -> Iterator[DoubtRules]:
    context = Context(ledger)
    page = SettingsPage(context)
    context.changed.connect(page.note_changes)
    qtbot.addWidget(page)
    page.resize(1084, 620)
    page.show()
    page.come()
    page.show_item("doubts")
    section = page.section("doubts")
    assert isinstance(section, DoubtRules)
    yield section
    tasks.shut_down()
    context.close()


def open_rule(section: DoubtRules, rule: str) -> None:
    section.list.setCurrentRow(list(ruling.shipped().rules).index(rule))
    assert section.card.accessibleName() == ruling.shipped()[rule].title


def parameter(section: DoubtRules, name: str) -> QLineEdit:
    field = section.parameters.form.widget(name)
    assert isinstance(field, QLineEdit)
    return field


def type_in(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    field.selectAll()
    if text.isascii():
        qtbot.keyClicks(field, text)
    else:
        field.insert(text)  # as an input method does


def test_all_rules_are_listed_with_what_they_say(shown: DoubtRules) -> None:
    titles = [shown.list.item(n).text().split("　")[0] for n in range(shown.list.count())]
    assert titles == [rule.title for rule in ruling.shipped().rules.values()]
    for rule in ruling.shipped().rules.values():
        open_rule(shown, rule.id)
        assert shown.why.text() == rule.why and rule.source in shown.source.text()
        assert shown.sentence.text() == rule.sentence and shown.enabled.isChecked() == rule.enabled
        assert shown.severity.currentData() == rule.severity
        assert set(shown.parameters._parameters) == set(rule.parameters) and not shown.dirty()
        for name in (*rule.placeholders, *ruling.EVERYWHERE):
            assert word(name) != name, name
            assert f"{{{name}}} {word(name)}" in shown.words.text()
        assert "{" not in shown.shown.text() and not shown.resetter.isEnabled()
    assert shown.list.item(shown.list.count() - 1).text() == "休息日　提示"


def test_a_rule_is_changed_by_keyboard_saved_and_undone(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    open_rule(shown, "near_text")
    qtbot.keyClick(shown.enabled, Qt.Key.Key_Space)
    qtbot.keyClick(shown.severity, Qt.Key.Key_Down)
    type_in(qtbot, shown.sentence, "{who}的内容与{others}雷同")
    assert shown.shown.text() == "显示为：〔特派员〕的内容与〔另外的记录〕雷同"
    type_in(qtbot, parameter(shown, "percent"), "95")
    qtbot.keyClick(parameter(shown, "percent"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    settle()
    rule = doubts.rules_of(ledger)["near_text"]
    assert (rule.enabled, rule.severity, rule["percent"], rule["least"]) == (False, "hint", 95, 10)
    assert rule.sentence == "{who}的内容与{others}雷同"
    qtbot.waitUntil(lambda: shown.list.currentItem().text() == "内容雷同　停用、已修改", timeout=5000)
    assert shown.resetter.isEnabled() and not shown.dirty()
    history.undo(ledger)
    qtbot.waitUntil(lambda: parameter(shown, "percent").text() == "90", timeout=5000)
    assert doubts.rules_of(ledger) == ruling.shipped() and shown.enabled.isChecked()


@pytest.mark.parametrize(
    ("rule", "field", "text", "said"),
    [
        ("near_text", "percent", "100", "60 到 99"),
        ("near_text", "percent", "多", "60 到 99"),
        ("near_text", "percent", "", "60 到 99"),
        ("overlap", "afternoon_from", "25:00", "12:00"),
        ("photo_other_day", "days", "-1", "0 到 30"),
    ],
)
def test_an_impossible_figure_is_refused_at_its_field(
    shown: DoubtRules,
    ledger: Ledger,
    qtbot: QtBot,
    settle: Settle,
    rule: str,
    field: str,
    text: str,
    said: str,
) -> None:
    open_rule(shown, rule)
    parameter(shown, field).clear()
    type_in(qtbot, parameter(shown, field), text)
    assert said in shown.parameters.form.shown_error(field)
    qtbot.mouseClick(shown.saver, Qt.MouseButton.LeftButton)
    settle()
    assert doubts.rules_of(ledger) == ruling.shipped()
    assert parameter(shown, field).text() == text


def test_tab_goes_through_the_fields_in_reading_order(shown: DoubtRules, qtbot: QtBot) -> None:
    for rule in ("near_text", "overlap", "future_date", "near_text"):
        open_rule(shown, rule)
        fields = [parameter(shown, name) for name in ruling.shipped()[rule].parameters]
        chain = [shown.list, shown.enabled, shown.severity, shown.sentence, *fields, shown.saver]
        qtbot.waitUntil(lambda fields=fields: all(field.isVisible() for field in fields))  # type: ignore[misc]
        shown.list.setFocus()
        for before, after in pairwise(chain):
            assert shown.window().focusWidget() is before
            qtbot.keyClick(before, Qt.Key.Key_Tab)
            if before is shown.list and shown.reset_all is shown.window().focusWidget():
                qtbot.keyClick(shown.reset_all, Qt.Key.Key_Tab)
            assert shown.window().focusWidget() is after, (rule, after)


def test_an_impossible_sentence_is_refused_at_its_field(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    open_rule(shown, "future_date")
    for text, said in (("{谁}还没有到。", "{date}"), ("", "不能为空"), ("{date", "{date}")):
        shown.sentence.clear()
        type_in(qtbot, shown.sentence, text)
        shown.save()
        settle()
        assert said in shown.form.shown_error("sentence")
        assert doubts.rules_of(ledger) == ruling.shipped()


def test_a_time_and_words_are_kept_as_the_rules_want_them(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    open_rule(shown, "overlap")
    type_in(qtbot, parameter(shown, "afternoon_from"), "11：30")
    shown.save()
    settle()
    assert doubts.rules_of(ledger)["overlap"]["afternoon_from"] == "11:30"
    open_rule(shown, "photo_missing")
    field = parameter(shown, "ways_without")
    field.set_values(["远程指导", "技术咨询"])  # type: ignore[attr-defined]
    assert shown.dirty()
    shown.save()
    settle()
    assert set(doubts.rules_of(ledger)["photo_missing"]["ways_without"]) == {"远程指导", "技术咨询"}


def test_defaults_come_back_for_one_and_for_all(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    assert not shown.reset_all.isEnabled()
    doubts.change(ledger, "near_text", percent=95)
    doubts.change(ledger, "day_off", enabled=False)
    doubts.change(ledger, "future_date", severity="hint")
    qtbot.waitUntil(lambda: shown.list.item(1).text() == "日期未到　提示、已修改", timeout=5000)
    open_rule(shown, "near_text")
    qtbot.mouseClick(shown.resetter, Qt.MouseButton.LeftButton)
    settle()
    now = doubts.rules_of(ledger)
    assert now["near_text"]["percent"] == 90 and not now["day_off"].enabled
    assert parameter(shown, "percent").text() == "90"
    qtbot.mouseClick(shown.reset_all, Qt.MouseButton.LeftButton)
    settle()
    assert doubts.rules_of(ledger) == ruling.shipped() and not shown.reset_all.isEnabled()
    history.undo(ledger)  # all at once is one operation
    now = doubts.rules_of(ledger)
    assert not now["day_off"].enabled and now["future_date"].severity == "hint"
    qtbot.waitUntil(shown.reset_all.isEnabled, timeout=5000)


def test_typed_text_stays_when_another_rule_is_chosen(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle, answer: Callable[[str], list[QDialog]]
) -> None:
    open_rule(shown, "near_text")
    type_in(qtbot, parameter(shown, "least"), "15")
    doubts.change(ledger, "near_text", percent=80)  # another window writes meanwhile
    settle()
    qtbot.wait(20)
    assert parameter(shown, "least").text() == "15"
    asked = answer("保存")
    shown.list.setCurrentRow(0)
    settle()
    assert len(asked) == 1
    rule = doubts.rules_of(ledger)["near_text"]
    assert (rule["least"], rule["percent"]) == (15, 80)  # only what was typed here was written
    open_rule(shown, "overlap")
    type_in(qtbot, parameter(shown, "morning_until"), "x")
    shown.list.setCurrentRow(0)  # 保存 again, which the field refuses: the rule stays open
    settle()
    assert shown.list.currentRow() == 3 and parameter(shown, "morning_until").text() == "x"


def test_who_may_not_reads_only(shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle) -> None:
    shown.context.rights = "county"
    shown.refresh(frozenset({"station"}))
    assert "只能查看" in shown.notice.text() and shown.notice.isVisible()
    open_rule(shown, "near_text")
    assert not shown.sentence.isEnabled() and not parameter(shown, "percent").isEnabled()
    assert not shown.saver.isVisible() and not shown.reset_all.isVisible() and not shown.resetter.isVisible()
    shown.enabled.setChecked(False)
    shown.save()
    settle()
    assert doubts.rules_of(ledger) == ruling.shipped()


def test_a_setting_that_cannot_be_used_is_told(
    shown: DoubtRules, ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    ledger.write("设置", [ruling._draft({"near_text": {"percent": 1000}})])
    qtbot.waitUntil(lambda: "内容雷同" in shown.notice.text(), timeout=5000)
    assert shown.notice.isVisible() and shown.reset_all.isEnabled()
    qtbot.mouseClick(shown.reset_all, Qt.MouseButton.LeftButton)
    settle()
    assert not shown.notice.isVisible()

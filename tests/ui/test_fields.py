"""Date field, pick list, suggestions, chips and forms under keyboard and mouse."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.basic import Combo
from ui.widgets.chips import ChipRow
from ui.widgets.dateedit import DateField, PeriodField, _Calendar
from ui.widgets.form import Form
from ui.widgets.picklist import PickList
from ui.widgets.suggest import SuggestEdit, matching

Key = Qt.Key


Show = Callable[..., None]


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Show]:
    """Puts widgets into a window of a useful size that lives as long as the test."""
    windows: list[QWidget] = []

    def show(*widgets: QWidget) -> None:
        windows.append(_window(qtbot, widgets))

    yield show


def _window(qtbot: QtBot, widgets: Sequence[QWidget]) -> QWidget:
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    window.resize(600, 500)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


def date_field() -> DateField:
    return DateField(period=(date(2022, 4, 1), date(2023, 3, 31)), clock=lambda: date(2022, 9, 30))


def test_date_field_settles_what_was_typed(qtbot: QtBot, shown: Show) -> None:
    field = date_field()
    shown(field)
    heard: list[date | None] = []
    field.changed.connect(heard.append)
    qtbot.keyClicks(field, "9.28")
    assert heard == []
    qtbot.keyClick(field, Key.Key_Return)
    assert field.text() == "2022-09-28"
    qtbot.keyClick(field, Key.Key_Up)
    assert heard == [date(2022, 9, 28), date(2022, 9, 29)]
    field.selectAll()
    qtbot.keyClick(field, Key.Key_Delete)
    qtbot.keyClick(field, Key.Key_Return)
    assert heard[-1] is None and field.value() is None


def test_date_field_keeps_a_text_that_is_no_date(qtbot: QtBot, shown: Show) -> None:
    field = date_field()
    shown(field)
    field.set_value(date(2022, 9, 1))
    heard: list[object] = []
    field.changed.connect(heard.append)
    field.setText("9.31")
    qtbot.keyClick(field, Key.Key_Return)
    assert field.text() == "9.31" and "日期" in field.problem() and heard == []


def test_calendar_picks_and_clears(qtbot: QtBot, shown: Show) -> None:
    field = date_field()
    shown(field)
    field.set_value(date(2022, 9, 1))
    qtbot.keyClick(field, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, _Calendar)
    with qtbot.waitSignal(field.changed) as heard:
        popup.picked.emit(date(2022, 9, 5))
    assert heard.args == [date(2022, 9, 5)] and field.text() == "2022-09-05"
    popup.close()


def test_period_says_that_it_ends_before_it_begins(qtbot: QtBot, shown: Show) -> None:
    field = PeriodField()
    shown(field)
    field.set_period(date(2022, 10, 1), date(2022, 4, 1))
    assert "早于" in field.problem()
    field.set_period(date(2022, 10, 1), None)
    assert field.problem() == ""


def test_pick_list_by_keyboard(qtbot: QtBot, shown: Show) -> None:
    field = PickList(["现场指导", "技术培训", "技术咨询"])
    shown(field)
    heard: list[list[str]] = []
    field.changed.connect(heard.append)
    qtbot.keyClick(field, Key.Key_Down)
    panel = field.panel()
    assert panel is not None
    items = panel.findChild(QListWidget)
    assert items is not None
    qtbot.keyClick(items, Key.Key_Down)
    qtbot.keyClick(items, Key.Key_Space)
    qtbot.keyClick(items, Key.Key_Up)
    qtbot.keyClick(items, Key.Key_Space)
    assert field.text() == "现场指导、技术培训"
    assert heard == [["技术培训"], ["现场指导", "技术培训"]]
    qtbot.keyClick(items, Key.Key_Return)
    assert field.panel() is None and field.hasFocus()


def test_pick_list_by_mouse_ticks_on_word_and_closes_outside(qtbot: QtBot, shown: Show) -> None:
    field, other = PickList(["现场指导", "技术培训"]), QLineEdit()
    shown(other, field)
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    panel = field.panel()
    assert panel is not None
    items = panel.findChild(QListWidget)
    assert items is not None
    spot = items.visualItemRect(items.item(1)).center()
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert field.values() == ["技术培训"]
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert field.values() == []
    qtbot.mouseClick(other, Qt.MouseButton.LeftButton)
    assert field.panel() is None


def test_pick_list_takes_free_entries_and_keeps_unknown_ones(qtbot: QtBot, shown: Show) -> None:
    field = PickList(["怀山药"], free=True)
    shown(field)
    field.set_values(["铁棍山药", "怀山药"])
    assert field.values() == ["怀山药", "铁棍山药"]
    field.open_panel()
    panel = field.panel()
    assert panel is not None
    entry = panel.findChild(QLineEdit)
    qtbot.keyClicks(entry, "new 7")
    qtbot.keyClick(entry, Key.Key_Return)
    assert field.values() == ["怀山药", "铁棍山药", "new 7"]
    qtbot.keyClick(entry, Key.Key_Escape)
    assert field.panel() is None


def test_pick_list_shows_as_much_as_fits(qtbot: QtBot, shown: Show) -> None:
    field = PickList(["现场指导", "技术培训", "示范基地建设"])
    field.setFixedWidth(120)
    shown(field)
    field.set_values(["现场指导", "技术培训", "示范基地建设"])
    assert field.text().endswith("…") and field.toolTip() == "现场指导、技术培训、示范基地建设"


def test_suggestions_by_part_and_by_initials() -> None:
    known = [("演示山药合作社", "ysyy shanyao"), ("温县演示农场", "wxysnc"), ("武陟基地", "wzjd")]
    assert matching(known, "演示") == ["演示山药合作社", "温县演示农场"]
    assert matching(known, "WX") == ["温县演示农场"]
    assert matching(known, "shan") == ["演示山药合作社"]
    assert matching(known, " ") == []


def test_suggestion_is_taken_by_keyboard(qtbot: QtBot, shown: Show) -> None:
    field = SuggestEdit(lambda: [("演示合作社", "yshzs"), ("演示农场", "ysnc")])
    shown(field)
    field.setFocus()
    qtbot.keyClicks(field, "ys")
    assert [hit.title for hit in field.drop.hits()] == ["演示合作社", "演示农场"]
    qtbot.keyClick(field, Key.Key_Down)
    qtbot.keyClick(field, Key.Key_Down)
    with qtbot.waitSignal(field.chosen):
        qtbot.keyClick(field, Key.Key_Return)
    assert field.text() == "演示农场" and not field.drop.isVisible()


def test_chips_are_exclusive_and_keep_the_choice(qtbot: QtBot, shown: Show) -> None:
    row = ChipRow()
    shown(row)
    row.set_chips([("all", "全部", 1214), ("open", "待审核", 12), ("draft", "草稿", None)])
    heard: list[str] = []
    row.changed.connect(heard.append)
    assert row.current() == "all" and row.chip("all").text() == "全部 1,214"
    qtbot.mouseClick(row.chip("open"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(row.chip("open"), Qt.MouseButton.LeftButton)
    assert heard == ["open"] and row.chip("open").isChecked() and not row.chip("all").isChecked()
    qtbot.keyClick(row.chip("open"), Key.Key_Right)
    assert row.current() == "draft"
    row.set_chips([("all", "全部", 2), ("draft", "草稿", 1)])
    assert row.current() == "draft"
    row.set_chips([("all", "全部", 2)])
    assert row.current() == "all" and heard == ["open", "draft"]


def test_form_marks_while_typing_and_leads_to_the_first_error(qtbot: QtBot, shown: Show) -> None:
    form = Form(2)
    name, count = QLineEdit(), QLineEdit()
    form.add("name", "受援单位", name, required=True)
    form.add("count", "培训人数", count, check=lambda: "" if count.text().isdigit() else "请填整数")
    shown(form)
    assert form.shown_error("count") == ""
    qtbot.keyClicks(count, "3x")
    assert form.shown_error("count") == "请填整数" and count.property("invalid")
    assert form.shown_error("name") == ""
    assert form.first_invalid() and name.hasFocus()
    assert form.shown_error("name") == "请填写受援单位"
    qtbot.keyClicks(name, "x")
    assert form.shown_error("name") == "" and not name.property("invalid")
    count.setText("3")
    assert not form.first_invalid() and form.errors() == {}


def test_form_loading_is_not_typing(qtbot: QtBot, shown: Show) -> None:
    form, combo, day = Form(1), Combo(), date_field()
    combo.addItems(["0.5", "1"])
    form.add("days", "天数", combo)
    form.add("day", "日期", day)
    shown(form)
    heard: list[str] = []
    form.edited.connect(heard.append)
    with form.loading():
        combo.setCurrentIndex(1)
        day.setText("9.31")
    assert heard == [] and form.shown_error("day") == ""
    combo.setCurrentIndex(0)
    assert heard == ["days"]
    form.set_error("days", "这一天已有记录")
    assert form.shown_error("days") == "这一天已有记录"
    combo.setCurrentIndex(1)
    assert form.shown_error("days") == ""

"""粘贴识别: pasting, looking through, mending and saving over a real ledger, by mouse and keyboard."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from commissioner_app import drafts, history, places, recipients, visits
from commissioner_app.ledgers import Ledger
from db.queries.visits import VisitFilter, VisitRow
from ui import tasks, theme
from ui.context import Context
from ui.search.commands import commands
from ui.visits.page import VisitsPage
from ui.visits.paste import PAUSE_MS, PasteDialog

Settle = Callable[[], None]
Open = Callable[..., PasteDialog]

RICE = "🌾👍7月3日上午到温县祥云镇大玉兰村指导铁棍山药种植，现场培训32人，解决线虫病问题"
STREET = "7月8日下午到太行街道培训15人"
CHAT = f"""演示十九 2022-07-05 18:02
{RICE}
演示二十一 2022-07-06 09:15
昨天下午去修武县云台山镇岸上村指导怀菊花，带动农户12户
"""


def rows(ledger: Ledger) -> list[VisitRow]:
    ids = visits.listed_rowids(ledger, VisitFilter(), "date", False)
    found = visits.rows(ledger, ids)
    return [found[i] for i in ids]


@pytest.fixture
def opened(
    demo_ledger: Ledger, qtbot: QtBot, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    made: list[PasteDialog] = []
    contexts: list[Context] = []

    def show(clipboard: str = "", place: str | None = None) -> PasteDialog:
        QGuiApplication.clipboard().setText(clipboard)
        context = Context(demo_ledger)
        contexts.append(context)
        dialog = PasteDialog(context, None, place)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog, before_close_func=lambda d: d._items.clear() or d._gone.clear())
        dialog.show()
        settle()
        made.append(dialog)
        return dialog

    yield show
    tasks.shut_down()
    for context in contexts:
        context.close()


def piece(dialog: PasteDialog, field: str) -> list[str]:
    """What Qt shows as taken for a field."""
    shown = zip(dialog.text.marks(), dialog.text.extraSelections(), strict=True)
    return [s.cursor.selectedText() for m, s in shown if field in m.fields]  # type: ignore[attr-defined]


def press(qtbot: QtBot, dialog: PasteDialog, key: Qt.Key, control: bool = True) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(dialog.focusWidget() or dialog, key, modifier)


def test_an_empty_window_says_what_to_do_and_ctrl_v_begins(
    opened: Open, qtbot: QtBot, settle: Settle
) -> None:
    dialog = opened("https://例子.中国/")
    assert dialog.text.toPlainText() == "" and dialog.stack.currentIndex() == 0
    assert "粘贴" in dialog.empty.sentence.text() and not dialog.submit.isEnabled()
    QGuiApplication.clipboard().setText(RICE)
    press(qtbot, dialog, Qt.Key.Key_V)
    settle()
    assert dialog.text.toPlainText() == RICE and len(dialog.items()) == 1
    assert dialog.form.value("date") == "2022-07-03" and dialog.form.value("days") == "0.5"


def test_marks_stand_where_the_words_are_also_behind_an_emoji(opened: Open) -> None:
    dialog = opened(RICE)  # a clipboard that tells of a visit is there at once
    assert piece(dialog, "date") == ["7月3日"]
    assert piece(dialog, "village") == ["大玉兰村"] and piece(dialog, "trained") == ["32人"]
    whole = dialog.text.toPlainText().encode("utf-16-le")
    assert dialog.text.frame() == (0, len(whole) // 2)
    at = len("🌾👍7月3日上午到温县祥云镇".encode("utf-16-le")) // 2
    assert dialog.text.tip_at(at) == "村：大玉兰" and dialog.text.tip_at(at - 1).startswith("乡镇：")
    dialog.form.widget("trained").setFocus()
    assert [m.fields for m in dialog.text.emphasised()] == [("trained",)]


def test_several_visits_each_of_its_sender_are_one_operation_and_one_undo(
    opened: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    before = {r.id for r in rows(demo_ledger)}
    dialog = opened(CHAT)
    assert [dialog.values(n)["who"] for n in range(2)] == [["演示十九"], ["演示二十一"]]
    assert dialog.values(1)["date"] == "2022-07-05"  # 昨天 counts from the message
    dialog.list.setFocus()
    assert dialog.text.frame()[0] < (second := CHAT.index("昨天"))
    qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.form.value("village") == "岸上" and dialog.text.frame()[0] == second + 2
    with qtbot.waitSignal(dialog.saved) as caught:
        press(qtbot, dialog, Qt.Key.Key_S)
    settle()
    new = [r for r in rows(demo_ledger) if r.id not in before]
    assert sorted(caught.args[0]) == sorted(r.id for r in new) and len(new) == 2
    by_day = {r.date: r for r in new}
    first, other = by_day["2022-07-03"], by_day["2022-07-05"]
    roster = {p.id: p for p in places.listed(demo_ledger, None)}
    assert roster[first.who[0][0]].name == "演示十九" and roster[other.who[0][0]].name == "演示二十一"
    assert first.who[0][1] == roster[first.who[0][0]].commissioner
    assert (first.county, first.village, first.half_days, first.trained) == ("410825", "410825101219", 1, 32)
    assert (other.county, other.households, other.state) == ("410821", 12, "draft")
    assert first.content == RICE and first.number != other.number and first.number
    history.undo(demo_ledger)
    assert {r.id for r in rows(demo_ledger)} == before


def test_only_what_is_ticked_is_handed_in(
    opened: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    before = {r.id for r in rows(demo_ledger)}
    dialog = opened(CHAT)
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Space)
    assert "勾选 1 条" in dialog.state.text()
    with qtbot.waitSignal(dialog.saved):
        press(qtbot, dialog, Qt.Key.Key_Return)
    settle()
    new = [r for r in rows(demo_ledger) if r.id not in before]
    assert [(r.date, r.state) for r in new] == [("2022-07-05", "submitted")]


def test_a_name_of_two_places_is_a_choice_and_blocks_until_it_is_made(
    opened: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    before = {r.id for r in rows(demo_ledger)}
    dialog = opened(f"演示十九 2022-07-09 18:02\n{STREET}")
    form = dialog.form
    assert form.places.isVisible() and form.places.count() == 3 and "太行街道" in form.shown_error("places")
    assert form.value("county") == "" and form.shown_error("county") == ""
    assert dialog.list.line(0).state == "缺 1 项"
    press(qtbot, dialog, Qt.Key.Key_S)
    settle()
    assert form.places.hasFocus() and {r.id for r in rows(demo_ledger)} == before
    qtbot.keyClick(form.places, Qt.Key.Key_Down)
    qtbot.keyClick(form.places, Qt.Key.Key_Down)
    assert form.value("township") == "太行街道" and not form.places.isVisible()
    assert form.shown_error("places") == "" and dialog.list.line(0).state == "已填好"
    with qtbot.waitSignal(dialog.saved):
        press(qtbot, dialog, Qt.Key.Key_S)
    settle()
    new = next(r for r in rows(demo_ledger) if r.id not in before)
    assert new.county in ("410811", "410882") and new.township is not None
    assert new.township.startswith(new.county)


def test_two_villages_of_one_name_are_told_apart(opened: Open, demo_ledger: Ledger, qtbot: QtBot) -> None:
    before = {r.id for r in rows(demo_ledger)}
    dialog = opened("演示十九 2022-07-09 18:02\n7月8日下午到博爱县三街培训15人")
    texts = [dialog.form.places.itemText(n) for n in range(1, 3)]
    assert len(set(texts)) == 2 and texts[1].endswith("三街村民委员会")
    dialog.form.places.setCurrentIndex(2)
    dialog.form.places.activated.emit(2)
    with qtbot.waitSignal(dialog.saved):
        press(qtbot, dialog, Qt.Key.Key_S)
    assert [r.village for r in rows(demo_ledger) if r.id not in before] == ["410822001201"]


def test_what_a_person_corrected_stays_when_the_text_is_read_again(
    opened: Open, qtbot: QtBot, settle: Settle
) -> None:
    dialog = opened(RICE)
    box = dialog.form.widget("trained")
    box.setFocus()
    box.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(box, "35")
    assert dialog.form.value("trained") == "35"
    dialog.text.setFocus()
    dialog.text.moveCursor(dialog.text.textCursor().MoveOperation.End)
    dialog.text.insertPlainText("，带动农户9户")
    qtbot.waitUntil(lambda: dialog.form.value("households") == "9", timeout=PAUSE_MS + 3000)
    assert dialog.form.value("trained") == "35" and dialog.values(0)["trained"] == "35"
    # Another text in its place is another visit, however alike.
    QGuiApplication.clipboard().setText(RICE.replace("32人", "41人"))
    dialog.take_clipboard()
    settle()
    assert dialog.form.value("trained") == "41"
    dialog.text.undo()
    dialog.read()
    settle()
    assert dialog.form.value("trained") == "35"


def test_wrong_input_is_said_at_its_field_and_nothing_is_saved(
    opened: Open, demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    dialog = opened("")
    before = len(rows(demo_ledger))
    dialog.text.setPlainText("到大玉兰村指导山药种植，来了三十余人")
    dialog.read()
    settle()
    form = dialog.form
    assert form.value("date") == "" and form.shown_error("date") == "请填写日期。"
    assert form.shown_error("who") == "请选择特派员。" and form.shown_error("days")
    assert form.doubt("trained") == "原文是约数，按 30 填。"
    qtbot.keyClicks(form.widget("days"), "0.3")
    assert form.shown_error("days") == "请按半天填写，如 0.5、1、1.5。"
    dialog.submit.click()
    settle()
    assert form.who.hasFocus() and len(rows(demo_ledger)) == before and dialog.isVisible()


def test_two_visits_at_one_new_recipient_make_it_once(demo_ledger: Ledger) -> None:
    who = [[places.listed(demo_ledger, None)[0].id, None]]
    values = {"who": who, "where": ["410825", None, None], "content": "指导"}
    new = [
        visits.NewVisit({**values, "time": [day, None, None, None, 1]}, "演示新合作社", ("演示友",))
        for day in ("2022-07-03", "2022-07-04")
    ]
    visits.save_many(demo_ledger, new)
    old = next(r for r in recipients.listed(demo_ledger) if r.name == "演示新合作社")
    recipients.save(demo_ledger, old.id, {"name": "演示改名合作社"})  # what now has its name is another
    outcome = visits.save_many(demo_ledger, new, submit=True)
    made = [r for r in recipients.listed(demo_ledger) if r.name == "演示新合作社"]
    saved = [r for r in rows(demo_ledger) if r.recipient_name == "演示新合作社"]
    assert len(made) == 1 and len(saved) == 2 and {r.recipient for r in saved} == {made[0].id}
    numbers = [(r.number or "").split("-")[1] for r in saved]
    assert int(numbers[1]) == int(numbers[0]) + 1 and len(outcome.records["visit"]) == 2
    assert visits.companions(demo_ledger, saved[0].id) == ["演示友"]
    with pytest.raises(Exception, match="日期"):
        visits.save_many(demo_ledger, [new[0], visits.NewVisit(values)])
    assert len([r for r in rows(demo_ledger) if r.recipient_name == "演示新合作社"]) == 2


def test_what_was_corrected_survives_a_kill(opened: Open, demo_ledger: Ledger, qtbot: QtBot) -> None:
    dialog = opened(RICE)
    dialog.form.widget("households").setFocus()
    qtbot.keyClicks(dialog.form.widget("households"), "7")
    qtbot.waitUntil(lambda: drafts.kept(demo_ledger, "paste") is not None, timeout=2000)
    again = opened("别的")
    assert again.text.toPlainText() == RICE and again.form.value("households") == "7"
    assert "已恢复" in again.notice.text()


def test_leaving_asks_only_if_something_was_written(
    opened: Open, qtbot: QtBot, demo_ledger: Ledger, answer: Callable[[str], list[QDialog]]
) -> None:
    asked = answer("放弃")
    dialog = opened(RICE)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not asked and not dialog.isVisible() and drafts.kept(demo_ledger, "paste") is None
    dialog = opened(RICE)
    qtbot.keyClicks(dialog.form.widget("households"), "7")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert len(asked) == 1 and not dialog.isVisible()


def test_it_is_a_command_and_opens_for_the_chosen_commissioner(
    open_page: Callable[..., VisitsPage], demo_ledger: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    assert any(c.title == "粘贴识别" and c.run for c in commands())
    QGuiApplication.clipboard().setText(STREET)
    page = open_page(VisitsPage, demo_ledger)
    page.table.selectRow(0)
    row = page.model.visit(0)
    page.recognise()
    dialog = page.findChildren(PasteDialog)[0]
    settle()
    assert row is not None and dialog.windowModality() == Qt.WindowModality.WindowModal
    assert dialog.who.values() == [{p.id: p.name for p in places.listed(demo_ledger, None)}[row.who[0][0]]]
    dialog.reject()


def test_every_control_has_a_name_and_the_tab_key_goes_in_reading_order(opened: Open) -> None:
    dialog = opened(RICE)
    for name in dialog.form.names():
        assert dialog.form.widget(name).accessibleName(), name
    wanted = [dialog.paste, dialog.who, dialog.day, dialog.text, dialog.list, dialog.form.who,
              dialog.form.date, dialog.form.county, dialog.form.widget("content"), dialog.cancel, dialog.submit]  # fmt: skip
    chain, at = [], dialog.paste
    while at not in chain:
        chain.append(at)
        at = at.nextInFocusChain()  # type: ignore[assignment]
    order = [chain.index(w) for w in wanted]
    assert order == sorted(order)
    assert all(w.accessibleName() for w in wanted)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_every_mark_can_be_read(qapp: QApplication, scheme: theme.Mode) -> None:
    theme.apply(qapp, scheme)

    def light(c: QColor) -> float:
        parts = [c.redF(), c.greenF(), c.blueF()]
        lin = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2])

    text = light(theme.color("text"))
    for number in range(6):
        high, low = sorted((text, light(theme.mark(number))), reverse=True)
        assert (high + 0.05) / (low + 0.05) > 7

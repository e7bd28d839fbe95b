"""受援单位 as its users touch it: the register, its detail, duplicates, over a real ledger."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog

from commissioner_app import recipient_matches, recipients, tables, visits
from commissioner_app.ledgers import Ledger
from tests.office import WEN, XIUWU
from ui import editing, tasks
from ui.main_window import LedgerWindow
from ui.recipients.mergedialog import MergeDialog
from ui.recipients.page import RecipientsPage
from ui.visits.page import VisitsPage

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(open_page, demo_ledger) -> RecipientsPage:
    shown = open_page(RecipientsPage, demo_ledger)
    assert isinstance(shown, RecipientsPage)
    return shown


def names(page: RecipientsPage) -> list[str]:
    return [line.row.name for line in page.model.lines()]


def row(page: RecipientsPage, recipient: str) -> list[str]:
    at = page.model.row_of(recipient)
    return [page.model.index(at, c).data() for c in range(page.model.columnCount())]


def enter(ledger: Ledger, name: str, county: str = WEN, **values: object) -> str:
    outcome = recipients.save(ledger, None, {"name": name, "where": [county, None, None], **values})
    return outcome.records["recipient"][0]


def dialog_of(page: RecipientsPage) -> MergeDialog:
    found = page.window().findChild(MergeDialog)
    assert isinstance(found, MergeDialog)
    return found


def test_the_register_lists_counts_and_filters(qtbot, demo_ledger, page, settle):
    assert len(names(page)) == 9 and page.chips.chip("kind:合作社").text() == "合作社 3"
    (drug,) = [line for line in page.model.lines() if line.row.name == "演示药材种植专业合作社"]
    # What counts: not drafts and not what was sent back.
    counted = [
        v
        for v in visits.rows(
            demo_ledger,
            visits.listed_rowids(demo_ledger, visits.VisitFilter(recipient=drug.row.id), "date", True),
        ).values()
        if v.state in ("submitted", "passed")
    ]
    cells = row(page, drug.row.id)
    assert cells[:4] == ["演示药材种植专业合作社", "合作社", "修武县", "七贤镇"]
    assert cells[7:] == [str(len(counted)), max(v.date or "" for v in counted)]
    page.filter.setText("ysyczz")
    assert names(page) == ["演示药材种植专业合作社"]
    page.filter.setText("修武")
    assert {line.county for line in page.model.lines()} == {"修武县"} and len(names(page)) == 3
    page.filter.clear()
    page.county.setCurrentIndex(page.county.findData(WEN))
    assert {line.county for line in page.model.lines()} == {"温县"}
    page.county.setCurrentIndex(0)
    page.chips.set_current("kind:基地")
    assert {line.row.kind for line in page.model.lines()} == {"基地"}
    page.table.selectAll()
    assert page.table.copy_text().splitlines()[0].split("\t")[1] == "基地"


def test_one_is_entered_changed_and_taken_back_by_keyboard(qtbot, demo_ledger, page, settle):
    qtbot.keyClick(page.table, Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    sheet = page.editor.sheet
    qtbot.waitUntil(lambda: page.editor.is_new() and sheet.name.hasFocus())
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: sheet.shown_error("name") == "请填写名称")
    sheet.name.setText("演示蔬菜家庭农场")
    assert sheet.value("kind") == "家庭农场"
    sheet.county.setCurrentIndex(sheet.county.findData(WEN))
    sheet.village.setFocus()
    qtbot.keyClicks(sheet.village, "dyl")
    assert [h.title for h in sheet.village.drop.hits()] == ["大玉兰"]
    qtbot.keyClick(sheet.village, Qt.Key.Key_Down)
    qtbot.keyClick(sheet.village, Qt.Key.Key_Return)
    assert sheet.value("village") == "大玉兰"
    assert sheet.value("township") == "祥云镇"
    sheet.phone.setText("123")
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: sheet.shown_error("phone").startswith("电话号码应为"))
    sheet.phone.setText("13800001234")
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: "演示蔬菜家庭农场" in names(page) and not tasks.busy())
    (made,) = [r for r in recipients.listed(demo_ledger) if r.name == "演示蔬菜家庭农场"]
    names_of = page._context.divisions.name
    assert (made.kind, made.county, names_of(made.township), names_of(made.village), made.phone) == (
        "家庭农场", WEN, "祥云镇", "大玉兰", "13800001234")  # fmt: skip
    assert page.editor.recipient_id() == made.id and not page.editor.dirty()
    sheet.contact.setText("演示联系人")
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: row(page, made.id)[5] == "演示联系人" and not tasks.busy())
    page.editor.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: "联系人：演示联系人" in page.editor.steps.text())
    page._context.undo()
    qtbot.waitUntil(lambda: row(page, made.id)[5] == "—" and not tasks.busy())
    page.editor.delete_action.trigger()
    qtbot.waitUntil(lambda: "演示蔬菜家庭农场" not in names(page) and not tasks.busy())
    page._context.undo()
    qtbot.waitUntil(lambda: "演示蔬菜家庭农场" in names(page) and not tasks.busy())


def test_what_is_named_is_not_deleted(qtbot, demo_ledger, page, settle):
    said: list[str] = []
    page._context.refused.connect(said.append)
    line = next(line for line in page.model.lines() if line.entry.ever.visits)
    page.show_item(line.row.id)
    settle()
    page.editor.delete_action.trigger()
    qtbot.waitUntil(lambda: bool(said))
    assert said == [
        f"“{line.row.name}”有 {line.entry.ever.visits} 条服务记录，不能删除。如与别的单位重复，可以合并。"
    ]
    wanted = []
    page.wants.connect(lambda key, what: wanted.append((key, what)))
    page.editor._visits.click()
    assert wanted[0][0] == "visits" and wanted[0][1]["recipient"] == line.row.id
    page.editor.tabs.setCurrentIndex(1)
    settle()
    assert page.editor.visit_list.count() == min(line.entry.ever.visits, 100)


def test_a_new_name_is_told_of_those_like_it(qtbot, demo_ledger, page, settle):
    page.new_recipient()
    page.editor.sheet.name.setText("演示药材合作社")
    qtbot.waitUntil(lambda: page.editor.near.isVisible())
    assert page.editor.near.names() == ["演示药材种植专业合作社"]
    assert "七贤镇" in page.editor.near.links[0].text()
    page.editor.near.links[0].click()
    settle()
    assert not page.editor.is_new() and page.editor.sheet.value("name") == "演示药材种植专业合作社"
    assert page.editor.near.isHidden() and len(recipients.listed(demo_ledger)) == 9


def test_what_is_typed_is_never_lost(qtbot, demo_ledger, page, settle, monkeypatch):
    page.editor.sheet.contact.setText("演示联系人")
    before = page.editor.recipient_id()
    monkeypatch.setattr(editing, "ask_unsaved", lambda _p, _what: "stay")
    flag = QItemSelectionModel.SelectionFlag
    page.table.selectionModel().setCurrentIndex(page.model.index(4, 0), flag.ClearAndSelect | flag.Rows)
    settle()
    qtbot.wait(0)
    assert page.editor.recipient_id() == before and page.editor.sheet.value("contact") == "演示联系人"
    # Another process changes the phone: what is typed stays, and both are kept.
    recipients.save(demo_ledger, before, {"phone": "13800009999"})
    qtbot.waitUntil(lambda: not page.editor.notice.isHidden())
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not page.editor.dirty() and not tasks.busy())
    (now,) = [r for r in recipients.listed(demo_ledger) if r.id == before]
    assert (now.contact, now.phone, now.disputed) == ("演示联系人", "13800009999", False)
    # The same field: neither is overwritten unseen.
    settle()
    page.editor.sheet.contact.setText("演示甲")
    recipients.save(demo_ledger, before, {"contact": "演示乙"})
    qtbot.waitUntil(lambda: row(page, before)[5] == "演示乙")
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: page.editor.conflicts.isVisible() and not tasks.busy())
    assert demo_ledger.folded(before).conflicts == {"contact"}


def test_duplicates_are_merged_and_kept_apart(qtbot, demo_ledger, page, settle):
    known = next(r for r in recipients.listed(demo_ledger) if r.name == "演示药材种植专业合作社")
    ever = {r.row.id: r.ever.visits for r in recipients.register(demo_ledger, page._context.period)}
    other = enter(demo_ledger, "修武县演示药材合作社", XIUWU, contact="演示联系人")
    visit = visits.save(demo_ledger, None, {
        "who": visits.rows(demo_ledger, visits.listed_rowids(demo_ledger, visits.VisitFilter(), "date", True)[:1])
        .popitem()[1].who, "time": ["2022-09-28", None, None, None, 2], "where": [XIUWU, None, None],
        "content": "演示", "recipient": other}, submit=True).records["visit"][0]  # fmt: skip
    settle()
    page.merge_button.click()
    dialog = dialog_of(page)
    qtbot.waitUntil(lambda: len(dialog.pairs()) == 2 and not tasks.busy())
    pair = dialog.current()
    assert {pair.left.title, pair.right.title} == {"演示药材种植专业合作社", "修武县演示药材合作社"}
    assert "字样" in pair.reasons[0]
    contact = next(c for c in pair.choices if c.field == "contact")
    assert dialog.chosen()["contact"] == ("left" if contact.left else "right")
    assert dialog.chosen()["name"] == ("left" if pair.left.record == known.id else "right")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(dialog.pairs()) == 1 and not tasks.busy())
    stands = min(known.id, other)
    (one,) = [r for r in recipients.register(demo_ledger, page._context.period) if r.row.id == stands]
    assert (one.row.name, one.row.contact, one.ever.visits) == (
        "演示药材种植专业合作社", "演示联系人", ever[known.id] + 1)  # fmt: skip
    assert len(recipients.listed(demo_ledger)) == 9
    assert visits.open_visit(demo_ledger, visit).recipient_name == "演示药材种植专业合作社"
    dialog.undo.click()
    qtbot.waitUntil(lambda: len(recipients.listed(demo_ledger)) == 10 and len(dialog.pairs()) == 2)
    settle()
    dialog.list.setCurrentRow(1)  # the two 家庭农场 of different counties
    assert "但不在同一个县" in dialog.current().reasons
    qtbot.keyClick(dialog, Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: len(dialog.pairs()) == 1 and not tasks.busy())
    assert len(recipient_matches.pairs(demo_ledger, page._context.divisions)) == 1  # remembered
    dialog.reject()
    settle()


def test_two_chosen_rows_are_merged(qtbot, demo_ledger, page, settle):
    page.filter.setText("家庭农场")
    page.table.selectAll()
    assert page.merge_two.isVisible()
    page.merge_two.click()
    dialog = dialog_of(page)
    qtbot.waitUntil(lambda: len(dialog.pairs()) == 1)
    dialog.take_all("right")
    right = dialog.current().right.record
    where = next(r for r in recipients.listed(demo_ledger) if r.id == right).county
    dialog.merge_button.click()
    qtbot.waitUntil(lambda: len(recipients.listed(demo_ledger)) == 8 and not tasks.busy())
    (left,) = [r for r in recipients.listed(demo_ledger) if r.name == "演示家庭农场"]
    assert left.county == where and dialog.stack.currentIndex() == 2
    dialog.undo.click()
    qtbot.waitUntil(lambda: len(recipients.listed(demo_ledger)) == 9 and not tasks.busy())
    assert not dialog.undo.isVisible()  # what was done before the dialog is not taken back from here
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CTRL)
    settle()
    assert len(recipients.listed(demo_ledger)) == 9
    dialog.reject()


def test_a_county_only_looks_at_those_of_others(qtbot, office, open_page, settle):
    county = office["w"]
    own = enter(county, "演示本县合作社", XIUWU)
    foreign = enter(county, "演示待定合作社", XIUWU)
    page = open_page(RecipientsPage, county)
    page.show_item(own)
    settle()
    assert not page.editor.read_only() and not page.editor.save_button.isHidden()
    page.editor.sheet.contact.setText("演示联系人")
    qtbot.keyClick(page.editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: row(page, own)[5] == "演示联系人" and not tasks.busy())
    page.new_recipient()
    assert page.editor.sheet.value("county") == XIUWU
    page.editor.discard()
    settle()
    commissioner = open_page(RecipientsPage, office["c"])
    office.bring("w", "c")
    commissioner.reload()
    settle()
    commissioner.show_item(foreign)
    settle()
    assert commissioner.editor.recipient_id() == foreign and commissioner.editor.read_only()
    assert commissioner.editor.sheet.name.isReadOnly() and not commissioner.editor.sheet.kind.isEnabled()
    assert commissioner.editor.save_button.isHidden()
    assert "只能查看" in commissioner.editor.notice.text()


def test_an_empty_register_says_what_belongs_here(qtbot, fresh_ledger, open_page, settle):
    page = open_page(RecipientsPage, fresh_ledger)
    assert page._empty.isVisible() and page.editor.isHidden()
    page._empty.button.click()
    assert page.editor.isVisible() and page.editor.is_new()
    page.editor.discard_button.click()
    settle()
    assert page.editor.isHidden()


def test_the_list_is_written_to_a_table(qtbot, demo_ledger, page, settle, monkeypatch, tmp_path):
    path = tmp_path / "受援单位.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(path), ""))
    page.chips.set_current("kind:基地")
    page.export_button.click()
    settle()
    rows = tables.read(path).sheets[0].rows
    assert rows[0][:3] == ["名称", "性质", "受援县"] and len(rows) == 3
    assert {r[1] for r in rows[1:]} == {"基地"}


def test_the_window_reaches_it(qtbot, demo_ledger, settle):
    from ui.context import Context

    window = LedgerWindow(Context(demo_ledger))
    qtbot.addWidget(window)
    window.show()
    settle()
    window.open("recipients")
    settle()
    page = window.page("recipients")
    assert window.sidebar.button("recipients").toolTip() == "受援单位（Alt+5）"
    assert "Alt+9" in window.sidebar.button("settings").toolTip()
    line = next(line for line in page.model.lines() if line.entry.period.visits)
    page.show_item(line.row.id)
    settle()
    page.editor._visits.click()
    settle()
    shown = window.page("visits")
    assert isinstance(shown, VisitsPage) and window.current() == "visits"
    assert shown.model.rowCount() >= line.entry.period.visits and line.row.name in shown.bar.told()
    shown.new()
    settle()  # what was used before is read
    fields = shown.editor.fields
    fields.recipient.setFocus()
    qtbot.keyClicks(fields.recipient, "ysyczz")
    qtbot.waitUntil(lambda: [h.title for h in fields.recipient.drop.hits()] == ["演示药材种植专业合作社"])
    settle()

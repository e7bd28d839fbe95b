"""新年度批次 and the categories of a batch as an officer works with them; another year changes every page."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit

from commissioner_app import batches, people, places, recipients, visits, years
from commissioner_app.ledgers import Ledger
from tests.office import WEN
from ui import tasks
from ui.context import Context
from ui.main_window import NEW_YEAR, LedgerWindow
from ui.settings import newyear
from ui.settings.batches import BatchSection
from ui.settings.categories import NAME, CategoryTable
from ui.settings.newyear import NewYearDialog

CTRL = Qt.KeyboardModifier.ControlModifier
FLAG = QItemSelectionModel.SelectionFlag


@pytest.fixture
def window(qtbot, demo_ledger, settle) -> LedgerWindow:
    shown = LedgerWindow(Context(demo_ledger))
    qtbot.addWidget(shown)
    shown.resize(1366, 768)
    shown.show()
    qtbot.waitExposed(shown)
    settle()
    return shown


def dialog_of(qtbot, window: LedgerWindow) -> NewYearDialog:
    qtbot.waitUntil(lambda: bool(window.findChildren(NewYearDialog)) and not tasks.busy())
    found = window.findChildren(NewYearDialog)[-1]
    assert isinstance(found, NewYearDialog)
    return found


def of_year(ledger: Ledger, year: int):
    return next(b for b in batches.all_batches(ledger) if b.year == year)


def typing(table: CategoryTable) -> QLineEdit:
    """The field in which a cell is being edited."""
    found = table.table.viewport().findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def select(dialog: NewYearDialog, *rows: int) -> None:
    dialog.table.clearSelection()
    for row in rows:
        index = dialog.places.index(row, 0)
        dialog.table.selectionModel().setCurrentIndex(index, FLAG.Select | FLAG.Rows)


def test_a_new_year_by_keyboard(qtbot, demo_ledger, window, settle):
    bar = window.topbar.period
    assert [bar.itemText(n) for n in range(bar.count())][-1] == "新年度批次…"
    bar.activated.emit(bar.findData(NEW_YEAR))
    dialog = dialog_of(qtbot, window)
    assert bar.currentText() == "2022年度考核期"  # it is chosen once it is there
    assert dialog.year.text() == "2023" and dialog.overlap.isHidden()
    # Another year moves the periods; one that is taken or no year is told.
    dialog.year.setText("2022")
    assert dialog.form.shown_error("year") == "这一年的批次已经有名额了。"
    dialog.year.setText("2024")
    assert dialog.plan().service == ("2024-04-01", "2025-03-31") and dialog.name.text().startswith("2024")
    dialog.year.setText("2023")
    dialog.evaluation.first.setText("2022-07-01")
    assert "2022-07-01 至 2022-12-31" in dialog.overlap.text() and dialog.overlap.isVisible()
    dialog.evaluation.first.setText("2023-04-01")
    # A category goes on under another name; its places go with it.
    table = dialog.categories
    at = [line.name for line in table.lines()].index("省派")
    table.model.setData(table.model.index(at, NAME), "省资助")
    assert table.lines()[at].full_name == "" and table.model.index(at, 1).data() == "省资助科技特派员"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.stack.currentIndex() == 1 and dialog.table.hasFocus()
    assert dialog.totals.total("省资助", "before") == "16" and dialog.totals.total("省资助", "stay") == "9"
    # Space: leave, and back; 2 keeps the place open; 1 keeps nobody at an empty place.
    rows = [
        n
        for n, e in enumerate(dialog.places.shown())
        if e.wish.place.code in ("2022-省派-01", "2022-省派-16")
    ]
    select(dialog, *rows)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.totals.total("省资助", "leave") == "2"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.totals.total("省资助", "leave") == "0" and dialog.totals.total("省资助", "open") == "7"
    qtbot.keyClick(dialog.table, Qt.Key.Key_1)
    assert "空名额没有人可续聘" in dialog.error.text()
    select(dialog, rows[0])
    qtbot.keyClick(dialog.table, Qt.Key.Key_2)
    assert dialog.places.index(rows[0], 0).data() == "名额保留、换人"
    # By filter, all of them.
    dialog.filter.setText("nydx")
    assert dialog.places.rowCount() == 4
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(dialog.table, Qt.Key.Key_3)
    dialog.filter.clear()
    assert dialog.totals.total("校派", "after") == "0" and dialog.totals.total("", "leave") == "4"
    dialog.totals.boxes["校派"].setValue(3)
    select(dialog, 0)
    dialog._change("county", "温县", WEN)
    assert dialog.places.index(0, 5).data() == "温县"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(batches.all_batches(demo_ledger)) == 2 and not tasks.busy())
    found = {p.code: p for p in places.listed(demo_ledger, of_year(demo_ledger, 2023))}
    assert len(found) == 18 + 16 + 3
    assert found["2023-省资助-01"].commissioner is None and found["2023-省资助-02"].name == "演示二十"
    assert [a.county for a in found["2023-团-01"].assignments] == [WEN]
    assert window.context.batch.year == 2023 and bar.currentText() == "2023年度考核期"
    qtbot.waitUntil(lambda: not window.findChildren(NewYearDialog))
    window.context.undo()
    qtbot.waitUntil(lambda: len(batches.all_batches(demo_ledger)) == 1 and not tasks.busy())
    qtbot.waitUntil(lambda: window.context.batch.year == 2022 and bar.currentText() == "2022年度考核期")


def test_a_category_that_ends_needs_another_for_its_places(qtbot, demo_ledger, window, settle, monkeypatch):
    window.new_year()
    dialog = dialog_of(qtbot, window)
    table = dialog.categories
    at = [line.name for line in table.lines()].index("校派")
    table.table.setCurrentIndex(table.model.index(at, 0))
    table.table.setFocus()
    qtbot.keyClick(table.table, Qt.Key.Key_Delete)
    assert "校派" not in [line.name for line in table.lines()]
    table.add.click()
    typing(table).setText("县选")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)  # what is being typed counts
    assert dialog.stack.currentIndex() == 1 and table.lines()[-1].name == "县选"
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert dialog.error.text() == "有 4 个名额还没有选定新年度的类别。"
    shown = dialog.places.shown()
    assert shown[dialog.table.currentIndex().row()].wish.place.category_name == "校派"
    dialog.chips.set_current(f"category:{shown[dialog.table.currentIndex().row()].wish.place.category}")
    dialog.table.selectAll()
    menu = dialog.menus["category"]
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == "县选").trigger()
    # Esc asks, for something was chosen.
    asked: list[int] = []

    def refuse(*_args: object, **_how: object) -> int:
        asked.append(1)
        return -1

    monkeypatch.setattr(newyear, "ask", refuse)
    dialog.reject()
    assert asked and dialog.isVisible()
    dialog.teams.setChecked(False)
    dialog.next.click()
    qtbot.waitUntil(lambda: len(batches.all_batches(demo_ledger)) == 2 and not tasks.busy())
    found = places.listed(demo_ledger, of_year(demo_ledger, 2023))
    assert sum(p.category_name == "县选" for p in found) == 4 and not any(p.team for p in found)


def test_the_ways_to_a_new_year(qtbot, demo_ledger, window, settle):
    from ui.search.commands import commands

    (command,) = [c for c in commands() if c.title == "新年度批次"]
    assert command.run is not None
    command.run(window)
    dialog_of(qtbot, window).close()
    qtbot.waitUntil(lambda: not window.findChildren(NewYearDialog))
    window.open("settings", "year")
    dialog = dialog_of(qtbot, window)
    dialog._forward()
    dialog._forward()
    qtbot.waitUntil(lambda: len(batches.all_batches(demo_ledger)) == 2 and not tasks.busy())
    section = window.page("settings").section("batches")
    assert isinstance(section, BatchSection) and section.name.text() == "2023年度科技特派员选派"


def test_a_county_makes_no_year(qtbot, office, settle):
    shown = LedgerWindow(Context(office["w"]))
    qtbot.addWidget(shown)
    shown.show()
    settle()
    assert shown.topbar.period.findData(NEW_YEAR) < 0
    shown.new_year()
    settle()
    assert not shown.findChildren(NewYearDialog)
    shown.open("settings", "batches")
    section = shown.page("settings").section("batches")
    assert section.go_on.isHidden() and section.new.isHidden()


# -- categories -----------------------------------------------------------------------------------------


@pytest.fixture
def section(qtbot, window, settle) -> BatchSection:
    window.open("settings", "batches")
    settle()
    found = window.page("settings").section("batches")
    assert isinstance(found, BatchSection)
    return found


def choose(table: CategoryTable, name: str) -> int:
    at = [line.name for line in table.lines()].index(name)
    table.table.setCurrentIndex(table.model.index(at, 0))
    return at


def test_categories_are_edited_in_place(qtbot, demo_ledger, section, settle):
    table, batch = section.categories, of_year(demo_ledger, 2022)
    at = choose(table, "省派")
    table.delete.click()
    assert "还有 16 个名额，不能删除" in table.error.text() and not section.dirty()
    table.table.setFocus()
    table.table.setCurrentIndex(table.model.index(at, 2))
    qtbot.keyClick(table.table, Qt.Key.Key_F2)
    editor = typing(table)
    editor.setText("省资助， 三区 三区人才")
    qtbot.keyClick(editor, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not section.dirty() and not tasks.busy())
    (now,) = [c for c in batches.categories(demo_ledger, batch.id) if c.name == "省派"]
    assert set(now.aliases) == {"省资助", "三区", "三区人才"}
    table.add.click()
    table.settle()
    assert section.dirty() and table.problem() == "有类别还没有名称。"
    section.save()
    assert table.error.text() == "有类别还没有名称。" and section.dirty()
    table.model.setData(table.model.index(table.model.rowCount() - 1, 0), "县选")
    choose(table, "县选")
    table.table.setFocus()
    qtbot.keyClick(table.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    section.document.setText("演科〔2022〕1号")
    section.save()
    qtbot.waitUntil(lambda: not section.dirty() and not tasks.busy())
    assert [c.name for c in batches.categories(demo_ledger, batch.id)][-2] == "县选"
    assert of_year(demo_ledger, 2022).document_number == "演科〔2022〕1号"
    section.context.undo()  # the batch and its categories together
    qtbot.waitUntil(lambda: "县选" not in [line.name for line in section.categories.lines()])
    settle()
    assert of_year(demo_ledger, 2022).document_number == "" and section.document.text() == ""


# -- another year ---------------------------------------------------------------------------------------


@pytest.fixture
def two_years(demo_ledger: Ledger) -> Ledger:
    """2023 with all but one of 2022, another county for one, and one visit."""
    from dataclasses import replace

    plan = years.proposed(demo_ledger)
    wishes = [replace(w, choice="leave") if w.place.code == "2022-校派-04" else w for w in plan.wishes]
    wishes = [replace(w, county=WEN) if w.place.code == "2022-校派-01" else w for w in wishes]
    years.create(demo_ledger, replace(plan, wishes=tuple(wishes)))
    place = next(
        p for p in places.listed(demo_ledger, of_year(demo_ledger, 2023)) if p.code == "2023-省派-01"
    )
    visits.save(demo_ledger, None, {
        "who": [[place.id, place.commissioner]], "time": ["2023-05-01", None, None, None, 2],
        "where": [WEN, None, None], "content": "演示"}, recipient_name="演示新社", submit=True)  # fmt: skip
    return demo_ledger


def test_another_year_changes_every_page(qtbot, two_years, window, settle):
    context = window.context
    keys: tuple[str, ...] = (
        "home",
        "commissioners",
        "teams",
        "assignments",
        "recipients",
        "visits",
        "reports",
    )

    def visit_all() -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key in keys:
            window.goto(key)
            settle()
            seen[key] = READ[key](window.page(key))
        return seen

    assert context.batch.year == 2023
    new = visit_all()
    (old_period,) = [p for p in context.period_choices() if p.label == "2022年度考核期"]
    context.set_period(old_period)
    settle()
    shown = READ["reports"](window.page("reports"))  # the page in front follows at once
    old = visit_all()
    assert shown == old["reports"]
    # Whoever is first seen in the old year shows what one sees that had been there all the time.
    assert new["home"][0] == "37" and old["home"][0] == "38"
    assert new["home"][1] == "1" and old["home"][1] == "207"
    assert new["commissioners"][0] == 37 and old["commissioners"][0] == 38
    assert new["commissioners"][1] == {"2023"} and old["commissioners"][1] == {"2022"}
    assert new["teams"] != old["teams"] and new["teams"][0][1:] == ("18", "0")
    assert new["assignments"][0] == 37 and old["assignments"][0] == 38
    assert new["assignments"][1] == "2024-03-31" and old["assignments"][1] == "2023-03-31"
    (fresh,) = [r.id for r in recipients.listed(two_years) if r.name == "演示新社"]
    assert new["recipients"] == {fresh: 1} and fresh not in old["recipients"]
    assert sum(old["recipients"].values()) == 207
    assert new["visits"] == (1, {"2023"}) and old["visits"][0] == 214
    assert new["reports"] == ("2023", {"2023"}) and old["reports"] == ("2022", {"2022"})
    # And back again, each page's rows are those of the new year.
    (period,) = [p for p in context.period_choices() if p.label == "2023年度考核期"]
    context.set_period(period)
    settle()
    assert visit_all() == new
    # The service period of a year is that year's, too.
    (service,) = [p for p in context.period_choices() if p.label == "2022年度服务期"]
    context.set_period(service)
    assert context.batch.year == 2022


def _visits(page) -> tuple[int, set[str]]:
    """How many are listed, and the years of the places that a new one may name."""
    page.new()
    codes = {p.code[:4] for p in page.editor.fields.who.places.values()}
    page.editor.settle(lambda: page._closed())
    return page.model.rowCount(), codes


def _reports(page) -> tuple[str, set[str]]:
    options = page.options
    options.about.setCurrentIndex(options.about.findData("person"))
    named = {options.which.itemText(n) for n in range(options.which.count())}
    options.about.setCurrentIndex(0)
    return options.period.first.text()[:4], {text.split("（")[-1][:4] for text in named}


READ: dict[str, Callable] = {
    "home": lambda page: (page.cards["places"].number.text(), page.cards["visits"].number.text()),
    "commissioners": lambda page: (
        page.model.rowCount(), {line.place.code[:4] for line in page.model.lines()},
    ),
    "teams": lambda page: [
        (line.team.id, str(len(line.places)), str(line.figures.visits)) for line in page.model.lines()
    ],
    "assignments": lambda page: (len(page._read.places), page.day.value().isoformat()),
    "recipients": lambda page: {
        line.row.id: line.entry.period.visits for line in page.model.lines() if line.entry.period.visits
    },
    "visits": _visits,
    "reports": _reports,
}  # fmt: skip


def test_the_register_follows_the_year(qtbot, two_years, window, settle):
    window.goto("recipients")
    settle()
    page = window.page("recipients")
    assert page.caption() == "10 家，2023年度考核期服务过 1 家"
    assert {r.row.name for r in recipients.register(two_years, window.context.period) if r.period.visits} == {
        "演示新社"
    }


def test_what_is_found_in_another_year_is_shown_in_its_year(qtbot, two_years, window, settle):
    context = window.context
    assert context.batch.year == 2023
    gone = next(p for p in places.listed(two_years, of_year(two_years, 2022)) if p.code == "2022-校派-04")
    window.open("commissioners", gone.commissioner)  # who has left is known to 2022 only
    settle()
    page = window.page("commissioners")
    assert context.batch.year == 2022 and page.editor.place_id() == gone.id
    there = next(p for p in places.listed(two_years, of_year(two_years, 2023)) if p.code == "2023-校派-03")
    window.open("commissioners", there.commissioner)  # who is there in both stays in the year that is shown
    settle()
    assert context.batch.year == 2022 and page.editor.row().name == there.name
    window.open("commissioners", there.id)
    settle()
    assert context.batch.year == 2023 and page.editor.place_id() == there.id


def test_who_left_may_be_taken_for_an_open_place(qtbot, two_years, window, settle):
    left = next(p for p in places.listed(two_years, of_year(two_years, 2022)) if p.code == "2022-校派-04")
    spare = people.spare(two_years, of_year(two_years, 2023).id)
    assert [s.id for s in spare] == [left.commissioner]
    open_ = next(p for p in places.listed(two_years, of_year(two_years, 2023)) if not p.commissioner)
    window.open("commissioners", open_.id)
    settle()
    sheet = window.page("commissioners").editor.person
    sheet.name.setFocus()
    qtbot.keyClicks(sheet.name, "yss")
    assert left.name in [h.title for h in sheet.name.drop.hits()]
    sheet.name.setText("")


def test_a_visit_of_last_year_keeps_its_names_in_this_one(qtbot, two_years, window, settle):
    """Evaluation periods may overlap: a visit of last year's place is listed in both, and can be saved in both."""
    new = of_year(two_years, 2023)
    batches.save(two_years, new, {"evaluation_period": ["2022-10-01", "2023-12-31"]})
    window.goto("visits")
    qtbot.waitUntil(lambda: window.context.batch.year == 2023 and not tasks.busy())
    page = window.page("visits")
    rows = visits.listed_rowids(two_years, visits.VisitFilter("2022-10-01", "2022-12-01"), "date", True)
    visit = visits.rows(two_years, rows[:1])[rows[0]]
    window.open("visits", visit.id)
    settle()
    fields = page.editor.fields
    assert fields.who.values()[0].startswith(visit.names) and fields.values()["who"] == [
        list(w) for w in visit.who
    ]
    assert not fields.errors()


def test_what_is_typed_is_asked_about_before_the_year_changes(qtbot, two_years, window, settle, monkeypatch):
    from ui import editing

    window.goto("recipients")
    settle()
    page = window.page("recipients")
    page.editor.sheet.contact.setText("演示联系人")
    monkeypatch.setattr(editing, "ask_unsaved", lambda _p, _what: "stay")
    bar = window.topbar.period
    at = bar.findText("2022年度考核期")
    bar.setCurrentIndex(at)
    bar.activated.emit(at)
    assert window.context.batch.year == 2023 and bar.currentText() == "2023年度考核期"
    monkeypatch.setattr(editing, "ask_unsaved", lambda _p, _what: "discard")
    bar.activated.emit(at)
    settle()
    assert window.context.batch.year == 2022 and page.editor.sheet.value("contact") is None

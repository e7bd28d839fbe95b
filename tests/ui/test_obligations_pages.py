"""考核要求 as an officer meets it: chosen in 设置, told on 工作台, in the list of 特派员 and beside each of them."""

import json
from collections.abc import Callable, Iterable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from commissioner_app import batches, doubts, history, obligations, paths, periods, places, visits
from commissioner_app.attention import of_doubts
from commissioner_app.doubts import rules as ruling
from commissioner_app.ledgers import Ledger
from commissioner_app.obligation_states import short_text, state_of, summary
from tests.office import person
from ui.commissioners.page import CommissionersPage
from ui.home.page import HomePage
from ui.settings.batches import BatchSection
from ui.settings.page import SettingsPage
from ui.widgets.table import ToneRole

Settle = Callable[[], None]
HENAN = "henan-2024"
XIUWU = "410821"


@pytest.fixture(autouse=True)
def summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the period (April to December 2022) has passed: 3 visits or 9.5 days are due."""
    monkeypatch.setattr(periods, "today", lambda: "2022-06-30")


def log(
    ledger: Ledger, place: str, who: str, days: list[str], way: str = "现场指导", half_days: int = 1
) -> None:
    for day in days:
        made = {"who": [[place, who]], "time": [day, None, None, None, half_days], "where": [XIUWU, None, None],
                "ways": [way], "content": f"{day} 到 {who[:8]} 处查看长势"}  # fmt: skip
        visits.save(ledger, None, made, submit=True)


@pytest.fixture
def office(fresh_ledger: Ledger) -> Ledger:
    """甲 has reached it by days, 乙 is on the way, 丙 only telephoned, 丁 has logged nothing, 戊 is of the team."""
    batch = batches.all_batches(fresh_ledger)[0]
    found = places.listed(fresh_ledger, batch)
    alone = [p for p in found if not p.team][:4]
    team = next(p for p in found if p.team)
    who = [
        person(fresh_ledger, p, name, "13800000000")
        for p, name in zip([*alone, team], ("演示甲", "演示乙", "演示丙", "演示丁", "演示戊"), strict=True)
    ]
    log(fresh_ledger, alone[0].id, who[0], ["2022-06-01", "2022-06-05", "2022-06-10"], half_days=20)
    log(fresh_ledger, alone[1].id, who[1], ["2022-06-02", "2022-06-03", "2022-06-06", "2022-06-07"])
    log(fresh_ledger, alone[2].id, who[2], ["2022-06-08", "2022-06-09"] * 3, way="远程指导")
    log(fresh_ledger, team.id, who[4], ["2022-06-20"])
    return fresh_ledger


def chosen(ledger: Ledger) -> str:
    return batches.all_batches(ledger)[0].rule_set


def choose(ledger: Ledger) -> None:
    obligations.choose(ledger, batches.all_batches(ledger)[0].id, HENAN)


def link_of(widget: QWidget, name: str) -> QPushButton:
    buttons: Iterable[QPushButton] = widget.findChildren(QPushButton)
    return next(b for b in buttons if b.accessibleName() == name)


def words(widget: object) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))  # type: ignore[attr-defined]


def test_states_and_short_texts(office: Ledger) -> None:
    batch = batches.all_batches(office)[0]
    found = {p.place.name: p for p in obligations.progress(office, batch)}
    assert {state_of(p) for p in found.values()} == {""}
    assert short_text(found["演示甲"]) == "3 次 · 30 天" and short_text(found[""]) == ""
    choose(office)
    batch = batches.all_batches(office)[0]
    found = {p.place.name: p for p in obligations.progress(office, batch)}
    states = {name: state_of(p) for name, p in found.items()}
    assert states == {
        "演示甲": "reached", "演示乙": "under_way", "演示丙": "behind", "演示丁": "behind", "演示戊": "", "": "",
    }  # fmt: skip
    assert (
        short_text(found["演示乙"]) == "4/12 次 · 2/30 天" and short_text(found["演示戊"]) == "1 次 · 0.5 天"
    )
    s = summary(office, batch)
    assert s is not None and (s.reached, s.under_way, s.apart, s.compared) == (1, 1, 1, 4)
    assert [p.place.name for p in s.behind] == ["演示丙", "演示丁"]
    assert [p.place.name for p in s.silent] == ["演示丁"]


def test_the_rule_set_is_chosen_for_the_batch_and_undone(
    open_page: Callable[..., SettingsPage], office: Ledger, qtbot: QtBot, settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = open_page(_settings(), office)
    page.show_item("rule_set")
    section = page.section("batches")
    assert isinstance(section, BatchSection)
    assert section.rule_set.currentText() == "不设考核要求" and not section.dirty()
    assert section.rule_set.count() == 1 + len(obligations.rule_sets())
    qtbot.keyClick(section.rule_set, Qt.Key.Key_Down)
    rules = obligations.rule_set(HENAN)
    assert rules is not None and section.rule_set.currentText() == rules.name
    assert rules.source in section.rules_note.text() and rules.note in section.rules_note.text()
    assert chosen(office) == ""
    section.state.setFocus()
    qtbot.keyClick(section.state, Qt.Key.Key_Tab)
    assert page.focusWidget() is section.rule_set
    section.save()
    qtbot.waitUntil(lambda: chosen(office) == HENAN and not section.dirty(), timeout=5000)
    settle()
    history.undo(office)
    qtbot.waitUntil(lambda: section.rule_set.currentIndex() == 0, timeout=5000)
    assert chosen(office) == ""


def test_a_rule_set_of_a_later_version_is_kept_and_told(
    open_page: Callable[..., object], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    batches.save(office, batches.all_batches(office)[0], {"rule_set": "later-2030"})
    page = open_page(_settings(), office)
    section = page.section("batches")  # type: ignore[attr-defined]
    section.name.setText("改名")
    section.save()
    settle()
    assert chosen(office) == "later-2030" and "later-2030" in section.rules_note.text()
    home = open_page(HomePage, office)
    assert not home.progress.isVisible()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "考核要求不能比较" in words(home.attention), timeout=5000)  # type: ignore[attr-defined]


def test_home_without_a_rule_set_leads_to_the_choice(
    open_page: Callable[..., HomePage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(HomePage, office)
    qtbot.waitUntil(lambda: "考核要求：未设置" in words(page.counties), timeout=5000)
    assert not page.progress.isVisible()
    link = link_of(page.counties, "选择考核要求")
    with qtbot.waitSignal(page.wants) as caught:
        qtbot.keyClick(link, Qt.Key.Key_Space)
    assert caught.args == ["settings", "rule_set"]
    qtbot.waitUntil(lambda: "1 人超过 30 天没有记录" in words(page.attention), timeout=5000)


def test_home_names_who_is_behind_and_who_is_silent(
    open_page: Callable[..., HomePage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(HomePage, office)
    choose(office)
    qtbot.waitUntil(lambda: "没有记录" in words(page.progress), timeout=5000)
    shown = words(page.progress)
    rules = obligations.rule_set(HENAN)
    assert rules is not None and rules.name in shown and "12 次或 30 天" in shown
    assert "已达到 1 人 · 进行中 1 人 · 落后 2 人" in shown and "服务团成员 1 人" in shown
    assert "2 人进度落后" in shown and "演示丙、演示丁" in shown
    assert "1 人超过 30 天没有记录" in shown and "超过 30 天" not in words(page.attention)
    assert "考核要求" not in words(page.counties)
    assert page.progress.bar.accessibleName() == page.progress.figures.text()
    for name, chip in (("查看：2 人进度落后", "behind"), ("查看：1 人超过 30 天没有记录", "silent")):
        link = link_of(page.progress, name)
        with qtbot.waitSignal(page.wants) as caught:
            qtbot.keyClick(link, Qt.Key.Key_Space)
        assert caught.args == ["commissioners", {"chip": chip}]
    # 丁 logs three visits: neither behind nor silent any more.
    batch = batches.all_batches(office)[0]
    place = next(p for p in places.listed(office, batch) if p.name == "演示丁")
    log(office, place.id, place.commissioner or "", ["2022-06-11", "2022-06-12", "2022-06-13"])
    qtbot.waitUntil(lambda: "进行中 2 人 · 落后 1 人" in page.progress.figures.text(), timeout=5000)
    qtbot.waitUntil(lambda: "没有记录" not in words(page.progress), timeout=5000)


def test_home_tells_doubts_after_it_is_shown(
    open_page: Callable[..., HomePage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(HomePage, office)
    wanted = doubts.all_of(office).visits
    assert wanted
    text = f"{wanted} 条记录待核实"
    qtbot.waitUntil(lambda: text in words(page.attention), timeout=5000)
    link = link_of(page.attention, f"处理：{text}")
    with qtbot.waitSignal(page.wants) as caught:
        qtbot.keyClick(link, Qt.Key.Key_Space)
    assert caught.args == ["visits", {"state": "doubt"}]
    for rule, count in doubts.all_of(office).counts.items():
        if count.open:
            doubts.change(office, rule, severity="hint")
    qtbot.waitUntil(lambda: "待核实" not in words(page.attention), timeout=5000)


def test_the_page_is_painted_before_doubts_are_read(
    open_page: Callable[..., HomePage], office: Ledger, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    order: list[str] = []
    paint, read = HomePage.paintEvent, doubts.all_of

    def painted(self: HomePage, event: QPaintEvent) -> None:
        order.append("painted" if self.cards["visits"].number.text() == "14" else "bare")
        paint(self, event)

    def checked(*values: object) -> doubts.Findings:
        order.append("checked")
        return read(*values)

    monkeypatch.setattr(HomePage, "paintEvent", painted)
    monkeypatch.setattr(doubts, "all_of", checked)
    page = open_page(HomePage, office)
    qtbot.waitUntil(lambda: "条记录待核实" in words(page.attention), timeout=5000)
    assert order.index("painted") < order.index("checked")


def test_the_list_shows_and_sorts_progress(
    open_page: Callable[..., CommissionersPage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(CommissionersPage, office)
    settle()
    at = {c.key: n for n, c in enumerate(page.model._columns)}
    assert page.table.isColumnHidden(at["progress"]) and not page.table.isColumnHidden(at["visits"])
    assert not page.chips.has("behind") and page.chips.has("silent")
    choose(office)
    qtbot.waitUntil(lambda: page.chips.has("behind"), timeout=5000)
    settle()
    assert not page.table.isColumnHidden(at["progress"]) and page.table.isColumnHidden(at["visits"])
    assert (page.chips.chip("behind").text(), page.chips.chip("reached").text()) == ("落后 2", "已达到 1")
    page.table.sortByColumn(at["progress"], Qt.SortOrder.DescendingOrder)
    names = [line.place.name for line in page.model.lines()]
    assert names[:2] == ["演示甲", "演示乙"] and set(names[2:4]) == {"演示丙", "演示丁"}
    page.table.sortByColumn(at["progress"], Qt.SortOrder.AscendingOrder)
    names = [line.place.name for line in page.model.lines()]
    assert set(names[:2]) == {"演示丙", "演示丁"} and names[2:4] == ["演示乙", "演示甲"]
    cell = page.model.index(2, at["progress"])
    assert cell.data() == "4/12 次 · 2/30 天" and cell.data(ToneRole) is None
    behind = page.model.index(0, at["progress"])
    assert behind.data(ToneRole) == "warn" and behind.data(Qt.ItemDataRole.DecorationRole) is not None
    assert "河南省 2024 年度" in behind.data(Qt.ItemDataRole.ToolTipRole)


def test_the_link_filters_and_the_detail_says_the_sentence(
    open_page: Callable[..., CommissionersPage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    choose(office)
    page = open_page(CommissionersPage, office)
    page.show_item({"chip": "behind"})
    settle()
    assert [line.place.name for line in page.model.lines()] == ["演示丙", "演示丁"]
    note = page.editor.top.progress
    assert note.isVisible() and note.text().startswith("落后。河南省 2024 年度")
    assert "另有 6 次不计入" in note.text() and note.property("tone") == "warn"
    page.show_item({"chip": "all"})
    team = next(line.place.id for line in page.model.lines() if line.place.name == "演示戊")
    page.show_item(team)
    qtbot.waitUntil(lambda: page.editor.place_id() == team, timeout=5000)
    assert not note.isVisible()  # nothing is known of teams


def test_a_link_before_the_list_was_read_still_filters(
    open_page: Callable[..., CommissionersPage],
    office: Ledger,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(office)
    come = CommissionersPage.come

    def straight(self: CommissionersPage) -> None:
        come(self)
        self.show_item({"chip": "silent"})

    monkeypatch.setattr(CommissionersPage, "come", straight)
    page = open_page(CommissionersPage, office)
    settle()
    assert page.chips.current() == "silent"
    assert [line.place.name for line in page.model.lines()] == ["演示丁"]


def test_each_arrangement_of_columns_is_remembered(
    open_page: Callable[..., CommissionersPage], office: Ledger, qtbot: QtBot, settle: Settle
) -> None:
    page = open_page(CommissionersPage, office)
    settle()
    at = {c.key: n for n, c in enumerate(page.model._columns)}
    choose(office)
    qtbot.waitUntil(lambda: not page.table.isColumnHidden(at["progress"]), timeout=5000)
    page.table.show_column(at["visits"], True)
    key = "table_commissioners_compared"
    qtbot.waitUntil(lambda: "visits" not in paths.read_settings().get(key, {}).get("hidden", ["visits"]))
    assert "table_commissioners" not in paths.read_settings() or "progress" in json.dumps(
        paths.read_settings()["table_commissioners"]
    )
    history.undo(office)
    qtbot.waitUntil(lambda: page.table.isColumnHidden(at["progress"]), timeout=5000)
    again = open_page(CommissionersPage, office)
    choose(office)
    qtbot.waitUntil(lambda: not again.table.isColumnHidden(at["progress"]), timeout=5000)
    assert not again.table.isColumnHidden(at["visits"])
    again.table.reset_layout()
    assert again.table.isColumnHidden(at["visits"]) and not again.table.isColumnHidden(at["progress"])


def _settings() -> type[SettingsPage]:
    class Shown(SettingsPage):
        """The fixture closes `_context`."""

        @property
        def _context(self) -> object:
            return self.context

    return Shown


def test_hints_are_not_counted_among_doubts() -> None:
    rows = {"day_off": frozenset(range(9)), "overlap": frozenset({1})}
    counts = {rule: doubts.Count(len(found)) for rule, found in rows.items()}
    (note,) = of_doubts(doubts.Findings(ruling.shipped(), counts, rows))
    assert (note.text, note.detail) == ("1 条记录待核实", "时间重叠 1 条")

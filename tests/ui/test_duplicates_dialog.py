"""查找重复人员 as its users touch it: pairs, sides, merging, telling apart, taking back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from commissioner_app import batches, duplicates, ledgers, people, places
from commissioner_app.ledgers import Ledger
from tests.office import Office
from ui import tasks
from ui.commissioners.duplicates import DuplicatesDialog
from ui.context import Context
from ui.main_window import LedgerWindow
from ui.search.finder import Finder


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    )
    place = places.listed(made, batches.all_batches(made)[0])[0]
    for unit, values in (
        ("河南农业大学", {"phone": "13800000001", "title": "讲师", "industries": ["蔬菜"]}),
        ("河南农大", {"phone": "13800000001", "title": "教授", "industries": ["果树"]}),
    ):
        people.save_person(made, None, {"name": "演示甲", "organisation_name": unit, **values})
    known = people.spare(made)[0]
    made.write("任职", [people.tenure_draft(place.id, known.id, None, None)])
    yield made
    made.close()


@pytest.fixture
def show(qtbot) -> Iterator[Callable[[Ledger], DuplicatesDialog]]:
    contexts = []

    def make(ledger: Ledger) -> DuplicatesDialog:
        contexts.append(Context(ledger))
        dialog = DuplicatesDialog(contexts[-1])
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not tasks.busy())
        return dialog

    yield make
    tasks.shut_down()
    for context in contexts:
        context.close()


def ready(dialog: DuplicatesDialog) -> bool:
    return not tasks.busy() and (dialog.pair() is None or dialog._comparison is not None)


def test_two_are_merged_with_the_values_chosen_and_taken_back(qtbot, bureau, show) -> None:
    dialog = show(bureau)
    qtbot.waitUntil(lambda: ready(dialog) and bool(dialog.pairs()))
    assert dialog.tabs.tabText(0) == "特派员 1" and dialog.tabs.tabText(1) == "派出单位 1"
    assert "联系电话相同" in dialog.reasons.text()
    assert dialog.sides.differing() == ["organisation", "title"]
    left, right = dialog.sides.cells("title")
    wanted = next(n for n, cell in enumerate((left, right)) if cell.text.plain() == "教授")
    cell = (left, right)[wanted]
    cell.setFocus()
    qtbot.keyClick(cell, Qt.Key.Key_Space)
    assert cell.is_chosen() and "保留" in cell.accessibleName() and dialog.sides.choice()["title"] == wanted
    qtbot.keyClick(cell, Qt.Key.Key_Left if wanted else Qt.Key.Key_Right)
    assert (right, left)[wanted].hasFocus()
    units = dialog.sides.cells("organisation")
    full = next(n for n, c in enumerate(units) if c.text.plain() == "河南农业大学")
    qtbot.mouseClick(units[full], Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ready(dialog) and not dialog.pairs())
    assert "已合并演示甲" in dialog.notice.text() and dialog.undo.isVisible() and dialog.empty.isVisible()
    place = places.listed(bureau, batches.all_batches(bureau)[0])[0]
    person = people.person(bureau, place.commissioner)
    assert person["title"] == "教授" and set(person["industries"]) == {"果树", "蔬菜"}
    assert people.organisation_of(bureau, person["organisation"]) == "河南农业大学"
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: ready(dialog) and len(dialog.pairs()) == 1)


def test_two_that_are_not_the_same_are_not_asked_about_again(qtbot, bureau, show) -> None:
    dialog = show(bureau)
    qtbot.waitUntil(lambda: ready(dialog) and bool(dialog.pairs()))
    dialog.apart_button.click()
    qtbot.waitUntil(lambda: ready(dialog) and not dialog.pairs())
    assert "不再提示" in dialog.notice.text() and not duplicates.find(bureau)
    assert not dialog.merge_button.isVisible()
    dialog.undo.click()
    qtbot.waitUntil(lambda: ready(dialog) and len(dialog.pairs()) == 1)


def test_units_are_merged_in_the_second_tab(qtbot, bureau, show) -> None:
    dialog = show(bureau)
    qtbot.waitUntil(lambda: ready(dialog) and bool(dialog.pairs()))
    dialog.tabs.setFocus()
    qtbot.keyClick(dialog.tabs, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: ready(dialog) and dialog._comparison.entity == "organisation")
    assert dialog.apart_button.text() == "不是同一单位"
    dialog.merge_button.click()
    qtbot.waitUntil(lambda: ready(dialog) and not dialog.pairs())
    assert people.organisation_names(bureau).count("河南农业大学") == 1
    assert "河南农大" not in people.organisation_names(bureau)
    # The unit of both is one now, which makes the two people surer.
    assert duplicates.find(bureau)[0].reasons[-1] == "派出单位相同"


def test_who_may_not_is_told_and_nothing_changes(qtbot, office: Office, show) -> None:
    county = office["w"]
    a, b = (p for p in office.places(office["b"])[:2])
    people.save_person(office["b"], a.commissioner, {"name": "演示甲", "phone": "13811112222"})
    people.save_person(office["b"], b.commissioner, {"name": "演示甲", "phone": "13811112222"})
    office.settle()
    dialog = show(county)
    qtbot.waitUntil(lambda: ready(dialog) and bool(dialog.pairs()))
    dialog.merge_button.click()
    qtbot.waitUntil(lambda: "市科技局维护" in dialog.notice.text())
    assert len(duplicates.find(county)) == 1 and dialog._comparison is not None


def test_the_search_offers_it_and_the_page_opens_it(qtbot, bureau, monkeypatch) -> None:
    window = LedgerWindow(Context(bureau))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: not tasks.busy())
    answers: list = []
    finder = Finder(window.context)
    for text in ("查找重复", "hebing", "czcfry"):
        answers.clear()
        finder.find(text, answers.append)
        qtbot.waitUntil(lambda: bool(answers) and not tasks.busy())
        assert answers[-1][0].title == "查找重复人员", text
    shown: list[str] = []

    def exec_(dialog: QDialog) -> int:
        shown.append(dialog.windowTitle())
        return 0

    monkeypatch.setattr(QDialog, "exec", exec_)
    window._go_to(answers[-1][0])
    assert window.current() == "commissioners" and shown == ["查找重复人员"]
    qtbot.waitUntil(lambda: not tasks.busy())
    window.page("commissioners").duplicates_button.click()
    assert shown == ["查找重复人员"] * 2
    qtbot.waitUntil(lambda: not tasks.busy())  # the window and its context are closed by qtbot

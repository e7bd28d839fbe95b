"""Search: people by Chinese, pinyin and initials, places, commands, visits by text; built anew after a change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from commissioner_app import batches, ledgers, people, places, teams, visits
from commissioner_app.ledgers import NewLedger
from ui import tasks
from ui.context import Context
from ui.search.finder import Finder
from ui.widgets.droplist import Hit


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path) -> Iterator[Context]:
    ledger = ledgers.create(tmp_path / "a.ktledger", NewLedger("bureau", roster="2022"))
    made = Context(ledger)
    yield made
    tasks.shut_down()
    made.close()
    ledger.close()


def ask(qtbot: QtBot, finder: Finder, text: str) -> list[Hit]:
    answers: list[Sequence[Hit]] = []
    finder.find(text, answers.append)
    qtbot.waitUntil(lambda: bool(answers) and not tasks.busy(), timeout=10_000)
    return list(answers[-1])


def test_people_places_teams_commands_and_visits(qtbot: QtBot, context: Context) -> None:
    ledger = context.ledger
    first, second = places.listed(ledger, batches.all_batches(ledger)[0])[:2]
    people.save_person(ledger, None, {"name": "张三丰"}, place=first.id)
    people.save_person(ledger, None, {"name": "单演示"}, place=second.id)
    visits.save(ledger, None, {
        "who": [[first.id, None]], "time": ["2022-09-28", None, None, None, 1], "where": ["410825", None, None],
        "content": "查看铁棍山药长势",
    }, recipient_name="演示合作社")  # fmt: skip
    qtbot.waitUntil(lambda: not tasks.busy())
    finder = Finder(context)

    for text in ("zsf", "zhangsanfeng", "张三", first.code):
        assert ("commissioners", first.id) in [h.key for h in ask(qtbot, finder, text)], text
    assert ask(qtbot, finder, "zsf")[0].title == "张三丰"
    assert ask(qtbot, finder, "sys")[0].title == "单演示"  # 单 is shan as a surname
    (team,) = teams.listed(ledger, None)
    assert ("teams", team.id) in [h.key for h in ask(qtbot, finder, "服务团")]
    assert ask(qtbot, finder, "xy")[0] == Hit(
        "祥云镇", "温县", "place", ("visits", {"text": "祥云镇", "label": "祥云镇"})
    )
    assert ask(qtbot, finder, "温县")[0].key == ("visits", {"county": "410825", "label": "温县"})
    (recipient,) = [h for h in ask(qtbot, finder, "yshzs") if h.icon == "recipient"]
    assert recipient.title == "演示合作社"
    assert ask(qtbot, finder, "djfw")[0].key == ("visits", "new")
    assert ask(qtbot, finder, "备份")[0].title == "立即备份"
    (found,) = [h for h in ask(qtbot, finder, "铁棍山药") if h.icon == "visit"]
    assert found.key[0] == "visits" and "2022-09-28" in found.caption
    assert ask(qtbot, finder, "没有这样的东西") == []


def test_the_index_follows_changes(qtbot: QtBot, context: Context) -> None:
    finder = Finder(context)
    assert not [h for h in ask(qtbot, finder, "李四光") if h.icon == "commissioner"]
    place = places.listed(context.ledger, context.batch)[0]
    with qtbot.waitSignal(context.changed):
        people.save_person(context.ledger, None, {"name": "李四光"}, place=place.id)
    assert ask(qtbot, finder, "lsg")[0].key == ("commissioners", place.id)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sys", 1), ("shanyanshi", 1), ("danys", 1), ("yshzs", 1), ("yanshihezuo", 1), ("xyz", 1), ("wenx", 2),
        ("sys wx", 1), ("sys 长势", 1), ("sys 没有", 0), ("xyzz", 0), ("zz", 0),
    ],
)  # fmt: skip
def test_visits_are_found_by_how_names_are_read(context: Context, typed: str, found: int) -> None:
    ledger = context.ledger
    first = places.listed(ledger, batches.all_batches(ledger)[0])[0]
    people.save_person(ledger, None, {"name": "单演示"}, place=first.id)
    person = places.listed(ledger, batches.all_batches(ledger)[0])[0].commissioner
    township = context.divisions.find("410825", "祥云镇")
    for who, where, recipient in (
        (person, ["410825", None, None], ""),
        (None, ["410825", township, None], "演示合作社"),
    ):
        visits.save(ledger, None, {
            "who": [[first.id, who]], "time": ["2022-09-28", None, None, None, 1], "where": where,
            "content": "查看铁棍山药长势",
        }, recipient_name=recipient)  # fmt: skip
    f = visits.VisitFilter(text=typed)
    assert len(visits.listed_rowids(ledger, f, "date", True)) == found
    assert len(visits.listing(ledger, f, "date", True).rowids) == found


def test_pickers_find_people_by_their_surname_and_places_by_pinyin(qtbot: QtBot, context: Context) -> None:
    from ui.teams.members import AddMembers
    from ui.visits.editor import VisitEditor

    ledger = context.ledger
    first = places.listed(ledger, batches.all_batches(ledger)[0])[0]
    people.save_person(ledger, None, {"name": "尉迟演示"}, place=first.id)
    found = places.listed(ledger, batches.all_batches(ledger)[0])
    editor = VisitEditor(context)
    qtbot.addWidget(editor)
    fields = editor.fields
    fields.set_places(found)
    assert fields.who.fits("ycys", "尉迟演示") and fields.who.fits("yuchi", "尉迟演示")
    editor.hints.refresh()
    qtbot.waitUntil(lambda: editor.hints.gazetteer is not None, timeout=10_000)
    for typed in ("xiangyun", "xyz"):
        fields.place.textEdited.emit(typed)
        assert fields.place.drop.hits()[0].title == "祥云镇", typed
    dialog = AddMembers("演示服务团", found, fields)
    qtbot.addWidget(dialog)
    for typed in ("yuchi", "ycys", "尉迟"):
        dialog.filter.setText(typed)
        shown = [
            dialog.list.item(n).text()
            for n in range(dialog.list.count())
            if not dialog.list.item(n).isHidden()
        ]
        assert [text.split("　")[0] for text in shown] == ["尉迟演示"], typed

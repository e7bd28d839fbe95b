"""Import of visits: what a table tells is written, what it does not tell is left alone, nothing is swallowed."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commissioner_app import backups, exports, history, ledgers, people, places, visits
from commissioner_app.imports.visits import import_visits
from commissioner_app.ledgers import Ledger, NewLedger
from db.check import check
from db.errors import LedgerBusy, LedgerError, NotALedger, Refused
from db.queries.visits import VisitFilter, VisitRow

HEAD = ["特派员", "日期", "天数", "受援县", "服务内容", "培训人数"]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = ledgers.create(tmp_path / "l.ktledger", NewLedger("bureau", roster="2022", actor="演示员"))
    place = places.listed(made, None)[0]
    people.save_person(made, None, {"name": "演示甲"}, place=place.id)
    yield made
    made.close()


@pytest.fixture
def bring(ledger: Ledger, tmp_path: Path) -> Callable[..., object]:
    def run(*rows: list[str], head: list[str] = HEAD):
        with open(tmp_path / "t.csv", "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        return import_visits(ledger, tmp_path / "t.csv")

    return run


def rows(ledger: Ledger) -> list[VisitRow]:
    return list(visits.rows(ledger, visits.listed_rowids(ledger, VisitFilter(), "date", False)).values())


def test_rows_that_differ_in_one_figure_are_two_visits_also_the_second_time(
    ledger: Ledger, bring: Callable
) -> None:
    table = (
        ["演示甲", "2022-07-03", "0.5", "温县", "指导", "30"],
        ["演示甲", "2022-07-03", "0.5", "温县", "指导", "45"],
    )
    assert bring(*table).created == 2
    assert sorted(r.trained or 0 for r in rows(ledger)) == [30, 45]
    assert bring(*table).unchanged == 2
    assert len(rows(ledger)) == 2


def test_a_changed_figure_updates_its_visit(ledger: Ledger, bring: Callable) -> None:
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"])
    assert bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "99"]).updated == 1
    assert [r.trained for r in rows(ledger)] == [99]


def test_an_import_that_was_undone_can_be_imported_again(ledger: Ledger, bring: Callable) -> None:
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"])
    history.undo(ledger)
    assert rows(ledger) == []
    assert bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"]).updated == 1
    assert len(rows(ledger)) == 1 and not check(ledger).faults


def test_the_same_number_twice_in_a_table_is_named(ledger: Ledger, bring: Callable) -> None:
    head = ["编号", *HEAD]
    result = bring(
        ["A-1", "演示甲", "2022-07-03", "1", "温县", "一", ""],
        ["A-1", "演示甲", "2022-07-04", "1", "温县", "二", ""],
        head=head,
    )
    assert result.created == 1 and [p.row for p in result.problems] == [3]


def test_columns_that_the_table_lacks_stay_and_emptied_cells_are_emptied(
    ledger: Ledger, bring: Callable
) -> None:
    head = ["编号", *HEAD, "乡镇", "村", "联系人", "联系电话", "同行人员"]
    bring(
        [
            "A-1",
            "演示甲",
            "2022-07-03",
            "1",
            "温县",
            "一",
            "8",
            "祥云镇",
            "大玉兰",
            "演示乙",
            "13800000000",
            "演示丙",
        ],
        head=head,
    )
    bring(["A-1", "2022-07-03", "温县", "13911111111"], head=["编号", "日期", "受援县", "联系电话"])
    row = rows(ledger)[0]
    values = ledger.folded(row.id).values
    assert row.village == "410825101219" and values["recipient_contact"] == ["演示乙", "13911111111"]
    bring(["A-1", "2022-07-03", "", "演示丁"], head=["编号", "日期", "培训人数", "同行人员"])
    assert rows(ledger)[0].trained is None
    assert visits.companions(ledger, row.id) == ["演示丁"]


def test_what_the_app_has_exported_comes_back_unchanged_in_both_forms(
    ledger: Ledger, bring: Callable, tmp_path: Path
) -> None:
    head = ["编号", *HEAD, "备注"]
    bring(["A-1", "演示甲", "2022-07-03", "1", "温县", "=1+1 不是公式", "8", ""], head=head)
    for name in ("x.csv", "x.xlsx"):
        exports.export_visits(ledger, tmp_path / name)
        assert import_visits(ledger, tmp_path / name).unchanged == 1
    assert rows(ledger)[0].content == "=1+1 不是公式"


@pytest.mark.parametrize("title", ["合　计", "小 计", "审核人：", "填表人：演示"])
def test_totals_and_signatures_are_no_visits(bring: Callable, title: str) -> None:
    result = bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"], [title, "", "0.5", "", "", "10"])
    assert (result.rows, result.skipped, result.problems) == (1, 0 + 1, [])


def test_two_imports_of_an_edited_ledger_do_not_overwrite_unseen(ledger: Ledger, bring: Callable) -> None:
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"])
    with ledger.read() as c:
        before = c.exec_driver_sql("SELECT count(*) FROM conflict").scalar()
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "11"])
    with ledger.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM conflict").scalar() == before == 0


def test_restoring_the_oldest_of_many_backups_keeps_it(
    ledger: Ledger, bring: Callable, tmp_path: Path
) -> None:
    made = [backups.make(ledger) for _ in range(8)]
    assert len(set(made)) == 8  # several in one second do not overwrite one another
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"])
    ledger.close()
    oldest = min(p for p in made if p.exists())
    assert backups.restore(oldest, ledger.path)
    assert oldest.exists()
    with Ledger.open(ledger.path) as again:
        assert rows(again) == []


def test_a_ledger_that_is_open_elsewhere_is_not_replaced(ledger: Ledger, bring: Callable) -> None:
    copy = backups.make(ledger)
    with Ledger.open(ledger.path) as other:
        other.data_version()
        with pytest.raises(LedgerBusy, match="正在另一个窗口"):
            backups.restore(copy, ledger.path)
    bring(["演示甲", "2022-07-03", "0.5", "温县", "指导", "10"])
    assert len(rows(ledger)) == 1


def test_what_is_no_backup_of_ours_is_neither_overwritten_nor_restored(
    ledger: Ledger, tmp_path: Path
) -> None:
    from db.engine import connect

    mine = tmp_path / "重要.ktledger"
    mine.write_bytes(b"important")
    with pytest.raises(LedgerError, match="没有覆盖"):
        backups.make(ledger, to=mine)
    assert mine.read_bytes() == b"important"
    foreign = tmp_path / "foreign.db"
    c = connect(foreign, None)
    c.execute("CREATE TABLE change (a)")
    c.close()
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(NotALedger):
        backups.restore(foreign, ledger.path)
    assert ledger.path.read_bytes() == before


def test_a_password_in_the_form_of_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="96"):
        Ledger.create(tmp_path / "k.ktledger", "ab" * 48)
    assert not (tmp_path / "k.ktledger").exists()

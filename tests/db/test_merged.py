"""Duplicates that were merged, a ledger as of a stamp, and ledgers of earlier versions."""

from pathlib import Path

from sqlalchemy import Connection

from db import migrate
from db.check import check
from db.engine import connect, make_engine
from db.journal.changes import Draft
from db.ledger import Ledger
from db.queries import roster, visits
from db.queries.visits import VisitFilter


def stands(ledger: Ledger) -> dict[str, str]:
    with ledger.read() as c:
        return {r[0]: r[1] for r in c.exec_driver_sql("SELECT record, stands FROM merged")}


def people(ledger: Ledger, *ids: str) -> None:
    ledger.write("录入", [Draft("commissioner", i, "insert", {"name": f"演示{i}"}) for i in ids])


def join(ledger: Ledger, one: str, other: str) -> None:
    ledger.write("合并", [Draft("commissioner", one, "update", {"merged_into": other})])


def test_the_smallest_stands_for_all_whoever_was_merged_into_whom(ledger: Ledger) -> None:
    people(ledger, "a", "b", "c", "d")
    join(ledger, "b", "c")
    join(ledger, "a", "b")
    assert stands(ledger) == {"b": "a", "c": "a"}
    join(ledger, "c", "b")  # as another laptop may have done it
    assert stands(ledger) == {"b": "a", "c": "a"}
    ledger.write("删除", [Draft("commissioner", "a", "delete", {"_deleted": True})])
    assert stands(ledger) == {"a": "b", "c": "b"}
    assert not check(ledger).faults


def test_undoing_a_merge_parts_them_again(ledger: Ledger) -> None:
    people(ledger, "a", "b")
    done = ledger.write("合并", [Draft("commissioner", "b", "update", {"merged_into": "a"})])
    assert stands(ledger) == {"b": "a"}
    assert done.operation is not None
    ledger.undo(done.operation, "撤销")
    assert stands(ledger) == {} and not check(ledger).faults


def test_visits_and_places_of_both_count_for_the_one(ledger: Ledger) -> None:
    people(ledger, "a", "b")
    ledger.write("录入", [
        Draft("recipient", "r1", "insert", {"name": "演示合作社"}),
        Draft("recipient", "r2", "insert", {"name": "演示种植专业合作社"}),
        Draft("appointment", "p", "insert", {"code": "演示01"}),
        Draft("appointment_person", "t", "insert", {"appointment": "p", "commissioner": "b"}),
        Draft("visit", "v1", "insert", {"who": [["p", "a"]], "time": ["2022-09-01", None, None, None, 2],
                                        "recipient": "r1"}),
        Draft("visit", "v2", "insert", {"who": [["p", "b"]], "time": ["2022-09-02", None, None, None, 2],
                                        "recipient": "r2"}),
    ])  # fmt: skip
    join(ledger, "b", "a")
    ledger.write("合并", [Draft("recipient", "r2", "update", {"merged_into": "r1"})])
    with ledger.read() as c:
        assert [p.name for p in roster.places(c, None, "2022-09-03")] == ["演示a"]
        assert [r.id for r in roster.recipients(c)] == ["r1"]
        of_a = visits.visit_rowids(c, VisitFilter(commissioner="a"))
        assert len(of_a) == len(visits.visit_rowids(c, VisitFilter(recipient="r1"))) == 2
        rows = visits.visit_rows(c, of_a).values()
        assert {(r.names, r.recipient_name) for r in rows} == {("演示a", "演示合作社")}


def test_a_ledger_as_of_a_stamp(ledger: Ledger) -> None:
    people(ledger, "a")
    before = ledger.stamp()
    ledger.write("改名", [Draft("commissioner", "a", "update", {"name": "演示新"})])
    people(ledger, "b")
    then = ledger.as_of(before, ["a", "b"])
    assert set(then) == {"a"} and then["a"].values["name"] == "演示a"
    # A value written with the heads of that time meets what was written since: both are shown.
    ledger.write("表格", [Draft("commissioner", "a", "update", {"name": "演示表"}, then["a"].shown)])
    now = ledger.folded("a")
    assert now is not None and now.conflicts


def test_a_ledger_of_an_earlier_version_keeps_every_row(ledger: Ledger, tmp_path: Path) -> None:
    people(ledger, "a", "b")
    ledger.write("录入", [
        Draft("batch", "x", "insert", {"year": 2022}),
        Draft("appointment", "p", "insert", {"code": "演示01", "batch": "x", "candidate_counties": ["410825"]}),
        Draft("appointment_person", "t", "insert", {"appointment": "p", "commissioner": "b"}),
    ])  # fmt: skip
    ledger.close()
    for target in migrate.REVISIONS[:-1]:
        path = tmp_path / f"{target}.ktledger"
        engine = make_engine(path, None)
        with engine.connect() as c:
            c.exec_driver_sql("COMMIT")
            c.exec_driver_sql("PRAGMA foreign_keys = OFF")
            c.exec_driver_sql("BEGIN IMMEDIATE")
            migrate.upgrade(c, target)
            _copy(c, ledger.path)
            c.commit()
        engine.dispose()
        backups: list[Path] = []
        with Ledger.open(path, before_upgrade=lambda old, to=backups: to.append(old.path)) as opened:  # type: ignore[misc]
            assert backups == [path]
            assert not check(opened).faults
            with opened.read() as c:
                (place,) = roster.places(c, None, "2022-09-01")
            assert (place.name, place.candidate_counties) == ("演示b", ("410825",))
            people(opened, "c")
        raw = connect(path, None)
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone()[0] == migrate.HEAD
        raw.close()


def _copy(connection: Connection, source: Path) -> None:
    """Fill the tables of an earlier version with the rows of a ledger, as far as they have such columns."""
    raw = connect(source, None)
    tables = [r[0] for r in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        if table == "alembic_version" or table.startswith("sqlite_"):
            continue
        mine = [r[1] for r in connection.exec_driver_sql(f'PRAGMA table_info("{table}")')]
        names = ", ".join(f'"{n}"' for n in mine)
        rows = raw.execute(f'SELECT {names} FROM "{table}"').fetchall()
        if rows:
            marks = ", ".join("?" * len(mine))
            connection.exec_driver_sql(
                f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', [tuple(r) for r in rows]
            )
    raw.close()

"""A real ledger file: writing, conflicts, undo, check, migration, refusal of what is not ours."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import migrate
from db.backup import copy_ledger, replace_ledger
from db.check import check
from db.engine import connect
from db.entities import DELETED, entities
from db.errors import DiskTrouble, LedgerError, NewerLedger, NotALedger, Refused, WrongPassword
from db.ids import new_id
from db.journal import store
from db.journal.changes import Change, ChangeId, Operation, parse_id
from db.ledger import Draft, Ledger, Outcome
from db.models import Base, Visit

Make = Callable[..., Ledger]


def visit(ledger: Ledger, **values: object) -> str:
    record = new_id()
    whole = {"content": "甲", "trained": 1, "where": ["410825", None, None], **values}
    ledger.write("登记服务", [Draft("visit", record, "insert", whole)])
    return record


def edit(ledger: Ledger, record: str, **values: object) -> Outcome:
    return ledger.write("修改", [Draft("visit", record, "update", values)])


def everything(ledger: Ledger) -> tuple[list, list, list]:
    """Sessions, operations and changes, as a package of the whole ledger would carry them."""
    with ledger.read() as c:
        sessions = [
            tuple(r) for r in c.exec_driver_sql("SELECT session, station, opened, signature FROM incarnation")
        ]
        operations = [
            Operation(ChangeId(r[0], r[1]), *r[2:6], parse_id(r[6]) if r[6] else None, r[7])
            for r in c.exec_driver_sql(
                "SELECT session, first, last, label, actor, wall, undoes, signature FROM operation"
            )
        ]
        changes = [c2 for name in entities() for part in store.load_all(c, name) for c2 in part]
    return sessions, operations, changes


def bring(source: Ledger, target: Ledger, rng: random.Random | None = None) -> None:
    sessions, operations, changes = everything(source)
    if rng:
        rng.shuffle(changes)
    for ledger, other in ((target, source), (source, target)):
        ledger.decide_trust(other.station, "accepted", "", {})
    target.receive(operations, changes, sessions)


def rows(ledger: Ledger) -> dict[str, list]:
    with ledger.read() as c:
        tables = [*entities(), "conflict", "visit_place"]
        return {t: sorted(map(tuple, c.exec_driver_sql(f"SELECT * FROM {t}")), key=repr) for t in tables}


def test_two_ledgers_with_concurrent_edits_show_one_conflict_with_both_values(make_ledger: Make) -> None:
    a, b = make_ledger("a"), make_ledger("b", "county")
    record = visit(a, content="原文")
    bring(a, b)
    edit(a, record, content="市里改的")
    edit(b, record, content="县里改的")
    edit(b, record, trained=30)
    bring(a, b)
    bring(b, a)
    assert rows(a) == rows(b)
    folded = a.folded(record)
    assert folded is not None and folded.conflicts == {"content"}
    by_id = {c.id: c for c in a.history(record)}
    assert {by_id[i].values["content"] for i in folded.heads["content"]} == {"市里改的", "县里改的"}
    assert folded.values["trained"] == 30
    with a.read() as c:
        assert c.exec_driver_sql("SELECT entity, record, field FROM conflict").fetchall() == [
            ("visit", record, "content")
        ]
        assert c.exec_driver_sql("SELECT disputed FROM visit WHERE id=?", (record,)).scalar() == 1
    # An ordinary save replaces the shown head only; the other value stays in the conflict.
    edit(a, record, content="第三个")
    assert a.folded(record).conflicts == {"content"}
    assert not check(a).faults and not check(b).faults


def test_receiving_twice_changes_nothing_and_a_forged_number_is_refused(make_ledger: Make) -> None:
    a, b = make_ledger("a"), make_ledger("b")
    record = visit(a)
    bring(a, b)
    before = rows(b)
    bring(a, b)
    assert rows(b) == before
    sessions, operations, changes = everything(a)
    forged = next(c for c in changes if c.record == record)
    forged.values["content"] = "别的内容"
    forged._texts = None
    with pytest.raises(Refused, match="编号相同而内容不同"):
        b.receive(operations, changes, sessions)
    assert rows(b) == before


def test_an_editor_opened_before_another_save_makes_a_conflict_not_a_loss(ledger: Ledger) -> None:
    record = visit(ledger, content="原文")
    seen = ledger.seen(record)
    edit(ledger, record, content="命令行写的")
    ledger.write("修改", [Draft("visit", record, "update", {"content": "窗口写的"}, seen=seen)])
    folded = ledger.folded(record)
    assert folded.conflicts == {"content"}
    assert {c.values["content"] for c in ledger.history(record)} == {"原文", "命令行写的", "窗口写的"}


def test_undo_and_redo_of_an_operation_with_500_records(ledger: Ledger) -> None:
    ids = [new_id() for _ in range(500)]
    made = ledger.write(
        "导入", [Draft("visit", i, "insert", {"content": f"第{n}条"}) for n, i in enumerate(ids)]
    )
    edit(ledger, ids[0], content="后来改过")
    undone = ledger.undo(made.operation, "撤销导入")
    with ledger.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM visit WHERE deleted=0").scalar() == 1
    assert [s[1] for s in undone.skipped] == [ids[0]]
    ledger.undo(undone.operation, "重做")
    with ledger.read() as c:
        assert c.exec_driver_sql("SELECT count(*) FROM visit WHERE deleted=0").scalar() == 500
    assert not check(ledger).faults


def test_undo_of_a_decided_conflict_brings_the_conflict_back(make_ledger: Make) -> None:
    from db.journal.undo import plan_choice

    a, b = make_ledger("a"), make_ledger("b")
    record = visit(a)
    bring(a, b)
    edit(a, record, content="一")
    edit(b, record, content="二")
    bring(b, a)
    decided = a.write("选定", [plan_choice("visit", record, "content", "二", a.history(record))])
    assert not a.folded(record).conflicts
    a.undo(decided.operation, "撤销选定")
    folded = a.folded(record)
    by_id = {c.id: c.values["content"] for c in a.history(record)}
    assert {by_id[i] for i in folded.heads["content"]} == {"一", "二"}


def test_a_mark_of_the_office_leaves_the_review_as_it_is(ledger: Ledger) -> None:
    record = visit(ledger)
    edit(ledger, record, review=["passed", "演示员", None, "2022-05-01"])
    edit(ledger, record, typical=True)
    assert ledger.folded(record).values["typical"] is True and not ledger.folded(record).stale
    edit(ledger, record, trained=99)
    assert ledger.folded(record).stale == {"trained"}


@pytest.mark.parametrize("at_once", [True, False])
def test_undoing_the_change_of_a_passed_visit_brings_back_a_review_that_stands(
    ledger: Ledger, at_once: bool
) -> None:
    passed = ["passed", "演示员", None, "2022-05-01"]
    record = new_id()
    whole = (
        {"content": "原文", "trained": 30, "review": passed}
        if at_once
        else {"content": "原文", "trained": 30}
    )
    ledger.write("登记", [Draft("visit", record, "insert", whole)])
    if not at_once:
        edit(ledger, record, review=passed)
    assert not ledger.folded(record).stale
    changed = edit(ledger, record, content="改了", review=["submitted", None, "写错", None])
    ledger.undo(changed.operation, "撤销修改")
    folded = ledger.folded(record)
    assert folded.values["review"] == passed and folded.values["content"] == "原文" and not folded.stale


def test_a_delete_that_did_not_see_an_edit_is_a_conflict_and_shown(make_ledger: Make) -> None:
    a, b = make_ledger("a"), make_ledger("b")
    record = visit(a)
    bring(a, b)
    edit(b, record, content="新的内容")
    a.write("删除", [Draft("visit", record, "delete", {DELETED: True})])
    bring(b, a)
    folded = a.folded(record)
    assert not folded.deleted and DELETED in folded.conflicts


def test_a_passed_visit_that_changes_unseen_counts_as_stale(make_ledger: Make) -> None:
    a, b = make_ledger("a"), make_ledger("b")
    record = visit(a, review=["submitted", None, None, None])
    bring(a, b)
    edit(b, record, trained=99)
    a.write("审核通过", [Draft("visit", record, "update", {"review": ["passed", "甲", None, "2022-07-01"]})])
    bring(b, a)
    with a.orm() as session:
        found = session.get(Visit, record)
        assert found.stale and found.state == "passed" and found.trained == 99


@given(st.integers(0, 10**6))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_three_ledgers_end_the_same_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    rng = random.Random(seed)
    folder = tmp_path_factory.mktemp("merge")
    ledgers = []
    for name in "abc":
        ledger = Ledger.create(folder / f"{name}.ktledger")
        ledger.make_station({"role": "county", "name": name}, name)
        ledgers.append(ledger)
    records: list[str] = []
    for n in range(30):
        ledger = rng.choice(ledgers)
        with ledger.read() as c:
            here = [r[0] for r in c.exec_driver_sql("SELECT id FROM visit WHERE deleted=0")]
        kind = rng.choice(["new", "edit", "edit", "edit", "delete", "undo", "bring"])
        if kind == "new" or not here:
            records.append(visit(ledger, content=f"v{n}", who=[[None, None]] if n % 5 == 0 else []))
        elif kind == "edit":
            edit(ledger, rng.choice(here), content=f"e{n}", trained=rng.randrange(3))
        elif kind == "delete":
            ledger.write("删除", [Draft("visit", rng.choice(here), "delete", {DELETED: True})])
        elif kind == "undo":
            with ledger.read() as c:
                row = c.exec_driver_sql(
                    "SELECT session, first FROM operation WHERE actor=? AND label!='建立台账' "
                    "ORDER BY arrival DESC LIMIT 1", (ledger.actor,)).fetchone()  # fmt: skip
            if row:
                ledger.undo(ChangeId(*row), "撤销")
        else:
            bring(rng.choice([x for x in ledgers if x is not ledger]), ledger, rng)
    for _ in range(2):
        for x in ledgers:
            for y in ledgers:
                if x is not y:
                    bring(x, y, rng)
    assert rows(ledgers[0]) == rows(ledgers[1]) == rows(ledgers[2])
    assert not check(ledgers[0]).faults
    for ledger in ledgers:
        ledger.close()


def test_check_finds_and_repairs_a_row_that_is_not_its_fold(ledger: Ledger) -> None:
    record = visit(ledger)
    with ledger.transaction() as c:
        c.exec_driver_sql("UPDATE visit SET content='动过手脚' WHERE id=?", (record,))
        c.exec_driver_sql("INSERT INTO conflict VALUES ('visit', ?, 'content')", (record,))
    assert len(check(ledger).faults) == 2
    assert check(ledger, repair=True).repaired
    assert not check(ledger).faults


def test_check_finds_a_change_that_was_tampered_with(ledger: Ledger) -> None:
    record = visit(ledger)
    with ledger.transaction() as c:
        c.exec_driver_sql('UPDATE change SET "values"=\'{"content":"假"}\' WHERE record=?', (record,))
    assert any("签名不符" in f for f in check(ledger, repair=True).faults)


def test_mapped_classes_are_for_reading(ledger: Ledger) -> None:
    record = visit(ledger)
    with pytest.raises(AssertionError, match="journal"), ledger.orm() as session:
        session.get(Visit, record).content = "偷改"


def test_encrypted_ledger_opens_with_password_and_with_the_raw_key_only(
    make_ledger: Make, tmp_path: Path
) -> None:
    ledger = make_ledger("p", password="钥匙 123")
    record = visit(ledger, content="保密内容")
    key = ledger.key
    ledger.close()
    assert "保密内容".encode() not in ledger.path.read_bytes()
    with pytest.raises(WrongPassword):
        Ledger.open(ledger.path, "不对")
    with pytest.raises(WrongPassword):
        Ledger.open(ledger.path)
    for way in ("钥匙 123", key):
        with Ledger.open(ledger.path, way) as again:
            assert again.folded(record).values["content"] == "保密内容"


def test_the_bare_file_holds_the_visit_after_the_quiet_time(ledger: Ledger, tmp_path: Path) -> None:
    record = visit(ledger, content="只拷主文件")
    assert ledger._timer is not None
    ledger._timer.join()  # the checkpoint that follows the last save
    copy = tmp_path / "copy.ktledger"
    shutil.copyfile(ledger.path, copy)
    with Ledger.open(copy) as other:
        assert other.folded(record).values["content"] == "只拷主文件"


def test_on_a_stick_the_rollback_journal_is_used_and_the_bare_file_is_whole_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db import ledger as module

    monkeypatch.setattr(module, "wal_is_safe", lambda _path: False)
    ledger = Ledger.create(tmp_path / "stick.ktledger")
    ledger.make_station({"role": "commissioner", "name": "演示"}, "演示")
    record = visit(ledger, content="在 U 盘上")
    assert not (tmp_path / "stick.ktledger-wal").exists()
    shutil.copyfile(ledger.path, tmp_path / "copy.ktledger")
    with Ledger.open(tmp_path / "copy.ktledger") as other:
        assert other.folded(record).values["content"] == "在 U 盘上"
    ledger.close()


@pytest.mark.filterwarnings("ignore:Cannot correctly sort tables")
def test_the_migrated_schema_is_that_of_the_models(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with ledger.read() as c:
        differences = [d for d in compare_metadata(MigrationContext.configure(c), Base.metadata)]
    assert differences == []


def test_a_newer_ledger_is_refused_untouched(ledger: Ledger) -> None:
    with ledger.transaction() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(NewerLedger, match="升级本程序"):
        Ledger.open(ledger.path)
    assert ledger.path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"hello" * 1000, b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_file_that_is_no_ledger_gets_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.ktledger"
    path.write_bytes(content)
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path)
    assert str(caught.value).endswith("。")
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    c = connect(path, None)
    c.execute("CREATE TABLE t (a)")
    c.close()
    with pytest.raises(NotALedger):
        Ledger.open(path)


def test_a_write_protected_ledger_can_be_read_and_says_so_when_written(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    record = visit(ledger, content="只读")
    copy = tmp_path / "ro" / "copy.ktledger"
    copy_ledger(ledger, copy)
    before = copy.read_bytes()
    real = os.access
    # Tests may run as root, whom no permission stops.
    monkeypatch.setattr(
        os, "access", lambda p, mode: not str(p).startswith(str(copy.parent)) and real(p, mode)
    )
    with Ledger.open(copy) as protected:
        assert protected.folded(record).values["content"] == "只读"
        with pytest.raises(DiskTrouble, match="只读"):
            edit(protected, record, content="改")
    assert copy.read_bytes() == before and list(copy.parent.iterdir()) == [copy]


def test_a_failed_write_changes_nothing(ledger: Ledger) -> None:
    record = visit(ledger)
    before = rows(ledger)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        ledger.write("坏的", [
            Draft("visit", record, "update", {"content": "一半"}),
            Draft("visit", new_id(), "insert", {"recipient": "nirgends"}),
        ])  # fmt: skip
    assert rows(ledger) == before
    edit(ledger, record, content="还能写")
    assert not check(ledger).faults


def test_backup_and_restore(ledger: Ledger, tmp_path: Path) -> None:
    record = visit(ledger, content="备份时")
    copy = tmp_path / "b" / "backup.ktledger"
    assert copy_ledger(ledger, copy) > 0
    edit(ledger, record, content="备份后")
    ledger.close()
    replace_ledger(copy, ledger.path, None)
    with Ledger.open(ledger.path) as again:
        assert again.folded(record).values["content"] == "备份时"
        edit(again, record, content="恢复后")
        assert not check(again).faults
    bad = tmp_path / "bad.ktledger"
    bad.write_bytes(b"SQLite format 3\x00" + b"x" * 5000)
    with pytest.raises(LedgerError):
        replace_ledger(bad, ledger.path, None)
    with Ledger.open(ledger.path) as again:
        assert again.folded(record).values["content"] == "恢复后"


def test_a_second_ledger_object_sees_the_write_of_the_first(ledger: Ledger) -> None:
    other = Ledger.open(ledger.path)
    before = other.data_version()
    record = visit(ledger)
    assert other.data_version() != before
    assert other.folded(record) is not None
    edit(other, record, content="另一个窗口")
    assert ledger.folded(record).values["content"] == "另一个窗口"
    other.close()


def test_schema_number_counts_revisions() -> None:
    assert migrate.schema_number(migrate.HEAD) == len(migrate.REVISIONS)


def test_a_closed_ledger_writes_no_more(ledger: Ledger) -> None:
    record = visit(ledger)
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(LedgerError, match="已经关闭"):
        edit(ledger, record, content="太晚了")
    with pytest.raises(LedgerError, match="已经关闭"):
        ledger.folded(record)
    assert ledger.path.read_bytes() == before


def test_what_is_entered_again_after_a_deletion_is_there_again(ledger: Ledger) -> None:
    values = {"name": "演示大学"}
    ledger.write("新增", [Draft("organisation", "o1", "insert", values)])
    ledger.write("删除", [Draft("organisation", "o1", "delete", {DELETED: True})])
    ledger.write("新增", [Draft("organisation", "o1", "insert", values)])
    assert not ledger.folded("o1").deleted


def test_a_foreign_value_of_the_wrong_kind_stops_no_merge(make_ledger: Make) -> None:
    from commissioner_app import statistics
    from commissioner_app.periods import Period

    a, b = make_ledger("a"), make_ledger("b")
    record = visit(a)
    bring(a, b)
    _, _, changes = everything(a)
    mine = next(c for c in changes if c.record == record)
    for n, (name, value) in enumerate(
        [
            ("review", 5),
            ("trained", 2**63),
            ("recipient", 7),
            ("ways", 3),
            ("who", 5),
            ("content", 5),
            ("time", "x"),
            ("time", ["2022-09-28", None, None, None, 2**63]),
        ]
    ):
        odd = Change(
            ChangeId("ffffffffffffffff", n + 1),
            n + 1,
            mine.wall + n,
            "visit",
            record,
            "update",
            {name: value},
            {name: (mine.id,)},
            salt=b"x" * 16,
        )
        session = (odd.id.session, a.station, 1, b"")
        b.receive([Operation(odd.id, odd.id.seq, "怪值", "怪", odd.wall)], [odd], [session])
    found = statistics.overview(b, Period("2022-01-01", "2022-12-31"))
    assert found.total.visits == 0
    assert not [f for f in check(b).faults if "签名" not in f and "会话" not in f]


def test_a_package_that_lacks_what_it_refers_to_is_refused(ledger: Ledger) -> None:
    odd = Change(
        ChangeId("ffffffffffffffff", 1), 1, 1, "visit", "v", "insert", {"recipient": "nobody"}, salt=b"x" * 16
    )
    with pytest.raises(Refused, match="请先发一份上报"):
        ledger.receive([Operation(odd.id, 1, "缺", "怪", 1)], [odd])


def test_two_undos_at_once_take_back_two_operations(ledger: Ledger) -> None:
    import threading

    from commissioner_app import history

    record = visit(ledger, content="一")
    edit(ledger, record, content="二")
    edit(ledger, record, content="三")
    threads = [threading.Thread(target=history.undo, args=(ledger,)) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert ledger.folded(record).values["content"] == "一"


def test_half_a_character_from_a_broken_clipboard_is_replaced(ledger: Ledger) -> None:
    record = visit(ledger, content="前\ud83d后")
    assert ledger.folded(record).values["content"] == "前?后"


def test_every_connection_is_durable_and_keeps_references(ledger: Ledger) -> None:
    with ledger.read() as c:
        assert (
            c.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        )  # FULL: a confirmed save survives a power cut
        assert c.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert c.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_backup_whose_rows_are_not_their_fold_is_not_restored(ledger: Ledger, tmp_path: Path) -> None:
    visit(ledger, content="现在的")
    copy = tmp_path / "tampered.ktledger"
    copy_ledger(ledger, copy)
    with Ledger.open(copy) as other, other.transaction() as c:
        c.exec_driver_sql("UPDATE visit SET content = '动过手脚'")
    ledger.close()
    before = ledger.path.read_bytes()
    with pytest.raises(NotALedger, match="内容有问题"):
        replace_ledger(copy, ledger.path, None)
    assert ledger.path.read_bytes() == before


def test_a_copy_with_a_damaged_page_is_not_used(ledger: Ledger, tmp_path: Path) -> None:
    from db.backup import verify

    ledger.write(
        "许多", [Draft("visit", new_id(), "insert", {"content": f"第{n}条" * 30}) for n in range(300)]
    )
    copy = tmp_path / "c.ktledger"
    copy_ledger(ledger, copy)
    verify(copy, None)
    data = bytearray(copy.read_bytes())
    data[40 * 4096 : 44 * 4096] = b"\xee" * (4 * 4096)
    copy.write_bytes(data)
    with pytest.raises(Exception, match=r"损坏|完好|malformed"):
        verify(copy, None)


def test_an_upgrade_that_would_break_references_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.ktledger"
    ledger = Ledger.create(path)
    ledger.make_station({"role": "bureau", "name": "演示"}, "演示")
    ledger.close()
    raw = connect(path, None)
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("INSERT INTO visit (id, recipient) VALUES ('v', 'nobody')")
    raw.execute("UPDATE alembic_version SET version_num = '0000'")
    raw.close()
    # A ledger of a revision before this one, whose migration leaves a reference that leads nowhere.
    monkeypatch.setattr(migrate, "REVISIONS", ("0000", "0001"))
    from alembic import command

    monkeypatch.setattr(command, "upgrade", lambda *_a: None)
    before = path.read_bytes()
    backups: list[Path] = []
    with pytest.raises(NotALedger, match="引用不完整"):
        Ledger.open(path, before_upgrade=lambda old: backups.append(old.path))
    assert backups == [path]  # the backup came first
    raw = connect(path, None)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone()[0] == "0000"
    raw.close()
    assert len(path.read_bytes()) == len(before)

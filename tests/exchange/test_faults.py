"""What goes wrong with files: one clear sentence each, and nothing has changed."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from commissioner_app import exchange
from commissioner_app.exchange import container
from db.check import check
from db.errors import LedgerError, Refused
from db.exchange import parcel, peers
from db.exchange.wire import change_row, operation_row
from db.journal import store
from db.journal.changes import Change, ChangeId, Operation, digest, operation_message, session_message
from db.journal.keys import StationKey
from db.ledger import Ledger
from tests.office import Office

SECRET = "口令口令2468"


def everything(ledger: Ledger) -> dict[str, list[Any]]:
    """Every row of every table."""
    with ledger.read() as connection:
        tables = [
            r[0] for r in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            t: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM "{t}"')), key=repr)
            for t in tables
        }


def refused(ledger: Ledger, file: Path, sentence: str, secret: str | None = None) -> None:
    """Both looking and receiving say one Chinese sentence, and no row of any table is another."""
    before = everything(ledger)
    for act in (exchange.inspect, exchange.apply):
        with pytest.raises(LedgerError, match=sentence) as caught:
            act(ledger, file, secret)
        assert re.search("[一-鿿]", str(caught.value)) and "\n" not in str(caught.value)
        assert "Traceback" not in str(caught.value) and len(str(caught.value)) < 120
    assert everything(ledger) == before


@pytest.fixture
def file(office: Office) -> Path:
    """A commissioner's file for the county, with a visit in it."""
    office.visit("c")
    made: Path = office.make("c", "w")
    return made


def test_truncated_at_any_byte(office: Office, file: Path) -> None:
    data = file.read_bytes()
    for length in {0, 1, 7, 8, 12, 100, *range(200, len(data) - 1, max(1, len(data) // 40)), len(data) - 1}:
        file.write_bytes(data[:length])
        refused(office["w"], file, "不完整|空|不是|损坏")


def test_any_bit_flipped(office: Office, file: Path) -> None:
    data = bytearray(file.read_bytes())
    for at in range(0, len(data), max(1, len(data) // 60)):
        data[at] ^= 1 << (at % 8)
        file.write_bytes(data)
        refused(office["w"], file, ".")
        data[at] ^= 1 << (at % 8)
    file.write_bytes(data)
    assert exchange.apply(office["w"], file).new == 1


def test_a_file_for_someone_else(office: Office, file: Path) -> None:
    refused(office["b"], file, "不是发给本单位的")
    refused(office["c"], file, "本单位自己发出的")


def test_a_passphrase_file_for_another_county(office: Office, tmp_path: Path) -> None:
    other = next(p for p in exchange.addressees(office["b"]) if p.county == "410825")
    target = tmp_path / "温县.ktpack"
    exchange.send(office["b"], other, target, SECRET)
    refused(office["w"], target, "不是发给本单位的", SECRET)


def test_a_wrong_passphrase(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "w.ktpack"
    exchange.send(office["b"], office.peer("b", "w").new_laptop(), target, SECRET)
    refused(office["w"], target, "口令", "口令口令2469")
    refused(office["w"], target, "口令", None)


def test_a_stranger_and_a_forged_author(office: Office) -> None:
    stranger = StationKey()
    office.visit("c")
    made = parcel.make(office["c"], office.peer("c", "w").address)
    w = office["w"]
    before = everything(w)
    manifest = {**made.manifest, "from": {**made.manifest["from"], "public_key": stranger.public}}
    with pytest.raises(Refused, match=r"签名|密钥"):
        parcel.receive(w, manifest, made.frames(), trust=True)
    # A session in the commissioner's name, signed by the stranger's key.
    change = Change(
        ChangeId("ab" * 8, 1), 1, 1, "visit", "fake", "insert", {"who": [[made.manifest["from"]["place"], None]]},
        salt=b"s" * 16,
    )  # fmt: skip
    operation = Operation(change.id, 1, "登记服务", "冒名", 1)
    operation.signature = stranger.sign(operation_message(operation, [digest(change, *change.texts)]))
    station = office["c"].station
    session = ["ab" * 8, station, 1, stranger.sign(session_message("ab" * 8, station, 1)).hex()]
    frame = {"s": [session], "o": [operation_row(operation)], "c": [change_row(change)], "a": []}
    with pytest.raises(Refused, match="签名不符"):
        parcel.receive(w, {**made.manifest, "changes": 1}, [orjson.dumps(frame)])
    assert everything(w) == before


def test_a_key_that_changed_is_refused_not_clicked_through(office: Office) -> None:
    made = parcel.make(office["b"], office.peer("b", "w").address)
    old = office["b"].station
    with office["w"].transaction() as connection:  # a station of the time before ids followed from keys
        connection.exec_driver_sql(
            "UPDATE trust SET public_key = ? WHERE station = ?", (StationKey().public, old)
        )
    with pytest.raises(Refused, match="密钥与以前不同"):
        parcel.receive(office["w"], made.manifest, made.frames(), trust=True)


def test_a_newer_container_is_refused_and_a_newer_change_is_not(office: Office, file: Path) -> None:
    data = file.read_bytes()
    newer = re.sub(rb'"container":\s*1', b'"container":9', data, count=1)
    assert newer != data
    file.write_bytes(newer)
    refused(office["w"], file, "升级|损坏")
    c = office["c"]
    record = office.visit("c")
    with (
        c.transaction() as connection
    ):  # as a newer version of the program would write: a field nobody knows here
        change = store.load(connection, [record])[record][0]
        change.values["new_field"] = "将来的内容"
        change._texts = None
        fields = {"values": change.texts[0]}
        connection.exec_driver_sql(
            'UPDATE change SET "values" = ? WHERE session = ? AND seq = ?', (fields["values"], *change.id)
        )
        first = ChangeId(change.id.session, change.operation)
        row = connection.exec_driver_sql(
            "SELECT last, label, actor, wall FROM operation WHERE session = ? AND first = ?", tuple(first)
        ).one()
        changes = c.operation_changes(connection, first)
        operation = Operation(first, *row)
        signature = c.station_key.sign(operation_message(operation, [digest(x, *x.texts) for x in changes]))
        connection.exec_driver_sql(
            "UPDATE operation SET signature = ? WHERE session = ? AND first = ?", (signature, *first)
        )
    office.bring("c", "w")
    office.bring("w", "b")
    assert office["b"].folded(record).values["new_field"] == "将来的内容", "kept and passed on"
    assert not check(office["b"]).faults


def test_the_same_numbers_with_other_content(office: Office) -> None:
    record = office.visit("c")
    office.bring("c", "w")
    c = office["c"]
    with c.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE change SET \"values\" = replace(\"values\", '查看长势', '另一内容') WHERE record = ?",
            (record,),
        )
    with c.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM peer")
    refused(office["w"], office.make("c", "w"), "编号相同而内容不同")


def test_a_zip_bomb(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = office["c"]
    peer = office.peer("c", "w")
    made = parcel.make(c, peer.address)
    monkeypatch.setattr(container.frames, "LIMIT_FRAME", 10**12)
    monkeypatch.setattr(container.frames, "LIMIT_TOTAL", 10**12)
    target = tmp_path / "bomb.ktpack"
    bomb = b'{"s":[],"o":[],"c":[' + b" " * 60_000_000 + b'],"a":[]}'
    key = c.station_key
    with c.read() as connection:
        theirs = peers.identity(connection, office["w"].station)["public_key"]
    envelope = container.Envelope(container.CONTAINER, office["w"].station, "key", "00" * 8, 1, 1)
    container.write(
        target,
        envelope,
        made.manifest,
        [bomb],
        [],
        container.Seal((theirs, key.public)),
        key.sign,
        key.private,
    )
    monkeypatch.undo()
    assert target.stat().st_size < 200_000
    refused(office["w"], target, "过大|太大|超过|解开")


def test_names_with_dots_lead_nowhere(office: Office, tmp_path: Path) -> None:
    from commissioner_app import attachments

    record = office.visit("c")
    photo = tmp_path / "x.jpg"
    photo.write_bytes(b"picture")
    outcome = attachments.add(office["c"], "visit", record, [photo])
    from db.ledger import Draft

    attachment = outcome.records["attachment"][0]
    office["c"].write(
        "改名", [Draft("attachment", attachment, "update", {"file_name": "../../../../etc/cron.d/x"})]
    )
    before = {p for p in tmp_path.rglob("*")}
    office.bring("c", "w")
    assert {p for p in tmp_path.rglob("*") if p.suffix not in (".ktpack",)} <= {
        *before,
        *tmp_path.glob("w.ktledger*"),
    }
    assert attachments.listed(office["w"], "visit", record)[0].here


def test_a_package_that_is_not_closed_asks_for_a_report_first(office: Office) -> None:
    record = office.visit("c")
    made = parcel.make(office["c"], office.peer("c", "w").address)
    edited = office["c"].write
    from db.ledger import Draft

    edited("改", [Draft("visit", record, "update", {"content": "第二稿"})])
    later = parcel.make(office["c"], office.peer("c", "w").address)
    later.ids = later.ids.minus(made.ids)
    later.manifest["changes"] = len(later.ids)
    before = everything(office["w"])
    with pytest.raises(Refused, match="请先发一份上报"):
        parcel.receive(office["w"], later.manifest, later.frames())
    assert everything(office["w"]) == before


def test_two_files_at_once(office: Office) -> None:
    record = office.visit("c")
    one = office.make("c", "w")
    other = office.make("b", "w")
    path = office["w"].path
    problems: list[Exception] = []

    def take(file: Path) -> None:
        try:
            with Ledger.open(path) as ledger:
                exchange.apply(ledger, file)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=take, args=(f,)) for f in (one, other, one, other)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(isinstance(p, LedgerError) for p in problems), problems
    assert office["w"].folded(record) is not None
    assert not check(office["w"]).faults


_APPLY = """
import os, signal, sys
from pathlib import Path
from commissioner_app import exchange
from db.exchange import parcel
from db.journal.merging import Merger
from db.ledger import Ledger
point = sys.argv[3]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if point == "frame":
    parcel._Seen.add = die
elif point == "merged":
    Merger.finish = die
elif point == "counted":
    parcel._count = die
elif point == "noted":
    parcel.peers.log = die
elif point == "committed":
    Ledger.told = die
with Ledger.open(Path(sys.argv[1])) as ledger:
    exchange.apply(ledger, Path(sys.argv[2]))
"""


@pytest.mark.parametrize("point", ["frame", "merged", "counted", "noted", "committed"])
def test_killed_while_applying(office: Office, file: Path, point: str) -> None:
    w = office["w"]
    path = w.path
    before = everything(w)
    w.close()
    done = subprocess.run([sys.executable, "-c", _APPLY, str(path), str(file), point], cwd=Path.cwd())
    assert done.returncode == -signal.SIGKILL
    office.laptops["w"] = w = Ledger.open(path)
    if point == "committed":
        assert exchange.apply(w, file).new == 0, "all of it was there"
    else:
        assert everything(w) == before
        assert exchange.apply(w, file).new == 1
    assert not check(w).faults


_FULL = """
import resource, signal, sys
from pathlib import Path
from commissioner_app import exchange
from db.errors import LedgerError
from db.ledger import Ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger.open(Path(sys.argv[1])) as ledger:
    size = Path(sys.argv[1]).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
    try:
        exchange.apply(ledger, Path(sys.argv[2]))
        print("done")
    except LedgerError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
def test_a_full_disk_while_applying(office: Office, tmp_path: Path) -> None:
    from commissioner_app import attachments

    record = office.visit("c")
    photo = tmp_path / "x.jpg"
    photo.write_bytes(os.urandom(900_000))
    attachments.add(office["c"], "visit", record, [photo])
    file = office.make("c", "w")
    w = office["w"]
    path, before = w.path, everything(w)
    w.close()
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path), str(file), "300000"],
        capture_output=True,
        text=True,
        cwd=Path.cwd(),
    )
    assert done.returncode == 0 and re.search("磁盘|空间|写入", done.stdout), done
    office.laptops["w"] = w = Ledger.open(path)
    assert everything(w) == before
    assert exchange.apply(w, file).attachments == 1


def test_a_full_disk_while_sending_leaves_no_file(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.visit("c")
    real = os.fsync

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    target = tmp_path / "out" / "x.ktpack"
    target.parent.mkdir()
    with pytest.raises(LedgerError, match=r"空间|磁盘"):
        exchange.send(office["c"], office.peer("c", "w"), target)
    monkeypatch.setattr(os, "fsync", real)
    assert list(target.parent.iterdir()) == []
    assert exchange.log(office["c"])[0].direction != "sent" or exchange.log(office["c"])[0].file != "x.ktpack"


def test_a_read_only_stick(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for odd in ("名" * 200 + ".ktpack", "a\0b.ktpack"):
        with pytest.raises(LedgerError, match="文件名"):
            exchange.send(office["c"], office.peer("c", "w"), tmp_path / odd)
    missing = tmp_path / "拔掉的U盘" / "x.ktpack"
    with pytest.raises(LedgerError, match=r"[一-鿿]"):
        exchange.send(office["c"], office.peer("c", "w"), missing)
    with pytest.raises(LedgerError, match=r"[一-鿿]"):
        exchange.inspect(office["w"], missing)


def test_what_is_no_package_at_all(office: Office, tmp_path: Path) -> None:
    for name, data in (
        ("a.ktpack", "一份表格".encode()),
        ("b.ktpack", b"PK\x03\x04" + b"\0" * 500),
        ("c.ktpack", b""),
    ):
        odd = tmp_path / name
        odd.write_bytes(data)
        refused(office["w"], odd, "[一-鿿]")
    refused(office["w"], tmp_path, "[一-鿿]")


def test_frames_of_another_shape_are_refused(office: Office) -> None:
    made = parcel.make(office["c"], office.peer("c", "w").address)
    w = office["w"]
    before = everything(w)
    good = orjson.loads(next(iter(made.frames()))) if made.ids else {"s": [], "o": [], "c": [], "a": []}
    for key, rows in (("c", [[1]]), ("c", [None]), ("s", "x"), ("o", [[[]]]), ("a", [["x" * 16, 0, "zz"]])):
        with pytest.raises(Refused):
            parcel.receive(w, made.manifest, [orjson.dumps({**good, key: rows})])
    for data in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        with pytest.raises(Refused):
            parcel.receive(w, made.manifest, [data])
    for broken in (
        {},
        {"from": None},
        {**made.manifest, "have": {"x": [[0, 1]]}},
        {**made.manifest, "made": "x"},
    ):
        with pytest.raises(Refused):
            parcel.receive(w, broken, made.frames())
    assert everything(w) == before

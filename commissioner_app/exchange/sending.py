"""Sending (上报 / 下发): what will go, the file's name, and writing it."""

import datetime as dt
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from commissioner_app.divisions import CITY, Divisions
from commissioner_app.exchange import container, phrases
from commissioner_app.exchange.people import Peer, own
from commissioner_app.labels import ENTITIES
from commissioner_app.periods import today
from db.errors import DiskTrouble, Refused
from db.exchange import parcel, peers
from db.exchange.parcel import QUIET, Parcel
from db.ledger import Ledger
from db.queries import exchange as queries

SUFFIX = ".ktpack"

BYTES_A_CHANGE = 260
"""About what a change costs in a package: its salt and signature do not compress."""

Progress = Callable[[int, int], None]
"""(done, total); an exception raised in it cancels."""


@dataclass(frozen=True)
class Outlook:
    """What will go: visits, records of other kinds, attachments with their bytes, changes in all."""

    new_visits: int
    changed_visits: int
    others: int
    photos: int
    bytes: int
    lines: tuple[tuple[str, int], ...]
    changes: int
    photos_sent_before: int


@dataclass(frozen=True)
class Sent:
    """The files that were written, read back and verified."""

    files: tuple[Path, ...]
    changes: int
    photos: int
    bytes: int


def outlook(ledger: Ledger, to: Peer, resend_photos: bool = False) -> Outlook:
    """What a package for somebody would hold now."""
    made = parcel.make(ledger, to.address, resend=resend_photos)
    with ledger.read() as connection:
        found = queries.outgoing(connection, made.ids)
    new_visits, changed = found.get("visit", (set(), set()))
    others = {e: len(n | c) for e, (n, c) in found.items() if e != "visit" and e not in QUIET}
    lines = [("新增服务记录", len(new_visits)), ("修改服务记录", len(changed - new_visits))]
    lines += [(ENTITIES.get(e, "其他"), n) for e, n in sorted(others.items())]
    lines.append(("照片和附件", len(made.blobs)))
    return Outlook(
        len(new_visits), len(changed - new_visits), sum(others.values()), len(made.blobs),
        _estimate(made), tuple((k, n) for k, n in lines if n), len(made.ids), made.photos_sent_before,
    )  # fmt: skip


def _estimate(made: Parcel) -> int:
    return len(made.ids) * BYTES_A_CHANGE + sum(size for _, size in made.blobs) + 2_000


def file_name(ledger: Ledger, to: Peer) -> str:
    """Who, to whom, when, the how manieth of the day for them: 温县_上报_20220930_03.ktpack."""
    me = own(ledger)
    divisions = Divisions.of(ledger)
    day = dt.date.fromisoformat(today())
    midnight = int(time.mktime(day.timetuple()) * 1000)
    with ledger.read() as connection:
        number = queries.sent_since(connection, midnight, to.name) + 1
    ranks = ("commissioner", "county", "bureau")
    rising = ranks.index(to.role) > ranks.index(me.role)
    verb = "上报" if rising else f"下发{_short(divisions, to)}"
    return f"{_short(divisions, me)}_{verb}_{day:%Y%m%d}_{number:02d}{SUFFIX}"


def _short(divisions: Divisions, peer: Peer) -> str:
    if peer.role == "commissioner":
        text = peer.name.split("（")[0]
    else:
        text = divisions.name(peer.county) or divisions.name(CITY) or peer.name
    return "".join(c for c in text if c not in '\\/:*?"<>|_ .') or "本单位"


def send(
    ledger: Ledger,
    to: Peer,
    target: Path,
    passphrase: str | None = None,
    resend_photos: bool = False,
    progress: Progress | None = None,
    overwrite: bool = False,
) -> Sent:
    """Write what somebody has not confirmed; above 95 MB as several files, each complete in itself.

    A passphrase seals the file also for a known station. Raises Refused, DiskTrouble; then no file is left.
    """
    if to.station is None and not passphrase:
        raise Refused("对方的电脑还没有交换过文件，请设置口令，并用电话告诉对方。")
    if passphrase is not None:
        passphrase = phrases.tidy(passphrase)
        if wrong := phrases.problem(passphrase):
            raise Refused(f"{wrong}，没有生成文件。")
    if ledger.readonly:  # what went could not be noted; known only after the file had been written
        raise DiskTrouble("台账所在的位置不能写入（只读），没有生成文件。")
    made = parcel.make(ledger, to.address, resend=resend_photos)
    parts = parcel.split(made, container.LIMIT_PART, BYTES_A_CHANGE)
    targets = _targets(target, len(parts))
    for path in targets:
        try:
            there = path.exists()
        except OSError as error:
            raise Refused("文件名太长，或含有不能用的字符，请换一个。") from error
        if "\0" in str(path):
            raise Refused("文件名太长，或含有不能用的字符，请换一个。")
        if there and not overwrite:
            raise Refused(f"文件已经存在，没有覆盖：{path.name}")
    set_id = secrets.token_hex(8)
    total = sum(map(_estimate, parts))
    written: list[Path] = []
    size = 0
    try:
        for n, (part, path) in enumerate(zip(parts, targets, strict=True), 1):
            envelope = container.Envelope(
                container.CONTAINER,
                to.station or "",
                "passphrase" if passphrase else "key",
                set_id,
                n,
                len(parts),
            )
            size += _write(
                ledger, part, path, envelope, to, passphrase, _shifted(progress, size, total), overwrite
            )
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    blobs = [sha for part in parts for sha, _ in part.blobs]
    with ledger.transaction() as connection:
        identity = {
            "station": to.station,
            "name": to.name,
            "role": to.role,
            "county": to.county,
            "place": to.place,
        }
        peers.note_sent(connection, identity, blobs)
        merge = parcel.Merge(identity, made.manifest, attachments=len(blobs), bytes=size)
        found = queries.outgoing(connection, made.ids)
        merge.new = {e: list(n) for e, (n, _) in found.items() if e not in QUIET}
        merge.changed = {e: list(c - n) for e, (n, c) in found.items() if e not in QUIET}
        peers.log(connection, ledger, "sent", identity, targets[0].name, merge)
    return Sent(tuple(targets), len(made.ids), len(blobs), size)


def _targets(target: Path, count: int) -> list[Path]:
    if count == 1:
        return [target]
    return [target.with_name(f"{target.stem}_{n}of{count}{target.suffix}") for n in range(1, count + 1)]


def _shifted(progress: Progress | None, before: int, total: int) -> Callable[[int], None] | None:
    if progress is None:
        return None
    return lambda done: progress(min(before + done, total), total)


def _write(
    ledger: Ledger,
    part: Parcel,
    target: Path,
    envelope: container.Envelope,
    to: Peer,
    passphrase: str | None,
    progress: Callable[[int], None] | None,
    overwrite: bool,
) -> int:
    key = ledger.station_key
    keys: Sequence[str] = ()
    if passphrase is None:
        with ledger.read() as connection:
            keys = (peers.identity(connection, to.station or "")["public_key"], key.public)
    seal = container.Seal(tuple(dict.fromkeys(keys)), passphrase)

    def blobs() -> Iterator[tuple[str, int, list[bytes]]]:
        for sha256, size in part.blobs:
            yield sha256, size, [part.blob(sha256)]

    return container.write(
        target, envelope, part.manifest, part.frames(), blobs(), seal, key.sign, key.private, progress,
        overwrite=overwrite,
    )  # fmt: skip


def for_new_laptop(to: Peer) -> Peer:
    """The same addressee with a laptop that has not been seen: everything goes again, under a passphrase."""
    return replace(to.new_laptop(), name=to.name)

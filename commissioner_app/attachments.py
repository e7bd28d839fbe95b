"""Attachments (照片、扫描件、材料): their bytes are kept once in the ledger and travel with the exchange."""

import hashlib
import mimetypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from commissioner_app import photos
from commissioner_app.photos import Photo
from db.errors import DiskTrouble, Refused
from db.ids import new_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import attachments as queries
from db.queries.attachments import AttachmentRow as AttachmentRow

LIMIT = 50 * 10**6
"""Bytes of one attachment; what is larger belongs on another medium."""

PHOTO, SCAN, DOCUMENT = "照片", "签字单", "材料"
"""Kinds of attachments: photos of a visit, scans of its signed sheet, everything else."""


def add(ledger: Ledger, owner: str, record: str, files: list[Path], kind: str = PHOTO) -> Outcome:
    """Attach files to a visit, commissioner or assignment (`owner`), in one operation.

    Raises Refused for what cannot be read or is too large.
    """
    read = []
    for file in files:
        try:
            size = file.stat().st_size
            if size > LIMIT:
                raise Refused(f"“{file.name}”超过 50 MB，请压缩后再添加。")
            data = file.read_bytes()
        except OSError as error:
            raise Refused(f"无法读取“{file.name}”，没有添加。") from error
        if not data:
            raise Refused(f"“{file.name}”是空文件，没有添加。")
        read.append((file.name, data))

    def drafts(connection: Connection) -> list[Draft]:
        return [draft(connection, owner, record, kind, name, data) for name, data in read]

    return ledger.write("添加附件", drafts)


def draft(connection: Connection, owner: str, record: str, kind: str, name: str, data: bytes) -> Draft:
    """Keep bytes and draft the attachment that has them; inside the write transaction."""
    sha256 = hashlib.sha256(data).hexdigest()
    queries.keep_blob(connection, sha256, data)
    values = {
        owner: record,
        "kind": kind,
        "file_name": name,
        "sha256": sha256,
        "media_type": mimetypes.guess_type(name)[0],
        "size": len(data),
    }
    return Draft("attachment", new_id(), "insert", values)


@dataclass(frozen=True)
class Ready:
    """A file as it will be kept: read, checked, a photo scaled. taken_at and position as in `photos.Photo`."""

    name: str
    kind: str
    data: bytes
    media_type: str
    source_sha256: str
    taken_at: str | None = None
    position: tuple[float, float] | None = None
    caption: str = ""

    @cached_property
    def sha256(self) -> str:
        """Of the bytes that are kept."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Added:
    """What became of some files: known: names of those that the visit had already; refused: one sentence each."""

    outcome: Outcome
    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def photo_ready(name: str, photo: Photo, kind: str = PHOTO) -> Ready:
    """A photo that was read, ready to be attached."""
    return Ready(name, kind, photo.data, "image/jpeg", photo.source_sha256, photo.taken_at, photo.position)


def ready_drafts(connection: Connection, visit: str, files: Iterable[Ready]) -> list[Draft]:
    """Keep the bytes of some files and give the drafts that attach them to a visit, in the order given."""
    found = []
    for file in files:
        sha256 = file.sha256
        queries.keep_blob(connection, sha256, file.data)
        values = {
            "visit": visit, "kind": file.kind, "file_name": file.name, "sha256": sha256, "media_type": file.media_type,
            "source_sha256": file.source_sha256, "size": len(file.data), "taken_at": file.taken_at,
            "position": list(file.position) if file.position else None, "caption": file.caption or None,
        }  # fmt: skip
        found.append(Draft("attachment", new_id(), "insert", values))
    return found


def unknown(here: set[str], files: Iterable[Ready]) -> tuple[list[Ready], list[str]]:
    """Those of some files that are not in `here` (SHA-256 of sources and of kept bytes), and the names of the others."""
    seen = set(here)
    fresh: list[Ready] = []
    known: list[str] = []
    for file in files:
        if seen & {file.source_sha256, file.sha256}:
            known.append(file.name)
        else:
            fresh.append(file)
            seen |= {file.source_sha256, file.sha256}
    return fresh, known


def add_ready(ledger: Ledger, wanted: Sequence[tuple[str, Ready]], label: str = "") -> Added:
    """Attach files to visits ((visit, file), …) in one operation; what a visit has already is not added again.

    label may have a place for how many there are: 归档 {0} 页签字单.
    """
    of_visit: dict[str, list[Ready]] = {}
    for visit, file in wanted:
        of_visit.setdefault(visit, []).append(file)
    known: list[str] = []
    with ledger.read() as connection:
        for visit, files in of_visit.items():
            of_visit[visit], again = unknown(queries.sources(connection, visit), files)
            known += again

    def drafts(connection: Connection) -> list[Draft]:
        return [d for visit, files in of_visit.items() for d in ready_drafts(connection, visit, files)]

    fresh = [file for files in of_visit.values() for file in files]
    return Added(ledger.write(label.format(len(fresh)) or _label(fresh), drafts), tuple(known))


def _label(files: Sequence[Ready]) -> str:
    kinds = {f.kind for f in files}
    what, unit = {PHOTO: ("照片", "张"), SCAN: ("签字单", "页")}.get(
        kinds.pop() if len(kinds) == 1 else "", ("附件", "个")
    )
    return f"添加 {len(files)} {unit}{what}" if len(files) > 1 else f"添加{what}"


def add_photos(
    ledger: Ledger, visit: str, files: list[Path], progress: Callable[[int, int], None] | None = None
) -> Added:
    """Add photos to a visit in one operation: scaled, upright, with when and where they were taken.

    A photo that the visit has already is not added again; a broken one is named and the others are added.
    progress(done, all) may raise to give up: then nothing is added.
    """
    ready: list[Ready] = []
    refused: list[str] = []
    for n, file in enumerate(files):
        if progress:
            progress(n, len(files))
        try:
            ready.append(photo_ready(file.name, photos.read(file)))
        except Refused as error:
            refused.append(str(error))
    added = add_ready(ledger, [(visit, file) for file in ready])
    return Added(added.outcome, added.known, tuple(refused))


def listed(ledger: Ledger, owner: str, record: str) -> list[AttachmentRow]:
    """The attachments of a visit, commissioner or assignment; `here` tells whether the bytes have arrived."""
    with ledger.read() as connection:
        return queries.listed(connection, owner, record)


def data(ledger: Ledger, attachment: AttachmentRow) -> bytes:
    """The bytes of an attachment. Raises Refused where they have not arrived."""
    with ledger.read() as connection:
        found = queries.blob(connection, attachment.sha256)
    if found is None:
        raise Refused(f"“{attachment.file_name}”还没有收到，可在数据交换中请对方补发照片。")
    return found


def save_as(ledger: Ledger, attachment: AttachmentRow, target: Path) -> None:
    """Write an attachment to a file. Raises Refused, DiskTrouble."""
    content = data(ledger, attachment)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise DiskTrouble(f"文件没有写成：{error.strerror or error}") from error


def set_caption(ledger: Ledger, record: str, caption: str) -> Outcome:
    """Write what a photo shows."""
    return ledger.write(
        "修改照片说明", [Draft("attachment", record, "update", {"caption": caption.strip() or None})]
    )


def set_kind(ledger: Ledger, record: str, kind: str) -> Outcome:
    """Say that an attachment is a photo, a signed sheet or something else."""
    return ledger.write(f"改为{kind}", [Draft("attachment", record, "update", {"kind": kind})])


def remove(ledger: Ledger, records: list[str]) -> Outcome:
    """Take attachments away (their bytes stay with the history)."""
    return ledger.write("删除附件", [Draft("attachment", r, "delete", {"_deleted": True}) for r in records])

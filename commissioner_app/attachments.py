"""Attachments (照片、扫描件、材料): their bytes are kept once in the ledger and travel with the exchange."""

import hashlib
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
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
class Added:
    """What became of some files: known: names of photos that the visit had already; refused: one sentence each."""

    outcome: Outcome
    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def add_photos(
    ledger: Ledger, visit: str, files: list[Path], progress: Callable[[int, int], None] | None = None
) -> Added:
    """Add photos to a visit in one operation: scaled, upright, with when and where they were taken.

    A photo that the visit has already is not added again; a broken one is named and the others are added.
    progress(done, all) may raise to give up: then nothing is added.
    """
    ready: list[tuple[str, Photo]] = []
    known: list[str] = []
    refused: list[str] = []
    with ledger.read() as connection:
        here = queries.sources(connection, visit)
    for n, file in enumerate(files):
        if progress:
            progress(n, len(files))
        try:
            photo = photos.read(file)
        except Refused as error:
            refused.append(str(error))
            continue
        if photo.source_sha256 in here:
            known.append(file.name)
            continue
        here.add(photo.source_sha256)
        ready.append((file.name, photo))

    def drafts(connection: Connection) -> list[Draft]:
        found = []
        for name, photo in ready:
            sha256 = hashlib.sha256(photo.data).hexdigest()
            queries.keep_blob(connection, sha256, photo.data)
            values = {
                "visit": visit, "kind": PHOTO, "file_name": name, "sha256": sha256, "media_type": "image/jpeg",
                "source_sha256": photo.source_sha256, "size": len(photo.data), "taken_at": photo.taken_at,
                "position": list(photo.position) if photo.position else None,
            }  # fmt: skip
            found.append(Draft("attachment", new_id(), "insert", values))
        return found

    label = f"添加 {len(ready)} 张照片" if len(ready) > 1 else "添加照片"
    return Added(ledger.write(label, drafts), tuple(known), tuple(refused))


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


def remove(ledger: Ledger, records: list[str]) -> Outcome:
    """Take attachments away (their bytes stay with the history)."""
    return ledger.write("删除附件", [Draft("attachment", r, "delete", {"_deleted": True}) for r in records])

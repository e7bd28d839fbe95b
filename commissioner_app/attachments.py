"""Attachments (照片、扫描件、材料): their bytes are kept once in the ledger and travel with the exchange."""

import hashlib
import mimetypes
from pathlib import Path

from db.errors import DiskTrouble, Refused
from db.ids import new_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import attachments as queries
from db.queries.attachments import AttachmentRow as AttachmentRow

LIMIT = 50 * 10**6
"""Bytes of one attachment; what is larger belongs on another medium."""


def add(ledger: Ledger, owner: str, record: str, files: list[Path], kind: str = "照片") -> Outcome:
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
        found = []
        for name, data in read:
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
            found.append(Draft("attachment", new_id(), "insert", values))
        return found

    return ledger.write("添加附件", drafts)


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

"""Attachments of visits (照片、扫描件): their bytes are kept once in the ledger and travel with the exchange."""

import hashlib
import mimetypes
from pathlib import Path

from db.errors import Refused
from db.ids import new_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import attachments as queries

LIMIT = 50 * 10**6
"""Bytes of one attachment; what is larger belongs on another medium."""


def add(ledger: Ledger, visit: str, files: list[Path], kind: str = "照片") -> Outcome:
    """Attach files to a visit, in one operation. Raises Refused for what cannot be read or is too large."""
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
                "visit": visit,
                "kind": kind,
                "file_name": name,
                "sha256": sha256,
                "media_type": mimetypes.guess_type(name)[0],
                "size": len(data),
            }
            found.append(Draft("attachment", new_id(), "insert", values))
        return found

    return ledger.write("添加附件", drafts)


def of_visit(ledger: Ledger, visit: str) -> list[queries.AttachmentRow]:
    """The attachments of a visit; `here` tells whether the bytes have arrived."""
    with ledger.read() as connection:
        return queries.of_visit(connection, visit)

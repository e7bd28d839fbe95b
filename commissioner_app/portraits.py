"""The photo of a person (证件照): one attachment of that kind; another one takes its place."""

from commissioner_app import attachments
from commissioner_app.attachments import AttachmentRow
from db.errors import Refused
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import attachments as queries

KIND = "证件照"


def of_person(ledger: Ledger, commissioner: str) -> tuple[AttachmentRow, bytes | None] | None:
    """The photo shown for somebody, without bytes where they have not arrived; None where there is none."""
    with ledger.read() as connection:
        found = [a for a in queries.listed(connection, "commissioner", commissioner) if a.kind == KIND]
        return (found[-1], queries.blob(connection, found[-1].sha256)) if found else None


def put(ledger: Ledger, commissioner: str, name: str, jpeg: bytes) -> Outcome:
    """Give somebody a photo; the one before is deleted in the same step."""

    def drafts(connection: Connection) -> list[Draft]:
        before = _gone(connection, commissioner)
        return [
            *before,
            attachments.draft(connection, "commissioner", commissioner, KIND, f"{name}.jpg", jpeg),
        ]

    return ledger.write("设置证件照", drafts)


def remove(ledger: Ledger, commissioner: str) -> Outcome:
    """Take the photo away. Raises Refused where there is none."""

    def drafts(connection: Connection) -> list[Draft]:
        found = _gone(connection, commissioner)
        if not found:
            raise Refused("没有证件照可以删除。")
        return found

    return ledger.write("删除证件照", drafts)


def _gone(connection: Connection, commissioner: str) -> list[Draft]:
    found = queries.listed(connection, "commissioner", commissioner)
    return [Draft("attachment", a.id, "delete", {"_deleted": True}) for a in found if a.kind == KIND]

"""Tells the import window of a table that was exported here, edited in Excel, and comes back."""

from PySide6.QtCore import QCoreApplication

from commissioner_app import stamps
from commissioner_app.imports import returned
from commissioner_app.imports.actions import Action
from commissioner_app.imports.grid import Workbook
from commissioner_app.imports.returned import Edit
from commissioner_app.ledgers import Ledger
from ui.importing.edits import Returned


def look(ledger: Ledger, book: Workbook) -> Returned | None:
    """The edits of a returned roster or 受援县安排, None for any other table; for the thread that reads."""
    stamp = stamps.read(book.path) if book.path is not None else None
    if stamp is None or book.path is None or stamp.kind not in returned.KINDS:
        return None
    planned = returned.plan(ledger, book.path, stamp)
    fresh = [
        Edit(r.sheet, r.row, r.name, _tr("新增人员"), "—", r.place, False)
        for r in (planned.fresh.rows if planned.fresh else ())
        if r.action in (Action.FILL, Action.NEW_PLACE)
    ]
    return Returned(
        planned.result.sentence,
        [*planned.edits, *fresh],
        planned.result.problems,
        lambda: returned.apply(ledger, planned),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("ImportWindow", text)

"""The form of one stay: from–to, townships, recipients, agreement with its scans, remark."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from commissioner_app import assignments, attachments
from commissioner_app.assignments import Known
from commissioner_app.attachments import AttachmentRow
from commissioner_app.ledgers import Ledger
from commissioner_app.rows import AssignmentRow, Heads, PlaceRow, covers
from commissioner_app.stay_notices import Notice
from ui import icons
from ui.assignments.fields import RecipientPick, TownshipPick
from ui.assignments.scans import Scans
from ui.context import Context
from ui.editing import Sheet
from ui.theme import Size
from ui.widgets.basic import Combo, button, label
from ui.widgets.dateedit import DateField, PeriodField
from ui.widgets.pill import Pill

REMARK_HEIGHT = 52


@dataclass(frozen=True)
class Stay:
    """A stay with what an editor of it has seen, its fields in conflict, its scans, and whom it may name."""

    row: AssignmentRow
    opened: Heads
    disputed: frozenset[str]
    scans: list[AttachmentRow]
    known: Known


def read_stays(ledger: Ledger, place: PlaceRow) -> list[Stay]:
    """The stays of a place, the latest first."""
    found = []
    for row in reversed(place.assignments):
        opened, folded = ledger.seen(row.id), ledger.folded(row.id)
        if folded is not None and not folded.deleted:
            scans = attachments.listed(ledger, "assignment", row.id)
            known = assignments.known_recipients(ledger, row.county, row.recipients)
            found.append(Stay(_as_now(row, folded.values), opened, folded.conflicts, scans, known))
    return found


def _as_now(row: AssignmentRow, values: Mapping[str, Any]) -> AssignmentRow:
    """The stay as it is now: the board may have read its row before somebody else wrote."""
    county, towns = _parts(values.get("where"), 2)
    start, end = _parts(values.get("period"), 2)
    number, signed, state = _parts(values.get("agreement"), 3)
    return replace(
        row, county=county, townships=tuple(towns or ()), assigned_from=start, assigned_to=end,
        recipients=tuple(values.get("recipients") or ()), agreement_number=number, agreement_date=signed,
        agreement_state=state, remark=values.get("remark"),
    )  # fmt: skip


def _parts(value: Any, count: int) -> list[Any]:
    """A field of several columns; nothing for a value of another shape, as in the table."""
    return value if isinstance(value, list) and len(value) == count else [None] * count


class StaySheet(QWidget):
    """One stay; `on` is the day that the board shows. An ended one is folded until its heading is clicked."""

    deleteWanted = Signal(str)
    edited = Signal()
    scansChanged = Signal()

    def __init__(self, context: Context, stay: Stay, on: str, *, folded: bool = False) -> None:
        super().__init__()
        self.stay = stay
        row, names = stay.row, context.divisions
        self.county = row.county
        name = names.name(row.county) or "—"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Size.GAP)
        column.addLayout(self._head(name))
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        column.addWidget(self.notice)
        self.sheet = Sheet(2)
        self.period = PeriodField()
        self.townships = TownshipPick([(d.code, d.name) for d in names.children(row.county)])
        self.recipients = RecipientPick()
        self.scans = Scans(context, "assignment", row.id, assignments.SCAN)
        self.scans.changed.connect(self.scansChanged)
        self._fields()
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(Size.TIGHT)
        body.addWidget(self.sheet)
        body.addSpacing(Size.TIGHT)
        body.addWidget(label(self.tr("协议扫描件"), "caption"))
        body.addWidget(self.scans)
        column.addWidget(self._body)
        self.load(stay, on, False)
        self._shut(folded)
        self.sheet.edited.connect(lambda _name: self.edited.emit())

    def _head(self, name: str) -> QHBoxLayout:
        row = self.stay.row
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        self.fold_button = button(self.tr("展开或收起在{0}的安排").format(name), "tool", icon="up")
        self.fold_button.setFlat(True)
        self.fold_button.setStyleSheet(
            "QPushButton:!hover:!focus { background: transparent; border-color: transparent; }"
        )
        self.fold_button.clicked.connect(lambda: self._shut(self._body.isVisibleTo(self)))
        head.addWidget(label(name, "cardtitle"))
        self._pill, self._dates = Pill(), label("", "caption")
        head.addWidget(self._pill)
        head.addWidget(self._dates)
        head.addStretch(1)
        self.delete_button = button(self.tr("删除"), "link", on_click=lambda: self.deleteWanted.emit(row.id))
        self.delete_button.setAccessibleName(self.tr("删除在{0}的安排").format(name))
        head.addWidget(self.delete_button)
        head.addWidget(self.fold_button)
        return head

    def _fields(self) -> None:
        tr, add = self.tr, self.sheet.add
        self.state = Combo()
        self.state.addItem("—", None)
        for state in assignments.AGREEMENT_STATES:
            self.state.addItem(state, state)
        remark = QPlainTextEdit()
        remark.setFixedHeight(REMARK_HEIGHT)
        remark.setTabChangesFocus(True)
        add("period", tr("起止日期"), self.period, span=2)
        add("townships", tr("乡镇（街道）"), self.townships, span=2)
        add("recipients", tr("受援单位"), self.recipients, span=2)
        add("remark", tr("备注"), remark, span=2)
        add("number", tr("三方协议编号"), QLineEdit(), span=2)
        add("date", tr("签订日期"), DateField())
        add("state", tr("协议状态"), self.state)

    def _shut(self, folded: bool) -> None:
        self._body.setVisible(not folded)
        self._dates.setVisible(folded)
        self.fold_button.setIcon(icons.icon("down" if folded else "up"))

    def unfold(self) -> None:
        """Show the fields."""
        self._shut(False)

    def set_editable(self, fields: bool, delete: bool) -> None:
        """Whether the fields may be changed, and the stay be removed."""
        for widget in self.sheet.fields():
            if isinstance(widget, (QLineEdit, QPlainTextEdit)) and not isinstance(
                widget, (DateField, TownshipPick, RecipientPick)
            ):
                widget.setReadOnly(not fields)
            else:
                widget.setEnabled(fields)
        self.scans.set_editable(fields)
        self.delete_button.setVisible(delete)

    def point_out(self, notices: Collection[Notice]) -> None:
        """Say what is to be noted about this stay."""
        said = [n.text for n in notices if self.stay.row.id in n.stays]
        self.notice.setText("\n".join(said))
        self.notice.setVisible(bool(said))

    def stops(self) -> list[QWidget]:
        """Where Tab stops, in order."""
        return [self.delete_button, self.fold_button, *self.sheet.fields(), *self.scans.stops()]

    def load(self, stay: Stay, on: str, keep_typed: bool) -> None:
        """Show the stay as it is now and as of a day; with `keep_typed` what was typed stays typed."""
        self.stay = stay
        row = stay.row
        if covers(row.assigned_from, row.assigned_to, on):
            self._pill.set(self.tr("在此服务"), "accent")
        elif (row.assigned_from or "") > on:
            self._pill.set(self.tr("尚未开始"), "info")
        else:
            self._pill.set(self.tr("已结束"), "plain")
        self._dates.setText(f"{row.assigned_from or '—'} 至 {row.assigned_to or '—'}")
        self.recipients.set_known(stay.known)
        self.sheet.load(
            {
                "period": [row.assigned_from, row.assigned_to], "townships": list(row.townships),
                "recipients": self.recipients.words_of(row.recipients),
                "number": row.agreement_number, "date": row.agreement_date, "state": row.agreement_state,
                "remark": row.remark,
            },
            keep_typed,
        )  # fmt: skip
        self.scans.show_rows(stay.scans)
        fields = {"where": ("townships",), "agreement": ("number", "date", "state")}
        self.sheet.mark_disputed(n for name in stay.disputed for n in fields.get(name, (name,)))

    def changes(self) -> dict[str, Any]:
        """The journal's fields that differ: what belongs together is written together."""
        changed, now = self.sheet.changes(), self.sheet.state()
        values: dict[str, Any] = {name: now[name] for name in ("period", "remark") if name in changed}
        if "townships" in changed:
            values["where"] = [self.county, now["townships"]]
        if "recipients" in changed:
            values |= self.recipients.split(now["recipients"] or [])
        if changed.keys() & {"number", "date", "state"}:
            values["agreement"] = [now["number"], now["date"], now["state"]]
        return values

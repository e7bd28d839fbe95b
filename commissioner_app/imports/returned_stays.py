"""What the edited cells of a returned 受援县安排 mean, stay by stay."""

from typing import Any

from commissioner_app import recipients, tables
from commissioner_app.assignments import AGREEMENT_STATES
from commissioner_app.imports.returned_rows import Change, Row, Rows, first_stay
from db.errors import Refused
from db.journal.fold import Folded
from db.ledger import Draft


class AssignmentRows(Rows):
    """Rows of the exported 受援县安排: place|stay."""

    fixed = ("名额编号", "姓名", "类别", "派出单位")

    def records(self, row: Row) -> list[str]:
        return [i for i in row.record.split("|") if i]

    def read(self, row: Row) -> tuple[list[Change], list[Draft]]:
        """What the edited cells of a row would change. Raises Refused."""
        place = self.place(row)
        stay = row.record.split("|")[1]
        who = place.name or place.code
        if not stay:
            return first_stay(self, place, self.county(row.cells.get("受援县")), who)
        then = self.then.get(stay)
        if then is None:
            raise Refused("台账里没有这一段安排，可能还没有收到对方的数据包。")
        drafts: list[Draft] = []
        values = self._values(row, then, drafts)
        edits, more = self.changes(who, [("assignment", stay, values)])
        return edits, [*drafts, *more]

    def _values(self, row: Row, then: Folded, drafts: list[Draft]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        cells = row.cells
        if row.edited & {"受援县", "乡镇"}:
            before = then.values.get("where") or [None, None]
            county = self.county(cells["受援县"]) if "受援县" in row.edited else before[0]
            if county is None:
                raise Refused("改回待安排请在受援县安排中办理。")
            words = tables.listed(cells.get("乡镇")) if "乡镇" in cells else []
            if "乡镇" not in row.edited:
                words = list(before[1] or []) if county == before[0] else []
            values["where"] = [county, [self.divisions.find(county, w) or w for w in words] or None]
        if row.edited & {"开始日期", "结束日期"}:
            period = list(then.values.get("period") or [None, None])
            for n, column in enumerate(("开始日期", "结束日期")):
                if column in row.edited:
                    try:
                        period[n] = tables.date(cells[column])
                    except ValueError as error:
                        raise Refused(f"{column}“{tables.text(cells[column])}”无法读懂。") from error
            if period[0] and period[1] and period[0] > period[1]:
                raise Refused("安排的结束日期早于开始日期。")
            values["period"] = period
        if row.edited & {"协议编号", "签订日期", "协议状态"}:
            values["agreement"] = self._agreement(row, list(then.values.get("agreement") or [None] * 3))
        if "受援单位" in row.edited:
            county = (values.get("where") or then.values.get("where") or [None])[0]
            values["recipients"] = [
                self._recipient(w, county, drafts) for w in tables.listed(cells["受援单位"])
            ]
        if "备注" in row.edited:
            values["remark"] = tables.text(cells["备注"])
        return values

    def _agreement(self, row: Row, found: list[Any]) -> list[Any]:
        if "协议编号" in row.edited:
            found[0] = tables.text(row.cells["协议编号"]) or None
        if "签订日期" in row.edited:
            try:
                found[1] = tables.date(row.cells["签订日期"])
            except ValueError as error:
                raise Refused(f"签订日期“{tables.text(row.cells['签订日期'])}”无法读懂。") from error
        if "协议状态" in row.edited:
            word = tables.text(row.cells["协议状态"])
            if word and word not in AGREEMENT_STATES:
                raise Refused(f"没有“{word}”这个协议状态，可用：{'、'.join(AGREEMENT_STATES)}。")
            found[2] = word or None
        return found

    def _recipient(self, name: str, county: str | None, drafts: list[Draft]) -> str:
        known = recipients.match(self.recipients, name, [county, None, None])
        if known:
            return known.id
        made = recipients.draft(name, [county, None, None])
        if all(d.record != made.record for d in drafts):
            drafts.append(made)
        return made.record

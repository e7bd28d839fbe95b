"""查找重复单位: brings recipients into the MergeDialog and carries out what is decided there."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from commissioner_app import recipient_matches, recipients
from commissioner_app.divisions import Divisions
from commissioner_app.ledgers import Ledger, Outcome
from commissioner_app.recipient_matches import Pair
from commissioner_app.recipients import Registered
from commissioner_app.rows import Heads
from ui.context import Context
from ui.recipients.mergedialog import Choice, Duplicate, MergeDialog, Side, Where, Words


@dataclass(frozen=True)
class Found:
    """The pairs, with what the fields of their records hold and what a dialog that shows them has seen."""

    pairs: list[Duplicate]
    values: dict[str, dict[str, Any]]
    opened: dict[str, Heads]


def read_pairs(
    ledger: Ledger, divisions: Divisions, known: dict[str, Registered], only: tuple[str, str] | None
) -> Found:
    """The pairs worth a look, or just the two that somebody has chosen."""
    if only is None:
        pairs = recipient_matches.pairs(ledger, divisions)
    else:
        rows = {r.id: r for r in recipients.listed(ledger)}
        one, other = sorted(only)
        pairs = [Pair(rows[one], rows[other], 100, ())] if one in rows and other in rows else []
    found = Found([], {}, {})
    for pair in pairs:
        for row in (pair.one, pair.other):
            if row.id not in found.values and (folded := ledger.folded(row.id)) is not None:
                found.values[row.id], found.opened[row.id] = folded.values, folded.shown
        if pair.one.id in found.values and pair.other.id in found.values:
            found.pairs.append(_side_by_side(pair, divisions, known, found.values))
    return found


def _side_by_side(
    pair: Pair, divisions: Divisions, known: dict[str, Registered], values: dict[str, dict[str, Any]]
) -> Duplicate:
    one, other = values[pair.one.id], values[pair.other.id]
    counts = [known[r.id].ever.visits if r.id in known else 0 for r in (pair.one, pair.other)]
    more: Where = "left" if counts[0] >= counts[1] else "right"
    choices = []
    for field, caption in (
        ("name", _tr("名称")), ("kind", _tr("性质")), ("where", _tr("地点")), ("contact", _tr("联系人")),
        ("phone", _tr("联系电话")), ("remark", _tr("备注")),
    ):  # fmt: skip
        left, right = (_text(field, v.get(field), divisions) for v in (one, other))
        preferred: Where = more
        if field == "name" and len(left) != len(right):
            preferred = "left" if len(left) > len(right) else "right"  # the full name says more
        elif field == "where":
            preferred = (
                "left" if _depth(one) > _depth(other) else "right" if _depth(other) > _depth(one) else more
            )
        elif not (left and right):
            preferred = "left" if left else "right"
        choices.append(Choice(field, caption, left, right, preferred))
    sides = []
    for row in (pair.one, pair.other):
        entry = known.get(row.id)
        facts = [_tr("{0} 条服务记录").format(f"{entry.ever.visits if entry else 0:,}")]
        if entry and entry.stays:
            facts.append(_tr("{0} 段受援县安排").format(entry.stays))
        if entry and entry.ever.last:
            facts.append(_tr("最近 {0}").format(entry.ever.last))
        sides.append(Side(row.id, row.name, " · ".join(facts)))
    return Duplicate(sides[0], sides[1], pair.reasons, tuple(choices))


def _text(field: str, value: Any, divisions: Divisions) -> str:
    if field == "where":
        return divisions.text(*value) if value else ""
    return str(value or "")


def _depth(values: dict[str, Any]) -> int:
    return sum(1 for part in values.get("where") or () if part)


class Duplicates(QObject):
    """One look for duplicates: opens the dialog, writes what is decided, and looks again."""

    def __init__(self, context: Context, parent: QWidget, only: tuple[str, str] | None = None) -> None:
        super().__init__(parent)
        self._context, self._only = context, only
        self._found = Found([], {}, {})
        self._done = 0  # what can be taken back from here: nothing that was done before
        self.dialog = MergeDialog(
            Words(
                _tr("合并两个单位") if only else _tr("查找重复单位"),
                _tr("合并后两边的服务记录和受援县安排都算在一个单位名下，可以撤销。"),
                _tr("不是同一单位"),
                _tr("已合并。") if only else _tr("没有发现可能重复的单位。"),
            ),
            parent,
        )
        self.dialog.mergeWanted.connect(self._merge)
        self.dialog.apartWanted.connect(self._keep_apart)
        self.dialog.undoWanted.connect(self._undo)
        self.dialog.finished.connect(lambda _code: self.deleteLater())
        context.changed.connect(self._changed)
        self.dialog.open()
        self.look()

    def look(self) -> None:
        """Look (again) for pairs, on a worker thread."""
        c, only = self._context, self._only

        def read() -> Found:
            known = {r.row.id: r for r in recipients.register(c.ledger, c.period)}
            return read_pairs(c.ledger, c.divisions, known, only)

        c.read(read, self._show, self, "pairs")

    def _show(self, found: Found) -> None:
        self._found = found
        self.dialog.show_pairs(found.pairs)

    def _changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"recipient", "setting"} and self.dialog.isVisible():
            self.look()

    def _merge(self, pair: Duplicate, chosen: dict[str, Where]) -> None:
        left, right = pair.left.record, pair.right.record
        values, opened = self._found.values, dict(self._found.opened)
        keep = min(left, right)
        wanted = {f: values[left if where == "left" else right].get(f) for f, where in chosen.items()}
        wanted = {f: v for f, v in wanted.items() if v != values[keep].get(f)}
        name = wanted.get("name") or values[keep].get("name") or ""
        ledger = self._context.ledger

        def done(_outcome: Outcome) -> None:
            self._done += 1
            self.dialog.say(_tr("已合并为“{0}”。").format(name), True)

        self._context.do(
            lambda: recipient_matches.merge(ledger, left, right, wanted, opened),
            _tr("已合并为“{0}”").format(name),
            done=done,
            failed=self.dialog.say,
            owner=self,
        )

    def _keep_apart(self, pair: Duplicate) -> None:
        ledger, left, right = self._context.ledger, pair.left.record, pair.right.record

        def done(_outcome: Outcome) -> None:
            self._done += 1
            self.dialog.say(_tr("已记下：不是同一单位，以后不再提示。"), True)
            if self._only:
                self.dialog.accept()

        self._context.do(
            lambda: recipient_matches.keep_apart(ledger, left, right),
            _tr("已记下：不是同一单位"),
            done=done,
            failed=self.dialog.say,
            owner=self,
        )

    def _undo(self) -> None:
        if self._done:
            self._done -= 1
            self._context.undo()
            self.dialog.say(_tr("已撤销。"), self._done > 0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Duplicates", text)

"""What the visit editor does to the ledger: saving, reviewing, deleting, each one operation with its sentence."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from commissioner_app import visit_entry, visits
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Outcome
from commissioner_app.visits import Opened
from ui.context import Context

if TYPE_CHECKING:
    from ui.visits.editor import VisitEditor
    from ui.visits.fields import VisitFields
    from ui.visits.photos.album import Album


def save(
    editor: "VisitEditor",
    context: Context,
    opened: Opened | None,
    fields: "VisitFields",
    album: "Album",
    reason: str,
    submit: bool,
    done: Callable[[str], object],
    failed: Callable[[str], object],
) -> None:
    """Save what stands in the fields, of a visit that was there already only what differs from what was opened."""
    whole = values = fields.values()
    if opened:
        values = {f: v for f, v in values.items() if v != opened.values.get(f)}
    recipient, companions = fields.recipient.text(), fields.companion_names()
    name = None if opened and recipient.strip() == opened.recipient_name else recipient
    others = None if opened and companions == opened.companions else companions
    attach = [file for _key, file in album.waiting()]

    def work() -> Outcome:
        outcome = visits.save(
            context.ledger, opened.id if opened else None, values, recipient_name=name, companions=others,
            opened=opened.seen if opened else None, submit=submit, reason=reason, attach=attach,
        )  # fmt: skip
        if opened is None and whole["who"]:
            with contextlib.suppress(
                LedgerError
            ):  # the visit is saved; who comes first the next time is no matter
                visit_entry.remember_place(context.ledger, whole["who"][0][0])
        return outcome

    def succeed(outcome: Outcome) -> None:
        done(opened.id if opened else next(iter(outcome.records.get("visit", [])), ""))

    context.do(work, _said(context, opened, submit, whole), done=succeed, failed=failed, owner=editor)


def _said(context: Context, opened: Opened | None, submit: bool, values: dict[str, Any]) -> str:
    if submit:
        said = _tr("已提交审核") if opened is None else _tr("已保存服务记录，已提交审核")
    else:
        said = _tr("已保存服务记录") if opened else _tr("已登记服务，存为草稿")
    count = len(values["who"] or ())
    if opened is None and count > 1:
        said += _tr("，{0} 人各计一次").format(count)
    day = (values["time"] or [None])[0]
    if day and not context.period.start <= day <= context.period.end:
        label = context.period.label or _tr("所选期间")
        said += _tr("；日期不在{0}内，列表中请选“不限期间”").format(label)
    return said


def pass_visit(editor: "VisitEditor", context: Context, opened: Opened) -> None:
    """审核通过, of what the editor showed."""
    seen = {opened.id: opened.seen}
    context.do(lambda: visits.pass_visits(context.ledger, [opened.id], opened=seen), _tr("审核通过"),
               done=lambda _o: editor.saved.emit(opened.id, False), owner=editor)  # fmt: skip


def return_visit(editor: "VisitEditor", context: Context, opened: Opened) -> None:
    """退回 with an opinion that is asked for."""
    from ui.visits.opinion import ask_opinion

    opinion = ask_opinion(editor)
    if opinion:
        seen = {opened.id: opened.seen}
        context.do(lambda: visits.return_visits(context.ledger, [opened.id], opinion, opened=seen), _tr("已退回"),
                   done=lambda _o: editor.saved.emit(opened.id, False), owner=editor)  # fmt: skip


def delete(editor: "VisitEditor", context: Context, opened: Opened) -> None:
    """Delete the visit; 撤销 brings it back."""

    def deleted(_outcome: object) -> None:
        editor.drop_draft()
        editor.closed.emit()

    seen = {opened.id: opened.seen}
    context.do(
        lambda: visits.delete(context.ledger, [opened.id], seen),
        _tr("已删除服务记录"),
        done=deleted,
        owner=editor,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("VisitEditor", text)

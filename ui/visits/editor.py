"""The visit editor: a card beside the list that shows, changes, submits and reviews one visit."""

from collections.abc import Callable
from datetime import date
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from commissioner_app import batches, drafts, exchange, visits
from commissioner_app.places import PlaceRow
from commissioner_app.visits import Opened
from ui.context import Context
from ui.history.conflicts import ConflictBar
from ui.theme import Size
from ui.visits.fields import VisitFields, all_places
from ui.visits.model import TONES
from ui.widgets.ask import ask
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.pill import Pill

DRAFT_MS = 1000
PAUSE_MS = 700
"""Longer than any double click."""
WIDTH = 372


class VisitEditor(Card):
    """Signals: `saved` carries the visit's id; `closed` that nothing is edited any more; `wanted` a record's id
    whose history is to be shown."""

    saved = Signal(str, bool)
    closed = Signal()
    historyWanted = Signal(str)
    duplicateWanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(flush=True)
        self._context = context
        self._opened: Opened | None = None
        self._new = False
        self._busy = False
        self._focused: QWidget | None = None
        self.dirty = False
        self.fields = VisitFields(context)
        self.fields.edited.connect(self._typed)
        self.title = label("", "cardtitle")
        self.pill = Pill()
        self.caption = label("", "caption", wrap=True)
        self.more = button(self.tr("更多"), "tool", icon="more", on_click=self._menu)
        self.notice = label("", "notice", tone="warn", wrap=True)
        self.notice.hide()
        self.conflicts = ConflictBar(context)
        self._build()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAFT_MS)
        self._later.timeout.connect(self._keep_draft)
        self._keys()
        self.setFixedWidth(WIDTH)

    def _build(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setContentsMargins(Size.GAP_MID, Size.GAP_MID - 2, Size.GAP_MID, 0)
        head.addWidget(self.title)
        head.addWidget(self.pill)
        head.addStretch(1)
        head.addWidget(self.more)
        self.body.addLayout(head)
        self.caption.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        self.body.addWidget(self.caption)
        box = QVBoxLayout()
        box.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        box.addWidget(self.notice)
        box.addWidget(self.conflicts)
        self.body.addLayout(box)
        column.addWidget(self.fields)
        column.addStretch(1)
        self.body.addWidget(scroll(inner), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        self.cancel = button(self.tr("取消"), on_click=self.give_up)
        self.back = button(self.tr("退回…"), "danger", on_click=self.return_visit)
        self.store = button(self.tr("保存"), on_click=self.save)
        self.store.setToolTip(self.tr("保存（Ctrl+S）；保存并登记下一条（Ctrl+Enter）"))
        self.submit = button(self.tr("提交审核"), "primary", on_click=lambda: self.save(submit=True))
        self.approve = button(self.tr("审核通过"), "primary", on_click=self.pass_visit)
        self.approve.setText(self.tr("审核通过  F8"))
        for part in (self.cancel, self.back):
            foot.addWidget(part)
        foot.addStretch(1)
        for part in (self.store, self.submit, self.approve):
            foot.addWidget(part)
        self.body.addLayout(foot)

    def _keys(self) -> None:
        for keys, do in (
            ("Ctrl+S", self.save),
            ("Ctrl+Return", lambda: self.save(then_new=True)),
            ("Ctrl+Enter", lambda: self.save(then_new=True)),
            ("Esc", self.give_up),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # -- showing ---------------------------------------------------------------------------------------

    @property
    def visit(self) -> str | None:
        """The visit shown; None for a new one or none."""
        return self._opened.id if self._opened else None

    @property
    def is_new(self) -> bool:
        """Whether a visit not yet saved is being typed."""
        return self._new

    def show_visit(self, opened: Opened, places: list[PlaceRow]) -> None:
        """Show a visit as it was just read."""
        self._opened, self._new, self.dirty = opened, False, False
        self.fields.set_places(places)
        self.fields.load(opened.values, opened.recipient_name, opened.companions)
        self._offer_draft(opened.id)
        self._show_head()

    def begin(
        self, places: list[PlaceRow], values: dict[str, Any] | None = None, recipient: str = ""
    ) -> None:
        """Begin a new visit: today, one day's half, the station's own county, or the values of a duplicate."""
        self._opened, self._new, self.dirty = None, True, False
        self.fields.set_places(places)
        kept = None if values else drafts.kept(self._context.ledger, "new")
        self.fields.load(values or self._defaults(places), recipient, [])
        if kept:
            self._restore(kept)
        self._show_head()
        if kept:
            self._say(self.tr("已恢复上次没有保存的内容。不需要时按 Esc 放弃。"), "info")
        self.fields.who.setFocus() if not self.fields.who.values() else self.fields.content.setFocus()

    def _defaults(self, places: list[PlaceRow]) -> dict[str, Any]:
        period = self._context.period
        today = date.today().isoformat()
        day = today if period.start <= today <= period.end else None
        found: dict[str, Any] = {
            "time": [day, None, None, None, None],
            "where": [self._context.county, None, None],
        }
        if self._context.role == "commissioner":
            own = exchange.own(self._context.ledger).place
            mine = next((p for p in places if p.id == own), None)
            if mine is not None:
                counties = mine.counties(day or batches.reference_day(self._context.batch))
                found["who"] = visits.who_of([mine], [mine.id], day or "")
                found["where"] = [counties[0] if len(counties) == 1 else None, None, None]
        return found

    def _show_head(self) -> None:
        o = self._opened
        state = (
            ((o.values.get("review") if o else None) or ["draft", None, None, None])
            if o
            else ["draft", None, None, None]
        )
        number = (o.values.get("number") or "") if o else ""
        self.title.setText(self.tr("登记服务") if self._new else self.tr("服务记录"))
        self.caption.setText("" if self._new else number)
        self.caption.setVisible(not self._new)
        self.pill.set("" if self._new else visits.STATES.get(state[0], ""), TONES.get(state[0], "plain"))  # type: ignore[arg-type]
        self.more.setVisible(not self._new)
        reviewer = self._context.role != "commissioner"
        self.cancel.setVisible(self._new or self.dirty)
        self.cancel.setText(self.tr("取消") if self._new else self.tr("放弃修改"))
        self.store.setText(self.tr("存为草稿") if self._new else self.tr("保存"))
        self.store.setVisible(self._new or self.dirty)
        self.submit.setVisible(self._new or state[0] in ("draft", "returned"))
        pending = (
            not self._new and reviewer and (state[0] == "submitted" or bool(o and o.stale)) and not self.dirty
        )
        self.approve.setVisible(pending)
        self.back.setVisible(
            pending or (not self._new and reviewer and state[0] == "passed" and not self.dirty)
        )
        self._show_notice(state)

    def _show_notice(self, state: list[Any]) -> None:
        o = self._opened
        self.fields.mark_disputed(o.conflicts if o else ())
        self.conflicts.setVisible(False)
        if o and o.conflicts:
            self.notice.hide()
            self.conflicts.show_records([o.id])
        elif o and o.stale:
            self._say(self.tr("待审核（审核后有改动）：请核对后重新审核。"), "warn")
        elif state[0] == "returned":
            self._say(self.tr("已退回：{0}（{1}）").format(state[2] or "", state[1] or ""), "bad")
        else:
            self.notice.hide()

    def _say(self, text: str, tone: str) -> None:
        from ui.widgets.basic import restyle

        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.show()

    # -- typing ----------------------------------------------------------------------------------------

    def _typed(self, _name: str) -> None:
        if not self.dirty:
            self.dirty = True
            if not self._new:
                self._show_head()
        self._later.start()

    def _draft_key(self) -> str:
        return "new" if self._new else self.visit or ""

    def _keep_draft(self) -> None:
        if self.dirty and self._draft_key():
            content = {
                "values": self.fields.values(), "recipient": self.fields.recipient.text(),
                "companions": self.fields.companion_names(),
                "who": self.fields.who.values(), "days": self.fields.days.text(),
            }  # fmt: skip
            if self._opened:
                content["opened"] = visits.opened_to_json(self._opened)
            drafts.keep(self._context.ledger, self._draft_key(), content)

    def _offer_draft(self, visit: str) -> None:
        kept = drafts.kept(self._context.ledger, visit)
        if kept:
            # What the editor showed then is what was seen: a change made elsewhere since becomes a conflict.
            self._opened = visits.opened_from_json(kept.get("opened")) or self._opened
            self._restore(kept)
            QTimer.singleShot(
                0, lambda: self._say(self.tr("已恢复上次没有保存的修改，请核对后保存或放弃。"), "info")
            )

    def _restore(self, kept: dict[str, Any]) -> None:
        self.fields.load(kept.get("values", {}), kept.get("recipient", ""), kept.get("companions", []))
        with self.fields.loading():
            self.fields.who.set_values(kept.get("who", []))
            self.fields.days.setText(kept.get("days", ""))
        self.dirty = True

    def drop_draft(self) -> None:
        """Forget what was typed."""
        self._later.stop()
        if self._draft_key():
            drafts.drop(self._context.ledger, self._draft_key())
        self.dirty = False

    # -- actions ---------------------------------------------------------------------------------------

    def save(
        self, submit: bool = False, then_new: bool = False, done: Callable[[], object] | None = None
    ) -> bool:
        """Save what was typed; False where a field has to be mended first."""
        if self._busy or (not self._new and not self._opened):
            return False
        if not (self.dirty or self._new or submit):
            return True
        if self.fields.first_invalid():
            return False
        context, opened = self._context, self._opened
        values = self.fields.values()
        if opened:
            values = {f: v for f, v in values.items() if v != opened.values.get(f)}
        recipient = self.fields.recipient.text()
        companions = self.fields.companion_names()
        name = None if opened and recipient.strip() == opened.recipient_name else recipient
        others = None if opened and companions == opened.companions else companions
        self._busy = True
        self._focused = self.fields.focusWidget()
        self.fields.setEnabled(False)  # nothing typed while it is being saved could get lost

        def succeed(outcome: Any) -> None:
            self._end_saving()
            self._pause()
            record = opened.id if opened else next(iter(outcome.records.get("visit", [])), "")
            self.drop_draft()
            self._new = False
            self.saved.emit(record, then_new)
            if done:
                done()

        def fail(sentence: str) -> None:
            self._end_saving()
            self._say(sentence, "bad")

        said = self.tr("已保存服务记录") if opened else self.tr("已登记服务，存为草稿")
        day = (self.fields.values()["time"] or [None])[0]
        if day and not context.period.start <= day <= context.period.end:
            said += self.tr("；日期不在{0}内，列表中请选“不限期间”").format(
                context.period.label or self.tr("所选期间")
            )
        context.do(
            lambda: visits.save(
                context.ledger, opened.id if opened else None, values, recipient_name=name, companions=others,
                opened=opened.seen if opened else None, submit=submit,
            ),
            said.replace(self.tr("，存为草稿"), "").replace(self.tr("已登记服务"), self.tr("已提交审核")) if submit else said,
            done=succeed,
            failed=fail,
            owner=self,
        )  # fmt: skip
        return True

    def _pause(self) -> None:
        """After an action another button stands where the first did: a double click must not press both."""
        for part in (self.approve, self.submit, self.back):
            part.setEnabled(False)
        QTimer.singleShot(PAUSE_MS, self, self._go_on)

    def _go_on(self) -> None:
        for part in (self.approve, self.submit, self.back):
            part.setEnabled(True)

    def _end_saving(self) -> None:
        self._busy = False
        self.fields.setEnabled(True)
        if self._focused is not None and shiboken6.isValid(self._focused):
            self._focused.setFocus()

    def pass_visit(self) -> None:
        """F8, only in review: so that nobody confirms by accident."""
        if self._opened and self.approve.isVisibleTo(self):
            o, c = self._opened, self._context
            c.do(lambda: visits.pass_visits(c.ledger, [o.id], opened={o.id: o.seen}), self.tr("审核通过"),
                 done=lambda _o: self.saved.emit(o.id, False), owner=self)  # fmt: skip

    def return_visit(self) -> None:
        """Return a visit with an opinion."""
        from ui.visits.opinion import ask_opinion

        if not self._opened:
            return
        opinion = ask_opinion(self)
        if opinion:
            o, c = self._opened, self._context
            c.do(lambda: visits.return_visits(c.ledger, [o.id], opinion, opened={o.id: o.seen}), self.tr("已退回"),
                 done=lambda _o: self.saved.emit(o.id, False), owner=self)  # fmt: skip

    def give_up(self) -> None:
        """Esc: asks only if something was typed."""
        if self.dirty:
            text = self.tr("放弃没有保存的内容？")
            if (
                ask(self, text, self.tr("放弃后，刚才输入的内容不再保留。"), [self.tr("放弃")], danger=True)
                != 0
            ):
                return
        new, opened = self._new, self._opened
        self.drop_draft()
        self._new = False
        if opened and not new:
            self.show_visit(opened, all_places(self._context, opened.values))
        else:
            self.closed.emit()

    def settle(self, then: Callable[[], object]) -> None:
        """Before something else is shown: saves or gives up what was typed, as the user says, then calls `then`."""
        if not self.dirty:
            if self._new:
                self.drop_draft()
                self._new = False
            then()
            return
        chosen = ask(
            self,
            self.tr("保存刚才输入的内容吗？"),
            self.tr("这条服务记录还没有保存。"),
            [self.tr("保存"), self.tr("不保存")],
        )
        if chosen == 0:
            self.save(done=then)
        elif chosen == 1:
            self.drop_draft()
            self._new = False
            then()

    def _menu(self) -> None:
        o = self._opened
        if not o:
            return
        menu = QMenu(self)
        menu.addAction(self.tr("复制为新记录\tCtrl+D")).triggered.connect(
            lambda: self.duplicateWanted.emit(o.id)
        )
        menu.addAction(self.tr("查看历史")).triggered.connect(lambda: self.historyWanted.emit(o.id))
        menu.addSeparator()
        menu.addAction(self.tr("删除")).triggered.connect(self.delete)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def delete(self) -> None:
        """Delete the visit; 撤销 brings it back."""
        o, c = self._opened, self._context
        if not o:
            return

        def deleted(_outcome: object) -> None:
            self.drop_draft()
            self.closed.emit()

        c.do(
            lambda: visits.delete(c.ledger, [o.id], {o.id: o.seen}),
            self.tr("已删除服务记录"),
            done=deleted,
            owner=self,
        )

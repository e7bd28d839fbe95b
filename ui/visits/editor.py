"""The visit editor: a card beside the list that shows, changes, submits and reviews one visit."""

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from commissioner_app import visits
from commissioner_app.drafts import Kept
from commissioner_app.places import PlaceRow
from commissioner_app.visits import Opened
from ui.context import Context
from ui.visits import saving
from ui.visits.beginning import Beginning
from ui.visits.card import WIDTH, VisitCard, bind
from ui.visits.fields import all_places
from ui.visits.head import review_of
from ui.visits.keeping import Keeper, photos_of
from ui.widgets.ask import ask

__all__ = ["WIDTH", "VisitEditor"]


class VisitEditor(VisitCard):
    """Signals: `saved` carries the visit's id and whether the next one is to begin; `closed` that nothing is edited any
    more; `historyWanted` a record's id whose history is to be shown; `duplicateWanted` one of which a copy is wanted.
    """

    saved = Signal(str, bool)
    closed = Signal()
    historyWanted = Signal(str)
    duplicateWanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._context = context
        self._opened: Opened | None = None
        self._new = False
        self._busy = False
        self._reason = ""
        self._focused: QWidget | None = None
        self.dirty = False
        self.keeper = Keeper(context, self.fields, self.photos.album, self)
        self.beginning = Beginning(context, self.fields, self)
        self.fields.edited.connect(self._typed)
        self.top.menuWanted.connect(self._menu)
        self.top.unlockWanted.connect(self.unlock)
        self.foot.cancelled.connect(self.give_up)
        self.foot.returned.connect(self.return_visit)
        self.foot.stored.connect(self.save)
        self.foot.submitted.connect(lambda: self.save(submit=True))
        self.foot.approved.connect(self.pass_visit)
        bind(self, "Esc", self.give_up)

    def bind_keys(self, page: QWidget) -> None:
        """Let the keys that save work wherever in the page the keyboard is."""
        bind(page, "Ctrl+S", self.save)
        bind(page, "Ctrl+Return", lambda: self.save(then_new=True))
        bind(page, "Ctrl+Enter", lambda: self.save(then_new=True))

    # -- showing ---------------------------------------------------------------------------------------

    @property
    def visit(self) -> str | None:
        """The visit shown; None for a new one or none."""
        return self._opened.id if self._opened else None

    @property
    def is_new(self) -> bool:
        """Whether a visit not yet saved is being typed."""
        return self._new

    @property
    def locked(self) -> bool:
        """Whether the visit has passed and no reason to change it has been given."""
        o = self._opened
        return bool(o and not self._new and review_of(o)[0] == "passed" and not o.stale and not self._reason)

    def show_visit(self, opened: Opened, places: list[PlaceRow]) -> None:
        """Show a visit as it was just read."""
        self._start(opened)
        self.fields.set_places(places)
        self.fields.load(opened.values, opened.recipient_name, opened.companions)
        self.photos.show_visit(opened.id)
        self.show_state()

    def begin(
        self, places: list[PlaceRow], values: dict[str, Any] | None = None, recipient: str = "",
        companions: list[str] | None = None,
    ) -> None:  # fmt: skip
        """Begin a new visit: as is likely for whom it is, or with the values of a duplicate."""
        before = self._opened
        self._start(None)
        self.fields.set_places(places)
        self.photos.show_visit(None)
        self.beginning.open(places, before, values, recipient, companions or [])
        self.show_state()
        (self.fields.place if self.fields.who.values() else self.fields.who).setFocus(
            Qt.FocusReason.TabFocusReason
        )

    def duplicate(self, opened: Opened, places: list[PlaceRow]) -> None:
        """Begin a visit like another one: today or the day after it, without its photos, opinion and review."""
        values = visits.duplicate_values(
            self._context.ledger,
            opened.id,
            self.beginning.day_after((opened.values.get("time") or [None])[0]),
        )
        self.begin(places, values, opened.recipient_name, opened.companions)

    def restore(self, kept: Kept, opened: Opened | None, places: list[PlaceRow]) -> None:
        """Go on with a draft that an earlier run has left; `opened` is its visit as it is now (None: a new one)."""
        # What the editor showed then is what was seen: a change made elsewhere since becomes a conflict.
        then = visits.opened_from_json(kept.content.get("opened")) if opened else None
        self._start(then or opened, kept.editor)
        self._reason = str(kept.content.get("reason") or "")
        self.fields.set_places(places)
        shown = self._opened
        self.fields.load(
            shown.values if shown else {},
            shown.recipient_name if shown else "",
            shown.companions if shown else [],
        )
        self.photos.show_visit(self.visit)
        self.fields.restore(kept.content.get("state") or {})
        self.dirty = True
        self._context.read(lambda: photos_of(self._context, kept), self.photos.album.restore, self, "photos")
        self.show_state()
        self.top.say(self.tr("已恢复上次没有保存的内容，请核对后保存。"), "info")

    def _start(self, opened: Opened | None, key: str = "") -> None:
        self._opened, self._new, self.dirty, self._reason = opened, opened is None, False, ""
        self.hints.refresh()
        self.keeper.begin(opened, key)

    def show_state(self) -> None:
        """Say above and offer below what fits the state of the visit."""
        o = self._opened
        self.fields.mark_disputed(o.conflicts if o else ())
        self.top.show_visit(None if self._new else o, self.locked, self._reason)
        self._show_foot()
        self.fields.set_locked(self.locked)
        self.photos.set_locked(self.locked)

    def _show_foot(self) -> None:
        reviewer = self._context.role != "commissioner"
        stale = bool(self._opened and self._opened.stale)
        self.foot.show_for(
            self._new, self.dirty, reviewer, review_of(self._opened), stale, bool(self._reason)
        )

    # -- typing ----------------------------------------------------------------------------------------

    def _typed(self, name: str) -> None:
        if self.locked:
            return
        if name == "photos" and not self._new:
            return  # what is added to a saved visit is saved at once
        if not self.dirty:
            self.dirty = True
            self._show_foot()
        if name == "who" and self._new:
            self.beginning.follow()
        self.keeper.typed(self._reason)

    def keep_draft(self) -> None:
        """Write what is typed to disk now."""
        if self.dirty:
            self.keeper.keep(wait=True)

    def drop_draft(self) -> None:
        """Forget what was typed."""
        self.keeper.end()
        self.dirty = False

    def unlock(self) -> None:
        """修改…: a visit that has passed may be changed once a reason is written."""
        from ui.visits.opinion import ask_reason

        if not self.locked:
            return
        reason = ask_reason(self)
        if reason:
            self._reason = reason
            self.show_state()
            self.fields.content.setFocus()

    # -- actions ---------------------------------------------------------------------------------------

    def save(
        self, submit: bool = False, then_new: bool = False, done: Callable[[], object] | None = None
    ) -> bool:
        """Save what was typed; False where a field has to be mended first."""
        if self._busy or (not self._new and not self._opened):
            return False
        if not (self.dirty or self._new or submit):
            if then_new:
                self.beginning.carry()
                self.saved.emit(self.visit or "", True)
            return True
        self.fields.place.settle()
        if self.fields.first_invalid():
            return False
        adding = self.photos.album.taking.running()
        if self._new and adding is not None:
            self.say(self.tr("照片还在添加，添加完就保存。"), "info")
            again = lambda: self.save(submit, then_new, done)  # noqa: E731
            adding.finished.connect(again, Qt.ConnectionType.QueuedConnection)
            return True
        self._busy = True
        self._focused = self.fields.focusWidget()
        self.fields.setEnabled(False)  # nothing typed while it is being saved could get lost

        def succeed(record: str) -> None:
            self._end_saving()
            self.foot.pause()
            if then_new:
                self.beginning.carry()
            self.drop_draft()
            self._new = False
            self.saved.emit(record, then_new)
            if done:
                done()

        def fail(sentence: str) -> None:
            self._end_saving()
            self.say(sentence, "bad")

        saving.save(
            self,
            self._context,
            self._opened,
            self.fields,
            self.photos.album,
            self._reason,
            submit,
            succeed,
            fail,
        )
        return True

    def _end_saving(self) -> None:
        self._busy = False
        self.fields.setEnabled(True)
        if self._focused is not None and shiboken6.isValid(self._focused):
            self._focused.setFocus()

    def pass_visit(self) -> None:
        """F8, only in review: so that nobody confirms by accident."""
        if self._opened and self.approve.isVisibleTo(self):
            saving.pass_visit(self, self._context, self._opened)

    def return_visit(self) -> None:
        """Return a visit with an opinion."""
        if self._opened:
            saving.return_visit(self, self._context, self._opened)

    def delete(self) -> None:
        """Delete the visit; 撤销 brings it back."""
        if self._opened:
            saving.delete(self, self._context, self._opened)

    def give_up(self) -> None:
        """Esc: asks only if something was typed."""
        if self.dirty:
            text = self.tr("放弃没有保存的内容？")
            told = self.tr("放弃后，刚才输入的内容不再保留。")
            if ask(self, text, told, [self.tr("放弃")], danger=True) != 0:
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
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("复制为新记录\tCtrl+D")).triggered.connect(
            lambda: self.duplicateWanted.emit(o.id)
        )
        menu.addAction(self.tr("查看历史")).triggered.connect(lambda: self.historyWanted.emit(o.id))
        menu.addSeparator()
        menu.addAction(self.tr("删除")).triggered.connect(self.delete)
        menu.popup(self.top.more.mapToGlobal(self.top.more.rect().bottomLeft()))

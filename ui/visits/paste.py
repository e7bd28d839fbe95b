"""粘贴识别: what commissioners wrote into WeChat is pasted, read, looked through, and saved as visits."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from commissioner_app import drafts, exchange, pastes, pasting, places, visits
from commissioner_app.ledgers import Outcome
from commissioner_app.pastes import Pasted
from commissioner_app.places import PlaceRow
from commissioner_app.recognise import Known, Where
from ui.context import Context
from ui.theme import Tone
from ui.visits import pasteitems, pastemarks, pastevalues
from ui.visits.pasteframe import PasteFrame
from ui.visits.pastelist import Line
from ui.visits.pastevalues import Controls, Item, Surroundings
from ui.widgets.ask import ask

PAUSE_MS = 450
"""So long after the last key the text is read again."""
DRAFT_MS = 1000
DRAFT = "paste"
_KNOWN = frozenset(
    {"recipient", "appointment", "appointment_person", "assignment", "commissioner", "batch", "setting"}
)


class PasteDialog(PasteFrame):
    """``saved`` carries the visits that were logged."""

    saved = Signal(list)

    def __init__(self, context: Context, parent: QWidget | None = None, place: str | None = None) -> None:
        super().__init__(context, parent)
        self._context, self._place = context, place
        self._known: Known | None = None
        self._around = Surroundings(context.divisions, {}, None)
        self._recipients: dict[str, str] = {}
        self._items: list[Item] = []
        self._gone: list[Item] = []
        self._at = -1
        self._read_text = ""
        self._busy = self._reading = self._own_who = False
        self._then: Callable[[], object] | None = None
        inside = (date.fromisoformat(context.period.start), date.fromisoformat(context.period.end))
        self.form.date.period = self.form.end_date.period = inside
        self.day.set_value(date.today())
        self._pause, self._later = self._timer(PAUSE_MS, self.read), self._timer(DRAFT_MS, self._keep)
        self._show_roster(places.listed(context.ledger, context.batch))
        self._connect()
        self._show_items()
        if not self._restore():
            text = QGuiApplication.clipboard().text()
            if pastes.looks_like_visits(text):
                self.text.setPlainText(text)
                self.read()
        self.text.setFocus()

    def _timer(self, pause: int, do: Callable[[], object]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(pause)
        made.timeout.connect(do)
        return made

    def _connect(self) -> None:
        self.text.textChanged.connect(self._text_changed)
        self.text.pasted.connect(self.read)
        self.text.replaced.connect(self._put_aside)
        self.who.changed.connect(self._choose_who)
        self.day.changed.connect(lambda _day: self.read())
        self.pasteWanted.connect(self.take_clipboard)
        self.clearWanted.connect(lambda: self.text.replace_all(""))
        self.readWanted.connect(self.read)
        self.saveWanted.connect(self.store)
        self.list.chosen.connect(self.go)
        self.list.ticked.connect(self._tick)
        self.list.itemActivated.connect(lambda _item: self.form.first_invalid() or self.form.date.setFocus())
        self.form.edited.connect(self._edited)
        self.form.placeChosen.connect(self._take_place)
        self.form.recipientChosen.connect(lambda record: self._type({"recipient_id": record}))
        self._context.changed.connect(self._ledger_changed)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        for keys, do in (
            ("Ctrl+S", lambda: self.store(False)),
            ("Ctrl+Return", lambda: self.store(True)),
            ("Ctrl+Enter", lambda: self.store(True)),
            ("Alt+Down", lambda: self.step(1)),
            ("Alt+Up", lambda: self.step(-1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.list)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self.take_clipboard)

    # -- whose text ------------------------------------------------------------------------------------

    def _show_roster(self, rows: list[PlaceRow]) -> None:
        """The roster by what the pickers show: names, the code where nobody holds a place or two are alike."""
        named: dict[str, PlaceRow] = {}
        for p in rows:
            words = p.name or p.code
            named[words if words not in named else f"{words}（{p.code}）"] = p
        period = self._context.period
        inside = (date.fromisoformat(period.start), date.fromisoformat(period.end))
        self._around = Surroundings(self._context.divisions, named, inside)
        for picker in (self.who, self.form.who):
            picker.set_choices(list(named))
        if not self._own_who and not self.who.values():
            own = exchange.own(self._context.ledger).place if self._context.role == "commissioner" else None
            self.who.set_values(self._around.words_of(own or self._place))

    def _choose_who(self, _values: list[str]) -> None:
        self._own_who = True
        self.read()

    def _chosen(self) -> str | None:
        """The place whose counties decide between places of one name."""
        found = [self._around.places[w].id for w in self.who.values() if w in self._around.places]
        return found[0] if found else None

    # -- the text --------------------------------------------------------------------------------------

    def take_clipboard(self) -> None:
        """Put the clipboard's text in the place of what is there."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.text.replace_all(text)
            self.read()
            self.list.setFocus()
        else:
            self.tell(self.tr("剪贴板里没有文字。请先在微信里复制消息，再粘贴。"), "warn")

    def _put_aside(self) -> None:
        """Another text comes: what was written over the visits of this one is not for that."""
        self._gone += [i for i in self._items if i.typed]
        self._items = []
        for item in self._gone:
            item.aside = True

    def _text_changed(self) -> None:
        if self.text.toPlainText() != self._read_text:
            self.text.set_frame(None)
            self._pause.start()
            self._later.start()

    def read(self) -> None:
        """重新识别: read the text on a worker thread; a later reading supersedes it."""
        self._pause.stop()
        text, known, rows = self.text.toPlainText(), self._known, list(self._around.places.values())
        ledger, batch, divisions = self._context.ledger, self._context.batch, self._context.divisions
        period = (self._context.period.start, self._context.period.end)
        chosen, day = self._chosen(), (self.day.value() or date.today()).isoformat()
        told = dict(self._recipients)

        def work() -> tuple[Known, list[PlaceRow], dict[str, str], list[Pasted]]:
            fresh = known is None
            k = pasting.known(ledger, None, day, period) if known is None else known
            roster = places.listed(ledger, batch) if fresh else rows
            names = pastes.recipient_choices(ledger, divisions) if fresh else told
            return k, roster, names, pastes.read(text, k, roster, chosen, day)

        self._reading = True
        self.bar.show()
        self.state.setText(self.tr("正在识别…"))
        self._context.read(
            work, lambda found: self._found(text, *found), self, "paste", failed=self._not_read
        )

    def _not_read(self, sentence: str) -> None:
        self._reading, self._then = False, None
        self.tell(sentence, "bad")
        self._show_state()

    def _found(
        self, text: str, known: Known, rows: list[PlaceRow], told: dict[str, str], found: list[Pasted]
    ) -> None:
        if self._known is not known:
            self._known, self._recipients = known, told
            self._show_roster(rows)
        self._reading, self._read_text = False, text
        if len(text) > pastes.LONGEST:
            self.tell(
                self.tr("文字太长（超过 {0} 字），请分几次粘贴。").format(f"{pastes.LONGEST:,}"), "warn"
            )
        elif text:
            self.tell("")
        self._name_sender(found)
        self._items, self._gone = pasteitems.carried([*self._items, *self._gone], found, text)
        self._at = min(max(self._at, 0), len(self._items) - 1)
        self.text.set_marks(pastemarks.marks(text, [i.found for i in self._items], self._context.divisions))
        groups = {m.group for m in self.text.marks()}
        self.legend.show_groups(groups)
        self.hint.setVisible(bool(groups))
        self._show_items()
        if self._then is not None:
            then, self._then = self._then, None
            then()

    def _name_sender(self, found: list[Pasted]) -> None:
        """One known name at the heads of the messages is whose text it is, until somebody says otherwise."""
        named = {p.sender for p in found}
        if len(named) == 1 and not self._own_who and (words := self._around.words_of(named.pop())):
            self.who.set_values(words)

    def _ledger_changed(self, kinds: Any) -> None:
        if not self._busy and kinds & _KNOWN:
            self._known = None
            self._pause.start()

    # -- the visits found ------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """The visits found, in the order of the text."""
        return list(self._items)

    def go(self, row: int) -> None:
        """Show a visit's fields and frame its part of the text."""
        if 0 <= row < len(self._items) and row != self._at:
            self._at = row
            self._show_items()
            self.area.verticalScrollBar().setValue(0)

    def step(self, by: int) -> None:
        """Alt+↑ ↓: the visit before or after, wherever the keyboard is."""
        self.go(min(max(self._at + by, 0), len(self._items) - 1))

    def values(self, row: int) -> Controls:
        """What stands in the form of a visit."""
        return pastevalues.standing(self._items[row], self._around, self.who.values())

    def _show_items(self) -> None:
        self.stack.setCurrentIndex(1 if self._items else 0)
        written = bool(self.text.toPlainText().strip())
        self.empty.set_sentence(
            self.tr("没有找到服务记录。请写明日期、地点或做了什么，例如：7月3日到大玉兰村指导山药种植。")
            if written
            else self.tr("把微信里的服务情况粘贴到左边，日期、地点、人数会自动填好。")
        )
        if self._items:
            self._show_form()
        self._show_lines()

    def _show_form(self) -> None:
        item, values = self._items[self._at], self.values(self._at)
        found = item.found
        units = pastemarks.Units(self._read_text)
        self.form.load(values)
        self.form.offer_places(found.places if pastevalues.place_is_open(item) else [])
        known = [] if {"recipient", "recipient_id"} & set(item.typed) else found.recipient_ids
        self.form.offer_recipients([(r, self._recipients.get(r, r)) for r in known])
        self._show_wrong(values)
        self.text.set_frame((units(found.start), units(found.end)))
        self._focus_moved(None, QApplication.focusWidget())

    def _show_wrong(self, values: Controls) -> None:
        wrong = pastevalues.wrong(self._items[self._at], values, self._around)
        self.form.show_wrong(wrong, pastevalues.doubts(self._items[self._at], values, self._around))

    def _show_lines(self) -> None:
        self.list.show_lines([self._line(row) for row in range(len(self._items))], self._at)
        self._show_state()

    def _line(self, row: int) -> Line:
        item, values = self._items[row], self.values(row)
        d = self._context.divisions
        when = _day_words(values["date"]) or self.tr("日期未填")
        when += f"—{_day_words(values['end_date'])}" if values["end_date"] else ""
        where = " ".join(
            t for t in (d.name(values["county"]), values["township"], values["village"]) if t
        ) or self.tr("地点未填")
        parts = ["、".join(values["who"]) or self.tr("特派员未选"), " ".join(values["content"].split())]
        wrong = pastevalues.wrong(item, values, self._around)
        doubts = {n for n in pastevalues.doubts(item, values, self._around) if n not in wrong}
        state, tone = self._state(len(wrong), len(doubts))
        return Line(f"{when}  {where}", " · ".join(p for p in parts if p), state, tone, item.ticked)

    def _state(self, wrong: int, doubts: int) -> tuple[str, Tone]:
        if wrong:
            return self.tr("缺 {0} 项").format(wrong), "bad"
        if doubts:
            return self.tr("{0} 处待核对").format(doubts), "warn"
        return self.tr("已填好"), "accent"

    def _show_state(self) -> None:
        ticked = [row for row, item in enumerate(self._items) if item.ticked]
        self.bar.setVisible(self._reading or self._busy)
        for part in (self.save, self.submit):
            part.setEnabled(bool(ticked) and not self._busy)
        if self._reading or self._busy:
            return
        text = ""
        if self._items:
            text = self.tr("识别出 {0} 条，勾选 {1} 条").format(len(self._items), len(ticked))
            short = sum(1 for row in ticked if self.list.line(row).tone == "bad")
            text += self.tr("，其中 {0} 条还缺内容").format(short) if short else ""
            text += self.tr("。Alt+↑↓ 换一条") if len(self._items) > 1 else self.tr("。")
        self.state.setText(text)

    # -- a person's writing ----------------------------------------------------------------------------

    def _edited(self, name: str) -> None:
        if 0 <= self._at < len(self._items) and name not in ("places", "known"):
            self._write({name: self.form.value(name)})
            values = self.values(self._at)
            if name == "village" and not values["township"] and values["county"]:
                divisions = self._context.divisions
                code = divisions.where(divisions.name(values["county"]), None, values["village"])[1]
                if code:
                    self._write({"township": divisions.name(code)})
                    self.form.load(self.values(self._at))
            self._show_wrong(self.values(self._at))
            self.list.show_line(self._at, self._line(self._at))
            self._show_state()

    def _write(self, controls: Controls) -> None:
        """What a person wrote stays over what is found; the same as was found is nothing written."""
        item = self._items[self._at]
        found = pastevalues.recognised(item, self._around, self.who.values())
        for name, value in controls.items():
            item.typed[name] = value
            if value == found[name]:
                del item.typed[name]
        self._later.start()

    def _type(self, controls: Controls) -> None:
        self._items[self._at].typed.update(controls)
        self._later.start()
        self._show_items()

    def _take_place(self, place: Where) -> None:
        d = self._context.divisions
        village = pastes.village_name(d, place.village)
        self._type({"county": place.county, "township": d.name(place.township), "village": village})
        self.form.village.setFocus()

    def _tick(self, row: int, on: bool) -> None:
        self._items[row].ticked = on
        self._later.start()
        self._show_state()

    def _focus_moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        name = self.form.name_of(now) if now is not None and self.isAncestorOf(now) else ""
        same = {"days": "half_days"}.get(name, name)
        self.text.emphasise(frozenset({same}) if same else frozenset())

    # -- saving ----------------------------------------------------------------------------------------

    def store(self, submit: bool) -> None:
        """Save what is ticked as drafts, or hand it in; the first field that is wrong is shown instead."""
        if self._busy:
            return
        if self._pause.isActive() or self._reading:
            self._then = lambda: self.store(submit)
            if self._pause.isActive():
                self.read()
            return
        ticked = [row for row, item in enumerate(self._items) if item.ticked]
        for row in ticked:
            if pastevalues.wrong(self._items[row], self.values(row), self._around):
                self.go(row)
                self.form.first_invalid()
                return
        if not ticked:
            return
        new = [pastevalues.new_visit(self.values(row), self._around) for row in ticked]
        ledger, count = self._context.ledger, len(new)
        said = self.tr("已提交 {0} 条，待审核") if submit else self.tr("已保存 {0} 条草稿")
        self._busy = True
        self.form.setEnabled(False)
        self.state.setText(self.tr("正在写入台账…"))
        self._show_state()
        self._context.do(
            lambda: visits.save_many(ledger, new, submit=submit), said.format(count),
            done=self._saved, failed=self._not_saved, owner=self,
        )  # fmt: skip

    def _saved(self, outcome: Outcome) -> None:
        self._drop()
        self.saved.emit(list(outcome.records.get("visit", [])))
        self.done(1)

    def _not_saved(self, sentence: str) -> None:
        self._busy = False
        self.form.setEnabled(True)
        self.tell(sentence, "bad")
        self._show_state()

    # -- leaving and coming again ----------------------------------------------------------------------

    def _keep(self) -> None:
        written = [*self._items, *self._gone]
        if not self.text.toPlainText().strip() and not any(i.typed for i in written):
            drafts.drop(self._context.ledger, DRAFT)
            return
        day = self.day.value()
        content = {
            "text": self.text.toPlainText(), "who": self.who.values(), "own_who": self._own_who,
            "day": day.isoformat() if day else None, "typed": pasteitems.to_json(written),
        }  # fmt: skip
        drafts.keep(self._context.ledger, DRAFT, content)

    def _restore(self) -> bool:
        kept = drafts.kept(self._context.ledger, DRAFT)
        if not kept or not isinstance(kept.get("text"), str) or not kept["text"].strip():
            return False
        self._gone = pasteitems.from_json(kept.get("typed"))
        self._own_who = bool(kept.get("own_who"))
        self.who.set_values(w for w in kept.get("who") or [] if w in self._around.places)
        self.day.set_value(date.fromisoformat(kept["day"]) if kept.get("day") else date.today())
        self.text.setPlainText(kept["text"])
        self._then = lambda: self.tell(self.tr("已恢复上次没有保存的内容。不需要时点“清空”，或按 Esc 放弃。"))
        self.read()
        return True

    def _drop(self) -> None:
        self._later.stop()
        drafts.drop(self._context.ledger, DRAFT)

    def reject(self) -> None:
        """Esc, 取消 and the window's cross ask only if somebody wrote something over what was found."""
        if self._busy:
            return
        if any(i.typed and not i.aside for i in (*self._items, *self._gone)) and ask(
            self, self.tr("放弃这次粘贴识别？"), self.tr("改过的内容还没有保存，放弃后不再保留。"),
            [self.tr("放弃")], danger=True,
        ) != 0:  # fmt: skip
            return
        self._drop()
        super().reject()


def _day_words(text: str) -> str:
    """7月3日 周日; what is no date yet as it was typed."""
    day = QDate.fromString(text, "yyyy-MM-dd")
    china = QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    return china.toString(day, "M月d日 ddd") if day.isValid() else text


def recognise(
    owner: QWidget, context: Context, place: str | None, done: Callable[[list[str]], object]
) -> PasteDialog:
    """Open 粘贴识别 over the window; `place` is whose text it is at first, `done` gets the visits that were logged."""
    dialog = PasteDialog(context, owner, place)
    dialog.saved.connect(done)
    dialog.open()
    return dialog

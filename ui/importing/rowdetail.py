"""One row of the rehearsal: the person, what would change, and for a doubtful one both sides and the question."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from commissioner_app import people
from commissioner_app.imports.match import Candidate
from commissioner_app.imports.plan import KEEP, OTHER, SAME_AS, SKIP, Action, PlanRow
from ui.clearing import clear
from ui.importing.candidates import Candidates
from ui.importing.planmodel import Line
from ui.importing.words import DASH, ID_NUMBER, TONES, WRITES, action_word, letter
from ui.theme import Size
from ui.widgets.basic import button, label, restyle, rule, scroll
from ui.widgets.card import Card
from ui.widgets.pill import Pill

WIDTH = 360
_FIELD = 76


class RowDetail(Card):
    """``decided`` carries a decision as the plan knows it, "" to take one back; ``tableWanted`` asks to see the row
    among its neighbours."""

    decided = Signal(str)
    tableWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(flush=True, parent=parent)
        self.setFixedWidth(WIDTH)
        self.line: Line | None = None
        self._decision = ""
        self._filled = 0  # rows of the grid that are in use
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP)
        self._column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        self.name, self.pill = label("", "cardtitle", wrap=True), Pill()
        head.addWidget(self.name, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        self.where = label("", "caption", wrap=True)
        self.look = button(self.tr("在表中查看"), "link", on_click=self.tableWanted.emit)
        self.notice = label("", "notice", wrap=True)
        self.notes = label("", "notice", tone="info", wrap=True)
        line = QHBoxLayout()
        line.addWidget(self.where, 1)
        line.addWidget(self.look)
        self._column.addLayout(line)
        for part in (self.notice, self.notes):
            self._column.addWidget(part)
        self.candidates = Candidates()
        self.candidates.chosen.connect(self._compare)
        self._column.addWidget(self.candidates)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Size.GAP + Size.TIGHT)
        self._grid.setVerticalSpacing(Size.GAP)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self.body.addWidget(scroll(inner), 1)
        self._asking = self._foot()
        self.body.addWidget(self._asking)

    def _foot(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.TIGHT)
        column.setSpacing(Size.GAP)
        column.addWidget(rule())
        self.rename = QCheckBox()
        column.addWidget(self.rename)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.same = button(self.tr("同一人"), on_click=lambda: self.answer(1))
        self.other = button(self.tr("不是同一人"), on_click=lambda: self.answer(2))
        self.skip = button(self.tr("跳过"), on_click=lambda: self.answer(3))
        self.back = button(self.tr("改回去"), icon="undo", on_click=lambda: self.answer(0))
        for number, each in enumerate((self.same, self.other, self.skip), 1):
            each.setToolTip(self.tr("{0}（{1}）").format(each.text(), number))
            row.addWidget(each)
        self.back.setToolTip(self.tr("改回去（退格键）"))
        row.addWidget(self.back)
        row.addStretch(1)
        column.addLayout(row)
        self.keys = label(self.tr("也可以按 1、2、3 键，随后到下一个需确认的行"), "caption")
        column.addWidget(self.keys)
        return foot

    # -- showing ---------------------------------------------------------------------------------------

    def show_line(
        self, line: Line | None, decision: str = "", asked: tuple[Candidate, ...] = (), several: int = 1
    ) -> None:
        """Show a row, what was decided about it, and whom it could mean; `several` rows are selected together."""
        if line is None or self.line is None or line.key != self.line.key:
            self.rename.setChecked(True)
        self.line, self._decision = line, decision
        row = line.row if line else None
        self.setAccessibleName(self.tr("第 {0} 行").format(line.number) if line else "")
        self.name.setText((row.name if row else line.sheet if line else "") or self.tr("（没有姓名）"))
        self.pill.set(action_word(line.action) if line else "", TONES[line.action] if line else "plain")
        self.where.setText(self._where(line))
        self.look.setVisible(row is not None)
        self.candidates.offer(asked, decision.partition(":")[2])
        self.candidates.setVisible(len(asked) > 1 and not decision)
        self._show_notices(line)
        self._compare()
        self._show_buttons(line, several)

    def _where(self, line: Line | None) -> str:
        if line is None:
            return ""
        parts = [line.sheet] if line.sheet else []
        if line.number:
            parts.append(self.tr("第 {0} 行").format(line.number))
        if line.row and line.row.section:
            parts.append(line.row.section)
        return " · ".join(parts)

    def _show_notices(self, line: Line | None) -> None:
        row = line.row if line else None
        text, tone = "", "warn"
        if line is not None and line.action in (Action.ASK, Action.PROBLEM):
            text, tone = line.text, "bad" if line.action == Action.PROBLEM else "warn"
        elif self._decision == SKIP:
            text, tone = self.tr("这一行不会导入。"), "accent"
        elif self._decision:
            same = self._decision.startswith((SAME_AS, KEEP))
            who = self.candidates.current()
            text = (
                self.tr("您已确认：就是台账中的{0}。").format(who.name if who else "")
                if same
                else self.tr("您已确认：不是同一人。")
            )
            tone = "accent"
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        self.notice.setVisible(bool(text))
        self.notes.setText("\n".join(row.notes) if row else "")
        self.notes.setVisible(bool(row and row.notes))
        for part in (self.notice, self.notes):
            restyle(part)

    def _show_buttons(self, line: Line | None, several: int) -> None:
        asking = line is not None and line.action == Action.ASK
        can_skip = line is not None and line.row is not None and line.action in WRITES and not self._decision
        self.same.setVisible(asking and self.candidates.current() is not None)
        self.other.setVisible(asking)
        self.skip.setVisible(asking or can_skip)
        self.skip.setText(self.tr("跳过") if asking else self.tr("不导入这一行"))
        if several > 1:
            self.skip.setText(self.tr("跳过选中的 {0} 行").format(several))
        self.skip.setAccessibleName(self.skip.text())
        self.back.setVisible(bool(self._decision))
        self.keys.setVisible(asking)
        self._asking.setVisible(asking or can_skip or bool(self._decision))

    def _compare(self) -> None:
        clear(self._grid)
        self._filled = 0
        row = self.line.row if self.line else None
        if row is None:
            return
        candidate = self.candidates.current() if not self._decision else None
        differs = candidate is not None and bool(row.name) and candidate.name != row.name
        self.rename.setVisible(differs)
        self.rename.setText(self.tr("同一人时，姓名改为表中的“{0}”").format(row.name))
        if candidate is not None:
            self._both_sides(row, candidate)
        elif self.line is not None and self.line.action == Action.PROBLEM:
            self._facts(_as_written(row))
        elif row.changes and not row.fresh:
            self._lines([(c.field, c.old, c.new) for c in row.changes], self.tr("台账中"), self.tr("改为"))
        else:
            facts = [
                (self.tr("名额"), row.place),
                (self.tr("服务团"), row.team),
                (self.tr("受援县"), row.county),
            ]
            shown = [(field, text) for field, text in facts if text]
            taken = {field for field, _text in shown} | {"姓名", "名额编号"}
            values = {f: people.mask_id(text) if f == ID_NUMBER else text for f, text in row.values.items()}
            self._facts(shown + [(f, text) for f, text in values.items() if text and f not in taken])

    def _both_sides(self, row: PlanRow, candidate: Candidate) -> None:
        sides = [
            (self.tr("姓名"), candidate.name, row.name),
            (self.tr("派出单位"), candidate.unit, row.values.get("派出单位", "")),
            (self.tr("联系电话"), candidate.phone, row.values.get("联系电话", "")),
            (self.tr("名额"), candidate.place or self.tr("本年度没有"), row.values.get("名额编号", "")),
        ]
        self._lines(sides, self.tr("台账中"), self.tr("表中"))
        if candidate.why and self.candidates.several():
            why = label(self.tr("可能是同一人：{0}").format(candidate.why), "caption", wrap=True)
            self._grid.addWidget(why, self._filled, 0, 1, 3)
            self._filled += 1

    def _lines(self, rows: Sequence[tuple[str, str, str]], left: str, right: str) -> None:
        self._grid.addWidget(label(left, "caption"), 0, 1)
        self._grid.addWidget(label(right, "caption"), 0, 2)
        for n, (field, old, new) in enumerate(rows, 1):
            differs = bool(old and new and old != new)
            self._grid.addWidget(_caption(field), n, 0, Qt.AlignmentFlag.AlignTop)
            before, after = label(old or DASH, "sub", wrap=True), label(new or DASH, wrap=True)
            if differs:
                font = after.font()
                font.setBold(True)
                after.setFont(font)
            self._grid.addWidget(before, n, 1, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(after, n, 2, Qt.AlignmentFlag.AlignTop)
        self._filled = len(rows) + 1
        for column, stretch in enumerate((0, 1, 1)):
            self._grid.setColumnStretch(column, stretch)

    def _facts(self, facts: Sequence[tuple[str, str]]) -> None:
        for field, text in facts:
            self._grid.addWidget(_caption(field), self._filled, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label(text, wrap=True), self._filled, 1, 1, 2)
            self._filled += 1
        for column, stretch in enumerate((0, 1, 1)):
            self._grid.setColumnStretch(column, stretch)

    # -- deciding --------------------------------------------------------------------------------------

    def answer(self, number: int) -> None:
        """1 同一人, 2 不是同一人, 3 跳过, 0 takes the decision back; what is not offered does nothing."""
        offered = {1: self.same, 2: self.other, 3: self.skip, 0: self.back}[number]
        if self.line is None or offered.isHidden() or self._asking.isHidden():
            return
        candidate = self.candidates.current()
        if number == 1 and candidate is not None:
            keeps = not self.rename.isHidden() and not self.rename.isChecked()
            self.decided.emit((KEEP if keeps else SAME_AS) + candidate.commissioner)
        elif number != 1:
            self.decided.emit({2: OTHER, 3: SKIP, 0: ""}[number])


def _caption(text: str) -> QLabel:
    """A caption on the line of the text beside it."""
    made = label(text, "caption", wrap=True)
    made.setContentsMargins(0, 3, 0, 0)
    made.setFixedWidth(_FIELD)
    return made


def _as_written(row: PlanRow) -> list[tuple[str, str]]:
    """The row's own cells under the titles of their columns."""
    titles = row.proposal.titles if row.proposal else ()
    columns = row.proposal.columns if row.proposal else {}
    found = []
    for n, cell in enumerate(row.cells):
        title = " ".join(titles[n].split()) if n < len(titles) else ""
        if cell:
            found.append((title or letter(n), people.mask_id(cell) if columns.get(n) == ID_NUMBER else cell))
    return found

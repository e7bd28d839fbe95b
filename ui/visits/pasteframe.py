"""The frame of 粘贴识别: the text with whose it is at the left, the visits found at the right, the buttons below."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.context import Context
from ui.theme import Size, Tone
from ui.visits.pasteform import PasteForm, who_list
from ui.visits.pastelist import PasteList
from ui.visits.pastetext import Legend, PasteText
from ui.widgets.basic import button, label, restyle, rule, scroll
from ui.widgets.card import Card
from ui.widgets.dateedit import DateField
from ui.widgets.empty import EmptyState

WIDEST, HIGHEST, TEXT_WIDTH = 1320, 860, 440
_MARGIN = 40


class PasteFrame(QDialog):
    """The controls of the window; the buttons only say what is wanted."""

    pasteWanted = Signal()
    clearWanted = Signal()
    readWanted = Signal()
    saveWanted = Signal(bool)

    def __init__(self, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("粘贴识别"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(self._room())
        self.text, self.legend = PasteText(), Legend()
        self.who, self.day = who_list(), DateField()
        self.list, self.form = PasteList(), PasteForm(context)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Size.GAP_MID, Size.GAP_MID, Size.GAP_MID, Size.GAP + Size.TIGHT)
        whole.setSpacing(Size.GAP + Size.TIGHT)
        self.notice = label("", "notice", wrap=True)
        self.notice.hide()
        whole.addWidget(self.notice)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP_MID)
        row.addWidget(self._left())
        row.addWidget(self._right(), 1)
        whole.addLayout(row, 1)
        whole.addLayout(self._foot())

    def _room(self) -> QSize:
        owner = self.parentWidget()
        around = owner.window().size() if owner is not None else QSize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
        return QSize(min(around.width() - _MARGIN, WIDEST), min(around.height() - _MARGIN, HIGHEST))

    def _left(self) -> QWidget:
        card = Card(self.tr("文字"))
        card.setFixedWidth(TEXT_WIDTH)
        self.paste = button(self.tr("粘贴"), "link", on_click=self.pasteWanted.emit)
        self.paste.setToolTip(self.tr("换成剪贴板里的文字（在文字框外按 Ctrl+V）"))
        self.clear = button(self.tr("清空"), "link", on_click=self.clearWanted.emit)
        self.again = button(self.tr("重新识别"), "link", shortcut="F5", on_click=self.readWanted.emit)
        for part in (self.paste, self.again, self.clear):
            card.head.addWidget(part)
        card.body.setSpacing(Size.GAP)
        top = QHBoxLayout()
        top.setSpacing(Size.GAP)
        who, day = self.tr("特派员"), self.tr("消息日期")
        for caption, field, tip, stretch in (
            (who, self.who, self.tr("谁写的；微信消息开头有名单里的姓名时，按那个姓名"), 3),
            (day, self.day, self.tr("“昨天”“上周五”从这一天算起；消息开头有日期时，按那个日期"), 2),
        ):
            column = QVBoxLayout()
            column.setSpacing(Size.TIGHT)
            head = label(caption, "caption")
            head.setBuddy(field)
            column.addWidget(head)
            field.setAccessibleName(caption)
            field.setToolTip(tip)
            column.addWidget(field)
            top.addLayout(column, stretch)
        card.body.addLayout(top)
        card.body.addWidget(self.text, 1)
        card.body.addWidget(self.legend)
        self.hint = label(self.tr("没有底色的文字没有填入各栏，原样留在服务内容里。"), "caption", wrap=True)
        self.hint.hide()
        card.body.addWidget(self.hint)
        return card

    def _right(self) -> QWidget:
        self.stack = QStackedWidget()
        self.empty = EmptyState("paste", "", action=self.tr("粘贴"))
        self.empty.begun.connect(self.pasteWanted.emit)
        blank = Card(flush=True)
        blank.body.addWidget(self.empty)
        self.stack.addWidget(blank)
        card = Card(flush=True)
        box = QVBoxLayout()
        box.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, 0)
        box.addWidget(self.list)
        card.body.addLayout(box)
        card.body.addWidget(rule())
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        column.addWidget(self.form)
        self.more = button(self.tr("更多字段"), "link")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_more)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.area = scroll(inner)
        card.body.addWidget(self.area, 1)
        self.stack.addWidget(card)
        return self.stack

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(2 * Size.COLUMN_WIDEST)
        self.bar.hide()
        self.state = label("", "sub", wrap=True)
        self.cancel = button(self.tr("取消"), on_click=self.reject)
        self.cancel.setToolTip(self.tr("取消（Esc）"))
        self.save = button(self.tr("保存为草稿"), on_click=lambda: self.saveWanted.emit(False))
        self.save.setToolTip(self.tr("勾选的存为草稿（Ctrl+S），可以撤销"))
        self.submit = button(self.tr("提交审核"), "primary", on_click=lambda: self.saveWanted.emit(True))
        self.submit.setToolTip(self.tr("勾选的提交审核（Ctrl+Enter），可以撤销"))
        row.addWidget(self.bar)
        row.addWidget(self.state, 1)
        for part in (self.cancel, self.save, self.submit):
            row.addWidget(part)
        return row

    def _show_more(self, on: bool) -> None:
        self.more.setText(self.tr("收起空的字段") if on else self.tr("更多字段"))
        self.form.show_all(on)

    def tell(self, text: str, tone: Tone = "info") -> None:
        """Say something above everything that must be read; "" takes it away."""
        self.notice.setText(text)
        self.notice.setProperty("tone", tone)
        restyle(self.notice)
        self.notice.setVisible(bool(text))

"""What was written: the files, the passphrase once more, and what to do next."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commissioner_app import maintenance
from commissioner_app.exchange import Peer, Sent
from ui.clearing import clear
from ui.exchange import words
from ui.exchange.code import CodeView
from ui.theme import Size
from ui.widgets.basic import button, label, scroll
from ui.widgets.card import Card
from ui.widgets.glyph import Glyph


class SentCard(Card):
    """``again`` asks for another copy."""

    again = Signal()

    def __init__(self) -> None:
        super().__init__(flush=True)
        self._sent: Sent | None = None
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID, Size.GAP)
        column.setSpacing(Size.GAP)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP + Size.TIGHT)
        head.addWidget(Glyph("done", "accent", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(Size.TIGHT)
        self.title = label(self.tr("已写好并核对无误"), "cardtitle")
        self.about = label("", "sub", wrap=True)
        texts.addWidget(self.title)
        texts.addWidget(self.about)
        head.addLayout(texts, 1)
        column.addLayout(head)
        column.addSpacing(Size.GAP)
        self._files = QVBoxLayout()
        self._files.setSpacing(Size.GAP)
        column.addLayout(self._files)
        self.where = label("", "caption", wrap=True)
        column.addWidget(self.where)
        self.secret = QWidget()
        inside = QVBoxLayout(self.secret)
        inside.setContentsMargins(0, Size.GAP, 0, 0)
        inside.setSpacing(Size.GAP)
        inside.addWidget(label(self.tr("打开口令"), "cardtitle"))
        self.phrase = CodeView()
        inside.addWidget(self.phrase)
        inside.addWidget(
            label(
                self.tr("请打电话把口令告诉对方，不要和文件放在同一条微信消息里。离开本页后不再显示。"),
                "notice",
                tone="warn",
                wrap=True,
            )
        )
        column.addWidget(self.secret)
        column.addSpacing(Size.GAP)
        self.hint = label("", "sub", wrap=True)
        column.addWidget(self.hint)
        column.addStretch(1)
        self.body.addWidget(scroll(inner), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_MID, Size.TIGHT, Size.GAP_MID, Size.GAP)
        foot.setSpacing(Size.GAP)
        foot.addStretch(1)
        foot.addWidget(button(self.tr("再发一份"), on_click=self.again.emit))
        self.folder_button = button(
            self.tr("打开所在文件夹"), "primary", icon="folder", on_click=self.open_folder
        )
        foot.addWidget(self.folder_button)
        self.body.addLayout(foot)

    def show_sent(self, peer: Peer, sent: Sent, passphrase: str) -> None:
        """Show what was written for whom."""
        self._sent = sent
        parts = [self.tr("{0} 处改动").format(words.number(sent.changes))] if sent.changes else []
        if sent.photos:
            parts.append(self.tr("{0} 张照片").format(words.number(sent.photos)))
        inside = "、".join(parts) or self.tr("没有新内容，只有回执")
        self.about.setText(self.tr("发给{0}：{1}").format(peer.name, inside))
        clear(self._files)
        for path in sent.files:
            self._files.addWidget(
                _file(path.name, _size(path.stat().st_size if path.is_file() else sent.bytes))
            )
        if sent.files:
            self.where.setText(self.tr("位置：{0}").format(sent.files[0].parent))
        self.secret.setVisible(bool(passphrase))
        self.phrase.show_code(passphrase)
        if len(sent.files) > 1:
            text = self.tr("内容较多，分成 {0} 个文件，请全部交给对方，先后次序不限。").format(
                len(sent.files)
            )
        else:
            text = self.tr("用 U 盘拷给对方，或用微信、邮件发送这个文件。拔下 U 盘前请先安全弹出。")
        self.hint.setText(text + self.tr("对方接收后发来的下一份文件会确认收到。"))
        self.setAccessibleName(f"{self.title.text()}，{self.about.text()}")

    def forget(self) -> None:
        """Show no passphrase any more."""
        self.phrase.show_code("")

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        if self._sent and self._sent.files:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._sent.files[0].parent)))


def _file(name: str, size: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Size.GAP)
    row.addWidget(Glyph("document", "accent", Size.NAV_ICON), 0, Qt.AlignmentFlag.AlignTop)
    text = label(name, wrap=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    row.addWidget(text, 1)
    row.addWidget(label(size, "caption"), 0, Qt.AlignmentFlag.AlignTop)
    return line


def _size(size: int) -> str:
    return maintenance.size_text(size)

"""The 核对码 as people read it out: groups of four in boxes; and the question whether both have the same."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app.exchange import Peer
from ui import theme
from ui.theme import Size
from ui.widgets.basic import button, label
from ui.widgets.glyph import Glyph


class CodeBoxes(QWidget):
    """Groups in boxes, `columns` in a row; a screen reader gets the groups one after the other."""

    def __init__(self, columns: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: list[str] = []
        self._columns = columns
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_code(self, text: str) -> None:
        """Show a text whose groups are separated by spaces or hyphens."""
        self._groups = text.replace("-", " ").split()
        self.setAccessibleName("，".join(" ".join(group) for group in self._groups))
        self.updateGeometry()
        self.update()

    def groups(self) -> list[str]:
        """What stands in the boxes."""
        return self._groups

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(Size.PAGE_TITLE)
        font.setBold(True)
        return font

    def _cell(self) -> QSize:
        metrics = QFontMetrics(self._font())
        widest = max((metrics.horizontalAdvance(group) for group in [*self._groups, "0000"]), default=0)
        return QSize(widest + Size.GAP_MID, Size.CONTROL + Size.TIGHT)

    def sizeHint(self) -> QSize:
        cell = self._cell()
        across = max(min(self._columns, len(self._groups)), 1)
        down = -(-len(self._groups) // self._columns)
        return QSize(
            across * (cell.width() + Size.GAP) - Size.GAP,
            max(down * (cell.height() + Size.GAP) - Size.GAP, 0),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, cell = theme.tokens(), self._cell()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        for at, group in enumerate(self._groups):
            row, column = divmod(at, self._columns)
            box = QRectF(
                column * (cell.width() + Size.GAP),
                row * (cell.height() + Size.GAP),
                cell.width(),
                cell.height(),
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.track))
            painter.drawRoundedRect(box, Size.RADIUS, Size.RADIUS)
            painter.setPen(QColor(t.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, group)
        painter.end()


class CodeView(QWidget):
    """The boxes with 复制 beside or below them; ``copied`` is sent after that."""

    copied = Signal()

    def __init__(self, columns: int = 3, *, beside: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.boxes = CodeBoxes(columns)
        self.copier = button(self.tr("复制"), "link", icon="copy", on_click=self.copy)
        box: QHBoxLayout | QVBoxLayout = QHBoxLayout(self) if beside else QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(Size.GAP)
        box.addWidget(self.boxes)
        box.addWidget(self.copier)
        box.addStretch(1)

    def show_code(self, text: str) -> None:
        """Show a 核对码 or a passphrase."""
        self._text = text
        self.boxes.show_code(text)
        self.copier.setVisible(bool(text))
        self.copier.setText(self.tr("复制"))

    def text(self) -> str:
        """What is shown."""
        return self._text

    def copy(self) -> None:
        """Put it on the clipboard."""
        QGuiApplication.clipboard().setText(self._text)
        self.copier.setText(self.tr("已复制"))
        self.copied.emit()


class CompareCode(QDialog):
    """Asks whether the other side reads out the same 核对码; accepted means yes."""

    def __init__(self, parent: QWidget | None, peer: Peer) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("核对后认可"))
        self.setFixedWidth(Size.DIALOG)
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP_MID)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP_MID)
        head.addWidget(Glyph("phone", "accent", Size.DIALOG_ICON), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(Size.GAP)
        texts.addWidget(label(self.tr("认可{0}？").format(peer.name), "cardtitle", wrap=True))
        texts.addWidget(label(compare_text(peer), wrap=True))
        head.addLayout(texts, 1)
        column.addLayout(head)
        self.code = CodeView()
        self.code.show_code(peer.fingerprint)
        self.code.setContentsMargins(Size.DIALOG_ICON + Size.GAP_MID, 0, 0, 0)
        column.addWidget(self.code)
        row = QHBoxLayout()
        row.setSpacing(Size.GAP)
        row.addStretch(1)
        self.yes = button(self.tr("已核对一致，认可"), "primary", on_click=self.accept)
        self.no = button(self.tr("取消"), on_click=self.reject)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        column.addLayout(row)
        self.no.setDefault(True)
        self.no.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:  # only now the style sheet has given the texts their size
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))


def compare_text(peer: Peer) -> str:
    """What a person does with a 核对码."""
    return QCoreApplication.translate(
        "CompareCode",
        "请打电话给{0}，请对方打开“数据交换 → 使用单位”，把本机的核对码逐组念给您听。"
        "每一组都一样才能认可；有一组不同，文件就不是对方发来的。",
    ).format(peer.name)

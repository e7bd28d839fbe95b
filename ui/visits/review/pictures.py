"""Pictures: the photos and signed sheets of a visit, one large, all small below it."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListView, QListWidget, QListWidgetItem

from commissioner_app import attachments, photos
from commissioner_app.attachments import SCAN, AttachmentRow
from commissioner_app.errors import LedgerError
from commissioner_app.ledgers import Ledger
from ui import icons
from ui.context import Context
from ui.theme import Size
from ui.visits.picture import Picture
from ui.widgets.basic import label
from ui.widgets.card import Card

_THUMB = QSize(84, 64)
_LARGE = 1600


class Pictures(Card):
    """← and → of the page choose the next one."""

    def __init__(self, context: Context) -> None:
        super().__init__(flush=True)
        self._context = context
        self._rows: Sequence[AttachmentRow] = ()
        self._papers = ""
        self.large = Picture()
        self.large.pressed.connect(lambda: self.step(1))
        self.caption = label("", "caption")
        self.strip = QListWidget()
        self.strip.setViewMode(QListView.ViewMode.IconMode)
        self.strip.setFlow(QListView.Flow.LeftToRight)
        self.strip.setWrapping(False)
        self.strip.setMovement(QListView.Movement.Static)
        self.strip.setIconSize(_THUMB)
        self.strip.setGridSize(QSize(_THUMB.width() + Size.GAP, _THUMB.height() + Size.GAP))
        self.strip.setFixedHeight(_THUMB.height() + Size.GAP + Size.TIGHT)
        self.strip.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.strip.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip.setAccessibleName(self.tr("照片和签字单"))
        self.strip.currentRowChanged.connect(self._show_large)
        outer = QHBoxLayout()
        outer.setContentsMargins(Size.GAP, Size.GAP, Size.GAP, 0)
        outer.addWidget(self.large)
        self.body.addLayout(outer, 1)
        line = QHBoxLayout()
        line.setContentsMargins(Size.GAP_MID, 0, Size.GAP_MID, 0)
        line.addWidget(self.caption)
        line.addStretch(1)
        self.body.addLayout(line)
        below = QHBoxLayout()
        below.setContentsMargins(Size.GAP_MID - 2, 0, Size.GAP, 0)
        below.addWidget(self.strip)
        self.body.addLayout(below)

    def show_pictures(self, rows: Sequence[AttachmentRow], papers: int) -> None:
        """Show these; the one in view stays in view where it is among them."""
        at = self.strip.currentRow()
        kept = self._rows[at].id if 0 <= at < len(self._rows) else ""
        if [r.id for r in rows] == [r.id for r in self._rows] and rows:
            return
        self._rows = rows
        blocked = self.strip.blockSignals(True)
        self.strip.clear()
        for row in rows:
            item = QListWidgetItem(icons.icon("document" if row.kind == SCAN else "photo"), "")
            item.setToolTip(self._said(row))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self._said(row))
            item.setSizeHint(_THUMB)
            self.strip.addItem(item)
        self.strip.blockSignals(blocked)
        self.strip.setVisible(len(rows) > 1)
        self._papers = self.tr("另有 {0} 份材料").format(papers) if papers else ""
        if not rows:
            self.large.show_image(None, sentence=self.tr("没有照片和签字单"))
            self.caption.setText(self._papers)
            return
        self.strip.setCurrentRow(next((n for n, r in enumerate(rows) if r.id == kept), 0))
        if len(rows) > 1:
            ledger, asked = self._context.ledger, rows

            def read() -> list[QImage | None]:
                return [_small(ledger, row, _THUMB.width() * 2) for row in asked]

            self._context.read(read, lambda found: self._show_small(asked, found), self, "thumbs")

    def step(self, step: int) -> None:
        """The next picture, or the one before."""
        if self._rows:
            self.strip.setCurrentRow((self.strip.currentRow() + step) % len(self._rows))

    def _said(self, row: AttachmentRow) -> str:
        taken = self.tr("拍摄于 {0}").format(row.taken_at.replace("T", " ")[:16]) if row.taken_at else ""
        return " · ".join(t for t in (row.kind, row.caption, row.file_name, taken) if t)

    def _show_small(self, asked: Sequence[AttachmentRow], found: Sequence[QImage | None]) -> None:
        if asked is not self._rows:
            return
        for n, image in enumerate(found):
            if image is not None:
                icon, picture = QIcon(), QPixmap.fromImage(image)
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # a chosen one is not tinted
                    icon.addPixmap(picture, mode)
                self.strip.item(n).setIcon(icon)

    def _show_large(self, at: int) -> None:
        if not 0 <= at < len(self._rows):
            return
        row = self._rows[at]
        count = self.tr("第 {0} / {1} 张").format(at + 1, len(self._rows)) if len(self._rows) > 1 else ""
        self.caption.setText("　".join(t for t in (count, self._said(row), self._papers) if t))
        ledger = self._context.ledger
        self._context.read(
            lambda: _small(ledger, row, _LARGE), lambda image: self._shown(row, image), self, "large"
        )

    def _shown(self, row: AttachmentRow, image: QImage | None) -> None:
        at = self.strip.currentRow()
        if 0 <= at < len(self._rows) and self._rows[at].id == row.id:
            sentence = self.tr("这张照片还没有收到，可在数据交换中请对方补发。")
            self.large.show_image(
                image, self._said(row), sentence if not row.here else self.tr("无法显示这张图片。")
            )


def _small(ledger: Ledger, row: AttachmentRow, side: int) -> QImage | None:
    """A picture at most so many pixels long; None where its bytes have not arrived or are none of a picture."""
    try:
        return QImage.fromData(QByteArray(photos.thumbnail(attachments.data(ledger, row), side)))
    except LedgerError:
        return None

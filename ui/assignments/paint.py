"""How a card is painted, and the picture that hangs at the pointer while cards are dragged."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui import icons, theme
from ui.assignments.cards import CardText, Index
from ui.theme import Size
from ui.widgets.pill import caption_font, paint_pill, pill_width

PAD = 10
LINE = 20
PALE = 0.45
MIN_PILL = 44
DRAG_WIDTH = 208


def card_height(card: CardText) -> int:
    """The height of a card without the gap below it."""
    return 2 * PAD + LINE + 2 + LINE * len(card.lines)


def card_box(whole: QRect) -> QRect:
    """Where the card itself lies in the room that its row takes: below it is the gap."""
    return whole.adjusted(1, 1, -1, -Size.GAP + 1)


class CardDelegate(QStyledItemDelegate):
    """Paints a card: title and category pill, then its lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = index.model().cards()[index.row()]  # type: ignore[attr-defined]
        return QSize(120, card_height(card) + Size.GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        flag = QStyle.StateFlag
        painter.save()
        if model.faded(index.row()):  # type: ignore[attr-defined]
            painter.setOpacity(PALE)
        paint_card(
            painter,
            card_box(option.rect),  # type: ignore[attr-defined]
            model.cards()[index.row()],  # type: ignore[attr-defined]
            chosen=bool(state & flag.State_Selected),
            focused=bool(state & flag.State_HasFocus),
            hovered=bool(state & flag.State_MouseOver),
        )
        painter.restore()


def paint_card(
    painter: QPainter,
    whole: QRect,
    card: CardText,
    *,
    chosen: bool = False,
    focused: bool = False,
    hovered: bool = False,
) -> None:
    """Paint a card that fills `whole`."""
    t = theme.tokens()
    box = QRectF(whole)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = t.accent if chosen or focused else t.handle if hovered else t.line
    painter.setPen(QPen(QColor(edge), 2.0 if focused else 1.0))
    painter.setBrush(QColor(t.accent_soft if chosen else t.surface))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), Size.CARD_RADIUS, Size.CARD_RADIUS)
    left, right, top = whole.left() + PAD, whole.right() + 1 - PAD, whole.top() + PAD
    base = QFont(painter.font())
    title = QFont(base)
    title.setPixelSize(Size.CARD_TITLE)
    title.setBold(True)
    sign = Size.ICON + Size.TIGHT if card.marks else 0
    metrics, room = QFontMetrics(title), right - left - sign
    word, wide = _pill(base, card.place.category_name, room - metrics.horizontalAdvance(card.title))
    if word:
        paint_pill(painter, QRectF(right - wide, top - 1, wide, Size.PILL + 2), word, card.tone)
    painter.setFont(title)
    painter.setPen(QColor(t.sub if card.open else t.text))
    room -= wide + Size.GAP if wide else 0
    shown = metrics.elidedText(card.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRect(left, top, room, LINE), Qt.AlignmentFlag.AlignVCenter, shown)
    if card.marks:
        sign_box = QRect(left + metrics.horizontalAdvance(shown) + Size.TIGHT, top + 2, Size.ICON, Size.ICON)
        icons.draw(painter, sign_box, "warning", "warn")
    painter.setFont(caption_font(base))
    # Captions on the soft ground of a chosen card would fall short of the contrast wanted.
    painter.setPen(QColor(t.text if chosen else t.sub))
    metrics = painter.fontMetrics()
    for n, text in enumerate(card.lines):
        line = QRect(left, top + LINE + 2 + n * LINE, right - left, LINE)
        short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, short)


def _pill(base: QFont, word: str, room: int) -> tuple[str, int]:
    """The category as far as there is room beside the name, which matters more; and how wide its pill is."""
    wide = pill_width(base, word) if word else 0
    if wide and wide > room - Size.GAP:
        frame = pill_width(base, "")
        caption = QFontMetrics(caption_font(base))
        space = max(room - Size.GAP, MIN_PILL) - frame
        word = caption.elidedText(word, Qt.TextElideMode.ElideRight, space)
        wide = pill_width(base, word)
    return word, wide


def drag_picture(widget: QWidget, cards: Sequence[CardText], words: str) -> QPixmap:
    """The first of the cards with the others behind it, and how many they are."""
    first = cards[0]
    behind = min(len(cards) - 1, 2)
    height = card_height(first)
    step = 5
    ratio = widget.devicePixelRatioF()
    size = QSize(DRAG_WIDTH + behind * step + Size.GAP, height + behind * step + Size.PILL // 2 + 2)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(widget.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    t, top = theme.tokens(), Size.PILL // 2
    for n in range(behind, 0, -1):
        painter.setPen(QColor(t.handle))
        painter.setBrush(QColor(t.surface))
        back = QRectF(n * step + 0.5, top + n * step + 0.5, DRAG_WIDTH - 1, height - 1)
        painter.drawRoundedRect(back, Size.CARD_RADIUS, Size.CARD_RADIUS)
    paint_card(painter, QRect(0, top, DRAG_WIDTH, height), first, chosen=True)
    if len(cards) > 1:
        painter.setFont(widget.font())
        wide = pill_width(painter.font(), words)
        badge = QRectF(DRAG_WIDTH - wide + Size.GAP, 0, wide, Size.PILL + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.accent))
        painter.drawRoundedRect(badge, Size.GAP, Size.GAP)
        painter.setFont(caption_font(painter.font()))
        painter.setPen(QColor(t.on))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
    painter.end()
    return picture


HOTSPOT = QPoint(Size.GAP_WIDE, Size.GAP_WIDE)
"""Where the pointer holds the picture."""

"""PhotoViewer: one attachment as large as the window; ← → to the others, Esc back."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from commissioner_app import intake
from commissioner_app.periods import day_text
from ui import icons, tasks, theme
from ui.theme import Size
from ui.visits.photos.asking import save_as
from ui.visits.photos.strip import PhotoStrip
from ui.widgets.basic import button, label

LARGEST = 2000


class PhotoViewer(QWidget):
    """Lies over the whole window of `strip` and keeps the keyboard until it is closed."""

    def __init__(self, strip: PhotoStrip) -> None:
        super().__init__(strip.window())
        self.strip = self._strip = strip
        self._album = strip.album
        self._key = ""
        self._row = 0
        self._picture: QPixmap | None = None
        self._broken = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("查看照片"))
        self._build()
        self._album.changed.connect(self._follow)
        strip.window().installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_MID, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP)
        top = QHBoxLayout()
        self.title = label("", "cardtitle")
        self.facts = label("", "caption")
        top.addWidget(self.title)
        top.addWidget(self.facts)
        top.addStretch(1)
        self.close_button = button(self.tr("关闭（Esc）"), "tool", icon="close", on_click=self.leave)
        top.addWidget(self.close_button)
        column.addLayout(top)
        middle = QHBoxLayout()
        self.before = button(self.tr("上一张（←）"), "tool", icon="back", on_click=lambda: self.step(-1))
        self.after = button(self.tr("下一张（→）"), "tool", icon="next", on_click=lambda: self.step(1))
        self.stage = QWidget()
        self.stage.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        middle.addWidget(self.before)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self.after)
        column.addLayout(middle, 1)
        self.doubt = label("", "notice", tone="warn", wrap=True)
        column.addWidget(self.doubt)
        foot = QHBoxLayout()
        foot.setSpacing(Size.GAP)
        self.caption = QLineEdit()
        self.caption.setPlaceholderText(self.tr("照片说明，如 现场讲解线虫病防控"))
        self.caption.setAccessibleName(self.tr("照片说明"))
        self.caption.setMaxLength(60)
        self.caption.editingFinished.connect(self._keep)
        self.caption.installEventFilter(self)
        self.store = button(self.tr("另存为…"), on_click=lambda: save_as(self, self._album, self._key))
        self.remove = button(self.tr("删除"), "danger", on_click=self._delete)
        foot.addWidget(self.caption, 1)
        foot.addWidget(self.store)
        foot.addWidget(self.remove)
        column.addLayout(foot)

    # -- showing ---------------------------------------------------------------------------------------

    def open(self, key: str) -> None:
        """Show one of the album."""
        self.setGeometry(self._strip.window().rect())
        self.show()
        self.raise_()
        self.setFocus()
        self._go(key)

    def leave(self) -> None:
        """Esc: back to the tiles."""
        self._keep()
        self.hide()
        self._picture = None
        view = self._strip.view
        view.setFocus()
        view.setCurrentIndex(self._strip.model.index(min(self._row, self._strip.model.rowCount() - 1)))

    def step(self, by: int) -> None:
        """To the next or the one before."""
        self._keep()
        items = self._album.items
        to = self._row + by
        if 0 <= to < len(items):
            self._go(items[to].key)

    def _go(self, key: str) -> None:
        item = self._album.item(key)
        if item is None:
            return
        changed = key != self._key or self._picture is None
        self._key, self._row = key, self._album.items.index(item)
        self._describe()
        if changed:
            self._picture, self._broken = self._strip.thumbs.get(item), not item.here
            self._load()
        self.update()

    def _describe(self) -> None:
        item = self._album.item(self._key)
        if item is None:
            return
        count = len(self._album.items)
        self.title.setText(self.tr("{0}  {1} / {2}").format(item.kind, self._row + 1, count))
        taken = item.taken_at
        facts = [item.name]
        if item.kind == "照片":
            facts.append(
                self.tr("拍摄于{0} {1}").format(day_text(taken), taken[11:16])
                if taken
                else self.tr("拍摄时间未知")
            )
        if item.position:
            facts.append(self.tr("北纬 {0:.4f}°，东经 {1:.4f}°").format(*item.position))
        if item.waiting:
            facts.append(self.tr("保存服务记录时一并保存"))
        self.facts.setText("    ".join(facts))
        if not self.caption.hasFocus() or not self.caption.isModified():
            self.caption.setText(item.caption)
        missing = "" if item.here else self.tr("这张照片还没有收到，可在数据交换中请对方补发。")
        told = missing or "".join(item.marks)
        self.doubt.setText(told)
        self.doubt.setVisible(bool(told))
        self.caption.setEnabled(not self._strip.locked)
        self.remove.setEnabled(not self._strip.locked)
        self.store.setEnabled(item.here)
        self.before.setEnabled(self._row > 0)
        self.after.setEnabled(self._row < count - 1)

    def _load(self) -> None:
        item, album = self._album.item(self._key), self._album
        if item is None or not item.here:
            return
        key = self._key

        def read() -> QImage | None:
            data = album.bytes_of(item)
            if data and item.media_type == "application/pdf":
                data = intake.thumbnail(data, item.media_type, LARGEST)
            return QImage.fromData(data) if data else None

        def show(image: QImage | None) -> None:
            if key == self._key and self.isVisible():
                self._broken = image is None or image.isNull()
                if image is not None and not image.isNull():
                    self._picture = QPixmap.fromImage(image)
                self.update()

        tasks.run(read, done=show, owner=self, key="large")

    def _follow(self) -> None:
        """The album has changed: what was shown is gone, or something else is to be said of it."""
        if not self.isVisible():
            return
        items = self._album.items
        if not items:
            self.leave()
        elif self._album.item(self._key) is None:
            self._picture = None
            self._go(items[min(self._row, len(items) - 1)].key)
        else:
            self._row = next(n for n, item in enumerate(items) if item.key == self._key)
            self._describe()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tokens().bg))
        room = QRect(self.stage.geometry()).adjusted(Size.GAP, 0, -Size.GAP, 0)
        picture = self._picture
        if picture is not None and not picture.isNull():
            size = picture.size()
            if size.width() > room.width() or size.height() > room.height() or size.width() <= 240:
                size = size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRect(0, 0, size.width(), size.height())
            box.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(box, picture)
        elif self._broken:
            box = QRect(0, 0, Size.EMPTY_ICON, Size.EMPTY_ICON)
            box.moveCenter(room.center())
            icons.draw(painter, box, "photo", "sub")
        painter.end()

    # -- keys ------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        if self.caption.isModified() and not self._strip.locked:
            self.caption.setModified(False)
            self._album.set_caption(self._key, self.caption.text())

    def _delete(self) -> None:
        self.caption.setModified(False)
        self._album.remove([self._key])
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_PageUp):
            self.step(-1)
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Space):
            self.step(1)
        elif key == Qt.Key.Key_Home and self._album.items:
            self._go(self._album.items[0].key)
        elif key == Qt.Key.Key_End and self._album.items:
            self._go(self._album.items[-1].key)
        elif key == Qt.Key.Key_Delete and self.remove.isEnabled():
            self._delete()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.caption.hasFocus():
            self._keep()
            self.setFocus()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside."""
        ring = [w for w in (self, self.before, self.after, self.caption, self.store, self.remove, self.close_button)
                if w.isEnabled()]  # fmt: skip
        now = self.focusWidget() or self
        at = ring.index(now) if now in ring else 0
        ring[(at + (1 if forward else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.isVisible():
            return False
        if watched is self._strip.window() and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._strip.window().rect())
        if watched is not self.caption or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            self._claim(event)
        elif event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._claim(event)
        return super().event(event)

    def _claim(self, event: QKeyEvent) -> None:
        """What lies below must not hear of keys: Esc would give up the visit, Ctrl+N begin one; 撤销 goes on working."""
        if not (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)):
            event.accept()

"""PathField: a file that will be written, as a path with a button that changes it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from ui.theme import Size
from ui.widgets.basic import button


class PathField(QWidget):
    """The path may be typed or chosen; ``suffix`` is put on where it is missing."""

    edited = Signal()

    def __init__(self, name: str, suffix: str, pattern: str) -> None:
        super().__init__()
        self._name, self._suffix, self._pattern = name, suffix, pattern
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Size.GAP)
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.field.textChanged.connect(lambda _text: self.edited.emit())
        self.change = button(self.tr("更改…"), icon="folder", on_click=self._choose)
        row.addWidget(self.field, 1)
        row.addWidget(self.change)
        self.setFocusProxy(self.field)

    def path(self) -> Path:
        """The file, with its suffix."""
        text = self.field.text().strip()
        return Path(text if text.endswith(self._suffix) or not text else text + self._suffix)

    def set_path(self, path: Path) -> None:
        """Show a path."""
        self.field.setText(str(path))
        self.field.setCursorPosition(len(str(path)))

    def problem(self) -> str:
        """What is wrong with it, in words."""
        text = self.field.text().strip()
        if not text:
            return self.tr("请选择文件的位置。")
        path = self.path()
        if not path.is_absolute():
            return self.tr("请写出完整的路径，或点“更改…”选择。")
        if path.exists():
            return self.tr("这里已经有一个同名文件，请换一个名称。")
        return ""

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self._name, str(self.path()), self._pattern, options=QFileDialog.Option.DontConfirmOverwrite
        )
        if chosen:
            self.set_path(Path(chosen))

"""Emptying a layout before it is filled anew."""

from PySide6.QtWidgets import QLayout, QWidget


def clear(layout: QLayout) -> None:
    """Take everything out and let it go."""
    while layout.count():
        widget: QWidget | None = layout.takeAt(0).widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

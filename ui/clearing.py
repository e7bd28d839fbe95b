"""Emptying a layout before it is filled anew."""

from PySide6.QtWidgets import QLayout, QWidget


def clear(layout: QLayout) -> None:
    """Take everything out, layouts within included, and let it go."""
    while layout.count():
        item = layout.takeAt(0)
        inner = item.layout()
        if inner is not None:
            clear(inner)
            inner.deleteLater()
        widget: QWidget | None = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

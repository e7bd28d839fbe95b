"""Every window test runs without a screen, in the light scheme."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication

from ui import theme


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    """The style sheet is part of what is tested: sizes and focus depend on it."""
    theme.apply(qapp, "light")

"""设置 → 外观."""

from typing import cast

from PySide6.QtWidgets import QApplication

from commissioner_app import paths
from ui import theme
from ui.context import Context
from ui.settings.section import Section
from ui.widgets.basic import label
from ui.widgets.card import Card
from ui.wizard.choice import ChoiceGroup


class LookSection(Section):
    """Light, dark, or as the system is."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        card = Card(self.tr("外观"))
        card.body.addWidget(label(self.tr("立即生效，下次打开时保持。纸面报告不受影响。"), "sub", wrap=True))
        self.modes = ChoiceGroup(
            [
                ("system", "theme", self.tr("跟随系统"), self.tr("系统换成深色时，程序也随着换")),
                ("light", "preview", self.tr("浅色"), self.tr("白底深字，适合明亮的办公室")),
                ("dark", "preview", self.tr("深色"), self.tr("深底浅字，适合光线较暗的地方")),
            ],
            current(),
        )
        self.modes.changed.connect(choose)
        card.body.addWidget(self.modes)
        self.column.addWidget(card)
        self.column.addStretch(1)

    def refresh(self, kinds: frozenset[str]) -> None:
        self.modes.choose(current())


def current() -> str:
    """What this user has chosen."""
    mode = paths.read_settings().get("theme", "system")
    return mode if mode in ("system", "light", "dark") else "system"


def choose(mode: str) -> None:
    """Put a scheme on the window and keep it."""
    theme.apply(cast(QApplication, QApplication.instance()), cast(theme.Mode, mode))
    if mode != current():
        paths.write_settings(theme=mode)

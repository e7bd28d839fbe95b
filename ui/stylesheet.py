"""The one style sheet, filled in with the tokens of a scheme.

Dynamic properties choose a variant: ``kind`` of a QPushButton (primary, link, danger, tool, chip),
``role`` of a
QLabel (caption, cardtitle, pagetitle, figure, error, sub), ``card`` of a QFrame, ``invalid`` of a field.
"""

from dataclasses import asdict
from string import Template

from ui.theme import Size, Tokens

_TEXTS = """
QLabel { background: transparent; }
QLabel[role="caption"], QLabel[role="sub"] { color: $sub; }
QLabel[role="caption"] { font-size: ${CAPTION}px; }
QLabel[role="caption"][tone="warn"] { color: $warn_ink; }
QLabel[role="error"] { font-size: ${CAPTION}px; color: $bad_ink; }
QLabel[role="cardtitle"] { font-size: ${CARD_TITLE}px; font-weight: bold; }
QLabel[role="pagetitle"] { font-size: ${PAGE_TITLE}px; font-weight: bold; }
QLabel[role="figure"] { font-size: ${FIGURE}px; font-weight: bold; }
QLabel[role="figure"][tone="warn"] { color: $warn_ink; }
QLabel[role="figure"][tone="bad"] { color: $bad_ink; }
QLabel[role="appname"] { font-size: ${CARD_TITLE}px; font-weight: bold; }
QLabel[role="notice"] { border-radius: ${RADIUS}px; padding: 7px 10px; }
QLabel[role="notice"][tone="warn"] { background: $warn_soft; color: $warn_ink; }
QLabel[role="notice"][tone="bad"] { background: $bad_soft; color: $bad_ink; }
QLabel[role="notice"][tone="info"] { background: $info_soft; color: $info_ink; }
QLabel[role="notice"][tone="accent"] { background: $accent_soft; color: $accent_ink; }
QToolTip { background: $surface; color: $text; border: 1px solid $line; padding: 4px 8px; }
"""

_FRAMES = """
QMainWindow, QDialog { background: $bg; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: ${CARD_RADIUS}px; }
QFrame[card="true"]:focus { border-color: $accent; }
QFrame[value="true"] { border-color: $line; }
QFrame[value="true"]:hover { background: $hover; border-color: $handle; }
QFrame[value="true"]:focus { border-color: $text; }
QFrame[value="true"][chosen="true"] { background: $accent_soft; border: 2px solid $accent; }
QFrame[overlay="true"] { background: $surface; border: 1px solid $handle; border-radius: ${RADIUS}px; }
QFrame[offer="true"] { background: $info_soft; border: none; border-radius: ${RADIUS}px; }
QFrame[offer="true"] QLabel { color: $info_ink; }
QFrame[rule="true"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
#sidebar { background: $side; border: none; border-right: 1px solid $line; }
#topbar { background: $surface; border: none; border-bottom: 1px solid $line; }
#statusline { background: $side; border: none; border-top: 1px solid $line; }
#statusline QLabel { font-size: ${CAPTION}px; color: $sub; }
#statusline QPushButton { font-size: ${CAPTION}px; color: $sub; background: transparent; border: 1px solid
    transparent;
    border-radius: 4px; padding: 0 4px; min-height: 20px; max-height: 20px; }
#statusline QPushButton:hover { color: $accent_ink; }
#statusline QPushButton:focus { border-color: $accent; }
#toast { background: $text; border: none; border-radius: ${CARD_RADIUS}px; }
#toast QLabel { color: $bg; }
#toast QPushButton { background: transparent; color: $flip_accent; border: 1px solid transparent;
    font-weight: bold;
    padding: 0 8px; min-height: 28px; }
#toast QPushButton:hover { border-color: $handle; }
#toast QPushButton:focus { border-color: $bg; }
QScrollArea, QScrollArea > QWidget > QWidget[scrolled="true"] { background: transparent; border: none; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
"""

_BUTTONS = """
QPushButton { background: $surface; color: $text; border: 1px solid $line; border-radius: ${RADIUS}px;
    padding: 0 12px; min-height: 30px; }
QPushButton:hover { background: $hover; border-color: $handle; }
QPushButton:pressed { background: $track; }
QPushButton:focus { border-color: $accent; }
QPushButton:checked { background: $accent_soft; color: $accent_ink; border-color: $accent; }
QPushButton:disabled { background: $hover; color: $sub; border-color: $line; }
QPushButton::menu-indicator { image: url(:/kit/$name/down.svg); width: 12px; height: 12px;
    subcontrol-position: right center; subcontrol-origin: padding; right: 8px; }
QPushButton[kind="primary"] { background: $accent; color: $on; border-color: $accent; font-weight: bold; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_ink; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 0 11px; min-height: 28px; }
QPushButton[kind="primary"]:disabled { background: $track; color: $sub; border-color: $track; }
QPushButton[kind="danger"] { color: $bad_ink; }
QPushButton[kind="danger"]:hover { background: $bad_soft; border-color: $bad; }
QPushButton[kind="danger"]:focus { border-color: $bad; }
QPushButton[kind="danger"]:disabled { color: $sub; }
QPushButton[kind="link"] { background: transparent; color: $accent_ink; border: 1px solid transparent;
    border-radius: 4px; padding: 0 2px; min-height: 22px; font-size: ${CAPTION}px; }
QPushButton[kind="link"]:hover { text-decoration: underline; background: $hover; }
QPushButton[kind="link"]:focus { border-color: $accent; }
QPushButton[kind="link"]:disabled { color: $sub; }
QPushButton[kind="tool"] { padding: 0; min-width: 30px; max-width: 30px; }
QPushButton[kind="tool"]::menu-indicator { image: none; width: 0; }
QPushButton[kind="chip"] { border-radius: 16px; padding: 0 12px; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius:
    ${RADIUS}px;
    padding: 4px 8px; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border-color: $accent; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $sub; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {
    width: 14px; height: 14px; border: 1px solid $handle; border-radius: 4px; background: $surface; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 12px; height:
    12px; }
QCheckBox:focus, QRadioButton:focus { color: $accent_ink; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked, QAbstractItemView::indicator:checked {
    background: $accent; border-color: $accent; image: url(:/kit/$name/tick.svg); }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:checked { image: url(:/kit/$name/dot.svg); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {
    background: $accent; border-color: $accent; image: url(:/kit/$name/partial.svg); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $track; border-color: $line; }
QCheckBox::indicator:checked:disabled { image: url(:/kit/$name/tick-off.svg); }
"""

_FIELDS = """
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox {
    background: $surface; color: $text; border: 1px solid $line; border-radius: ${RADIUS}px;
    selection-background-color: $accent; selection-color: $on; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: 30px; max-height: 30px; padding: 0 10px; }
QTextEdit, QPlainTextEdit { padding: 4px 6px; }
QLineEdit:hover, QTextEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {
    border-color: $handle; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QComboBox:on, QAbstractSpinBox:focus,
QLineEdit[open="true"] { border-color: $accent; }
QLineEdit[invalid="true"], QTextEdit[invalid="true"], QPlainTextEdit[invalid="true"],
    QComboBox[invalid="true"],
QAbstractSpinBox[invalid="true"] { border-color: $bad; background: $bad_soft; }
QLineEdit:disabled, QTextEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled,
    QAbstractSpinBox:disabled {
    background: $hover; color: $sub; border-color: $line; }
QLineEdit[locked="true"], QPlainTextEdit[locked="true"], QComboBox[locked="true"], QComboBox[locked="true"] QLineEdit {
    background: $hover; color: $text; }
QLineEdit[plain="true"] { border: none; background: transparent; padding: 0; }
QComboBox { combobox-popup: 0; padding-right: 0; }
QComboBox[unsure="true"] { background: $warn_soft; border-color: $warn; }
QComboBox[unused="true"] { background: $hover; color: $sub; }
QComboBox::drop-down { border: none; width: 28px; subcontrol-origin: border; subcontrol-position: center
    right; }
QComboBox::down-arrow { image: url(:/kit/$name/down.svg); width: 14px; height: 14px; }
QComboBox QLineEdit { border: none; padding: 0; min-height: 28px; background: transparent; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $handle; border-radius: 0;
    outline: 0; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 6px; border-radius: 4px; color: $text; }
QComboBox QAbstractItemView::item:selected { background: $accent_soft; color: $accent_ink; }
QAbstractSpinBox { padding-right: 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width:
    24px;
    subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; height: 15px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; height: 15px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: url(:/kit/$name/up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(:/kit/$name/down.svg); width: 10px; height: 10px; }
QDateEdit::drop-down { border: none; width: 28px; subcontrol-origin: border; subcontrol-position: center
    right; }
QDateEdit::down-arrow { image: url(:/kit/$name/calendar.svg); width: 16px; height: 16px; }
QProgressBar { background: $track; border: none; border-radius: 4px; min-height: 8px; max-height: 8px;
    text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
"""

_VIEWS = """
QAbstractItemView { background: $surface; border: none; outline: 0;
    alternate-background-color: $hover;
    selection-background-color: $accent_soft; selection-color: $text; }
QTableView { gridline-color: $line; border: 1px solid transparent; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 1px solid $accent; }
QListView[tiles="true"] { background: transparent; padding: 0; }
QListView[tiles="true"]:focus { border: 1px solid transparent; }
QTableView::item { border: none; border-bottom: 1px solid $line; padding: 0 11px; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $accent_soft; }
QTableView::item:hover:!selected, QTreeView::item:hover:!selected, QListView::item:hover:!selected {
    background: $hover; }
QListView, QTreeView { border: 1px solid transparent; }
QListView::item, QTreeView::item { padding: 0 8px; border: none; }
QFrame[overlay="true"] QListView::item { border-radius: 4px; }
QFrame[popup="true"] { background: $surface; border: 1px solid $handle; }
QFrame[overlay="true"] QListView, QFrame[overlay="true"] QListView:focus { border: none; }
QTreeView::branch { background: $surface; }
QTreeView::branch:has-children:closed { image: url(:/kit/$name/right.svg); }
QTreeView::branch:has-children:open { image: url(:/kit/$name/down.svg); }
QHeaderView { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $sub; border: none; border-bottom: 1px solid $line;
    padding: 0 14px; min-height: 35px; font-size: ${CAPTION}px; font-weight: normal; }
QHeaderView::section:hover { background: $hover; color: $text; }
QHeaderView::up-arrow { image: url(:/kit/$name/sorted-up.svg); width: 12px; height: 12px; }
QHeaderView::down-arrow { image: url(:/kit/$name/sorted-down.svg); width: 12px; height: 12px; }
QTableCornerButton::section { background: $surface; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $handle; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $sub; border: none; border-bottom: 2px solid transparent;
    padding: 6px 4px; margin-right: 16px; min-height: 22px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_ink; border-bottom-color: $accent; font-weight: bold; }
QTabBar::tab:disabled { color: $handle; }
QTabBar::tab:focus { border-bottom-color: $text; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QMenu { background: $surface; border: 1px solid $handle; padding: 4px; }
QMenu::item { padding: 6px 28px 6px 12px; border-radius: 4px; min-height: 20px; color: $text; }
QMenu::item:selected { background: $accent_soft; color: $accent_ink; }
QMenu::item:disabled { color: $sub; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QMenu::indicator:checked { image: url(:/kit/$name/tick-menu.svg); }
QMenu::right-arrow { image: url(:/kit/$name/right.svg); width: 12px; height: 12px; right: 8px; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $surface; border-bottom: 1px solid $line; }
QCalendarWidget QToolButton { color: $text; padding: 4px 8px; min-height: 20px; }
QCalendarWidget QToolButton#qt_calendar_prevmonth { qproperty-icon: url(:/kit/$name/left-text.svg); }
QCalendarWidget QToolButton#qt_calendar_nextmonth { qproperty-icon: url(:/kit/$name/right-text.svg); }
QCalendarWidget QToolButton::menu-indicator { image: none; width: 0; }
QCalendarWidget QAbstractItemView { selection-background-color: $accent; selection-color: $on; border: none; }
QCalendarWidget QTableView:focus { border: 1px solid transparent; }
QCalendarWidget QTableView::item { border: none; border-radius: 4px; padding: 0; }
QCalendarWidget QTableView::item:selected { background: $accent; color: $on; }
QCalendarWidget QSpinBox { min-height: 24px; padding: 0 4px; }
"""


def build(tokens: Tokens) -> str:
    """The style sheet of a scheme."""
    values: dict[str, str | int] = dict(asdict(tokens))
    values.update({name: value for name, value in vars(Size).items() if name.isupper()})
    return Template(_TEXTS + _FRAMES + _BUTTONS + _FIELDS + _VIEWS).substitute(values)

"""What the import's kinds of rows and actions are called on the screen, and the tone of each."""

from PySide6.QtCore import QCoreApplication

from commissioner_app.imports.plan import Action
from commissioner_app.imports.shape import Kind
from ui.theme import Tone

DASH = "—"
ID_NUMBER = "身份证号"
"""The field that is shown masked, here as everywhere."""

TONES: dict[Action, Tone] = {
    Action.FILL: "accent",
    Action.NEW_PLACE: "accent",
    Action.CHANGE: "info",
    Action.SAME: "plain",
    Action.ASK: "warn",
    Action.PROBLEM: "bad",
    Action.SKIP: "plain",
}

WRITES = frozenset({Action.FILL, Action.NEW_PLACE, Action.CHANGE})


def action_word(action: Action) -> str:
    """What happens with a row."""
    return {
        Action.FILL: _tr("填入名额"),
        Action.NEW_PLACE: _tr("新增名额"),
        Action.CHANGE: _tr("更新"),
        Action.SAME: _tr("不变"),
        Action.ASK: _tr("需确认"),
        Action.PROBLEM: _tr("未能读入"),
        Action.SKIP: _tr("不导入"),
    }[action]


def kind_word(kind: Kind) -> str:
    """What a row of the table is; nothing for people and for empty rows, which explain themselves."""
    return {
        Kind.TITLE: _tr("标题"),
        Kind.INFO: _tr("单位日期"),
        Kind.HEADER: _tr("表头"),
        Kind.SECTION: _tr("分组"),
        Kind.TOTAL: _tr("小计"),
        Kind.NOTE: _tr("备注"),
        Kind.SIGNATURE: _tr("签名"),
    }.get(kind, "")


def letter(column: int) -> str:
    """A column as Excel names it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _tr(text: str) -> str:
    return QCoreApplication.translate("RosterImport", text)

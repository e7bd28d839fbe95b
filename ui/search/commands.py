"""The commands that the search offers beside what the ledger holds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commissioner_app.kinds import KINDS
from ui.reports.icons import ICONS

if TYPE_CHECKING:
    from ui.main_window import LedgerWindow


@dataclass(frozen=True, slots=True)
class Command:
    """Either ``page`` (key, what to show there) or ``run`` (called with the window)."""

    title: str
    caption: str
    icon: str
    page: tuple[str, object] | None = None
    run: "Callable[[LedgerWindow], object] | None" = None
    words: str = ""


def commands() -> list[Command]:
    """All commands, those used most first."""
    go, do = _tr("转到页面"), _tr("命令")
    return [
        Command(_tr("登记服务"), "Ctrl+N", "add", page=("visits", "new"), words=_tr("新增服务记录 填报")),
        Command(_tr("粘贴识别"), do, "paste", run=_recognise, words=_tr("微信 剪贴板 登记服务 文字 自动填")),
        Command(_tr("导入名单"), do, "import", run=_import_roster, words=_tr("Excel 表格 选派名单")),
        Command(_tr("粘贴名单"), do, "paste", run=_paste_roster, words=_tr("导入 剪贴板 微信 表格")),
        Command(_tr("导入服务记录"), do, "import", run=_import_visits, words=_tr("Excel 表格")),
        Command(_tr("逐条审核服务记录"), "Ctrl+R", "review", page=("visits", "review"), words=_tr("待审核 审核模式 退回")),
        Command(_tr("归档签字单"), do, "code", page=("visits", "signed"), words=_tr("扫描件 二维码 服务记录单 盖章")),
        Command(_tr("导出填报表"), do, "export", page=("visits", "forms"), words=_tr("微信 Excel 特派员填写")),
        Command(_tr("查找重复人员"), do, "merge", run=_duplicates, words=_tr("合并 查重 重名 重复单位 派出单位")),
        Command(_tr("导出名单"), do, "export", run=_export("roster"), words=_tr("Excel 表格")),
        Command(_tr("导出公示名单"), do, "export", run=_export("notice"), words=_tr("Excel 表格 公示")),
        Command(_tr("导出受援县安排"), do, "export", run=_export("assignments"), words=_tr("Excel 表格 派驻")),
        Command(_tr("导出服务记录"), do, "export", run=_export_visits, words=_tr("Excel 表格 台账")),
        Command(_tr("新增受援单位"), do, "add", page=("recipients", "new"), words=_tr("录入合作社 企业 农场")),
        Command(_tr("查找重复单位"), do, "merge", page=("recipients", "duplicates"), words=_tr("合并受援单位 去重")),
        Command(_tr("立即备份"), do, "backup", run=_back_up, words=_tr("备份台账")),
        Command(_tr("恢复备份"), do, "restore", page=("settings", "ledger"), words=_tr("还原")),
        Command(_tr("检查台账"), do, "check", page=("settings", "check"), words=_tr("完整性")),
        Command(_tr("打开其他台账"), do, "folder", page=("settings", "ledger"), words=_tr("切换台账 新建台账 演示台账")),
        Command(_tr("设置密码"), do, "lock", page=("settings", "password"), words=_tr("修改密码 恢复单 加密")),
        Command(_tr("选派批次"), do, "batch", page=("settings", "batches"), words=_tr("文号 服务期 考核期 新建批次")),
        Command(_tr("选择考核要求"), do, "batch", page=("settings", "rule_set"), words=_tr("考核进度 30天 12次 落后")),
        Command(_tr("核实规则"), do, "settings", page=("settings", "doubts"), words=_tr("待核实 疑点 提示语 恢复默认")),
        Command(_tr("新年度批次"), do, "batch", run=_new_year, words=_tr("续聘 换届 新建批次 下一年")),
        Command(_tr("上报或下发"), do, "exchange", page=("exchange", "send"), words=_tr("发送 数据包 U盘 导出")),
        Command(_tr("接收文件"), do, "exchange", page=("exchange", "receive"), words=_tr("数据包 汇总 ktpack U盘")),
        Command(_tr("核对填报不一致"), do, "merge", page=("exchange", "conflicts"), words=_tr("冲突 不一致")),
        Command(_tr("查看本机核对码"), do, "key", page=("exchange", "stations"), words=_tr("使用单位 认可 停用")),
        *_papers(),
        Command(_tr("切换经办人"), do, "person", run=_switch_actor),
        Command(_tr("深色外观"), do, "theme", run=lambda _w: _theme("dark"), words=_tr("主题 夜间")),
        Command(_tr("浅色外观"), do, "theme", run=lambda _w: _theme("light"), words=_tr("主题")),
        Command(_tr("操作历史"), do, "history", run=_history, words=_tr("撤销 谁改的")),
        Command(_tr("本页帮助"), "F1", "help", run=_help, words=_tr("快捷键")),
        Command(_tr("工作台"), go, "dashboard", page=("home", None)),
        Command(_tr("特派员"), go, "commissioner", page=("commissioners", None), words=_tr("名单 名额")),
        Command(_tr("服务团"), go, "team", page=("teams", None)),
        Command(_tr("受援县安排"), go, "assignment", page=("assignments", None), words=_tr("派驻")),
        Command(_tr("受援单位"), go, "recipient", page=("recipients", None), words=_tr("服务对象 合作社 企业 村")),
        Command(_tr("服务记录"), go, "visit", page=("visits", None), words=_tr("工作日志 台账")),
        Command(_tr("报告"), go, "report", page=("reports", None), words=_tr("服务工作报告 打印 PDF")),
        Command(_tr("数据交换"), go, "exchange", page=("exchange", None), words=_tr("上报 下发 接收")),
        Command(_tr("设置"), go, "settings", page=("settings", None)),
    ]  # fmt: skip


def _papers() -> list[Command]:
    """One for each kind of paper; an officer looks for them by what they are for."""
    words = {
        "service": _tr("打印 年度总结 汇报"),
        "roster": _tr("打印 公示名单 选派文件"),
        "ledger": _tr("打印 汇总表 工作日志"),
        "visit-sheet": _tr("打印 签字 盖章 工作日志"),
        "blank-sheet": _tr("打印 空表 手填"),
        "statistics": _tr("打印 统计 数据 成果"),
        "contact-card": _tr("打印 公示牌 张贴 电话"),
        "agreement": _tr("打印 签订 合同"),
        "person-summary": _tr("打印 证明 年度考核 派出单位"),
    }
    made = []
    for kind in KINDS.values():
        what = ("reports", {"paper": kind.id})
        text = _tr("打印{0}").format(kind.title)
        made.append(Command(text, kind.purpose.rstrip("。"), ICONS[kind.id], page=what, words=words[kind.id]))
    return made


def _back_up(window: "LedgerWindow") -> None:
    from ui.settings.backup import back_up

    back_up(window, window.context)


def _import_roster(window: "LedgerWindow") -> None:
    from ui.commissioners import transfer

    if window.goto("commissioners"):
        transfer.bring_in(window, window.context)


def _paste_roster(window: "LedgerWindow") -> None:
    from ui.commissioners import transfer

    if window.goto("commissioners"):
        transfer.paste_in(window, window.context)


def _export(kind: str) -> "Callable[[LedgerWindow], object]":
    def run(window: "LedgerWindow") -> None:
        from ui.commissioners import transfer

        transfer.bring_out(window, window.context, kind)

    return run


def _duplicates(window: "LedgerWindow") -> None:
    from ui.commissioners.page import CommissionersPage

    page = window.page("commissioners") if window.goto("commissioners") else None
    if isinstance(page, CommissionersPage):
        page.find_duplicates()


def _import_visits(window: "LedgerWindow") -> None:
    from ui.visits.page import VisitsPage

    page = window.page("visits") if window.goto("visits") else None
    if isinstance(page, VisitsPage):
        page.import_table()


def _recognise(window: "LedgerWindow") -> None:
    from ui.visits.page import VisitsPage

    page = window.page("visits") if window.goto("visits") else None
    if isinstance(page, VisitsPage):
        page.recognise()


def _export_visits(window: "LedgerWindow") -> None:
    from ui.visits.page import VisitsPage

    page = window.page("visits") if window.goto("visits") else None
    if isinstance(page, VisitsPage):
        page.export_table()


def _new_year(window: "LedgerWindow") -> None:
    window.new_year()


def _switch_actor(window: "LedgerWindow") -> None:
    from ui.settings.actor import switch_actor

    if switch_actor(window, window.context):
        window.status.set_actor(window.context.ledger.actor)


def _history(window: "LedgerWindow") -> None:
    from ui.history.dialog import show_history

    show_history(window, window.context)


def _help(window: "LedgerWindow") -> None:
    from ui.help import show_help

    show_help(window, window.current())


def _theme(mode: str) -> None:
    from ui.settings.look import choose

    choose(mode)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)

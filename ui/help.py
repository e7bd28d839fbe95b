"""F1: what one does on the page in front, and its keys, in a small window that stays beside the work."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.clearing import clear
from ui.shell.window import MainWindow
from ui.theme import Size
from ui.widgets.basic import button, label, rule, scroll
from ui.widgets.glyph import Glyph

WIDTH, HEIGHT = 400, 560


def show_help(window: MainWindow, page_key: str) -> QDialog:
    """Show the help of a page; the same window is used again for the next page."""
    known = window.findChild(HelpPanel)
    panel = known if isinstance(known, HelpPanel) else HelpPanel(window)
    panel.show_page(page_key)
    panel.show()
    panel.raise_()
    panel.activateWindow()
    return panel


class HelpPanel(QDialog):
    """Sentences, then keys; Esc or F1 closes it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window, Qt.WindowType.Tool)
        self.resize(WIDTH, HEIGHT)
        self._window = window
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._holder = QVBoxLayout()
        column.addLayout(self._holder, 1)
        column.addWidget(rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(Size.GAP_WIDE, Size.GAP + Size.TIGHT, Size.GAP_WIDE, Size.GAP + Size.TIGHT)
        foot.addWidget(label(_tr("按 F1 随时打开"), "caption"))
        foot.addStretch(1)
        close = button(_tr("关闭"), on_click=self.close)
        close.setShortcut("F1")
        close.setToolTip(_tr("关闭（Esc）"))
        foot.addWidget(close)
        column.addLayout(foot)
        self.lines: list[str] = []
        window.pageShown.connect(self._follow)

    def _follow(self, key: str) -> None:
        if self.isVisible():
            self.show_page(key)

    def show_page(self, page_key: str) -> None:
        """Show the help of this page."""
        title, lines, keys = help_of(page_key)
        self.lines = lines
        self.setWindowTitle(_tr("{0} · 帮助").format(title))
        clear(self._holder)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_WIDE, Size.GAP_MID)
        column.setSpacing(Size.GAP + 2)
        head = QHBoxLayout()
        head.setSpacing(Size.GAP)
        head.addWidget(Glyph("help", "accent", Size.NAV_ICON + 2))
        head.addWidget(label(title, "cardtitle"), 1)
        column.addLayout(head)
        for line in lines:
            row = QHBoxLayout()
            row.setSpacing(Size.GAP)
            row.addWidget(label("•", "sub"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label(line, wrap=True), 1)
            column.addLayout(row)
        column.addSpacing(Size.GAP)
        column.addWidget(rule())
        column.addWidget(label(_tr("快捷键"), "cardtitle"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Size.GAP_WIDE)
        grid.setVerticalSpacing(Size.GAP)
        grid.setColumnStretch(1, 1)
        for row_number, (shortcut, what) in enumerate(keys):
            grid.addWidget(label(shortcut, "sub"), row_number, 0)
            grid.addWidget(label(what, wrap=True), row_number, 1)
        column.addLayout(grid)
        column.addStretch(1)
        self._holder.addWidget(scroll(inner))


def help_of(page_key: str) -> tuple[str, list[str], list[tuple[str, str]]]:
    """(title, sentences, keys) of a page; every page has the keys of the window too."""
    everywhere = [
        ("Ctrl+N", _tr("登记服务")),
        ("Ctrl+K", _tr("搜索全部内容和命令，可用拼音首字母")),
        ("Ctrl+Z / Ctrl+Y", _tr("撤销 / 重做上一步操作")),
        ("Alt+1…9", _tr("转到左侧的页面")),
    ]
    lists = [
        ("↑ ↓ / Enter", _tr("在列表中移动 / 打开选中的一条")),
        ("Ctrl+F", _tr("筛选列表")),
        ("Ctrl+S", _tr("保存右侧的修改")),
        ("Esc", _tr("放弃正在填写的内容")),
        ("Ctrl+C", _tr("复制选中的行，可粘贴到 Excel、WPS")),
    ]
    pages: dict[str, tuple[str, list[str], list[tuple[str, str]]]] = {
        "home": (_tr("工作台"), [
            _tr("上方的数字是所选期间内的合计；期间在窗口右上角选择。"),
            _tr("“已录入”是有姓名的名额数，名额总数不因未录入而减少。"),
            _tr("各县、各特派员的进度按期间内的服务记录计算，草稿和已退回的不计。"),
            _tr("本批次选了考核要求时，“考核进度”按考核期已过的时间比较各人；服务团成员另有要求，不作比较。"),
            _tr("“需要留意”列出等人处理的事项，点一下就到那里。"),
            _tr("要记一次服务，点“登记服务”。"),
        ], []),
        "commissioners": (_tr("特派员"), [
            _tr("每一行是一个名额；没有姓名的名额选中后在右侧录入特派员。"),
            _tr("名单照原样导入：把 Excel、WPS 表格拖到窗口里，或复制后在名单上按 Ctrl+V；先核对列，再逐行预演。"),
            _tr("中途换人时填写从哪一天起，以前的服务记录仍归原来的特派员。"),
            _tr("身份证号可以不填，平时只显示头尾；要看全，按右边的眼睛（F2）。公开的材料中自动隐去中间几位。"),
            _tr("照片可以单击选择、拖入或粘贴；聘书、证书等放在“材料”里。"),
            _tr("“任职”列出这位特派员担任过的名额和各自的服务次数、天数。"),
            _tr("同一个人录入了两次的，用“查找重复人员”合并，两份历史都保留。"),
            _tr("右侧“历史”列出这一条由谁在何时改过什么。"),
        ], [*lists, ("F2", _tr("显示或隐藏身份证号")), ("Ctrl+V", _tr("在照片上粘贴图片"))]),
        "teams": (_tr("服务团"), [
            _tr("服务团由若干名额组成，团长也是成员。"),
            _tr("成员在右侧增减；移出服务团的名额仍在名单里。"),
            _tr("“任务”一栏记约定的任务，按完成期限排列；到期没有完成的标为逾期。"),
            _tr("删除服务团时约定任务一并删除，名额和服务记录保留。"),
            _tr("报告可以只出一个服务团的。"),
        ], lists),
        "assignments": (_tr("受援县安排"), [
            _tr("把卡片拖到一个县的列里就是安排；可以选中多张一起拖，也可以在卡片旁边的空处拉框选择。"),
            _tr("改了“截至”的日期，看到的是那一天的安排，改动也从那一天起；原来的安排到前一天为止。"),
            _tr("还没有名额的县收在右边，把卡片拖到县名上即可，点击县名展开成一列。"),
            _tr("“需要留意”指出日期重叠、超出服务期等情形，点击只看有关的卡片；只作提醒，不妨碍保存。"),
            _tr("右侧详情填写乡镇、受援单位和三方协议，扫描件可以拖进来；“变动记录”列出历次调整。"),
        ], [
            ("↑ ↓ ← →", _tr("在卡片和各列之间移动")),
            (_tr("空格"), _tr("选中或取消；Ctrl+方向键只移动，不改选择")),
            ("M", _tr("移到…，输入县名或拼音")),
            ("Ctrl+X Ctrl+V", _tr("剪切，到目标列放下")),
            ("Enter", _tr("打开详情")),
            ("Ctrl+F", _tr("筛选卡片")),
            ("Ctrl+D", _tr("显示或收起详情")),
        ]),
        "recipients": (_tr("受援单位"), [
            _tr("登记服务时写到的受援单位会自动列在这里，也可以先在这里录入。"),
            _tr("服务次数和最近服务按窗口右上角所选的期间统计；草稿和已退回的不计。"),
            _tr("录入名称时会提示已有的相近单位，避免重复。"),
            _tr("“查找重复单位”把可能是同一家的并排列出：合并，或记下不是同一单位。"),
            _tr("合并后两边的服务记录和受援县安排都算在一个单位名下；选中两行也可以直接合并。"),
            _tr("还有服务记录或受援县安排的单位不能删除。"),
        ], [*lists, ("Ctrl+Shift+N", _tr("新增单位"))]),
        "visits": (_tr("服务记录"), [
            _tr("一条记录是一次实地服务，天数按半天计；可以选几位特派员，每位各计一次。"),
            _tr("日期可以写 9.28、今天、昨天；地点写村或乡镇就行，拼音首字母也可以：xy 是祥云镇。"),
            _tr("照片拖进来、粘贴，或者选整个文件夹；没有保存的内容留在本机，下次打开时可以恢复。"),
            _tr("状态依次是草稿、待审核、审核通过；通过的记录点“修改…”写明原因后才能改，并回到待审核。"),
            _tr("逐条审核：文字、照片和待核实的情况并排，用键盘逐条决定，每个决定都可以撤销。"),
            _tr("同样的筛选可以看成表格、月历，或一位特派员的时间轴；常用的筛选可以起名保存。"),
            _tr("签字单的扫描件或照片拖到窗口里，按二维码归到各条记录；未识别的可以手工指定。"),
            _tr("特派员发回的“填报表”和在 Excel 中改过的导出表拖到窗口里导入，重复导入不会重复登记。"),
        ], [
            *lists, ("Ctrl+Enter", _tr("保存并登记下一条")), ("Ctrl+D", _tr("复制为新记录")),
            ("Alt+T", _tr("在“特派员”栏选整个服务团")), ("F8", _tr("审核通过并到下一条")),
            ("Ctrl+1 2 3", _tr("表格、月历、时间轴")), ("Ctrl+R", _tr("逐条审核：Enter 通过，R 退回，J K 前后，Esc 结束")),
            ("Ctrl+P", _tr("打印所选记录的服务记录单")), ("PgUp / PgDn", _tr("月历的上一月、下一月")),
        ]),
        "reports": (_tr("报告"), [
            _tr("左侧选材料，再选期间和范围（全市、一个县、一个服务团或一位特派员），下面就是将要打印的样子。"),
            _tr("“批量”给每位特派员、每个受援县或服务团各生成一份，存入文件夹或合成一个 PDF。"),
            _tr("服务工作报告的标题和下一步打算可以改，改过的内容随台账保存。"),
            _tr("保存过的材料列在“最近生成”里，按 Enter 用当时的选项再次生成。"),
            _tr("草稿和已退回的记录不计入报告；缺姓名时打印前会提醒。"),
            _tr("演示台账打印出来的每一页都标明“演示”。"),
        ], [("Ctrl+P", _tr("打印")), ("Ctrl+S", _tr("保存为 PDF")), ("Ctrl+O", _tr("用系统的程序打开")),
            ("Ctrl+F", _tr("在材料中查找")), ("Ctrl+PgUp / PgDn", _tr("上一页、下一页"))]),
        "exchange": (_tr("数据交换"), [
            _tr("把改动写成一个文件，用 U 盘、微信或邮件交给对方；文件加密，只有对方能打开。"),
            _tr("只发对方还没有确认的内容；拿不准就多发一次，重复接收没有影响。"),
            _tr("对方还没有台账时设口令发送，对方打开程序选“用收到的文件建立”。"),
            _tr("收到的文件先看内容再接收，也可以直接拖到窗口里或双击打开。"),
            _tr("第一次收到某个单位的文件，要打电话核对核对码；本机的核对码在“使用单位”里。"),
            _tr("同一处两边填得不同时两个都保留，在“填报不一致”里核对后选定。"),
            _tr("对方无权改的内容不采用，另存在“待处理”里，可以采纳或不采纳。"),
        ], [
            ("Ctrl+O", _tr("选择收到的文件")),
            ("Ctrl+S", _tr("生成要发送的文件")),
            ("Ctrl+F", _tr("筛选收件单位")),
            ("← →", _tr("在上方的分类之间移动")),
        ]),
        "settings": (_tr("设置"), [
            _tr("单位全称印在报告上，请与公章一致；经办人换人时随时切换。"),
            _tr("选派文件下达后，在“选派批次”里填写文号并改为已选派；类别、别名和考核要求（默认不设）也在那里改。"),
            _tr("“核实规则”决定哪些记录列为待核实：可以停用、改程度和提示语、改数值，也可以恢复默认。"),
            _tr("“新年度批次”从上一批次建立下一年的：选定谁续聘、哪些名额换人、新增多少，一步撤销。"),
            _tr("台账每天自动备份一次，备份在台账旁边的“备份”文件夹里；也可以立即备份。"),
            _tr("恢复备份前会先备份现在的台账，不会丢失内容。"),
            _tr("设了密码要保存恢复单，打印后锁存；换密码后要换一张。"),
            _tr("“操作历史”列出每一步操作，任何一步都可以撤销。"),
        ], [("Ctrl+S", _tr("保存修改")), ("Ctrl+H", _tr("操作历史"))]),
    }  # fmt: skip
    title, lines, keys = pages.get(page_key, pages["home"])
    return title, lines, [*keys, *everywhere]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Help", text)

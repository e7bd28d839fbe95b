"""设置 → 关于."""

from PySide6.QtCore import QLibraryInfo

from commissioner_app import __version__, paths
from ui.context import Context
from ui.settings.section import Facts, Section
from ui.widgets.basic import label
from ui.widgets.card import Card


class AboutSection(Section):
    """Version, licences, fonts, libraries, and where the data that ship come from."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        card = Card(self.tr("科技特派员服务台账"), caption=self.tr("版本 {0}").format(__version__))
        card.body.addWidget(
            label(
                self.tr(
                    "离线使用的科技特派员服务台账：选派名单、受援县安排、服务记录和正式报告，都在一个文件里。"
                ),
                "sub",
                wrap=True,
            )
        )
        facts = Facts()
        facts.show_facts(
            [
                (self.tr("许可证"), self.tr("木兰宽松许可证，第 2 版（MulanPSL-2.0）")),
                (self.tr("运行环境"), f"Qt {QLibraryInfo.version().toString()} · PySide6"),
                (self.tr("设置文件夹"), str(paths.settings_dir())),
                (self.tr("日志文件夹"), str(paths.log_dir())),
            ]
        )
        card.body.addWidget(facts)
        self.column.addWidget(card)
        for title, lines in (
            (self.tr("随程序提供的数据"), [
                (self.tr("2022年度名额"), self.tr("2022年3月焦作市报纸所载拟选派名额：服务团 18、省派 16、校派 4")),
                (self.tr("行政区划"), self.tr("统计用区划代码，截至 2023年6月30日；china-division 2.7.0（WTFPL）")),
            ]),
            (self.tr("字体"), [
                (self.tr("思源黑体、思源宋体"), "Noto Sans SC, Noto Serif SC · SIL Open Font License 1.1"),
                (self.tr("霞鹜文楷"), "LXGW WenKai · SIL Open Font License 1.1"),
                (self.tr("图标"), "Remix Icon · Apache-2.0"),
            ]),
            (self.tr("使用的软件库"), [
                (self.tr("界面"), "PySide6 / Qt（LGPL-3.0）、QtAwesome（MIT）、QtPy（MIT）"),
                (self.tr("台账文件"), "SQLAlchemy、Alembic（MIT），sqlcipher3（zlib）"),
                (self.tr("加密和编码"), "SQLCipher、uuid-utils（BSD-3-Clause），orjson（MPL-2.0），cryptography（Apache-2.0）"),
                (self.tr("报告"), "ReportLab、pypdfium2（BSD-3-Clause），Pillow（MIT-CMU）"),
                (self.tr("表格"), "python-calamine（MIT），XlsxWriter（BSD-2-Clause）"),
                (self.tr("其他"), "pypinyin、platformdirs（MIT）"),
            ]),
        ):  # fmt: skip
            part = Card(title)
            made = Facts()
            made.show_facts(lines)
            part.body.addWidget(made)
            self.column.addWidget(part)
        self.column.addStretch(1)

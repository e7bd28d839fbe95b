"""The command line: the same program for scripts and for machines without a screen.

Exit 0 done; 1 refused, with a Chinese sentence on stderr and nothing changed; 2 wrong usage.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commissioner_app import __version__, kinds, paths
from db.errors import FirstContact, LedgerError, Refused

if TYPE_CHECKING:
    from commissioner_app.papers import Written


def parser() -> argparse.ArgumentParser:
    """The parser; the common options are accepted before and after the verb."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--ledger", metavar="FILE", default=argparse.SUPPRESS, help="台账文件（默认：上次使用的）"
    )
    common.add_argument(
        "--password-file", metavar="FILE", default=argparse.SUPPRESS, help="写有台账密码的文件"
    )
    common.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="在标准输出写一个 JSON 对象"
    )
    top = argparse.ArgumentParser(
        prog="commissioner-app", description="科技特派员服务台账", parents=[common], allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=__version__)
    verbs = top.add_subparsers(dest="verb", metavar="VERB")

    def verb(name: str, help_: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        p = verbs.add_parser(name, help=help_, parents=[common], allow_abbrev=False)
        p.set_defaults(run=run)
        return p

    p = verb("init", "新建台账", _init)
    p.add_argument("--role", required=True, choices=("bureau", "county", "commissioner"))
    p.add_argument("--county", help="受援县，例如 温县")
    p.add_argument("--name", default="", help="使用单位全称")
    p.add_argument("--actor", default="", help="经办人")
    p.add_argument("--roster", help="随程序提供的名单，例如 2022")
    p.add_argument("--encrypt", action="store_true", help="用 --password-file 中的密码加密")
    p.add_argument("--from-package", metavar="FILE", help="由收到的文件建立，并认可发送方")
    p.add_argument("--passphrase-file", metavar="F", help="写有文件口令的文件")
    verb("demo", "新建演示台账", _demo)
    verb("info", "台账概况", _info)
    p = verb("import", "导入表格", _import)
    p.add_argument("what", choices=("roster", "visits"))
    p.add_argument("file", metavar="FILE")
    p.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
    p.add_argument("--year", type=int, help="名单导入到哪个年度的批次")
    p = verb("export", "导出表格", _export)
    p.add_argument("what", choices=("roster", "assignments", "visits", "statistics"))
    p.add_argument("--notice", action="store_true", help="公示名单：电话隐去中间四位，不含其他个人信息")
    p.add_argument("--out", required=True, metavar="FILE")
    _period(p)
    p = verb("report", "生成报告", _report)
    p.add_argument("kind", choices=tuple(kinds.KINDS))
    p.add_argument("--out", required=True, metavar="FILE")
    p.add_argument("--county")
    p.add_argument("--team")
    p.add_argument("--commissioner", metavar="X", help="姓名或名额编号")
    p.add_argument("--notice", action="store_true", help="选派名单的公示稿：隐去个人信息")
    p.add_argument("--phone", action="store_true", help="联系牌：本人同意公开电话，不隐去")
    p.add_argument("--count", type=int, default=1, metavar="N", help="空白记录单：几份")
    p.add_argument("--fonts", choices=("bundled", "system"), default="bundled")
    p.add_argument("--title", default="")
    _period(p)
    _package(
        verb("package", "数据交换：做成、查看、接收文件", _usage).add_subparsers(dest="step", metavar="STEP"),
        common,
    )
    p = verb("conflicts", "列出填报不一致", _conflicts)
    p = verb("recognise", "粘贴识别：把文字认成服务记录的草稿", _recognise)
    p.add_argument("file", metavar="FILE|-")
    p.add_argument("--lines", action="store_true", help="每行是一段文字（\\n 为换行），逐行回答")
    p.add_argument("--today", metavar="D")
    p.add_argument("--from", dest="start", metavar="D")
    p.add_argument("--to", dest="end", metavar="D")
    p = verb("check", "检查台账", _check)
    p.add_argument("--repair", action="store_true", help="由变更记录重建表格")
    p = verb("backup", "备份台账", _backup)
    p.add_argument("--to", metavar="FILE")
    p = verb("restore", "从备份恢复", _restore)
    p.add_argument("file", metavar="FILE")
    p.add_argument("--backup-password-file", metavar="FILE", help="备份的密码与台账不同时")
    return top


def _package(steps: Any, common: argparse.ArgumentParser) -> None:
    p = steps.add_parser("make", help="做成文件", parents=[common], allow_abbrev=False)
    p.set_defaults(run=_package_make)
    p.add_argument("--to", required=True, metavar="FILE", help="写到哪里（文件夹则由程序取名）")
    to = p.add_mutually_exclusive_group(required=True)
    to.add_argument("--for", dest="station", metavar="STATION", help="使用单位的名称、编号或核对码")
    to.add_argument("--county", metavar="C", help="受援县，例如 温县")
    to.add_argument("--commissioner", metavar="PLACE", help="名额编号")
    to.add_argument("--bureau", action="store_true", help="市科技局")
    p.add_argument("--passphrase-file", metavar="F", help="写有口令的文件；对方的电脑还没有交换过时必须有")
    p.add_argument("--resend-photos", action="store_true", help="发过的照片也再发（补发照片）")
    for name, help_, run in (
        ("inspect", "只看文件内容", _package_inspect),
        ("apply", "接收文件", _package_apply),
    ):
        p = steps.add_parser(name, help=help_, parents=[common], allow_abbrev=False)
        p.set_defaults(run=run)
        p.add_argument("file", metavar="FILE")
        p.add_argument("--accept-station", action="store_true", help="已核对核对码，认可第一次见到的发送方")
        p.add_argument("--passphrase-file", metavar="F", help="写有口令的文件")


def _usage(args: argparse.Namespace) -> int:
    parser().print_usage(sys.stderr)
    return 2


def _period(p: argparse.ArgumentParser) -> None:
    p.add_argument("--year", type=int)
    p.add_argument("--from", dest="start", metavar="D")
    p.add_argument("--to", dest="end", metavar="D")


def run(argv: Sequence[str]) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    args = parser().parse_args(argv)
    for name, default in (("ledger", None), ("password_file", None), ("json", False)):
        if not hasattr(args, name):
            setattr(args, name, default)
    if args.verb is None:
        parser().print_usage(sys.stderr)
        return 2
    try:
        return int(args.run(args))
    except LedgerError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"文件读写失败：{error.filename or ''} {error.strerror or error}。", file=sys.stderr)
    return 1


def _say(args: argparse.Namespace, data: Any, text: str) -> None:
    print(json.dumps(data, ensure_ascii=False) if args.json else text)


def _password(args: argparse.Namespace) -> str | None:
    return _password_in(args.password_file)


def _password_in(file: str | None) -> str | None:
    if not file:
        return None
    try:
        lines = Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"无法读取密码文件：{file}") from error
    if not lines or not lines[0]:
        raise Refused("密码文件是空的。")
    return lines[0]


def _path(args: argparse.Namespace) -> Path:
    if args.ledger is not None:
        if not args.ledger:
            raise Refused("--ledger 后面没有写台账文件。")
        return Path(args.ledger)
    found = paths.last_ledger()
    if found is None:
        raise Refused("还没有台账。请用 init 新建，或用 --ledger 指明台账文件。")
    return found


def _open(args: argparse.Namespace) -> Any:
    from commissioner_app import ledgers
    from db.engine import is_encrypted

    path = _path(args)
    password = _password(args)
    if (
        password is None
        and path.is_file()
        and path.stat().st_size
        and is_encrypted(path)
        and sys.stdin.isatty()
    ):
        password = getpass.getpass("台账密码：")
    ledger = ledgers.open_ledger(path, password)
    paths.remember_ledger(path)
    return ledger


def _init(args: argparse.Namespace) -> int:
    from commissioner_app import ledgers

    if args.password_file and not args.encrypt:
        raise Refused("给出了密码文件而没有 --encrypt：要加密请加上 --encrypt。")
    password = _password(args) if args.encrypt else None
    if args.encrypt and password is None:
        if not sys.stdin.isatty():
            raise Refused("加密台账需要密码：请用 --password-file 指明密码文件。")
        password = getpass.getpass("为台账设置密码：")
        if not password or getpass.getpass("再输入一次：") != password:
            raise Refused("两次输入的密码不一致，没有建立台账。")
    if args.from_package and args.roster:
        raise Refused("由收到的文件建立台账时不用 --roster：名单在文件里。")
    if args.passphrase_file and not args.from_package:
        raise Refused("--passphrase-file 要与 --from-package 一起用。")
    wanted = ledgers.NewLedger(args.role, args.county, args.name, args.actor, args.roster)
    unit = args.name or ledgers.default_unit(args.role, args.county or "")
    path = (
        Path(args.ledger)
        if args.ledger
        else ledgers.default_path(unit, int(args.roster) if args.roster and args.roster.isdigit() else None)
    )
    if args.from_package:
        from commissioner_app.exchange.joining import create_from_package

        source, secret = Path(args.from_package), _password_in(args.passphrase_file)
        made = create_from_package(path, wanted, source, secret, password)
    else:
        made = ledgers.create(path, wanted, password)
    with made as ledger:
        facts = ledgers.info(ledger)
    paths.remember_ledger(path)
    _say(args, {"ledger": str(path), **facts.as_dict()}, f"已建立台账：{path}（{facts.places} 个名额）")
    return 0


def _demo(args: argparse.Namespace) -> int:
    from commissioner_app import demo, ledgers

    path = Path(args.ledger) if args.ledger else paths.free_path(paths.documents(), "演示台账", paths.SUFFIX)
    with demo.make(path, photos=True) as ledger:
        facts = ledgers.info(ledger)
    paths.remember_ledger(path)
    _say(
        args,
        {"ledger": str(path), **facts.as_dict()},
        f"已建立演示台账：{path}（{facts.visits} 条演示服务记录）",
    )
    return 0


def _info(args: argparse.Namespace) -> int:
    from commissioner_app import ledgers

    with _open(args) as ledger:
        f = ledgers.info(ledger)
    role = ledgers.ROLES.get(f.role, f.role)
    text = (
        f"{f.station}（{role}），{f.year or '—'}年度\n{f.places} 个名额，已录入 {f.commissioners} 人；服务团 {f.teams} 个；"
        f"受援县安排 {f.assignments} 项\n服务记录 {f.visits} 条，待审核 {f.visits_pending} 条；填报不一致 {f.conflicts} 处；"
        f"变更 {f.changes} 条\n{f.path}"
    )
    _say(args, f.as_dict(), ("【演示数据】" if f.demo else "") + text)
    return 0


def _import(args: argparse.Namespace) -> int:
    from commissioner_app.imports.roster import import_roster
    from commissioner_app.imports.visits import import_visits

    with _open(args) as ledger:
        if args.what == "roster":
            result = import_roster(ledger, Path(args.file), args.year, dry_run=args.dry_run)
        else:
            result = import_visits(ledger, Path(args.file), dry_run=args.dry_run)
    problems = "".join(
        f"\n  {p.sheet} 第 {p.row} 行：{p.message}" if p.row else f"\n  {p.message}" for p in result.problems
    )
    if result.ignored:
        problems += f"\n  没有读入的列：{'、'.join(result.ignored)}"
    _say(
        args, result.as_dict(), ("（试运行，没有写入）" if args.dry_run else "") + result.sentence + problems
    )
    return 0


def _the_period(args: argparse.Namespace, ledger: Any) -> Any:
    from commissioner_app import batches, statistics
    from commissioner_app.periods import Period, day, evaluation_period

    if args.year is not None and (args.start or args.end):
        raise Refused("--year 与 --from、--to 只能用一种。")
    if args.year is not None:
        return evaluation_period(batches.all_batches(ledger), args.year)
    if args.start or args.end:
        if not (args.start and args.end):
            raise Refused("--from 和 --to 要一起写。")
        start, end = day(args.start), day(args.end)
        if start > end:
            raise Refused("结束日期早于开始日期。")
        return Period(start, end)
    return statistics.default_period(ledger)


def _export(args: argparse.Namespace) -> int:
    from commissioner_app import exports
    from commissioner_app.statistics import Scope, visit_filter

    out = Path(args.out)
    with _open(args) as ledger:
        if args.what == "roster":
            if args.start or args.end:
                raise Refused("名单按年度导出，请用 --year。")
            rows = exports.export_roster(ledger, out, args.year, args.notice)
        elif args.what == "assignments":
            rows = exports.export_assignments(ledger, out, args.year)
        elif args.what == "visits":
            wanted = None
            if args.year is not None or args.start or args.end:
                wanted = visit_filter(_the_period(args, ledger), Scope(), states=())
            rows = exports.export_visits(ledger, out, wanted)
        else:
            rows = exports.export_statistics(ledger, out, _the_period(args, ledger))
    _say(args, {"out": str(out), "rows": rows}, f"已导出 {rows} 行：{out}")
    return 0


def _report(args: argparse.Namespace) -> int:
    from commissioner_app import batches, statistics

    if "" in (args.county, args.team, args.commissioner):
        raise Refused("--county、--team、--commissioner 后面要写名称。")
    if sum(1 for x in (args.county, args.team, args.commissioner) if x) > 1:
        raise Refused("--county、--team、--commissioner 只能用一种。")
    with _open(args) as ledger:
        period = _the_period(args, ledger)
        batch = statistics.batch_of(batches.all_batches(ledger), period)
        scope = statistics.resolve_scope(
            ledger, batch, county=args.county, team=args.team, person=args.commissioner
        )
        wish = kinds.Wish(
            args.kind, period, scope, args.year, args.notice, args.phone, args.count, args.title
        )
        written = kinds.write(ledger, wish, Path(args.out), system_fonts=args.fonts == "system")
    return _printed(args, written)


def _printed(args: argparse.Namespace, written: "Written") -> int:
    if written.missing:
        print(
            f"这些字没有字体可用，请安装含生僻字的字体：{'、'.join(sorted(written.missing))}", file=sys.stderr
        )
    data = {"out": str(written.path), "pages": written.pages, "missing": sorted(written.missing)}
    _say(args, data, f"已生成报告（{written.pages} 页）：{written.path}")
    return 0


def _package_make(args: argparse.Namespace) -> int:
    from commissioner_app import exchange

    secret = _password_in(args.passphrase_file)
    with _open(args) as ledger:
        wanted = exchange.Wanted(args.station, args.county, args.commissioner, args.bureau)
        to = exchange.find(ledger, wanted, secret is not None)
        target = Path(args.to)
        if target.is_dir():
            target = target / exchange.file_name(ledger, to)
        sent = exchange.send(ledger, to, target, secret, args.resend_photos)
    files = [str(f) for f in sent.files]
    data = {
        "files": files,
        "changes": sent.changes,
        "attachments": sent.photos,
        "bytes": sent.bytes,
        "to": to.name,
    }
    text = (
        f"已写好并核对无误：{'、'.join(files)}（{sent.changes} 条改动、{sent.photos} 个附件，给 {to.name}）"
    )
    _say(args, data, text)
    return 0


def _package_inspect(args: argparse.Namespace) -> int:
    from commissioner_app import exchange

    with _open(args) as ledger:
        found = exchange.inspect(ledger, Path(args.file), _password_in(args.passphrase_file))
    data = {
        "sender": found.sender.name, "role": found.sender.role, "fingerprint": found.sender.fingerprint,
        "first_contact": found.first_contact, "warning": found.warning, "made": found.made, "new": found.new,
        "changed": found.changed, "unchanged": found.unchanged, "conflicts": found.conflicts,
        "refused": found.refused, "attachments": found.attachments, "part": found.part, "of": found.of,
        "clock": found.clock_note,
    }  # fmt: skip
    lines = [
        f"{found.sender.name}（{found.sender.role_text}），核对码 {found.sender.fingerprint}"
        + ("，第一次收到" if found.first_contact else ""),
        _outcome(found),
        *(line for line in (found.warning, found.clock_note) if line),
    ]
    _say(args, data, "\n".join(lines))
    return 0


def _outcome(found: Any) -> str:
    return (
        f"新增 {found.new} 项，修改 {found.changed} 项，没有变化 {found.unchanged} 项；填报不一致 {found.conflicts} 处，"
        f"待处理 {found.refused} 项；附件 {found.attachments} 个"
    )


def _package_apply(args: argparse.Namespace) -> int:
    from commissioner_app import exchange

    with _open(args) as ledger:
        try:
            done = exchange.apply(
                ledger, Path(args.file), _password_in(args.passphrase_file), accept=args.accept_station
            )
        except FirstContact as error:
            raise Refused(f"{error}。核对无误后加 --accept-station 再接收。") from error
    data = {
        "sender": done.sender.name, "new": done.new, "changed": done.changed, "unchanged": done.unchanged,
        "conflicts": done.conflicts, "refused": done.refused, "attachments": done.attachments,
    }  # fmt: skip
    _say(args, data, f"已接收 {done.sender.name} 的文件：{_outcome(done)}。{done.clock_note}")
    return 0


def _conflicts(args: argparse.Namespace) -> int:
    from commissioner_app import conflicts

    with _open(args) as ledger:
        found = conflicts.listed(ledger)
    lines = [
        f"{c['entity']} {c['record']} {c['field']}：" + " / ".join(str(x["value"]) for x in c["choices"])
        for c in found
    ]
    _say(args, found, "\n".join(lines) or "没有填报不一致。")
    return 0


def _recognise(args: argparse.Namespace) -> int:
    from commissioner_app import pasting
    from commissioner_app.periods import day
    from commissioner_app.recognise import recognise

    try:
        data = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).read_bytes()
    except OSError as error:
        raise Refused(f"文件无法读取：{error.strerror or error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    if bool(args.start) != bool(args.end):
        raise Refused("--from 和 --to 要一起写。")
    period = (day(args.start), day(args.end)) if args.start else None
    today = day(args.today) if args.today else None
    if args.ledger:
        with _open(args) as ledger:
            known = pasting.known(ledger, None, today, period)
    else:
        known = pasting.known_without_ledger(today, period)
    if args.lines:
        texts = [line.replace("\\n", "\n") for line in text.splitlines() if line.strip()]
        answers = [[pasting.as_json(r, known) for r in recognise(t, known)] for t in texts]
        if args.json:
            print("\n".join(json.dumps(a, ensure_ascii=False) for a in answers))
            return 0
        found = [r for a in answers for r in a]
    else:
        found = [pasting.as_json(r, known) for r in recognise(text, known)]
    _say(args, found, "\n".join(_draft_text(r) for r in found) or "没有认出服务记录。")
    return 0


def _draft_text(found: dict[str, Any]) -> str:
    names = (("date", "日期"), ("days", "天数"), ("county", "受援县"), ("township", "乡镇"), ("village", "村"),
             ("recipient", "受援单位"), ("ways", "服务方式"), ("industry", "产业"), ("topic", "主题"), ("trained", "培训人数"),
             ("households", "服务农户"))  # fmt: skip
    said = [
        f"{label} {'、'.join(v) if isinstance(v, list) else v}"
        for key, label in names
        if (v := found[key]) not in (None, [])
    ]
    return "；".join(said) or "没有认出内容"


def _check(args: argparse.Namespace) -> int:
    from db.check import check

    with _open(args) as ledger:
        result = check(ledger, repair=args.repair)
        left = check(ledger).faults if args.repair and result.faults else result.faults
    data = {"faults": left, "records": result.records, "changes": result.changes, "repaired": result.repaired}
    if left:
        _say(args, data, "")
        print("台账有问题：\n  " + "\n  ".join(left), file=sys.stderr)
        return 1
    text = f"台账完好：{result.records} 条记录、{result.changes} 条变更、{result.operations} 次操作。"
    _say(args, data, f"已由变更记录重建 {result.repaired} 行。" + text if result.repaired else text)
    return 0


def _backup(args: argparse.Namespace) -> int:
    from commissioner_app import backups

    with _open(args) as ledger:
        made = backups.make(ledger, to=Path(args.to) if args.to else None)
    _say(args, {"backup": str(made)}, f"已备份并核对：{made}")
    return 0


def _restore(args: argparse.Namespace) -> int:
    from commissioner_app import backups

    target = _path(args)
    before = backups.restore(
        Path(args.file), target, _password(args), _password_in(args.backup_password_file)
    )
    paths.remember_ledger(target)
    text = f"已恢复：{target}" + (f"；恢复前的台账保存在 {before}" if before else "")
    _say(args, {"ledger": str(target), "replaced": str(before) if before else None}, text)
    return 0

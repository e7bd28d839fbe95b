"""The sentences of the 服务工作报告, built from the figures in official Chinese."""

from collections.abc import Sequence

from commissioner_app.reports.blocks import chinese_period
from commissioner_app.reports.data import Figures, Row, ServiceReportData

_TEAM = "服务团"
_COMMISSIONER = "科技特派员"
# More rows than this are not told one by one in a sentence.
_TOLD = 4


def days(half_days: int) -> str:
    """Half days as days in a sentence: 187.5, 46."""
    whole, half = divmod(half_days, 2)
    return f"{whole:,}.5" if half else f"{whole:,}"


def table_days(half_days: int) -> str:
    """Half days as days in a table, always with one decimal: 46.0."""
    return f"{half_days / 2:,.1f}"


def opening(data: ServiceReportData) -> str:
    """The paragraph of 基本情况: who was selected, what was done, how far it reached."""
    period = chinese_period(data.start, data.end)
    if not data.total.visits:
        return f"{_selected(data)}{period}，{_who(data)}暂无服务记录。"
    return f"{_selected(data)}{period}，{_who(data)}{_activity(data)}。{_reach(data.total)}"


def _who(data: ServiceReportData) -> str:
    return _person(data.scope) if data.scope_kind == "person" else ""


def _ours(data: ServiceReportData) -> str:
    """我市, 我县, 我区: how the office speaks of what it stands for."""
    last = data.scope[-1:]
    return f"我{last}" if last and last in "市县区" else data.scope


def _selected(data: ServiceReportData) -> str:
    """The first sentence: how many were selected; places are counted. None for a person."""
    label = f"{data.year_label}，" if data.year_label else ""
    if data.scope_kind == "person":
        return ""
    if data.scope_kind == "team":
        return f"{label}{data.scope}共有{_COMMISSIONER}{data.places:,}人。" if data.places else ""
    if not data.places:
        return f"{label}{_ours(data)}暂无{_COMMISSIONER}名额。"
    verb = "共选派" if data.scope_kind == "city" else "共有"
    parts = _parts(data)
    detail = f"，其中{'、'.join(parts)}" if len(parts) > 1 else ""
    return f"{label}{_ours(data)}{verb}{_COMMISSIONER}{data.places:,}人{detail}。"


def _person(name: str) -> str:
    return name if _COMMISSIONER in name else f"{_COMMISSIONER}{name}"


def _parts(data: ServiceReportData) -> list[str]:
    """产业科技特派员服务团1个（18人）, 省派科技特派员16人 and so on; team members are told once."""
    in_teams = [places for name, places in data.categories if _TEAM in name]
    members = sum(in_teams) or sum(places for _, places in data.teams)
    parts = []
    if data.teams:
        people = f"（{members:,}人）" if members else ""
        parts.append(f"产业{_COMMISSIONER}{_TEAM}{len(data.teams)}个{people}")
    for name, places in data.categories:
        if places and not (data.teams and _TEAM in name):
            parts.append(f"{category_name(name)}{places:,}人")
    return parts


def category_name(name: str) -> str:
    """A category as a sentence names it: 省派 becomes 省派科技特派员, a note in brackets stays behind."""
    if _COMMISSIONER in name or _TEAM in name or not name:
        return name or "未分类" + _COMMISSIONER
    short, bracket, note = name.partition("（")
    return f"{short}{_COMMISSIONER}{bracket}{note}"


def _activity(data: ServiceReportData) -> str:
    total = data.total
    text = f"共开展实地服务{total.visits:,}次、{days(total.half_days)}天"
    if total.trained:
        text += f"，培训{total.trained:,}人次"
    if total.households:
        text += f"，服务农户{total.households:,}户"
    return text


def _reach(total: Figures) -> str:
    """How far the service reached, from the figures that are not nought."""
    parts = []
    if total.villages and total.recipients:
        parts.append(f"服务覆盖{total.villages:,}个村、{total.recipients:,}家受援单位")
    elif total.villages:
        parts.append(f"服务覆盖{total.villages:,}个村")
    elif total.recipients:
        parts.append(f"服务受援单位{total.recipients:,}家")
    if total.trainings:
        parts.append(f"举办技术培训{total.trainings:,}场")
    return "，".join(parts) + "。" if parts else ""


def shares(rows: Sequence[tuple[str, int]], verb: str = "服务", unit: str = "次") -> str:
    """修武县服务98次、占45.8%，温县64次、占29.9%: the rows by size, at most the first four told."""
    total = sum(count for _, count in rows)
    told = sorted((row for row in rows if row[1]), key=lambda row: -row[1])
    if not told:
        return ""
    parts = [
        f"{name}{verb if n == 0 else ''}{count:,}{unit}、占{count * 100 / total:.1f}%"
        for n, (name, count) in enumerate(told[:_TOLD])
    ]
    more = "等" if len(told) > _TOLD else ""
    return "，".join(parts) + more


def counties(rows: Sequence[Row], reference: str) -> str:
    """The sentence before the table of counties."""
    told = shares([(row.name, row.figures.visits) for row in rows])
    return f"{told}，详见{reference}。" if told else "本期暂无服务记录。"


def categories(rows: Sequence[Row], reference: str) -> str:
    """The sentence before the table of categories."""
    told = [
        f"{category_name(row.name)}服务{row.figures.visits:,}次、{days(row.figures.half_days)}天"
        for row in rows
        if row.figures.visits
    ]
    return f"{'，'.join(told)}，详见{reference}。" if told else "本期暂无服务记录。"


def ways(rows: Sequence[tuple[str, int]], reference: str) -> str:
    """The sentence before the table of ways; a visit may count for several."""
    told = sorted((row for row in rows if row[1]), key=lambda row: -row[1])
    if not told:
        return "本期服务记录未注明服务方式。"
    names = "、".join(f"{name}{count:,}次" for name, count in told[:_TOLD])
    more = "等" if len(told) > _TOLD else ""
    text = f"服务方式以{told[0][0]}为主，其中{names}{more}，详见{reference}。"
    return text + "一次服务采用多种方式的，分别计入。"


def months(rows: Sequence[tuple[str, Figures]], table: str, chart: str) -> str:
    """The sentence before the table and chart of months."""
    served = [row for row in rows if row[1].visits]
    if not served:
        return "本期暂无服务记录。"
    label, peak = max(served, key=lambda row: row[1].visits)
    mean = sum(row[1].visits for row in rows) / len(rows)
    text = f"本期月均服务{mean:,.1f}次，{label}服务最多，为{peak.visits:,}次" if len(rows) > 1 else ""
    return f"{text}，详见{table}和{chart}。" if text else f"{label}服务{peak.visits:,}次，详见{table}。"


def table_note(disputed: int) -> str:
    """The line below a table of figures while some of them are not settled; empty when all are."""
    return f"注：有{disputed:,}条服务记录填报不一致，尚未核对，表中按当前显示的内容统计。" if disputed else ""


def list_note(disputed: int, stale: int) -> str:
    """The line below a list of visits while some of them are not settled; empty when all are."""
    parts = []
    if disputed:
        parts.append(f"有{disputed:,}条填报不一致，尚未核对，按当前显示的内容列出")
    if stale:
        parts.append(f"有{stale:,}条审核后有改动，按待审核列出")
    return f"注：{'；'.join(parts)}。" if parts else ""


def reservations(data: ServiceReportData) -> str:
    """What is not settled yet in the ledger; empty when all is."""
    parts = []
    if data.pending:
        parts.append(f"待审核{data.pending:,}条")
    if data.drafts:
        parts.append(f"草稿{data.drafts:,}条")
    if data.conflicts:
        parts.append(f"填报不一致{data.conflicts:,}条")
    if not parts:
        return ""
    return f"台账中尚有服务记录{'、'.join(parts)}，有关数据以审核、核对后的结果为准。"

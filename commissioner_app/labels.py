"""Chinese names of entities and fields, and values as people read them: for history, conflicts, problems."""

from collections.abc import Callable
from typing import Any

from commissioner_app.divisions import Divisions
from commissioner_app.personal import mask_id
from commissioner_app.visits import STATES, days_text
from db.ledger import Ledger
from db.queries import names

ENTITIES = {
    "batch": "选派批次", "category": "类别", "appointment": "名额", "appointment_person": "名额人选",
    "organisation": "派出单位", "commissioner": "特派员", "commissioner_private": "联系方式", "team": "服务团",
    "assignment": "受援县安排", "recipient": "受援单位", "visit": "服务记录", "visit_companion": "同行人员",
    "attachment": "附件", "station": "使用单位", "team_task": "约定任务",
    "doubt_answer": "待核实的说明", "setting": "设置",
}  # fmt: skip

_COMMON = {
    "_deleted": "删除", "remark": "备注", "name": "名称", "batch": "批次", "organisation": "派出单位", "industry": "产业",
    "merged_into": "并入", "commissioner": "特派员", "appointment": "名额", "visit": "服务记录", "kind": "性质",
    "where": "地点", "period": "起止日期", "county": "受援县", "aliases": "别名",
}  # fmt: skip

FIELDS: dict[str, dict[str, str]] = {
    "batch": {"year": "年度", "state": "状态", "document_number": "文号", "service_period": "服务期",
              "evaluation_period": "考核期", "rule_set": "考核要求", "source": "来源"},
    "category": {"full_name": "全称", "position": "次序"},
    "appointment": {"code": "名额编号", "category": "类别", "team": "服务团", "funding": "经费来源",
                    "candidate_counties": "可选受援县", "continues": "续聘自"},
    "team_task": {"team": "服务团", "title": "任务", "period": "起止日期", "state": "进度", "result": "完成情况"},
    "commissioner": {"name": "姓名", "gender": "性别", "birth_month": "出生年月", "organisation": "派出单位",
                     "department": "院系部门", "title": "职称", "post": "职务", "degree": "学历学位", "specialty": "专业",
                     "industries": "服务产业"},
    "commissioner_private": {"phone": "联系电话", "id_number": "身份证号", "email": "电子邮箱"},
    "team": {"name": "名称", "level": "级别", "county": "服务县", "leader": "团长", "tasks": "任务说明"},
    "assignment": {"where": "受援县、乡镇", "recipients": "受援单位", "agreement": "三方协议"},
    "recipient": {"contact": "联系人", "phone": "联系电话"},
    "visit": {"number": "编号", "who": "特派员", "time": "日期、天数", "recipient": "受援单位",
              "recipient_contact": "受援方联系人", "ways": "服务方式", "topic": "主题", "content": "服务内容",
              "problem": "存在问题", "solution": "解决办法", "trained": "培训人数", "households": "服务农户",
              "varieties": "新品种", "techniques": "新技术", "materials": "发放物资", "opinion": "受援方意见",
              "satisfaction": "满意度", "review": "审核", "typical": "典型案例"},
    "visit_companion": {"name": "姓名"},
    "doubt_answer": {"rule": "待核实事项", "answer": "说明"},
    "station": {"name": "单位全称", "role": "角色", "public_key": "公钥", "accepted": "认可", "ended": "终止"},
    "setting": {"key": "项目", "value": "内容"},
    "attachment": {"file_name": "文件名", "sha256": "校验值", "source_sha256": "原图校验值",
                   "media_type": "类型", "size": "大小", "taken_at": "拍摄时间",
                   "position": "拍摄位置", "caption": "说明", "assignment": "受援县安排"},
}  # fmt: skip

_REFS = {"organisation": "organisation", "recipient": "recipient", "commissioner": "commissioner", "team": "team",
         "category": "category", "batch": "batch", "appointment": "appointment", "leader": "appointment",
         "continues": "appointment"}  # fmt: skip


def field_label(entity: str, name: str) -> str:
    """The field's Chinese name."""
    return FIELDS.get(entity, {}).get(name) or _COMMON.get(name) or name


class Reader:
    """Turns values of the journal into what people read; looks names up once."""

    def __init__(self, ledger: Ledger, divisions: Divisions | None = None) -> None:
        self._ledger = ledger
        self._divisions = divisions or Divisions.of(ledger)
        self._names: dict[tuple[str, str], str] = {}

    def value(self, entity: str, name: str, value: Any) -> str:
        """The value in words; a dash for nothing."""
        if value is None:
            return "—"
        special: dict[tuple[str, str], Callable[[Any], str]] = {
            ("visit", "time"): self._time,
            ("doubt_answer", "rule"): _doubt,
            ("visit", "review"): self._review,
            ("visit", "who"): lambda v: "、".join(
                self.name("commissioner", p[1]) or self.name("appointment", p[0]) for p in v
            ),
            ("assignment", "where"): self._stay,
            ("assignment", "recipients"): lambda v: "、".join(self.name("recipient", r) for r in v) or "—",
            ("commissioner_private", "id_number"): lambda v: mask_id(str(v)),
            ("setting", "value"): _setting,
            ("batch", "rule_set"): _rule_set,
        }
        try:
            if (entity, name) in special:
                return special[entity, name](value)
            if name == "where":
                return self._divisions.text(*value) or "—"
            if name == "_deleted":
                return "已删除" if value else "未删除"
            if name.endswith("period") and isinstance(value, list):
                return f"{value[0] or '—'} 至 {value[1] or '—'}"
            if name == "merged_into" and isinstance(value, str):
                return self.name(entity, value)
            if name in _REFS and isinstance(value, str):
                return self.name(_REFS[name], value)
            if name in ("county", "candidate_counties"):
                codes = value if isinstance(value, list) else [value]
                return "、".join(self._divisions.name(c) for c in codes)
        except (TypeError, IndexError, ValueError, AttributeError):
            return str(value)  # a foreign value of another shape is still shown
        if isinstance(value, list):
            return "、".join(str(v) for v in value if v not in (None, "")) or "—"
        if isinstance(value, bool):
            return "是" if value else "否"
        return str(value)

    def name(self, table: str, record: str | None) -> str:
        """The name of a referred record; "" for none."""
        if not record:
            return ""
        if (table, record) not in self._names:
            with self._ledger.read() as connection:
                found = names.name(connection, table, record)
            self._names[table, record] = found or record[:8]
        return self._names[table, record]

    def place(self, county: str | None, township: str | None, village: str | None = None) -> str:
        """A place as people write it: 温县 祥云镇 大玉兰村."""
        return self._divisions.text(county, township, village)

    def titles(self, entity: str, records: list[str]) -> dict[str, str]:
        """What to call some records in a list of changes."""
        with self._ledger.read() as connection:
            return names.titles(connection, entity, records)

    def _time(self, value: list[Any]) -> str:
        date, end, start_time, end_time, half_days = value
        text = f"{date}" + (f" 至 {end}" if end else "")
        if start_time or end_time:
            text += f" {start_time or ''}–{end_time or ''}"
        return text + (f"，{days_text(half_days)} 天" if half_days is not None else "")

    def _review(self, value: list[Any]) -> str:
        state, reviewer, opinion, date = value
        parts = [STATES.get(state, str(state)), reviewer, date, opinion]
        return "，".join(str(p) for p in parts if p)

    def _stay(self, value: list[Any]) -> str:
        county, townships = value
        names = [self._divisions.name(t) for t in townships or []]
        return " ".join([self._divisions.name(county), "、".join(names)]).strip() or "—"


# What these read is not needed to open the window, so it is imported when a history asks for it.
def _doubt(rule: str) -> str:
    from commissioner_app.doubts import rules

    return rules.title(rule)


def _rule_set(identity: str) -> str:
    from commissioner_app.obligations import rule_set

    found = rule_set(identity)
    return found.name if found else identity


def _setting(value: dict[str, Any]) -> str:
    from commissioner_app.doubts import rules

    if rules.KEY in value:
        return rules.described(value[rules.KEY])
    return "；".join(str(each) for each in value.values() if each and not isinstance(each, list)) or "—"

"""The rules of doubts as data: what ships, with what the office has changed laid over it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import resources
from commissioner_app.doubts.halfdays import minutes
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import names

SETTING = computed_id("setting", "doubts")
"""The shared setting that holds what the office has changed."""

KEY = "doubts"
SEVERITIES = {"doubt": "待核实", "hint": "提示"}
EVERYWHERE = ("date", "who", "county")
"""What every sentence may name of the visit itself."""

_NAME = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Parameter:
    """A figure of a rule that an office may change. kind: number (least to most), time (HH:MM) or words."""

    name: str
    label: str
    value: Any
    kind: str
    least: int = 0
    most: int = 0

    def checked(self, value: Any) -> Any:
        """The value as it is kept; raises Refused for one that cannot be it."""
        if self.kind == "number":
            if type(value) is not int or not self.least <= value <= self.most:
                raise Refused(f"“{self.label}”应是 {self.least} 到 {self.most} 的整数。")
            return value
        if self.kind == "time":
            if not isinstance(value, str) or minutes(value) is None:
                raise Refused(f"“{self.label}”应是 12:00 这样的时间。")
            return value
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise Refused(f"“{self.label}”应是若干个词。")
        return [v.strip() for v in value if v.strip()]


@dataclass(frozen=True)
class Rule:
    """One rule: its sentence may name in braces what `placeholders` and `EVERYWHERE` list."""

    id: str
    title: str
    enabled: bool
    severity: str
    sentence: str
    placeholders: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    why: str
    source: str

    def __getitem__(self, name: str) -> Any:
        return self.parameters[name].value

    def checked_sentence(self, text: Any) -> str:
        """The sentence as it is kept; raises Refused for an empty one and for braces that name nothing."""
        found = text.strip() if isinstance(text, str) else ""
        if not found:
            raise Refused("提示语不能为空。")
        known = (*EVERYWHERE, *self.placeholders)
        unknown = [name for name in _NAME.findall(found) if name not in known]
        if unknown or "{" in _NAME.sub("", found) or "}" in _NAME.sub("", found):
            offered = "、".join(f"{{{name}}}" for name in known)
            raise Refused(f"提示语里花括号中的内容只能是：{offered}。")
        return found


@dataclass(frozen=True)
class Rules:
    """The rules in force, in their order; problems: one sentence for each change of the office that cannot be used."""

    rules: Mapping[str, Rule]
    problems: tuple[str, ...] = field(default=(), compare=False)

    def __getitem__(self, rule: str) -> Rule:
        return self.rules[rule]

    def on(self, rule: str) -> bool:
        """Whether a rule is switched on."""
        return self.rules[rule].enabled


@cache
def shipped() -> Rules:
    """The rules as they ship."""
    data = tomllib.loads(resources.path("rules", "doubts.toml").read_text("utf-8"))
    found = {}
    for each in data["rule"]:
        parameters = {p["name"]: Parameter(**p) for p in each.pop("parameter", [])}
        found[each["id"]] = Rule(
            **{**each, "placeholders": tuple(each["placeholders"]), "parameters": parameters}
        )
    return Rules(found)


def merged(changes: Any) -> Rules:
    """What ships with an office's changes laid over it; what cannot be used falls back and is told."""
    found = dict(shipped().rules)
    problems: list[str] = []
    if not isinstance(changes, Mapping):
        return Rules(found, ("对待核实规则的修改无法读取，已按默认规则检查。",) if changes else ())
    for name, wish in changes.items():
        rule = found.get(name)
        if rule is None:
            problems.append(f"待核实规则“{name}”本版本没有，未使用。")
            continue
        if not isinstance(wish, Mapping):
            problems.append(f"对“{rule.title}”的修改无法读取，已按默认规则检查。")
            continue
        for key, value in wish.items():
            try:
                rule = _changed(rule, key, value)
            except Refused as error:
                problems.append(f"“{rule.title}”的设置不对，已用默认值：{error}")
        found[name] = rule
    return Rules(found, tuple(problems))


def _changed(rule: Rule, key: str, value: Any) -> Rule:
    """A rule with one thing changed; raises Refused."""
    if key == "enabled":
        if not isinstance(value, bool):
            raise Refused("启用应为是或否。")
        return replace(rule, enabled=value)
    if key == "severity":
        if value not in SEVERITIES:
            raise Refused("程度只能是待核实或提示。")
        return replace(rule, severity=value)
    if key == "sentence":
        return replace(rule, sentence=rule.checked_sentence(value))
    parameter = rule.parameters.get(key)
    if parameter is None:
        raise Refused(f"没有“{key}”这一项。")
    return replace(
        rule, parameters={**rule.parameters, key: replace(parameter, value=parameter.checked(value))}
    )


def load(connection: Connection) -> Rules:
    """The rules in force in a ledger."""
    return merged(names.setting(connection, SETTING).get(KEY, {}))


def of(ledger: Ledger) -> Rules:
    """The rules in force in a ledger."""
    with ledger.read() as connection:
        return load(connection)


def change(ledger: Ledger, rule: str, **wishes: Any) -> Outcome:
    """Change a rule for this ledger: enabled, severity, sentence, or a parameter by its name.

    What is again as it ships is no longer kept, so a better rule of a later version is used. Raises Refused.
    """
    ships = shipped().rules.get(rule)
    if ships is None:
        raise Refused("没有这条规则。")
    default = _values(ships)
    wanted = _values(ships)
    for key, value in wishes.items():
        wanted[key] = _values(_changed(ships, key, value))[key]

    def drafts(connection: Connection) -> list[Draft]:
        changes = names.setting(connection, SETTING).get(KEY)
        kept = dict(changes) if isinstance(changes, dict) else {}
        before = kept.pop(rule, {})
        values = {**(before if isinstance(before, dict) else {}), **{k: wanted[k] for k in wishes}}
        values = {k: v for k, v in values.items() if k not in default or v != default[k]}
        if values:
            kept[rule] = values
        return [_draft(kept)]

    return ledger.write(f"修改待核实规则“{ships.title}”", drafts)


def reset(ledger: Ledger, rule: str) -> Outcome:
    """Take an office's changes of a rule back. Raises Refused."""

    def drafts(connection: Connection) -> list[Draft]:
        changes = names.setting(connection, SETTING).get(KEY)
        kept = dict(changes) if isinstance(changes, dict) else {}
        return [_draft(kept)] if kept.pop(rule, None) is not None else []

    return ledger.write(f"恢复待核实规则“{title(rule)}”", drafts)


def _draft(changes: dict[str, Any]) -> Draft:
    value = {KEY: changes} if changes else {}
    return Draft("setting", SETTING, "insert", {"key": KEY, "value": value})


def _values(rule: Rule) -> dict[str, Any]:
    return {
        "enabled": rule.enabled, "severity": rule.severity, "sentence": rule.sentence,
        **{name: p.value for name, p in rule.parameters.items()},
    }  # fmt: skip


def title(rule: str) -> str:
    """The short name of a rule; of one that this version does not have its id."""
    found = shipped().rules.get(rule)
    return found.title if found else rule


def described(changes: Any) -> str:
    """An office's changes in words, for the history: 半天重叠：停用；内容雷同：相同程度超过（%） 95."""
    parts = []
    for name, wish in changes.items() if isinstance(changes, Mapping) else ():
        rule = shipped().rules.get(name)
        said = []
        for key, value in wish.items() if isinstance(wish, Mapping) else ():
            if key == "enabled":
                said.append("启用" if value else "停用")
            elif key == "severity":
                said.append(SEVERITIES.get(str(value), str(value)))
            elif key == "sentence":
                said.append(f"“{value}”")
            else:
                label = rule.parameters[key].label if rule and key in rule.parameters else key
                text = "、".join(map(str, value)) if isinstance(value, list) else str(value)
                said.append(f"{label} {text}")
        parts.append(f"{title(name)}：{'，'.join(said)}")
    return "；".join(parts) or "按默认规则"


def fill(sentence: str, values: Mapping[str, str]) -> str:
    """A sentence with its words put in."""
    return _NAME.sub(lambda found: values.get(found[1], ""), sentence)

"""Reads the tables of sentences and counts, field by field, what 粘贴识别 finds, misses and makes up."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from commissioner_app.divisions import Divisions
from commissioner_app.recognise import Known, KnownRecipient, Recognised, recognise

HERE = Path(__file__).parent
FIELDS = (
    "drafts", "date", "end_date", "start_time", "end_time", "half_days", "county", "township", "village", "places",
    "recipient", "contact", "phone", "ways", "industry", "topic", "problem", "solution", "trained", "households",
    "varieties", "techniques", "materials", "satisfaction", "companions", "about",
)  # fmt: skip
WORDS = ("topic", "problem", "solution", "materials", "techniques")
"""Fields whose words two people would cut out differently: a value counts where it is nearly the one expected."""
_KEYS = {
    "end": "end_date",
    "from": "start_time",
    "till": "end_time",
    "half": "half_days",
    "open": "places",
    "with": "companions",
}


@cache
def divisions() -> Divisions:
    """The shipped divisions, without a ledger."""
    return Divisions.shipped()


def path_of(code: str) -> str:
    """温县 祥云镇 大玉兰 of the code of 大玉兰."""
    return " ".join(divisions().name(code[:n]) for n in (6, 9, 12) if len(code) >= n)


@dataclass
class Table:
    """A file of cases."""

    cases: list[dict[str, Any]]
    settings: dict[str, Any]
    kept: dict[Any, Known] = field(default_factory=dict)

    def known(self, case: dict[str, Any]) -> Known:
        """What the rules may know in a case; the same for cases that say nothing of their own."""
        key = (case.get("today"), tuple(case.get("own", ())))
        if key not in self.kept:
            county = divisions().county_code
            self.kept[key] = Known(
                divisions(),
                tuple(self.settings["period"]),
                case.get("today") or self.settings["today"],
                tuple(county(name) or "" for name in case.get("own", ())),
                tuple(
                    KnownRecipient(r["id"], r["name"], county(r["county"]))
                    for r in self.settings.get("recipients", ())
                ),
                tuple(self.settings.get("people", ())),
            )
        return self.kept[key]


def table(name: str) -> Table:
    """The cases of a file beside this one."""
    data = tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))
    return Table(data.pop("case"), data)


def expected(draft: dict[str, Any]) -> dict[str, set[Any]]:
    """The values of a draft of the table by field."""
    found: dict[str, set[Any]] = {}
    for key, value in draft.items():
        if key == "at":
            for name, word in zip(("county", "township", "village"), value.split(), strict=False):
                found[name] = {word}
        elif key not in ("content",):
            found[_KEYS.get(key, key)] = set(value) if isinstance(value, list) else {value}
    return found


def got(draft: Recognised) -> dict[str, set[Any]]:
    """The values of a recognised draft in the words of the table."""
    found: dict[str, set[Any]] = {}
    for name in FIELDS[1:]:
        value = getattr(draft, name)
        if value is None or value == () or value == frozenset():
            continue
        if name in ("county", "township", "village"):
            found[name] = {divisions().name(value)}
        elif name == "places":
            found[name] = {path_of(w.village or w.township or w.county) for w in value}
        else:
            found[name] = set(value) if isinstance(value, tuple | frozenset) else {value}
    return found


def near(a: Any, b: Any) -> bool:
    """Whether two wordings are the same but for signs, or share at least six tenths of the longer one in one piece."""
    a, b = (re.sub(r"[\s，、。；,;“”\"]", "", str(x)) for x in (a, b))
    if a == b or not a or not b:
        return bool(a == b)
    longest = max(
        (n for i in range(len(a)) for n in range(len(a) - i, 0, -1) if a[i : i + n] in b), default=0
    )
    return longest / max(len(a), len(b)) >= 0.6


@dataclass
class Score:
    """Counts by field: found and right, made up or wrong, missed; and the sentences with a fault."""

    right: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    exact: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    whole: int = 0
    cases: int = 0

    def precision(self, name: str) -> float:
        """The share of what was filled that is right."""
        filled = self.right[name] + self.wrong[name]
        return self.right[name] / filled if filled else 1.0

    def recall(self, name: str) -> float:
        """The share of what is told that was filled rightly."""
        told = self.right[name] + self.missed[name]
        return self.right[name] / told if told else 1.0

    def rows(self) -> list[str]:
        """The table of figures, as printed."""
        lines = [
            f"{'field':<12} {'told':>5} {'right':>6} {'wrong':>6} {'missed':>7} {'precision':>10} {'recall':>8}"
        ]
        for name in (*FIELDS, "all"):
            told = self.right[name] + self.missed[name]
            lines.append(
                f"{name:<12} {told:>5} {self.right[name]:>6} {self.wrong[name]:>6} {self.missed[name]:>7} "
                f"{self.precision(name):>10.3f} {self.recall(name):>8.3f}"
                + (f"   word for word: {self.exact[name]} of {self.right[name]}" if name in WORDS else "")
            )
        lines.append(f"{self.whole} of {self.cases} sentences without any fault")
        return lines


def score(cases: Table) -> Score:
    """Compare every case with what the rules give."""
    total = Score(cases=len(cases.cases))
    for case in cases.cases:
        drafts = recognise(case["text"], cases.known(case))
        faults = _compare(total, case["drafts"], drafts)
        if faults:
            total.faults.append(case["text"].strip() + "".join(f"\n      {f}" for f in faults))
        else:
            total.whole += 1
    for name in FIELDS:
        total.right["all"] += total.right[name]
        total.wrong["all"] += total.wrong[name]
        total.missed["all"] += total.missed[name]
    return total


def total(scores: Iterable[Score]) -> Score:
    """Several scores as one."""
    found = Score()
    for score in scores:
        for name in ("right", "wrong", "missed", "exact"):
            getattr(found, name).update(getattr(score, name))
        found.whole += score.whole
        found.cases += score.cases
    return found


def _compare(total: Score, wanted: list[dict[str, Any]], drafts: list[Recognised]) -> list[str]:
    faults = []
    both = min(len(wanted), len(drafts))
    total.right["drafts"] += both
    total.missed["drafts"] += len(wanted) - both
    total.wrong["drafts"] += len(drafts) - both
    if len(wanted) != len(drafts):
        faults.append(f"{len(drafts)} drafts instead of {len(wanted)}: {[d.content for d in drafts]}")
    for want, draft in zip_longest(wanted, drafts):
        told, found = expected(want or {}), got(draft) if draft else {}
        for name in FIELDS[1:]:
            a, b = told.get(name, set()), found.get(name, set())
            if name in WORDS:
                pairs = [(x, y) for x in a for y in b if near(x, y)]
                right = min(len({x for x, _ in pairs}), len({y for _, y in pairs}))
                total.exact[name] += sum(x == y for x, y in pairs)
            else:
                right = len(a & b)
            total.right[name] += right
            total.wrong[name] += len(b) - right
            total.missed[name] += len(a) - right
            if right < len(a) or right < len(b):
                faults.append(f"{name}: {sorted(map(str, b)) or '-'} instead of {sorted(map(str, a)) or '-'}")
        if want and draft and "content" in want and want["content"] != draft.content:
            faults.append(f"content: {draft.content!r}")
    return faults

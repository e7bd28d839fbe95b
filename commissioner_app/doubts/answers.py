"""Answers to doubts: a remark that settles one, given for several visits at once, changed, taken back, undone."""

from collections.abc import Sequence

from commissioner_app.doubts import rules
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import doubts as queries


def record(visit: str, rule: str) -> str:
    """The answer to a doubt is one record, wherever it is given: two stations that answer meet in it."""
    return computed_id("doubt_answer", visit, rule)


def answer(ledger: Ledger, visits: Sequence[str], rule: str, text: str) -> Outcome:
    """Answer the doubt of a rule about some visits with a remark, or change the remark. Raises Refused."""
    title = _title(rule)
    if not text.strip():
        raise Refused("请写明情况，例如“当日临时到邻县会诊，已报备”。")
    drafts = [
        Draft("doubt_answer", record(visit, rule), "insert", {"visit": visit, "rule": rule, "answer": text})
        for visit in dict.fromkeys(visits)
    ]
    return ledger.write(_label("说明", title, len(drafts)), drafts)


def take_back(ledger: Ledger, visits: Sequence[str], rule: str) -> Outcome:
    """Take the answers to a rule's doubts about some visits back: they are open again."""
    title = _title(rule)
    wanted = list(dict.fromkeys(visits))

    def drafts(connection: Connection) -> list[Draft]:
        given = queries.answers(connection, wanted)
        return [
            Draft("doubt_answer", record(v, rule), "delete", {"_deleted": True})
            for v in wanted
            if (v, rule) in given
        ]

    return ledger.write(_label("撤回说明", title, len(wanted)), drafts)


def _title(rule: str) -> str:
    found = rules.shipped().rules.get(rule)
    if found is None:
        raise Refused("没有这条待核实规则。")
    return found.title


def _label(what: str, title: str, count: int) -> str:
    return f"{what}“{title}”" if count == 1 else f"{what}“{title}” {count} 条"

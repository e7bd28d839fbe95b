"""待核实: what is worth checking about visits, from rules that are data; nothing is forbidden, all can be answered.

Everything here may take longer than a blink in a large ledger: call it on a worker thread.
"""

from commissioner_app.doubts.answers import answer, take_back
from commissioner_app.doubts.asking import TakenPhoto, of_values, of_visits
from commissioner_app.doubts.desk import forget
from commissioner_app.doubts.findings import Count, Finding, Findings, all_of
from commissioner_app.doubts.rules import SEVERITIES, Parameter, Rule, Rules, change, reset
from commissioner_app.doubts.rules import of as rules_of

__all__ = [
    "SEVERITIES",
    "Count",
    "Finding",
    "Findings",
    "Parameter",
    "Rule",
    "Rules",
    "TakenPhoto",
    "all_of",
    "answer",
    "change",
    "forget",
    "of_values",
    "of_visits",
    "reset",
    "rules_of",
    "take_back",
]

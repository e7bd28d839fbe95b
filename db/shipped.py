"""What ships: changes of one fixed station with fixed ids, in append-only files with their signature.

So two ledgers made apart hold the same 38 places and merge into 38. A released file is never edited (a test
pins its hash); a correction is a new file with new changes.
"""

import orjson

import resources
from db.errors import LedgerError
from db.journal.changes import (
    Change,
    Operation,
    digest,
    heads_from,
    heads_json,
    operation_message,
    parse_id,
    session_message,
    values_json,
)
from db.journal.keys import SHIPPED, verifies
from db.ledger import Ledger, Outcome

STATIONS = {"2022": "7cdebe56-8d3b-5c02-87fb-19008e14e7ed"}
"""The station of each file."""


def bring_roster(ledger: Ledger, name: str) -> Outcome:
    """Bring a shipped roster into a ledger; twice is harmless. Raises LedgerError for an unknown one."""
    if name not in STATIONS:
        raise LedgerError(f"没有随程序提供的 {name} 年名单；可用：{'、'.join(STATIONS)}。")
    data = orjson.loads(resources.path("roster", f"{name}.json").read_bytes())
    station, session = data["station"], data["session"]
    identity = parse_id(data["operation"]["id"])
    operation = Operation(
        identity, data["operation"]["last"], data["operation"]["label"], data["operation"]["actor"],
        data["operation"]["wall"], None, bytes.fromhex(data["operation"]["signature"]),
    )  # fmt: skip
    changes = [
        Change(
            parse_id(c["id"]), identity.seq, operation.wall, c["entity"], c["record"], c["kind"], c["values"],
            heads_from(None), heads_from(None), c["format"], bytes.fromhex(c["salt"]),
        )
        for c in data["changes"]
    ]  # fmt: skip
    digests = [digest(c, values_json(c.values), heads_json(c.replaces), heads_json(c.saw)) for c in changes]
    opened, signature = data["opened"], bytes.fromhex(data["signature"])
    key = SHIPPED[STATIONS[name]]
    genuine = (
        station == STATIONS[name]
        and verifies(key, signature, session_message(session, station, opened))
        and verifies(key, operation.signature, operation_message(operation, digests))
    )
    if not genuine:
        raise LedgerError("随程序提供的名单已损坏，请重新安装本程序。")
    return ledger.receive([operation], changes, [(session, station, opened, signature)])

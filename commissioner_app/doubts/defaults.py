"""All rules of doubts as they ship, at once."""

from commissioner_app.doubts.rules import KEY, SETTING
from db.ledger import Connection, Draft, Ledger, Outcome
from db.queries import names


def reset_all(ledger: Ledger) -> Outcome:
    """Take all changes of the rules back, also those that this version cannot use; one operation."""

    def drafts(connection: Connection) -> list[Draft]:
        changed = names.setting(connection, SETTING).get(KEY)
        return [Draft("setting", SETTING, "insert", {"key": KEY, "value": {}})] if changed else []

    return ledger.write("恢复全部待核实规则", drafts)

"""Reading for the exchange: peers' last files, what came, what is kept aside, what is not sent yet."""

from dataclasses import dataclass

from sqlalchemy import Connection

from db.exchange import peers
from db.journal import store
from db.journal.changes import Change, ChangeId
from db.journal.ranges import Ranges


@dataclass(frozen=True)
class LogRow:
    """One file sent or received; times in milliseconds since 1970, `made` by the sender's clock."""

    at: int
    direction: str
    peer: str
    name: str
    file: str
    made: int
    new: int
    changed: int
    conflicts: int
    refused: int
    photos: int
    bytes: int
    actor: str


def log(connection: Connection, limit: int) -> list[LogRow]:
    """The latest files, newest first."""
    rows = connection.exec_driver_sql(
        "SELECT at, direction, peer, name, file, made, new, changed, conflicts, refused, photos, bytes, actor "
        "FROM exchange ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [LogRow(*row) for row in rows]


def last_times(connection: Connection) -> dict[tuple[str, str], int]:
    """(peer, sent / received) → when the last file went or came, in milliseconds since 1970."""
    rows = connection.exec_driver_sql(
        "SELECT peer, direction, max(at) FROM exchange GROUP BY peer, direction"
    )
    return {(row[0], row[1]): row[2] for row in rows}


def sent_since(connection: Connection, at: int, name: str) -> int:
    """How many files somebody of that name has been sent since a time (milliseconds)."""
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM exchange WHERE direction = 'sent' AND at >= ? AND name = ?", (at, name)
        ).scalar_one()
    )


def trust(connection: Connection) -> dict[str, str]:
    """Station → a person's decision about it (accepted / refused)."""
    return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT station, decision FROM trust")}


def arrived(connection: Connection) -> list[str]:
    """Records that came with a file and that nobody has looked at since."""
    return [row[0] for row in connection.exec_driver_sql("SELECT record FROM arrived")]


def forget_arrivals(connection: Connection, records: list[str] | None) -> None:
    """Take the marks of some records (of all, for None) away."""
    if records is None:
        connection.exec_driver_sql("DELETE FROM arrived")
    elif records:
        connection.exec_driver_sql("DELETE FROM arrived WHERE record = ?", [(r,) for r in records])


def unconfirmed(connection: Connection, own: str, above: list[str], until: int | None = None) -> int:
    """How many of this station's own changes none of the stations above has said to hold; with `until` (milliseconds
    since 1970) those made before. What a station says of itself and of others is not counted: nobody has written it.
    """
    mine = store.held(connection).only(peers.sessions(connection, own))
    for station in above:
        has, _ = peers.ranges(connection, station)
        mine = mine.minus(has)
    query = "SELECT count(*) FROM change WHERE session = ? AND seq BETWEEN ? AND ? AND entity != 'station' AND wall <= ?"
    last = until if until is not None else 2**62
    return sum(int(connection.exec_driver_sql(query, (*span, last)).scalar_one()) for span in mine)


def aside(connection: Connection) -> list[Change]:
    """The changes that are kept aside, newest first."""
    rows = connection.exec_driver_sql(
        f"{store.SELECT_CHANGE} JOIN aside a ON a.session = c.session AND a.seq = c.seq ORDER BY c.wall DESC"
    )
    return [store.change_from(row) for row in rows]


def changes_in(connection: Connection, records: list[str], ids: Ranges) -> dict[str, list[Change]]:
    """The changes of some records that are in a set, by record."""
    found: dict[str, list[Change]] = {}
    for part in store.chunks(records):
        for record, changes in store.load(connection, part).items():
            found[record] = [c for c in changes if c.id in ids]
    return found


def actor_of(connection: Connection, identity: ChangeId, operation: int) -> str:
    """The 经办人 of a change's operation."""
    found = connection.exec_driver_sql(
        "SELECT actor FROM operation WHERE session = ? AND first = ?", (identity.session, operation)
    ).scalar()
    return str(found or "")


def visit_titles(connection: Connection, records: list[str]) -> dict[str, tuple[str, str]]:
    """What to call some visits: record → (date, county code and people's names; the content)."""
    found: dict[str, tuple[str, str]] = {}
    for part in store.chunks(records):
        rows = connection.exec_driver_sql(
            "SELECT v.id, coalesce(v.date, ''), coalesce((SELECT group_concat(c.name, '、') FROM visit_place p "
            "JOIN commissioner c ON c.id = p.commissioner WHERE p.visit = v.id), ''), "
            "coalesce((SELECT name FROM division d WHERE d.code = v.county), v.county, ''), "
            f"coalesce(v.topic, v.content, '') FROM visit v WHERE v.id IN ({store.marks(part)})",
            tuple(part),
        )
        for record, date, people, county, text in rows:
            found[record] = (" ".join(x for x in (date, people, county) if x), text)
    return found


def outgoing(
    connection: Connection, ids: Ranges, limit_per_session: int = 1_000_000
) -> dict[str, tuple[set[str], set[str]]]:
    """entity → (records that come into being, records that are changed) by the changes of a set."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for session, first, last in ids:
        rows = connection.exec_driver_sql(
            "SELECT entity, record, kind FROM change WHERE session = ? AND seq BETWEEN ? AND ?",
            (session, first, min(last, first + limit_per_session)),
        )
        for entity, record, kind in rows:
            new, changed = found.setdefault(entity, (set(), set()))
            (new if kind == "insert" else changed).add(record)
    return found

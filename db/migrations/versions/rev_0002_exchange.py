"""The exchange: certificates, changes kept aside, what the scope looks at, what peers have."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = [
    """CREATE TABLE certificate (
    station VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    county VARCHAR,
    place VARCHAR,
    person VARCHAR,
    ended VARCHAR,
    PRIMARY KEY (station)
)""",
    """CREATE TABLE aside (
    session VARCHAR(16) NOT NULL,
    seq INTEGER NOT NULL,
    entity VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    PRIMARY KEY (session, seq)
) WITHOUT ROWID""",
    """CREATE INDEX ix_aside_record ON aside (record)""",
    """CREATE TABLE also (
    record VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    now INTEGER NOT NULL,
    entity VARCHAR NOT NULL,
    PRIMARY KEY (record, kind, value, now, entity)
) WITHOUT ROWID""",
    """CREATE INDEX ix_also_value ON also (kind, value)""",
    """CREATE TABLE held (
    session VARCHAR(16) NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (session, first)
) WITHOUT ROWID""",
    """CREATE TABLE absent_digest (
    session VARCHAR(16) NOT NULL,
    seq INTEGER NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (session, seq)
) WITHOUT ROWID""",
    """CREATE TABLE trust (
    station VARCHAR NOT NULL,
    decision VARCHAR NOT NULL,
    decided INTEGER NOT NULL,
    actor VARCHAR NOT NULL,
    public_key VARCHAR NOT NULL,
    identity VARCHAR NOT NULL,
    PRIMARY KEY (station)
)""",
    """CREATE TABLE peer (
    station VARCHAR NOT NULL,
    has VARCHAR NOT NULL,
    showed VARCHAR NOT NULL,
    PRIMARY KEY (station)
)""",
    """CREATE TABLE exchange (
    id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    direction VARCHAR NOT NULL,
    peer VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    made INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    photos INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    actor VARCHAR NOT NULL,
    PRIMARY KEY (id)
)""",
    """CREATE TABLE blob_sent (
    peer VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    PRIMARY KEY (peer, sha256)
) WITHOUT ROWID""",
    """CREATE TABLE arrived (
    record VARCHAR NOT NULL,
    entity VARCHAR NOT NULL,
    PRIMARY KEY (record)
) WITHOUT ROWID""",
    "CREATE INDEX ix_appointment_person_appointment ON appointment_person (appointment)",
    "CREATE INDEX ix_assignment_appointment ON assignment (appointment)",
    "CREATE INDEX ix_attachment_visit ON attachment (visit)",
    "CREATE INDEX ix_visit_companion_visit ON visit_companion (visit)",
    "ALTER TABLE visit_companion ADD COLUMN county VARCHAR",
    "ALTER TABLE visit_companion ADD COLUMN places JSON",
    "ALTER TABLE attachment ADD COLUMN county VARCHAR",
    "ALTER TABLE attachment ADD COLUMN places JSON",
]


def upgrade() -> None:
    """Create the tables and columns; `store.rebuild` fills what is derived when the ledger is opened."""
    for sql in STATEMENTS:
        op.execute(sql)

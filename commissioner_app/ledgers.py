"""Making and opening ledgers, and what `info` tells of one."""

from dataclasses import asdict, dataclass
from pathlib import Path

from commissioner_app import backups, batches, paths
from commissioner_app.divisions import Divisions
from commissioner_app.periods import today
from db import migrate
from db.errors import Refused
from db.ids import computed_id
from db.ledger import Draft, Ledger, Outcome, remove_ledger
from db.queries import journal, names, roster
from db.shipped import bring_roster

DEMO = computed_id("setting", "demo")
"""The setting that marks training data."""

ROLES = {"bureau": "市科技局", "county": "县科技局", "commissioner": "科技特派员"}
"""Roles of a station and their Chinese names."""


@dataclass(frozen=True)
class NewLedger:
    """What a person tells to get a ledger; name is the unit's full name as on its stamp."""

    role: str
    county: str | None = None
    name: str = ""
    actor: str = ""
    roster: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Info:
    """Facts about a ledger, with the names of `info --json`."""

    role: str
    station: str
    year: int | None
    places: int
    commissioners: int
    teams: int
    assignments: int
    visits: int
    visits_pending: int
    conflicts: int
    changes: int
    schema: int
    demo: bool
    path: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def create(path: Path, wanted: NewLedger, password: str | None = None) -> Ledger:
    """Make a ledger with its station, its batch or shipped roster; a refused creation leaves no file.

    Raises Refused for an unknown role or county, or a file that exists.
    """
    if wanted.role not in ROLES:
        raise Refused(f"没有“{wanted.role}”这种角色，可用：{'、'.join(ROLES)}。")
    if path.suffix != paths.SUFFIX:
        raise Refused(f"台账文件的名称要以 {paths.SUFFIX} 结尾：{path.name}")
    ledger = Ledger.create(path, password)
    try:
        divisions = Divisions.of(ledger)
        county = divisions.county_code(wanted.county)
        if wanted.county and county is None:
            names = "、".join(d.name for d in divisions.counties())
            raise Refused(f"没有“{wanted.county}”这个县（市、区），可用：{names}。")
        if wanted.role == "county" and county is None:
            raise Refused("请说明是哪个县（市、区）。")
        name = wanted.name or default_unit(wanted.role, divisions.name(county))
        values = {"role": wanted.role, "name": name, "county": county}
        ledger.make_station(values, wanted.actor or "经办人")
        if wanted.roster:
            bring_roster(ledger, wanted.roster)
        else:
            batches.create(ledger, wanted.year or int(today()[:4]))
    except BaseException:
        ledger.close()
        remove_ledger(path)
        raise
    return ledger


def default_unit(role: str, county: str) -> str:
    """A unit's name to begin with; the user writes the one on the stamp."""
    if role == "bureau":
        return "焦作市科技局"
    return f"{county}科技局" if role == "county" else "科技特派员"


def open_ledger(path: Path, password: str | None = None) -> Ledger:
    """Open a ledger, with a backup before its tables are brought to this version."""
    return Ledger.open(path, password, before_upgrade=lambda ledger: backups.make(ledger, "升级前"))


def default_path(unit: str, year: int | None = None) -> Path:
    """Where a new ledger goes unless the user says otherwise."""
    stem = "".join(c for c in f"{unit}{year or ''}" if c not in '\\/:*?"<>|').strip() or "服务台账"
    return paths.free_path(paths.documents(), stem, paths.SUFFIX)


def is_demo(ledger: Ledger) -> bool:
    """Whether the ledger holds training data, which is marked 演示 wherever it appears."""
    with ledger.read() as connection:
        return bool(names.setting(connection, DEMO))


def mark_demo(ledger: Ledger) -> None:
    """Mark the ledger as training data, for good."""
    ledger.write("标为演示数据", [Draft("setting", DEMO, "insert", {"key": "demo", "value": {"demo": True}})])


def station_values(ledger: Ledger) -> tuple[str, str, str | None]:
    """(role, unit's name, county code) of this laptop's station."""
    with ledger.read() as connection:
        return names.station(connection, ledger.station)


def rights(ledger: Ledger) -> str:
    """The role whose rights this laptop has now: while no bureau is known, a county (or whoever is alone) has the bureau's."""
    own = ledger.certificates().get(ledger.station)
    return "bureau" if own is not None and own.whole else station_values(ledger)[0]


def rename_station(ledger: Ledger, name: str) -> Outcome:
    """Change the unit's full name as on its stamp."""
    if not name.strip():
        raise Refused("请填写使用单位的全称。")
    return ledger.write("修改使用单位名称", [Draft("station", ledger.station, "update", {"name": name})])


def info(ledger: Ledger) -> Info:
    """Counts of the current batch and of the ledger; `commissioners` counts places with a person."""
    role, name, _ = station_values(ledger)
    with ledger.read() as connection:
        batch = batches.current(roster.batches(connection))
        places = roster.places(connection, batch.id if batch else None, batches.reference_day(batch))
        found = migrate.revision(connection)
        return Info(
            role=role,
            station=name,
            year=batch.year if batch else None,
            places=len(places),
            commissioners=sum(1 for p in places if p.commissioner),
            teams=len(roster.teams(connection, batch.id if batch else None)),
            assignments=sum(len(p.assignments) for p in places),
            visits=journal.live_count(connection, "visit"),
            visits_pending=journal.live_count(connection, "visit", "AND (state = 'submitted' OR stale = 1)"),
            conflicts=len(journal.conflicts(connection)),
            changes=journal.change_count(connection),
            schema=migrate.schema_number(found or migrate.HEAD),
            demo=bool(names.setting(connection, DEMO)),
            path=str(ledger.path),
        )


__all__ = [
    "ROLES",
    "Info",
    "Ledger",
    "NewLedger",
    "Outcome",
    "create",
    "default_path",
    "default_unit",
    "info",
    "is_demo",
    "mark_demo",
    "open_ledger",
    "rename_station",
    "station_values",
]

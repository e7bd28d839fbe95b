"""Reading what service teams have agreed to do."""

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class TaskRow:
    """An agreed task (约定任务); dates are ISO, either may be missing."""

    id: str
    team: str
    title: str
    starts: str | None
    due: str | None
    state: str
    result: str
    disputed: bool


def tasks(connection: Connection, team: str | None = None) -> list[TaskRow]:
    """The tasks of a team (of all, for None): what is due first comes first, what has no date last."""
    rows = connection.exec_driver_sql(
        "SELECT id, team, coalesce(title,''), starts, due, coalesce(state,''), coalesce(result,''), disputed "
        "FROM team_task WHERE deleted = 0 AND team IS NOT NULL AND (?1 IS NULL OR team = ?1) "
        "ORDER BY due IS NULL, due, starts IS NULL, starts, title, id",
        (team,),
    )
    return [TaskRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], bool(r[7])) for r in rows]

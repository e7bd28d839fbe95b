"""Brings a ledger's tables to this version; a ledger from a newer one is refused and not touched."""

from pathlib import Path

from sqlalchemy import Connection

from db.errors import NewerLedger, NotALedger

REVISIONS = ("0001", "0002", "0003", "0004")
"""Every revision in order; the last is the one this version works with."""

HEAD = REVISIONS[-1]


def revision(connection: Connection) -> str | None:
    """The revision of the tables, None for an empty file; raises NotALedger, NewerLedger."""
    tables = {
        row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'")
    }
    if "alembic_version" not in tables:
        if tables:
            raise NotALedger("这个文件不是服务台账，没有打开。")
        return None
    found = str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
    if found not in REVISIONS:
        raise NewerLedger("这个台账由更新版本的程序写成，请先升级本程序再打开。台账没有改动。")
    return found


def schema_number(found: str) -> int:
    """The revision as a number that people can compare."""
    return REVISIONS.index(found) + 1


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Run the migrations up to `target` in one transaction.

    The caller has foreign keys off and the transaction begun; they are checked here before it commits.
    """
    # Imported here: Alembic costs a tenth of a second, and most openings need no migration.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise NotALedger(f"升级台账时发现 {len(broken)} 处引用不完整，已恢复原样，请联系维护人员。")

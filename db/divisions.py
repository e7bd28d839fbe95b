"""Loads the reference data of divisions (county, township, village) into a ledger."""

import re

import orjson
from sqlalchemy import Connection

import resources

# A village's everyday name drops these (DOMAIN.md, Places).
_COMMITTEES = re.compile(r"(社区)?(村民委员会|居民委员会|村委会|居委会)$")


def everyday_name(full: str, level: int, county: str) -> str:
    """The name people use: 大玉兰村村民委员会 → 大玉兰村, 博爱县柏山镇 → 柏山镇."""
    if level == 2 and full.startswith(county) and len(full) > len(county) + 1:
        return full[len(county) :]
    if level == 3:
        short = _COMMITTEES.sub(lambda m: m.group(1) or "", full)
        return short or full
    return full


def shipped() -> list[tuple[str, str | None, int, str, str]]:
    """(code, parent, level, everyday name, full name) of every division of the shipped file."""
    data = orjson.loads(resources.path("divisions", "jiaozuo.json").read_bytes())
    city = data["city"]
    rows: list[tuple[str, str | None, int, str, str]] = [(city["code"], None, 0, city["name"], city["name"])]
    for county in data["counties"]:
        rows.append((county["code"], city["code"], 1, county["name"], county["name"]))
        for town in county["townships"]:
            short = everyday_name(town["name"], 2, county["name"])
            rows.append((town["code"], county["code"], 2, short, town["name"]))
            for village in town["villages"]:
                name = everyday_name(village["name"], 3, county["name"])
                rows.append((village["code"], town["code"], 3, name, village["name"]))
    return rows


def load_divisions(connection: Connection) -> None:
    """Fill the division table from the shipped file, replacing what an older version had put there."""
    connection.exec_driver_sql("DELETE FROM division")
    connection.exec_driver_sql(
        "INSERT INTO division (code, parent, level, name, full_name) VALUES (?,?,?,?,?)", shipped()
    )

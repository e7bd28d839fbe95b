"""Maintainers' tool: writes resources/roster/2022.json, once. A released file is never written again.

The places are those of the founding newspaper page (焦作, March 2022; DOMAIN.md): 18 + 16 + 4, no person. The
signing key is drawn here, its public half printed for db/shipped.py, its private half forgotten.
"""

import datetime as dt
import secrets
import sys

import orjson

import resources
from db.entities import entity
from db.ids import computed_id
from db.journal.changes import (
    FORMAT,
    Change,
    ChangeId,
    Operation,
    digest,
    operation_message,
    session_message,
    values_json,
)
from db.journal.keys import StationKey

XIUWU, BOAI, WEN = "410821", "410822", "410825"


def records(key: StationKey, station: str) -> list[tuple[str, str, dict[str, object]]]:
    """(entity, record, values) of everything the page states."""
    batch = computed_id("batch", 2022)
    normal, agricultural = (
        computed_id("organisation", "河南师范大学"),
        computed_id("organisation", "河南农业大学"),
    )
    team = computed_id("team", 2022, "省中药材产业科技特派员服务团")
    found: list[tuple[str, str, dict[str, object]]] = [
        ("station", station, {"name": "随程序提供", "role": "shipped", "public_key": key.public}),
        ("batch", batch, {
            "year": 2022, "name": "2022年度科技特派员选派", "state": "拟选派",
            "service_period": ["2022-04-01", "2023-03-31"], "evaluation_period": ["2022-04-01", "2022-12-31"],
            "source": "2022年3月焦作市拟选派名单公示的公开报道",
        }),
        ("organisation", normal, {"name": "河南师范大学"}),
        ("organisation", agricultural, {"name": "河南农业大学"}),
        ("team", team, {
            "batch": batch, "name": "省中药材产业科技特派员服务团", "level": "省派", "industry": "中药材",
            "organisation": normal, "county": XIUWU,
        }),
    ]  # fmt: skip
    kinds = (
        (
            "服务团成员",
            "产业科技特派员服务团成员",
            ["产业科技特派员服务团", "产业科技特派员", "服务团", "团员", "成员"],
        ),
        ("省派", "省派科技特派员", ["省派科技特派员", "省科技特派员", "省派特派员", "三区人才"]),
        ("校派", "校派科技特派员", ["校派科技特派员", "高校科技特派员", "校派特派员"]),
    )
    for n, (name, full, aliases) in enumerate(kinds):
        found.append(("category", computed_id("category", 2022, name), {
            "batch": batch, "name": name, "full_name": full, "aliases": aliases, "position": n,
        }))  # fmt: skip
    for short, name, count in (("团", "服务团成员", 18), ("省派", "省派", 16), ("校派", "校派", 4)):
        for n in range(1, count + 1):
            code = f"2022-{short}-{n:02d}"
            values: dict[str, object] = {
                "batch": batch,
                "code": code,
                "category": computed_id("category", 2022, name),
            }
            if name == "服务团成员":
                values |= {"organisation": normal, "team": team}
            if name == "校派":
                values |= {
                    "organisation": agricultural, "funding": "派出单位自筹经费",
                    "candidate_counties": [XIUWU, BOAI, WEN],
                }  # fmt: skip
            place = computed_id("appointment", code)
            found.append(("appointment", place, values))
            if name == "服务团成员":
                found.append(("assignment", computed_id("assignment", code), {
                    "appointment": place, "where": [XIUWU, None], "period": ["2022-04-01", "2023-03-31"],
                }))  # fmt: skip
    return found


def main() -> int:
    """Write the file; refuses to write it again."""
    target = resources.path("roster", "2022.json")
    if target.exists():
        print("2022.json is released and stays as it is", file=sys.stderr)
        return 1
    key, station, session = StationKey(), computed_id("station", "shipped"), secrets.token_hex(8)
    wall = int(dt.datetime(2022, 3, 31, 12, tzinfo=dt.UTC).timestamp() * 1000)
    changes = []
    for n, (name, record, values) in enumerate(records(key, station), 1):
        target_entity = entity(name)
        assert target_entity is not None
        clean = {f: target_entity.fields[f].canonical(v) for f, v in values.items()}
        changes.append(Change(
            ChangeId(session, n), 1, wall, name, record, "insert", clean, format=FORMAT, salt=secrets.token_bytes(16)
        ))  # fmt: skip
    operation = Operation(ChangeId(session, 1), len(changes), "随程序提供2022年度名额", "随程序提供", wall)
    digests = [digest(c, values_json(c.values), None, None) for c in changes]
    operation.signature = key.sign(operation_message(operation, digests))
    data = {
        "station": station, "session": session, "opened": wall,
        "signature": key.sign(session_message(session, station, wall)).hex(),
        "operation": {
            "id": str(operation.id), "last": operation.last, "label": operation.label, "actor": operation.actor,
            "wall": wall, "signature": operation.signature.hex(),
        },
        "changes": [
            {"id": str(c.id), "entity": c.entity, "record": c.record, "kind": c.kind, "values": c.values,
             "format": c.format, "salt": c.salt.hex()}
            for c in changes
        ],
    }  # fmt: skip
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    print(key.public)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

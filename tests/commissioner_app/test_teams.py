"""What service teams have agreed to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commissioner_app import batches, history, ledgers, places, teams
from commissioner_app.errors import Refused
from commissioner_app.ledgers import Ledger


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Ledger]:
    with ledgers.create(
        tmp_path / "a.ktledger", ledgers.NewLedger("bureau", "", "演示科技局", "演示员", roster="2022")
    ) as made:
        yield made


def the_team(ledger: Ledger) -> str:
    return teams.listed(ledger, batches.all_batches(ledger)[0].id)[0].id


def agree(ledger: Ledger, title: str, starts: str | None, due: str | None, state: str = "未开始") -> str:
    outcome = teams.save_task(
        ledger, the_team(ledger), None, {"title": title, "period": [starts, due], "state": state}
    )
    return outcome.records["team_task"][0]


def test_tasks_come_by_due_date_and_are_late_until_done(bureau: Ledger) -> None:
    agree(bureau, "无期限", "2022-05-01", None)
    agree(bureau, "后", None, "2022-12-31")
    early = agree(bureau, "先", "2022-04-10", "2022-09-30")
    found = teams.tasks(bureau, the_team(bureau))
    assert [t.title for t in found] == ["先", "后", "无期限"]
    assert [teams.overdue(t, "2022-10-01") for t in found] == [True, False, False]
    assert not teams.overdue(found[0], "2022-09-30")
    teams.save_task(bureau, the_team(bureau), early, {"state": "已完成", "result": "演示"})
    assert teams.overdue_count(teams.tasks(bureau), "2023-01-01") == 1


def test_a_task_is_changed_deleted_and_undone(bureau: Ledger) -> None:
    team = the_team(bureau)
    for values, word in (
        ({"title": " "}, "任务内容"),
        ({"title": "甲", "period": ["2022-05-01", "2022-04-01"]}, "早于"),
        ({"title": "甲", "period": ["2022-02-30", None]}, "不存在"),
        ({"title": "甲", "state": "快了"}, "进度"),
    ):
        with pytest.raises(Refused, match=word):
            teams.save_task(bureau, team, None, values)
    task = teams.save_task(bureau, team, None, {"title": "甲", "state": None}).records["team_task"][0]
    assert teams.tasks(bureau, team)[0].state == "未开始"
    teams.save_task(bureau, team, task, {"title": "乙"})
    teams.delete_task(bureau, task)
    assert teams.tasks(bureau, team) == []
    history.undo(bureau)
    assert [t.title for t in teams.tasks(bureau)] == ["乙"]


def test_a_team_is_deleted_with_its_tasks_in_one_operation(bureau: Ledger) -> None:
    team = the_team(bureau)
    agree(bureau, "甲", None, "2022-12-31")
    agree(bureau, "乙", None, None)
    outcome = teams.delete(bureau, team)
    assert len(outcome.records["team_task"]) == 2 and teams.tasks(bureau) == []
    batch = batches.all_batches(bureau)[0]
    assert teams.listed(bureau, batch.id) == [] and not any(p.team for p in places.listed(bureau, batch))
    history.undo(bureau)
    assert len(teams.tasks(bureau, team)) == 2
    assert sum(1 for p in places.listed(bureau, batch) if p.team == team) == 18

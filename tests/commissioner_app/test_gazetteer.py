"""Places found while somebody types, and read from one line."""

from collections.abc import Iterator

import pytest

from commissioner_app.divisions import Divisions
from commissioner_app.gazetteer import Gazetteer
from commissioner_app.ledgers import NewLedger, create

WEN, XIANGYUN, XIUWU = "410825", "410825101", "410821"


@pytest.fixture(scope="module")
def divisions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Divisions]:
    with create(tmp_path_factory.mktemp("g") / "a.ktledger", NewLedger("bureau", actor="演示员")) as ledger:
        yield Divisions.of(ledger)


@pytest.fixture(scope="module")
def table(divisions: Divisions) -> Gazetteer:
    return Gazetteer(divisions)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("xy", "温县 祥云镇"),
        ("xyz", "温县 祥云镇"),
        ("xiangyun", "温县 祥云镇"),
        ("祥云", "温县 祥云镇"),
        ("wx dyl", "温县 祥云镇 大玉兰"),
        ("xyzdyl", "温县 祥云镇 大玉兰"),
        ("大玉兰村", "温县 祥云镇 大玉兰"),
        ("温县祥云镇大玉", "温县 祥云镇 大玉兰"),
        ("修武县 云台山镇xg", "修武县 云台山镇 西沟"),
        ("xw", "修武县"),
        ("boai", "博爱县"),
        ("taihang", "山阳区 太行街道"),
    ],
)
def test_the_first_hit(table: Gazetteer, typed: str, first: str) -> None:
    shown = [f"{s.above} {s.title}".strip() for s in table.search(typed)]
    assert shown and shown[0].startswith(first), shown[:4]


def test_ambiguous_ones_show_where_they_lie_and_the_nearest_comes_first(table: Gazetteer) -> None:
    found = table.search("太行街道")
    assert [(s.title, s.above) for s in found[:2]] == [("太行街道", "山阳区"), ("太行街道", "沁阳市")]
    assert table.search("太行街道", ("410882", None))[0].above == "沁阳市"
    # A township before villages, of those the one nearby.
    assert [s.title for s in table.search("cg", (WEN, None))[:2]] == ["城关镇", "陈沟"]
    # Two villages of one township share their everyday name: the full one tells them apart.
    streets = [s.title for s in table.search("三街")[:2]]
    assert sorted(streets) == ["三街居民委员会", "三街村民委员会"]
    assert table.search("大玉兰", ())[0].where == (WEN, XIANGYUN, "410825101219")


def test_nothing_found_is_nothing(table: Gazetteer) -> None:
    assert table.search("") == table.search("  ") == table.search("qqqq") == []


@pytest.mark.parametrize(
    ("text", "near", "where"),
    [
        ("大玉兰", (), [WEN, XIANGYUN, "410825101219"]),
        ("温县祥云镇大玉兰村", (), [WEN, XIANGYUN, "410825101219"]),
        ("博爱县柏山镇", (), ["410822", "410822101", None]),
        ("祥云镇", (), [WEN, XIANGYUN, None]),
        ("修武", (), [XIUWU, None, None]),
        ("温县 祥云镇 老苗圃", (), [WEN, XIANGYUN, "老苗圃"]),
        ("温县祥云镇老苗圃", (), [WEN, XIANGYUN, "老苗圃"]),
        ("老苗圃", (WEN, XIANGYUN), [WEN, XIANGYUN, "老苗圃"]),
        ("温县 老苗圃", (), [WEN, None, "老苗圃"]),
        ("温县 岳村乡 西街", (), [WEN, "岳村乡", "西街"]),
        ("岳村乡 西街", (WEN, None), [WEN, "岳村乡", "西街"]),
        ("老苗圃", (), [None, None, "老苗圃"]),
        ("太行街道", ("410882", None), ["410882", "410882003", None]),
        ("", (WEN, None), [None, None, None]),
    ],
)
def test_a_line_is_read(
    table: Gazetteer, text: str, near: tuple[str | None, ...], where: list[str | None]
) -> None:
    assert table.read(text, near).where == where


def test_a_name_that_occurs_twice_is_not_decided_by_the_program(table: Gazetteer) -> None:
    found = table.read("太行街道")
    assert found.where == [None, None, None] and {s.above for s in found.choices} == {"山阳区", "沁阳市"}


def test_whatever_is_shown_is_read_back_as_itself(table: Gazetteer, divisions: Divisions) -> None:
    """Every township and village of the table, written as the editor shows it, is that place again."""
    wrong = []
    for spot, *_ in table._spots:
        text = divisions.text(*spot.where)
        found = table.read(text)
        if found.where != list(spot.where) and spot.title == divisions.name(spot.where[spot.level - 1]):
            wrong.append((text, found))
    assert not wrong, wrong[:3]

"""Recipients: what names tell, which may be one, merging, and a name that comes back."""

import pytest

from commissioner_app import (
    assignments,
    batches,
    history,
    places,
    recipient_matches,
    recipients,
    statistics,
    visits,
)
from commissioner_app.divisions import Divisions
from commissioner_app.recipient_matches import Matcher
from db.errors import Refused
from db.ledger import Draft
from db.queries.roster import RecipientRow
from tests.office import WEN, XIUWU

BOAI = "410822"


@pytest.fixture(scope="module")
def divisions(tmp_path_factory):
    from db.ledger import Ledger

    with Ledger.create(tmp_path_factory.mktemp("d") / "d.ktledger") as ledger:
        return Divisions.of(ledger)


def row(
    at: int, name: str, county: str | None = WEN, town: str | None = None, phone: str = "", who: str = ""
):
    return RecipientRow(f"{at:03}", name, "", county, town, None, who, phone)


def found(divisions, *rows: RecipientRow) -> list[tuple[str, str, str]]:
    return [(p.one.id, p.other.id, p.reasons[0]) for p in Matcher(rows, divisions).pairs()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("演示药材合作社", "演示药材种植专业合作社"),
        ("演示药材合作社", "温县演示药材农民专业合作社"),
        ("演示药材有限公司", "焦作市演示药材有限责任公司"),
        ("演示　药材合作社", "演示药材（合作社）"),
        ("演示ＡＢ合作社", "演示ab合作社"),
        ("演示怀药基地", "演示淮药基地"),  # 读音相同
        ("演示生态农业科技有限公司", "演示生态农业有限公司"),
        ("祥云镇演示药材合作社", "演示药材合作社"),
    ],
)
def test_names_of_one(divisions, one, other):
    town = next(d.code for d in divisions.children(WEN) if d.name == "祥云镇")
    rows = [row(1, one, town=town), row(2, other, town=town)]
    assert [p[:2] for p in found(divisions, *rows)] == [("001", "002")]
    assert [r.id for r in Matcher(rows[:1], divisions).similar(other, [WEN, town, None])] == ["001"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("演示药材合作社", "演示药材有限公司"),  # a firm is no cooperative
        ("演示药材一号基地", "演示药材二号基地"),
        ("演示第1种植基地", "演示第2种植基地"),
        ("东村", "西村"),
        ("演示合作社", "示范合作社"),
        ("演示生态农业有限公司", "演示高效农业有限公司"),
    ],
)
def test_names_of_two(divisions, one, other):
    assert found(divisions, row(1, one), row(2, other)) == []


def test_where_they_are_matters(divisions):
    towns = [d.code for d in divisions.children(WEN)[:2]]
    same = ("演示药材合作社", "演示药材种植专业合作社")
    assert found(divisions, row(1, same[0]), row(2, same[1], XIUWU)) == []
    assert found(divisions, row(1, same[0]), row(2, same[1], None))  # it may be anywhere
    (far,) = Matcher([row(1, same[0]), row(2, same[0], XIUWU)], divisions).pairs()
    (near,) = Matcher([row(1, same[0]), row(2, same[0])], divisions).pairs()
    assert far.score < near.score and far.reasons[-1] == "但不在同一个县"
    assert found(divisions, row(1, "东村", town=towns[0]), row(2, "东村", town=towns[1])) == []
    assert found(divisions, row(1, "东村", town=towns[0]), row(2, "东村村委会", town=towns[0]))
    # The same phone brings names together that are only a little alike.
    phones = ("13800001234", "138 0000 1234")
    pair = [row(n, name, phone=phones[n]) for n, name in enumerate(("演示药材合作社", "演示怀药合作社"))]
    assert found(divisions, *pair)
    assert found(divisions, pair[0], row(1, "演示怀药合作社")) == []


@pytest.fixture
def office_(ledger):
    batches.create(ledger, 2022)
    return ledger


def enter(ledger, name: str, county: str = WEN, **values: object) -> str:
    values = {"name": name, "where": [county, None, None], **values}
    return recipients.save(ledger, None, values).records["recipient"][0]


def place_of(ledger) -> str:
    batch = batches.all_batches(ledger)[0]
    found = places.listed(ledger, batch)
    if not found:
        category = batches.categories(ledger, batch.id)[1].id
        places.create(ledger, batch, category, {})
        found = places.listed(ledger, batch)
    return found[0].id


def visit(ledger, recipient: str | None = None, name: str | None = None, date: str = "2022-05-01") -> str:
    values = {"who": [[place_of(ledger), None]], "time": [date, None, None, None, 2], "where": [WEN, None, None],
              "content": "演示"}  # fmt: skip
    if recipient:
        values["recipient"] = recipient
    return visits.save(ledger, None, values, recipient_name=name, submit=True).records["visit"][0]


def period(ledger):
    return statistics.default_period(ledger)


def test_merged_ones_show_and_count_as_one_and_come_apart_again(office_):
    a, b = enter(office_, "演示药材合作社", phone="13800001234"), enter(office_, "演示药材种植专业合作社")
    made_ = [visit(office_, a), visit(office_, b, date="2022-06-01")]
    place = place_of(office_)
    for each in (a, b):
        made = assignments.draft(place, WEN, "2022-01-01", "2022-12-31")
        made.values["recipients"] = [each, a]
        office_.write("演示", [made])
    stands, _gone = sorted((a, b))
    before = [recipients.listed(office_), recipients.register(office_, period(office_))]
    outcome = recipient_matches.merge(office_, a, b, {"name": "演示并名合作社", "phone": "13800001234"})
    assert outcome.operation is not None
    (one,) = recipients.register(office_, period(office_))
    assert (one.row.id, one.row.name, one.row.phone) == (stands, "演示并名合作社", "13800001234")
    assert (one.period.visits, one.period.last, one.ever.visits, one.stays) == (2, "2022-06-01", 2, 2)
    (p,) = places.listed(office_, batches.all_batches(office_)[0])
    assert [a.recipients for a in p.assignments] == [(stands,), (stands,)]
    assert statistics.overview(office_, period(office_)).total.recipients == 1
    with pytest.raises(Refused, match="2 条服务记录、2 段受援县安排"):
        recipients.delete(office_, stands)
    assert {visits.open_visit(office_, v).recipient_name for v in made_} == {"演示并名合作社"}
    # The old name finds the one that stands, while a visit is logged and in the register.
    other = "演示药材合作社"
    assert visits.open_visit(office_, visit(office_, name=other)).recipient_name == "演示并名合作社"
    assert len(recipients.listed(office_)) == 1
    history.undo(office_)
    history.undo(office_)
    assert [recipients.listed(office_), recipients.register(office_, period(office_))] == before
    history.redo(office_)
    with pytest.raises(Refused, match=r"没有再建一个"):
        enter(office_, other if stands == b else "演示药材种植专业合作社")


def test_one_that_is_deleted_brings_no_merged_one_back(office_):
    a, b = enter(office_, "演示药材合作社"), enter(office_, "演示药材种植专业合作社")
    recipient_matches.merge(office_, b, a)
    recipients.delete(office_, min(a, b))
    assert recipients.listed(office_) == []
    history.undo(office_)
    assert [r.id for r in recipients.listed(office_)] == [min(a, b)]


def test_told_apart_is_remembered_whatever_the_order_and_can_be_undone(office_):
    divisions = Divisions.of(office_)
    a, b = enter(office_, "演示药材合作社"), enter(office_, "演示药材种植专业合作社")
    assert len(recipient_matches.pairs(office_, divisions)) == 1
    recipient_matches.keep_apart(office_, b, a)
    assert recipient_matches.pairs(office_, divisions) == []
    assert recipient_matches.keep_apart(office_, a, b).operation is None
    history.undo(office_)
    assert len(recipient_matches.pairs(office_, divisions)) == 1


def test_a_name_that_another_has_left_makes_a_new_one(office_):
    """The id of a recipient is computed from its first name: who comes under that name later must not become it."""
    a = enter(office_, "演示药材合作社", phone="13800001234")
    recipients.save(office_, a, {"name": "演示怀药合作社"})
    made = visits.open_visit(office_, visit(office_, name="演示药材合作社"))
    assert made.recipient_name == "演示药材合作社" and made.values["recipient"] != a
    assert {r.name for r in recipients.listed(office_)} == {"演示怀药合作社", "演示药材合作社"}
    # The same name in its county is the same one, however it is written; in another county it is another.
    assert visits.open_visit(office_, visit(office_, name="演示怀药　合作社")).values["recipient"] == a
    with pytest.raises(Refused, match="已有“演示怀药合作社”"):
        enter(office_, "演示怀药合作社")
    assert enter(office_, "演示怀药合作社", BOAI) != a


def test_a_deleted_one_comes_back_under_its_name(office_):
    a = enter(office_, "演示药材合作社", phone="13800001234")
    recipients.delete(office_, a)
    assert enter(office_, "演示药材合作社") == a and len(recipients.listed(office_)) == 1


def test_what_cannot_be_is_refused(office_):
    with pytest.raises(Refused, match="请填写受援单位名称"):
        recipients.save(office_, None, {"name": "　"})
    with pytest.raises(Refused, match="电话号码"):
        recipients.save(office_, None, {"name": "演示", "phone": "12"})


def test_a_county_writes_only_its_own(office):
    bureau, county = office["b"], office["w"]
    own = enter(county, "演示本县合作社", XIUWU)
    assert recipients.may_edit(county, own)
    with pytest.raises(Refused, match="本县"):
        enter(county, "演示邻县合作社", WEN)
    # A commissioner those it has entered itself.
    c = office["c"]
    mine = enter(c, "演示自填合作社", XIUWU)
    assert recipients.may_edit(c, mine)
    office.bring("w", "c", resend=True)
    assert own in {r.id for r in recipients.listed(c)} and not recipients.may_edit(c, own)
    with pytest.raises(Refused, match="只能"):
        recipients.save(c, own, {"phone": "13800001234"})
    with pytest.raises(Refused, match="只能"):
        recipient_matches.merge(c, own, mine, {"phone": "13800001234"})
    # What the county has made one is one at the bureau too.
    office.bring("c", "w")
    recipient_matches.merge(county, own, mine)
    office.bring("w", "b")
    assert [r.id for r in recipients.listed(bureau)] == [min(own, mine)]


def test_suggestions_begin_with_the_county_and_know_pinyin(office_):
    enter(office_, "演示甲合作社", XIUWU)
    enter(office_, "演示乙合作社", WEN)
    assert [name for name, _ in recipients.suggestions(office_, WEN)] == ["演示乙合作社", "演示甲合作社"]
    assert dict(recipients.suggestions(office_))["演示乙合作社"].split()[1] == "ysyhzs"


def test_a_foreign_shape_of_recipients_stops_no_list(office_):
    made = assignments.draft(place_of(office_), WEN, None, None)
    made.values["recipients"] = [{"x": 1}, "r"]
    office_.write("演示", [Draft("assignment", made.record, "insert", made.values)])
    (p,) = places.listed(office_, batches.all_batches(office_)[0])
    assert p.assignments[0].recipients == ("r",)
    assert recipients.register(office_, period(office_)) == []

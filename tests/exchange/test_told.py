"""What a person is told about files that have gone, and the mark of training data in a ledger made from a file."""

from pathlib import Path

from commissioner_app import demo, exchange, ledgers
from commissioner_app.exchange.joining import create_from_package
from commissioner_app.ledgers import NewLedger
from tests.office import Office

SECRET = "口令口令2468"


def test_what_has_gone_is_on_the_way_until_an_answer_comes(office: Office) -> None:
    c = office["c"]
    office.settle()
    assert (exchange.unsent(c), exchange.on_the_way(c)) == (0, 0)
    office.visit("c")
    before = exchange.unsent(c)
    assert before > 0 and exchange.on_the_way(c) == 0
    office.bring("c", "w")
    assert exchange.on_the_way(c) == exchange.unsent(c) == before
    office.visit("c", content="之后写的")
    assert exchange.unsent(c) > exchange.on_the_way(c) == before
    office.bring("w", "c")
    assert exchange.on_the_way(c) == 0 < exchange.unsent(c)


def test_a_county_of_which_nobody_was_seen_has_got_a_file(office: Office, tmp_path: Path) -> None:
    b = office["b"]
    wanted = exchange.Wanted(county="温县")
    exchange.send(b, exchange.find(b, wanted, True), tmp_path / "a.ktpack", SECRET)
    sent = {p.name: p.last_sent for p in exchange.addressees(b) if p.station is None and p.role == "county"}
    assert sent["温县"] and not sent["博爱县"]


def test_a_ledger_made_from_training_data_is_training_data(tmp_path: Path) -> None:
    with demo.make(tmp_path / "d.ktledger", visits_wanted=20) as training:
        file = tmp_path / "a.ktpack"
        exchange.send(training, exchange.find(training, exchange.Wanted(county="温县"), True), file, SECRET)
        wanted = NewLedger("county", "温县", actor="县里")
        with create_from_package(tmp_path / "w.ktledger", wanted, file, SECRET) as county:
            assert ledgers.is_demo(county)
            up = tmp_path / "b.ktpack"
            exchange.send(county, exchange.find(county, exchange.Wanted(bureau=True), False), up)
        exchange.apply(training, up, accept=True)

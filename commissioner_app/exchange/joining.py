"""A ledger made from a file that was received: whoever gets it accepts its sender."""

from pathlib import Path

from commissioner_app import paths
from commissioner_app.divisions import Divisions
from commissioner_app.exchange import container, phrases, receiving
from commissioner_app.ledgers import NewLedger, default_unit, mark_demo
from db.errors import Refused
from db.exchange import peers
from db.exchange.scope import Address
from db.ledger import Ledger, remove_ledger
from db.queries import names


def create_from_package(
    path: Path, wanted: NewLedger, file: Path, passphrase: str | None, password: str | None = None
) -> Ledger:
    """Make a ledger for whom the file is meant; county, place and person are the file's.

    Raises Refused where the file is for another role or county, or cannot be read; then no ledger is left.
    """
    if path.suffix != paths.SUFFIX:
        raise Refused(f"台账文件的名称要以 {paths.SUFFIX} 结尾：{path.name}")
    if container.envelope(file).sealed != "passphrase":
        raise Refused("这个文件是发给已有台账的电脑的，不能用来建立新台账。请对方用口令重新生成。")
    if not passphrase:
        raise Refused("这个文件用口令加密，请输入对方告诉您的口令。")
    with container.Reader(file, None, phrases.tidy(passphrase)) as reader:
        told = peers.read_manifest(reader.manifest)
    to = told.to
    if to["role"] != wanted.role:
        raise Refused("这个文件不是发给这种角色的，没有建立台账。")
    ledger = Ledger.create(path, password)
    try:
        divisions = Divisions.of(ledger)
        county = divisions.county_code(wanted.county) if wanted.county else to["county"]
        if wanted.role == "county" and (county is None or county != to["county"]):
            raise Refused("这个文件不是发给这个县的，没有建立台账。")
        ledger.draw_key(wanted.actor or "经办人")
        own = Address(wanted.role, to["county"], to["place"], to["person"])
        receiving.apply(ledger, file, passphrase, accept=True, own=own)
        with ledger.read() as connection:
            person = names.name(connection, "commissioner", to["person"]) if to["person"] else ""
        unit = wanted.name or person or default_unit(wanted.role, divisions.name(to["county"]))
        ledger.enter_station(
            {
                "role": wanted.role,
                "name": unit,
                "county": to["county"],
                "appointment": to["place"],
                "commissioner": to["person"],
            }
        )
        if told.demo:  # the mark is a setting, and settings stay where they are
            mark_demo(ledger)
        if not wanted.actor and person:
            ledger.set_local("actor", person)
    except BaseException:
        ledger.close()
        remove_ledger(path)
        raise
    return ledger

"""A ledger made from a file that was received: whoever gets it accepts its sender."""

from dataclasses import dataclass
from pathlib import Path

from commissioner_app import paths, setup
from commissioner_app.divisions import Divisions
from commissioner_app.exchange import container, phrases, receiving
from commissioner_app.exchange.container import sentences
from commissioner_app.ledgers import ROLES, NewLedger, default_unit, is_demo, mark_demo
from db.errors import Refused
from db.exchange import peers
from db.exchange.scope import Address
from db.journal.certificates import fingerprint
from db.ledger import Ledger, remove_ledger
from db.queries import names

FOR_A_LEDGER = "这个文件是发给已有台账的电脑的，不能用来建立新台账。请对方用口令重新生成。"
OTHER_SENDER = "这个文件与核对的时候不是同一个单位发来的，没有建立台账。请重新读取并核对。"


@dataclass(frozen=True)
class Offer:
    """For whom a file is and who made it, as it tells without a ledger; its signature has been verified.

    county: division code; person and place_code (名额编号): "" where the file does not tell; fingerprint: 核对码
    of the sender in groups of four; part of `of`: which file of a set it is; made: milliseconds since 1970.
    """

    role: str
    county: str | None
    county_name: str
    person: str
    place_code: str
    sender: str
    sender_role: str
    fingerprint: str
    demo: bool
    made: int
    part: int
    of: int

    @property
    def title(self) -> str:
        """Whom it is for: 修武县科技局, or a person with the number of the place."""
        if self.role != "commissioner":
            return self.unit
        name = self.person or ROLES[self.role]
        return f"{name}（{self.place_code}）" if self.place_code else name

    @property
    def unit(self) -> str:
        """The unit's name to begin with."""
        return self.person or default_unit(self.role, self.county_name)


def suits(file: Path) -> None:
    """Refuse a file that no ledger can be made from whatever the passphrase: damaged, or sealed for a ledger."""
    if container.envelope(file).sealed != "passphrase":
        raise Refused(FOR_A_LEDGER)


def offer(file: Path, passphrase: str | None, progress: receiving.Progress | None = None) -> Offer:
    """Read and verify a whole file before there is a ledger; nothing is written.

    Raises Refused with one sentence (phrases.was_wrong: asking again may help).
    """
    suits(file)
    if not passphrase:
        raise Refused(sentences.PASSPHRASE_MISSING)
    with container.Reader(file, None, phrases.tidy(passphrase)) as reader:
        told = peers.read_manifest(reader.manifest)
        peers.check_key(told)
        for _frame in reader.frames():
            _tell(progress, reader)
        for _sha256, _size, chunks in reader.blobs():
            for _chunk in chunks:
                _tell(progress, reader)
        reader.finish(told.sender["public_key"])
        envelope = reader.envelope
    to, sender = told.to, told.sender
    if to["role"] not in ROLES:
        raise Refused(sentences.DAMAGED)
    county = dict(setup.shipped_counties()).get(to["county"] or "", "")
    return Offer(
        to["role"], to["county"], county, to["name"] or "", to["code"] or "",
        sender["name"] or ROLES[sender["role"]], sender["role"], fingerprint(sender["public_key"]),
        told.demo, told.made, envelope.part, envelope.of,
    )  # fmt: skip


def _tell(progress: receiving.Progress | None, reader: container.Reader) -> None:
    if progress is not None:
        progress(reader.position, reader.size)


def create_from_package(
    path: Path,
    wanted: NewLedger,
    file: Path,
    passphrase: str | None,
    password: str | None = None,
    *,
    compared: str | None = None,
    progress: receiving.Progress | None = None,
) -> Ledger:
    """Make a ledger for whom the file is meant; county, place and person are the file's.

    compared: the 核对码 that a person has compared; the file must still be of that sender. An exception raised in
    `progress` cancels. Raises Refused where the file is for another role or county, or cannot be read; then no
    ledger is left.
    """
    if path.suffix != paths.SUFFIX:
        raise Refused(f"台账文件的名称要以 {paths.SUFFIX} 结尾：{path.name}")
    suits(file)
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
        receipt = receiving.apply(ledger, file, passphrase, accept=True, progress=progress, own=own)
        if compared is not None and receipt.sender.fingerprint != compared:
            raise Refused(OTHER_SENDER)
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
        if told.demo and not is_demo(ledger):  # the mark is a setting, which only bureaus share
            mark_demo(ledger)
        if not wanted.actor and person:
            ledger.set_local("actor", person)
    except BaseException:
        ledger.close()
        remove_ledger(path)
        raise
    return ledger

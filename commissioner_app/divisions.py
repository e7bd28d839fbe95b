"""Counties, townships and villages: names of codes, codes of names."""

from collections.abc import Iterable
from dataclasses import dataclass

from db.divisions import shipped
from db.ledger import Ledger
from db.queries import names

CITY = "4108"
FIRST_COUNTIES = ("410821", "410825", "410822")
"""修武、温县、博爱: the counties of the founding notice come first in every list."""


@dataclass(frozen=True)
class Division:
    """A county (level 1), township (2) or village (3); the city is level 0."""

    code: str
    parent: str | None
    level: int
    name: str
    full_name: str


class Divisions:
    """The reference data of a ledger, held in memory (2,148 rows)."""

    def __init__(self, rows: Iterable[Division]) -> None:
        self.by_code = {d.code: d for d in rows}
        self._children: dict[str | None, list[Division]] = {}
        for d in self.by_code.values():
            self._children.setdefault(d.parent, []).append(d)

    @classmethod
    def of(cls, ledger: Ledger) -> "Divisions":
        """The divisions of a ledger."""
        with ledger.read() as connection:
            return cls(Division(*row) for row in names.divisions(connection))

    @classmethod
    def shipped(cls) -> "Divisions":
        """The divisions that ship with the program, for where there is no ledger."""
        return cls(Division(*row) for row in shipped())

    def name(self, value: str | None) -> str:
        """The everyday name of a code; words that were typed stay as they are; "" for None."""
        if not value:
            return ""
        found = self.by_code.get(value)
        return found.name if found else value

    def counties(self) -> list[Division]:
        """The counties of the city, those of the founding notice first."""
        found = self._children.get(CITY, [])
        rank = {code: n for n, code in enumerate(FIRST_COUNTIES)}
        return sorted(found, key=lambda d: (rank.get(d.code, 99), d.code))

    def children(self, code: str | None) -> list[Division]:
        """The townships of a county or the villages of a township, by code."""
        return self._children.get(code, []) if code else []

    def county_code(self, text: str | None) -> str | None:
        """The county of a name or code: 温县, 温, 修武, 410825; None for an unknown one."""
        wanted = "".join((text or "").split()).removeprefix("河南省").removeprefix(self.name(CITY))
        if not wanted:
            return None
        for d in self.counties():
            if wanted in (d.code, d.name) or (wanted == d.name.rstrip("县市区") and len(wanted) >= 1):
                return d.code
        # 示范区, 市城乡一体化示范区: the end of the one name that is long enough for nobody to write it out.
        plain = wanted.removeprefix("市")
        ends = [d.code for d in self.counties() if plain.endswith("示范区") and d.name.endswith(plain)]
        return ends[0] if len(ends) == 1 else None

    def find(self, parent: str | None, text: str | None) -> str | None:
        """The child of a division that goes by that name (everyday or full); the words themselves otherwise."""
        wanted = (text or "").strip()
        if not wanted:
            return None
        candidates = self.children(parent)
        for d in candidates:
            if wanted in (d.name, d.full_name, d.code):
                return d.code
        for d in candidates:
            plain = d.name.removesuffix("村")
            if d.level == 3 and wanted.removesuffix("村") == plain and plain:
                return d.code
        return wanted

    def where(self, county: str | None, township: str | None, village: str | None) -> list[str | None]:
        """The value of a `where` field from words: codes where the table knows them."""
        c = self.county_code(county) or ((county or "").strip() or None)
        t = self.find(c, township)
        if t is None and village and c:
            # The township was left out: it is the one whose village goes by this name, if there is just one.
            owners = {x.code for x in self.children(c) if self.find(x.code, village) in self.by_code}
            t = owners.pop() if len(owners) == 1 else None
        v = self.find(t, village)
        return [c, t, v]

    def text(self, county: str | None, township: str | None, village: str | None, short: bool = False) -> str:
        """The place as people write it: 温县 祥云镇 大玉兰村; `short` leaves the county out."""
        parts = [township, village] if short else [county, township, village]
        return " ".join(self.name(p) for p in parts if p)

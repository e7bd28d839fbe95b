"""Names of counties, townships and villages in a text, in full and as people shorten them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commissioner_app.divisions import Division, Divisions
from commissioner_app.recognise.text import Words
from commissioner_app.recognise.vocabulary import shipped

_COMMON = frozenset(shipped("common")["places"])
PLACING = (
    r"到了?|去了?|在|赴|至|往|抵达?|达|来了?|趟|访|入|于|位于|回|进|驻|奔|跑|转|属|下乡|给|为|对|"
    r"帮助?|扶|是|从|俺们?村?|我们?村?|同|与|和|及|"
    r"上午|下午|早上|晚上|中午|全天|今天|昨天|前天|[日号]|地址|地点|村名|区域|服务|指导|帮扶|周[一二三四五六日天]|"
    r"[看瞧转]了?[看下]|[看转]了?一下"
)
LEFT = re.compile(rf"(?:^|[\s,。;:、!?()\[\]【】\"'·/|-]|[\U00002600-\U0010ffff]|{PLACING})$")
_MOVING = re.compile(
    r"(?:^|[\s,。;:!?(【\[-]|到了?|去了?|在|赴|至|往|抵达?|来了?|访|入|于|驻|上午|下午|早上|晚上|全天|"
    r"今天|昨天|前天|[日号]|是|给|为|帮|趟)$"
)
_RIGHT = re.compile(
    r"$|[\s,。;:、!?()\[\]【】\"'·/-]|指导|开展|培训|查看|察看|看|调研|进行|举办|组织|推广|引进|示范|"
    r"走访|讲|给|帮|教|现场|实地|为|召开|服务|解决|检查|"
    r"的|和|与|及|蹲|驻|做|办|搞|对|听|参|调|举|等|入户|送|宣|巡|了解|就|处理|建|上午|下午|全天|地里|"
    r"田|地块|山药|小麦|玉米|村|一带|附近|那边"
)
_NO_RIGHT = re.compile(
    r"路|大道|大街|小学|中学|医院|公司|合作社|牌|镇|乡|街道|县|市|号|银行|酒店|超市|科技|农业|生态|大学|学院|农商"
)
_SIDES = "东西南北中前后上下大小老新左右里外"
GAP = re.compile(r"(?: ?[-·/] ?| |的|市|[(（]|县域|境内)?")
_TAIL = re.compile(r"(?:村民委员会|居民委员会|村委会?|居委会|党群服务中心|村部)")


@dataclass(frozen=True)
class Mention:
    """A name in the text and the codes it may stand for; `sure` ones are written in full."""

    start: int
    end: int
    codes: tuple[str, ...]
    sure: bool


def level_of(code: str) -> int:
    """The level that a code's length tells: 410825 county, 410825104 township, 410825104211 village."""
    return {6: 1, 9: 2, 12: 3}.get(len(code), 0)


class PlaceIndex:
    """The names of all divisions as people say them."""

    def __init__(self, divisions: Divisions, aliases: Mapping[str, str]) -> None:
        self.divisions = divisions
        self._sure: dict[str, list[str]] = {}
        self._bare: dict[str, list[str]] = {}
        # A village called 社区, a 镇 called 乡: only where none has that very name.
        self._loose: dict[str, list[str]] = {}
        self._city = next((d for d in divisions.by_code.values() if d.level == 0), None)
        for d in divisions.by_code.values():
            self._add(d)
        for word, codes in self._loose.items():
            self._sure.setdefault(word, codes)
        self._zones = [c for c in self._counties() if "示范区" in divisions.by_code[c].name]
        for name, target in aliases.items():
            for code in self._named(target):
                self._put(self._sure if len(name) > 2 else self._bare, name, code)
        if self._zones:
            for word in ("城乡一体化示范区", "焦作示范区", "焦作市示范区", "城乡示范区"):
                self._put(self._sure, word, self._zones[0])
            self._put(self._bare, "示范区", self._zones[0])
        self._words = Words({*self._sure, *self._bare})

    def _counties(self) -> list[str]:
        return [d.code for d in self.divisions.by_code.values() if d.level == 1]

    def _named(self, target: str) -> list[str]:
        if target in self.divisions.by_code:
            return [target]
        return [
            d.code for d in self.divisions.by_code.values() if d.level and target in (d.name, d.full_name)
        ]

    @staticmethod
    def _put(table: dict[str, list[str]], word: str, code: str) -> None:
        codes = table.setdefault(word, [])
        if code not in codes:
            codes.append(code)

    def _add(self, d: Division) -> None:
        name = d.name
        if d.level == 1:
            self._put(self._sure, name, d.code)
            base = re.sub(r"[县市区]$", "", name)
            if 2 <= len(base) <= 3:
                self._put(self._bare if name.endswith("区") else self._sure, base, d.code)
        elif d.level == 2:
            self._put(self._sure, name, d.code)
            self._put(self._sure, d.full_name, d.code)
            base = re.sub(r"(?:镇街道|镇|乡|街道)$", "", name)
            if len(base) < 2 or base == name:
                return
            if name.endswith("街道"):
                for suffix in ("街道办事处", "街道办", "办事处", "办"):
                    self._put(self._sure, base + suffix, d.code)
            for suffix in ("镇", "乡", "街道"):
                # 祥云乡 is what people still say; 月山镇 is not 月山街道.
                self._put(self._loose, base + suffix, d.code)
            self._put(self._bare, base, d.code)
        elif d.level == 3:
            base = re.sub(r"(?<=.)(?:村|社区)$", "", name)
            for word in {name, base}:
                sure = word != base or name.endswith(("村", "社区"))
                if len(word) > 1:
                    self._put(self._sure if sure and word == name else self._bare, word, d.code)
            self._put(self._sure, base + "村", d.code)
            if name == base + "村":
                self._put(self._sure, name + "村", d.code)
            resident = re.search(r"社区|居民委员会$|居委会$", d.full_name) is not None
            self._put(self._sure if resident else self._loose, base + "社区", d.code)

    def mentions(self, text: str, within: Iterable[tuple[int, int]] = ()) -> list[Mention]:
        """The names in a text; inside the ranges (names of recipients) only those written in full count."""
        inside = list(within)
        raw = self._words.find(text)
        found: list[Mention] = []
        for n, (start, end) in enumerate(raw):
            word = text[start:end]
            near = found[-1] if found and GAP.fullmatch(text[found[-1].end : start]) else None
            sure = [c for c in self._sure.get(word, ()) if self._stands(text, start, end, c, near)]
            in_name = any(a <= start and end <= b for a, b in inside)
            following = raw[n + 1] if n + 1 < len(raw) and GAP.fullmatch(text[end : raw[n + 1][0]]) else None
            bare = [
                c for c in self._bare.get(word, ())
                if c not in sure and not in_name and self._bare_stands(text, start, end, c, near, following)
            ]  # fmt: skip
            if sure or bare:
                found.append(Mention(start, self._reach(text, end), tuple(sure + bare), bool(sure)))
        return found

    @staticmethod
    def _reach(text: str, end: int) -> int:
        tail = _TAIL.match(text, end) or (_TAIL.match(text, end - 1) if text[end - 1 : end] == "村" else None)
        return tail.end() if tail else end

    def _stands(self, text: str, start: int, end: int, code: str, near: Mention | None) -> bool:
        """Whether a name in full is that name, and not the end of a longer one (西大玉兰村)."""
        word = text[start:end]
        level = level_of(code)
        if level == 1:
            return not (word[-1] not in "县市区" and re.match(r"路|医院|精神|之|大道", text[end : end + 2]))
        if level == 2:
            return (
                start == 0
                or near is not None
                or text[start - 1] not in _SIDES
                or bool(LEFT.search(text[max(0, start - 4) : start]))
            )
        if re.match(r"镇|乡|街道|县|庄村|办事处", text[end : end + 3]):
            return False
        joined = near is not None and any(code.startswith(c) for c in near.codes)
        if joined:
            return True
        base = re.sub(r"(?:村|社区)$", "", word)
        if len(base) == 1 or word in _COMMON or base in _COMMON:
            if word in _COMMON and not _TAIL.match(text, end):
                return False
            return bool(_MOVING.search(text[max(0, start - 4) : start]))
        return (
            start == 0
            or text[start - 1] not in _SIDES
            or bool(
                re.search(
                    r"(?:上午|下午|早上|晚上|乡下|会上|以上|以下|了下|一下)$", text[max(0, start - 3) : start]
                )
            )
        )

    def _bare_stands(
        self,
        text: str,
        start: int,
        end: int,
        code: str,
        near: Mention | None,
        following: tuple[int, int] | None,
    ) -> bool:
        """Whether an everyday name (祥云, 大玉兰) is meant as a place here."""
        word, before = text[start:end], text[max(0, start - 4) : start]
        above = near is not None and any(code.startswith(c) and code != c for c in near.codes)
        below = False
        if following is not None and level_of(code) < 3:
            name = text[following[0] : following[1]]
            below = any(c.startswith(code) for c in (*self._sure.get(name, ()), *self._bare.get(name, ())))
        if _NO_RIGHT.match(text, end) and not below:
            return False
        if word in _COMMON or word == "示范区":
            return (above and (len(word) > 2 or bool(_RIGHT.match(text, end)))) or below
        if above or below:
            return True
        if len(word) >= 3:
            return bool(LEFT.search(before))
        return bool(_MOVING.search(before)) and bool(_RIGHT.match(text, end))

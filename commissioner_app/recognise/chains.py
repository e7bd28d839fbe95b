"""Names of places that stand together, 温县祥云镇大玉兰村: what the last of them may be, given those before it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from commissioner_app.divisions import Divisions
from commissioner_app.recognise.places import GAP, Mention, level_of

_OFFICE = re.compile(
    r"(?:县|市|区)?(?:委|人民政府|政府|科技局|科学技术局|科工局|农业农村局|农业局|林业局|畜牧局|农技|"
    r"土肥站|植保站|组织部|乡村振兴局|科协|融媒体|电视台)"
)
_LEAVING = re.compile(r"(?:来自|从|离开|返回|回到|出了)$")
_NOT_REACHED = re.compile(r"(?:的路)?[^。;!?\n改]{0,10}?(?:没去成|没能去|未能去|没到成|去不了|路不通|未成行)")
_ORIGIN = re.compile(
    r"的?(?:药农|农户|农民|群众|果农|菜农|种植户|村民|干部|学员|代表|社员|机手)[^,。;!?\n]{0,8}?(?:到|去|赴|前往|来)"
)
_ARRIVING = re.compile(r"(?:出发|来的|赶来|返回|回来)")


@dataclass(frozen=True)
class Chain:
    """Names that stand together, 温县祥云镇大玉兰村: what the last of them may be, given those before it.

    `ranges` tells where the name of each code's level stood; `clash` names what does not lie in what stands before it.
    """

    start: int
    end: int
    codes: tuple[str, ...]
    ranges: Mapping[int, tuple[int, int]]
    clash: str = ""
    weak: bool = False

    @property
    def level(self) -> int:
        """The level of what is named at least: 1 county, 2 township, 3 village."""
        return min((level_of(c) for c in self.codes), default=0)


def join(divisions: Divisions, text: str, mentions: list[Mention]) -> list[Chain]:
    """Names that stand together made into one place each."""
    found: list[Chain] = []
    group: list[Mention] = []
    for mention in mentions:
        if group and not GAP.fullmatch(text[group[-1].end : mention.start]):
            found.append(_chain(divisions, text, group))
            group = []
        if group and not _goes_on(group, mention):
            if _clashes(group, mention):
                found.append(_chain(divisions, text, group, mention))
                group = []
                continue
            found.append(_chain(divisions, text, group))
            group = []
        group.append(mention)
    if group:
        found.append(_chain(divisions, text, group))
    return found


def _paths(group: list[Mention]) -> list[tuple[str, ...]]:
    paths: list[tuple[str, ...]] = [(c,) for c in group[0].codes]
    for mention in group[1:]:
        paths = [(*p, c) for p in paths for c in mention.codes if c.startswith(p[-1]) and c != p[-1]]
    return paths


def _goes_on(group: list[Mention], mention: Mention) -> bool:
    return bool(_paths([*group, mention]))


def _clashes(group: list[Mention], mention: Mention) -> bool:
    """温县七贤镇: a lower place written in full that does not lie in the one before it."""
    above = {level_of(p[-1]) for p in _paths(group)}
    below = {level_of(c) for c in mention.codes}
    return mention.sure and bool(above) and bool(below) and min(below) > max(above)


def _chain(divisions: Divisions, text: str, group: list[Mention], clash: Mention | None = None) -> Chain:
    paths = _paths(group)
    start, end = group[0].start, (clash or group[-1]).end
    ranges = {level_of(c): (m.start, m.end) for m, c in zip(group, paths[0], strict=True)}
    codes = tuple(dict.fromkeys(p[-1] for p in paths))
    top = next((c for c in codes if all(x.startswith(c) for x in codes)), None)
    if top is not None:
        codes = (top,)  # 黄庄 by itself: the township and the village in it, so the township
    codes = _by_committee(divisions, text, group[-1], codes)
    weak = (
        bool(_OFFICE.match(text, end))
        or bool(_NOT_REACHED.match(text, end) or _ORIGIN.match(text, end))
        or bool(
            _LEAVING.search(text[max(0, start - 3) : start])
            and (_ARRIVING.search(text[end : end + 6]) or text[:start].endswith("来自"))
        )
    )
    words = ""
    if clash is not None:
        owners = "、".join(sorted({divisions.name(c[:6]) for c in clash.codes}))
        words = f"“{text[clash.start : clash.end]}”属于{owners}，与“{text[start : group[-1].end]}”对不上，请核对。"
    return Chain(start, end, codes, ranges, words, weak)


def _by_committee(divisions: Divisions, text: str, last: Mention, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Of a village and a 社区 of one name in one township, the one that the text's own ending tells."""
    if len(codes) < 2 or len({c[:9] for c in codes}) != 1:
        return codes
    word = text[last.start : last.end]
    resident = bool(re.search(r"社区|居", word))
    if not resident and not re.search(r"村", word):
        return codes
    fitting = tuple(
        c for c in codes
        if bool(re.search(r"社区|居民委员会$|居委会$", divisions.by_code[c].full_name)) == resident
    )  # fmt: skip
    return fitting if len(fitting) == 1 else codes

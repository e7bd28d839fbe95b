"""Which place a part of the text means: names decide, then the commissioner's counties; else it stays open."""

from dataclasses import dataclass, field

from commissioner_app.divisions import Divisions
from commissioner_app.recognise.chains import Chain
from commissioner_app.recognise.places import level_of
from commissioner_app.recognise.result import Doubt, Span, Where

MOST_NAMED = 12


@dataclass
class Decided:
    """The codes of a part's place, where they were read, and what is open or doubtful."""

    county: str | None = None
    township: str | None = None
    village: str | None = None
    places: tuple[Where, ...] = ()
    spans: list[Span] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def decide(
    divisions: Divisions, text: str, chains: list[Chain], context: list[Chain], own: tuple[str, ...]
) -> Decided:
    """The place of a part whose chains these are; `context` are those named before it, nearest last."""
    strong = [c for c in chains if not c.weak] or chains
    if not strong:
        strong, context = context[-1:], context[:-1]
    if not strong:
        return Decided()
    main = _main(strong)
    codes = list(main.codes)
    used = [main]
    hints = [c for c in strong if c is not main] + list(reversed(context))
    for hint in hints:
        # Another name of the text: the county it names, or the township, settles what the name leaves open.
        parents = tuple(p for p in hint.codes)
        fitting = [c for c in codes if c.startswith(parents)] if len({p[:6] for p in parents}) == 1 else []
        if fitting and (len(fitting) < len(codes) or any(level_of(p) < level_of(codes[0]) for p in parents)):
            codes = fitting
            used.append(hint)
    if len(codes) > 1:
        mine = [c for c in codes if c[:6] in own]
        codes = mine or codes
    found = Decided()
    _fill(found, divisions, text, main, used, codes)
    others = [c for c in strong if c is not main and c not in used and not _compatible(c.codes, codes)]
    for chain in others[:3]:
        found.doubts.append(Doubt("village", f"文中还有“{text[chain.start : chain.end]}”，只填了前一处。"))
    for chain in strong:
        if chain.clash:
            found.doubts.append(Doubt("township", chain.clash))
    return found


def _main(chains: list[Chain]) -> Chain:
    """The first chain, or the deepest one that goes on from it (温县 … 祥云镇大玉兰村)."""
    main = chains[0]
    for chain in chains[1:]:
        if chain.level > main.level and _compatible(main.codes, chain.codes) and not main.clash:
            main = chain
    return main


def _compatible(a: tuple[str, ...] | list[str], b: tuple[str, ...] | list[str]) -> bool:
    return any(x.startswith(y) or y.startswith(x) for x in a for y in b)


def _fill(
    found: Decided, divisions: Divisions, text: str, main: Chain, used: list[Chain], codes: list[str]
) -> None:
    shared = codes[0]
    for length in (12, 9, 6):
        cut = {c[:length] for c in codes}
        if len(cut) == 1 and len(next(iter(cut))) == length:
            shared = cut.pop()
            break
    else:
        shared = ""
    name = text[main.start : main.end]
    if len(codes) > 1:
        found.places = tuple(_where(c) for c in codes)
        names = "、".join(
            divisions.text(c[:6], c[:9], c if len(c) == 12 else None) for c in codes[:MOST_NAMED]
        )
        level = "village" if level_of(codes[0]) == 3 else "township"
        found.doubts.append(Doubt(level, f"叫“{name}”的有 {len(codes)} 处，请选择：{names}。"))
    levels = {1: "county", 2: "township", 3: "village"}
    for n, length in ((1, 6), (2, 9), (3, 12)):
        if len(shared) < length:
            break
        code = shared[:length]
        setattr(found, levels[n], code)
        at = next(
            (c.ranges[n] for c in used if n in c.ranges and any(x.startswith(code) for x in c.codes)), None
        )
        if at is None:
            # Inferred from the lower place: it is that name which tells it.
            at = main.ranges[max(main.ranges)]
        found.spans.append(Span(*at, levels[n], code))


def _where(code: str) -> Where:
    return Where(code[:6], code[:9] if len(code) >= 9 else None, code if len(code) == 12 else None)

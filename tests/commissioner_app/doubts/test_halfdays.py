"""Half days of one person: what is called a clash is one, and nothing else; against brute force."""

from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from commissioner_app.doubts.halfdays import Claim, claim, clashing, minutes, ordinal, placed, share

DAY = ordinal("2022-06-01") or 0


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    found = []
    for _ in range(draw(st.integers(0, 5))):
        first = draw(st.integers(0, 5))
        last = draw(st.integers(first, min(5, first + 3)))
        found.append(Claim(first, last, draw(st.integers(1, min(3, last - first + 1)))))
    return found


def fits(units: tuple[tuple[int, int], ...]) -> bool:
    """Whether each unit gets a slot of its own window, tried out."""
    windows = [range(first, last + 1) for first, last in units]
    return any(len(set(chosen)) == len(units) for chosen in product(*windows))


def brute_placed(found: list[Claim]) -> int:
    units = [(c.first, c.last) for c in found for _ in range(c.need)]
    return max(n for n in range(len(units) + 1) if any(fits(u) for u in combinations(units, n)))


@given(claims().filter(lambda found: sum(c.need for c in found) <= 6))
@settings(max_examples=150)
def test_as_many_half_days_are_placed_as_can_be(found: list[Claim]) -> None:
    assert placed(found) == brute_placed(found)


@given(claims().filter(lambda found: sum(c.need for c in found) <= 6))
@settings(max_examples=150)
def test_a_claim_clashes_if_some_that_fit_by_themselves_do_not_fit_beside_it(found: list[Claim]) -> None:
    expected = set()
    for at, c in enumerate(found):
        others = [(o.first, o.last) for n, o in enumerate(found) if n != at for _ in range(o.need)]
        own = ((c.first, c.last),) * c.need
        some = [u for n in range(len(others) + 1) for u in combinations(others, n)]
        if any(fits(u) and not fits(u + own) for u in some):
            expected.add(c)
    assert set(clashing(found)) == expected


@given(claims())
def test_two_share_a_half_day_for_certain_if_they_do_not_fit_side_by_side(found: list[Claim]) -> None:
    for one, other in combinations(found, 2):
        units = [*((one.first, one.last),) * one.need, *((other.first, other.last),) * other.need]
        assert share(one, other) is not fits(tuple(units))


def test_times_tell_which_half_day() -> None:
    def of(start: str | None, end: str | None, half: int) -> tuple[int, int]:
        found = claim(DAY, None, start, end, half)
        return found.first - 2 * DAY, found.last - 2 * DAY

    assert of("09:00", "11:30", 1) == (0, 0)
    assert of("8:30", "12:50", 1) == (0, 0)
    assert of("14:00", "17:00", 1) == (1, 1)
    assert of("12:00", "13:30", 1) == (1, 1)
    assert of("09:00", "16:30", 2) == (0, 1)
    assert of("09:00", "16:30", 1) == (0, 1)
    assert of(None, None, 1) == (0, 1)
    assert of("09:00", "11:30", 2) == (0, 1)  # more than the morning: the whole day
    assert of("12:10", "12:40", 1) == (0, 1)  # over noon: either


def test_what_claims_nothing() -> None:
    assert claim(None, None, None, None, 2) is None
    assert claim(DAY, DAY - 1, None, None, 2) is None
    assert claim(DAY, None, None, None, None) is None
    assert claim(DAY, None, None, None, 0) is None
    assert claim(DAY, DAY + 2, None, None, 99).need == 6
    assert [minutes(t) for t in ("09:30", "9:30", "24:00", "7:75", "九点", "", None)] == [
        570,
        570,
        *[None] * 5,
    ]
    assert [ordinal(t) for t in ("2022-02-30", "20220203", "2022-W10-1", "", None)] == [None] * 5


def test_a_stay_of_months_ties_nothing_together() -> None:
    whole = Claim(0, 2000, 3)
    days = [Claim(2 * d, 2 * d + 1, 2) for d in range(300)]
    assert clashing([whole, *days]) == {}
    assert set(clashing([whole, *days, days[7]])) == {days[7]}

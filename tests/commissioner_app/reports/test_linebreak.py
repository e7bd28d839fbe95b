"""Line breaking: rules of Chinese punctuation, numbers with units, widths."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commissioner_app.reports import styles as s
from commissioner_app.reports.fonts import FontSet
from commissioner_app.reports.linebreak import CLOSING, OPENING, break_lines, stretch_units

FONTS = FontSet()
_HAN = st.sampled_from("科技特派员服务台账修武温县博爱怀山药地黄牛膝菊花𬭎㛃䶮")
_WORDS = st.sampled_from(["187.5天", "3,460人次", "2022年", "NK-2号", "pH7.5", "45.8%", "ABC def"])
_PIECE = st.one_of(
    _HAN,
    _HAN,
    _HAN,
    _WORDS,
    st.sampled_from(sorted(CLOSING - set(".,:;!?)]}"))),
    st.sampled_from(sorted(OPENING - set("([{"))),
    st.just(" "),
)


def _texts(text: str, ems: float = 8.0, size: float = 10.0) -> list[str]:
    return [line.text for line in break_lines(text, ems * size, size, FONTS.song)]


@pytest.mark.parametrize("mark", "、。，；：？！）】」』〕］》〉”’…—·～％")
def test_no_closing_mark_begins_a_line(mark: str) -> None:
    for before in range(6, 20):
        lines = _texts("科" * before + mark + "技" * 10)
        assert not any(line.startswith(mark) for line in lines), lines


@pytest.mark.parametrize("mark", "（《“‘「『【〔［〈")
def test_no_opening_mark_ends_a_line(mark: str) -> None:
    for before in range(6, 20):
        lines = _texts("科" * before + mark + "技" * 10)
        assert not any(line.endswith(mark) for line in lines), lines


@pytest.mark.parametrize("kept", ["187.5天", "3,460人次", "2022年", "45.8%", "500万元", "pH7.5", "H1N1"])
def test_numbers_stay_with_their_units_and_words_whole(kept: str) -> None:
    for before in range(1, 12):
        assert any(kept in line for line in _texts("科" * before + kept + "技" * 10))


def test_a_mark_that_just_does_not_fit_is_set_half_wide() -> None:
    first, second = break_lines("科" * 8 + "，" + "技" * 3, 85.0, 10.0, FONTS.song)
    assert (first.text, second.text) == ("科" * 8 + "，", "技" * 3)
    assert first.width == pytest.approx(85) and first.clipped == pytest.approx(5)


def test_a_word_longer_than_the_line_is_cut_and_nothing_lost() -> None:
    text = "网址" + "x" * 100 + "。"
    lines = _texts(text)
    assert "".join(lines) == text and len(lines) > 5


def test_paragraphs_and_indent() -> None:
    lines = break_lines("甲" * 10 + "\r\n" + "乙", 80.0, 10.0, FONTS.song, indent=20.0)
    assert [(line.text, line.indent, line.end) for line in lines] == [
        ("甲" * 6, 20.0, False),
        ("甲" * 4, 0.0, True),
        ("乙", 20.0, True),
    ]
    assert [line.text for line in break_lines("", 80.0, 10.0, FONTS.song)] == [""]


def test_control_characters_and_selectors_are_left_out() -> None:
    assert _texts("甲\x07乙\u200b丙\ufe0f\t丁") == ["甲乙丙 丁"]


def test_body_text_has_28_characters_a_line() -> None:
    lines = break_lines("科" * 60, s.TEXT_WIDTH, s.BODY_SIZE, FONTS.body, s.INDENT, s.BODY_TRACKING)
    assert [len(line.text) for line in lines] == [26, 28, 6]


@settings(max_examples=400, deadline=None)
@given(st.lists(_PIECE, max_size=120).map("".join), st.integers(12, 40), st.sampled_from([0.0, 20.0]))
def test_rules_hold_for_any_text(text: str, ems: int, indent: float) -> None:
    size = 10.0
    lines = break_lines(text, ems * size, size, FONTS.song, indent)
    assert "".join("".join(line.text for line in lines).split()) == "".join(text.split())
    for n, line in enumerate(lines):
        assert line.indent + line.width <= ems * size + 1e-3
        shown = FONTS.song.width(line.text) * size - line.clipped
        assert line.width == pytest.approx(shown, abs=1e-6)
        assert "".join(stretch_units(line.text)) == line.text
        if n and not _crowded(lines[n - 1].text + line.text):
            assert line.text[0] not in CLOSING, lines
            assert lines[n - 1].text.rstrip()[-1] not in OPENING, lines


def _crowded(text: str) -> bool:
    """Whether so many marks stand together that no line could hold them."""
    run = longest = 0
    for char in text:
        run = run + 1 if char in CLOSING | OPENING | {" "} or char.isascii() else 0
        longest = max(longest, run)
    return longest > 6

"""Nearly the same texts: the same as comparing each with each, also after changes; the buckets find what there is."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from commissioner_app.doubts import alike
from commissioner_app.doubts.texts import Texts, plain

BASE = "到祥云镇大玉兰村查看铁棍山药长势讲解线虫病绿色防控示范土壤处理并发放资料"
SAID = st.lists(
    st.one_of(
        st.sampled_from([BASE, BASE[:-1], BASE[:-4], "查看长势", "", BASE.replace("村", "，村 ")]),
        st.builds(
            lambda at, word, text: text[:at] + word + text[at + len(word) :],
            st.integers(0, 34), st.sampled_from("一二甲乙天地") | st.just("水肥一体化"), st.sampled_from([BASE, BASE[::-1]]),
        ),
    ),
    max_size=14,
)  # fmt: skip


def brute(said: dict[int, str | None], percent: int = 90, least: int = 10) -> dict[int, set[int]]:
    """Row → the rows that say nearly the same, each compared with each."""
    words = {row: plain(text) for row, text in said.items() if len(plain(text)) >= least}
    found: dict[int, set[int]] = {}
    for a, one in words.items():
        for b, other in words.items():
            if a != b and 100 * Indel.normalized_similarity(one, other) > percent + 1e-9:
                found.setdefault(a, set()).add(b)
    return found


@given(SAID)
@settings(max_examples=60)
def test_the_same_as_comparing_each_with_each(said: list[str]) -> None:
    rows = dict(enumerate(said, 1))
    texts = Texts(90, 10)
    for row, text in rows.items():
        texts.put(row, text)
    expected = brute(rows)
    for row, text in rows.items():
        like = texts.like(text, row)
        assert (like.total > 0) is (row in expected)
        assert set(like.rows) <= expected.get(row, set())
    texts.compare()
    assert set(texts.hits()) == set(expected)
    for row in rows:
        others = texts.others(row)
        assert (others.total > 0) is (row in expected)
        assert set(others.rows) <= expected.get(row, set())
        if row in expected:
            best = max(Indel.normalized_similarity(plain(rows[row]), plain(rows[o])) for o in others.rows)
            assert others.percent == pytest.approx(100 * best)


@given(
    SAID,
    st.lists(
        st.tuples(st.integers(1, 14), st.none() | st.sampled_from([BASE, BASE[:-2], BASE[::-1], "别的"])),
        max_size=8,
    ),
)
@settings(max_examples=60)
def test_kept_up_to_date_as_if_read_anew(said: list[str], changes: list[tuple[int, str | None]]) -> None:
    rows: dict[int, str | None] = dict(enumerate(said, 1))
    texts = Texts(90, 10)
    for row, text in rows.items():
        texts.put(row, text)
    texts.compare()
    for row, text in changes:
        rows[row] = text
        texts.put(row, text)
        expected = brute(rows)
        assert set(texts.hits()) == set(expected)
        assert all(set(texts.others(r).rows) <= others for r, others in expected.items())


def variant(*at: int) -> str:
    text = list(BASE + BASE[::-1])
    for place in at:
        text[place] = "甲"
    return "".join(text)


def test_who_has_many_alike_hides_nobody() -> None:
    centre = variant()  # 95 % like each of the others, which are 90 % like one another
    others = [variant(*range(9 * n, 9 * n + 4)) for n in range(7)]
    texts = Texts(90, 10)
    rows = dict(enumerate([*others[:5], centre, *others[5:]], 1))
    for row, text in rows.items():
        texts.put(row, text)
    texts.compare()
    assert set(brute(rows)) == set(rows) and not brute({n: t for n, t in rows.items() if n != 6})
    assert set(texts.hits()) == set(rows)


def test_who_has_lost_all_partners_looks_for_others() -> None:
    texts = Texts(90, 10)
    for row in range(1, 10):
        texts.put(row, variant(row))
    texts.compare()
    for gone in texts.others(1).rows:
        texts.put(gone, None)
    left = [row for row in range(1, 10) if texts.of_row(row) is not None]
    assert len(left) == 4 and set(texts.hits()) == set(left) and texts.others(1).total


def corpus(count: int, seed: int) -> list[str]:
    """Logs made of the same few phrases, a fifth of them copied with a few letters changed."""
    rng = random.Random(seed)
    parts = [
        [f"{a}{b}" for a in "大小东西南北上下" for b in ("玉兰村", "王庄", "李庄", "岳村", "张村", "郭庄")],
        ["铁棍山药", "怀地黄", "怀牛膝", "怀菊花", "小麦", "玉米", "花生", "设施番茄", "核桃", "香菇"],
        [
            "讲解绿色防控技术",
            "示范土壤处理",
            "指导水肥一体化",
            "现场演示修剪",
            "调查病虫害发生情况",
            "采集土样化验",
        ],
        ["建议轮作", "分三次追肥", "降低棚内湿度", "用生物药剂灌根", "控制种植密度", "提早清沟排水"],
    ]
    found: list[str] = []
    while len(found) < count:
        if found and rng.random() < 0.2:
            text = list(rng.choice(found))
            for _ in range(rng.randrange(1, 4)):
                text[rng.randrange(len(text))] = rng.choice("的了和在是有到")
            found.append("".join(text))
        else:
            place, crop, act, advice = (rng.choice(p) for p in parts)
            more = "，".join(rng.sample(parts[2], 3))
            found.append(f"到{place}{act}，为{crop}{more}，{advice}，{rng.randrange(5, 90)}人参加")
    return found


def test_buckets_find_nearly_all_there_is_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str | None] = [plain(t) for t in dict.fromkeys(corpus(2500, 7))]
    monkeypatch.setattr(alike, "WHOLE", len(said))
    exact = alike.nearest(said, 90)
    monkeypatch.setattr(alike, "WHOLE", 0)
    found = alike.nearest(said, 90)
    assert len(exact) > 500
    assert len(set(exact) - set(found)) <= 0.03 * len(exact)
    for one, others in found.items():
        for other, percent in others.items():
            score = 100 * Indel.normalized_similarity(said[one] or "", said[other] or "")
            assert score == pytest.approx(percent) and score > 90


def test_over_ninety_is_more_than_ninety() -> None:
    ten = "甲乙丙丁戊己庚辛壬癸"
    nine = ten[:-1] + "子"  # 2 × 9 / 20: 90 % to the letter
    texts = Texts(90, 4)
    texts.put(1, ten)
    texts.put(2, nine)
    assert not texts.like(ten, 1).total
    assert Texts(89, 4).like(ten).total == 0
    lower = Texts(89, 4)
    lower.put(2, nine)
    found = lower.like(ten)
    assert (found.rows, found.total, round(found.percent, 6)) == ((2,), 1, 90)


def test_a_formula_of_thousands_names_the_first_and_counts_all() -> None:
    texts = Texts(90, 10)
    for row in range(1, 5001):
        texts.put(row, BASE)
    texts.compare()
    found = texts.others(17)
    assert (len(found.rows), found.total, found.percent) == (50, 4999, 100.0)
    assert 17 not in found.rows

"""Pinyin keys: full and initials, surnames as surnames, what matches how well."""

import pytest

from commissioner_app import pinyin


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("张三丰", "zhangsanfeng zsf"),
        ("单雄信", "shanxiongxin sxx"),
        ("解珍", "xiezhen xz"),
        ("仇英", "qiuying qy"),
        ("曾国荃", "zengguoquan zgq"),
        ("尉迟恭", "yuchigong ycg"),
        ("覃某", "qinmou qm tanmou tm"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, found: str) -> None:
    assert pinyin.keys(name, surname=True) == found


def test_places_are_read_as_words() -> None:
    assert pinyin.keys("祥云镇") == "xiangyunzhen xyz"
    assert pinyin.keys("解放区") == "jiefangqu jfq"
    assert pinyin.keys("2022-省派-16") == "2022shengpai16 2022sp16"
    assert pinyin.keys("") == "" and pinyin.keys("（）") == ""


def test_matching() -> None:
    known = pinyin.keys("张三丰", surname=True)
    assert pinyin.matches("zsf", known) == pinyin.matches("zhangsanfeng", known) == 3
    assert pinyin.matches("zs", known) == pinyin.matches("zhangs", known) == 2
    assert pinyin.matches("sf", known) == 1
    assert pinyin.matches("f", known) == pinyin.matches("an", known) == 0

"""Pinyin keys: full and initials, surnames as surnames, what matches how well."""

import pytest

from commissioner_app import pinyin


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("张三丰", "zhangsanfeng zsf"),
        ("单雄信", "shanxiongxin sxx danxiongxin dxx"),
        ("解珍", "xiezhen xz jiezhen jz"),
        ("尉迟恭", "yuchigong ycg"),
        ("覃某", "qinmou qm tanmou tm"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, found: str) -> None:
    assert pinyin.keys(name, surname=True) == found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "shanxiongxin sxx danxiongxin dxx shanxx sxiong"),
        ("解珍", "xiezhen xz jiezhen"),
        ("仇英", "qiuying qy chouying"),
        ("曾国荃", "zengguoquan zgq ceng cgq"),
        ("尉迟恭", "yuchigong ycg yuchi"),
        ("尉文", "weiwen yuwen"),
        ("查良镛", "zhaliangyong zly chaliangyong cly"),
        ("盖叫天", "gejiaotian gjt gaijiaotian"),
        ("区大典", "oudadian odd quda qdd"),
        ("任正非", "renzhengfei rzf"),
        ("覃某", "qinmou qm tanmou tm"),
        ("乐毅", "yueyi yy leyi ly"),
        ("朴树", "piaoshu ps pushu"),
        ("缪昌期", "miaochangqi mcq mouchangqi"),
        ("万俟卨", "moqixie mqx moqi"),
        ("长孙无忌", "zhangsunwuji zswj"),
        ("令狐冲", "linghuchong lhc"),
        ("澹台明", "tantaiming ttm"),
        ("翟某", "zhaimou dimou"),
        ("牟某", "mumou moumou mm"),
        ("吕布", "lvbu lubu lb"),
        ("种师道", "chongshidao csd zhongshidao"),
        ("卜某", "bumou"),
        ("那英", "naying ny"),
        ("王小明", "wangxiaoming wxm wxiaom 小明 wangxm"),
        ("Anna Berg", "anna berg"),
    ],
)
def test_a_name_is_found_by_every_way_to_read_it(name: str, typed: str) -> None:
    for word in typed.split():
        assert pinyin.found(word, people=(name,)), word


@pytest.mark.parametrize(
    ("text", "not_typed"),
    [
        ("解放区", "xiefangqu xfq jiefangou"),  # no person: 解 and 区 are no surnames here
        ("查找", "zhazhao zz"),
        ("曾经", "zengjing"),
        ("任单", "rdan2 rshan x"),
    ],
)
def test_only_the_beginning_of_a_persons_name_is_a_surname(text: str, not_typed: str) -> None:
    for word in not_typed.split():
        assert not pinyin.found(word, text), word


def test_a_surname_inside_a_name_is_none() -> None:
    assert pinyin.found("wangjie", people=("王解",)) and not pinyin.found("wangxie", people=("王解",))


@pytest.mark.parametrize("typed", ["wx", "wenx", "wenxian", "wxian", "黄庄 wx", "hz wenxian", "温县"])
def test_words_may_be_spread_over_texts_and_cut_short(typed: str) -> None:
    assert pinyin.found(typed, "温县", "黄庄镇")


@pytest.mark.parametrize("typed", ["xw", "enxian", "wnx", "wx2", "黄庄 xw"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert not pinyin.found(typed, "温县", "黄庄镇")


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

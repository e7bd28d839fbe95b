"""The normaliser: whatever an office writes into a cell is read as what it means, or refused; nothing is guessed."""

import contextlib
import datetime as dt
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commissioner_app.imports import cells, persons
from commissioner_app.people import id_number_problem, phone_problem

ANY = (
    st.text(max_size=20) | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.none() | st.booleans()
    | st.dates() | st.datetimes() | st.times() | st.timedeltas()
    | st.text("0123456789０１２３.-—/年月日至、，eE+ 　（）张三李四欧阳教授等人", max_size=16)
)  # fmt: skip
WIDE = {
    ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
}
NAMES = st.text("王李张刘陈杨赵黄周吴徐孙明华国建文军丽伟芳强", min_size=2, max_size=3)
MOBILES = st.integers(13_000_000_000, 19_999_999_999).map(str)


@given(ANY)
def test_every_cell_is_read_or_refused(cell: cells.Cell) -> None:
    readers = (cells.text, cells.compact, cells.date, cells.month, cells.period, cells.number, cells.half_days, cells.clock,
               persons.people, persons.phones, persons.identity, persons.name)  # fmt: skip
    for read in readers:
        with contextlib.suppress(ValueError):
            read(cell)
    assert isinstance(cells.text(cell), str)


@given(ANY)
def test_reading_what_was_read_changes_nothing(cell: cells.Cell) -> None:
    once = cells.text(cell)
    assert cells.text(once) == once
    assert cells.Texts().row([cell, True, 1, 1.0, cell]) == [once, "是", "1", "1", once]


@given(
    st.text("0123456789ABCxyz", max_size=12), st.sampled_from(["", " ", "\u3000", "\xa0", "\u200b", "\ufeff"])
)
def test_full_width_is_plain(word: str, around: str) -> None:
    assert cells.text(around + word.translate(WIDE) + around) == word


def test_what_is_no_text_has_its_own_words() -> None:
    told = [None, True, False, 3.0, 1.5, dt.date(2022, 4, 1), dt.datetime(2022, 4, 1, 9, 5), dt.time(9, 5)]
    assert [cells.text(c) for c in told] == [
        "",
        "是",
        "否",
        "3",
        "1.5",
        "2022-04-01",
        "2022-04-01 09:05",
        "09:05",
    ]


def test_chinese_signs_and_rare_characters_stay() -> None:
    for word in ("（大）", "甲、乙", "“三区”", "𬭎𠅤", "㐱", "①"):
        assert cells.text(word) == word
    assert cells.text("⽅⽂") == "方文"  # radicals that PDF readers put for characters


# -- names ---------------------------------------------------------------------------------------------


@given(NAMES, st.sampled_from([" ", "\u3000", "  ", "\xa0", " \u3000 "]))
def test_spaces_inside_a_name_say_nothing(name: str, gap: str) -> None:
    assert [p.name for p in persons.people(gap.join(name))] == [name]
    assert persons.name(gap.join(name)) == name


@given(
    st.lists(NAMES, min_size=2, max_size=5),
    st.sampled_from(["、", "，", ",", "；", ";", "/", "\n", " 、 ", "\r\n"]),
)
def test_several_people_of_a_cell_are_each_there(names: list[str], sign: str) -> None:
    assert [p.name for p in persons.people(sign.join(names))] == names


@given(
    st.lists(st.tuples(NAMES, MOBILES), min_size=1, max_size=4), st.sampled_from(["、", "，", "\n"]),
    st.sampled_from(["{} {}", "{}{}", "{}（{}）", "{}:{}", "{} 电话：{}"]),
)  # fmt: skip
def test_phones_beside_names_go_to_their_person(who: list[tuple[str, str]], sign: str, form: str) -> None:
    found = persons.people(sign.join(form.format(*w) for w in who))
    assert [(p.name, p.phone) for p in found] == who


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("张三 李四", ["张三", "李四"]), ("张 三", ["张三"]), ("欧阳 娜娜", ["欧阳娜娜"]), ("尉 迟 敬 德", ["尉迟敬德"]),
        ("1.张三 2.李四", ["张三", "李四"]), ("（1）张三\n（2）李四", ["张三", "李四"]), ("阿卜杜·热合曼", ["阿卜杜·热合曼"]),
        ("John  Smith", ["John Smith"]), ("演示 张 三", ["演示张三"]), ("张伟（大）", ["张伟（大）"]), ("—", []), ("", []), (None, []),
    ],
)  # fmt: skip
def test_names(cell: cells.Cell, names: list[str]) -> None:
    assert [p.name for p in persons.people(cell)] == names


def test_what_stands_beside_a_name_is_told() -> None:
    found = persons.people("团长：张三（女）、李四教授（河南农业大学）")
    assert (found[0].role, found[0].gender) == ("团长", "女")
    assert (found[1].name, found[1].title, found[1].unit) == ("李四", "教授", "河南农业大学")


@pytest.mark.parametrize(
    "cell", ["买买提 艾力", "张三等3人", "123", "13800000000", "张三 13800000001 13800000002", "、（女）"]
)
def test_who_is_not_clear_is_refused_in_a_sentence(cell: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        persons.people(cell)


def test_phones_of_the_row_tell_how_many_people_a_cell_holds() -> None:
    assert len(persons.people("买买提 艾力", several=2)) == 2


# -- phones and ID numbers -----------------------------------------------------------------------------


@given(
    MOBILES,
    st.sampled_from(
        [
            "{0}",
            "{1}.0",
            "+86 {0}",
            "86-{0}",
            "{2} {3} {4}",
            "{2}-{3}-{4}",
            "手机：{0}",
            " {0}\n",
            "{5}",
            "{6}",
        ]
    ),
)
def test_a_mobile_is_the_same_however_it_is_written(number: str, form: str) -> None:
    wide = number.translate(WIDE)
    science = f"{number[0]}.{number[1:]}E+10"
    cell = form.format(number, number, number[:3], number[3:7], number[7:], wide, science)
    assert persons.phones(cell) == [number]
    assert persons.phones(float(number)) == [number] == persons.phones(int(number))


@given(st.lists(MOBILES, min_size=1, max_size=4), st.sampled_from(["、", "/", "；", "\n", " ", "或"]))
def test_several_phones(numbers: list[str], sign: str) -> None:
    assert persons.phones(sign.join(numbers)) == numbers


@given(ANY)
def test_what_is_read_as_a_phone_is_one(cell: cells.Cell) -> None:
    with contextlib.suppress(ValueError):
        assert all("*" in p or phone_problem(p) == "" for p in persons.phones(cell))


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38e10", "12", "138000012345", "无此人", "1380000123X"])
def test_a_number_that_lost_its_digits_is_no_phone(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        persons.phones(cell)


def test_id_numbers() -> None:
    assert persons.identity("１１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"
    assert id_number_problem(persons.identity("11010519491231002X ")) == ""
    with pytest.raises(ValueError, match=r"."):
        persons.identity(110105194912310020.0)


# -- months and periods --------------------------------------------------------------------------------


@given(
    st.dates(dt.date(1930, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(
        [
            "{0}年{1}月",
            "{0}.{1}",
            "{0}-{1:02d}",
            "{0}/{1}",
            "{0}{1:02d}",
            "{0}年{1}月{2}日",
            "{0}-{1:02d}-{2:02d}",
        ]
    ),
    st.booleans(),
)
def test_a_month_is_the_same_however_it_is_written(day: dt.date, form: str, wide: bool) -> None:
    cell = form.format(day.year, day.month, day.day)
    wanted = f"{day.year}-{day.month:02d}"
    assert cells.month(cell.translate(WIDE) if wide else cell) == wanted
    assert cells.month(day) == wanted == cells.month(dt.datetime.combine(day, dt.time()))
    serial = (day - dt.date(1899, 12, 30)).days
    if serial >= 20_000:
        assert cells.month(serial) == wanted == cells.month(float(serial)) == cells.month(str(serial))


def test_october_typed_as_a_number_is_not_guessed() -> None:
    for cell in (1980.1, 2022.1):
        with pytest.raises(ValueError, match=r"."):
            cells.month(cell)
        with pytest.raises(ValueError, match=r"."):
            cells.period(cell)
    assert cells.month("1980.10") == "1980-10" and cells.month(1980.5) == "1980-05"


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2050, 12, 31)), st.integers(0, 900),
    st.sampled_from(["{0.year}年{0.month}月—{1.year}年{1.month}月", "{0.year}.{0.month}-{1.year}.{1.month}",
                     "{0.year}/{0.month} 至 {1.year}/{1.month}", "{0.year}-{0.month:02d}~{1.year}-{1.month:02d}"]),
)  # fmt: skip
def test_periods_begin_with_a_month_and_end_with_one(start: dt.date, days: int, form: str) -> None:
    end = start + dt.timedelta(days=days)
    after = dt.date(end.year + end.month // 12, end.month % 12 + 1, 1)
    last = after - dt.timedelta(days=1)
    wanted = (start.replace(day=1).isoformat(), last.isoformat())
    assert cells.period(form.format(start, end)) == wanted


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2022年4月", ("2022-04-01", None)), ("2022.4", ("2022-04-01", None)), (44652, ("2022-04-01", None)),
        ("2022年4月起", ("2022-04-01", None)), ("2022年度", ("2022-01-01", "2022-12-31")), ("2022年4月至12月", ("2022-04-01", "2022-12-31")),
        ("2022-04-01至2023-03-31", ("2022-04-01", "2023-03-31")), (dt.date(2022, 4, 1), ("2022-04-01", None)), ("—", (None, None)),
    ],
)  # fmt: skip
def test_periods(cell: cells.Cell, period: tuple[str | None, str | None]) -> None:
    assert cells.period(cell) == period


@pytest.mark.parametrize("cell", ["长期", "4月", "2022年13月", "2023.3-2022.4", "2022-2-30", "1-2-3-4"])
def test_what_is_no_period_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        cells.period(cell)


@given(st.text(max_size=30))
def test_compact_has_no_spaces_and_no_full_width_digits(word: str) -> None:
    found = cells.compact(word)
    assert not any(c.isspace() for c in found)
    assume(all(unicodedata.category(c) != "No" for c in word))
    assert not any("０" <= c <= "９" for c in found)


@pytest.mark.parametrize(
    ("cell", "name", "gender"),
    [
        ("*张三", "张三", ""), ("★ 张三", "张三", ""), ("张三△", "张三", ""), ("张三（新增）", "张三", ""), ("张 三(续聘)", "张三", ""),
        ("张三（女，回族）", "张三", "女"), ("张三（回族）", "张三", ""), ("古丽•演示", "古丽·演示", ""), ("古丽・演示", "古丽·演示", ""),
    ],
)  # fmt: skip
def test_marks_of_a_list_are_no_part_of_a_name(cell: str, name: str, gender: str) -> None:
    (found,) = persons.people(cell)
    assert (found.name, found.gender) == (name, gender)


@pytest.mark.parametrize("cell", ["待定", "空缺", "（空缺）", "待 定", "暂缺"])
def test_a_place_that_nobody_holds_is_no_person(cell: str) -> None:
    assert persons.people(cell) == []


def test_who_has_left_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"已调离.*。$"):
        persons.people("张三（已调离）")


@pytest.mark.parametrize(
    "cell", ["0391-3562000转801", "0391-3562000 转 801", "(0391)3562000-801", "0391-3562000分机801"]
)
def test_the_extension_of_an_office(cell: str) -> None:
    assert persons.phones(cell) == ["0391-3562000-801"]

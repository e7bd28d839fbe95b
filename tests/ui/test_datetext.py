"""Dates as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.datetext import parse_date

TODAY = date(2022, 9, 30)
SERVICE = (date(2022, 4, 1), date(2023, 3, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-9-28", date(2022, 9, 28)),
        ("2022年9月28日", date(2022, 9, 28)),
        ("2022年9月28号", date(2022, 9, 28)),
        ("２０２２－０９－２８", date(2022, 9, 28)),
        ("2022。9。28", date(2022, 9, 28)),
        ("20220928", date(2022, 9, 28)),
        ("22.9.28", date(2022, 9, 28)),
        (" 9.28 ", date(2022, 9, 28)),
        ("9月28日", date(2022, 9, 28)),
        ("9/28", date(2022, 9, 28)),
        ("今天", TODAY),
        ("昨天", date(2022, 9, 29)),
        ("前天", date(2022, 9, 28)),
        ("2.30", None),
        ("13.1", None),
        ("2022-13-1", None),
        ("2022", None),
        ("9.28 下午", None),
        ("", None),
    ],
)
def test_what_people_type(text: str, expected: date | None) -> None:
    assert parse_date(text, TODAY) == expected


def test_without_a_year_the_period_decides() -> None:
    assert parse_date("3.5", TODAY, SERVICE) == date(2023, 3, 5)
    assert parse_date("4.1", TODAY, SERVICE) == date(2022, 4, 1)
    assert parse_date("3.5", date(2024, 1, 1), SERVICE) == date(2023, 3, 5)
    two_years = (date(2021, 7, 1), date(2023, 3, 31))
    assert parse_date("9.28", TODAY, two_years) == date(2022, 9, 28)
    assert parse_date("12.1", TODAY, two_years) == date(2021, 12, 1)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_is_read_in_each_spelling(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for text in (
        day.isoformat(),
        f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日",
        f"{year}/{month}/{number}",
        f"{day:%Y%m%d}",
    ):
        assert parse_date(text, TODAY) == day


@given(st.dates(*SERVICE), st.dates(date(2022, 1, 1), date(2024, 12, 31)))
def test_a_short_date_of_the_service_year_is_found(day: date, today: date) -> None:
    assert parse_date(f"{day.month}.{day.day}", today, SERVICE) == day


@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    found = parse_date(text, TODAY, SERVICE)
    assert found is None or abs(found - TODAY) < timedelta(days=200 * 366)

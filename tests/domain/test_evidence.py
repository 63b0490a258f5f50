"""Dates as printed, shelf lives, and who leads."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claims import agree
from app.domain.evidence import (
    SHELF_LIFE_MONTHS,
    Age,
    Subject,
    add_months,
    age_of,
    expires_on,
    order_claims,
    to_span,
)
from app.domain.vocabulary import Basis
from tests.domain.facts import accredited

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Said:
    basis: str
    as_of: str | None
    is_contradicted: bool = False


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2024-06-12", date(2024, 6, 12), date(2024, 6, 12)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
        ("2022-23", date(2022, 7, 1), date(2023, 6, 30)),
        ("1999-00", date(1999, 7, 1), date(2000, 6, 30)),
        ("2020-11", date(2020, 11, 1), date(2020, 11, 30)),
        ("2009-10", date(2009, 10, 1), date(2009, 10, 31)),
    ],
)
def test_dates_as_printed_mean_these_days(as_of: str, first: date, last: date) -> None:
    span = to_span(as_of)

    assert span is not None
    assert (span.first, span.last) == (first, last)


@pytest.mark.parametrize("as_of", ["", "fall 2015", "2022-2023", "22-23", "2024-13", "2022-25"])
def test_other_spellings_of_dates_are_refused(as_of: str) -> None:
    with pytest.raises(ValueError, match=r"is neither|month must"):
        to_span(as_of)


def test_five_academic_years_count_from_the_end_of_the_year() -> None:
    assert expires_on("2021-22", Subject.COST) == date(2027, 6, 30)
    assert age_of("2021-22", Subject.COST, date(2027, 6, 30)) is Age.FRESH
    assert age_of("2021-22", Subject.COST, date(2027, 7, 1)) is Age.STALE


def test_a_bare_year_may_be_as_old_as_its_first_day() -> None:
    assert age_of("2023", Subject.CREDENTIAL, TODAY) is Age.STALE
    assert age_of("2024", Subject.CREDENTIAL, TODAY) is Age.FRESH


def test_a_claim_of_a_later_day_is_not_known_yet() -> None:
    later = Said(Basis.GOVERNMENT_DATA, "2024-25")

    assert order_claims([later], Subject.COST, date(2023, 1, 1)) == []


def test_a_fact_that_can_be_trusted_is_not_hidden_by_a_stale_better_placed_one() -> None:
    stale_issuer = Said(Basis.STATED_BY_ISSUER, "2019")
    fresh_third = Said(Basis.THIRD_PARTY, "2026-05")

    assert order_claims([stale_issuer, fresh_third], Subject.CREDENTIAL, TODAY)[0] is fresh_third


def test_rank_decides_before_the_newer_date() -> None:
    government = Said(Basis.GOVERNMENT_DATA, "2024-25")
    school = Said(Basis.STATED_BY_INSTITUTION, "2026-01-01")

    assert order_claims([school, government], Subject.COST, TODAY)[0] is government


def test_within_a_rank_the_newest_leads_and_undated_comes_last() -> None:
    old, new, undated = (
        Said(Basis.STATED_BY_INSTITUTION, as_of) for as_of in ("2023-24", "2024-25", None)
    )

    assert order_claims([undated, old, new], Subject.COST, TODAY) == [new, old, undated]


def test_an_undated_third_party_ranks_with_the_rest() -> None:
    undated = Said(Basis.THIRD_PARTY, None)
    editorial = Said(Basis.EDITORIAL, "2026-01-01")

    assert order_claims([undated, editorial], Subject.CREDENTIAL, TODAY)[0] is editorial


claims = st.lists(
    st.builds(
        Said,
        basis=st.sampled_from(list(Basis)),
        as_of=st.sampled_from([None, "2015", "2019-20", "2022-23", "2024-06", "2026-01-02"]),
        is_contradicted=st.booleans(),
    ),
    max_size=6,
)


@given(claims, st.sampled_from(list(Subject)), st.dates(date(2016, 1, 1), date(2040, 1, 1)))
def test_nothing_known_is_lost_and_stale_never_leads_fresh(
    said: list[Said], subject: Subject, today: date
) -> None:
    ordered = order_claims(said, subject, today)

    marks = [(c.is_contradicted, age_of(c.as_of, subject, today) is Age.STALE) for c in ordered]
    assert len(ordered) == sum(age_of(c.as_of, subject, today) is not Age.FUTURE for c in said)
    assert marks == sorted(marks)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 600))
def test_adding_months_keeps_the_day_or_ends_the_month(day: date, months: int) -> None:
    later = add_months(day, months)

    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(st.sampled_from(list(Subject)), st.dates(date(2021, 1, 1), date(2035, 1, 1)))
def test_a_claim_ages_once_and_never_grows_young(subject: Subject, today: date) -> None:
    age = age_of("2020", subject, today)
    later = age_of("2020", subject, add_months(today, SHELF_LIFE_MONTHS[subject]))

    assert later is Age.STALE or age is Age.FRESH


@pytest.mark.parametrize(
    ("more", "is_same"),
    [
        ({}, True),
        ({"next_review": "2031-32", "began_on": "1975"}, True),
        ({"next_review": "2031-32", "began_on": None}, True),
        ({"status": "probationary"}, False),
        ({"began_on": "1980"}, False),
        ({"ended_on": "2023"}, False),
    ],
)
def test_a_detail_that_one_sayer_leaves_out_contradicts_nothing(
    more: dict[str, Any], is_same: bool
) -> None:
    one, other = accredited(began_on="1975"), replace(accredited(), **more)

    assert agree(one, other) is agree(other, one) is is_same

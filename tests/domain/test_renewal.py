"""Rules of renewal at their borders: numbers held, days, and prices nobody tells."""

from datetime import date
from typing import Any

import pytest

from app.domain.credentials.renewal import (
    Applies,
    Cycle,
    Fee,
    Held,
    Portion,
    Renewal,
    RenewalRules,
    Said,
    UnitRule,
    plan_renewal,
    unknown_fields,
)

TODAY = date(2026, 11, 24)
SAID = (Said(source_kind="issuer", source_url="https://issuer.example", as_of="2026-01-15"),)
LATER = (Said(source_kind="issuer", source_url="https://issuer.example", as_of="2027-01-15"),)
CYCLE = Cycle(
    months=24,
    starts="exam_passed",
    ends_on=None,
    is_shared=None,
    text="Two years.",
    question="?",
    said=SAID,
)
BY_NUMBER = UnitRule(text="By number held.", said=SAID, by_count=(36, 48))


def plan(*codes: str, units: UnitRule = BY_NUMBER, **rules: Any) -> Renewal:
    return plan_renewal(RenewalRules(cycle=CYCLE, units=(units,), **rules), map(Held, codes), TODAY)


def fee(further_usd: float | None) -> Fee:
    return Fee(
        who="member",
        covers="renewal",
        usd=100,
        further_usd=further_usd,
        per="cycle",
        text="100 dollars.",
        said=SAID,
    )


@pytest.mark.parametrize(("held", "units"), [("A", 36), ("AB", 48), ("ABC", 48), ("ABCD", 48)])
def test_the_last_number_of_a_list_holds_for_more(held: str, units: int) -> None:
    assert plan(*held).units == units


@pytest.mark.parametrize(
    ("per_further", "said", "units", "at_least"),
    [(10, SAID, 30, 30), (None, SAID, None, 20), (10, LATER, None, 20), (10, (), None, 20)],
)
def test_a_further_credential_needs_a_rule_that_somebody_had_told(
    per_further: int | None, said: tuple[Said, ...], units: int | None, at_least: int
) -> None:
    rule = UnitRule(
        text="The largest.",
        said=SAID,
        base={"A": 20, "B": 20},
        per_further=per_further,
        said_of_several=said,
    )

    found = plan("A", "B", units=rule)

    assert (found.units, found.at_least) == (units, at_least)


@pytest.mark.parametrize(
    ("since", "shown"),
    [(None, True), (TODAY, True), (date(2026, 11, 25), False), (date(2020, 1, 1), True)],
)
def test_a_portion_is_shown_from_its_first_day(since: date | None, shown: bool) -> None:
    portion = Portion(
        key="ethics", bound="at_least", of="ethics", text="Ethics.", said=SAID, units=2, since=since
    )

    found = plan("A", portions=(portion,)).portions

    assert [(due.units, due.applies) for due in found] == [(2, Applies.YES)] * shown


@pytest.mark.parametrize(
    ("held", "further_usd", "usd", "at_least"),
    [("A", None, 100, 100), ("AB", None, None, 100), ("AB", 25, 125, 125), ("ABC", 25, 150, 150)],
)
def test_the_price_of_a_further_credential_is_not_guessed(
    held: str, further_usd: float | None, usd: float | None, at_least: float
) -> None:
    found = plan(*held, fees=(fee(further_usd),))

    (due,) = found.fees
    assert (due.usd, due.at_least) == (usd, at_least)
    assert unknown_fields(found) == ([] if usd is not None else ["renewal_fee"])


def test_without_rules_every_field_is_unknown() -> None:
    assert unknown_fields(None) == ["ceu_per_cycle", "renewal_cycle_months", "renewal_fee"]

"""Cells of a credential: who leads, what conflicts, whose word it is."""

from datetime import date
from typing import Any

import pytest

from app.domain.credentials.cells import Cell, differs, find_asserter, group_cells
from app.domain.evidence import Subject, order_claims
from app.domain.vocabulary import SayerKind

TODAY = date(2026, 11, 24)


def cell(**fields: Any) -> Cell:
    defaults: dict[str, Any] = {
        "key": 1,
        "field": "exam_fee",
        "qualifier": None,
        "year": None,
        "low": None,
        "high": None,
        "unit": None,
        "words": "",
        "basis": "third_party",
        "as_of": "2026-05",
        "is_contradicted": False,
    }
    return Cell(**{**defaults, **fields})


def test_a_fresh_third_party_leads_a_stale_issuer_and_a_contradicted_one_comes_last() -> None:
    stale = cell(key=1, basis="issuer", as_of="2019")
    fresh = cell(key=2)
    wrong = cell(key=3, basis="issuer", is_contradicted=True)

    ordered = order_claims([wrong, stale, fresh], Subject.CREDENTIAL, TODAY)

    assert ordered == [fresh, stale, wrong]


def test_sayers_rank_issuer_test_host_copy_third_party_aggregator() -> None:
    cells = [cell(key=at, basis=kind) for at, kind in enumerate(reversed(SayerKind))]

    assert [c.basis for c in order_claims(cells, Subject.CREDENTIAL, TODAY)] == list(SayerKind)


def test_rules_of_several_years_conflict_but_pass_rates_of_several_years_stand_apart() -> None:
    waits = [cell(field="retest_wait_days", year=2020), cell(field="retest_wait_days")]
    rates = [cell(field="first_time_pass_rate", year=year) for year in (2019, 2020)]

    groups = group_cells([*waits, *rates], TODAY)

    assert [(key, len(found)) for key, found in groups.items()] == [
        (("retest_wait_days", None, None), 2),
        (("first_time_pass_rate", None, 2020), 1),
        (("first_time_pass_rate", None, 2019), 1),
    ]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ({"low": 229.0, "high": 229.0}, {"low": 219.0, "high": 219.0}, True),
        ({"low": 20.0, "high": 20.0, "words": "20"}, {"low": 20.0, "high": 20.0}, False),
        ({"low": 300.0, "high": 300.0, "unit": "points"}, {"low": 300.0, "high": 300.0}, True),
        ({"words": "high school diploma"}, {"words": "a high school diploma or more"}, False),
        ({"words": "open book"}, {"words": "closed windows"}, True),
    ],
)
def test_numbers_differ_by_value_and_unit_words_by_their_words(
    one: dict[str, Any], other: dict[str, Any], apart: bool
) -> None:
    assert differs(cell(**one), cell(**other)) is apart


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.ahima.org/x", "issuer"),
        ("https://cms-test.ahima.org/x", "test host"),
        ("https://my.ahima.org/x", "issuer"),
        ("https://notahima.org/x", None),
        ("https://github.com/one/two/blob/x", "collection"),
        ("https://github.com/other/two", None),
    ],
)
def test_the_longest_host_on_the_list_decides(url: str, found: str | None) -> None:
    hosts = {
        "ahima.org": "issuer",
        "cms-test.ahima.org": "test host",
        "github.com/one/two": "collection",
    }

    assert find_asserter(url, hosts) == found

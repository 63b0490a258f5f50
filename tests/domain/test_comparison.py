"""Rows of a comparison: verdicts, bests, same terms, academic years."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claims import AccreditationClaim
from app.domain.comparison.cells import (
    UNDATED,
    Better,
    Cell,
    ComparableTerms,
    Range,
    Value,
    judge,
    judge_options,
)
from app.domain.comparison.costs import academic_year
from app.domain.comparison.facts import through_year_of
from app.domain.vocabulary import CellStatus, Level, Section, Verdict

KNOWN, UNKNOWN, STALE, NA = (
    CellStatus.KNOWN,
    CellStatus.UNKNOWN,
    CellStatus.STALE,
    CellStatus.NOT_APPLICABLE,
)


def known(value: Value, **terms: str) -> Cell:
    return Cell(value, str(value), KNOWN, (), ComparableTerms(**terms))


def row(*cells: Cell, better: Better | None = None) -> Any:
    return judge(
        Section.COST, "key", "Label", dict(zip("abcd", cells, strict=False)), better=better
    )


@pytest.mark.parametrize(
    ("cells", "verdict", "reason"),
    [
        ([known("x"), known("x")], "same", None),
        ([known("x"), known("y")], "differs", None),
        ([known(5.0), known(5)], "same", None),
        ([known(Range(1, 2)), known(Range(1, 2))], "same", None),
        ([known(Range(1, 2)), known(Range(1, 3))], "differs", None),
        ([known(("a", "b")), known(("a",))], "differs", None),
        ([Cell(), Cell()], "unknown", "not known for a, b"),
        ([known("x"), Cell()], "unknown", "not known for b"),
        ([known(1), Cell(2, "2", STALE)], "unknown", "too old to count for b"),
        (
            [Cell(None, "", CellStatus.WITHHELD), Cell(None, "", CellStatus.NOT_PUBLISHED)],
            "unknown",
            "withheld for privacy for a; not published by b",
        ),
        (
            [known(1), Cell(None, "", CellStatus.PUBLISHED_WITHOUT_AMOUNT)],
            "unknown",
            "published without an amount by b",
        ),
        ([known(1), Cell(None, "", NA)], "not_comparable", "does not apply to b"),
        ([Cell(None, "", NA), Cell(None, "", NA)], "same", None),
        (
            [known(1, year="2022-23"), known(1, year="2023-24")],
            "not_comparable",
            "other year",
        ),
        (
            [known(1, year=UNDATED), known(1, year=UNDATED)],
            "not_comparable",
            "no year is given for some",
        ),
        (
            [known(1, population="x"), known(1, population="y")],
            "not_comparable",
            "other population",
        ),
        ([known(1, population="x"), known(1)], "not_comparable", "other population"),
        ([known(1, unit="x"), known(1, unit="y")], "not_comparable", "other unit"),
        (
            [known(1, residency="in_state"), known(1, residency="out_of_state")],
            "not_comparable",
            "other residency",
        ),
        (
            [known(1, level="program"), known(1, level="institution")],
            "not_comparable",
            "program against institution level",
        ),
        (
            [known(1, year="2022-23", unit="x"), known(1, year="2023-24", unit="y")],
            "not_comparable",
            "other year; other unit",
        ),
        (
            [known(1, year="2022-23"), known(1, year="2023-24"), Cell()],
            "unknown",
            "not known for c; other year",
        ),
    ],
)
def test_verdicts(cells: list[Cell], verdict: str, reason: str | None) -> None:
    found = row(*cells)

    assert (found.verdict, found.reason) == (Verdict(verdict), reason)


@pytest.mark.parametrize(
    ("cells", "better", "best"),
    [
        ([known(5.0), known(4.0), known(6.0)], Better.LOWER, ["b"]),
        ([known(5.0), known(4.0), known(6.0)], Better.HIGHER, ["c"]),
        ([known(5.0), known(4.0), known(6.0)], None, []),
        ([known(4.0), known(4.0), known(6.0)], Better.LOWER, ["a", "b"]),
        ([known(4.0), known(4.0)], Better.LOWER, []),
        # an unknown neither beats nor loses
        ([known(5.0), Cell()], Better.LOWER, []),
        ([known(5.0), known(4.0), Cell()], Better.LOWER, ["b"]),
        ([known(5.0), Cell(1.0, "", STALE)], Better.LOWER, []),
        ([known(5.0), known(4.0), Cell(1.0, "", STALE)], Better.LOWER, ["b"]),
        # on other terms nothing is better
        ([known(5.0, year="2022-23"), known(4.0, year="2023-24")], Better.LOWER, []),
        # ranges: only what is certain
        ([known(Range(3, 5)), known(Range(5, 7))], Better.LOWER, ["a"]),
        ([known(Range(3, 6)), known(Range(5, 7))], Better.LOWER, []),
        ([known(Range(3, None)), known(2.0)], Better.LOWER, ["b"]),
        ([known(Range(3, None)), known(2.0)], Better.HIGHER, ["a"]),
        ([known(Range(3, None)), known(9.0)], Better.LOWER, []),
        # findings
        ([known("met"), known("partly_met"), known("not_met")], Better.FINDING, ["a"]),
        ([known("not_met"), known("partly_met")], Better.FINDING, ["b"]),
        ([known("not_met"), Cell(), Cell(None, "", NA)], Better.FINDING, []),
    ],
)
def test_best(cells: list[Cell], better: Better | None, best: list[str]) -> None:
    assert list(row(*cells, better=better).best) == best


@pytest.mark.parametrize(
    ("spans", "verdict", "best"),
    [
        ([(80, 90), (10, 40)], "differs", ["a"]),
        ([(80, 80), (80, 80)], "same", []),
        ([(0, 100), (0, 100)], "unknown", []),
        ([(30, 60), (50, 90)], "unknown", []),
        ([(80, 90), (10, 40), (30, 85)], "differs", []),
    ],
)
def test_scores_differ_only_where_their_intervals_part(
    spans: list[tuple[float, float]], verdict: str, best: list[str]
) -> None:
    cells = {name: known(Range(*span)) for name, span in zip("abc", spans, strict=False)}

    found = judge(Section.CHECKLIST, "score", "Score", cells, better=Better.INTERVAL)

    assert (found.verdict, list(found.best)) == (Verdict(verdict), best)


def test_values_on_other_terms_are_shown_again_on_the_same_terms_where_all_have_some() -> None:
    newer = {"year": "2024-25", "level": "program"}
    older = {"year": "2022-23", "level": "institution"}
    options = {
        "a": [known(5.0, **newer), known(4.0, **older)],
        "b": [known(3.0, **older)],
        "c": [],
    }

    leading, aligned = judge_options(
        Section.COST, "tuition", "Tuition", options, better=Better.LOWER
    )

    assert leading.cells["a"].value == 5.0
    assert leading.best == ()
    assert aligned.key == "tuition_same_terms"
    assert aligned.cells["a"].value == 4.0
    assert aligned.best == ("b",)
    assert aligned.cells["c"].status is UNKNOWN


def test_there_is_no_second_row_without_common_terms_or_need() -> None:
    apart = {"a": [known(1.0, year="2022-23")], "b": [known(1.0, year="2023-24")]}
    alike = {"a": [known(1.0, year="2022-23")], "b": [known(2.0, year="2022-23")]}

    assert len(judge_options(Section.COST, "k", "L", apart)) == 1
    assert len(judge_options(Section.COST, "k", "L", alike)) == 1


@pytest.mark.parametrize(
    ("as_of", "year"),
    [
        ("2026-01-15", "2025-26"),
        ("2026-07-01", "2026-27"),
        ("2025-26", "2025-26"),
        ("2026-06", "2025-26"),
        ("2026", "2026"),
        (None, UNDATED),
    ],
)
def test_dates_belong_to_academic_years(as_of: str | None, year: str) -> None:
    assert academic_year(as_of) == year


values = st.one_of(
    st.just(Cell()),
    st.integers(0, 5).map(lambda value: known(float(value), year="2023-24")),
    st.integers(0, 5).map(lambda value: known(float(value), year="2022-23")),
    st.integers(0, 5).map(lambda value: Cell(float(value), "", STALE)),
)


@given(st.dictionaries(st.sampled_from("abcdefgh"), values, min_size=2, max_size=8))
def test_verdict_and_best_do_not_depend_on_the_order_of_programs(cells: dict[str, Cell]) -> None:
    one = judge(Section.COST, "k", "L", cells, better=Better.LOWER)
    other = judge(Section.COST, "k", "L", dict(reversed(cells.items())), better=Better.LOWER)

    assert one.verdict is other.verdict
    assert set(one.best) == set(other.best)
    assert all(cells[slug].status is KNOWN for slug in one.best)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"through_year": 2031, "expires_on": "2030-06"}, (2031, "through 2031")),
        ({"expires_on": "2031-06-30"}, (2031, "through 2031-06-30")),
        ({"expires_on": "2030-31"}, (2030, "through 2030-31")),
        ({"expires_on": "Fall 2031"}, None),
        ({}, None),
    ],
)
def test_an_accreditation_is_shown_through_the_year_that_a_date_names(
    told: dict[str, Any], shown: tuple[int, str] | None
) -> None:
    claim = AccreditationClaim(
        level=Level.PROGRAM,
        source="caahep",
        basis="stated_by_accreditor",
        scope="program",
        accreditor="CAHIIM",
        status="accredited",
        **told,
    )
    found = through_year_of(claim)
    assert (found and (found.value, found.display)) == shown

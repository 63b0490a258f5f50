"""Reading what people type, without a database."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search import (
    EVERYDAY,
    STOP_WORDS,
    edits,
    initials_of,
    read_kindly,
    read_text,
)

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


@dataclass
class Known:
    """A small vocabulary."""

    terms: dict[str, set[str]] = field(
        default_factory=lambda: {
            "subject": {"medical", "coding", "records", "health"},
            "school": {"sinclair", "community", "college", "phillips", "philips"},
            "place": {"dayton", "ohio", "oh"},
        }
    )

    def has(self, kind: str, value: str) -> bool:
        return value in self.terms.get(kind, set())

    def starting(self, kind: str, prefix: str) -> list[str]:
        return sorted(one for one in self.terms.get(kind, set()) if one.startswith(prefix))


@given(words, words)
def test_one_typing_error_works_both_ways(one: str, other: str) -> None:
    assert (other in edits(one)) == (one in edits(other))
    assert one not in edits(one)


@given(words)
def test_a_typing_error_changes_the_length_by_one_at_most(word: str) -> None:
    assert {abs(len(other) - len(word)) for other in edits(word)} <= {0, 1}


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for read in (read_text, read_kindly):
        reading = read(text, Known())

        assert reading.needs
        assert all(terms for need in reading.needs for terms in (*need.strong, *need.weak))


def needs(text: str) -> list[str]:
    return [need.typed for need in read_text(text, Known()).needs]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Medical Records in Dayton, OH", ["medical records", "dayton", "oh"]),
        ("the best school for coding near me", ["coding"]),
        ("in", ["in"]),
        ("medcal coding", ["medical coding"]),
        ("daytno", ["dayton"]),
        ("!!!", ["!!!"]),
    ],
)
def test_phrases_are_taken_whole_and_small_words_left_out(text: str, typed: list[str]) -> None:
    assert needs(text) == typed


def test_a_known_word_is_mended_only_when_nothing_is_found_otherwise() -> None:
    strict, kind = read_text("phillips", Known()), read_kindly("phillips", Known())

    assert (("school", "philips"),) not in (*strict.needs[0].strong, *strict.needs[0].weak)
    assert (("school", "philips"),) in kind.needs[0].weak
    assert strict.needs[0].strong == kind.needs[0].strong


def test_everyday_words_are_folded_and_none_is_left_out_of_a_search() -> None:
    assert all(phrase == phrase.lower() and "  " not in phrase for phrase in EVERYDAY)
    assert not EVERYDAY.keys() & STOP_WORDS


def test_initials_need_three_words() -> None:
    assert initials_of("western governors university") == "wgu"
    assert initials_of("university of central florida") == "ucf"
    assert initials_of("lee college") is None

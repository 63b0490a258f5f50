"""Reading what people type, without a database."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text.identifiers import fold
from app.domain.vocabulary import STATE_NAMES
from app.search.words import (
    EVERYDAY,
    MOST_MENDED,
    STOP_WORDS,
    Reading,
    Vocabulary,
    edits,
    initials_of,
    read_text,
    relaxed_reading,
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

    @property
    def words(self) -> set[str]:
        return set().union(*self.terms.values())

    @property
    def longest(self) -> int:
        return max(map(len, self.words))

    def has(self, kind: str, value: str) -> bool:
        return value in self.terms.get(kind, set())

    def starting(self, kind: str, prefix: str) -> list[str]:
        return sorted(one for one in self.terms.get(kind, set()) if one.startswith(prefix))


class AskedWords(set[str]):
    """Words that note which sets of others are compared with them: the candidates of mending."""

    def __init__(self, words: Set[str]) -> None:
        super().__init__(words)
        self.asked: list[Set[str]] = []

    def __rand__(self, other: Set[Any]) -> set[Any]:
        self.asked.append(other)
        return set(other) & set(self)


Read = Callable[[str, Vocabulary], Reading]


@given(words, words)
def test_one_typing_error_works_both_ways(one: str, other: str) -> None:
    assert (other in edits(one)) == (one in edits(other))
    assert one not in edits(one)


@given(words)
def test_a_typing_error_changes_the_length_by_one_at_most(word: str) -> None:
    assert {abs(len(other) - len(word)) for other in edits(word)} <= {0, 1}


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for read in (read_text, relaxed_reading):
        reading = read(text, Known())

        assert reading.needs or STOP_WORDS.issuperset(fold(text).split())
        assert all(terms for need in reading.needs for terms in (*need.strong, *need.weak))


def needs(text: str) -> list[str]:
    return [need.typed for need in read_text(text, Known()).needs]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Medical Records in Dayton, OH", ["medical records", "dayton", "oh"]),
        ("the best school for coding near me", ["coding"]),
        ("IN", ["in"]),
        ("medcal coding", ["medical coding"]),
        ("daytno", ["dayton"]),
        ("!!!", ["!!!"]),
    ],
)
def test_phrases_are_taken_whole_and_small_words_left_out(text: str, typed: list[str]) -> None:
    assert needs(text) == typed


def test_a_known_word_is_mended_only_when_nothing_is_found_otherwise() -> None:
    strict, kind = read_text("phillips", Known()), relaxed_reading("phillips", Known())

    assert (("school", "philips"),) not in (*strict.needs[0].strong, *strict.needs[0].weak)
    assert (("school", "philips"),) in kind.needs[0].weak
    assert strict.needs[0].strong == kind.needs[0].strong


SCHOOLS = {"subject": {"coding"}, "school": {"coding", "academy", "health"}, "place": {"dayton"}}


@pytest.mark.parametrize(
    ("word", "strong", "weak"),
    [
        ("tech", [], []),  # nothing has its kin, "technician" and "technology"
        ("healthcare", [], [("school", "health")]),
        ("aca", [], [("school", "academy")]),  # a beginning, from three letters
        ("ac", [], []),
        ("45402", [("near_zip", "45402")], [("around_zip", "45402")]),
        ("4540", [], []),
        ("acade", [], [("school", "academy")]),  # five, but no digits
    ],
)
def test_what_a_single_word_asks_for(
    word: str, strong: list[tuple[str, str]], weak: list[tuple[str, str]]
) -> None:
    (need,) = read_text(word, Known(SCHOOLS)).needs

    assert need.strong == tuple((term,) for term in strong)
    assert need.weak == tuple((term,) for term in weak)


def test_a_phrase_is_a_school_name_only_where_schools_have_all_of_its_words() -> None:
    billing = Known({**SCHOOLS, "school": {"coding", "billing"}})

    (one_word,) = read_text("medical coding", Known(SCHOOLS)).needs
    (both,) = read_text("billing and coding", billing).needs

    assert one_word.weak == ()
    assert (("school", "billing"), ("school", "coding")) in both.weak


def test_the_beginning_of_a_known_word_is_not_mended() -> None:
    assert read_text("academ", Known(SCHOOLS)).mended == ()
    assert read_text("acadmey", Known(SCHOOLS)).mended == (("acadmey", ("academy",)),)


def test_the_last_two_letters_may_have_changed_places() -> None:
    assert "dayton" in edits("daytno")
    assert edits("ab") & {"ba"}


def test_everyday_words_are_folded_and_none_is_left_out_of_a_search() -> None:
    assert all(phrase == phrase.lower() and "  " not in phrase for phrase in EVERYDAY)
    assert not EVERYDAY.keys() & STOP_WORDS


@pytest.mark.parametrize("read", [read_text, relaxed_reading])
@pytest.mark.parametrize("count", [1, 2])
def test_small_words_alone_ask_for_nothing(read: Read, count: int) -> None:
    for some in combinations(sorted(STOP_WORDS), count):
        reading = read(" ".join(some), Known())

        assert not reading.needs
        assert reading.mended == ((" ".join(some), ()),)


@given(st.lists(st.sampled_from(sorted(STOP_WORDS)), min_size=1, max_size=30))
def test_any_list_of_small_words_is_read_and_none_is_mended(some: list[str]) -> None:
    for read in (read_text, relaxed_reading):
        alone = read(" ".join(some), Known())
        beside = read(" ".join([*some, "dayton"]), Known())

        assert not alone.needs
        assert [need.typed for need in beside.needs] == ["dayton"]
        assert not beside.mended


def test_no_word_is_mended_to_a_small_one() -> None:
    assert read_text("scools dayton", Known()).needs[0].weak == ()


@pytest.mark.parametrize("read", [read_text, relaxed_reading])
@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Guam", "state=GU"),
        ("puerto rico", "state=PR"),
        ("Federated States of Micronesia", "state=FM"),
        ("U.S. Virgin Islands", "state=VI"),
        ("Northern Mariana Islands", "state=MP"),
    ],
)
def test_a_state_without_programs_is_never_taken_for_a_misspelt_word(
    read: Read, text: str, state: str
) -> None:
    known = Known()
    known.terms["school"] |= {"guan", "uam", "rica", "island"}

    reading = read(f"coding {text}", known)

    assert [need.read_as for need in reading.needs][-1] == (state,)
    assert not reading.mended


def test_every_state_is_read_as_itself_where_none_has_a_program() -> None:
    for code, name in STATE_NAMES.items():
        [need] = read_text(name, Known(terms={})).needs
        assert need.strong == ((("state", code),),)


@pytest.mark.parametrize("read", [read_text, relaxed_reading])
@pytest.mark.parametrize("word", ["sinclar" * 20, "q" * 13, "sinclar", "dayto"])
def test_so_many_words_are_mended_and_none_that_is_longer_than_all(read: Read, word: str) -> None:
    class Watched(Known):
        words = AskedWords(Known().words)  # type: ignore[assignment]

    read(" ".join(word + letter for letter in "abcdefghijklmnopqrstuvwxyz"), Watched())

    assert len(Watched.words.asked) <= MOST_MENDED
    assert all(len(one) <= Watched().longest + 2 for asked in Watched.words.asked for one in asked)


def test_initials_need_three_words() -> None:
    assert initials_of("western governors university") == "wgu"
    assert initials_of("university of central florida") == "ucf"
    assert initials_of("lee college") is None

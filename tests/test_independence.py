"""Phrases that sell are refused, ordinary words are not."""

import pytest

from app.domain.independence import REFUSED_PHRASES, REFUSED_TITLES, find_sales_language


@pytest.mark.parametrize("phrase", REFUSED_PHRASES)
def test_a_refused_phrase_is_found_anywhere_in_any_case(phrase: str) -> None:
    assert find_sales_language(f"See our {phrase.upper()}, today") == phrase


@pytest.mark.parametrize("title", REFUSED_TITLES)
def test_ordinary_words_are_refused_only_as_a_whole_title(title: str) -> None:
    assert find_sales_language(title.title()) == title
    assert find_sales_language(f"The school calls it {title} and other things") is None


def test_fourteen_phrases_are_known() -> None:
    assert len({*REFUSED_PHRASES, *REFUSED_TITLES}) == 14


def test_plain_text_passes() -> None:
    assert find_sales_language("A certificate in medical coding, taught online.") is None

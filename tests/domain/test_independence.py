"""Words and links that sell are found."""

import pytest

from app.domain.independence import (
    REFUSED_PHRASES,
    REFUSED_TITLES,
    find_sales_language,
    is_affiliate_url,
)


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


@pytest.mark.parametrize(
    "url",
    [
        "https://www.awin1.com/cread.php?id=1",
        "https://school.sjv.io/x",
        "https://example.edu/program?AFF_ID=7",
        "https://example.edu/?utm_medium=affiliate",
    ],
)
def test_a_link_that_pays_is_found(url: str) -> None:
    assert is_affiliate_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.bls.gov/oes/2021/may/oes299021.htm",
        "https://example.edu/affiliates/hospitals",
        "https://example.edu/?utm_medium=email&id=3",
        "https://notawin1.com/",
    ],
)
def test_an_ordinary_address_passes(url: str) -> None:
    assert not is_affiliate_url(url)

"""Which texts may tell who typed them."""

import pytest

from app.domain.text.private import may_tell_a_person


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org medical coding",
        "ADA @ example",
        "https://example.org/x",
        "www.example.org",
        "example.edu programs",
        "call 555-010-0123",
        "(555) 010 0123",
        "5550100123",
        "ssn 123-45-6789",
        "5 5 5 0 1 0 0 1 2 3",
        "medical coding 12 Main Street",
        "1200 N. Oak Grove Ave dayton",
        "calle Luna 12",
    ],
)
def test_addresses_and_long_numbers_may(text: str) -> None:
    assert may_tell_a_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "medical coding dayton 45402",
        "51.0713 ohio",
        "151263",
        "m.h.a. iowa",
        "st. louis health information",
        "under $5000 in 6 months",
        "2 year programs near portland",
        "codificación médica en línea",
        "street medicine",
        "",
    ],
)
def test_words_codes_and_places_do_not(text: str) -> None:
    assert not may_tell_a_person(text)

"""What is quoted names nobody, and no way to reach anybody."""

import pytest

from app.domain.text.contacts import without_contacts


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "Program director: Dana Example, MS, RHIA, dana@x.example, (555) 010-0199.",
            "Program director: […], […], […].",
        ),
        ("Call 555-010-0199 ext. 4 now.", "Call […] now."),
        ("Ask coordinator Dr. Ann B. Lee at lee@x.edu", "Ask coordinator […] at […]"),
        ("Dean Pat Doe, EdD, arranges sites.", "Dean […], arranges sites."),
    ],
)
def test_people_are_taken_out(text: str, left: str) -> None:
    assert without_contacts(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Tuition is $1,190 per credit in 2026-27; 120-160 hours.",
        "The program director at Fernbank Community College arranges the site.",
        "Program Director Health Information Technology",
        "CIP 51.0707, ATI 202-1000, 800.00",
        "Accredited by CAHIIM through 2031-2032.",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert without_contacts(text) == text

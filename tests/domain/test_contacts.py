"""What is quoted names nobody, and no way to reach anybody; how an office is reached is kept."""

import pytest

from app.domain.text.contacts import is_mail_of_office, is_phone, phones_in, without_contacts


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


@pytest.mark.parametrize(
    "mailbox",
    [
        *("him", "HIM", "healthinfo", "admissions", "program-director", "hit.director"),
        *("hsa-ug", "hi-grad", "healthdean", "himdepartment", "mha_director", "info", "admisiones"),
    ],
)
def test_mailboxes_of_offices_and_roles_are_kept(mailbox: str) -> None:
    assert is_mail_of_office(f"{mailbox}@x.edu")


@pytest.mark.parametrize(
    "mailbox",
    [
        *("dana.example", "jsmith", "dana", "j.smith", "smith", "example-dana", "himsmith", "dean"),
        *("him.smith", "hit2", "dana_him", "lee", "director.lee", "chair", "ed", "dean.ed"),
    ],
)
def test_mailboxes_that_may_be_of_people_are_not(mailbox: str) -> None:
    assert not is_mail_of_office(f"{mailbox}@x.edu")


@pytest.mark.parametrize("text", ["", "him", "him@", "@x.edu", "him@x", "him@x.edu, dana@x.edu"])
def test_what_is_no_address_is_no_mailbox(text: str) -> None:
    assert not is_mail_of_office(text)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Call (555) 010-0142 ext. 4, or 1-555.010.0143", ["555-010-0142 ext. 4", "555-010-0143"]),
        ("555-010-0142 and 555 010 0142", ["555-010-0142"]),
        ("$1,190 in 2026-27", []),
    ],
)
def test_numbers_are_kept_in_one_form(text: str, numbers: list[str]) -> None:
    assert phones_in(text) == numbers
    assert all(map(is_phone, numbers))

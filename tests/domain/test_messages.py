"""Messages: their English, and what becomes of them in another language."""

import copy

import pytest

from app.domain.messages import Key, Listing, Message, either, first_word, parts_of, word

SPANISH = {
    "At most %(n)s credits of %(field)s.": "Como máximo %(n)s créditos de %(field)s.",
    "%(one)s or %(other)s": "%(one)s o %(other)s",
    "health data": "datos de salud",
    "bachelor": "licenciatura",
    "Bachelor": "La licenciatura",
    "under 1 year": "menos de 1 año",
}
CREDITS = Message("At most %(n)s credits of %(field)s.", n=30, field=Message("health data"))


@pytest.mark.parametrize(
    ("message", "english", "spanish"),
    [
        (
            CREDITS,
            "At most 30 credits of health data.",
            "Como máximo 30 créditos de datos de salud.",
        ),
        (word("bachelor"), "bachelor", "licenciatura"),
        (first_word("bachelor"), "Bachelor", "La licenciatura"),
        (Key("under_1_year"), "under_1_year", "menos de 1 año"),
        (
            either([word("bachelor"), "RHIT", "CCS"]),
            "bachelor or RHIT or CCS",
            "licenciatura o RHIT o CCS",
        ),
        (Listing("; ", ("PPE", word("bachelor"))), "PPE; bachelor", "PPE; licenciatura"),
        (Listing(" ", (CREDITS,)), str(CREDITS), "Como máximo 30 créditos de datos de salud."),
        (Message(CREDITS), str(CREDITS), "Como máximo 30 créditos de datos de salud."),
    ],
)
def test_a_message_is_its_english_and_is_translated_with_its_parts(
    message: Message, english: str, spanish: str
) -> None:
    assert message == english
    assert message.translate_by(SPANISH.__getitem__) == spanish


def test_one_part_without_a_translation_leaves_the_whole_without_one() -> None:
    message = Message("At most %(n)s credits of %(field)s.", n=30, field=Message("alchemy"))

    with pytest.raises(KeyError):
        message.translate_by(SPANISH.__getitem__)


def test_a_percent_sign_of_a_text_without_parameters_is_one() -> None:
    assert Message("within 150 % of normal time") == "within 150 % of normal time"


def test_a_copy_of_a_message_is_one() -> None:
    assert copy.copy(CREDITS).translate_by(SPANISH.__getitem__).startswith("Como")


def test_a_listing_knows_its_parts() -> None:
    assert parts_of(Listing("; ", ("a; b", "c"))) == ["a; b", "c"]
    assert parts_of("a; b") == ["a; b"]
    assert parts_of(None) == []


def test_nothing_to_choose_from_is_nothing() -> None:
    assert either([]) == ""

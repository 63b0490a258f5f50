"""Languages: every message is translated, every key has words, numbers read as they should."""

import csv
import re
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from app.domain import vocabulary
from app.domain.messages import Message, word
from app.domain.vocabulary import REGIONS
from app.schemas.filters import ACCREDITED
from app.site import words
from app.site.languages import CATALOGUES, FORMER, SOURCE, language

OTHERS = sorted(set(REGIONS) - {SOURCE})


@pytest.fixture(scope="module")
def in_use(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The messages in code, templates and rubrics, found as `make messages` finds them."""
    path = tmp_path_factory.mktemp("messages") / "messages.pot"
    keywords = ("N_", "Message", "say", "_say", "say_count:1,2", "RowSpec:2", "Outcome")
    keywords += ("ListFilter:2", "NumberFilter:2", "OtherFilter:2")
    options = ["-q", "extract", "-F", "pyproject.toml", *(f"--keywords={one}" for one in keywords)]
    options += ["-o", str(path), "."]
    CommandLineInterface().run(["pybabel", *options])
    with path.open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_in_use_is_translated_and_no_other(code: str, in_use: Catalog) -> None:
    with Path(CATALOGUES, code, "LC_MESSAGES", "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    translated = {m.id for m in catalogue if m.id and all(_forms(m.string)) and not m.fuzzy}

    assert len(translated) > 200
    # a text of seed/authored that is changed goes to locale/former.csv: older databases hold it
    assert translated == {message.id for message in in_use if message.id}
    assert [list(map(str, errors)) for _, errors in catalogue.check()] == []


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else string


@pytest.mark.parametrize(
    ("known", "keys"),
    [
        (words.AWARDS, [*vocabulary.AwardLevel, vocabulary.CERTIFICATE]),
        (words.FINDINGS, vocabulary.Finding),
        (words.ACCREDITED, [*vocabulary.Finding, ACCREDITED]),
        (words.STATUSES, vocabulary.AccreditationStatus),
        (words.DELIVERIES, vocabulary.Delivery),
        (words.AVAILABILITIES, vocabulary.Availability),
        (words.SAYERS, vocabulary.Basis),
        (words.LEVELS, vocabulary.Level),
        (words.CREDENTIAL_LEVELS, vocabulary.CredentialLevel),
        (words.CREDENTIAL_FOCUSES, vocabulary.CredentialFocus),
        (words.CREDENTIAL_STATUSES, vocabulary.CredentialStatus),
        (
            words.CELLS,
            set(vocabulary.CellStatus) - {vocabulary.CellStatus.KNOWN, vocabulary.CellStatus.STALE},
        ),
    ],
)
def test_every_key_of_a_closed_list_has_words(
    known: words.Words, keys: type[StrEnum] | list[str]
) -> None:
    assert set(known) == set(keys)


def test_one_thing_has_one_spanish_word() -> None:
    """Terms of the field are in locale/es/glossary.csv: how each is said, and in which forms."""
    with (CATALOGUES / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = [(_forms(m.id)[0], _forms(m.string)[0]) for m in read_po(file) if m.id]
    with (CATALOGUES / "es" / "glossary.csv").open(encoding="utf-8", newline="") as lines:
        terms = list(csv.DictReader(lines))

    strange = []
    for term in terms:
        english = re.compile(rf"\b{re.escape(term['english'])}(s|es)?\b", re.IGNORECASE)
        forms = re.compile(term["forms"], re.IGNORECASE)
        assert forms.search(term["spanish"])
        strange += [
            (term["english"], text, said)
            for text, said in messages
            if english.search(re.sub(r"%\(\w+\)s", "", text)) and not forms.search(said)
        ]
    assert len(terms) > 30
    assert strange == []


@pytest.mark.parametrize("code", REGIONS)
def test_numbers_are_written_as_in_the_united_states(code: str) -> None:
    speech = language(code)

    assert speech.dollars(5750) == "$5,750"
    assert speech.dollars(189.5) == "$189.50"
    assert speech.dollars(27_795.01) == "$27,795"
    assert speech.number(86.2) == "86.2"
    assert speech.percent(0.34) == "34%"


def test_a_number_takes_the_form_that_fits_it() -> None:
    spanish, english = language("es"), language("en")

    assert spanish.say_count("%(n)s month", "%(n)s months", 1) == "1 mes"
    assert spanish.say_count("%(n)s month", "%(n)s months", 1.5) == "1.5 meses"
    assert spanish.say_count("%(n)s month", "%(n)s months", 0) == "0 meses"
    assert english.say_count("%(n)s month", "%(n)s months", 1) == "1 month"


def test_every_language_is_offered_on_pages_on_cards_and_to_other_sites(client: TestClient) -> None:
    codes = client.get("/openapi.json").json()["components"]["schemas"]["LanguageCode"]["enum"]
    form = client.get("/docs/embed").text
    page = client.get("/corrections", headers={"Accept": "text/html"}).text
    others = re.search(r'LANGUAGES = "([a-z ]*)"', client.get("/embed.js").text)

    assert codes == list(REGIONS)
    assert others and others[1].split() == OTHERS
    for code in REGIONS:
        assert f'<option value="{code}">' in form
        assert f'lang="{code}"' in page


def test_a_text_is_told_only_where_all_of_it_is_translated() -> None:
    spanish = language("es")
    known = Message("Only the price for %(whom)s students is known.", whom=word("in_state"))
    unknown = Message("Only the price for %(whom)s students is known.", whom=word("left_handed"))

    assert spanish.tell(known) == "Solo se conoce el precio para estudiantes del estado."
    assert spanish.tell(unknown) is None
    assert language("en").tell(unknown) == unknown
    assert spanish.tell("Credit for life experience.") == "Crédito por experiencia de vida."
    assert spanish.tell("Words that an editor wrote") is None


def test_a_text_that_an_older_database_holds_is_told_as_it_reads_today() -> None:
    spanish, english = language("es"), language("en")

    for was, now in FORMER.items():
        assert now not in FORMER
        assert english.tell(was) == now
        assert spanish.tell(now)
        assert spanish.tell(was) == spanish.tell(now)

"""What people read, in their language: message catalogues, and how numbers are written.

The English text is the key of a message; ``locale/{code}/LC_MESSAGES/messages.po`` beside this
file holds the others. They are read as they are, so nothing has to be compiled. ``make messages``
brings the files up to date after a change of words.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO, StringIO
from typing import BinaryIO

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_percent, get_currency_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.checklist.accreditation import STANDING
from app.domain.credentials.cells import is_figure
from app.domain.credentials.eligibility import AccreditationState, Answer, Education
from app.domain.credentials.outlines import read_outline
from app.domain.messages import Message
from app.domain.vocabulary import (
    CERTIFICATE,
    REGIONS,
    STATE_NAMES,
    AwardLevel,
    Control,
    CostUnit,
    Delivery,
    EnrollmentStatus,
    Residency,
    in_words,
)
from app.settings import PACKAGE

CATALOGUES = PACKAGE / "site" / "locale"
SOURCE = "en"

with (CATALOGUES / "former.csv").open(encoding="utf-8", newline="") as _lines:
    FORMER = {row["was"]: row["now"] for row in csv.DictReader(_lines)}
"""Text of ours as a database filled earlier, or what was frozen then, holds it -> as of today."""

WHOLE_DOLLARS = 1_000
"""Amounts of this and more, which are totals or prices of years, are written without cents."""


class UntranslatedError(LookupError):
    """A text has no translation."""


def capitalized(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


class Language:
    """A language: its words, its numbers, and templates that speak it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._locale = Locale.parse(REGIONS[code])
        symbols = self._locale.number_symbols["latn"]
        self._marks = str.maketrans({",": symbols["group"], ".": symbols["decimal"]})
        self._percent_sign = self._locale.percent_formats[None].suffix[0]
        self._dollar_sign = get_currency_symbol("USD", self._locale)
        catalogue = _read_catalogue(code)
        self._messages = _compile(code, catalogue)
        self._known = {one.id: str(one.string) for one in catalogue if isinstance(one.id, str)}

    def say(self, text: str, /, **values: object) -> str:
        """Return a message in this language, with values in the places of ``%(name)s``."""
        said = self._messages.gettext(text)
        return said % values if values else said

    def tell(self, text: str) -> str | None:
        """Return a message or a fixed text of ours in this language; None: it is not translated."""
        if self.code == SOURCE:
            return FORMER.get(text, str(text))
        try:
            if isinstance(text, Message):
                return text.translate_by(self._translate)
            return self._translate(text)
        except UntranslatedError:
            return None

    def _translate(self, pattern: str) -> str:
        if not (said := self._known.get(FORMER.get(pattern, pattern))):
            raise UntranslatedError(pattern)
        return said

    def say_count(self, one: str, many: str, n: float) -> str:
        """Return the form of a message that fits a number, which is written into it as ``%(n)s``.

        A number that is not whole takes the plural.
        """
        form = int(n) if n == int(n) else 2
        return self._messages.ngettext(one, many, form) % {"n": self.number(n)}

    def number(self, value: float) -> str:
        """Return a number with the marks of this language, to three decimals at most."""
        return self._marked(f"{round(Decimal(str(value)), 3):,f}".rstrip("0").rstrip("."))

    def percent(self, share: float) -> str:
        """Return a share of 0 to 1 as whole percent."""
        return f"{self._marked(f'{round(Decimal(str(share)) * 100):,}')}{self._percent_sign}"

    def points(self, percent: float) -> str:
        """Return a number of percent, of 0 to 100, with its decimals."""
        share = Decimal(str(percent)) / 100
        return format_percent(share, locale=self._locale, decimal_quantization=False)

    def dollars(self, amount: float) -> str:
        """Return US dollars; cents only where there are some, and the amount is a small one."""
        decimals = 0 if amount == int(amount) or abs(amount) >= WHOLE_DOLLARS else 2
        figures = self._marked(f"{round(Decimal(str(abs(amount))), decimals):,f}")
        return f"{'-' if amount < 0 else ''}{self._dollar_sign}{figures}"

    def _marked(self, figures: str) -> str:
        """Return figures grouped by thousands with the marks of this language."""
        return figures.translate(self._marks)

    @cached_property
    def templates(self) -> Environment:
        """Templates whose ``_()`` and ``trans`` speak this language.

        They may translate what stands in them, never a value: values are translated before.
        """
        environment = Environment(
            loader=FileSystemLoader(PACKAGE / "site" / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.filters["capitalized"] = capitalized
        environment.globals |= {"say": self.say, "say_count": self.say_count}
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(self._messages)  # type: ignore[attr-defined]
        return environment


def name_of(code: str, *, spoken: str | None = None) -> str:
    """Return what a language is called, in itself or in another one."""
    return str(Locale(code).get_language_name(spoken or code)).capitalize()


@lru_cache(maxsize=len(REGIONS))
def language(code: str) -> Language:
    """Return a language by its code, read once.

    Raises:
        KeyError: There is no such language.
    """
    return Language(code)


def _read_catalogue(code: str) -> Catalog:
    if code == SOURCE:
        return Catalog(SOURCE)
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def _compile(code: str, catalogue: Catalog) -> NullTranslations:
    """Return what looks messages up; in their own language they stand as they are."""
    if code == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


Found = Iterator[tuple[int, None, str, list[str]]]
"""What tells the tool that collects messages of one message."""


def extract_texts(
    file: BinaryIO, keywords: object, comment_tags: object, options: Mapping[str, list[str]]
) -> Found:
    """Yield what pages show of a JSON file: the texts in the fields that its mapping names."""
    for name, text in _texts_in(json.load(file)):
        if name in options["fields"] and text:
            yield 0, None, in_words(text), []


def extract_columns(
    file: BinaryIO, keywords: object, comment_tags: object, options: Mapping[str, list[str]]
) -> Found:
    """Yield what pages show of a CSV file: texts with words in the columns that its mapping names.

    Figures, codes and keys of closed lists, which have no space, are no texts; nor are names,
    addresses and outlines of exams.
    """
    for row in csv.DictReader(StringIO(file.read().decode())):
        for name in options["fields"]:
            text = row[name]
            is_kept = name == "value_text" and (
                row["field"] in NAMED or is_figure(text) or is_outline(row["field"], text)
            )
            if not is_kept and re.search(r"[a-z]{3,} |[ ][a-z]{3,}", text):
                yield 0, None, text, []


NAMED = frozenset({"name", "page_url"})
"""Fields of a credential that hold a name or an address, which no language changes."""


def is_outline(field: str, text: str) -> bool:
    """Return whether a text is an outline of an exam, whose domains are named in English."""
    return field == "domains" and bool(read_outline(text))


def _texts_in(document: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with the name of the field that it or its list stands in."""
    if isinstance(document, str):
        yield name, document
    elif isinstance(document, dict):
        for key, part in document.items():
            yield from _texts_in(part, key)
    elif isinstance(document, list):
        for part in document:
            yield from _texts_in(part, name)


def extract_keys(file: BinaryIO, keywords: object, comment_tags: object, options: object) -> Found:
    """Yield keys of closed lists that are words within sentences, or begin them."""
    for keys in WITHIN_SENTENCES:
        for key in keys:
            yield 0, None, in_words(key), []
    for key in BEGINNING_SENTENCES:
        yield 0, None, in_words(key).capitalize(), []


WITHIN_SENTENCES: tuple[Iterable[str], ...] = (
    AwardLevel,
    (CERTIFICATE, "award"),
    Education,
    STANDING,
    AccreditationState,
    Answer,
    CostUnit,
    set(Residency) - {Residency.ANY},
    ("full_time", "part_time"),
    ("member", "non_member", "student"),
    (EnrollmentStatus.PAUSED, EnrollmentStatus.DISCONTINUED),
    Delivery,
    Control,
    STATE_NAMES.values(),
)
"""Lists of keys, see ``app.domain.messages.word``."""

BEGINNING_SENTENCES: tuple[str, ...] = (
    *Education,
    CERTIFICATE,
    *("practicum", "continuing_education_hours", "coursework", "transitional_rule"),
    *("training_program", "work_of_unknown_length", "inpatient_work", "work_in_health_care"),
)
"""Keys, see ``app.domain.messages.first_word``."""

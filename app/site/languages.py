"""What people read, in their language: message catalogues, and how numbers are written.

The English text is the key of a message; ``locale/{code}/LC_MESSAGES/messages.po`` beside this
file holds the others. They are read as they are, so nothing has to be compiled. ``make messages``
brings the files up to date after a change of words.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import BinaryIO

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.vocabulary import REGIONS
from app.settings import PACKAGE

CATALOGUES = PACKAGE / "site" / "locale"
SOURCE = "en"


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Return a text as it is, marked to be translated where it is shown."""
    return text


class Language:
    """A language: its words, its numbers, and templates that speak it."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._locale = Locale.parse(REGIONS[code])
        self._messages = _read_messages(code)

    def say(self, text: str, /, **values: object) -> str:
        """Return a message in this language, with values in the places of ``%(name)s``."""
        said = self._messages.gettext(text)
        return said % values if values else said

    def say_count(self, one: str, many: str, n: float) -> str:
        """Return the form of a message that fits a number, which is written into it as ``%(n)s``.

        A number that is not whole takes the plural.
        """
        form = int(n) if n == int(n) else 2
        return self._messages.ngettext(one, many, form) % {"n": self.number(n)}

    def number(self, value: float) -> str:
        """Return a number with the marks of this language."""
        return format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        """Return a share of 0 to 1 as whole percent."""
        return format_percent(share, locale=self._locale)

    def points(self, percent: float) -> str:
        """Return a number of percent, of 0 to 100, with its decimals."""
        share = Decimal(str(percent)) / 100
        return format_percent(share, locale=self._locale, decimal_quantization=False)

    def dollars(self, amount: float) -> str:
        """Return US dollars; cents only where there are some."""
        pattern = "¤#,##0" if amount == int(amount) else "¤#,##0.00"
        return format_currency(amount, "USD", pattern, locale=self._locale, currency_digits=False)

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
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(self._messages)  # type: ignore[attr-defined]
        return environment


@lru_cache(maxsize=len(REGIONS))
def language(code: str) -> Language:
    """Return a language by its code, read once.

    Raises:
        KeyError: There is no such language.
    """
    return Language(code)


def _read_messages(code: str) -> NullTranslations:
    if code == SOURCE:
        return NullTranslations()
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def extract_rubric(
    file: BinaryIO, keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield what is shown of a rubric as messages; the tool that collects messages calls this."""
    rubric = json.load(file)
    for criterion in rubric["criteria"]:
        for name in ("label", "reason"):
            yield 0, None, criterion[name], []
        for check in criterion["checks"]:
            for name in ("label", "question", "whom"):
                yield 0, None, check[name], []

"""Whether a sentence speaks of the program that is asked about, or of another on the same page."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from app.domain.pages.page import Block, Page, Sentence, sentences_of
from app.domain.pages.patterns import named, pattern
from app.domain.titles import EVERY_LEVEL, TitleRules
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel

_AWARDS: dict[str, frozenset[AwardLevel]] = {
    "graduate_certificate": frozenset(
        {AwardLevel.POSTBACCALAUREATE_CERTIFICATE, AwardLevel.POSTMASTER_CERTIFICATE}
    ),
    "certificate": BELOW_ASSOCIATE,
    "associate": frozenset({AwardLevel.ASSOCIATE}),
    "bachelor": frozenset({AwardLevel.BACHELOR}),
    "master": frozenset({AwardLevel.MASTER}),
    "doctorate": frozenset({AwardLevel.DOCTORATE_RESEARCH, AwardLevel.DOCTORATE_PROFESSIONAL}),
}
"""Pattern of an award -> the levels it names."""


def levels_named(text: str) -> set[AwardLevel]:
    """Return the award levels that a text names."""
    found = (name for name, one in named("awards") if one.search(text))
    return {level for name in found for level in _AWARDS[name]}


_ANY_PROGRAM = frozenset(
    "degree certificate diploma associate bachelor's bachelors master's masters graduate academic "
    "online whole entire full study new current hybrid residential executive accredited hit him "
    "coding billing informatics undergraduate same hours outpatient inpatient two four day "
    "evening".split()
)
"""Words before "program" that do not say which."""


@dataclass(frozen=True)
class Lexicon:
    """Words of fields that are none of ours, and bodies that accredit schools or such fields."""

    other_fields: tuple[str, ...]
    school_accreditors: dict[str, tuple[str, ...]]
    other_accreditors: tuple[str, ...]

    @classmethod
    def from_json(cls, text: str) -> "Lexicon":
        """Return it from its file in the seed."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            other_fields=tuple(raw["other_fields"]),
            school_accreditors={k: tuple(v) for k, v in raw["school_accreditors"].items()},
            other_accreditors=tuple(raw["other_accreditors"]),
        )

    @cached_property
    def other(self) -> re.Pattern[str]:
        """What names another field, or one of its accreditors."""
        fields, bodies = map(_any_of, (self.other_fields, self.other_accreditors))
        return re.compile(rf"(?i:\b(?:{fields})\b)|\b(?:{bodies})\b")

    @cached_property
    def schools(self) -> re.Pattern[str]:
        """What names a body that accredits schools."""
        names = [
            name for body, others in self.school_accreditors.items() for name in (body, *others)
        ]
        return re.compile(rf"\b(?:{_any_of(names)})\b")

    def school_accreditor(self, text: str) -> str | None:
        """Return the short name of the body for schools that a text names, else None."""
        found = self.schools.search(text)
        if found is None:
            return None
        return next(
            body for body, others in self.school_accreditors.items() if found[0] in {body, *others}
        )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=20_000)
def codes_named(titles: TitleRules, text: str) -> frozenset[str]:
    """Return the CIP codes of the fields that a text names."""
    found = titles.fields_of(text, EVERY_LEVEL)
    return found.codes | found.otherwise


@dataclass(frozen=True, slots=True)
class Subject:
    """The program asked about, by what a page can call it."""

    name: str
    award_level: str | None
    cip_code: str | None
    institution: str
    titles: TitleRules

    def names_field(self, text: str) -> bool:
        """Return whether a text names its field."""
        codes = codes_named(self.titles, text)
        return bool(codes) and (self.cip_code is None or self.cip_code in codes)

    def names_other_field(self, text: str) -> bool:
        """Return whether a text names a field of the catalogue, and not its own."""
        return bool(codes_named(self.titles, text)) and not self.names_field(text)

    def names_other_award(self, text: str) -> bool:
        """Return whether a text names awards, and not its own."""
        levels = levels_named(text)
        return self.award_level is not None and bool(levels) and self.award_level not in levels


@dataclass(frozen=True, slots=True)
class Reader:
    """Decides what on a page speaks of a program."""

    subject: Subject
    lexicon: Lexicon
    page: Page

    @property
    def is_about(self) -> bool:
        """Whether the page as a whole is that of the program or its department."""
        heads = [
            self.page.title,
            *(block.headings[0] for block in self.page.blocks[:3] if block.headings),
        ]
        return any(self.subject.names_field(head) for head in heads)

    def speaks_of_it(self, sentence: Sentence, *, any_award: bool = False) -> bool:
        """Return whether a sentence speaks of the program.

        The nearest of the sentence, its headings from the innermost, and the page decides: what
        names another field or another award is not about it. ``any_award``: the sentence may name
        the award that one goes on to.
        """
        if self._names_other_program(sentence.text):
            return False
        for text in (sentence.text, *reversed(sentence.block.headings)):
            own = self.subject.names_field(text)
            if self.subject.names_other_award(text) and not (any_award and text is sentence.text):
                return False
            if own:
                return True
            if self.lexicon.other.search(text) or self.subject.names_other_field(text):
                return False
        return self.is_about

    def _names_other_program(self, text: str) -> bool:
        """Return whether a text tells of "our such-and-such program", and that is another one."""
        return any(
            found["what"].lower() not in _ANY_PROGRAM and not self.subject.names_field(found[0])
            for found in pattern("about", "program_of").finditer(text)
        )

    def sentences(self, block: Block) -> Iterable[Sentence]:
        """Yield the sentences of a block that speak of the program."""
        return (one for one in sentences_of(block) if self.speaks_of_it(one))

"""Whether a sentence speaks of the program that is asked about, or of another on the same page."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from app.domain.pages.page import Block, Page, Sentence, clauses_of, sentences_of
from app.domain.pages.patterns import named, pattern
from app.domain.text.identifiers import fold
from app.domain.titles import ABBREVIATIONS, EVERY_LEVEL, TitleRules
from app.domain.vocabulary import BELOW_ASSOCIATE, AwardLevel

MOST_WORDS_OF_TITLE = 7
WORDS_OF_OPENING = 5

_ABOVE_BACHELOR = frozenset(
    {
        AwardLevel.POSTBACCALAUREATE_CERTIFICATE,
        AwardLevel.MASTER,
        AwardLevel.POSTMASTER_CERTIFICATE,
        AwardLevel.DOCTORATE_RESEARCH,
        AwardLevel.DOCTORATE_PROFESSIONAL,
    }
)
_AWARDS: dict[str, frozenset[AwardLevel]] = {
    "undergraduate": BELOW_ASSOCIATE | {AwardLevel.ASSOCIATE, AwardLevel.BACHELOR},
    "graduate": _ABOVE_BACHELOR,
    "graduate_certificate": frozenset(
        {AwardLevel.POSTBACCALAUREATE_CERTIFICATE, AwardLevel.POSTMASTER_CERTIFICATE}
    ),
    "certificate": BELOW_ASSOCIATE
    | {AwardLevel.POSTBACCALAUREATE_CERTIFICATE, AwardLevel.POSTMASTER_CERTIFICATE},
    "associate": frozenset({AwardLevel.ASSOCIATE}),
    "bachelor": frozenset({AwardLevel.BACHELOR}),
    "master": frozenset({AwardLevel.MASTER}),
    "doctorate": frozenset({AwardLevel.DOCTORATE_RESEARCH, AwardLevel.DOCTORATE_PROFESSIONAL}),
}
"""Pattern of an award -> the levels it names."""


@lru_cache(maxsize=20_000)
def levels_named(text: str) -> frozenset[AwardLevel]:
    """Return the award levels that a text names."""
    found = (name for name, one in named("awards") if one.search(text))
    levels = {level for name in found for level in _AWARDS[name]}
    if len(text.split()) <= MOST_WORDS_OF_TITLE + 3:
        levels |= {level for level, letters in _LETTERS.items() if letters.search(text)}
    return frozenset(levels)


_LETTERS = {
    level: re.compile(
        r"(?:[,(–-]\s?|\s)(?:"
        + "|".join(r"\.?".join(one) for one in letters.split() if one.isupper())
        + r")\.?(?=\s*(?:[),:|–-]|$)|\s(?:degree|program|students?)\b)"
    )
    for level, letters in ABBREVIATIONS.items()
}
"""Level -> the letters that end a title, as in "Health Information Management, BS"."""


_ANY_PROGRAM = frozenset(
    "degree certificate diploma associate bachelor's bachelors master's masters graduate academic "
    "online whole entire full study new current hybrid residential executive accredited hit him "
    "coding billing informatics undergraduate same hours outpatient inpatient two four day "
    "evening total estimated overall complete required approved comprehensive flexible affordable "
    "unique innovative rigorous intensive popular practical professional technical convenient "
    "challenging training career entire small year".split()
)
"""Words before "program" that do not say which."""


@dataclass(frozen=True)
class Lexicon:
    """Words of fields that are none of ours, and bodies that accredit schools or such fields."""

    fields: dict[str, frozenset[str]]
    """Words of a field in other languages than English -> its CIP codes."""
    other_fields: tuple[str, ...]
    school_accreditors: dict[str, tuple[str, ...]]
    other_accreditors: tuple[str, ...]

    @classmethod
    def from_json(cls, text: str) -> "Lexicon":
        """Return it from its file in the seed."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            fields={words: frozenset(codes) for words, codes in raw["fields"].items()},
            other_fields=tuple(raw["other_fields"]),
            school_accreditors={k: tuple(v) for k, v in raw["school_accreditors"].items()},
            other_accreditors=tuple(raw["other_accreditors"]),
        )

    @cached_property
    def _codes(self) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
        return tuple(
            (re.compile(rf"(?i)\b(?:{words})\b"), codes) for words, codes in self.fields.items()
        )

    def codes_named(self, text: str) -> frozenset[str]:
        """Return the CIP codes of the fields that a text names in another language."""
        return frozenset(code for one, codes in self._codes if one.search(text) for code in codes)

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


_BODY = pattern("about", "body")
_CREDENTIAL = pattern("about", "credential")
_ELSEWHERE = pattern("about", "elsewhere")
_ADVICE = pattern("about", "advice")
_GUIDE = pattern("about", "guide")
_NOT_OURS = tuple(
    pattern("about", name) for name in ("not_ours", "in_general", "by_others", "planned")
)
"""What tells of other programs, of programs in general, or what others found out."""

_PLACE = pattern("about", "place")
_PROGRAM_WORD = pattern("about", "program_word")
_GOES_ON = pattern("about", "goes_on")
_OTHER_FORM = pattern("about", "other_form")
_QUOTATION = pattern("about", "quotation")
_FIRST_PERSON = pattern("about", "first_person")
"""What a graduate tells of oneself; one who asks does too."""

_BARE_TASK = pattern("about", "bare_task")
"""Coding and billing as what one learns, not as the field of a program."""


def _levels_of(texts: Iterable[str]) -> frozenset[AwardLevel]:
    return frozenset[AwardLevel]().union(*map(levels_named, texts))


@lru_cache(maxsize=20_000)
def codes_named(titles: TitleRules, text: str) -> frozenset[str]:
    """Return the CIP codes of the fields that a text names, but for fields in names of bodies."""
    found = titles.fields_of(_CREDENTIAL.sub(" ", _BODY.sub(" ", text)), EVERY_LEVEL)
    return found.codes | found.otherwise


@dataclass(frozen=True, slots=True)
class Subject:
    """The program asked about, by what a page can call it."""

    name: str
    award_level: str | None
    cip_code: str | None
    institution: str
    titles: TitleRules

    def is_named_by(self, codes: frozenset[str]) -> bool:
        """Return whether its field is among those of some codes."""
        return bool(codes) and (self.cip_code is None or self.cip_code in codes)

    def names_award_beside(self, text: str) -> bool:
        """Return whether a text names an award that is not its own."""
        return bool(levels_named(text) - {self.award_level})

    def names_other_award(self, text: str) -> bool:
        """Return whether a text names awards, and not its own."""
        levels = levels_named(text)
        return self.award_level is not None and bool(levels) and self.award_level not in levels


def is_elsewhere(block: Block) -> bool:
    """Return whether a block is a quotation, or stands under words for other programs or advice."""
    return (
        _QUOTATION.fullmatch(block.text) is not None
        or any(_ELSEWHERE.search(head) or _ADVICE.search(head) for head in block.headings)
        or bool(_ELSEWHERE.match(block.text))
    )


def is_in_general(text: str) -> bool:
    """Return whether a text tells of other programs, of programs in general, or what others say."""
    return any(one.search(text) for one in _NOT_OURS)


@lru_cache(maxsize=20_000)
def is_title_of_other(text: str) -> bool:
    """Return whether a heading that does not name the field is the title of some program."""
    found = pattern("about", "program_title").match(text)
    rest = (
        pattern("about", "any_title").sub("", (found["before"] or found["after"])) if found else ""
    )
    return bool(re.search(r"[^\W\d_]{3}", rest))


@dataclass(frozen=True)
class Reader:
    """Decides what on a page speaks of a program."""

    subject: Subject
    lexicon: Lexicon
    page: Page
    _decided: dict[tuple[str, Block, bool], bool] = field(default_factory=dict, compare=False)
    """Sentence, its block, whether another award may be named -> what was decided of it."""
    _awards: dict[str | None, bool] = field(default_factory=dict, compare=False)
    """Heading, None: the page -> whether what stands there is on another award."""

    @cached_property
    def is_about(self) -> bool:
        """Whether the page as a whole is that of the program or its department."""
        return (
            not self.page.is_catalog
            and not any(map(_GUIDE.search, self.page.heads(1)))
            and not self.is_on_other_award
            and any(map(self.names_field, self.page.heads(3)))
        )

    @cached_property
    def is_on_other_award(self) -> bool:
        """Whether the page is on the field at another award than that of the program."""
        heads = self.page.heads(3)
        levels = _levels_of(heads)
        if levels:
            return self._is_other(levels)
        return any(map(self.names_field, heads)) and self._is_told_of_other(None)

    def _is_other(self, levels: frozenset[AwardLevel]) -> bool:
        return bool(levels) and self.subject.award_level not in {None, *levels}

    def _is_told_of_other(self, head: str | None) -> bool:
        """Return whether what stands under a heading, or on the page, is on another award.

        What it says of the field tells, or the exams that only some awards lead to.
        """
        if head not in self._awards:
            texts = [one.text for one in self._sentences_on_field(head)]
            exams = {code for text in texts for code in pattern("offering", "exam").findall(text)}
            levels = _levels_of(
                filter(self.names_field, texts)
            ) or self.subject.titles.levels_by_exams(exams)
            self._awards[head] = self._is_other(levels)
        return self._awards[head]

    def _sentences_on_field(self, head: str | None) -> Iterator[Sentence]:
        """Yield what a page says of the field, but for what its graduates can go on to."""
        for block in self.page.blocks:
            if is_elsewhere(block) or (head is not None and head not in block.headings):
                continue
            for one in sentences_of(block):
                leads_to_exam = (
                    pattern("offering", "exam").search(one.text)
                    and pattern("offering", "prepares").search(one.text)
                    and not pattern("offering", "not_prepares").search(one.text)
                )
                if not _GOES_ON.search(one.text) and (leads_to_exam or self.names_field(one.text)):
                    yield one

    def is_own_school(self, name: str) -> bool:
        """Return whether a school is the page's own: by its title, head, foot or accreditation."""
        return name in self.subject.institution or any(name in text for text in self._frame)

    @cached_property
    def _frame(self) -> list[str]:
        """The texts of a page that name its own school, if they name one."""
        texts = [one.text for one in self.page.blocks]
        bare = [one.text for one in self.page.blocks[:4] if not one.headings]
        return [self.page.title, *bare, *filter(pattern("about", "own_school").search, texts)]

    def _codes(self, text: str) -> frozenset[str]:
        return codes_named(self.subject.titles, text) or self.lexicon.codes_named(text)

    def names_field(self, text: str) -> bool:
        """Return whether a text names the field of the program, or the program by its name."""
        return self.subject.is_named_by(self._codes(text)) or (
            " " in self.subject.name and fold(self.subject.name) in fold(text)
        )

    def names_other_field(self, text: str) -> bool:
        """Return whether a text names a field of the catalogue, and not that of the program.

        A sentence that speaks of no program, nor begins with one, tells of work or places.
        """
        if self.names_field(text):
            return False
        words = text.split()
        if len(words) <= MOST_WORDS_OF_TITLE:
            return bool(self._codes(text))
        told = _BARE_TASK.sub(" ", _PLACE.sub(" ", text))
        opening = " ".join(words[:WORDS_OF_OPENING])
        return bool(self._codes(told)) and (
            _PROGRAM_WORD.search(text) is not None or bool(self._codes(opening))
        )

    def speaks_of_it(self, sentence: Sentence, *, any_award: bool = False) -> bool:
        """Return whether a sentence speaks of the program.

        The nearest of the sentence, its headings from the innermost, and the page decides: what
        names another field or another award is not about it. ``any_award``: the sentence may name
        the award that one goes on to, and its field.
        """
        asked = (sentence.text, sentence.block, any_award)
        if asked not in self._decided:
            self._decided[asked] = self._decide(sentence, any_award=any_award)
        return self._decided[asked]

    def is_under_other(self, block: Block) -> bool:
        """Return whether a block stands under a heading on another program or award, or on advice.

        What holds of the school may stand under headings that name no program.
        """
        for head in reversed(block.headings):
            if self.subject.names_other_award(head):
                return True
            if self.names_field(head):
                return False
            if (
                self.lexicon.other.search(head)
                or self.names_other_field(head)
                or is_title_of_other(head)
            ):
                return True
        return is_elsewhere(block)

    def _decide(self, sentence: Sentence, *, any_award: bool) -> bool:
        if (
            is_in_general(sentence.text)
            or (_FIRST_PERSON.search(sentence.text) and not sentence.text.endswith("?"))
            or self._is_labelled_other(sentence.text)
            or self._names_other_program(sentence.text)
            or self._names_other_program(sentence.before)
            or (not any_award and self._names_other_title(sentence.text))
            or is_elsewhere(sentence.block)
        ):
            return False
        texts = (sentence.text, sentence.before, *reversed(sentence.block.headings))
        for text in filter(None, texts):
            if any_award and text is sentence.text and self.subject.names_award_beside(text):
                continue
            if self.subject.names_other_award(text):
                return False
            if self.names_field(text):
                if any_award and text is sentence.text:
                    continue
                return self._is_at_award(text, is_heading=text in sentence.block.headings)
            if (
                self.lexicon.other.search(text)
                or self.names_other_field(text)
                or (text is not sentence.text and is_title_of_other(text))
            ):
                return False
        return self.is_about

    def names_program(self, text: str) -> bool:
        """Return whether a text names the field, and the page is not on it at another award."""
        return self.names_field(text) and self._is_at_award(text, is_heading=False)

    def _is_at_award(self, text: str, *, is_heading: bool) -> bool:
        """Return whether a text that names the field means the program's award, or can mean it."""
        if self.subject.award_level in levels_named(text):
            return True
        return not (self.is_on_other_award or (is_heading and self._is_told_of_other(text)))

    def _names_other_program(self, text: str) -> bool:
        """Return whether a text tells of "our such-and-such program", and that is another one."""
        form = _OTHER_FORM.search(text)
        return (form is not None and form[0].lower() not in self.subject.name.lower()) or any(
            found["what"].lower() not in _ANY_PROGRAM and not self.names_field(found[0])
            for found in pattern("about", "program_of").finditer(text)
        )

    def _is_labelled_other(self, text: str) -> bool:
        """Return whether a text has the title of another program before its colon."""
        label, colon, _ = text.partition(": ")
        return bool(colon) and is_title_of_other(label) and not self.names_field(label)

    def part_on_it(self, text: str) -> str:
        """Return a text without its clauses on other awards: "the M.S. has one; ours has none"."""
        if not self.subject.names_award_beside(text) or self.subject.names_other_award(text):
            return text
        told, is_other = [], False
        for clause in clauses_of(text):
            if levels_named(clause):
                is_other = self.subject.names_other_award(clause)
            if not is_other:
                told.append(clause)
        return "; ".join(told)

    def _names_other_title(self, text: str) -> bool:
        """Return whether a text names a program by its title alone, and not this one."""
        titles = [found[0] for found in pattern("about", "title_inside").finditer(text)]
        return bool(titles) and not any(map(self.names_field, (text, *titles)))

    def sentences(self, block: Block) -> Iterable[Sentence]:
        """Yield the sentences of a block that speak of the program."""
        return (one for one in sentences_of(block) if self.speaks_of_it(one))


def for_program(page: Page, subject: Subject, lexicon: Lexicon) -> Page:
    """Return a page with tables that have a column for each program cut to that of this one."""
    reader = Reader(subject, lexicon, page)
    return replace(page, blocks=tuple(_own_column(reader, block) for block in page.blocks))


def _own_column(reader: Reader, block: Block) -> Block:
    """Return a row under columns of programs as the label and the cell of the own program."""
    label, *rest = block.cells or (("", ""),)
    own = [cell for cell in rest if _is_own_title(reader, cell[0])]
    others = [cell for cell in rest if _is_title_beside(reader, cell[0])]
    if not others or len(own) != 1 or len(own) + len(others) < len(rest):
        return block
    [(column, text)] = own
    heads = (*block.heads, column, *filter(None, (label[1],)))
    return replace(block, text=text, headings=heads, cells=(("", label[1]), ("", text)))


def _is_own_title(reader: Reader, column: str) -> bool:
    is_other = reader.subject.names_other_award(column) or bool(reader.lexicon.other.search(column))
    return reader.names_field(column) and not is_other


def _is_title_beside(reader: Reader, column: str) -> bool:
    """Return whether a column is of another program, or of the same at another award."""
    return not _is_own_title(reader, column) and (
        is_title_of_other(column)
        or reader.names_other_field(column)
        or bool(reader.lexicon.other.search(column))
        or reader.subject.names_other_award(column)
    )

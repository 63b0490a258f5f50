"""What a page states of the accreditation of a program, and of its school."""

import re
from collections.abc import Iterator

from app.domain.accreditors import GRANTED, RemitKind, Remits
from app.domain.claims import AccreditationClaim
from app.domain.dates import parse_as_of
from app.domain.pages.about import Reader, is_in_general, levels_named
from app.domain.pages.page import Block, Sentence, Stated, clauses_of, sentences_of, stated
from app.domain.pages.patterns import choices, first, pattern, trust
from app.domain.vocabulary import AccreditationScope, AccreditationStatus, Level

_STATUSES = choices("accreditation.statuses", AccreditationStatus)
"""Statuses and their words; the first that is found counts."""

_CANDIDACY = dict(_STATUSES)[AccreditationStatus.CANDIDACY]

_GENERIC = pattern("accreditation", "generic")
"""Accreditation spoken of in general: who may sit an exam, what to look for."""

_ASKS = re.compile(r"(?i)^(?:is|are|¿está)\b.*\b(?:accredited|acreditad[oa])\?")
_YES = re.compile(r"(?i)(?:yes|sí)\b")
_ANNOUNCED = pattern("accreditation", "announced")
_THROUGH = pattern("accreditation", "through")
_LIFTED = pattern("accreditation", "lifted")
_DOUBTED = pattern("accreditation", "doubted")
"""What makes it doubtful that something is accredited now."""

_OF_NOW = {
    AccreditationStatus.ACCREDITED,
    AccreditationStatus.INITIAL,
    AccreditationStatus.CONTINUING,
    AccreditationStatus.APPROVED,
    AccreditationStatus.CERTIFIED,
}

_REVIEW = pattern("accreditation", "review")
_SINCE = pattern("accreditation", "since")
_SINCE_REVIEWED = pattern("accreditation", "since_reviewed")


def accreditation_in(reader: Reader, remits: Remits) -> Iterator[Stated]:
    """Yield what a page states of accreditors that the catalogue knows, and of those of schools."""
    names = _bodies(remits)
    pattern = _pattern(names)
    for block, after in zip(reader.page.blocks, (*reader.page.blocks[1:], Block("")), strict=True):
        sentences = list(sentences_of(block))
        rest = [*sentences[1:], *(sentences_of(after) if after.headings == block.headings else ())]
        for number, sentence in enumerate(sentences):
            for body in dict.fromkeys(names[found[0]] for found in pattern.finditer(sentence.text)):
                more = _term_after(rest[number : number + 2], pattern, reader)
                if one := _of_program(reader, sentence, body, remits, more):
                    yield one
            if (school := reader.lexicon.school_accreditor(sentence.text)) and (
                one := _of_school(sentence, school)
            ):
                yield one


def _term_after(rest: list[Sentence], names: re.Pattern[str], reader: Reader) -> str:
    """Return the sentences after one that names a body which tell the term of what it granted.

    So does the statement that CAHIIM has every accredited program show: one sentence names the
    body, the next the award and the year through which it is reaffirmed.
    """
    told = []
    for sentence in rest:
        text = sentence.text
        if (
            names.search(text)
            or reader.lexicon.other.search(text)
            or reader.lexicon.schools.search(text)
        ):
            break
        if (_THROUGH.search(text) or _REVIEW.search(text)) and pattern(
            "accreditation", "term"
        ).search(text):
            told.append(text)
    return " ".join(told)


def _bodies(remits: Remits) -> dict[str, str]:
    return {
        name: remit.body
        for remit in remits
        for name in (remit.body, remit.name, *remit.other_names)
    }


def _pattern(names: dict[str, str]) -> re.Pattern[str]:
    """Return what finds a body; "AHIMA's exam" tells of the exam, not of the body."""
    return re.compile(
        "|".join(rf"\b{re.escape(n)}\b(?!['’]s\b)" for n in sorted(names, key=len, reverse=True))
    )


def _of_program(
    reader: Reader, sentence: Sentence, body: str, remits: Remits, more: str
) -> Stated | None:
    """Return what a sentence that names a body says of the program, if it says anything."""
    text = sentence.labelled
    found = _status_of(text, body, remits)
    if found is None or _ANNOUNCED.search(text):
        return None
    status, confidence = found
    if status is not AccreditationStatus.NOT_ACCREDITED and _GENERIC.search(text):
        return None
    codes = {code for remit in remits if remit.body == body for code in remit.cip_codes}
    is_granted = status not in {
        AccreditationStatus.ALIGNED_ONLY,
        AccreditationStatus.NOT_ACCREDITED,
    }
    if is_granted and reader.subject.cip_code and reader.subject.cip_code not in codes:
        return None
    told = _clauses_on(text, body, remits)
    if any(map(reader.subject.names_other_award, (text, told, sentence.label))):
        return None
    if reader.names_other_field(text):
        return None
    is_named = reader.names_program(text)
    if reader.is_under_other(sentence.block) or is_in_general(text):
        return None
    if not is_named and not reader.speaks_of_it(sentence):
        return None
    whole = f"{text} {more}".strip()
    if reader.subject.names_other_award(more):
        whole = text
    whole = told if status is AccreditationStatus.NOT_ACCREDITED and told else whole
    if status is AccreditationStatus.INITIAL and _SINCE_REVIEWED.search(whole):
        status = AccreditationStatus.ACCREDITED  # the first award, long ago
    review, since = _REVIEW.search(whole), _SINCE.search(whole)
    through = None if review else _THROUGH.search(whole)
    return stated(
        AccreditationClaim,
        f"accreditation.{status}",
        confidence - (0 if is_named else 0.1),
        whole,
        sentence.block.headings,
        scope=AccreditationScope.PROGRAM,
        accreditor=body,
        status=status,
        award_level=reader.subject.award_level if levels_named(whole) else None,
        through_year=_last_year(through) if through else None,
        next_review=_years(review) if review else None,
        began_on=parse_as_of(since["date"]) if since else None,
    )


def _status_of(text: str, body: str, remits: Remits) -> tuple[AccreditationStatus, float] | None:
    """Return what a text says of a body's decision; None where it only mentions it.

    The clauses that name the body count, where they say anything: "aligned with AHIMA's domains;
    the program itself is not accredited by CAHIIM".
    """
    granted = [remit for remit in remits if remit.body == body]
    own = _clauses_on(text, body, remits)
    status = first(_STATUSES, own) or _unless_denied(first(_STATUSES, text))
    if status is AccreditationStatus.UNCLEAR:
        return None  # what is only sought
    if status is AccreditationStatus.PROBATIONARY and _LIFTED.search(text):
        return None
    if status is AccreditationStatus.NOT_ACCREDITED and _CANDIDACY.search(text):
        status = AccreditationStatus.CANDIDACY
    kind = next(kind for kind in RemitKind if any(remit.kind is kind for remit in granted))
    if kind is not RemitKind.ACCREDITATION:
        if status in {None, AccreditationStatus.ACCREDITED} and pattern(
            "accreditation.grants", kind
        ).search(own):
            status = GRANTED[kind]
        elif status in {AccreditationStatus.ALIGNED_ONLY, AccreditationStatus.ACCREDITED}:
            status = None
    if status in _OF_NOW and _DOUBTED.search(text):
        return None
    return (status, trust(f"accreditation.{status}")) if status else None


def _unless_denied(status: AccreditationStatus | None) -> AccreditationStatus | None:
    """Return a status but for "not accredited": what does not name the body denies another's."""
    return None if status is AccreditationStatus.NOT_ACCREDITED else status


def _clauses_on(text: str, body: str, remits: Remits) -> str:
    """Return the clauses of a text that name a body."""
    names = {
        name
        for remit in remits
        if remit.body == body
        for name in (remit.body, remit.name, *remit.other_names)
    }
    return "; ".join(c for c in clauses_of(text) if any(name in c for name in names))


def _status_in(text: str) -> tuple[AccreditationStatus, float] | None:
    status = first(_STATUSES, text)
    return (status, trust(f"accreditation.{status}")) if status else None


def _of_school(sentence: Sentence, body: str) -> Stated | None:
    """Return that a body accredits the school, where a sentence says it of the school."""
    text = sentence.text
    is_asked = any(_ASKS.search(head) for head in sentence.block.headings[-1:])
    found = _status_in(f"is accredited: {text}" if is_asked and _YES.match(text) else text)
    if found is None or _ANNOUNCED.search(text) or _GENERIC.search(text):
        return None
    status, confidence = found
    return stated(
        AccreditationClaim,
        f"accreditation.school.{status}",
        confidence - 0.1,
        text,
        sentence.block.headings,
        level=Level.INSTITUTION,
        scope=AccreditationScope.INSTITUTION,
        accreditor=body,
        status=status,
    )


def _last_year(match: re.Match[str]) -> int:
    end = match["end"]
    if not end:
        return int(match["year"])
    return int(end) if len(end) == 4 else int(match["year"][:2] + end)


def _years(match: re.Match[str]) -> str:
    end = match["end"]
    return f"{match['year']}-{end[-2:]}" if end else match["year"]

"""Rows of a comparison in words: what each is called, what it says of a program, and a verdict."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.comparison.answers import Answers
from app.domain.comparison.cells import UNDATED
from app.domain.comparison.rows import OF_FIELDS
from app.domain.messages import parts_of
from app.domain.vocabulary import (
    CellStatus,
    Finding,
    Level,
    Section,
    Verdict,
    in_words,
)
from app.schemas.comparison import RangeRead, RowRead, ValueRead
from app.site import words
from app.site.writing import Citation, Phrase, Writer

NAMES = frozenset({"name", "institution", "place", "campus"})
"""Rows of names, which are the same in every language."""

LISTS: dict[str, words.Words] = {
    "award_level": words.AWARDS,
    "completion_online": words.ONLINE_ANSWERS,
    "control": words.CONTROLS,
    "enrollment_status": words.ENROLLMENTS,
    "practicum": words.AVAILABILITIES,
    "practicum_format": words.PRACTICUM_FORMATS,
    "program_accreditation": words.STATUSES,
    "status": words.OPERATIONS,
}
"""Row -> the closed list that its values are of."""

MARKS = {
    Verdict.SAME: "=",
    Verdict.DIFFERS: "≠",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_COMPARABLE: "–",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row says of one program."""

    program: str
    value: Phrase
    is_known: bool
    is_best: bool
    finding: str | None
    notes: Sequence[Phrase]
    said: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its verdict.

    ``said`` is who says all of it, where that is the same for all; one cell then stands for all
    of them where what they say is the same too.
    """

    key: str
    outcome: Verdict
    label: str
    mark: str
    verdict: str
    reasons: Sequence[Phrase]
    is_told: bool
    cells: Sequence[Cell]
    said: Sequence[Citation]

    @property
    def differs(self) -> bool:
        """Whether what is known of the programs is not the same."""
        return self.outcome is Verdict.DIFFERS

    @property
    def is_one(self) -> bool:
        """Whether the first cell says it for all."""
        first = self.cells[0]
        return self.outcome is Verdict.SAME and all(
            (cell.value, cell.notes, cell.said) == (first.value, first.notes, first.said)
            for cell in self.cells
        )


class RowWriter(Writer):
    """Puts rows of a comparison into the words of one language."""

    def line(self, row: RowRead, answers: Answers, accredited: Mapping[str, Finding]) -> Line:
        """Return a row ready to be set.

        Args:
            row: As the comparison has it.
            answers: What the reader was told.
            accredited: Program -> what the checklist finds of its accreditation.
        """
        said = [self.said(value.evidence) for value in row.values]
        told = [one for one, value in zip(said, row.values, strict=True) if value.value is not None]
        is_shared = len(told) > 1 and bool(told[0]) and all(one == told[0] for one in told)
        reasons = self._reasons(row)
        verdict = self.word(words.VERDICTS, row.verdict).text
        if reasons and row.verdict is Verdict.UNKNOWN and row.section is not Section.CHECKLIST:
            verdict = self.speech.say("Not all known, and the rest does not compare")
        return Line(
            key=row.key,
            outcome=row.verdict,
            label=self.label(row),
            mark=MARKS[row.verdict],
            verdict=verdict,
            reasons=reasons,
            is_told=any(value.value is not None for value in row.values),
            cells=[
                Cell(
                    program=value.program,
                    value=self.value(row, value),
                    is_known=value.status is CellStatus.KNOWN,
                    is_best=value.program in row.best,
                    finding=found,
                    notes=[Phrase(self.speech.say("as you were told"))]
                    if row.section is Section.CHECKLIST
                    and row.key in answers.get(value.program, {})
                    else self._notes(row, value, found),
                    said=[] if is_shared else one,
                )
                for value, one in zip(row.values, said, strict=True)
                for found in [self._finding(row, value, accredited)]
            ],
            said=told[0] if is_shared else [],
        )

    def label(self, row: RowRead) -> str:
        """Return what a row is called."""
        return self.told(row.label).text

    def value(self, row: RowRead, cell: ValueRead) -> Phrase:
        """Return what a row says of one program."""
        if cell.value is None or cell.value == []:
            return self._nothing(row, cell)
        if isinstance(cell.value, bool):
            return Phrase(
                self.speech.say("Yes") if cell.value else self.speech.say("No, as stated")
            )
        match row.section:
            case Section.COST if isinstance(cell.value, int | float | RangeRead):
                return Phrase(self._in_unit(cell.value, cell.terms.unit))
            case Section.CHECKLIST:
                return self._judged(row.key, cell)
            case Section.OUTCOMES if isinstance(cell.value, int | float):
                return self._outcome(cell.value, cell)
            case _:
                return self._fact_of(row.key, cell)

    def _nothing(self, row: RowRead, cell: ValueRead) -> Phrase:
        if row.key == "program_accreditation" and cell.status is CellStatus.NOT_APPLICABLE:
            return self.word(words.ACCREDITED, Finding.NOT_APPLICABLE)
        if row.section is Section.PRACTICUM and cell.status is CellStatus.NOT_APPLICABLE:
            return Phrase(self.speech.say("No practicum"))
        if row.key == "gates":
            return Phrase(self.speech.say("None raised"))
        if row.key in OF_FIELDS and cell.evidence:
            return self.told(cell.display)
        if cell.status in words.CELLS:
            is_put_in_words = row.key == "credits_accepted" and cell.display != in_words(
                cell.status
            )
            if cell.status is CellStatus.PUBLISHED_WITHOUT_AMOUNT and is_put_in_words:
                return self.told(cell.display)
            return self.word(words.CELLS, cell.status)
        # a list that names nothing, or a value past its shelf life that is none
        return self.told(cell.display) if cell.evidence else Phrase(self.speech.say("Not known"))

    def _judged(self, key: str, cell: ValueRead) -> Phrase:
        speech = self.speech
        if isinstance(cell.value, RangeRead):
            low, high = cell.value.low or 0.0, cell.value.high or 0.0
            if low == high:
                return Phrase(speech.say("%(low)s of 100", low=speech.number(low)))
            return Phrase(
                speech.say(
                    "%(low)s to %(high)s of 100", low=speech.number(low), high=speech.number(high)
                )
            )
        if isinstance(cell.value, list):
            return Phrase(" ".join(self.word(words.GATES, gate).text for gate in cell.value))
        return self.word(words.FINDINGS, str(cell.value))

    def _outcome(self, value: float, cell: ValueRead) -> Phrase:
        speech = self.speech
        match cell.terms.unit:
            case "USD":
                return Phrase(speech.dollars(value))
            case "percent":
                return Phrase(speech.say("%(number)s percent", number=speech.number(value)))
            case "awards":
                return Phrase(speech.say_count("%(n)s graduate", "%(n)s graduates", value))
            case "students per faculty":
                return Phrase(speech.say_count("%(n)s student", "%(n)s students", value))
            case _:
                return self.told(cell.display)

    def _fact_of(self, key: str, cell: ValueRead) -> Phrase:
        speech, value = self.speech, cell.value
        if key in LISTS and isinstance(value, str):
            word = self.word(LISTS[key], value)
            body, mark, _ = cell.display.partition(": ")
            if mark and key == "program_accreditation":
                return Phrase(f"{body}: {word.text}")
            return replace(word, text=word.text[:1].upper() + word.text[1:])
        if key in NAMES:
            return Phrase(cell.display)
        if isinstance(value, list):
            known = {"delivery": words.DELIVERIES, "topics": words.TOPICS}.get(key)
            if known is None:
                return Phrase(", ".join(value))
            text = ", ".join(self.word(known, one).text for one in value)
            return Phrase(text[:1].upper() + text[1:])
        if key == "months" and isinstance(value, int | float | RangeRead):
            return Phrase(self.months(value))
        if key == "credits_accepted" and isinstance(value, int | float):
            return Phrase(speech.say("at most %(n)s credits", n=speech.number(value)))
        if key == "practicum_hours" and isinstance(value, int | float):
            return Phrase(speech.say_count("%(n)s hour", "%(n)s hours", value))
        if key == "accredited_through":
            return Phrase(str(value))
        if key == "cip_code":
            return self.english(cell.display, "name")
        body, mark, status = cell.display.rpartition(": ")
        if mark and key == "institution_accreditation":
            return Phrase(f"{body}: {self.told(status).text}")
        told = self.told(cell.display)
        return replace(told, text=told.text[:1].upper() + told.text[1:])

    def _finding(
        self, row: RowRead, cell: ValueRead, accredited: Mapping[str, Finding]
    ) -> str | None:
        """Return the finding that gives a cell its mark; None in rows that are no checks."""
        if row.key == "program_accreditation" and cell.value is not None:
            return accredited.get(cell.program)
        if row.section is not Section.CHECKLIST or row.key == "gates":
            return None
        if isinstance(cell.value, RangeRead):
            return None
        if cell.status is CellStatus.NOT_APPLICABLE:
            return Finding.NOT_APPLICABLE.value
        return str(cell.value or Finding.UNKNOWN)

    def _notes(self, row: RowRead, cell: ValueRead, found: str | None) -> list[Phrase]:
        if cell.value is None:
            return []
        say, terms = self.speech.say, cell.terms
        notes = []
        if found == Finding.UNCONFIRMED and row.section is not Section.CHECKLIST:
            notes.append(self.word(words.FINDINGS, found))
        # the day that a source gives stands beside the source
        if terms.year not in (None, UNDATED, *(one.as_of for one in cell.evidence)):
            notes.append(Phrase(str(terms.year)))
        if terms.level == Level.INSTITUTION:
            notes.append(Phrase(say("of the whole school")))
        if terms.population:
            notes += [phrase for part in parts_of(terms.population) for phrase in self.cohort(part)]
        if terms.for_whom:
            notes.append(self.told(terms.for_whom))
        return notes

    def _reasons(self, row: RowRead) -> list[Phrase]:
        """Return why values do not compare; whose are missing can be seen."""
        if row.section is Section.CHECKLIST and row.verdict is Verdict.UNKNOWN:
            if any(isinstance(value.value, RangeRead) for value in row.values):
                return [Phrase(self.speech.say("the scores overlap: the missing answers decide"))]
            return []
        return self.differences(row)

    def tally(self, lines: Iterable[Line]) -> str:
        """Return how many rows say what, in a sentence part."""
        say_count = self.speech.say_count
        found = [line.mark for line in lines]
        differing, same = found.count("≠"), found.count("=")
        rest = len(found) - differing - same
        parts = []
        if differing:
            parts.append(say_count("%(n)s row differs", "%(n)s rows differ", differing))
        if same:
            parts.append(say_count("%(n)s is the same", "%(n)s are the same", same))
        if rest:
            parts.append(say_count("%(n)s is not known", "%(n)s are not known", rest))
        return ", ".join(parts)

"""What a page states of how a program is offered, what it teaches and which exams it leads to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.claims import OfferingClaim, PreparationClaim, TopicClaim
from app.domain.pages.about import Reader, is_in_general, levels_named
from app.domain.pages.numbers import in_figures, value_of
from app.domain.pages.page import (
    Block,
    Sentence,
    Stated,
    cells_of,
    clauses_of,
    sentences_of,
    stated,
)
from app.domain.pages.patterns import bounds, choices, first, named, pattern, trust
from app.domain.pages.practicum import WORD
from app.domain.vocabulary import Delivery, EnrollmentStatus, Topic

_DELIVERY = choices("offering.delivery", Delivery)
_BARE = choices("offering.delivery_in_a_word", Delivery)
"""Delivery where a label asks for it, or nothing else is said."""

_STATUSES = choices("offering.statuses", EnrollmentStatus)
_TOPICS = choices("offering.topics", Topic)
_OF_STATUS = re.compile(
    f"{pattern('about', 'program_word').pattern}|{pattern('offering', 'of_status').pattern}"
)
_WENT_ON = pattern("offering", "went_on")
_OF_PROGRAMS = pattern("offering", "of_programs")
_LISTED = pattern("offering", "listed")
_ONLINE = dict(_BARE)[Delivery.ONLINE]
_ALTERNATIVES = pattern("offering", "alternatives")
_JOINED = pattern("offering", "joined")
_MIXES = pattern("offering", "mixes")
_NOT_DELIVERY = pattern("offering", "not_delivery")
_CREDITS = pattern("offering", "credits")
_OF_PROGRAM = pattern("offering", "of_program")
_NOT_TOTAL = pattern("offering", "not_total")
_AT_HOSPITAL = pattern("offering", "at_hospital")
_COURSE_CODE = pattern("offering", "course_code")
_MONTHS = pattern("offering", "months")
_BARE_LENGTH = pattern("offering", "bare_length")
_IS_CHOICE = pattern("offering", "length_by_choice")
_TAKEN = pattern("offering", "taken")
_NOT_LENGTH = pattern("offering", "not_length")
_EXAM = pattern("offering", "exam")
_PREPARES = pattern("offering", "prepares")
_NOT_PREPARES = pattern("offering", "not_prepares")
_NO_TOPIC = pattern("offering", "no_topic")
_COURSE = pattern("offering", "course")
_PART_HEADING = pattern("offering", "part_heading")
_LEAST = pattern("offering", "least")
_IN_CURRICULUM = pattern("offering", "in_curriculum")
_PROGRAM_NAME = pattern("offering", "program_name")
_WHOLE = pattern("offering", "of_whole")
_LABELS = dict(named("offering.labels"))

MOST_WORDS_OF_LINE = 8
"""Words of a line like "9 months, 28 credits, taught online"."""

MOST_OF_CERTIFICATE = 20
"""Credits that a certificate can have, and no degree."""

_PER_UNIT = {"m": 1.0, "y": 12.0, "a": 12.0, "w": 12 / 52, "s": 12 / 52}
"""First letter of months, years, weeks, and of those in Spanish -> months."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence, or a cell of a row that names the program, with the label it answers."""

    label: str
    text: str
    sentence: Sentence
    is_cell: bool = False

    def told(self, what: str) -> str:
        """Its text; a label that does not ask for something says nothing of it."""
        is_asked = self.answers(what) or _LABELS[what].fullmatch(self.sentence.text)
        return self.text if self.is_cell or is_asked else self.sentence.text

    def answers(self, what: str) -> bool:
        """Return whether its label asks for credits, length or delivery."""
        return bool(_LABELS[what].fullmatch(self.label.rstrip(":?").strip()))

    @property
    def is_of_other(self) -> bool:
        """Whether a label of its own, as "Evening:", tells that it is of some students only."""
        label = self.label.strip()
        is_own = label and label in self.sentence.text and not self.sentence.block.cells
        return bool(is_own) and not any(
            words.search(label) for words in (*_LABELS.values(), _WHOLE, *dict(_BARE).values())
        )

    @property
    def is_of_part(self) -> bool:
        """Whether it stands under the heading of a course, a term or a year."""
        return any(map(_PART_HEADING.search, self.sentence.block.heads[-1:]))

    @property
    def is_short(self) -> bool:
        """Whether it is a short line of facts, not under the heading of a part."""
        heads = self.sentence.block.headings[-1:]
        return (
            len(self.sentence.text.split()) <= MOST_WORDS_OF_LINE
            and not self.sentence.block.cells
            and not any(_NOT_TOTAL.search(head) for head in heads)
        )


def offering_in(reader: Reader) -> Iterator[Stated]:
    """Yield delivery, credits, length and whether students are taken, each on its own.

    The total of a list of courses that is smaller than what a sentence says is that of a part.
    """
    lines = [line for block in reader.page.blocks for line in _lines(reader, block)]
    totals = [(amount, line) for line in lines if (amount := _credits_in(line, reader)) is not None]
    said = max((amount for amount, line in totals if not _is_listed(line)), default=0)
    of_parts = {amount for amount, line in totals if _is_total_of_part(line)}
    for amount, line in totals:
        if len(of_parts) > 1 and _is_total_of_part(line):
            continue
        if not _is_listed(line) or amount >= said:
            yield _propose(line, "credits", credits=amount, credit_unit=_unit_in(line))
    yield from _deliveries(lines)
    lengths = [(line, months) for line in lines if (months := _months_in(line, reader))]
    is_told = any(high is not None for _, (_, high) in lengths)
    for line, (low, high) in lengths:
        if high is not None or not is_told:  # "in as little as 8 months" adds nothing to a length
            yield _propose(line, "length", months_low=low, months_high=high)
    for line in lines:
        if status := _status_in(line):
            yield _propose(line, "status", enrollment_status=status)


def _status_in(line: _Line) -> EnrollmentStatus | None:
    """Return whether students are taken, by a sentence that says it of the program for now."""
    text = pattern("offering", "status_of_part").sub(" ", line.text)
    if _COURSE.search(text) or _WENT_ON.search(text) or not _OF_STATUS.search(text):
        return None
    return first(_STATUSES, text)


def _deliveries(lines: list[_Line]) -> Iterator[Stated]:
    """Yield how the program is taught: by its labels, else by what is said, where that agrees."""
    told = [(line, kinds) for line in lines if (kinds := _delivery_in(line))]
    asked = [one for one in told if one[0].answers("delivery")]
    ways = {tuple(kinds) for _, kinds in told}
    is_single = all(len(kinds) == 1 and kinds != (Delivery.HYBRID,) for kinds in ways)
    if not asked and len(ways) > 1:
        if is_single:
            return  # online in one sentence, on campus in another: parts, or a choice
        told = [
            (line, kinds) for line, kinds in told if len(kinds) > 1 or kinds == [Delivery.HYBRID]
        ]
    for line, kinds in asked or told:
        yield _propose(line, "delivery", delivery=[str(kind) for kind in kinds])


def _lines(reader: Reader, block: Block) -> Iterator[_Line]:
    """Yield what a block says of the program, by the labels it has."""
    for sentence in reader.sentences(block):
        yield _Line(sentence.label, sentence.labelled, sentence)
    row = Sentence(block.text, block)
    if (
        len(block.cells) > 2
        and not _COURSE_CODE.search(block.text)
        and any(
            reader.names_field(cell) and (_OF_PROGRAMS.search(column) or levels_named(cell))
            for column, cell in block.cells
        )
        and reader.speaks_of_it(row)
    ):
        for column, cell in cells_of(block):
            yield _Line(column, f"{column}: {cell}", row, is_cell=True)


def _is_total_of_part(line: _Line) -> bool:
    """Return whether a total stands under a term or a year, and does not name the program."""
    return line.is_of_part and not pattern("offering", "of_whole").search(line.label)


def _is_listed(line: _Line) -> bool:
    return bool(line.sentence.block.cells) and not line.is_cell


def _propose(line: _Line, rule: str, **fields: Any) -> Stated:
    is_asked = rule in _LABELS and line.answers(rule)
    return stated(
        OfferingClaim,
        f"offering.{rule}",
        trust("offering.labelled" if is_asked else "offering.said"),
        line.sentence.text,
        line.sentence.block.headings,
        **fields,
    )


def _delivery_in(line: _Line) -> list[Delivery]:
    """Return the ways a line names; a hybrid program is not online and on campus besides.

    A sentence that names one way and speaks of the other, or of a choice, tells neither.
    """
    if line.is_of_part or line.is_of_other:
        return []
    if any(WORD.search(head) for head in line.sentence.block.headings[-1:]):
        return []
    if _is_of_parts(line) or _lists_ways(line):
        return []
    if line.answers("delivery"):
        value = line.text.removeprefix(line.label)
        asides = re.findall(r"\(([^)]*)", value)
        is_way = any(words.fullmatch(aside) for aside in asides for _, words in _BARE)
        if asides and not is_way and pattern("offering", "by_place").search(line.label):
            return []  # a place for something of its own
        found = [kind for kind, words in _BARE if words.search(value)]
    elif line.is_cell or _NOT_DELIVERY.search(line.label):
        return []
    elif ways := _in_a_line(line):
        return ways
    elif pattern("offering", "labs_on_campus").search(line.sentence.text):
        return [Delivery.HYBRID]
    else:
        told = [
            part
            for clause in clauses_of(pattern("offering", "not_so").sub(" ", line.told("delivery")))
            for part in clause.split(", ")
            if not _NOT_DELIVERY.search(part)
            and not pattern("offering", "of_part").search(part)
            and not pattern("offering", "future").search(part)
        ]
        found = [kind for kind, words in _DELIVERY if any(words.search(part) for part in told)] or [
            kind for kind, words in _BARE if words.fullmatch(line.sentence.text.strip(" ."))
        ]
    if found == [Delivery.CAMPUS] and line.is_short and _ONLINE.search(line.text):
        found = [Delivery.CAMPUS, Delivery.ONLINE]
    is_mixed = (
        Delivery.CAMPUS in found
        and (Delivery.ONLINE in found or _ONLINE.search(line.text))
        and _MIXES.search(line.text)
        and not _ALTERNATIVES.search(line.text)
    )
    if line.answers("delivery"):
        if found == [Delivery.ONLINE] and _names_places(line):
            return [Delivery.CAMPUS, Delivery.ONLINE]
        if (
            Delivery.HYBRID in found
            and _MIXES.search(line.text)
            and not _ALTERNATIVES.search(line.text)
        ):
            return [Delivery.HYBRID]  # "hybrid, with two evenings on campus"
        if _LISTED.search(line.text) and not is_mixed:
            return found
        if {Delivery.CAMPUS, Delivery.ONLINE} <= set(found):
            return [Delivery.HYBRID]  # "online (two visits to campus)"
    if Delivery.HYBRID in found or is_mixed:
        return [Delivery.HYBRID]
    is_choice = _JOINED.search(line.text) or _ALTERNATIVES.search(line.text)
    if len(found) > 1 and not line.answers("delivery") and not is_choice:
        return []  # online, and something on campus besides
    is_one_of_two = (
        len(found) == 1 and not line.answers("delivery") and _names_other_way(line, found[0])
    )
    return [] if is_one_of_two else found


def _in_a_line(line: _Line) -> list[Delivery]:
    """Return the ways of a short line of them, as "Online or hybrid" and "63 credits, online"."""
    if not line.is_short:
        return []
    parts = re.split(r",\s|\s?/\s?|\s(?:or|and|y|o)\s", line.sentence.text.strip(" ."))
    rest = [part for part in parts if not any(words.fullmatch(part) for _, words in _BARE)]
    facts = (_CREDITS, _MONTHS, pattern("offering", "count_of_courses"))
    if not all(any(one.search(part) for one in facts) for part in rest):
        return []
    return [kind for kind, words in _BARE if any(map(words.fullmatch, parts))]


def _lists_ways(line: _Line) -> bool:
    """Return whether a line is one of several ways that its block lists."""
    parts = [
        part.split(": ")[-1].strip() for part in re.split(r"\s[|•·]\s", line.sentence.block.text)
    ]
    return sum(any(words.fullmatch(part) for _, words in _BARE) for part in parts) > 1


def _is_of_parts(line: _Line) -> bool:
    """Return whether a line is the row of several ways, has a price, or tells of a part."""
    cells = line.sentence.block.cells
    return (len(cells) > 2 and not line.is_cell) or (
        not line.answers("delivery") and bool(cells and "$" in line.text)
    )


def _names_places(line: _Line) -> bool:
    """Return whether a list of places has others beside "online"."""
    value = line.text.removeprefix(line.label).lstrip(": ")
    parts = [part for part in re.split(r"[,;/]|\band\b", value) if part.strip()]
    return bool(pattern("offering", "by_place").search(line.label)) and any(
        part.strip()[:1].isupper() and not _ONLINE.search(part) for part in parts
    )


def _names_other_way(line: _Line, way: Delivery) -> bool:
    """Return whether a sentence on one way speaks of the other, or of a choice."""
    other = Delivery.CAMPUS if way is Delivery.ONLINE else Delivery.ONLINE
    said = pattern("offering", "not_so").sub(" ", line.sentence.text)
    clauses = [
        one
        for one in clauses_of(said)
        if not (_NOT_DELIVERY.search(one) or pattern("offering", "way_closed").search(one))
    ]
    return any(
        dict(_BARE)[other].search(one)
        or (dict(_BARE)[way].search(one) and pattern("offering", "choice").search(one))
        for one in clauses
    )


def _credits_in(line: _Line, reader: Reader) -> float | None:
    """Return the credits, or clock hours, of the whole program that a line tells."""
    is_asked = line.answers("credits")
    if not is_asked and (line.is_of_part or line.is_cell):
        return None
    limits = bounds("offering.bounds.credits", reader.subject.award_level)
    cells = line.sentence.block.cells
    if not is_asked and not line.is_cell and any(_is_total(text) for _, text in cells[:-1]):
        is_asked = True
    if is_asked:
        value = line.text.removeprefix(line.label).lstrip(": ")
        if cells and not line.is_cell:
            value = cells[-1][1]
        if number := pattern("offering", "total").match(value):
            return _within(value_of(number["total"]), limits, f"{line.label} {number[0]}")
    if found := pattern("offering", "total_said").search(in_figures(line.text)):
        return _within(value_of(found["low"]), limits, found[0])
    if any(WORD.search(head) for head in line.sentence.block.headings[-1:]):
        return None
    for clause in clauses_of(_without_asides(in_figures(line.text))):
        if _NOT_TOTAL.search(clause) or (_COURSE_CODE.search(line.text) and not is_asked):
            continue
        found = _CREDITS.search(clause)
        context = f"{line.text} {line.sentence.context}"
        if found and _AT_HOSPITAL.search(clause) and "hour" in found["unit"].lower():
            continue
        if found and WORD.search(clause[: found.start()]) and "hour" in found["unit"].lower():
            continue  # "a practicum of 80 hours closes the program"
        if found is None or not (line.is_short or _OF_PROGRAM.search(context)):
            continue
        return _within(value_of(found["low"]), limits, found[0])
    return None


def _is_total(cell: str) -> bool:
    """Return whether a cell is the label of the total of a plan of study."""
    return "total" in cell.lower() and bool(_LABELS["credits"].fullmatch(cell.rstrip(": ")))


def _without_asides(text: str) -> str:
    """Return a text without what it says in parentheses, unless the credits stand there."""
    bare = re.sub(r"\s\([^)]*\)", "", text)
    return bare if _CREDITS.search(bare) else text


def _within(amount: float, limits: tuple[float, float], words: str) -> float | None:
    """Return an amount that an award of the level can have; hours of the clock are more."""
    low, high = limits
    if low > MOST_OF_CERTIFICATE and pattern("offering", "of_clock").search(words):
        return None  # a degree is in credits: hours of the clock are those of its training
    if pattern("offering", "clock").search(words):
        high = bounds("offering.bounds.credits", "clock_hours")[1]
    return amount if low <= amount <= high else None


def _unit_in(line: _Line) -> str | None:
    return next(
        (unit for unit, words in named("offering.credit_units") if words.search(line.text)), None
    )


def _months_in(line: _Line, reader: Reader) -> tuple[float, float | None] | None:
    """Return between how many months a line says that the program takes."""
    is_asked = line.answers("length")
    if line.is_of_part or (line.is_cell and not is_asked) or line.is_of_other:
        return None
    low_bound, high_bound = bounds("offering.bounds.months", reader.subject.award_level)
    if spread := pattern("offering", "spread").search(line.text):
        least, most = value_of(spread["low"]), value_of(spread["high"])
        if low_bound <= least <= most <= high_bound:
            return least, most
    text = pattern("offering", "length_of_part").sub(" ", in_figures(line.told("length")))
    for clause in clauses_of(text):
        is_named = pattern("offering", "of_that_length").search(clause)
        if _NOT_LENGTH.search(clause) or (WORD.search(clause) and not (is_asked or is_named)):
            continue
        context = " ".join((clause, *line.sentence.block.headings[-1:]))
        is_bare = (
            line.is_short
            and _is_under_title(line, reader)
            and any(map(_BARE_LENGTH.fullmatch, re.split(r"[,;·•|/()]|\sand\s|\s[–—]\s", clause)))
        )
        if not (is_asked or is_bare or _TAKEN.search(context)):
            continue
        if _IS_CHOICE.search(clause):
            continue
        for found in sorted(_MONTHS.finditer(clause), key=_exactness):
            per_unit = _PER_UNIT[found["unit"][0].lower()]
            ends = (found["low"], found["high"] or found["low"])
            low, high = sorted(round(value_of(end) * per_unit, 1) for end in ends)
            if not low_bound <= high <= high_bound:
                continue
            is_least = _LEAST.search(clause[: found.start()])
            return low, None if is_least else high
    return None


def _is_under_title(line: _Line, reader: Reader) -> bool:
    """Return whether a line stands under the title of the program, or one heading below it."""
    heads = line.sentence.block.headings
    return len(heads) < 3 or reader.names_field(heads[-1])


def _exactness(found: re.Match[str]) -> int:
    """Return the place of a length among those told: months say it best, weeks are converted."""
    unit = found["unit"].lower()
    return 0 if unit.startswith("m") else 2 if unit.startswith(("w", "s")) else 1


def preparation_in(reader: Reader) -> Iterator[Stated]:
    """Yield the exams that a page says the program leads to."""
    seen: set[str] = set()
    for block in reader.page.blocks:
        for sentence in reader.sentences(block):
            if not _PREPARES.search(" ".join((sentence.labelled, *block.headings[-1:]))):
                continue
            for clause in clauses_of(sentence.text):
                if _NOT_PREPARES.search(clause):
                    continue
                named_in_full = (
                    c for c, name in named("offering.exam_names") if name.search(clause)
                )
                for code in dict.fromkeys([*_EXAM.findall(clause), *named_in_full]):
                    if code not in seen:
                        seen.add(code)
                        yield stated(
                            PreparationClaim,
                            "preparation",
                            trust("preparation"),
                            sentence.text,
                            block.headings,
                            credential_code=code,
                        )


def _without_courses(text: str) -> str:
    """Return a text without the entries of a long list, which can be subjects of others."""
    parts = re.split(r",\s|;\s", text)
    return text if len(parts) < LEAST_OF_LIST else ", ".join((parts[0], parts[-1]))


LEAST_OF_LIST = 6
"""Entries of a list of courses that tells of what a program teaches."""


def topics_in(reader: Reader) -> Iterator[Stated]:
    """Yield the topics that a page on the program names, each once."""
    seen: set[Topic] = set()
    for block in reader.page.blocks:
        for sentence in sentences_of(block):
            if (
                not (reader.is_about or reader.speaks_of_it(sentence))
                or reader.is_under_other(block)
                or is_in_general(sentence.text)
                or (block.cells and "%" in block.text)
                or _NO_TOPIC.search(sentence.text)
                or pattern("offering", "menu").search(block.text)
                or reader.lexicon.other.search(
                    " ".join((_without_courses(sentence.text), *block.headings))
                )
            ):
                continue
            course = " | ".join(head for head in block.headings[-1:] if _COURSE_CODE.match(head))
            text = _PROGRAM_NAME.sub(" ", f"{sentence.text} | {course}")
            told = [topic for topic, words in _TOPICS if words.search(text)]
            names = " | ".join((*block.headings[-1:], *(column for column, _ in block.cells), text))
            if len(told) < 2 and not _IN_CURRICULUM.search(names):
                continue
            for topic in told:
                if topic not in seen:
                    seen.add(topic)
                    yield stated(
                        TopicClaim,
                        f"topic.{topic}",
                        trust("topic"),
                        sentence.text,
                        block.headings,
                        topic=topic,
                        is_covered=True,
                    )

"""What a page states of results: pass rates, employment, graduation, each with its year."""

import re
from collections import defaultdict
from collections.abc import Iterator

from app.domain.claims import OutcomeClaim
from app.domain.dates import parse_as_of
from app.domain.pages.about import Reader
from app.domain.pages.page import Block, Sentence, Stated, figures_in, is_unnamed, stated
from app.domain.pages.patterns import choices, first, pattern, trust
from app.domain.vocabulary import OutcomeMetric

_METRICS = choices("outcomes.metrics", OutcomeMetric)
_SHARE = pattern("outcomes", "share")
_OF_SCHOOL = pattern("outcomes", "of_school")
_AT_SCHOOL = pattern("outcomes", "at_school")
_GOAL = pattern("outcomes", "goal")
_YEARS = pattern("outcomes", "years")
_EXAM = pattern("outcomes", "exam")
_OUT_OF = pattern("outcomes", "out_of")
_WORD = re.compile(r"[^\W\d_]{4}")
_NUMBER = pattern("outcomes", "number")
_RELATIVE = pattern("outcomes", "relative")
_OF_SATISFACTION = {
    OutcomeMetric.EMPLOYER_SATISFACTION,
    OutcomeMetric.GRADUATE_SATISFACTION,
    OutcomeMetric.STUDENT_SATISFACTION,
}


def outcomes_in(reader: Reader) -> Iterator[Stated]:
    """Yield the shares that a page states as results of the program, not its goals.

    Two of one year that differ are left out: what tells them apart is not known.
    """
    found = [
        (one, claim) for one in _all_in(reader) if isinstance(claim := one.claim, OutcomeClaim)
    ]
    values: dict[tuple[object, ...], set[float | None]] = defaultdict(set)
    for _, claim in found:
        values[_asked(claim)].add(claim.value)
    yield from (one for one, claim in found if len(values[_asked(claim)]) == 1)


def _asked(claim: OutcomeClaim) -> tuple[object, ...]:
    """Return what a share is of: result, exam and year."""
    return claim.metric, claim.credential_code, claim.as_of


def _all_in(reader: Reader) -> Iterator[Stated]:
    for block in reader.page.blocks:
        if any(map(pattern("outcomes", "goals_over").search, block.headings[-1:])):
            continue
        if block.cells and not _is_answer(block):
            sentence = Sentence(block.text, block)
            if reader.speaks_of_it(sentence):
                yield from _from_row(sentence)
            continue
        if not _SHARE.search(block.text):
            continue
        years = {found[0] for found in _YEARS.finditer(block.text)}
        is_of_school = False
        for sentence in reader.sentences(block):
            is_of_school = _is_of_school(reader, sentence.text, goes_on=is_of_school)
            if is_of_school or any(
                _is_of_school(reader, head, goes_on=False)
                or (_AT_SCHOOL.search(head) and not reader.names_field(head))
                for head in block.headings[-1:]
            ):
                continue  # federal surveys count those of a whole school better
            is_undated = not _YEARS.search(sentence.text)
            if is_undated and (len(years) > 1 or _RELATIVE.search(sentence.text)):
                continue  # of which of them is not told
            yield from _from_text(reader, sentence, next(iter(years)) if len(years) == 1 else "")


def _is_answer(block: Block) -> bool:
    """Return whether a row is a question, or another label, with an answer in a sentence."""
    is_pair = len(block.cells) == 2 and not block.cells[1][0]
    return is_pair and len(block.text.split()) > MOST_WORDS_OF_CELL


MOST_WORDS_OF_CELL = 8
"""Words of a cell that is no sentence."""


def _from_row(sentence: Sentence) -> Iterator[Stated]:
    block = sentence.block
    name = block.cells[0][1]
    if is_unnamed(block, _SHARE):
        return
    row = f"{block.text} {' '.join(column for column, _ in block.cells)}"
    for column, cell in block.cells[1:]:
        share = _SHARE.search(cell)
        context = f"{name} {column}"
        if _OF_SCHOOL.search(f"{column} | {' '.join(block.heads[-1:])}"):
            continue
        year = next((c for _, c in block.cells if _YEARS.fullmatch(c)), "")
        metric = (
            first(_METRICS, name)
            or first(_METRICS, column)
            or first(_METRICS, " ".join(block.heads[-1:]))
        )
        around = f"{column} {year} {name} {' '.join(reversed(block.headings))} {row}"
        if share and metric and _is_told(metric, around) and not _GOAL.search(context):
            yield _propose(
                sentence,
                metric,
                share,
                around,
                cell,
                trust("outcome.row"),
            )


def _from_text(reader: Reader, sentence: Sentence, year: str) -> Iterator[Stated]:
    """Yield the shares of a sentence, each by the words around it up to those of the next.

    ``year`` is the one year that its block names, "" if it names none or several.

    A share that does not say what it is of is of what its label or heading says.
    """
    text, block = sentence.text, sentence.block
    said: OutcomeMetric | None = None
    for before, share, after in figures_in(text, _SHARE):
        near = f"{before} % {after}"
        is_more = pattern("outcomes", "goes_on").search(near) or not _WORD.search(near)
        goes_on = said if is_more else None
        said = first(_METRICS, near) or goes_on
        since = re.split(r"[;(]\s?", text[: share.start()])[-1]  # "our goals are 70% and 80%"
        if _GOAL.search(f"{since} {near}"):
            continue
        metric = said or first(_METRICS, " | ".join(block.headings[-1:]))
        context = f"{near} {text} {year} {' '.join(reversed(block.headings))} {_only_exam(block)}"
        if metric and _is_told(metric, context):
            yield _propose(sentence, metric, share, context, text, trust("outcome.said"))


def _only_exam(block: Block) -> str:
    """Return the exam that a paragraph names, "" if it names none or several."""
    exams = {found["code"] for found in _EXAM.finditer(block.text)}
    return exams.pop() if len(exams) == 1 else ""


def _is_of_school(reader: Reader, text: str, *, goes_on: bool) -> bool:
    """Return whether a text is on a whole school, or goes on from one that is."""
    if reader.names_field(text):
        return False
    is_on_program = pattern("offering", "of_whole").search(text)
    return bool(_OF_SCHOOL.search(text)) or (goes_on and not is_on_program)


def _is_told(metric: OutcomeMetric, context: str) -> bool:
    """Return whether a share tells enough: when, or of how many, and of which exam.

    Of those that told neither at first readings none was right.
    """
    is_dated = any(one.search(context) for one in (_YEARS, _OUT_OF, _NUMBER))
    is_of_exam = metric is not OutcomeMetric.EXAM_PASS_RATE or bool(_EXAM.search(context))
    return is_of_exam and (is_dated or metric in _OF_SATISFACTION)


def _propose(
    sentence: Sentence,
    metric: OutcomeMetric,
    share: re.Match[str],
    context: str,
    near: str,
    confidence: float,
) -> Stated:
    exam = _EXAM.search(context) if metric is OutcomeMetric.EXAM_PASS_RATE else None
    years = _YEARS.search(context)
    counted, number = _OUT_OF.search(near), _NUMBER.search(context)
    notes = []
    if counted:
        notes.append(f"{counted['some']} of {counted['all']}")
    elif number:
        notes.append(f"n = {number['n'] or number['takers']}")
    return stated(
        OutcomeClaim,
        f"outcome.{metric}",
        confidence,
        sentence.text,
        sentence.block.headings,
        as_of=parse_as_of(years[0].replace("–", "-").replace(" ", "")) if years else None,
        metric=metric,
        value=float(share["value"]),
        unit="percent",
        credential_code=exam["code"] if exam else None,
        note="; ".join(notes) or None,
    )

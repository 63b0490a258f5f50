"""What a page states of how a program is offered, what it teaches and which exams it leads to."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.claims import OfferingClaim, PreparationClaim, TopicClaim
from app.domain.pages.about import Reader, is_elsewhere
from app.domain.pages.numbers import in_figures
from app.domain.pages.page import Sentence, Stated, sentences_of, stated
from app.domain.pages.patterns import choices, first, named, pattern
from app.domain.pages.practicum import WORD
from app.domain.vocabulary import Delivery, EnrollmentStatus, Topic

_DELIVERY = choices("offering.delivery", Delivery)
_STATUSES = choices("offering.statuses", EnrollmentStatus)
_TOPICS = choices("offering.topics", Topic)
_NOT_DELIVERY = pattern("offering", "not_delivery")
_CREDITS = pattern("offering", "credits")
_CREDIT_CONTEXT = pattern("offering", "credit_context")
_NOT_TOTAL = pattern("offering", "not_total")
_MONTHS = pattern("offering", "months")
_LENGTH_CONTEXT = pattern("offering", "length_context")
_NOT_LENGTH = pattern("offering", "not_length")
_EXAM = pattern("offering", "exam")
_PREPARES = pattern("offering", "prepares")
_NOT_PREPARES = pattern("offering", "not_prepares")
_NO_TOPIC = pattern("offering", "no_topic")
_COURSE = pattern("offering", "course")
_LEAST = pattern("offering", "least")
_CLAUSE = pattern("offering", "clause")
_TOTAL_LABEL = pattern("offering", "total_label")
_TOTAL_SAID = pattern("offering", "total_said")
_TOTAL = pattern("offering", "total")
_IN_CURRICULUM = pattern("offering", "in_curriculum")
_PROGRAM_NAME = pattern("offering", "program_name")

LISTED = "offering.credits_listed"
"""The rule of totals that rows of tables have."""

MOST_WORDS_OF_LINE = 8
"""Words of a line like "9 months, 28 credits, taught online"."""

_NUMBERS = {
    "one": 1,
    "un": 1,
    "two": 2,
    "dos": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_PER_UNIT = {"month": 1.0, "mes": 1.0, "year": 12.0, "año": 12.0, "week": 12 / 52}


def offering_in(reader: Reader) -> Iterator[Stated]:
    """Yield delivery, credits, length and whether students are taken, a sentence each.

    The total of a list of courses that is smaller than what a sentence says is that of a part.
    """
    found = list(_offering(reader))
    said = max((_credits_of(one) for one in found if one.rule != LISTED), default=0)
    return (one for one in found if one.rule != LISTED or _credits_of(one) >= said)


def _credits_of(one: Stated) -> float:
    return (isinstance(one.claim, OfferingClaim) and one.claim.credits) or 0


def _offering(reader: Reader) -> Iterator[Stated]:
    for block in reader.page.blocks:
        for sentence in reader.sentences(block):
            fields: dict[str, Any] = {}
            if kinds := _delivery_in(sentence):
                fields["delivery"] = kinds
            fields |= _credits_in(sentence) | _months_in(sentence)
            status = first(_STATUSES, sentence.text)
            if status and not _COURSE.search(sentence.text):
                fields["enrollment_status"] = status
            for name, value in _parts(fields):
                rule = LISTED if name == "credits" and block.cells else f"offering.{name}"
                yield stated(OfferingClaim, rule, 0.85, sentence.text, block.headings, **value)


def _parts(fields: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield each answer on its own: an editor can take one and leave another."""
    if "delivery" in fields:
        yield "delivery", {"delivery": fields["delivery"]}
    if "credits" in fields:
        yield "credits", {"credits": fields["credits"], "credit_unit": fields["credit_unit"]}
    if "months_high" in fields:
        yield "months", {"months_low": fields["months_low"], "months_high": fields["months_high"]}
    if "enrollment_status" in fields:
        yield "status", {"enrollment_status": fields["enrollment_status"]}


def _delivery_in(sentence: Sentence) -> list[str]:
    """Return the ways a sentence names; a hybrid program is not online and on campus besides."""
    if any(WORD.search(head) for head in sentence.block.headings[-1:]):
        return []
    told = [
        part for part in _CLAUSE.split(sentence.labelled) if part and not _NOT_DELIVERY.search(part)
    ]
    kinds = [kind for kind, words in _DELIVERY if any(words.search(part) for part in told)]
    return [str(Delivery.HYBRID)] if Delivery.HYBRID in kinds else [str(kind) for kind in kinds]


def _credits_in(sentence: Sentence) -> dict[str, Any]:
    text = in_figures(sentence.labelled)
    cells, heads = sentence.block.cells, sentence.block.headings
    label = cells[0][1] if cells else heads[-1] if heads else ""
    value = cells[-1][1] if cells else sentence.text
    if _TOTAL_LABEL.fullmatch(label) and _TOTAL.fullmatch(value):
        text = f"{value} credits in total"
    elif said := _TOTAL_SAID.search(text):
        text = f"{said['total']} credits in total"
    found = _CREDITS.search(text)
    if (
        found is None
        or found["high"]
        or _NOT_TOTAL.search(text)
        or not (_is_line_of_facts(sentence) or _CREDIT_CONTEXT.search(f"{text} {sentence.context}"))
    ):
        return {}
    unit = found["unit"].lower()
    named = text.lower()
    kind = (
        "clock_hour"
        if "clock" in unit
        else "quarter"
        if "quarter" in named
        else "semester"
        if "semester" in named
        else None
    )
    return {"credits": float(found["low"]), "credit_unit": kind}


def _is_line_of_facts(sentence: Sentence) -> bool:
    """Return whether a sentence is a short line of facts, not under the heading of a part."""
    heads = sentence.block.headings[-1:]
    return len(sentence.text.split()) <= MOST_WORDS_OF_LINE and not any(
        _NOT_TOTAL.search(head) for head in heads
    )


def _months_in(sentence: Sentence) -> dict[str, Any]:
    text = sentence.labelled
    if (
        _NOT_LENGTH.search(text)
        or WORD.search(text)
        or not (_is_line_of_facts(sentence) or _LENGTH_CONTEXT.search(f"{text} {sentence.context}"))
    ):
        return {}
    for found in _MONTHS.finditer(text):
        unit = found["unit"].lower().rstrip("s") if found["unit"].lower() != "meses" else "mes"
        if unit not in _PER_UNIT:
            continue
        low, high = _to_number(found["low"]), _to_number(found["high"] or found["low"])
        months = sorted(round(n * _PER_UNIT[unit], 1) for n in (low, high))
        if (unit == "week" and months[1] < 1) or months[1] > 84:
            continue
        is_least = _LEAST.search(text[: found.start()])
        return (
            {"months_low": months[0], "months_high": None if is_least else months[1]}
            if months[1]
            else {}
        )
    return {}


def _to_number(text: str) -> int:
    return _NUMBERS.get(text.lower()) or int(text)


def preparation_in(reader: Reader) -> Iterator[Stated]:
    """Yield the exams that a page says the program leads to."""
    seen: set[str] = set()
    for block in reader.page.blocks:
        for sentence in reader.sentences(block):
            text = sentence.text
            if not _PREPARES.search(f"{text} {sentence.context}") or _NOT_PREPARES.search(text):
                continue
            codes = [
                *_EXAM.findall(text),
                *(c for c, name in named("offering.exam_names") if name.search(text)),
            ]
            for code in dict.fromkeys(codes):
                if code not in seen:
                    seen.add(code)
                    yield stated(
                        PreparationClaim,
                        "preparation",
                        0.85,
                        text,
                        block.headings,
                        credential_code=code,
                    )


def topics_in(reader: Reader) -> Iterator[Stated]:
    """Yield the topics that a page on the program names, each once."""
    seen: set[Topic] = set()
    if not reader.is_about:
        return
    for block in reader.page.blocks:
        for sentence in sentences_of(block):
            if (
                is_elsewhere(block)
                or _NO_TOPIC.search(sentence.text)
                or reader.lexicon.other.search(" ".join((sentence.text, *block.headings)))
            ):
                continue
            heads = block.headings[-1] if block.headings else ""
            if not _IN_CURRICULUM.search(f"{heads} | {sentence.text}"):
                continue
            text = _PROGRAM_NAME.sub(" ", sentence.text)
            for topic, words in _TOPICS:
                if topic not in seen and words.search(text):
                    seen.add(topic)
                    yield stated(
                        TopicClaim,
                        f"topic.{topic}",
                        0.8,
                        sentence.text,
                        block.headings,
                        topic=topic,
                        is_covered=True,
                    )

"""Read a page for one program: every fact that it seems to state, for an editor to decide on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from app.domain.accreditors import Remits
from app.domain.claims import OfferingClaim, PracticumClaim, ProgramClaim
from app.domain.pages.about import Lexicon, Reader, Subject, for_program
from app.domain.pages.accreditation import accreditation_in
from app.domain.pages.contact import contacts_in
from app.domain.pages.costs import costs_in
from app.domain.pages.offering import offering_in, preparation_in, topics_in
from app.domain.pages.outcomes import outcomes_in
from app.domain.pages.page import Page, Stated, statement_of
from app.domain.pages.patterns import trust
from app.domain.pages.practicum import practicum_in
from app.domain.pages.structured import structured_in
from app.domain.pages.transfer import transfer_in


def read_page(page: Page, subject: Subject, remits: Remits, lexicon: Lexicon) -> list[Stated]:
    """Return what a page states of a program and its school, each fact once, the surest first."""
    reader = Reader(subject, lexicon, for_program(page, subject, lexicon))
    best: dict[tuple[object, ...], Stated] = {}
    for one in chain(
        accreditation_in(reader, remits),
        _agreeing(practicum_in(reader)),
        costs_in(reader),
        transfer_in(reader),
        outcomes_in(reader),
        _agreeing(chain(offering_in(reader), structured_in(reader))),
        preparation_in(reader),
        topics_in(reader),
        contacts_in(reader),
    ):
        key = statement_of(one.claim)
        if one.confidence >= trust("least") and (
            key not in best or best[key].confidence < one.confidence
        ):
            best[key] = one.on(page)
    return sorted(best.values(), key=lambda one: -one.confidence)


def _agreeing(found: Iterable[Stated]) -> Iterator[Stated]:
    """Yield what a page says once only; of answers that differ the surest, none if several are.

    A page that answers a question twice speaks of two tracks, of a part, or of another program.
    """
    told = list(found)
    answers: dict[str, dict[object, float]] = defaultdict(dict)
    for one in told:
        for question, answer in _answers(one.claim):
            known = answers[question]
            known[answer] = max(known.get(answer, 0), one.confidence)
    for one in told:
        refused = {
            question: None
            for question, answer in _answers(one.claim)
            if not (_is_settled(answer, answers[question]) or _is_sum(answer, answers[question]))
        }
        if not refused:
            yield one
        elif isinstance(one.claim, PracticumClaim):
            rest = one.claim
            if "availability" in refused:
                rest = replace(rest, availability=None)
            if "format" in refused:
                rest = replace(rest, format=None)
            if "hours" in refused:
                rest = replace(rest, hours_low=None, hours_high=None, components=[])
            if rest.availability or rest.hours_low or rest.is_site_arranged is not None:
                yield replace(one, claim=rest)


def _answers(claim: ProgramClaim) -> Iterator[tuple[str, object]]:
    """Yield the questions that have one answer, with that of a claim."""
    match claim:
        case PracticumClaim():
            if claim.availability:
                yield "availability", claim.availability
            if claim.format:
                yield "format", claim.format
            if claim.hours_low:
                yield "hours", (float(claim.hours_low), float(claim.hours_high or claim.hours_low))
        case OfferingClaim():
            if claim.credits:
                yield f"credits {claim.credit_unit == 'clock_hour'}", claim.credits
            if claim.months_low:
                high = claim.months_high or claim.months_low
                yield "months", (float(claim.months_low), float(high))
            if claim.delivery:
                yield "delivery", tuple(sorted(claim.delivery))


def _is_settled(answer: object, known: dict[object, float]) -> bool:
    """Return whether all answers agree with one, or none of the others is as sure.

    Of lengths that agree the surest counts, and the one in months or years, not that of the same
    in weeks.
    """
    if any(
        other != answer and _agree(answer, other) and sure > known[answer]
        for other, sure in known.items()
    ):
        return False
    if _is_of_weeks(answer) and any(
        _agree(answer, other) and not _is_of_weeks(other) for other in known
    ):
        return False
    others = {other: sure for other, sure in known.items() if not _agree(answer, other)}
    return max(others.values(), default=0) < known[answer]


def _is_sum(answer: object, known: Iterable[object]) -> bool:
    """Return whether an answer is hours that all the others add up to."""
    match answer:
        case (float(low), float(high)) if low == high:
            rest = [other[0] for other in known if other != answer and isinstance(other, tuple)]
            return len(rest) > 1 and sum(rest) == low
    return False


def _is_of_weeks(answer: object) -> bool:
    """Return whether an answer is a length that was told in weeks: no whole number of months."""
    match answer:
        case (float(low), float(high)):
            return not (low.is_integer() and high.is_integer())
    return False


def _agree(answer: object, other: object) -> bool:
    """Return whether two answers can both be true: lengths that overlap, or nearly do."""
    match answer, other:
        case (float(low), float(high)), (float(least), float(most)):
            return low <= most * SLACK and least <= high * SLACK
    return answer == other


SLACK = 1.2
"""How much longer a program can take than another figure for the same, as weeks for months."""

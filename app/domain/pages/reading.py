"""Read a page for one program: every fact that it seems to state, for an editor to decide on."""

from itertools import chain

from app.domain.accreditors import Remits
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
        practicum_in(reader),
        costs_in(reader),
        transfer_in(reader),
        outcomes_in(reader),
        offering_in(reader),
        preparation_in(reader),
        topics_in(reader),
        structured_in(reader),
        contacts_in(reader),
    ):
        key = statement_of(one.claim)
        if one.confidence >= trust("least") and (
            key not in best or best[key].confidence < one.confidence
        ):
            best[key] = one.on(page)
    return sorted(best.values(), key=lambda one: -one.confidence)

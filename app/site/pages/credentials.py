"""What is claimed of a credential, in the order of its page."""

from collections.abc import Mapping, Sequence

from app.domain.messages import N_
from app.schemas.credentials import CellRead, CredentialRead
from app.site.writing import Writer

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "fees": ("exam_fee", "retake_fee", "membership_fee", "refund_rule"),
    "exam": (
        "exam_items",
        "exam_minutes",
        "pass_mark",
        "domains",
        "books",
        "sitting",
        "exam_host",
        "exam_windows",
        "early_testing",
        "authorization_rule",
        "schedule_window_days",
        "reschedule_rule",
        "extension_rule",
        "transcript_rule",
        "retest_wait_days",
    ),
    "renewal": (
        "renewal_cycle_months",
        "ceu_per_cycle",
        "renewal_fee",
        "ceu_domain_share",
        "ceu_source_share",
        "ceu_multiple_credentials",
        "renewal_rule",
        "grace_period",
        "reinstatement_rule",
    ),
    "people": ("first_time_pass_rate", "pass_rate", "first_time_testers", "certified_count"),
    "more": (
        "eligibility",
        "eligibility_route",
        "apprentice_status",
        "offered",
        "replaces",
        "name",
        "page_url",
    ),
}
"""Section of the page -> the fields in it, in their order."""

HEADINGS: Mapping[str, str] = {
    "fees": N_("Fees, and who says so"),
    "exam": N_("The exam, and who says so"),
    "renewal": N_("Renewal, and who says so"),
    "people": N_("Figures on people, and who gives them"),
    "more": N_("What else is said"),
}

GLANCE = (
    "exam_fee",
    "exam_minutes",
    "first_time_pass_rate",
    "renewal_cycle_months",
    "ceu_per_cycle",
    "renewal_fee",
)
"""Fields that a reader looks for first."""


RULES: Mapping[str, str] = {
    "decision": N_("decision %(name)s"),
    "route": N_("route %(name)s"),
    "closed": N_("closed"),
    "not_told": N_("not stated"),
    "no_program": N_("no program"),
    "no_route": N_("no route"),
}
"""What decided, with the number of the decision or the name of the route."""

SectionCells = Sequence[tuple[CellRead, bool]]
"""Cells, each with whether it is a rule of the issuer for all its exams."""


def sections_of(credential: CredentialRead) -> list[tuple[str, str, SectionCells]]:
    """Return key, heading and cells of each section that has some.

    A rule of the issuer fills in only where nothing is known of this exam.
    """
    known = {cell.field for cell in credential.cells if cell.current}
    rules = [cell for cell in credential.issuer_rules if cell.field not in known]
    filled = {cell.field for cell in rules if cell.current}
    own = [
        cell
        for cell in credential.cells
        if cell.current or cell.conflicts or cell.field not in filled
    ]
    shared = [cell for cell in rules if cell.current or cell.conflicts or cell.field not in filled]
    both = [*((cell, False) for cell in own), *((cell, True) for cell in shared)]
    sections: list[tuple[str, str, SectionCells]] = []
    for key, fields in SECTIONS.items():
        cells = [pair for field in fields for pair in both if pair[0].field == field]
        if cells:
            sections.append((key, HEADINGS[key], cells))
    return sections


def pass_rates(credential: CredentialRead) -> list[tuple[CellRead, int | None]]:
    """Return who passed at the first try, of how many people, by year, newest first."""
    testers = {
        (cell.year, cell.qualifier): cell.current.n
        for cell in credential.cells
        if cell.field == "first_time_testers" and cell.current
    }
    rates = [
        (cell, cell.current.n or testers.get((cell.year, cell.qualifier)))
        for cell in credential.cells
        if cell.field == "first_time_pass_rate" and cell.current and cell.year
    ]
    return sorted(rates, key=lambda rate: str(rate[0].year), reverse=True)


def decided_by(write: Writer, rule: str) -> str:
    """Return the rule that decided whether an exam is open."""
    kind, _, name = rule.partition(" ")
    return write.speech.say(RULES[kind], name=name.replace("_", " "))

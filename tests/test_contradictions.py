"""Pairs of statements on one program that cannot both hold, looked for in all that ship.

Checklist, gates, eligibility, warnings, price, total cost and status read one dossier each. A pair
is a name, "one statement / the other", and whether a dossier makes both.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import pytest

from app.domain.checklist.summary import to_ask
from app.domain.checklist.warnings import WarningCode, find_warnings
from app.domain.credentials.eligibility import AccreditationState, Coverage, Standing
from app.domain.credentials.leads_to import LeadsTo
from app.domain.dossier import Dossier
from app.domain.vocabulary import (
    AccreditationStatus,
    Finding,
    ProgramStatus,
    SchoolStatus,
    ServiceKind,
    TransferKind,
)

YES = {Finding.MET, Finding.PARTLY_MET}
SETTLED = {Finding.MET, Finding.NOT_MET, Finding.NOT_APPLICABLE}
UNTOLD = {Finding.UNKNOWN, Finding.NOT_MET}
OF_PROGRAM = ("program_accredited", "good_standing", "covers_campus_and_level")
OF_TRANSFER = ("transfer_policy", "articulation", "credits_accepted", "prior_learning")
OF_PRACTICUM = ("site_support", "hours_stated", "local_or_remote")


def accreditation(dossier: Dossier) -> Finding:
    return dossier.findings["program_accredited"]


def warned(dossier: Dossier, *codes: WarningCode) -> bool:
    return bool({caution.code for caution in find_warnings(dossier)} & {*codes})


def standing(dossier: Dossier) -> Standing | None:
    return dossier.opening.decision.standing if dossier.opening else None


def leads(dossier: Dossier, *answers: LeadsTo) -> set[str]:
    return {code for code, answer in dossier.leads_to.items() if answer in answers}


def barred(dossier: Dossier) -> set[str]:
    return {gate.credential for gate in dossier.gates}


def any_of(dossier: Dossier, checks: Sequence[str], findings: set[Finding]) -> bool:
    return any(dossier.findings[check] in findings for check in checks)


def offered(dossier: Dossier) -> dict[str, bool | None]:
    told: dict[str, bool | None] = {}
    for claim in dossier.counting(dossier.known.services):
        told.setdefault(claim.service, claim.is_offered)
    return told


def stands(dossier: Dossier, *states: AccreditationState) -> bool:
    found = standing(dossier)
    return found is not None and found.accreditation in states


PAIRS: dict[str, Callable[[Dossier], bool]] = {
    "it leads to a credential / nobody says that it is accredited": lambda d: (
        bool(leads(d, LeadsTo.YES)) and accreditation(d) in UNTOLD | {Finding.NOT_APPLICABLE}
    ),
    "it does not lead there / no gate says so, or the other way": lambda d: (
        leads(d, LeadsTo.NO) != barred(d)
    ),
    "accreditation applies / its standing does not, or the other way": lambda d: (
        len({d.findings[check] is Finding.NOT_APPLICABLE for check in OF_PROGRAM}) > 1
    ),
    "not accredited / the accreditation covers the campus": lambda d: (
        accreditation(d) is Finding.NOT_MET
        and d.findings["covers_campus_and_level"] in YES | {Finding.PARTLY_KNOWN}
    ),
    "accreditation counts for the exam / it is not known, or not there": lambda d: (
        stands(d, AccreditationState.COUNTS) and accreditation(d) not in YES
    ),
    "accreditation is absent / somebody says that it is accredited": lambda d: (
        stands(d, AccreditationState.ABSENT) and accreditation(d) in YES
    ),
    "no accreditor takes such programs / it is asked for, or told": lambda d: (
        stands(d, AccreditationState.OUT_OF_SCOPE)
        and accreditation(d) in YES
        and bool(leads(d, LeadsTo.YES))
    ),
    "it covers award and campus / the check says that it does not": lambda d: (
        (found := standing(d)) is not None
        and found.covers is Coverage.SAME
        and d.findings["covers_campus_and_level"] in UNTOLD
    ),
    "its accreditation is not verified / it is, or there is none to have": lambda d: (
        accreditation(d) in {Finding.MET, Finding.NOT_APPLICABLE}
        and warned(d, WarningCode.CHEAP_BUT_UNVERIFIED, WarningCode.FAST_BUT_UNVERIFIED)
    ),
    "lists and checklist find its accreditation otherwise": lambda d: (
        d.find("program_accredited").finding is not accreditation(d)
    ),
    "the school has ended / the program is open": lambda d: (
        d.operation.is_gone and d.status[0] is ProgramStatus.OPEN
    ),
    "the school has ended / it is ranked among those to choose from": lambda d: (
        d.operation.is_gone and d.peer_rank is not None
    ),
    "closed or paused / open, or the other way": lambda d: (
        warned(d, WarningCode.CLOSED_OR_PAUSED) != (d.status[0] not in (None, ProgramStatus.OPEN))
    ),
    "the school operates / it closed on a day": lambda d: (
        d.operation.is_active is True
        and d.operation.closed_on is not None
        and d.operation.status is not SchoolStatus.CLOSING
    ),
    "not in federal aid / accredited, for it is in federal aid": lambda d: (
        warned(d, WarningCode.NOT_IN_TITLE_IV)
        and (found := d.find("institution_accredited")).finding in YES
        and any(claim.status == AccreditationStatus.TITLE_IV for claim in found.evidence)  # type: ignore[attr-defined]
    ),
    "no practicum / its hours, site or place are told": lambda d: (
        d.findings["practicum_offered"] is Finding.NOT_MET and any_of(d, OF_PRACTICUM, YES)
    ),
    "credit for prior learning / no such credit": lambda d: (
        {TransferKind.PRIOR_LEARNING, TransferKind.NO_PRIOR_CREDIT}
        <= {claim.kind for claim in d.counting(d.known.transfer) if claim.is_offered}
    ),
    "a way for credits is closed / none is, or the other way": lambda d: (
        warned(d, WarningCode.TRANSFER_OVERLOOKED) != any_of(d, OF_TRANSFER, {Finding.NOT_MET})
    ),
    "it costs so much / nobody tells the tuition": lambda d: (
        d.price is not None and d.findings["tuition"] in UNTOLD
    ),
    "a part is in the total / nobody tells its price": lambda d: any(
        d.findings.get(part) in UNTOLD for part in d.total().parts
    ),
    "the total is known / the tuition is missing from it": lambda d: (
        d.total().is_known and "tuition" in {part.component for part in d.total().missing}
    ),
    "the least total / a lower most": lambda d: (
        (high := d.total().high_cents) is not None and d.total().low_cents > high
    ),
    "its length is stated / the usual length stands for it": lambda d: (
        d.months is not None and d.total().is_length_assumed
    ),
    "all programs are at a distance / this one is on campus only": lambda d: (
        offered(d).get(ServiceKind.ALL_PROGRAMS_DISTANCE) is True
        and d.delivery is not None
        and "online" not in d.delivery
    ),
    "all programs are at a distance / none is, or no course": lambda d: (
        offered(d).get(ServiceKind.ALL_PROGRAMS_DISTANCE) is True
        and False
        in {
            offered(d).get(ServiceKind.DISTANCE_PROGRAMS),
            offered(d).get(ServiceKind.DISTANCE_COURSES),
        }
    ),
    "it is settled / it is asked": lambda d: any(
        result.finding in SETTLED for result in to_ask(d.rubric, d.results)
    ),
}


@pytest.fixture(scope="module")
def kinds(shipped_dossiers: Sequence[Dossier]) -> list[Dossier]:
    """One program for each set of statements that the pairs are made of."""
    found = {
        (
            *dossier.findings.values(),
            *dossier.leads_to.items(),
            *(gate.code for gate in dossier.gates),
            dossier.status[0],
            dossier.operation.status,
            dossier.program.award_level,
            *(dossier.delivery or ()),
            dossier.months is None,
            dossier.price is None,
        ): dossier
        for dossier in shipped_dossiers
    }
    return list(found.values())


def test_no_program_bears_two_statements_that_cannot_both_hold(kinds: list[Dossier]) -> None:
    assert len(kinds) > 200
    both = defaultdict(list)
    for dossier in kinds:
        for pair, holds in PAIRS.items():
            if holds(dossier):
                both[pair].append(dossier.program.slug)

    assert {pair: (len(slugs), slugs[:3]) for pair, slugs in both.items()} == {}
